//! International names for people: RFC 3492, the direction from `xn--` to Unicode only.

use crate::{
    platform,
    text::{is_deceptive, is_joiner, is_mark, mixes_scripts},
};

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;
/// A DNS label has no more; decoding is quadratic, so longer ones are not tried.
const MAX_LABEL: usize = 63;

/// A host name in its displayable form; None when it has no international label, or one that cannot be decoded or should not
/// be shown, for it would look like another.
pub(crate) fn to_unicode(name: &str) -> Option<String> {
    if !labels(name).any(is_encoded) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let decoded: Option<Vec<String>> = labels(&name)
        .map(|label| {
            if is_encoded(label) {
                decoded(label).filter(|text| Flaw::of(text).is_none())
            } else {
                Some(label.to_owned())
            }
        })
        .collect();
    Some(decoded?.join("."))
}

/// Whether the label begins with `xn--`, in whatever case.
pub(crate) fn is_encoded(label: &str) -> bool {
    encoded_part(label).is_some()
}

/// What a label that begins with `xn--` stands for, if it holds what that promises: characters beyond ASCII. Its case does not
/// count (RFC 5891, 5.3): it is that of the name, and not of what the label stands for.
pub(crate) fn decoded(label: &str) -> Option<String> {
    encoded_part(label)
        // An encoder writes no delimiter when there is nothing before it (RFC 3492, 6.3).
        .filter(|encoded| encoded.rfind('-') != Some(0))
        .and_then(|encoded| decode(&encoded.to_ascii_lowercase()))
        .filter(|text| !text.is_ascii())
}

/// Why what a label stands for should not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It has a character that is not seen, turns the direction of others, looks like a dot or a slash, has no meaning, or is
    /// replaced by others (NFKC, small letters) in whatever reads names; or it begins with a mark.
    Deceptive(char),
    /// It has letters of scripts that look alike.
    Mixed,
    /// It has a joiner, which is right in some scripts and places.
    Joiner(char),
    /// It is not in normal form C (RFC 5890, 2.3.2.1): another label looks the same.
    NotNormal,
}

impl Flaw {
    pub(crate) fn of(text: &str) -> Option<Self> {
        let find = |is_such: fn(char) -> bool| text.chars().find(|&c| is_such(c));
        let mark = text.chars().next().filter(|&c| is_mark(c));
        let not_normal = || (!platform::is_normal(text, "NFC")).then_some(Self::NotNormal);
        // Of Cherokee, names have the capitals (UTS 46).
        let is_capital =
            |text: &str| platform::folded(text) != text && !text.contains(|c| matches!(c, '\u{13a0}'..='\u{13f5}'));
        let is_replaced = |text: &str| !platform::is_normal(text, "NFKC") || is_capital(text);
        let replaced = || text.chars().find(|c| is_replaced(c.encode_utf8(&mut [0; 4])));
        find(is_deceptive)
            .or(mark)
            .map(Self::Deceptive)
            .or_else(not_normal)
            .or_else(|| is_replaced(text).then(replaced)?.map(Self::Deceptive))
            .or_else(|| mixes_scripts(text).then_some(Self::Mixed))
            .or_else(|| find(is_joiner).map(Self::Joiner))
    }
}

fn labels(name: &str) -> core::str::Split<'_, char> {
    name.split('.')
}

fn encoded_part(label: &str) -> Option<&str> {
    let (prefix, rest) = label.split_at_checked(4)?;
    prefix.eq_ignore_ascii_case("xn--").then_some(rest)
}

/// RFC 3492, 6.2.
fn decode(encoded: &str) -> Option<String> {
    if encoded.len() > MAX_LABEL {
        return None;
    }
    let (basic, extended) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut output: Vec<char> = basic.chars().collect();
    let mut digits = extended.bytes();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0_u32, INITIAL_BIAS);
    while digits.len() > 0 {
        let old_i = i;
        let mut weight = 1_u32;
        let mut k = BASE;
        loop {
            let digit = digit(digits.next()?)?;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE.checked_sub(threshold)?)?;
            k = k.checked_add(BASE)?;
        }
        let length = u32::try_from(output.len()).ok()?.checked_add(1)?;
        bias = adapt(i.checked_sub(old_i)?, length, old_i == 0)?;
        n = n.checked_add(i.checked_div(length)?)?;
        i = i.checked_rem(length)?;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i = i.checked_add(1)?;
    }
    Some(output.into_iter().collect())
}

fn digit(octet: u8) -> Option<u32> {
    char::from(octet).to_digit(BASE).map(|value| {
        if value < 10 {
            value.saturating_add(26)
        } else {
            value.saturating_sub(10)
        }
    })
}

/// RFC 3492, 6.1.
fn adapt(delta: u32, length: u32, first: bool) -> Option<u32> {
    let mut delta = delta.checked_div(if first { DAMP } else { 2 })?;
    delta = delta.checked_add(delta.checked_div(length)?)?;
    let mut k = 0_u32;
    // ((BASE - T_MIN) * T_MAX) / 2
    while delta > 455 {
        delta = delta.checked_div(BASE.checked_sub(T_MIN)?)?;
        k = k.checked_add(BASE)?;
    }
    // (BASE - T_MIN + 1) is BASE
    k.checked_add(BASE.checked_mul(delta)?.checked_div(delta.checked_add(SKEW)?)?)
}

#[cfg(test)]
mod tests {
    use super::{Flaw, decoded, to_unicode};

