//! What people hand in: PEM, base64 or DER, with whatever stands around it.

use super::{
    ParseError,
    kind::Kind,
    pem::{self, Block},
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

/// The input, decoded to what it holds.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// In the order of the input; never empty.
    pub blocks: Vec<Block>,
    /// Whether something other than white space stands around the blocks.
    pub text_around: bool,
}

impl Document {
    /// Refuses a private key, in whatever encoding, wherever it stands in the input.
    pub(crate) fn read(input: &Input<'_>) -> Result<Self, ParseError> {
        let document = match *input {
            Input::Text(text) => pem::read(text)?,
            Input::Bytes([]) => return Err(empty()),
            Input::Bytes(bytes) => match text_of(bytes) {
                Some(text) => pem::read(&text)?,
                None => Self {
                    blocks: vec![Block::der(bytes)],
                    text_around: false,
                },
            },
        };
        if document.blocks.iter().any(|block| block.kind == Kind::PrivateKey) {
            return Err(pem::private_key());
        }
        Ok(document)
    }
}

pub(crate) fn empty() -> ParseError {
    ParseError::new("empty", "Expected PEM, base64 or DER, found nothing.")
}

/// The bytes as text, unless they are DER: which holds control characters, as text does not.
fn text_of(bytes: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        // The byte order marks of what Windows calls Unicode text.
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        _ => {
            let is_text = bytes
                .iter()
                .all(|&octet| octet >= 0x20 || matches!(octet, b'\t'..=b'\r' | 0x1a));
            return is_text.then(|| String::from_utf8_lossy(bytes).into_owned());
        }
    };
    Some(
        char::decode_utf16(rest.as_chunks::<2>().0.iter().map(|&pair| unit(pair)))
            .map(|c| c.unwrap_or(' '))
            .collect(),
    )
}
