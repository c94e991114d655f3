//! Base64 without a frame, among other text: the value of a field, an element, an attachment, one body after another, with
//! anything at both ends of its lines. DER says how long it is, so that nothing has to be guessed about where it ends.

use core::ops::Range;

use der::{
    base64::{self, skip},
    find, tag,
};

use crate::paste::charset::has_frame;

/// Of `-----BEGIN C`, `N` or `P` in base64, as far as they are the same.
pub(super) const FILE: &str = "LS0tLS1CRUdJTi";

/// The same behind other text, by where in a group of three octets it begins.
const IN_FILE: [&str; 3] = [FILE, "0tLS0tQkVHSU4g", "tLS0tLUJFR0lO"];

/// In digits: shorter words are words.
const LEAST: usize = 16;

/// Lines with something at their ends, of which no more are tried.
const MAX_COLUMNS: usize = 64;

/// What there is of base64.
#[derive(Debug)]
pub(super) struct Bare {
    pub place: Range<usize>,
    pub octets: Vec<u8>,
}

/// All base64 in a text that begins like a document: DER, or PEM in base64 once more.
pub(super) fn all(text: &str) -> Vec<Bare> {
    let (mut found, mut from, mut tries) = (Vec::new(), 0_usize, MAX_COLUMNS);
    while let Some((start, word)) = next(text, from) {
        let rest = text.get(start..).unwrap_or_default();
        let most = digits_of(word);
        let mut run = Run::of_words(rest, most);
        let is_file = is_file(word);
        if run.digits.len() < most && !is_file && tries > 0 {
            tries = tries.saturating_sub(1);
            let line = text.get(..start).and_then(|before| before.rfind('\n'));
            let line = line.map_or(0, |end| end.saturating_add(1));
            let columns = Run::of_column(text.get(line..).unwrap_or_default(), start.saturating_sub(line), most);
            if columns.digits.len() >= most {
                let length = columns.length.saturating_sub(start.saturating_sub(line));
                run = Run { length, ..columns };
            }
        }
        let octets = base64::decode(&base64::in_usual_alphabet(&run.digits));
        let end = start.saturating_add(run.length.max(word.len()));
        let padding = text
            .get(end..)
            .unwrap_or_default()
            .bytes()
            .take_while(|&octet| octet == b'=');
        from = end.saturating_add(padding.count());
        if let Ok(octets) = octets.map(|decoded| decoded.octets)
            && (!is_file || has_frame(&octets))
        {
            let place = start..from;
            found.push(Bare { place, octets });
        }
    }
    found
}

/// Where the next word is that begins like a document, or holds the beginning of PEM, and the word.
fn next(text: &str, from: usize) -> Option<(usize, &str)> {
    let mut from = from;
    loop {
        let rest = text.get(from..)?;
        let at = from.saturating_add(rest.find(|c: char| c.is_ascii_alphanumeric())?);
        let (before, rest) = text.split_at_checked(at)?;
        let word = word(rest);
        let is_inside = before.as_bytes().last().is_some_and(|octet| is_digit(*octet));
        if !is_inside && word.len() >= LEAST && (digits_of(word) > 0) {
            return Some((at, word));
        }
        from = at.saturating_add(word.len().max(1));
    }
}

fn is_file(word: &str) -> bool {
    IN_FILE.iter().any(|mark| find::contains(word, mark))
}

/// How many digits what begins like this has: as many as its length says, or as there are; none for what is no document.
fn digits_of(word: &str) -> usize {
    if is_file(word) {
        return usize::MAX;
    }
    let start = word
        .get(..8)
        .filter(|start| start.starts_with("MI"))
        .map(base64::in_usual_alphabet);
    let octets = start.and_then(|start| base64::decode(&start).ok());
    let length = octets.and_then(|decoded| length_of(&decoded.octets));
    length.map_or(0, |length| {
        length.checked_mul(4).map_or(usize::MAX, |digits| digits.div_ceil(3))
    })
}

