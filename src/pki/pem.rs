//! PEM (RFC 7468) as it is pasted: any label, line ends, indents, text around, several blocks, or no frame at all.

use super::{
    ParseError,
    base64::{self, is_filler},
    input::{Document, empty},
    kind::Kind,
};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// How the labels end of what is read here, among them "NEW CERTIFICATE REQUEST" and "X509 CERTIFICATE".
const KNOWN_LABELS: [&str; 5] = ["CERTIFICATE REQUEST", "CERTIFICATE", "PKCS7", "CMS", "PUBLIC KEY"];

/// One encoded object.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What stood in its BEGIN line; empty for base64 without a frame and for DER.
    pub label: String,
    pub der: Vec<u8>,
    /// What the DER is, told by its shape.
    pub kind: Kind,
    /// Whether its END line is there, with the same label. True for what has no frame.
    pub closed: bool,
    /// Whether it is base64 without a frame.
    pub is_bare: bool,
}

impl Block {
    pub(crate) fn der(bytes: &[u8]) -> Self {
        Self::framed(bytes.to_vec(), String::new(), true)
    }

    fn bare(der: Vec<u8>) -> Self {
        Self {
            is_bare: true,
            ..Self::framed(der, String::new(), true)
        }
    }

    fn framed(der: Vec<u8>, label: String, closed: bool) -> Self {
        Self {
            label,
            kind: Kind::of(&der),
            der,
            closed,
            is_bare: false,
        }
    }
}

/// Reads every block of a text. A block of an unknown kind that is no base64 counts as text around the others.
pub(crate) fn read(text: &str) -> Result<Document, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty());
    }
    let Some((before, mut rest)) = split(text, BEGIN) else {
        refuse_private_key(text)?;
        return Ok(Document {
            blocks: vec![Block::bare(decode(text, 0)?)],
            text_around: false,
        });
    };
    let mut outside = vec![before];
    let mut blocks = Vec::new();
    let mut unreadable = None;
    loop {
        let (section, next) = split(rest, BEGIN).map_or((rest, None), |(section, next)| (section, Some(next)));
        let (block, after) = framed(text, section)?;
        outside.push(after);
        match block {
            Ok(block) => blocks.push(block),
            Err(error) => unreadable = unreadable.or(Some(error)),
        }
        match next {
            Some(next) => rest = next,
            None => break,
        }
    }
    outside.retain(|text| !text.trim_matches(is_filler).is_empty());
    for text in &outside {
        refuse_private_key(text)?;
    }
    match unreadable {
        Some(error) if blocks.is_empty() => Err(error),
        _ => {
            let text_around = unreadable.is_some() || !outside.is_empty();
            Ok(Document { blocks, text_around })
        }
    }
}

/// Reads what follows a BEGIN, up to the next one: the block, or why an unknown one cannot be read, and what is left.
fn framed<'a>(text: &'a str, section: &'a str) -> Result<(Result<Block, ParseError>, &'a str), ParseError> {
    let (label, body) = split(section, DASHES).ok_or_else(|| {
        let message = "Expected five dashes at the end of the BEGIN line, found none.";
        ParseError::at("unreadable_pem", message, offset_in(text, section))
    })?;
    let label = label.trim();
    if label.contains("PRIVATE KEY") || label.contains("PKCS12") {
        return Err(ParseError {
            offset: Some(offset_in(text, section)),
            ..private_key()
        });
    }
    let (base64, closed, after) = match split(body, END) {
        Some((base64, end)) => {
            let (end_label, after) = split(end, DASHES).unwrap_or((end, ""));
            (base64, end_label.trim() == label, after)
        }
        None => (body, false, ""),
    };
    let base64 = without_headers(base64);
    match decode(base64, offset_in(text, base64)) {
        Ok(der) => Ok((Ok(Block::framed(der, label.to_owned(), closed)), after)),
        Err(error) if KNOWN_LABELS.iter().any(|known| label.ends_with(known)) => Err(error),
        Err(error) => Ok((Err(error), after)),
    }
}

/// Splits a text at a mark that begins with a dash, of which base64 has none.
fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut from = 0_usize;
    loop {
        let at = from.checked_add(text.get(from..)?.find('-')?)?;
        let (before, candidate) = text.split_at_checked(at)?;
        if let Some(after) = candidate.strip_prefix(mark) {
            return Some((before, after));
        }
        from = at.checked_add(1)?;
    }
}

/// DER in a PEM frame, in lines of 64 characters.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    // Four characters for three octets, line ends, and the frame.
    let mut text = Vec::with_capacity(der.len().saturating_mul(2).saturating_add(128));
    text.extend([BEGIN, label, DASHES, "\n"].concat().bytes());
    for line in base64::encode(der).chunks(16) {
        text.extend_from_slice(line.as_flattened());
        text.push(b'\n');
    }
    text.extend([END, label, DASHES, "\n"].concat().bytes());
    // It is ASCII, so that this never loses anything.
    String::from_utf8(text).unwrap_or_default()
}

/// A private key has no business in a page or a form; the message says so and holds nothing of it. This finds those
/// without a BEGIN line, or with half of one.
fn refuse_private_key(text: &str) -> Result<(), ParseError> {
    let marks = ["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "PuTTY-User-Key-File-"];
    // A JSON Web Key is private when it has the member d.
    let json_web_key = if text.contains("\"kty\"") {
        text.find("\"d\"")
    } else {
        None
    };
    match marks.iter().find_map(|mark| text.find(mark)).or(json_web_key) {
        Some(offset) => Err(ParseError {
            offset: Some(offset),
            ..private_key()
        }),
        None => Ok(()),
    }
}

/// The refusal of a private key in whatever encoding.
pub(crate) fn private_key() -> ParseError {
    ParseError::new(
        "private_key",
        "Expected something public, found a private key: it stays on the machine that made it, so if this one was shown \
         to anyone, make a new one.",
    )
}

/// Leaves out the header lines that RFC 1421 had: `Proc-Type: …` up to an empty line.
fn without_headers(body: &str) -> &str {
    if !body.contains(':') {
        return body;
    }
    let start = body.trim_start();
    ["\n\n", "\n\r\n"]
        .iter()
        .find_map(|blank| start.split_once(blank))
        .map_or(body, |(_, after)| after)
}

fn decode(text: &str, offset: usize) -> Result<Vec<u8>, ParseError> {
    match base64::decode(text, offset) {
        Ok(der) if der.is_empty() => Err(ParseError::at("empty", "Expected base64, found nothing.", offset)),
        result => result,
    }
}

/// Where a part of a text begins.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}
