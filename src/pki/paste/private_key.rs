//! Private keys, recognised so that they can be refused: none belongs in a page or a form.

use der::{
    Reader,
    base64::{self, is_digit, is_filler},
    find,
    pem::offset_in,
    tag,
};

use crate::{
    error::{ParseError, ParseErrorCode},
    paste::{bare::FILE, kind::PastedKind},
};

const JAVA: &str = "a key store or trust store of Java (JKS, BKS), which may hold a private key: export the certificate with \
                    `keytool -exportcert -rfc`";
const PKCS12: &str = "a PKCS #12 file (a key store or trust store, .pfx or .p12), which may hold a private key: take the \
                      certificates out with `openssl pkcs12 -nokeys`";
const KEY: &str =
    "a private key: it stays on the machine that made it, so if this one was shown to anyone, make a new one";

/// How keys and files of them begin that are in no DER: OpenSSH's, Java's key stores, Microsoft's PVK and its blob, `GnuPG`'s;
/// and the label of the one that is.
const MAGIC: [(&[u8], &str); 10] = [
    (b"openssh-key-v1\0", KEY),
    (&[0xfe, 0xed, 0xfe, 0xed], JAVA),
    (&[0xce, 0xce, 0xce, 0xce], JAVA),
    // Bouncy Castle's: a version, and the length of a salt of 20 octets.
    (&[0, 0, 0, 1, 0, 0, 0, 20], JAVA),
    (&[0, 0, 0, 2, 0, 0, 0, 20], JAVA),
    (&[0x1e, 0xf1, 0xb5, 0xb0], KEY),
    (&[0x07, 0x02, 0x00, 0x00], KEY),
    (b"PKCS12", PKCS12),
    // GnuPG's own.
    (b"(11:private-key", KEY),
    (b"(21:protected-private-key", KEY),
];

/// Whether bytes are a private key, or have one among the elements that follow one another in them.
pub(crate) fn is_private_key(bytes: &[u8]) -> bool {
    if MAGIC.iter().any(|(magic, _)| bytes.starts_with(magic)) {
        return true;
    }
    let mut elements = Reader::new(bytes);
    while let Ok(element) = elements.any("") {
        if matches!(PastedKind::of(element.raw), PastedKind::PrivateKey | PastedKind::Pkcs12) {
            return true;
        }
    }
    is_cut_private_key(elements.rest()) || (0..bytes.len()).any(|at| bytes.get(at..).is_some_and(begins))
}

/// Whether octets begin like a private key and like nothing else, so that it is known wherever it is, whole or not.
fn begins(octets: &[u8]) -> bool {
    match inside(octets) {
        // PKCS #8, in which a key follows the algorithm; in a certificate of version 1 it is the issuer, and in the parameters of
        // a curve the curve.
        [2, 1, 0 | 1, tag::SEQUENCE, length @ 0..=0x7f, rest @ ..] => {
            let next = rest.get(usize::from(*length));
            rest.starts_with(&[tag::OID]) && next.is_some_and(|next| *next != tag::SEQUENCE)
        }
        // SEC 1; PKCS #1 and DSA.
        [2, 1, 1, 4, ..]
        | [2, 1, 0, 2, 0x20..=0xff, ..]
        // PKCS #12, in which a key may be.
        | [2, 1, 3, tag::SEQUENCE, 0x82, _, _, tag::OID, ..]
        // PKCS #8 that is encrypted, with PKCS #5 or with PKCS #12.
        | [tag::SEQUENCE, _, tag::OID, _, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5 | 12, ..] => true,
        _ => false,
    }
}

/// What is in a structure, as far as it is there; nothing of one that is too short for a key.
fn inside(octets: &[u8]) -> &[u8] {
    /// In octets: no key is shorter.
    const LEAST: u8 = 32;
    match octets {
        [tag::SEQUENCE, length @ LEAST..=0xff, rest @ ..] => {
            let long = length.checked_sub(0x80).map_or(0, usize::from);
            rest.get(long..).unwrap_or_default()
        }
        _ => &[],
    }
}

