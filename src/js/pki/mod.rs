//! The reader in JavaScript: requests, certificates, bundles and orders, read and judged without network.
//!
//! Signatures, keys and encryption are WebCrypto's. Private keys pass through here on their way to it and back.

mod create;
mod exports;
mod given;
mod judgement;
mod platform;
mod text;
mod webcrypto;
