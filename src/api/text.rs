//! Texts in texts. What the standard library searches with is made for long texts, and is larger than all that is searched
//! here.

use core::fmt::Write as _;

/// Where a text is first in another; nothing for an empty one.
fn find(text: &str, wanted: &str) -> Option<usize> {
    let first = wanted.bytes().next()?;
    let mut places = text.as_bytes().windows(wanted.len());
    places.position(|place| place.first() == Some(&first) && place == wanted.as_bytes())
}

/// Whether a text is in another.
#[must_use]
pub fn contains(text: &str, wanted: &str) -> bool {
    find(text, wanted).is_some()
}

/// What is before the first mark, and what is after it.
#[must_use]
pub fn split_once<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (before, rest) = text.split_at_checked(find(text, mark)?)?;
    Some((before, rest.strip_prefix(mark)?))
}

/// A text with another in each place of a mark.
#[must_use]
pub fn replace(text: &str, mark: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = split_once(rest, mark) {
        replaced.push_str(before);
        replaced.push_str(by);
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// A text as it is written in a query: RFC 3986 leaves letters, digits and four signs as they are.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(byte.into());
        } else {
            // Writing into a text does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A text with the octets that its escapes mean; what is no escape stays, and what is not UTF-8 is U+FFFD.
#[must_use]
pub fn decode(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((octet, after)) = rest.split_first() {
        let escaped = after.split_at_checked(2).filter(|_| *octet == b'%');
        let (octet, after) = escaped
            .and_then(|(digits, after)| Some((octet_of_hex(digits)?, after)))
            .unwrap_or((*octet, after));
        octets.push(octet);
        rest = after;
    }
    String::from_utf8_lossy(&octets).into_owned()
}

/// The octet of two hexadecimal digits.
#[must_use]
pub fn octet_of_hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |octet, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        u8::try_from(digit).ok()?.checked_add(16_u8.checked_mul(octet)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_as_the_standard_library_finds_them() {
        for text in ["", "a", "ab", "aab", "aaab", "abab-aba", "ä€😀ä", "%2F%2f"] {
            for wanted in ["a", "ab", "aab", "ba", "ä", "€😀", "%2", "x"] {
                assert_eq!(contains(text, wanted), text.contains(wanted), "{wanted} in {text}");
                assert_eq!(split_once(text, wanted), text.split_once(wanted), "{wanted} in {text}");
                assert_eq!(
                    replace(text, wanted, "<>"),
                    text.replace(wanted, "<>"),
                    "{wanted} in {text}"
                );
            }
        }
        assert!(!contains("a", ""));
    }

    #[test]
    fn escapes_are_written_and_read() {
        assert_eq!(encode("A-z_0.9~ ä&/%"), "A-z_0.9~%20%C3%A4%26%2F%25");
        assert_eq!(decode("A%2d%2D%c3%A4%zz%4%"), "A--ä%zz%4%");
        assert_eq!(decode("%ff%"), "\u{fffd}%");
        assert_eq!(
            (octet_of_hex(b"fF"), octet_of_hex(b"+f"), octet_of_hex(b"0g")),
            (Some(255), None, None)
        );
    }
}
