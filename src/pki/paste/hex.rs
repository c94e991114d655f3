//! Octets as numbers: hexadecimal digits alone, in the source of a program or in the columns of a dump; and the decimal or octal
//! numbers that programs print of an array.

use der::{
    Reader, find,
    pem::{BEGIN, offset_in},
    tag,
};

use crate::paste::{bare::length_of, kind::PastedKind};

/// Words that look like the beginning, of which no more are tried.
const MAX_STARTS: usize = 64;

/// Words behind the numbers of a line, of which no more are passed over.
const MAX_STRANGERS: usize = 64;

/// In octets: shorter ones are other numbers.
const LEAST: usize = 16;

/// In octets: no line of a dump is longer.
const LINE: usize = 4096;

/// The octets of all numbers that stand for DER or for PEM. What is cut off is there when there is nothing else.
pub(super) fn all(text: &str) -> Vec<Vec<u8>> {
    let lower = text.to_ascii_lowercase();
    let (mut found, mut cut) = (Vec::new(), None);
    let (mut rest, mut tries) = (lower.as_str(), MAX_STARTS);
    while tries > 0
        && let Some((start, form, is_dump)) = next(rest)
    {
        let (octets, end) = read(start, form, is_dump);
        let is_whole = octets.starts_with(BEGIN.as_bytes()) || Reader::new(&octets).any("").is_ok();
        // What follows its first word, for more of the same digits would be looked at from each of them.
        rest = match start.get(end..).filter(|_| is_whole) {
            Some(after) => after,
            None => start.trim_start_matches(|c: char| c.is_ascii_alphanumeric()),
        };
        if octets.len() < LEAST {
            continue;
        }
        if is_whole && (octets.starts_with(BEGIN.as_bytes()) || PastedKind::of(&octets) != PastedKind::Unknown) {
            found.push(octets);
        } else {
            tries = tries.saturating_sub(1);
            cut = cut.or((is_whole || Reader::of_cut(&octets).is_some()).then_some(octets));
        }
    }
    if found.is_empty() {
        found.extend(cut);
    }
    found
}

/// How numbers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Two digits an octet, in words of any length.
    Hex,
    /// Four digits for two octets, the second of which comes first.
    Swapped,
    /// Perhaps with a sign.
    Decimal,
    /// Three digits an octet, or six for two octets, the second of which comes first.
    Octal,
}

/// How the first octets of DER and of PEM are written, and what follows them, where that matters.
const STARTS: [(&str, &[&str], Form); 6] = [
    ("30", &[], Form::Hex),
    ("2d", &["2d"], Form::Hex),
    ("48", &[], Form::Decimal),
    ("45", &["45"], Form::Decimal),
    ("060", &[], Form::Octal),
    ("055", &["055"], Form::Octal),
];

fn form_of(first: &str, second: &str) -> Option<Form> {
    let is = |(start, next, _): &&(&str, &[&str], Form)| match first.strip_prefix(start) {
        Some("") => next.is_empty() || next.contains(&second),
        // In one word.
        Some(rest) => next.is_empty() || next.iter().any(|next| rest.starts_with(next)),
        None => false,
    };
    STARTS.iter().find(is).map(|(_, _, form)| *form)
}

/// The form of a word of two octets, the second of which comes first, and is that of DER.
fn form_of_pair(word: &str) -> Option<Form> {
    match word.len() {
        4 => word.ends_with("30").then_some(Form::Swapped),
        6 => u16::from_str_radix(word, 8)
            .is_ok_and(|pair| pair & 0xff == u16::from(tag::SEQUENCE))
            .then_some(Form::Octal),
        _ => None,
    }
}

/// The text from the next numbers on, their form, and whether they are those of a dump (xxd, hexdump, od, certutil, tcpdump), of
/// which each line begins with its offset.
fn next(text: &str) -> Option<(&str, Form, bool)> {
    let mut words = words(text).peekable();
    let mut offset = None;
    while let Some(word) = words.next() {
        if word.len() >= 4 && word.bytes().all(|digit| digit == b'0') {
            offset = Some(word);
            continue;
        }
        let form = form_of(word, words.peek().copied().unwrap_or_default());
        if let Some(form) = form.or_else(|| offset.and_then(|_| form_of_pair(word))) {
            let start = text.get(offset_in(text, offset.unwrap_or(word))..)?;
            return Some((start, form, offset.is_some()));
        }
        offset = None;
    }
    None
}

