//! The rules of the service, one test each, under virtual time.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::print_stderr, reason = "a skipped test says why")]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows is a test that fails"
)]

mod authentication;
mod certificates;
mod contacts;
mod demo;
mod faults;
mod groups;
mod lists;
mod operations;
mod order_actions;
mod order_life;
mod orders;
mod organizations;
mod rate_limit;
mod readings;
mod requests;
mod support;
