//! Base64 (RFC 4648, 4) as it is found in the wild: with or without its padding, among white space and quotes.

use super::ParseError;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Decodes all digits of a text. `offset` is where the text begins in the input, for error messages.
pub(super) fn decode(text: &str, offset: usize) -> Result<Vec<u8>, ParseError> {
    // Three octets for four digits, and never more than the text is long.
    let mut bytes = Vec::with_capacity(text.len());
    let (mut group, mut digits, mut padded) = (0_u32, 0_u8, false);
    let mut rest = text.as_bytes();
    while let Some((&octet, after)) = rest.split_first() {
        match value(octet) {
            Some(value) if !padded => {
                group = group << 6 | value;
                digits = digits.saturating_add(1);
                if digits == 4 {
                    let [_, octets @ ..] = group.to_be_bytes();
                    bytes.extend_from_slice(&octets);
                    (group, digits) = (0, 0);
                }
                rest = after;
            }
            None if matches!(octet, b'\n' | b'\r' | b' ') => rest = after,
            None if octet == b'=' => (padded, rest) = (true, after),
            _ => {
                let at = text.len().saturating_sub(rest.len());
                rest = text.get(at..).and_then(skip).map(str::as_bytes).ok_or_else(|| {
                    let at = offset.saturating_add(at);
                    let found = if padded {
                        "more after its end"
                    } else {
                        "another character"
                    };
                    ParseError::at(
                        "base64",
                        format!("Expected base64, found {found} at position {at}."),
                        at,
                    )
                })?;
            }
        }
    }
    // What is left of the last group; bits that fill no octet are not looked at.
    let [_, first, second, _] = (group << 6_u8.saturating_mul(4_u8.saturating_sub(digits))).to_be_bytes();
    match digits {
        0 => {}
        2 => bytes.push(first),
        3 => bytes.extend([first, second]),
        _ => {
            let message = "Expected base64 in groups of four characters, found one that is cut off.";
            return Err(ParseError::at("truncated", message, offset.saturating_add(text.len())));
        }
    }
    Ok(bytes)
}

/// Encodes octets in one line.
pub(super) fn encode(bytes: &[u8], text: &mut String) {
    for chunk in bytes.chunks(3) {
        let mut octets = [0; 4];
        octets
            .iter_mut()
            .skip(1)
            .zip(chunk)
            .for_each(|(octet, given)| *octet = *given);
        let group = u32::from_be_bytes(octets);
        for (index, shift) in [18_u32, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS.get((group >> shift & 63) as usize).copied().unwrap_or(b'=');
            text.push(if index > chunk.len() { '=' } else { char::from(digit) });
        }
    }
}

fn value(octet: u8) -> Option<u32> {
    let value = match octet {
        b'A'..=b'Z' => octet.wrapping_sub(b'A'),
        b'a'..=b'z' => octet.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => octet.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// What comes after a character that is none of the digits; None when it has no business there.
fn skip(text: &str) -> Option<&str> {
    // A line end of a JSON string or of a shell variable, which was pasted as it is spelled there.
    if let Some(escaped) = text.strip_prefix('\\') {
        return Some(escaped.strip_prefix(['n', 'r', 't']).unwrap_or(escaped));
    }
    text.strip_prefix(is_filler)
}

/// What may stand between digits: white space, and what quoting in mails, strings and shells adds.
pub(super) fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '>' | '\u{200b}' | '\u{feff}' | '\u{1a}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, encode};

    fn encoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        encode(bytes, &mut text);
        text
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
            assert_eq!(decode(text, 0).unwrap(), plain.as_bytes());
            assert_eq!(decode(text.trim_end_matches('='), 0).unwrap(), plain.as_bytes());
        }
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(decode("Zm9v\n*", 100).unwrap_err().offset, Some(105));
        assert_eq!(decode("Zg==Zg==", 0).unwrap_err().offset, Some(4));
        assert_eq!(decode("Zm9vZ", 0).unwrap_err().code, "truncated");
    }

    #[test]
    fn line_ends_are_taken_as_they_are_pasted() {
        for text in ["Zm\r\n9v", "\"Zm\\n9v\"", "> Zm\n> 9v", "Zm\u{a0}9v", "\tZm 9v\\r\\n"] {
            assert_eq!(decode(text, 0).unwrap(), b"foo");
        }
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encoded(&bytes), 0).unwrap(), bytes);
        }
    }
}
