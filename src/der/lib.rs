//! DER as X.690 has it, and the BER that tools send in its place: indefinite and over-long lengths are read, and
//! [`strictness::first_irregularity`] says where. Beside it, what DER is wrapped in: base64 and PEM.
//!
//! Nothing here knows a structure of PKIX, recurses, or allocates a length that the input claims.
#![forbid(unsafe_code)]
// What clippy.toml beside this file keeps out.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![allow(
    clippy::missing_errors_doc,
    reason = "a reader fails where the bytes are not what it expects, and says so"
)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod base64;
mod error;
pub mod find;
pub mod oid;
pub mod pem;
mod reader;
pub mod strictness;
pub mod tag;
mod text;
mod time;
mod value;
pub mod writer;

pub use error::DerError;
pub use reader::{Element, LengthForm, Reader};
pub use text::{StringType, Text, is_printable};
pub use time::Time;
pub use value::{BitString, Integer, hex};
