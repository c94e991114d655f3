//! Base64 (RFC 4648, 4) as it is found in the wild: with or without its padding, among white space and quotes.

use core::fmt;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A text, decoded.
#[derive(Debug)]
pub struct Decoded {
    /// What the digits stand for.
    pub octets: Vec<u8>,
    /// Whether there is nothing between the digits but line ends, perhaps with white space before them, and as much padding as
    /// there has to be.
    pub is_plain: bool,
}

/// Why a text cannot be decoded, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64Error {
    /// A character that is not a digit, nor one that may be between digits.
    Character(usize),
    /// A digit after the padding.
    AfterEnd(usize),
    /// The text ends in a group of one digit, which is not an octet.
    CutOff(usize),
}

impl Base64Error {
    /// Where in the text: in octets.
    #[must_use]
    pub const fn offset(self) -> usize {
        match self {
            Self::Character(at) | Self::AfterEnd(at) | Self::CutOff(at) => at,
        }
    }
}

impl fmt::Display for Base64Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Character(_) => "Expected base64, found another character",
            Self::AfterEnd(_) => "Expected base64, found more after its end",
            Self::CutOff(_) => "Expected base64 in groups of four characters, found one that is cut off",
        })
    }
}

impl core::error::Error for Base64Error {}

/// Decodes all digits of a text.
pub fn decode(text: &str) -> Result<Decoded, Base64Error> {
    let mut groups: Vec<[u8; 3]> = Vec::with_capacity(text.len() >> 2);
    let (mut group, mut digits, mut padding) = (0_u32, 0_u8, 0_usize);
    let mut rest = text.as_bytes();
    let mut is_plain = true;
    loop {
        let padded = padding > 0;
        if digits == 0 && !padded {
            rest = take_whole_groups(rest, &mut groups);
        }
        let Some((&octet, after)) = rest.split_first() else {
            break;
        };
        match value(octet) {
            Some(value) if !padded => {
                group = group << 6 | value;
                digits = digits.saturating_add(1);
                if digits == 4 {
                    groups.push(octets_of(group));
                    (group, digits) = (0, 0);
                }
                rest = after;
            }
            None if octet == b'\n' => rest = after,
            // All of it at once: looked at from each of its characters, long white space would take quadratic time.
            None if is_blank(octet) => {
                let blanks = after.iter().take_while(|&&octet| is_blank(octet)).count();
                rest = after.get(blanks..).unwrap_or_default();
                is_plain &= matches!(rest, [] | [b'\n', ..]);
            }
            None if octet == b'=' => (padding, rest) = (padding.saturating_add(1), after),
            _ => {
                is_plain = false;
                let at = text.len().saturating_sub(rest.len());
                rest = text.get(at..).and_then(skip).map(str::as_bytes).ok_or(if padded {
                    Base64Error::AfterEnd(at)
                } else {
                    Base64Error::Character(at)
                })?;
            }
        }
    }
    is_plain &= padding == usize::from(4_u8.saturating_sub(digits) & 3);
    let mut bytes = groups.into_flattened();
    // What is left of the last group; bits that fill no octet are not looked at.
    let [first, second, _] = octets_of(group << 6_u8.saturating_mul(4_u8.saturating_sub(digits)));
    match digits {
        0 => {}
        2 => bytes.push(first),
        3 => bytes.extend([first, second]),
        _ => return Err(Base64Error::CutOff(text.len())),
    }
    Ok(Decoded {
        octets: bytes,
        is_plain,
    })
}

/// A digit of either alphabet (RFC 4648, 4 and 5), or padding.
#[must_use]
pub const fn is_digit(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// White space inside of a line.
const fn is_blank(octet: u8) -> bool {
    matches!(octet, b'\r' | b' ' | b'\t')
}

/// Base64 for URLs (RFC 4648, 5) with the digits of the usual one.
#[must_use]
pub fn in_usual_alphabet(text: &str) -> String {
    text.replace('-', "+").replace('_', "/")
}

/// Decodes groups up to the first that is not four digits in a row, which is nearly all of a line at once.
fn take_whole_groups<'a>(text: &'a [u8], groups: &mut Vec<[u8; 3]>) -> &'a [u8] {
    let had = groups.len();
    let (quads, _) = text.as_chunks::<4>();
    groups.extend(quads.iter().map_while(|quad| group_of(*quad)).map(octets_of));
    let taken = groups.len().saturating_sub(had).saturating_mul(4);
    text.get(taken..).unwrap_or_default()
}

/// The 24 bits of four digits.
const fn octets_of(group: u32) -> [u8; 3] {
    let [_, octets @ ..] = group.to_be_bytes();
    octets
}

