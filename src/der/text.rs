//! Character strings in the seven types that names use (RFC 5280, 4.1.2.4 and appendix A).

use serde::Serialize;

use crate::{reader::Element, value::hex};

/// How a value was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum StringType {
    /// Any Unicode text.
    Utf8String,
    /// Digits and spaces.
    NumericString,
    /// Letters, digits and `'()+,-./:=?` and space.
    PrintableString,
    /// Latin text in an old set with escapes; read as Latin-1, as every tool does.
    T61String,
    /// ASCII.
    Ia5String,
    /// Visible ASCII.
    VisibleString,
    /// Four octets a character.
    UniversalString,
    /// Two octets a character.
    BmpString,
    /// Not a character string.
    Other,
}

impl StringType {
    /// The type behind a tag.
    #[must_use]
    pub const fn of(tag: u8) -> Self {
        match tag {
            0x0c => Self::Utf8String,
            0x12 => Self::NumericString,
            0x13 => Self::PrintableString,
            0x14 => Self::T61String,
            0x16 => Self::Ia5String,
            0x1a => Self::VisibleString,
            0x1c => Self::UniversalString,
            0x1e => Self::BmpString,
            _ => Self::Other,
        }
    }
}

/// A character string, decoded.
#[derive(Clone, Debug)]
pub struct Text {
    /// What it was encoded in.
    pub string_type: StringType,
    /// As Unicode text.
    pub value: String,
    /// Whether every octet was one that the type allows.
    pub well_formed: bool,
}

impl Text {
    /// Reads an element of whatever type.
    pub fn read(element: &Element<'_>) -> Self {
        let string_type = StringType::of(element.tag);
        let bytes = element.content;
        let (value, well_formed) = match string_type {
            StringType::Utf8String => utf8(bytes),
            StringType::NumericString => ascii(bytes, |octet| octet.is_ascii_digit() || octet == b' '),
            StringType::PrintableString => ascii(bytes, is_printable),
            StringType::Ia5String => ascii(bytes, |octet| octet.is_ascii()),
            StringType::VisibleString => ascii(bytes, |octet| matches!(octet, 0x20..=0x7e)),
            StringType::T61String => (latin1(bytes), true),
            StringType::BmpString => utf16(bytes),
            StringType::UniversalString => utf32(bytes),
            // RFC 4514, 2.4: a value without a string form is a # and its encoding in hex.
            StringType::Other => (format!("#{}", hex(element.raw)), true),
        };
        Self {
            string_type,
            value,
            well_formed,
        }
    }

    /// Text of a type that is ASCII by its definition but not always in fact, such as a dNSName.
    #[must_use]
    pub fn ascii(bytes: &[u8]) -> String {
        ascii(bytes, |octet| octet.is_ascii()).0
    }
}

/// Whether a `PrintableString` can have an octet: X.680, table 10.
#[must_use]
pub fn is_printable(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&octet)
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn utf8(bytes: &[u8]) -> (String, bool) {
    match core::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (latin1(bytes), false),
    }
}

fn ascii(bytes: &[u8], allowed: impl Fn(u8) -> bool) -> (String, bool) {
    (utf8(bytes).0, bytes.iter().all(|&octet| allowed(octet)))
}

/// A `BMPString` has no surrogates, being older than they are; what is written with them is read all the same.
fn utf16(bytes: &[u8]) -> (String, bool) {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| u16::from_be_bytes(pair));
    let well_formed = rest.is_empty() && !units.clone().any(|unit| matches!(unit, 0xd800..=0xdfff));
    let value = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    (value, well_formed)
}

fn utf32(bytes: &[u8]) -> (String, bool) {
    let (quads, rest) = bytes.as_chunks::<4>();
    let mut well_formed = rest.is_empty();
    let value = quads
        .iter()
        .map(|&quad| {
            char::from_u32(u32::from_be_bytes(quad)).unwrap_or_else(|| {
                well_formed = false;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (value, well_formed)
}

#[cfg(test)]
mod tests {
    use crate::reader::Reader;

    use super::*;

    #[test]
    fn a_text_is_well_formed_when_its_type_has_each_of_its_characters() {
        let table: [(u8, &[u8], &str, bool); 25] = [
            (0x0c, "ä".as_bytes(), "ä", true),
            (0x0c, &[0xe4], "ä", false),
            (0x12, b"0 9", "0 9", true),
            (0x12, b"0a", "0a", false),
            (0x13, b"aZ09 '()+,-./:=?", "aZ09 '()+,-./:=?", true),
            (0x13, b"a@b", "a@b", false),
            (0x13, b"*", "*", false),
            (0x13, &[0xe4], "ä", false),
            (0x16, b"a@b\x7f", "a@b\x7f", true),
            (0x16, "ä".as_bytes(), "ä", false),
            (0x1a, b" ~", " ~", true),
            (0x1a, b"\x1f", "\x1f", false),
            (0x1a, b"\x7f", "\x7f", false),
            (0x14, &[0x41, 0xe4], "Aä", true),
            (0x1e, &[0x00, 0xe4, 0x20, 0xac], "ä€", true),
            (0x1e, &[0x00, 0xe4, 0x20], "ä", false),
            (0x1e, &[0xd8, 0x3d, 0xde, 0x00], "\u{1f600}", false),
            (0x1e, &[0xd8, 0x00], "\u{fffd}", false),
            (0x1e, &[0xdf, 0xff], "\u{fffd}", false),
            (0x1e, &[0xe0, 0x00], "\u{e000}", true),
            (0x1c, &[0x00, 0x01, 0xf6, 0x00], "\u{1f600}", true),
            (0x1c, &[0x00, 0x01, 0xf6], "", false),
            (0x1c, &[0x00, 0x11, 0x00, 0x00], "\u{fffd}", false),
            (0x04, &[0xab], "#0401ab", true),
            (0x1d, b"a", "#1d0161", true),
        ];
        for (tag, content, value, well_formed) in table {
            let length = u8::try_from(content.len()).expect("it is short");
            let encoded = [&[tag, length], content].concat();
            let text = Text::read(&Reader::new(&encoded).any("a text").expect("it is whole"));
            assert_eq!(
                (text.value.as_str(), text.well_formed),
                (value, well_formed),
                "{encoded:x?}"
            );
            assert_eq!(text.string_type, StringType::of(tag));
        }
    }
}
