//! The boundary to JavaScript: it converts and forwards, and decides nothing.
//!
//! Options and facts are read from JavaScript's own values; results leave as JSON text, or as the very values that the
//! service sent. What takes time in the client calls `done` at its end: the facade makes the promise, so that it can
//! reject it if the instance breaks. Failures are plain objects, for a Rust class cannot extend `Error`: the facade makes
//! the error classes.
// Native builds of the workspace leave it out.
#![cfg(any(feature = "client", feature = "pki", feature = "renewals"))]

#[cfg(feature = "client")]
mod client;
#[cfg(any(feature = "client", feature = "pki"))]
pub(crate) mod convert;
#[cfg(any(feature = "client", feature = "pki"))]
mod json;
#[cfg(any(feature = "client", feature = "pki"))]
mod names;
#[cfg(feature = "pki")]
mod pki;
#[cfg(feature = "renewals")]
mod renewals;
#[cfg(target_arch = "wasm32")]
mod wiping;