/// Encodes octets, in groups of four digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> Vec<[u8; 4]> {
    let digit = |group: u32, shift: u32| DIGITS.get((group >> shift & 63) as usize).copied().unwrap_or(b'=');
    let digits = |group: u32| [digit(group, 18), digit(group, 12), digit(group, 6), digit(group, 0)];
    let (groups, rest) = bytes.as_chunks::<3>();
    let mut quads = Vec::with_capacity(groups.len().saturating_add(1));
    quads.extend(groups.iter().map(|&[a, b, c]| digits(u32::from_be_bytes([0, a, b, c]))));
    match *rest {
        [a] => {
            let [first, second, ..] = digits(u32::from_be_bytes([0, a, 0, 0]));
            quads.push([first, second, b'=', b'=']);
        }
        [a, b] => {
            let [first, second, third, _] = digits(u32::from_be_bytes([0, a, b, 0]));
            quads.push([first, second, third, b'=']);
        }
        _ => {}
    }
    quads
}

/// The value of each octet that is a digit; 64 for the others.
const VALUES: [u8; 256] = {
    let mut values = [64; 256];
    let mut value = 0_u8;
    while value < 64 {
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler, which would say so")]
        {
            values[DIGITS[value as usize] as usize] = value;
        }
        value = value.wrapping_add(1);
    }
    values
};

fn value(octet: u8) -> Option<u32> {
    VALUES
        .get(usize::from(octet))
        .copied()
        .filter(|&value| value < 64)
        .map(u32::from)
}

/// Four digits as one number; None when one of them is none.
fn group_of(quad: [u8; 4]) -> Option<u32> {
    let [a, b, c, d] = quad.map(|octet| u32::from(VALUES.get(usize::from(octet)).copied().unwrap_or(64)));
    ((a | b | c | d) < 64).then_some(a << 18 | b << 12 | c << 6 | d)
}

/// What comes after a character that is not a digit; None when it may not be there.
#[must_use]
pub fn skip(text: &str) -> Option<&str> {
    // A line end of a JSON string, a shell variable or PowerShell, which was pasted as it is spelled there.
    if let Some(escaped) = text.strip_prefix(['\\', '`']) {
        return Some(escaped.strip_prefix(['n', 'r', 't']).unwrap_or(escaped));
    }
    text.strip_prefix(is_filler)
}

/// What may be between digits: white space, what quoting in emails, strings, scripts and shells adds, invisible
/// characters, and the signs by which consoles and editors show line ends.
#[must_use]
pub fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '"' | '\'' | ',' | '`' | '>' | '|' | '#' | ';' | '\0' | '\u{1a}')
        || matches!(c, '↵' | '↩' | '⏎' | '␊' | '␍' | '␤')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Base64Error, decode, encode};

    fn encoded(bytes: &[u8]) -> String {
        String::from_utf8(encode(bytes).into_flattened()).unwrap()
    }

    #[test]
    fn the_examples_of_the_rfc() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ] {
            assert_eq!(encoded(plain.as_bytes()), text);
            assert_eq!(decode(text).unwrap().octets, plain.as_bytes());
            assert_eq!(decode(text.trim_end_matches('=')).unwrap().octets, plain.as_bytes());
        }
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(decode("Zm9v\n*").unwrap_err(), Base64Error::Character(5));
        assert_eq!(decode("Zg==Zg==").unwrap_err(), Base64Error::AfterEnd(4));
        assert_eq!(decode("Zm9v=Zm9v").unwrap_err(), Base64Error::AfterEnd(5));
        assert_eq!(decode("Zm9vZ").unwrap_err(), Base64Error::CutOff(5));
    }

    #[test]
    fn line_ends_are_taken_as_they_are_pasted() {
        for text in ["Zm\r\n9v", "\"Zm\\n9v\"", "> Zm\n> 9v", "Zm\u{a0}9v", "\tZm 9v\\r\\n"] {
            assert_eq!(decode(text).unwrap().octets, b"foo");
        }
    }

    #[test]
    fn what_is_not_plain_is_marked() {
        for text in ["Zm9v\nZm9v\n", "Zm9v \t\r\nZm9v", "Zg==\n", "\r\nZm9v"] {
            assert!(decode(text).unwrap().is_plain, "{text:?}");
        }
        for text in [
            "Zm 9v",
            " Zm9v",
            "Zm9v\n> Zm9v",
            "Zm9v\\nZm9v",
            "Zm9v\rZm9v",
            "\"Zm9v\"",
            "Zg",
            "Zg=",
            "Zg===",
            "Zm9v=",
            "Zm8",
        ] {
            assert!(!decode(text).unwrap().is_plain, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encoded(&bytes)).unwrap().octets, bytes);
        }
    }
}
