//! From what people paste to octets: PEM, base64 or DER, with whatever is around it.
//!
//! Private keys are refused here, so that nothing behind this folder ever sees one; `own_key` alone reads them. What the octets say is not looked
//! at, but for the shape that tells a request from a certificate.

mod bare;
mod blocks;
pub(crate) mod charset;
mod damage;
pub(crate) mod document;
mod hex;
pub(crate) mod input;
pub(crate) mod kind;
mod notation;
mod other;
pub(crate) mod private_key;
mod text;
