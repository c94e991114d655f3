//! Search for short texts and characters. `str::find` is made for patterns of any length, at the price of some kilobytes of wasm.

/// Where a text first has another one.
#[must_use]
pub fn find(text: &str, wanted: &str) -> Option<usize> {
    let Some(first) = wanted.chars().next() else {
        return Some(0);
    };
    let mut from = 0_usize;
    loop {
        from = from.checked_add(text.get(from..)?.find(first)?)?;
        if text.get(from..)?.starts_with(wanted) {
            return Some(from);
        }
        from = from.checked_add(first.len_utf8())?;
    }
}

/// Whether a text has another one.
#[must_use]
pub fn contains(text: &str, wanted: &str) -> bool {
    find(text, wanted).is_some()
}

/// Whether a text has a character. `str::contains` takes it for a text, which makes the search for those a part of the wasm.
#[allow(clippy::search_is_some, reason = "as it says")]
#[must_use]
pub fn has(text: &str, wanted: char) -> bool {
    text.find(wanted).is_some()
}

/// What is before and after the first place of another text.
#[must_use]
pub fn split_once<'a>(text: &'a str, wanted: &str) -> Option<(&'a str, &'a str)> {
    let (before, rest) = text.split_at_checked(find(text, wanted)?)?;
    Some((before, rest.strip_prefix(wanted)?))
}

/// Whether octets have others among them.
#[must_use]
pub fn has_octets(octets: &[u8], wanted: &[u8]) -> bool {
    let mut rest = octets;
    while !rest.starts_with(wanted) {
        let [_, after @ ..] = rest else { return false };
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{contains, find, split_once};

    proptest! {
        #[test]
        fn it_finds_what_the_standard_library_finds(text in "[ab\u{e4}]{0,12}", wanted in "[ab\u{e4}]{0,3}") {
            prop_assert_eq!(find(&text, &wanted), text.find(&wanted));
            prop_assert_eq!(contains(&text, &wanted), text.contains(&wanted));
            prop_assert_eq!(split_once(&text, &wanted), text.split_once(&wanted));
        }
    }
}
