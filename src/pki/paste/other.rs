//! What else people paste: by a mark, what it is and what to do.

use der::find;

use crate::error::{ParseError, ParseErrorCode};

pub(super) const SSH: &str = "an SSH key, which no certificate is issued for: give the certificate request";
const PGP: &str = "a PGP block, which holds no certificate: give the certificate request or the certificate";
const PAGE: &str = "a web page: give the file that it offers, or the text from -----BEGIN to END";
const URL: &str = "a URL: give what is at that address";
const FILE: &str = "the name of a file, or its hash sum: read it, and give what is in it";
const SHOWN: &str = "octets as a program shows them: give the file itself";
pub(super) const NEITHER: &str = "text that is none of them: give the file itself, or its text from -----BEGIN to END";
const PRINTED: &str = "what a program prints of a request, a certificate or a key: give the file itself, or its \
                       PEM, which `openssl` prints without -noout and keytool with -rfc";
pub(super) const QUOTED: &str =
    "text that speaks of PEM, but has none in it: give what is between the BEGIN and END lines, with both of them";
const PARAMETERS: &str = "the parameters of a key, without any key: give the certificate request";
const ARCHIVE: &str = "an archive: give the file that is in it";
const COMPRESSED: &str = "a compressed file: give what is in it";
const PICTURE: &str = "a picture or a video: give the text itself, from -----BEGIN to END";
const OFFICE: &str = "an Office document: give the text from -----BEGIN to END";
const UUENCODED: &str = "an attachment (uuencode): save it, and give the file";
pub(super) const BESIDE: &str = "two texts side by side: give one below the other";
const BASE32: &str = "base32: give the file itself, or its base64";
const PROGRAM: &str = "a program: give the certificate request or the certificate";
const STORE: &str = "a certificate store of Windows (.sst): export the certificate, or a .p7b";
const CARD: &str = "something card-verifiable (CVC, as of passports), for which there are no TLS certificates: give a \
                    PKCS #10 request";
const NO_KEY: &str = "text that speaks of a private key, but has none in it: give the certificate request";

/// How the names of the kinds of SSH key and of SSH certificate begin in base64, in small letters, behind their lengths.
const KEYS: [&str; 4] = ["nzac1", "vjzhnh", "nrlxnz", "nrlwvj"];

/// Parts of texts, in small letters.
const MARKS: &[(&str, &str)] = &[
    ("begin pgp", PGP),
    ("begin 644 ", UUENCODED),
    ("begin 600 ", UUENCODED),
    ("begin 666 ", UUENCODED),
    ("<!doctype", PAGE),
    ("<html", PAGE),
    ("<body", PAGE),
    ("public-key: (", PRINTED),
    ("signature algorithm:", PRINTED),
    ("cons: sequence", PRINTED),
    ("modulus=", PRINTED),
    ("algorithm objectid", PRINTED),
    ("unusedbits", PRINTED),
    ("fingerprint", PRINTED),
    ("subject=", PRINTED),
    ("server certificate:", PRINTED),
    ("\\x82\\x", SHOWN),
    (" more bytes>", SHOWN),
    (" more items", SHOWN),
    ("subject public key", PRINTED),
    ("private key", NO_KEY),
];

/// How the names end of files that requests and certificates are in.
const FILES: [&str; 10] = [
    ".csr", ".req", ".p10", ".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".txt",
];

/// What a text is in which nothing can be read.
pub(super) fn of_text(text: &str) -> Option<&'static str> {
    if let Some(file) = of_octets(text.as_bytes()) {
        return Some(file);
    }
    if is_base32(text) {
        return Some(BASE32);
    }
    let text = text.trim().to_ascii_lowercase();
    if find::contains(&text, "://") && !text.contains(char::is_whitespace) {
        return Some(URL);
    }
    if FILES.iter().any(|end| text.ends_with(end)) && !text.contains(['\n', '\r']) {
        return Some(FILE);
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_key = |name: &str| KEYS.iter().any(|key| name.starts_with(key));
    if words.any(|word| word.starts_with("aaaa") && word.get(6..).is_some_and(is_key)) {
        return Some(SSH);
    }
    // What begins and cannot be read is damaged, whatever else there is.
    let frames = ["begin certificate", "begin new certificate", "begin pkcs7"];
    let is_damaged = frames.iter().any(|frame| find::contains(&text, frame));
    let found = MARKS
        .iter()
        .find(|(mark, _)| find::contains(&text, mark))
        .map(|(_, words)| *words);
    found.filter(|&words| words == PAGE || !is_damaged)
}

