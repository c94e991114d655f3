//! The renewals as one wasm module: what the boundary exports of it to JavaScript, and nothing of its own.

#[cfg(target_arch = "wasm32")]
extern crate js as _;
