//! The boundary to JavaScript: it converts and forwards, and decides nothing.
//!
//! Values cross as JSON text in both directions, so that they mean what `JSON.stringify` and `JSON.parse` say. Failures
//! cross as plain objects, for a Rust class cannot extend `Error`: the facade makes the error classes of them.

mod convert;
mod exports;
mod webcrypto;

pub use convert::{Refusal, from_js, function, get, set, settle, to_js};
