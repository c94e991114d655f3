//! The reader in JavaScript: requests, certificates, bundles and orders, read and judged without network.
//!
//! Signatures and keys are WebCrypto's; nothing secret is computed here.

mod exports;
mod text;
mod webcrypto;
