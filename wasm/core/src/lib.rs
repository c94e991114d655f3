//! The client as one wasm module, with the reader of requests and certificates: what these crates export to JavaScript,
//! and nothing of its own.

#[cfg(target_arch = "wasm32")]
extern crate js as _;
