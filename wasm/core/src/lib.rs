//! The client as one wasm module: what that crate exports to JavaScript, and nothing of its own.

#[cfg(target_arch = "wasm32")]
extern crate markmonitor_certs as _;
