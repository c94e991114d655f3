//! What others wrote, in a message.

use core::fmt::{self, Write};

use der::find;

use crate::text::{is_control, is_joiner};

/// A name for a message.
pub(super) const fn shown(name: &str) -> Shown<'_> {
    Shown(name)
}

/// A name that is cut if it is long, and has a mark in place of each control character. Of what is neither a name nor words only
/// the very beginning is shown: it may be a key in the wrong place.
pub(super) struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The longest label of a name (RFC 1035, 2.3.4), and longer than any word.
        const LONGEST_WORD: usize = 63;
        let is_word = |word: &str| word.len() <= LONGEST_WORD;
        let is_words = self.0.split(|c: char| c == '.' || c.is_whitespace()).all(is_word);
        let most = if is_words && !find::contains(self.0, "-----") {
            64
        } else {
            8
        };
        let mut characters = self.0.chars();
        for c in characters.by_ref().take(most) {
            let is_hidden = is_control(c) || is_joiner(c);
            f.write_char(if is_hidden { char::REPLACEMENT_CHARACTER } else { c })?;
        }
        f.write_str(if characters.as_str().is_empty() { "" } else { "…" })
    }
}
