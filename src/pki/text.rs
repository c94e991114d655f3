//! Characters that do not look like what they are.

/// Whether a character turns the direction of the text around it (UAX 9, 2).
pub(crate) const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character joins its neighbours or keeps them apart: some scripts need it, and it is never seen itself.
pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a character is not seen at all (`Default_Ignorable_Code_Point` in Unicode's `DerivedCoreProperties.txt`, but for
/// joiners), or ends lines.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'
            | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character looks like a full stop, so that one label looks like two (UTS 46, and Unicode's `confusables.txt`).
pub(crate) const fn looks_like_a_dot(c: char) -> bool {
    matches!(
        c,
        '\u{660}' | '\u{6d4}' | '\u{6f0}' | '\u{701}' | '\u{702}' | '\u{2024}'
            ..='\u{2027}'
                | '\u{3002}'
                | '\u{a4f8}'
                | '\u{a60e}'
                | '\u{fe12}'
                | '\u{fe52}'
                | '\u{ff0e}'
                | '\u{ff61}'
                | '\u{10a50}'
                | '\u{1d16d}'
    )
}

/// Whether a character is not shown but may change how others are.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || turns_direction(c) || is_invisible(c)
}
