//! Whether octets are text, and in which character set.

use der::{
    find::{self, has_octets},
    pem::BEGIN,
    tag,
};

/// Whether bytes are text, and not DER: which holds control characters, as text does not but for stray ones around PEM.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let is_text = |&octet: &u8| octet >= 0x20 || matches!(octet, b'\t'..=b'\r' | 0x1a);
    bytes.iter().all(is_text) || (bytes.first() != Some(&tag::SEQUENCE) && has_frame(bytes))
}

/// Whether there is PEM in bytes.
pub(super) fn has_frame(bytes: &[u8]) -> bool {
    has_octets(bytes, BEGIN.as_bytes())
}

/// UTF-16 or UTF-32 of which each octet was taken for a character: of what is read here, every second one or more is a zero; or
/// of which there is a part, as PowerShell adds UTF-16 to a file in ASCII.
pub(crate) fn narrow(text: &str) -> Option<String> {
    let is_wide = text.bytes().filter(|&octet| octet == 0).count() >= text.len().div_ceil(3)
        || find::contains(text, "-\0B\0E\0G\0I\0N");
    // What the byte order mark became.
    let text = text.trim_start_matches(['\u{ff}', '\u{fe}', '\u{fffd}', '\0']);
    is_wide.then(|| text.replace('\0', ""))
}

/// What Windows calls Unicode text: UTF-16, which has a byte order mark, or shows by the zero beside its first character. Of
/// UTF-32, zeros are left.
pub(crate) fn wide_text_of(bytes: &[u8]) -> Option<String> {
    // Only a part of it is.
    if has_frame(bytes) {
        return None;
    }
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] | [0, 0, 0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        // DER begins with a SEQUENCE.
        [b'\t'..=b'/' | b'1'..=b'~', 0, ..] => (u16::from_le_bytes, bytes),
        [0, 0, 0, b'-', ..] | [0, b'\t'..=b'/' | b'1'..=b'~', ..] => (u16::from_be_bytes, bytes),
        _ => return None,
    };
    Some(
        char::decode_utf16(rest.as_chunks::<2>().0.iter().map(|&pair| unit(pair)))
            .map(|c| c.unwrap_or(' '))
            .collect(),
    )
}
