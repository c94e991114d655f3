//! What an input holds, decoded but not yet read.

use core::ops::Range;

use der::{DerError, Reader, tag};

use crate::{
    error::{ParseError, ParseErrorCode},
    paste::{kind::PastedKind, other},
};

/// The input, decoded to what it holds.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// In the order of the input; never empty.
    pub blocks: Vec<Block>,
    /// Whether something other than white space is around the blocks.
    pub text_around: bool,
    /// Where there are others that should be readable by their labels, and why they are not.
    pub unreadable: Vec<(Range<usize>, ParseError)>,
    /// Where there are things that are not read here, and what they are.
    pub others: Vec<(Range<usize>, ParseError)>,
}

impl Document {
    /// The first block that is of the kind asked for. When there is none, the first of no known kind, so that reading it
    /// tells what is wrong with it; when there is none of those either, the error says what there is instead.
    pub(crate) fn pick(&self, wanted: PastedKind, expected: &str) -> Result<&Block, ParseError> {
        let find = |kind: PastedKind| self.blocks.iter().find(|block| block.kind == kind);
        if let Some(block) = find(wanted).or_else(|| find(PastedKind::Unknown)) {
            return if block.named().is_none() {
                Ok(block)
            } else {
                Err(self.instead(expected))
            };
        }
        Err(self.instead(expected))
    }

    /// What is there in place of what was expected.
    pub(crate) fn instead(&self, expected: &str) -> ParseError {
        let words = |block: &Block| block.named().unwrap_or(block.kind.words());
        let found = self.blocks.first().map_or("nothing", words);
        ParseError::new(
            ParseErrorCode::WrongKind,
            format!("Expected {expected}, found {found}."),
        )
    }

    /// As one that was made from what came. What came is not plain then, whatever this one looks like.
    pub(super) fn not_plain(mut self) -> Self {
        for block in &mut self.blocks {
            block.is_plain = false;
        }
        self
    }

    /// As one that was made from a text of this length, in which its blocks have no places of their own.
    pub(super) fn anywhere_in(mut self, length: usize) -> Self {
        for place in self.places() {
            *place = 0..length;
        }
        self
    }

    /// The places of its blocks, and of what cannot be read.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Range<usize>> {
        let unreadable = self.unreadable.iter_mut().chain(&mut self.others);
        let unreadable = unreadable.map(|(place, _)| place);
        self.blocks.iter_mut().map(|block| &mut block.place).chain(unreadable)
    }

    /// Of one block.
    pub(crate) fn of(block: &Block) -> Self {
        Self::of_all(&[block])
    }

    /// Of DER, in which one element may follow another.
    pub(super) fn of_der(block: Block) -> Self {
        Self {
            blocks: block.split(),
            ..Self::of_all(&[])
        }
    }

    /// Of some blocks.
    pub(crate) fn of_all(blocks: &[&Block]) -> Self {
        Self {
            blocks: blocks.iter().map(|block| (*block).clone()).collect(),
            text_around: false,
            unreadable: Vec::new(),
            others: Vec::new(),
        }
    }
}

pub(crate) fn empty() -> ParseError {
    ParseError::new(ParseErrorCode::Empty, "Expected PEM, base64 or DER, found nothing.")
}

/// One encoded object.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What was in its BEGIN line, a space for nothing; empty for base64 without a frame and for DER.
    pub label: String,
    pub der: Vec<u8>,
    /// Where its DER begins in that of its frame or file.
    pub begins: usize,
    /// Where it is in the input: in octets.
    pub place: Range<usize>,
    /// What the DER is, by its shape.
    pub kind: PastedKind,
    /// Whether its END line is there, with the same label. True for what has no frame.
    pub closed: bool,
    /// Whether it is base64 without a frame.
    pub is_bare: bool,
    /// What its lines say of how it was damaged, where its digits are more or fewer than they say themselves.
    pub damage: Option<String>,
    /// Whether every program reads it as it is: frame and base64 at the beginning of lines, and nothing else in them.
    pub is_plain: bool,
}

impl Block {
    pub(crate) fn der(bytes: &[u8]) -> Self {
        Self::framed(bytes.to_vec(), String::new(), true)
    }

    /// Why it cannot be read, with what may have happened to it.
    pub(crate) fn explained(&self, error: DerError) -> ParseError {
        let mut error = ParseError::from(error);
        error.message.extend(self.damage.as_deref());
        error
    }

    /// What it is, where that is known by its label or its first octets.
    fn named(&self) -> Option<&'static str> {
        other::of_label(&self.label).or_else(|| other::of_octets(&self.der))
    }

    /// As many as follow one another in it, with line ends between them or without. What follows and is nothing that is known
    /// stays at the end of the last.
    pub(super) fn split(self) -> Vec<Self> {
        let mut elements = Reader::new(&self.der);
        let (mut starts, mut ends) = (vec![0], Vec::new());
        while elements.any("").is_ok() {
            let rest = elements.rest();
            let blank = rest.len().saturating_sub(rest.trim_ascii_start().len());
            let next = elements.skipping(blank);
            let Some(next) = next.filter(|next| PastedKind::of(next.rest()) != PastedKind::Unknown) else {
                break;
            };
            ends.push(elements.offset());
            starts.push(next.offset());
            elements = next;
        }
        if ends.is_empty() {
            return vec![self];
        }
        ends.push(self.der.len());
        let part = |(&start, &end): (&usize, &usize)| {
            let at = |offset: usize| self.place.start.saturating_add(offset);
            let der = self.der.get(start..end).unwrap_or_default();
            Self {
                label: self.label.clone(),
                kind: PastedKind::of(der),
                place: at(start)..at(end),
                der: der.to_vec(),
                begins: start,
                damage: self.damage.clone(),
                ..self
            }
        };
        starts.iter().zip(&ends).map(part).collect()
    }

    /// Whether what it is labelled, or else its beginning, is that of a request: the version 0 (RFC 2986, 4.1).
    pub(crate) fn is_like_a_request(&self) -> bool {
        let version = || {
            let inside = Reader::of_cut(&self.der)?.rest();
            let inside = Reader::of_cut(inside)?.rest();
            Some(inside.starts_with(&[tag::INTEGER, 1, 0]))
        };
        self.label.ends_with("REQUEST") || version().unwrap_or_default()
    }

    /// Whether there is nothing behind its DER.
    pub(super) fn is_alone(&self) -> bool {
        let whole = Reader::new(&self.der).any("");
        self.kind != PastedKind::Unknown && whole.is_ok_and(|whole| whole.raw.len() == self.der.len())
    }

    pub(crate) fn bare(der: Vec<u8>) -> Self {
        Self {
            is_bare: true,
            ..Self::framed(der, String::new(), true)
        }
    }

    pub(crate) fn framed(der: Vec<u8>, label: String, closed: bool) -> Self {
        Self {
            kind: match other::of_label(&label) {
                Some(_) => PastedKind::Unknown,
                None => PastedKind::of(&der),
            },
            place: 0..der.len(),
            label,
            der,
            begins: 0,
            closed,
            is_bare: false,
            damage: None,
            is_plain: true,
        }
    }
}
