//! What people hand in: PEM, base64 or DER, with whatever is around it.

use core::ops::Range;
use std::borrow::Cow;

use der::{
    Reader,
    pem::{BEGIN, END},
    tag,
};

use crate::{
    error::{ParseError, ParseErrorCode},
    index::in_order,
    paste::{
        charset::{is_text, wide_text_of},
        document::{Block, Document, empty},
        kind::PastedKind,
        other, private_key, text,
    },
};

const CUT: &str = "Expected DER up to its end behind PEM, found the end of the file before it.";

/// A certificate request, certificate, bundle or key as it came.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// PEM with any text around it, or bare base64.
    Text(&'a str),
    /// DER, or a text file.
    Bytes(&'a [u8]),
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl Input<'_> {
    /// Decodes the input. Refuses a private key, in whatever encoding, wherever it is in it.
    pub(crate) fn read(&self) -> Result<Document, ParseError> {
        let document = self.read_what_can_be()?;
        match document.unreadable.first() {
            Some((_, error)) => Err(error.clone()),
            None => Ok(document),
        }
    }

    /// The same, with what could not be read beside the rest.
    pub(crate) fn read_what_can_be(&self) -> Result<Document, ParseError> {
        let document = self.with_keys()?;
        match document
            .blocks
            .iter()
            .find(|block| private_key::is_private_key(&block.der))
        {
            Some(block) => Err(private_key::refusal_of(&block.der)),
            None => Ok(document),
        }
    }

    /// How many octets it has.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Input::Text(text) => text.len(),
            Input::Bytes(bytes) => bytes.len(),
        }
    }

    fn with_keys(&self) -> Result<Document, ParseError> {
        match *self {
            Input::Text(text) => text::read(text),
            Input::Bytes([]) => Err(empty()),
            Input::Bytes(bytes) => {
                if let Some(wide) = wide_text_of(bytes) {
                    return text::read(&wide).map(|document| document.not_plain().anywhere_in(bytes.len()));
                }
                if let Some(mixed) = mixed(bytes) {
                    return mixed;
                }
                if is_text(bytes) {
                    return match String::from_utf8_lossy(bytes) {
                        Cow::Borrowed(text) => text::read(text),
                        Cow::Owned(text) => match text::read(&text) {
                            Err(error)
                                if error.code != ParseErrorCode::PrivateKey && other::of_octets(bytes).is_some() =>
                            {
                                Ok(Document::of(&Block::der(bytes)))
                            }
                            read => read.map(|document| document.anywhere_in(bytes.len())),
                        },
                    };
                }
                Ok(Document::of_der(Block::der(bytes)))
            }
        }
    }
}

/// PEM and DER one after the other, as `cat` puts files together: DER at the beginning, or behind END lines.
fn mixed(bytes: &[u8]) -> Option<Result<Document, ParseError>> {
    let positions = |mark: &'static str| {
        let windows = bytes.windows(mark.len()).enumerate();
        windows.filter_map(move |(at, part)| (part == mark.as_bytes()).then_some(at))
    };
    let behind_end = |at: usize| {
        let line = bytes.get(at.saturating_add(END.len())..)?;
        let dashes = line.windows(5).position(|part| part == b"-----")?;
        Some(
            bytes
                .len()
                .saturating_sub(line.len())
                .saturating_add(dashes)
                .saturating_add(5),
        )
    };
    positions(BEGIN).next()?;
    let mut read = Vec::new();
    let mut mixed = Document::of_all(&[]);
    for start in core::iter::once(0).chain(positions(END).filter_map(behind_end)) {
        // What is inside of what was read is its own affair.
        if read.last().is_some_and(|last: &Range<usize>| start < last.end) {
            continue;
        }
        let mut rest = bytes.get(start..).unwrap_or_default().trim_ascii_start();
        while let [tag::SEQUENCE, ..] = rest {
            let start = bytes.len().saturating_sub(rest.len());
            let whole = Reader::new(rest).any("").ok();
            let end = match whole.filter(|whole| PastedKind::of(whole.raw) != PastedKind::Unknown) {
                Some(whole) => {
                    let end = start.saturating_add(whole.raw.len());
                    mixed.blocks.push(Block {
                        place: start..end,
                        ..Block::der(whole.raw)
                    });
                    end
                }
                // Longer than what there is. No text begins so.
                None if whole.is_none() && matches!(rest, [_, 0x80..=0x83, ..]) => {
                    let error = ParseError::at(ParseErrorCode::Truncated, CUT, start);
                    mixed.unreadable.push((start..bytes.len(), error));
                    bytes.len()
                }
                None => break,
            };
            read.push(start..end);
            rest = bytes.get(end..).unwrap_or_default().trim_ascii_start();
        }
    }
    if read.is_empty() {
        return None;
    }
    // What is left is text, in which everything keeps its place.
    let mut text = bytes.to_vec();
    for place in read {
        text.get_mut(place)?.fill(b' ');
    }
    if text.trim_ascii().is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(&text);
    match text::read(&text) {
        Ok(mut read) => {
            mixed.text_around = read.text_around;
            mixed.blocks.append(&mut read.blocks);
            // Behind what is cut off there is nothing.
            read.unreadable.append(&mut mixed.unreadable);
            mixed.unreadable = read.unreadable;
            mixed.others = read.others;
        }
        Err(error) if error.code == ParseErrorCode::PrivateKey => return Some(Err(error)),
        Err(error) => mixed.unreadable.insert(0, (0..bytes.len(), error)),
    }
    in_order(&mut mixed.blocks, |block| block.place.start);
    Some(Ok(mixed))
}
