//! Requests, orders, certificates and bundles: what is read, what is said about it, and that nothing makes it panic.
#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::default_trait_access,
    clippy::expect_used,
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::many_single_char_names,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test may panic: that is how it fails"
)]

mod bundles;
mod certificates;
mod creation;
mod damaged;
mod everything;
mod extensions;
mod glued_keys;
mod libraries;
mod lints;
mod namesakes;
mod notations;
mod orders;
mod pasted;
mod paths;
mod pkcs12;
mod properties;
mod rules;
mod signatures;
mod support;
mod tree;

#[path = "../support/given.rs"]
mod given;
