//! How calls are made, pure: token, limiter, retry, waiting. The outside world is one trait, [`platform::Platform`].
#![forbid(unsafe_code)]

pub mod limiter;
pub mod platform;
