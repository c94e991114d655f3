//! The reader of requests and certificates as one wasm module, for who needs no client: what that crate exports to
//! JavaScript, and nothing of its own.

#[cfg(target_arch = "wasm32")]
extern crate js as _;