/// Whether bytes that end too early begin like a private key: with a version, or an algorithm and then what is encrypted.
fn is_cut_private_key(bytes: &[u8]) -> bool {
    let Some(mut members) = Reader::of_cut(bytes) else {
        return false;
    };
    let first = members.any("").ok();
    let next = members.peek().map(|next| next & !tag::CONSTRUCTED);
    // A query for a time stamp has a hash there, which begins with its algorithm, and not with the OID of one.
    let is_query = Reader::of_cut(members.rest())
        .map(|inside| inside.rest())
        .or_else(|| Some(members.any("").ok()?.content))
        .is_some_and(|inside| inside.starts_with(&[tag::SEQUENCE]));
    match (first, next) {
        (_, Some(0x10)) if is_query => false,
        (Some(first), Some(0x02 | 0x04 | 0x10)) if first.tag == tag::INTEGER => first.content.len() == 1,
        (Some(first), Some(tag::OCTET_STRING)) => first.tag == tag::SEQUENCE,
        _ => false,
    }
}

/// Refuses a text that holds a private key without a BEGIN line, or with half of one.
pub(crate) fn refuse(text: &str) -> Result<(), ParseError> {
    let marks = [
        "PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-",
        "Private-Key:",
        // GnuPG's own, which it has in files.
        "Key: (private-key",
        "Key: (protected-private-key",
    ];
    // A line of a frame, as the frame may be cut off, or have other dashes than five.
    let is_frame = |line: &&str| {
        find::split_once(line, "PRIVATE KEY").is_some_and(|(before, after)| {
            let at = offset_in(text, after);
            let begins = find::contains(before, "BEGIN ") || find::contains(before, "END ");
            // What is behind the next one shows that that one is a frame.
            let following = text.get(at..).unwrap_or_default();
            let following = find::split_once(following, "PRIVATE KEY").map_or(following, |(before, _)| before);
            (begins || after.trim_start().starts_with("--")) && !is_only_named(text, at, following)
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
    let marked = mark.filter_map(|mark| find::find(text, mark)).min();
    match marked
        .map(|offset| (offset, refusal()))
        .or_else(|| bare_private_key(text))
    {
        Some((offset, refusal)) => Err(ParseError {
            offset: Some(offset),
            ..refusal
        }),
        None => Ok(()),
    }
}

/// Where base64 begins among other words, and is that of a private key; and its refusal.
fn bare_private_key(text: &str) -> Option<(usize, ParseError)> {
    /// Shorter words are words. The shortest private keys are longer.
    const LEAST: usize = 40;
    let is_base64 = |word: &&str| word.len() >= LEAST && word.bytes().all(is_digit);
    let mut previous_is_base64 = false;
    text.split(is_filler).filter(|word| !word.is_empty()).find_map(|word| {
        let begins = is_base64(&word) && !previous_is_base64;
        previous_is_base64 = is_base64(&word);
        let at = offset_in(text, word);
        // With what is on its other lines: only the whole of it is told from other things.
        let refusal = text.get(at..).filter(|_| begins).and_then(refusal_of_base64)?;
        Some((at, refusal))
    })
}

/// Refuses a text that has a private key in base64, glued to a word or to other base64 or not.
pub(super) fn refuse_base64(text: &str) -> Result<(), ParseError> {
    /// In digits: with the algorithm, or the label.
    const START: usize = 128;
    /// In digits: with the version, or the algorithm. Of what has neither, no more is decoded.
    const FIRST: usize = 16;
    let octets = text.as_bytes();
    for at in 0..octets.len() {
        let rest = octets.get(at..).unwrap_or_default();
        match rest {
            [b'M', b'A'..=b'I', ..]
                if matches!(
                    inside(&decoded(rest, FIRST)),
                    [2, 1, ..] | [tag::SEQUENCE, _, tag::OID, ..]
                ) => {}
            _ if rest.starts_with(FILE.as_bytes()) => {}
            _ => continue,
        }
        let key = decoded(rest, START);
        if begins(&key) || is_key_file(&key) {
            let offset = Some(at);
            return Err(ParseError {
                offset,
                ..refusal_of(&key)
            });
        }
    }
    Ok(())
}

/// PEM, as far as octets have its label. In DER the label is anyone's words.
fn is_key_file(octets: &[u8]) -> bool {
    octets.first() != Some(&tag::SEQUENCE) && find::has_octets(octets, b"PRIVATE KEY-----")
}

/// What the first so many digits of a text stand for, with whatever is between them. What follows may be cut off, or no base64.
fn decoded(text: &[u8], most: usize) -> Vec<u8> {
    let digits = text.iter().copied().filter(|&octet| is_digit(octet));
    let digits = digits.take_while(|&octet| octet != b'=').take(most);
    let mut digits: String = digits.map(char::from).collect();
    if digits.len() & 3 == 1 {
        digits.pop();
    }
    let decoded = base64::decode(&base64::in_usual_alphabet(&digits));
    decoded.map(|decoded| decoded.octets).unwrap_or_default()
}

/// In digits: enough to get past the algorithm in front of an encrypted key, or the label of a file.
const ENOUGH: usize = 512;

/// The refusal of a text whose first digits are those of a private key: DER, or a file of PEM once more in base64.
pub(crate) fn refusal_of_base64(text: &str) -> Option<ParseError> {
    let octets = decoded(text.as_bytes(), ENOUGH);
    (is_private_key(&octets) || is_key_file(&octets)).then(|| refusal_of(&octets))
}

/// Whether a PEM label is that of what is or may be a private key.
pub(crate) fn is_label(label: &str) -> bool {
    find::contains(label, "PRIVATE KEY") || label == "PKCS12"
}

/// Whether the line of a frame, of which this place is the end, is quoted in a sentence: there are words before it, and no
/// key in what follows.
pub(super) fn is_only_named(text: &str, at: usize, following: &str) -> bool {
    /// In octets: of a longer line, as of one that has all of a file, no more is looked at.
    const LINE: usize = 512;
    let before = text.as_bytes().get(at.saturating_sub(LINE)..at).unwrap_or_default();
    let before = String::from_utf8_lossy(before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let words = find::split_once(line, "BEGIN ").or_else(|| find::split_once(line, "END "));
    words.is_some_and(|(before, _)| before.contains(char::is_alphabetic)) && !has_base64(following)
}

/// Whether what is between the lines of a frame says that the key is not shown: `(your key here)`, `...`.
pub(super) fn is_placeholder(body: &str) -> bool {
    /// In octets: what is longer is more than a note.
    const MOST: usize = 80;
    let body = body.trim();
    body.len() <= MOST && body.starts_with(['(', '[', '<', '{', '.', '\u{2026}', '*']) && !has_base64(body)
}

/// Whether a text has a word that is none, of base64.
pub(super) fn has_base64(text: &str) -> bool {
    /// Shorter words are words, and so are longer ones without capitals among small letters.
    const LEAST: usize = 16;
    text.split(|c: char| !u8::try_from(c).is_ok_and(is_digit)).any(|word| {
        let inside = || word.bytes().skip(1);
        word.len() >= LEAST
            && inside().any(|octet| octet.is_ascii_uppercase())
            && inside().any(|octet| octet.is_ascii_lowercase())
    })
}

/// The refusal of a private key in whatever encoding.
pub(crate) fn refusal() -> ParseError {
    refusal_of(&[])
}

/// The same for what these octets, or this label, are the beginning of.
pub(crate) fn refusal_of(start: &[u8]) -> ParseError {
    let known = MAGIC
        .iter()
        .find(|(magic, _)| start.starts_with(magic))
        .map(|(_, words)| *words);
    // No key is of the version 3.
    let is_pkcs12 = inside(start).starts_with(&[tag::INTEGER, 1, 3]);
    let words = known.unwrap_or(if is_pkcs12 { PKCS12 } else { KEY });
    ParseError::new(
        ParseErrorCode::PrivateKey,
        format!("Expected something public, found {words}."),
    )
}
