//! Octets as numbers: hexadecimal digits alone, in the source of a program or in the columns of a dump, and the decimal numbers
//! that JavaScript prints of an array.

use der::{Reader, find, pem::BEGIN, tag};

/// Words that look like the beginning, of which no more are tried.
const MAX_STARTS: usize = 64;

/// In octets: shorter ones are other numbers.
const LEAST: usize = 16;

/// The octets of numbers that stand for DER or for PEM; None when they stand for neither.
///
/// Of a dump (xxd, hexdump, od, certutil, tcpdump) the lines begin with offsets. By the second one it is known how many
/// octets a line has, so that no text at the end of one is taken for octets.
pub(super) fn octets(text: &str) -> Option<Vec<u8>> {
    let lower = text.to_ascii_lowercase();
    let dump: Vec<&str> = lower.lines().skip_while(|line| !is_first_of_dump(line)).collect();
    let mut octets = Vec::new();
    if dump.is_empty() {
        // Five dashes, or a SEQUENCE.
        return starts(&lower, "2d2d2d2d2d")
            .chain(starts(&lower, "30"))
            .find_map(|text| {
                let mut octets = Vec::new();
                for line in text.lines() {
                    add(&mut octets, words(line), usize::MAX);
                }
                document(octets)
            })
            .or_else(|| {
                starts(&lower, "45")
                    .chain(starts(&lower, "48"))
                    .find_map(|text| document(decimal(text)))
            });
    }
    let width = match dump.get(1).and_then(|line| words(line).next()) {
        // od counts in octal.
        Some("0000020") => 16,
        Some(second) => usize::from_str_radix(second, 16).ok()?,
        None => usize::MAX,
    };
    for line in dump {
        let width = width.saturating_add(octets.len());
        add(&mut octets, words(line).skip(1), width);
    }
    if octets.get(1) == Some(&tag::SEQUENCE) {
        // In words of two octets, the second of which comes first.
        for pair in octets.as_chunks_mut::<2>().0 {
            pair.reverse();
        }
    }
    document(octets)
}

/// The text from each place on where it has this.
fn starts<'a>(text: &'a str, start: &'static str) -> impl Iterator<Item = &'a str> {
    let mut rest = Some(text);
    let starts = core::iter::from_fn(move || {
        let found = rest.and_then(|text| text.get(find::find(text, start)?..))?;
        rest = found.get(1..);
        Some(found)
    });
    starts.take(MAX_STARTS)
}

/// Octets that are PEM, or DER as far as they go.
fn document(mut octets: Vec<u8>) -> Option<Vec<u8>> {
    match Reader::new(&octets).expect(tag::SEQUENCE, "") {
        // What a dump has at the end of its last line may look like octets.
        Ok(whole) if whole.raw.len() > LEAST => {
            let length = whole.raw.len();
            octets.truncate(length);
            Some(octets)
        }
        Err(error) if error.is_truncated() && octets.len() > LEAST => Some(octets),
        _ => octets.starts_with(BEGIN.as_bytes()).then_some(octets),
    }
}

/// Whether a line begins with the offset zero, and goes on.
fn is_first_of_dump(line: &str) -> bool {
    let mut words = words(line);
    let is_zero = |word: &str| word.len() >= 4 && word.bytes().all(|digit| digit == b'0');
    words.next().is_some_and(is_zero) && words.next().is_some()
}

/// The octets that are written as decimal numbers, up to the first word that is none.
fn decimal(text: &str) -> Vec<u8> {
    words(text).map_while(|word| word.parse().ok()).collect()
}

/// What is between all that is neither letter nor digit.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.map(|word| {
        word.strip_prefix("0x")
            .or_else(|| word.strip_prefix('x'))
            .unwrap_or(word)
    });
    words.filter(|word| !word.is_empty())
}

/// Adds the octets of words up to the first that is none, or to so many octets in all.
fn add<'a>(octets: &mut Vec<u8>, words: impl Iterator<Item = &'a str>, most: usize) {
    for word in words {
        let (pairs, rest) = word.as_bytes().as_chunks::<2>();
        let is_hex = word.bytes().all(|digit| digit.is_ascii_hexdigit());
        if octets.len() >= most || !is_hex || !rest.is_empty() {
            break;
        }
        let value = |digit: u8| match digit {
            b'0'..=b'9' => digit.wrapping_sub(b'0'),
            _ => digit.wrapping_sub(b'a').wrapping_add(10),
        };
        octets.extend(pairs.iter().map(|&[high, low]| value(high) << 4 | value(low)));
    }
}