/// How many octets DER has that begins like this, as it says itself; all that come where the length is indefinite.
pub(super) fn length_of(start: &[u8]) -> Option<usize> {
    let length = match *start {
        [tag::SEQUENCE, 0x80, ..] => return Some(usize::MAX),
        [tag::SEQUENCE, a @ ..0x80, ..] => usize::from(a).saturating_add(2),
        [tag::SEQUENCE, 0x81, a, ..] => usize::from(a).saturating_add(3),
        [tag::SEQUENCE, 0x82, a, b, ..] => usize::from(u16::from_be_bytes([a, b])).saturating_add(4),
        [tag::SEQUENCE, 0x83, a, b, c, ..] => usize::try_from(u32::from_be_bytes([0, a, b, c]))
            .ok()?
            .saturating_add(5),
        _ => return None,
    };
    Some(length)
}

fn is_digit(octet: u8) -> bool {
    octet != b'=' && base64::is_digit(octet)
}

/// The digits with which a text begins. Five dashes are those of a frame, and so are two without digits before them.
fn word(text: &str) -> &str {
    const FRAME: usize = 5;
    if text.starts_with("--") {
        return "";
    }
    let mut dashes = 0_usize;
    // No further than its end: otherwise a text of nothing but frames would take quadratic time.
    let end = text.bytes().position(|octet| {
        dashes = if octet == b'-' { dashes.saturating_add(1) } else { 0 };
        dashes == FRAME || !is_digit(octet)
    });
    let end = end.map_or(text.len(), |end| {
        end.saturating_add(1)
            .saturating_sub(if dashes == FRAME { FRAME } else { 1 })
    });
    text.get(..end).unwrap_or_default()
}

/// The digits of one thing.
struct Run {
    digits: String,
    /// Of the text up to its end.
    length: usize,
    /// In digits: how wide its lines are; nothing as long as there is one.
    width: usize,
    words: usize,
}

impl Run {
    const fn new() -> Self {
        Self {
            digits: String::new(),
            length: 0,
            width: 0,
            words: 0,
        }
    }

    /// Adds a word that ends at a place, if its lines are as wide as those before: all but the first, which may have
    /// something before it, and the last. Whether more can follow.
    fn add(&mut self, word: &str, end: usize, most: usize) -> bool {
        let is_last = self.digits.len().saturating_add(word.len()) >= most;
        let is_fit = match self.words {
            0 => true,
            1 => word.len() >= self.width,
            _ => word.len() == self.width,
        };
        if !is_fit && !is_last && most != usize::MAX {
            return false;
        }
        self.width = word.len();
        self.words = self.words.saturating_add(1);
        self.digits.push_str(word);
        self.length = end;
        !is_last
    }

    /// Words with nothing between them but what may be there.
    fn of_words(text: &str, most: usize) -> Self {
        let mut run = Self::new();
        let mut rest = text;
        loop {
            let word = word(rest);
            let is_other = run.words > 0 && word.starts_with(FILE);
            let after = rest.get(word.len()..).unwrap_or_default();
            let end = text.len().saturating_sub(after.len());
            if word.is_empty() {
                match skip(rest) {
                    Some(after) => rest = after,
                    None => return run,
                }
                continue;
            }
            if is_other || !run.add(word, end, most) {
                return run;
            }
            rest = after;
            if rest.starts_with('=') {
                return run;
            }
        }
    }

    /// Of each line the word that has the place of the first one, counted from its beginning.
    fn of_column(text: &str, place: usize, most: usize) -> Self {
        let words = |line| {
            let is_digit = |c: char| u8::try_from(c).is_ok_and(is_digit) && !matches!(c, '-' | '_');
            let words = str::split(line, move |c| !is_digit(c));
            words.filter(|word| !word.is_empty())
        };
        let column = words(text.get(..place).unwrap_or_default()).count();
        let mut run = Self::new();
        for line in text.split(['\n', '\r']).filter(|line| !line.is_empty()) {
            let Some(word) = words(line).nth(column) else {
                break;
            };
            let end = der::pem::offset_in(text, word).saturating_add(word.len());
            if !run.add(word, end, most) {
                break;
            }
        }
        run
    }
}