/// The octets from a place on, and where in the text they end: where DER ends, or the numbers. By the second line of a dump it is
/// known how many octets a line has, so that no text at the end of one is taken for octets.
fn read(text: &str, form: Form, is_dump: bool) -> (Vec<u8>, usize) {
    let first_line = text.bytes().take(LINE).position(|octet| octet == b'\n');
    let second = first_line
        .filter(|_| is_dump)
        .and_then(|end| words(text.get(end..)?).next());
    let width = second.map_or(usize::MAX, |second| match second {
        // od counts in octal, or in decimal.
        "0000020" | "0000016" => 16,
        second => usize::from_str_radix(second, 16).unwrap_or(usize::MAX),
    });
    let (mut octets, mut end, mut from) = (Vec::new(), 0, 0_usize);
    // How many octets there were before the line, and how many words of it are no numbers.
    let (mut before, mut strangers) = (None, 0_usize);
    let mut was_place = false;
    for word in words(text) {
        let at = offset_in(text, word);
        let between = text.get(from..at).unwrap_or_default();
        from = at.saturating_add(word.len());
        if before.is_none() || find::has(between, '\n') {
            if before == Some(octets.len()) {
                break;
            }
            (before, strangers) = (Some(octets.len()), 0);
            if is_dump {
                continue;
            }
        }
        // The place of a number in its array.
        let is_place = ["\":", ": "]
            .iter()
            .any(|mark| text.get(from..).is_some_and(|rest| rest.starts_with(mark)));
        // A number follows it.
        was_place = form == Form::Decimal && is_place && !was_place;
        if was_place {
            continue;
        }
        let in_line = octets.len().saturating_sub(before.unwrap_or_default());
        if strangers > 0 || in_line >= width || !form.add(&mut octets, word, between) {
            strangers = strangers.saturating_add(1);
            if strangers > MAX_STRANGERS {
                break;
            }
            continue;
        }
        end = from;
        let whole = length_of(&octets)
            .filter(|_| octets.len() > LEAST)
            .unwrap_or(usize::MAX);
        // hexdump makes the last octet two. In one word with it, there is more.
        if octets.len().saturating_sub(1) == whole || octets.len() == whole {
            octets.truncate(whole);
            break;
        }
    }
    (octets, end)
}

/// What is between all that is neither letter nor digit, without what a language writes before or after a number.
fn words(text: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.map(|word| {
        let number = word
            .strip_prefix("0x")
            .or_else(|| word.strip_prefix(['x', 'h']))
            .unwrap_or(word);
        number
            .strip_suffix('h')
            .filter(|number| number.len() == 2)
            .or_else(|| number.strip_suffix("u8"))
            .unwrap_or(number)
    });
    // Boxed, so that it is compiled once.
    Box::new(words.filter(|word| !word.is_empty() && *word != "byte"))
}

impl Form {
    /// Adds the octets of a word, which has this before it; whether it is a number.
    fn add(self, octets: &mut Vec<u8>, word: &str, before: &str) -> bool {
        let added = match self {
            Self::Hex | Self::Swapped => {
                let (pairs, rest) = word.as_bytes().as_chunks::<2>();
                let value = |digit: u8| {
                    char::from(digit)
                        .to_digit(16)
                        .and_then(|digit| u8::try_from(digit).ok())
                };
                let octet = |&[high, low]: &[u8; 2]| Some(value(high)? << 4 | value(low)?);
                let added: Option<Vec<u8>> = pairs.iter().map(octet).collect();
                match (word.as_bytes(), rest) {
                    (_, []) => added,
                    // Go leaves out the zero.
                    ([digit], _) if before.ends_with("0x") => value(*digit).map(|octet| vec![octet]),
                    _ => None,
                }
            }
            Self::Decimal => {
                let value = word.parse().ok().map(|value: u8| {
                    if before.ends_with('-') {
                        value.wrapping_neg()
                    } else {
                        value
                    }
                });
                value.map(|value| vec![value])
            }
            Self::Octal => u16::from_str_radix(word, 8).ok().and_then(|value| match word.len() {
                6 => Some(value.to_le_bytes().to_vec()),
                _ => Some(vec![u8::try_from(value).ok()?]),
            }),
        };
        let Some(mut added) = added else {
            return false;
        };
        if self == Self::Swapped {
            added.reverse();
        }
        octets.append(&mut added);
        true
    }
}
