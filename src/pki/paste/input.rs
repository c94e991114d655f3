//! What people hand in: PEM, base64 or DER, with whatever is around it.

use std::borrow::Cow;

use der::{pem::BEGIN, tag};

use crate::{
    error::{ParseError, ParseErrorCode},
    paste::{
        document::{Block, Document, empty},
        other, private_key, text,
    },
};

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

/// Whether bytes are text, and not DER: which holds control characters, as text does not but for stray ones around PEM.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let is_text = |&octet: &u8| octet >= 0x20 || matches!(octet, b'\t'..=b'\r' | 0x1a);
    let has_frame = || bytes.windows(BEGIN.len()).any(|part| part == BEGIN.as_bytes());
    bytes.iter().all(is_text) || (bytes.first() != Some(&tag::SEQUENCE) && has_frame())
}

/// What Windows calls Unicode text: UTF-16, which has a byte order mark, or shows by the zeros beside its dashes or its
/// base64.
pub(crate) fn wide_text_of(bytes: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        [b'-' | b'M', 0, ..] => (u16::from_le_bytes, bytes),
        [0, b'-' | b'M', ..] => (u16::from_be_bytes, bytes),
        _ => return None,
    };
    Some(
        char::decode_utf16(rest.as_chunks::<2>().0.iter().map(|&pair| unit(pair)))
            .map(|c| c.unwrap_or(' '))
            .collect(),
    )
}
