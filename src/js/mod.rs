//! The boundary to JavaScript: it converts and forwards, and decides nothing.
//!
//! Values cross as JSON text in both directions, so that they mean what `JSON.stringify` and `JSON.parse` say; only
//! functions, signals and bytes cross as they are. Failures cross as plain objects, for a Rust class can not extend
//! `Error`: the facade makes the error classes of them.

mod abort;
mod client;
mod convert;
mod cursor;
mod error;
mod fetch;
mod operation;
mod options;
mod platform;
mod promise;
mod rate_limit_store;
mod secret;
mod timer;
