//! Text as it is pasted: as it is, or else in another notation.

use core::ops::Range;

use der::{base64::is_filler, find, pem::offset_in, tag};

use crate::{
    error::{ParseError, ParseErrorCode},
    index::in_order,
    paste::{
        blocks::{all_at, as_it_is, of_octets},
        charset::narrow,
        document::{Block, Document, empty},
        hex,
        kind::PastedKind,
        notation, other, private_key,
    },
};

/// Reads every block of a text. A block of an unknown kind that is not base64 counts as text around the others.
///
/// What is in another notation is read without it, when that makes whole documents of it; what else it may be is named.
pub(crate) fn read(text: &str) -> Result<Document, ParseError> {
    let came = text;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty());
    }
    if let Some(narrow) = narrow(text) {
        return read(&narrow).map(|document| document.not_plain().anywhere_in(came.len()));
    }
    if let Some(added) = notation::added(text) {
        // Also in what is taken away.
        private_key::refuse(text)?;
        return as_it_is(&added).map(|document| document.not_plain().anywhere_in(came.len()));
    }
    let found = as_it_is(text);
    if is_answer(&found) {
        return found
            .and_then(|document| with_others(text, document))
            .map(|document| placed(document, came, text));
    }
    let has_key = |document: &Document| {
        document
            .blocks
            .iter()
            .any(|block| private_key::is_private_key(&block.der))
    };
    let is_wanted = |read: &Result<Document, ParseError>| {
        is_answer(read) || !has_readable(&found) && (!other::is_shown(text) || read.as_ref().is_ok_and(has_key))
    };
    if let Some(read) = in_notation(text).filter(is_wanted) {
        return read.map(|document| document.not_plain().anywhere_in(came.len()));
    }
    let found = found.map(|document| placed(document, came, text));
    if has_readable(&found) {
        return found;
    }
    match other::of_text(text) {
        Some(words) => Err(other::instead(words)),
        None => unknown(text, found),
    }
}

/// Whether there is something in it that is known.
fn has_readable(found: &Result<Document, ParseError>) -> bool {
    let is_known = |block: &Block| block.kind != PastedKind::Unknown;
    found
        .as_ref()
        .is_ok_and(|document| document.blocks.iter().any(is_known))
}

/// What another notation stands for: an answer, or else the first reading in which something is known.
fn in_notation(text: &str) -> Option<Result<Document, ParseError>> {
    /// Of BEGIN, of the base64 of DER and of PEM, and of numbers: what each notation leaves, or writes.
    const HINTS: [&str; 10] = ["BEGIN", "MI", "LS0t", "30", "48", "45", "060", "055", "2d", "2D"];
    if !HINTS.iter().any(|hint| find::contains(text, hint)) {
        return None;
    }
    let mut partial = None;
    for text in notation::undone(text) {
        let read = as_it_is(&text);
        // The frame of a key that is quoted in a sentence stays one, as long as there is no key.
        if is_answer(&read) && (read.is_ok() || private_key::has_base64(&text)) {
            return Some(read);
        }
        partial = partial.or_else(|| has_readable(&read).then_some(read));
    }
    of_numbers(text).or(partial)
}

/// What is said of numbers that stand for something and cannot be read: others may be among them.
const NUMBERS: &str = " It was read from numbers, such as a program shows: give the file itself.";

/// What octets stand for that are written as numbers. Of what a program prints, they are parts.
fn of_numbers(text: &str) -> Option<Result<Document, ParseError>> {
    let is_printed = other::is_printed(text);
    let mut all: Option<Document> = None;
    for octets in hex::all(text) {
        if is_printed && !private_key::is_private_key(&octets) {
            continue;
        }
        match (of_octets(octets, false), &mut all) {
            (Ok(mut next), Some(all)) => all.blocks.append(&mut next.blocks),
            (Ok(first), all) => *all = Some(first),
            (Err(error), _) => return Some(Err(error)),
        }
    }
    for block in all.iter_mut().flat_map(|all| &mut all.blocks) {
        block.damage = Some(NUMBERS.to_owned());
    }
    all.map(Ok)
}

/// With what is in another notation around the blocks.
fn with_others(text: &str, mut document: Document) -> Result<Document, ParseError> {
    /// In octets: all that is read here is longer.
    const LEAST: usize = 64;
    let places: Vec<Range<usize>> = document.places().map(|place| place.clone()).collect();
    let mut from = 0_usize;
    for end in places.into_iter().chain(core::iter::once(text.len()..text.len())) {
        let place = from..end.start;
        from = from.max(end.end);
        let Some(around) = text
            .get(place.clone())
            .filter(|around| around.trim_matches(is_filler).len() >= LEAST)
        else {
            continue;
        };
        let is_text = ["BEGIN", "MII"].iter().any(|mark| find::contains(around, mark));
        let framed = is_text.then(|| as_it_is(around)).filter(is_answer);
        let noted = || {
            if is_text {
                in_notation(around)
            } else {
                of_numbers(around)
            }
        };
        match framed.or_else(noted).filter(is_answer) {
            Some(Ok(other)) => document.blocks.append(&mut all_at(&place, other.not_plain())),
            Some(Err(error)) => return Err(error),
            None => {}
        }
    }
    in_order(&mut document.blocks, |block| block.place.start);
    Ok(document)
}

/// Whether there is nothing to be gained by another reading.
fn is_answer(found: &Result<Document, ParseError>) -> bool {
    match found {
        Ok(document) => {
            document.unreadable.is_empty() && document.blocks.iter().all(|block| block.kind != PastedKind::Unknown)
        }
        Err(error) => error.code == ParseErrorCode::PrivateKey,
    }
}

/// With the places of its blocks in a text of which this one is the end.
fn placed(mut document: Document, came: &str, text: &str) -> Document {
    let before = offset_in(came, text);
    for place in document.places() {
        *place = place.start.saturating_add(before)..place.end.saturating_add(before);
    }
    document
}

/// What is said of a text in which nothing can be read, and that is nothing that is known either. All DER that is read here
/// is a long sequence, so that its base64 begins with an M; that of PEM begins with an L. Words may be digits of base64.
fn unknown(text: &str, found: Result<Document, ParseError>) -> Result<Document, ParseError> {
    /// In characters: no line of base64 is as short, but for the last.
    const LEAST: usize = 24;
    let is_framed = find::contains(text, "--");
    let is_der = |block: &Block| block.der.starts_with(&[tag::SEQUENCE]);
    let is_der = found.as_ref().is_ok_and(|found| found.blocks.iter().any(is_der));
    let are_words = text.split(['\n', ' ']).all(|word| word.len() < LEAST);
    let is_begun = found.is_ok() || text.trim_start().starts_with(['M', 'L']);
    if is_framed || is_der || (is_begun && !are_words) {
        return found;
    }
    Err(ParseError {
        code: ParseErrorCode::Base64,
        ..other::instead(other::NEITHER)
    })
}
