//! Client of the Markmonitor SSL Certs API, and a reader of certificate signing requests and certificates.
//!
//! Dependencies point one way: `js → client → api`, `js → pki`, `client → pki`.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod api;
pub mod client;
#[cfg(feature = "wasm")]
mod js;
pub use pki;