/// Whether a text is base32 (RFC 4648, 6) as base64 is not: so much of it without small letters.
fn is_base32(text: &str) -> bool {
    /// In characters.
    const LEAST: usize = 64;
    let is_digit = |octet: u8| octet.is_ascii_whitespace() || matches!(octet, b'A'..=b'Z' | b'2'..=b'7' | b'=');
    text.len() >= LEAST && text.contains(|c: char| c.is_ascii_digit()) && text.bytes().all(is_digit)
}

/// Whether a text shows octets, and perhaps no more than the first of them.
pub(super) fn is_shown(text: &str) -> bool {
    of_text(text) == Some(SHOWN)
}

/// Whether a text is what a program prints of a request, a certificate or a key, with numbers that are only parts of it.
pub(super) fn is_printed(text: &str) -> bool {
    let printed = MARKS.iter().filter(|(_, words)| *words == PRINTED);
    let text = text.to_ascii_lowercase();
    printed.into_iter().any(|(mark, _)| find::contains(&text, mark))
}

/// What a label says.
pub(super) fn of_label(label: &str) -> Option<&'static str> {
    let labels = [("PGP ", PGP), ("SSH2 ", SSH)];
    let found = labels.iter().find(|(start, _)| label.starts_with(start));
    found
        .map(|(_, words)| *words)
        .or(label.ends_with(" PARAMETERS").then_some(PARAMETERS))
}

/// The beginnings of files.
const MAGIC: [(&[u8], &str); 19] = [
    (b"\0\0\0\0CERT", STORE),
    (
        b"SQLite format 3\0",
        "a database: give the file itself, or its text from -----BEGIN to END",
    ),
    (
        b"PK\x03\x04",
        "a ZIP archive or an Office document: give the file that is in it",
    ),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"%PDF", "a PDF document: give the text from -----BEGIN to END"),
    (b"\x1f\x8b", COMPRESSED),
    (b"\xfd7zXZ\0", COMPRESSED),
    (b"\x28\xb5\x2f\xfd", COMPRESSED),
    (b"BZh", COMPRESSED),
    (b"\xd0\xcf\x11\xe0", OFFICE),
    (b"{\\rtf", OFFICE),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"\x7f\x21", CARD),
    (b"\x67\x81", CARD),
    (b"\x67\x82", CARD),
    (b"\x7fELF", PROGRAM),
    (b"MZ\x90\0", PROGRAM),
];

/// What octets are in which nothing can be read.
pub(super) fn of_octets(octets: &[u8]) -> Option<&'static str> {
    let found = MAGIC.iter().find(|(mark, _)| octets.starts_with(mark));
    let is = |at: usize, mark: &[u8]| octets.get(at..).is_some_and(|rest| rest.starts_with(mark));
    // The length of a name, and the name.
    let is_ssh = || is(0, b"\0\0\0") && [&b"ssh-"[..], b"ecdsa-sha2-", b"sk-"].iter().any(|name| is(4, name));
    found
        .map(|(_, words)| *words)
        .or_else(|| is_ssh().then_some(SSH))
        .or_else(|| is_pgp(octets).then_some(PGP))
        .or_else(|| is(257, b"ustar").then_some(ARCHIVE))
        .or_else(|| is(4, b"ftyp").then_some(PICTURE))
        .or_else(|| is_zeros(octets).then_some("nothing but zeros: it was not written, or its content is lost"))
}

/// Whether octets are a key of `OpenPGP`'s: the first octet of a packet, a length, and the version (RFC 4880, 4.2 and 5.5).
const fn is_pgp(octets: &[u8]) -> bool {
    matches!(
        octets,
        [0x95 | 0x99 | 0xc5 | 0xc6, _, _, 4, ..] | [0x94 | 0x98, _, 4, ..]
    )
}

/// Whether there is nothing, but not too little of it.
fn is_zeros(octets: &[u8]) -> bool {
    octets.len() > 3 && octets.iter().all(|octet| *octet == 0)
}

pub(super) fn instead(words: &str) -> ParseError {
    ParseError::new(
        ParseErrorCode::WrongKind,
        format!("Expected PEM, base64 or DER, found {words}."),
    )
}
