//! Private keys, recognised so that they can be refused: none belongs in a page or a form.

use der::{
    Reader,
    base64::{self, is_filler},
    find,
    pem::offset_in,
    tag,
};

use crate::{
    error::{ParseError, ParseErrorCode},
    paste::kind::PastedKind,
};

/// How keys begin that are in no DER: OpenSSH's, Java's key stores, Microsoft's PVK and its blob.
const MAGIC: [&[u8]; 5] = [
    b"openssh-key-v1\0",
    &[0xfe, 0xed, 0xfe, 0xed],
    &[0xce, 0xce, 0xce, 0xce],
    &[0x1e, 0xf1, 0xb5, 0xb0],
    &[0x07, 0x02, 0x00, 0x00],
];

/// Whether bytes are a private key, or have one among the elements that follow one another in them.
pub(crate) fn is_private_key(bytes: &[u8]) -> bool {
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    let mut elements = Reader::new(bytes);
    while let Ok(element) = elements.any("") {
        if PastedKind::of(element.raw) == PastedKind::PrivateKey {
            return true;
        }
    }
    is_cut_private_key(elements.rest())
}

/// Whether bytes that end too early begin like a private key: with a version, or an algorithm and then what is encrypted.
fn is_cut_private_key(bytes: &[u8]) -> bool {
    let Some(mut members) = Reader::of_cut(bytes) else {
        return false;
    };
    let first = members.any("").ok();
    let next = members.peek().map(|next| next & !tag::CONSTRUCTED);
    match (first, next) {
        (Some(first), Some(0x02 | 0x04 | 0x10)) if first.tag == tag::INTEGER => first.content.len() == 1,
        (Some(first), Some(tag::OCTET_STRING)) => first.tag == tag::SEQUENCE,
        _ => false,
    }
}

/// Refuses a text that holds a private key without a BEGIN line, or with half of one.
pub(crate) fn refuse(text: &str) -> Result<(), ParseError> {
    let marks = ["PRIVATE KEY BLOCK-----", "PuTTY-User-Key-File-", "Private-Key:"];
    // A line of a frame, as the frame may be cut off, or have other dashes than five.
    let is_frame = |line: &&str| {
        find::split_once(line, "PRIVATE KEY").is_some_and(|(before, after)| {
            find::contains(before, "BEGIN ") || find::contains(before, "END ") || after.trim_start().starts_with("--")
        })
    };
    let frame = text.lines().find(is_frame);
    // A JSON Web Key is private when it has the member d, or k when it is symmetric; .NET's XML when it has D.
    let has_all = |members: &[&str]| members.iter().all(|member| find::contains(text, member));
    let member = [["\"kty\"", "\"d\""], ["\"kty\"", "\"k\""], ["<RSAKeyValue>", "<D>"]]
        .iter()
        .find(|members| has_all(*members))
        .map(|[_, member]| *member);
    let mark = marks.into_iter().chain(frame).chain(member);
    match mark
        .filter_map(|mark| find::find(text, mark))
        .min()
        .or_else(|| bare_private_key(text))
    {
        Some(offset) => Err(ParseError {
            offset: Some(offset),
            ..refusal()
        }),
        None => Ok(()),
    }
}

/// Where base64 begins among other words, and is that of a private key.
fn bare_private_key(text: &str) -> Option<usize> {
    /// Shorter words are words. The shortest private keys are longer.
    const LEAST: usize = 40;
    let is_base64 = |word: &&str| word.len() >= LEAST && word.bytes().all(is_digit);
    let mut previous_is_base64 = false;
    text.split(is_filler).filter(|word| !word.is_empty()).find_map(|word| {
        let begins = is_base64(&word) && !previous_is_base64;
        previous_is_base64 = is_base64(&word);
        (begins && begins_private_key(word)).then(|| offset_in(text, word))
    })
}

/// A digit of either alphabet (RFC 4648, 4 and 5), or padding.
fn is_digit(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// Whether the first digits of a text are those of a private key. What follows them may be cut off, or no base64.
pub(crate) fn begins_private_key(text: &str) -> bool {
    /// Enough to get past the algorithm in front of an encrypted key.
    const ENOUGH: usize = 512;
    let mut digits: String = text
        .bytes()
        .filter(|&octet| is_digit(octet) && octet != b'=')
        .take(ENOUGH)
        .map(char::from)
        .collect();
    digits.truncate(digits.len() & !3);
    base64::decode(&base64::in_usual_alphabet(&digits)).is_ok_and(|decoded| is_private_key(&decoded.octets))
}

/// The refusal of a private key in whatever encoding.
pub(crate) fn refusal() -> ParseError {
    ParseError::new(
        ParseErrorCode::PrivateKey,
        "Expected something public, found a private key: it stays on the machine that made it, so if this one was shown \
         to anyone, make a new one.",
    )
}