    #[test]
    fn international_names_are_shown_as_people_write_them() {
        assert_eq!(to_unicode("xn--bcher-kva.example").as_deref(), Some("bücher.example"));
        assert_eq!(to_unicode("*.xn--mnchen-3ya.de").as_deref(), Some("*.münchen.de"));
        assert_eq!(to_unicode("XN--FIQ228C.com").as_deref(), Some("中文.com"));
        for name in ["XN--BCHER-KVA.DE", "Xn--Bcher-Kva.de", "xn--bcher-KVA.De"] {
            assert_eq!(to_unicode(name).as_deref(), Some("bücher.de"), "{name}");
        }
        // RFC 3492, 7.1 (A) and (S)
        assert_eq!(
            to_unicode("xn--egbpdaj6bu4bxfgehfvwxn").as_deref(),
            Some("ليهمابتكلموشعربي؟")
        );
        assert_eq!(to_unicode("xn---> $1.00 <--").as_deref(), None);
        assert_eq!(to_unicode("example.com"), None);
    }

    #[test]
    fn what_is_no_punycode_is_not_decoded() {
        assert!(decoded("xn--bcher-kva").is_some());
        for label in ["xn--", "xn--abc-", "xn--99999999999", "xn---foo", "plain"] {
            assert_eq!(decoded(label), None, "{label}");
        }
    }

    #[test]
    fn what_would_look_like_another_name_is_not_shown() {
        for (label, flaw) in [
            // b\u{fc}cher with a combining diaeresis.
            ("xn--bucher-xyd", Flaw::NotNormal),
            // An ideographic full stop, a one dot leader and an Arabic zero between two letters.
            ("xn--ab-r13a", Flaw::Deceptive('\u{3002}')),
            ("xn--ab-l3t", Flaw::Deceptive('\u{2024}')),
            ("xn--ab-7xd", Flaw::Deceptive('\u{660}')),
            ("xn--ab-g4t", Flaw::Deceptive('\u{202e}')),
            ("xn--ab-g1t", Flaw::Deceptive('\u{200b}')),
            ("xn--a", Flaw::Deceptive('\u{80}')),
            ("xn--ab-j1t", Flaw::Joiner('\u{200c}')),
            // What normal form KC makes others of, dots among them.
            ("xn--abc-ie4a", Flaw::Deceptive('\u{2488}')),
            ("xn--abc-ib92b", Flaw::Deceptive('\u{1f100}')),
            ("xn--ab-2e6a", Flaw::Deceptive('\u{33c2}')),
            ("xn--ab-kfa", Flaw::Deceptive('\u{bd}')),
            ("xn--x-sy8h", Flaw::Deceptive('\u{fb01}')),
            ("xn--72g", Flaw::NotNormal),
            // A blank, and what has no meaning.
            ("xn--abc-z96a", Flaw::Deceptive('\u{2800}')),
            ("xn--abc-2t7s", Flaw::Deceptive('\u{fffc}')),
            ("xn--abc-6t7s", Flaw::Deceptive('\u{fffd}')),
            ("xn--abc-b30q", Flaw::Deceptive('\u{e000}')),
            ("xn--abc-4r323a", Flaw::Deceptive('\u{f0000}')),
            ("xn--abc-j05s", Flaw::Deceptive('\u{fdd0}')),
            ("xn--abc-fu7s", Flaw::Deceptive('\u{ffff}')),
            // Slashes, and a mark without a letter.
            ("xn--ab-c6t", Flaw::Deceptive('\u{2044}')),
            ("xn--ab-6bv", Flaw::Deceptive('\u{2215}')),
            ("xn--ab-88z", Flaw::Deceptive('\u{29f8}')),
            ("xn--abc-jdc", Flaw::Deceptive('\u{301}')),
            // Slashes and what lays one over a letter, and capitals.
            ("xn--ab-wfx", Flaw::Deceptive('\u{2571}')),
            ("xn--ab-mw0a", Flaw::Deceptive('\u{2afd}')),
            ("xn--ab-iwy", Flaw::Deceptive('\u{27cb}')),
            ("xn--ab-yyb", Flaw::Deceptive('\u{338}')),
            ("xn--ab-vyb", Flaw::Deceptive('\u{337}')),
            ("xn--pfel-zja", Flaw::Deceptive('Ä')),
            ("xn--qca1a", Flaw::Deceptive('Ö')),
            ("xn--g0aqf", Flaw::Deceptive('Д')),
            // A Cyrillic letter in paypal, Greek ones in google, and both.
            ("xn--pypal-4ve", Flaw::Mixed),
            ("xn--ggle-0nda", Flaw::Mixed),
            ("xn--mxa7w", Flaw::Mixed),
        ] {
            let text = decoded(label).unwrap_or_default();
            assert_eq!(Flaw::of(&text), Some(flaw), "{label}: {text:?}");
            assert_eq!(to_unicode(&[label, ".com"].concat()), None, "{label}");
        }
        // One script each, with digits: Cyrillic, Greek, Latin; and the capitals of Cherokee.
        for label in [
            "xn--1-gtbdum1a7g",
            "xn--vxaejmc7c",
            "xn--d-uga0v4h",
            "xn--zca",
            "xn--f9dt7l",
        ] {
            assert_eq!(Flaw::of(&decoded(label).unwrap_or_default()), None, "{label}");
        }
    }
}
