//! Identifier octets (X.690, 8.1.2) of what PKIX uses.

/// BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// NULL.
pub const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// `UTCTime`.
pub const UTC_TIME: u8 = 0x17;
/// `GeneralizedTime`.
pub const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// SET.
pub const SET: u8 = 0x31;

/// The bit that marks an element made of others.
pub const CONSTRUCTED: u8 = 0x20;

/// `[number]`, primitive. Only the low tag numbers that PKIX has.
#[must_use]
pub const fn context(number: u8) -> u8 {
    0x80 | number
}

/// `[number]`, constructed.
#[must_use]
pub const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// The tag in words, for an error message.
#[must_use]
pub const fn describe(tag: u8) -> &'static str {
    const CONSTRUCTED_BIT_STRING: u8 = BIT_STRING | CONSTRUCTED;
    const CONSTRUCTED_OCTET_STRING: u8 = OCTET_STRING | CONSTRUCTED;
    match tag {
        BOOLEAN => "a BOOLEAN",
        INTEGER => "an INTEGER",
        BIT_STRING => "a BIT STRING",
        OCTET_STRING => "an OCTET STRING",
        CONSTRUCTED_BIT_STRING => "a BIT STRING in parts, which is BER (have the file written as DER)",
        CONSTRUCTED_OCTET_STRING => "an OCTET STRING in parts, which is BER (have the file written as DER)",
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
