//! What an input holds, decoded but not yet read.

use crate::{
    error::{ParseError, ParseErrorCode},
    paste::kind::PastedKind,
};

/// The input, decoded to what it holds.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// In the order of the input; never empty.
    pub blocks: Vec<Block>,
    /// Whether something other than white space is around the blocks.
    pub text_around: bool,
}

impl Document {
    /// The first block that is of the kind asked for. When there is none, the first of no known kind, so that reading it
    /// tells what is wrong with it; when there is none of those either, the error says what there is instead.
    pub(crate) fn pick(&self, wanted: PastedKind, expected: &str) -> Result<&Block, ParseError> {
        let find = |kind: PastedKind| self.blocks.iter().find(|block| block.kind == kind);
        if let Some(block) = find(wanted).or_else(|| find(PastedKind::Unknown)) {
            return Ok(block);
        }
        let found = self.blocks.first().map_or(PastedKind::Unknown, |block| block.kind);
        Err(ParseError::new(
            ParseErrorCode::WrongKind,
            format!("Expected {expected}, found {}.", found.words()),
        ))
    }
}

pub(crate) fn empty() -> ParseError {
    ParseError::new(ParseErrorCode::Empty, "Expected PEM, base64 or DER, found nothing.")
}

/// One encoded object.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What was in its BEGIN line; empty for base64 without a frame and for DER.
    pub label: String,
    pub der: Vec<u8>,
    /// What the DER is, by its shape.
    pub kind: PastedKind,
    /// Whether its END line is there, with the same label. True for what has no frame.
    pub closed: bool,
    /// Whether it is base64 without a frame.
    pub is_bare: bool,
    /// Whether every program reads it as it is: frame and base64 at the beginning of lines, and nothing else in them.
    pub is_plain: bool,
}

impl Block {
    pub(crate) fn der(bytes: &[u8]) -> Self {
        Self::framed(bytes.to_vec(), String::new(), true)
    }

    pub(crate) fn bare(der: Vec<u8>) -> Self {
        Self {
            is_bare: true,
            ..Self::framed(der, String::new(), true)
        }
    }

    pub(crate) fn framed(der: Vec<u8>, label: String, closed: bool) -> Self {
        Self {
            label,
            kind: PastedKind::of(&der),
            der,
            closed,
            is_bare: false,
            is_plain: true,
        }
    }
}
