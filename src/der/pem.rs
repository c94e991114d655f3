//! PEM (RFC 7468): frames found in a text, however they are written, and frames written as they should be.

use crate::{base64, find};

/// What a frame begins with.
pub const BEGIN: &str = "-----BEGIN ";
/// What closes it.
pub const END: &str = "-----END ";
const DASHES: &str = "-----";

/// What is between a BEGIN and the next one.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    /// What is in its BEGIN line.
    pub label: &'a str,
    /// What is between the two lines.
    pub base64: &'a str,
    /// Whether an END line closes it, with the same label.
    pub closed: bool,
    /// What is behind the END line.
    pub after: &'a str,
    /// What follows the next BEGIN.
    pub next: Option<&'a str>,
    /// Whether the BEGIN is the first thing on its line, and no white space is around the labels.
    pub is_on_a_line: bool,
}

impl<'a> Section<'a> {
    /// Cuts a section from what follows a BEGIN in a text. None when its line does not end in five dashes.
    #[must_use]
    pub fn cut(text: &'a str, rest: &'a str) -> Option<Self> {
        let at = offset_in(text, rest);
        let Some((label, DASHES, body)) = first_of(rest, &[BEGIN, DASHES]) else {
            return None;
        };
        let is_trimmed = |label: &str| label.trim().len() == label.len();
        let (is_labelled, label) = (is_trimmed(label), label.trim());
        // More than five dashes are none of its base64.
        let body = body.trim_start_matches('-');
        let before = at.checked_sub(BEGIN.len()).and_then(|end| text.get(..end));
        let section = Self {
            label,
            base64: body,
            closed: false,
            after: "",
            next: None,
            is_on_a_line: is_labelled && before.is_none_or(|before| before.is_empty() || before.ends_with('\n')),
        };
        Some(match first_of(body, &[END, BEGIN]) {
            Some((base64, END, end)) => {
                let (label_to_mark, mark) =
                    first_of(end, &[BEGIN, DASHES]).map_or((end, ""), |(to, mark, _)| (to, mark));
                // Where the line lacks its dashes, what is below it is no part of it.
                let end_label = label_to_mark.split(['\n', '\r']).next().unwrap_or_default();
                let is_whole = mark == DASHES && end_label.len() == label_to_mark.len();
                let dashes = if is_whole { DASHES.len() } else { 0 };
                let after = end_label.len().saturating_add(dashes);
                let after = end.get(after..).unwrap_or_default();
                let (after, next) = match split(after, BEGIN) {
                    Some((after, next)) => (after, Some(next)),
                    None => (after, None),
                };
                Self {
                    base64: Some(base64.trim_end_matches('-'))
                        .filter(|lines| lines.ends_with('\n'))
                        .unwrap_or(base64),
                    closed: end_label.trim() == label,
                    is_on_a_line: section.is_on_a_line && is_trimmed(end_label),
                    after,
                    next,
                    ..section
                }
            }
            other => {
                let (unclosed, next) = other.map_or((body, None), |(unclosed, _, next)| (unclosed, Some(next)));
                let (base64, after) = before_odd_end(unclosed);
                Self {
                    base64,
                    after,
                    next,
                    ..section
                }
            }
        })
    }
}

/// The empty text where another one ends.
fn behind(text: &str) -> &str {
    text.get(text.len()..).unwrap_or_default()
}

/// Splits before an END line that has other dashes than five.
fn before_odd_end(body: &str) -> (&str, &str) {
    body.find(is_dash)
        .and_then(|at| body.split_at_checked(at))
        .filter(|(_, end)| is_frame(end.trim_start_matches(is_dash), &["END "]))
        .unwrap_or((body, behind(body)))
}

/// The dash, and what editors and mail programs make of it.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a text begins like a BEGIN or END line does after its dashes, in whatever case.
fn is_frame(text: &str, words: &[&str]) -> bool {
    let text = text.trim_start();
    let begins = |word: &&str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    words.iter().any(begins)
}

/// The text with the dashes that PEM has, if its frame has others: fewer, longer ones, with spaces, around small letters.
#[must_use]
pub fn repaired(text: &str) -> Option<String> {
    let is_whole = |part: &str| {
        let is_label = |c: char| c.is_ascii_alphanumeric() || c == ' ';
        part.len() <= 64 && part.trim().chars().all(is_label) && is_frame(part, &["BEGIN ", "END "])
    };
    let mut repaired = String::with_capacity(text.len());
    let mut has_begin = false;
    for part in text.split(is_dash) {
        if is_whole(part) {
            has_begin |= is_frame(part, &["BEGIN "]);
            repaired.push_str(DASHES);
            repaired.push_str(&part.trim().to_ascii_uppercase());
            repaired.push_str(DASHES);
        } else {
            repaired.push_str(part);
        }
    }
    has_begin.then_some(repaired)
}

/// Splits a text at a mark that begins with a dash, of which base64 has none.
#[must_use]
pub fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    first_of(text, &[mark]).map(|(before, _, after)| (before, after))
}

/// Splits a text at the first of these marks: the earliest, and of two at one place the one that is named first.
fn first_of<'a, 'm>(text: &'a str, marks: &[&'m str]) -> Option<(&'a str, &'m str, &'a str)> {
    let mut from = 0_usize;
    loop {
        let at = from.checked_add(text.get(from..)?.find('-')?)?;
        let (before, candidate) = text.split_at_checked(at)?;
        let found = marks
            .iter()
            .find_map(|mark| Some((*mark, candidate.strip_prefix(mark)?)));
        if let Some((mark, after)) = found {
            return Some((before, mark, after));
        }
        from = at.checked_add(1)?;
    }
}

/// DER in a PEM frame, in lines of 64 characters.
#[must_use]
pub fn write(label: &str, der: &[u8]) -> String {
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

/// What follows the header lines that RFC 1421 had: `Proc-Type: …` up to an empty line, or to the first that is none.
#[must_use]
pub fn without_headers(body: &str) -> Option<&str> {
    let mut rest = body.trim_start();
    if !find::has(rest, ':') {
        return None;
    }
    let blank = ["\n\n", "\n\r\n", "\r\r"];
    if let Some((_, after)) = blank.iter().find_map(|blank| find::split_once(rest, blank)) {
        return Some(after);
    }
    while let Some((line, after)) = rest.split_once(['\n', '\r'])
        && find::has(line, ':')
    {
        rest = after.trim_start();
    }
    Some(rest)
}

/// Where a part of a text begins.
#[must_use]
pub fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}
