//! How calls are made, pure: token, limiter, retry, waiting. The outside world is one trait, [`platform::Platform`].
//!
//! One call: [`Client::call`] → `exchange` (token → slot → send → again or done) → the call decodes its reply.
//! Cancelling is dropping: every future here gives its slot, its place in the queue and its request up when dropped.
#![forbid(unsafe_code)]

mod account;
pub mod actions;
pub mod base_url;
pub mod check;
#[allow(
    clippy::module_inception,
    reason = "the module is named for the one thing that it holds"
)]
mod client;
pub mod dcv;
pub mod error;
pub mod events;
mod exchange;
mod expiring;
mod headers;
pub mod limiter;
pub mod options;
pub mod ordering;
pub mod paging;
pub mod platform;
mod refusal;
pub mod registry;
mod retry;
pub mod secrets;
mod token;
mod tokens;
pub mod waiting;

pub use client::{Client, Reply};
pub use error::Error;
pub use exchange::Answer;
pub use tokens::TokenInfo;
