//! DER as X.690 has it, and the BER that tools send in its place: indefinite and over-long lengths are read, and
//! [`strictness::first_irregularity`] says where. Nothing recurses and no length that the input claims is allocated.

mod error;
mod oid;
mod reader;
pub(crate) mod strictness;
mod text;
mod time;
mod value;
pub(crate) mod write;

pub(crate) use error::DerError;
pub(crate) use oid::dotted;
pub(crate) use reader::{Element, LengthForm, Reader};
pub use text::StringType;
pub(crate) use text::Text;
pub(crate) use time::Time;
pub(crate) use value::{BitString, Integer, hex};

/// Identifier octets (X.690, 8.1.2) of what PKIX uses.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// The bit that marks an element made of others.
    pub(crate) const CONSTRUCTED: u8 = 0x20;

    /// `[number]`, primitive. Only the low tag numbers that PKIX has.
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]`, constructed.
    pub(crate) const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }

    /// The tag in words, for an error message.
    pub(crate) const fn describe(tag: u8) -> &'static str {
        match tag {
            BOOLEAN => "a BOOLEAN",
            INTEGER => "an INTEGER",
            BIT_STRING => "a BIT STRING",
            OCTET_STRING => "an OCTET STRING",
            NULL => "a NULL",
            OID => "an OBJECT IDENTIFIER",
            UTC_TIME | GENERALIZED_TIME => "a time",
            SEQUENCE => "a SEQUENCE",
            SET => "a SET",
            0x0c | 0x12..=0x16 | 0x19..=0x1c | 0x1e => "a character string",
            0x80..=0xbf => "a context-specific element",
            _ => "an element of another type",
        }
    }
}
