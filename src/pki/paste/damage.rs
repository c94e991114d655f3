//! What happened to base64 on its way, as far as its lines tell. Nothing of them is shown: they may be a key.

use der::{
    base64::{is_digit, is_filler},
    find,
};

/// What pagers and editors write between lines, in small letters, and what that is.
const STRANGERS: [(&str, &str); 11] = [
    (
        "<<<<<<<",
        "is the mark of a merge conflict, which is to be resolved first",
    ),
    ("--more--", PAGER),
    ("- more -", PAGER),
    ("\u{c}", PAGE),
    ("page ", PAGE),
    ("...", LEFT_OUT),
    ("\u{2026}", LEFT_OUT),
    ("<snip", LEFT_OUT),
    ("[snip", LEFT_OUT),
    ("wrote:", "is not of it, but of a mail"),
    ("\u{fffd}", "has a character that was lost"),
];
const PAGER: &str = "is a pager's (--More--)";
const PAGE: &str = "is of a page break";
const LEFT_OUT: &str = "stands for what is left out";

/// The lines of a text up to a place. They are counted once, for as many parts of it as are damaged.
#[derive(Default)]
pub(super) struct Lines {
    octets: usize,
    count: usize,
}

impl Lines {
    fn up_to(&mut self, text: &str, octets: usize) -> usize {
        let between = text.get(self.octets..octets).unwrap_or_default();
        self.count = self.count.saturating_add(between.matches('\n').count());
        self.octets = octets;
        self.count
    }
}

/// A sentence about base64, or what should be, in a text, of which no part behind it was asked about before.
pub(super) fn of(text: &str, base64: &str, lines: &mut Lines) -> String {
    let before = lines.up_to(text, der::pem::offset_in(text, base64));
    let found = line(base64).map(|(line, what)| {
        let number = before.saturating_add(line).saturating_add(1);
        format!("line {number} {what}")
    });
    let found = found.unwrap_or_else(|| "lines or characters of it are missing, doubled or swapped".to_owned());
    format!(" If it was copied, {found}: copy it again, whole.")
}

/// The first line that is not as the others are, and what is odd about it.
fn line(base64: &str) -> Option<(usize, String)> {
    let lines = || {
        base64
            .split('\n')
            .map(|line| line.trim_matches(|c| is_filler(c) && c != '\u{c}'))
    };
    let found = lines().enumerate().find_map(|(at, line)| {
        let lower = line.to_ascii_lowercase();
        let stranger = STRANGERS.iter().find(|(mark, _)| find::contains(&lower, mark));
        Some((at, stranger?.1.to_owned()))
    });
    if found.is_some() {
        return found;
    }
    let is_digits = |line: &str| line.bytes().all(is_digit);
    let written = || lines().enumerate().filter(|(_, line)| !line.is_empty());
    let number = |line: &str| line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('-');
    if written().count() > 1 && written().all(|(_, line)| number(line)) {
        return Some((written().next()?.0, "begins with its number, as all do".to_owned()));
    }
    let width = written().next()?.1.len();
    let (mut previous, last) = ("", written().last()?.0);
    written().find_map(|(at, line)| {
        let is_doubled = line == core::mem::replace(&mut previous, line);
        let what = if !is_digits(line) {
            "has something else in it than base64".to_owned()
        } else if is_doubled {
            "is there twice".to_owned()
        } else if line.len() > width || (line.len() < width && at != last) {
            format!("has {} characters, and the first {width}", line.len())
        } else {
            return None;
        };
        Some((at, what))
    })
}
