//! Requests, certificates and bundles: what is read, what is said about it, and that nothing makes it panic.
#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::default_trait_access,
    clippy::unreadable_literal
)]

mod bundles;
mod creation;
mod documentation;
mod libraries;
mod pasted;
mod properties;
mod rules;
mod support;
