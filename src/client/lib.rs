//! How calls are made, pure: token, limiter, retry, waiting. The outside world is one trait, [`platform::Platform`].
//!
//! One call: [`Client::call`] → `exchange` (token → slot → send → again or done) → its reply, as the platform parsed it.
//! Cancelling is dropping: every future here gives its slot, its place in the queue and its request up when dropped.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod auth;
pub mod base_url;
#[allow(
    clippy::module_inception,
    reason = "the module is named for the one thing that it contains"
)]
mod client;
pub mod error;
pub mod events;
mod exchange;
pub mod limiter;
pub mod lists;
mod newest;
pub mod options;
mod ordered;
pub mod orders;
pub mod platform;
pub mod redaction;
mod spelling;
pub mod store;
mod token;
pub mod waiting;

pub use client::{Client, endpoint};
pub use error::{Error, ErrorCode};
pub use exchange::{Reply, retry_after};
pub use token::TokenInfo;
