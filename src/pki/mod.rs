//! Certificate signing requests, certificates and bundles, read without network.
#![forbid(unsafe_code)]
