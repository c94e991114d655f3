//! PEM (RFC 7468) as it is pasted: any label, line ends, indents, text around, several blocks, or no frame at all.

use super::{
    ParseError,
    base64::{self, is_filler},
    input::{Document, empty},
};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// One encoded object.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What stood in its BEGIN line; empty for base64 without a frame and for DER.
    pub label: String,
    pub der: Vec<u8>,
    /// Whether its END line is there, with the same label. True for what has no frame.
    pub closed: bool,
    /// Whether it is base64 without a frame.
    pub is_bare: bool,
}

impl Block {
    pub(crate) fn der(bytes: &[u8]) -> Self {
        Self {
            label: String::new(),
            der: bytes.to_vec(),
            closed: true,
            is_bare: false,
        }
    }
}

/// Reads every block of a text.
pub(crate) fn read(text: &str) -> Result<Document, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty());
    }
    refuse_private_key(text)?;
    let Some((before, mut rest)) = text.split_once(BEGIN) else {
        let der = decode(text, 0)?;
        return Ok(Document {
            blocks: vec![Block {
                label: String::new(),
                der,
                closed: true,
                is_bare: true,
            }],
            text_around: false,
        });
    };
    let mut text_around = !before.trim().is_empty();
    let mut blocks = Vec::new();
    loop {
        let begin = offset_in(text, rest);
        let (label, body) = rest.split_once(DASHES).ok_or_else(|| {
            ParseError::at(
                "unreadable_pem",
                "Expected five dashes at the end of the BEGIN line, found none.",
                begin,
            )
        })?;
        let (section, next) = match body.split_once(BEGIN) {
            Some((section, next)) => (section, Some(next)),
            None => (body, None),
        };
        let (base64, closed, after) = match section.split_once(END) {
            Some((base64, end)) => {
                let (end_label, after) = end.split_once(DASHES).unwrap_or((end, ""));
                (base64, end_label.trim() == label.trim(), after)
            }
            None => (section, false, ""),
        };
        text_around |= !after.trim_matches(is_filler).is_empty();
        let base64 = without_headers(base64);
        blocks.push(Block {
            label: label.trim().to_owned(),
            der: decode(base64, offset_in(text, base64))?,
            closed,
            is_bare: false,
        });
        match next {
            Some(next) => rest = next,
            None => return Ok(Document { blocks, text_around }),
        }
    }
}

/// DER in a PEM frame, in lines of 64 characters.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    // Four characters for three octets, line ends, and the frame.
    let mut text = String::with_capacity(der.len().saturating_mul(2).saturating_add(128));
    text.extend([BEGIN, label, DASHES, "\n"]);
    for line in der.chunks(48) {
        base64::encode(line, &mut text);
        text.push('\n');
    }
    text.extend([END, label, DASHES, "\n"]);
    text
}

/// A private key has no business in a page or a form; the message says so and holds nothing of it.
fn refuse_private_key(text: &str) -> Result<(), ParseError> {
    let marks = [
        "PRIVATE KEY-----",
        "PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-",
        "-----BEGIN PKCS12",
    ];
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
