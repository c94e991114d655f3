//! Text as it is pasted: PEM (RFC 7468) with any label, line ends, indents, text around, several blocks, or no frame at all.

use der::{
    base64::{self, Base64Error, Decoded, is_filler},
    find,
    pem::{BEGIN, END, Section, offset_in, repaired, split, without_headers},
};

use crate::{
    error::{ParseError, ParseErrorCode},
    paste::{
        document::{Block, Document, empty},
        private_key,
    },
};

/// How the labels end of what is read here, among them "NEW CERTIFICATE REQUEST" and "X509 CERTIFICATE".
const KNOWN_LABELS: [&str; 5] = ["CERTIFICATE REQUEST", "CERTIFICATE", "PKCS7", "CMS", "PUBLIC KEY"];

/// Reads every block of a text. A block of an unknown kind that is not base64 counts as text around the others.
pub(crate) fn read(text: &str) -> Result<Document, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty());
    }
    match split(text, BEGIN) {
        Some((before, rest)) => read_blocks(text, before, rest),
        None => match repaired(text) {
            Some(repaired) => read_inner(&repaired),
            None => read_bare(text),
        },
    }
}

/// A text that was made from the one that came. What came is not plain then, whatever this one looks like.
fn read_inner(text: &str) -> Result<Document, ParseError> {
    let (before, rest) = split(text, BEGIN).ok_or_else(empty)?;
    let mut document = read_blocks(text, before, rest)?;
    for block in &mut document.blocks {
        block.is_plain = false;
    }
    Ok(document)
}

/// Base64 without a BEGIN line; or PEM in base64 once more, as Kubernetes has it.
fn read_bare(text: &str) -> Result<Document, ParseError> {
    private_key::refuse(text)?;
    let (base64, closed) = match split(text, END) {
        Some((before, _)) => (before, false),
        None => (text, true),
    };
    let der = decode(base64, 0)?.octets;
    if der.starts_with(BEGIN.as_bytes()) {
        return read_inner(&String::from_utf8_lossy(&der));
    }
    Ok(Document {
        blocks: vec![Block {
            closed,
            ..Block::bare(der)
        }],
        text_around: false,
    })
}

/// Reads the blocks of a text, of which this is what is before its first BEGIN and after it.
fn read_blocks(text: &str, before: &str, rest: &str) -> Result<Document, ParseError> {
    let mut outside = vec![before];
    let mut blocks = Vec::new();
    let mut unreadable = None;
    let mut next = Some(rest);
    while let Some(rest) = next {
        let section = section(text, rest)?;
        match block(&section, text)? {
            Ok(block) => blocks.push(block),
            Err(error) => unreadable = unreadable.or(Some(error)),
        }
        outside.push(section.after);
        next = section.next;
    }
    outside.retain(|text| !text.trim_matches(is_filler).is_empty());
    for text in &outside {
        private_key::refuse(text)?;
    }
    match unreadable {
        Some(error) if blocks.is_empty() => Err(error),
        _ => {
            let text_around = unreadable.is_some() || !outside.is_empty();
            Ok(Document { blocks, text_around })
        }
    }
}

/// Cuts a section from what follows a BEGIN, and refuses that of a private key.
fn section<'a>(text: &'a str, rest: &'a str) -> Result<Section<'a>, ParseError> {
    let at = offset_in(text, rest);
    let Some(section) = Section::cut(text, rest) else {
        private_key::refuse(text)?;
        let message = "Expected five dashes at the end of the BEGIN line, found none.";
        return Err(ParseError::at(ParseErrorCode::UnreadablePem, message, at));
    };
    if ["PRIVATE KEY", "PKCS12"]
        .iter()
        .any(|kind| find::contains(section.label, kind))
    {
        return Err(ParseError {
            offset: Some(at),
            ..private_key::refusal()
        });
    }
    Ok(section)
}

/// The block, or why one of an unknown kind cannot be read.
fn block(section: &Section<'_>, text: &str) -> Result<Result<Block, ParseError>, ParseError> {
    // What is signed with PGP has a dash and a space before the dashes of the END line.
    let base64 = section.base64.strip_suffix("- ").unwrap_or(section.base64);
    let decoded = decode(base64, offset_in(text, base64)).or_else(|error| match without_headers(base64) {
        Some(base64) => decode(base64, offset_in(text, base64)).map(|decoded| Decoded {
            is_plain: false,
            ..decoded
        }),
        None => Err(error),
    });
    match decoded {
        Ok(Decoded { octets, is_plain }) => {
            let begins_on_a_line = base64.lines().next().is_some_and(|line| line.trim_ascii().is_empty());
            let is_on_lines = section.is_on_a_line && begins_on_a_line && section.base64.ends_with('\n');
            Ok(Ok(Block {
                is_plain: is_plain && is_on_lines,
                ..Block::framed(octets, section.label.to_owned(), section.closed)
            }))
        }
        // Of two BEGIN lines in a row, the second is the one that counts.
        Err(error) if error.code == ParseErrorCode::Empty && !section.closed => Ok(Err(error)),
        Err(error)
            if error.code == ParseErrorCode::PrivateKey
                || KNOWN_LABELS.iter().any(|known| section.label.ends_with(known)) =>
        {
            Err(error)
        }
        Err(error) => Ok(Err(error)),
    }
}

fn decode(text: &str, offset: usize) -> Result<Decoded, ParseError> {
    match base64::decode(text) {
        Ok(decoded) if decoded.octets.is_empty() => Err(ParseError::at(
            ParseErrorCode::Empty,
            "Expected base64, found nothing.",
            offset,
        )),
        Ok(decoded) => Ok(decoded),
        Err(_) if private_key::begins_private_key(text) => Err(private_key::refusal()),
        Err(error) if text.contains(['-', '_']) => {
            base64::decode(&base64::in_usual_alphabet(text)).map_err(|_| unreadable(error, offset))
        }
        Err(error) => Err(unreadable(error, offset)),
    }
}

/// What is said of base64 that begins at an offset.
fn unreadable(error: Base64Error, offset: usize) -> ParseError {
    let at = offset.saturating_add(error.offset());
    match error {
        Base64Error::CutOff(_) => ParseError::at(ParseErrorCode::Truncated, format!("{error}."), at),
        _ => ParseError::at(ParseErrorCode::Base64, format!("{error} at position {at}."), at),
    }
}
