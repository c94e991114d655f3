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
/// joiners, and the empty pattern of Braille), ends lines, or is in the place of what is not text.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'
            | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character looks like a full stop, so that one label looks like two (UTS 46, and Unicode's `confusables.txt`).
const fn looks_like_a_dot(c: char) -> bool {
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

/// Whether a character looks like a slash or lays one over the letter before it, so that the rest of a name looks like a path (`confusables.txt`).
const fn looks_like_a_slash(c: char) -> bool {
    matches!(
        c,
        '\u{337}'
            | '\u{338}'
            | '\u{2044}'
            | '\u{2215}'
            | '\u{2571}'
            | '\u{27cb}'
            | '\u{29f8}'
            | '\u{2afb}'
            | '\u{2afd}'
    )
}

/// Whether a character means nothing that people agree on: for private use, none at all, or in the place of a lost one.
pub(crate) const fn has_no_meaning(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffd}' | '\u{f0000}'..)
        || c as u32 & 0xfffe == 0xfffe
}

/// Whether a character in a host name deceives those who see it, or do not see it.
pub(crate) fn is_deceptive(c: char) -> bool {
    is_control(c) || looks_like_a_dot(c) || looks_like_a_slash(c) || has_no_meaning(c) || c.is_whitespace()
}

/// Whether a character combines with the one before it: the blocks of marks, and those of the most used scripts.
pub(crate) const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}' | '\u{670}'
            | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{93c}' | '\u{93e}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
            | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
            | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}'
    )
}

/// Whether a text has letters of more than one of the scripts whose letters look alike: Latin, Greek and Cyrillic.
pub(crate) fn mixes_scripts(text: &str) -> bool {
    let script = |c: char| match c {
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => 1,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => 2,
        '\u{400}'..='\u{52f}' => 4,
        _ => 0_u8,
    };
    text.chars().fold(0, |all, c| all | script(c)).count_ones() > 1
}

/// Whether a character is not shown but may change how others are.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || turns_direction(c) || is_invisible(c)
}
