//! The structures of X.509 (RFC 5280), PKCS #10 (RFC 2986) and PKCS #7 (RFC 5652), read as they are encoded.
//!
//! What cannot be read inside a structure is left undecoded and does not lose the rest. Nothing here is judged, and no
//! signature is looked at.

pub(crate) mod address;
pub(crate) mod certificate;
pub(crate) mod csr;
pub(crate) mod encoding;
pub(crate) mod extension;
pub(crate) mod general_name;
pub(crate) mod name;
pub(crate) mod pkcs7;
pub(crate) mod punycode;
pub(crate) mod relatives;
pub(crate) mod signed;
