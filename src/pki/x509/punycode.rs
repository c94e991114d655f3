//! International names for people: RFC 3492, the direction from `xn--` to Unicode only.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;
/// A DNS label has no more; decoding is quadratic, so longer ones are not tried.
const MAX_LABEL: usize = 63;

/// A host name in its displayable form; None when it has no international label, or one that cannot be decoded.
pub(crate) fn to_unicode(name: &str) -> Option<String> {
    if !labels(name).any(is_encoded) {
        return None;
    }
    let decoded: Option<Vec<String>> = labels(name)
        .map(|label| match encoded_part(label) {
            Some(encoded) => decode(encoded),
            None => Some(label.to_owned()),
        })
        .collect();
    Some(decoded?.join("."))
}

/// Whether the label begins with `xn--`, in whatever case.
pub(crate) fn is_encoded(label: &str) -> bool {
    encoded_part(label).is_some()
}

/// Whether the label begins with `xn--` and holds what that promises: characters beyond ASCII, and none that control
/// something, are a space, or are a full stop in another script, which would make two labels of one.
pub(crate) fn is_decodable(label: &str) -> bool {
    let is_stray = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '。' | '．' | '｡');
    encoded_part(label)
        // An encoder writes no delimiter when there is nothing before it (RFC 3492, 6.3).
        .filter(|encoded| encoded.rfind('-') != Some(0))
        .and_then(decode)
        .is_some_and(|text| !text.is_ascii() && !text.contains(is_stray))
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
    use super::{is_decodable, to_unicode};

    #[test]
    fn international_names_are_shown_as_people_write_them() {
        assert_eq!(to_unicode("xn--bcher-kva.example").as_deref(), Some("bücher.example"));
        assert_eq!(to_unicode("*.xn--mnchen-3ya.de").as_deref(), Some("*.münchen.de"));
        assert_eq!(to_unicode("XN--FIQ228C.com").as_deref(), Some("中文.com"));
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
        assert!(is_decodable("xn--bcher-kva"));
        assert!(!is_decodable("xn--"));
        assert!(!is_decodable("xn--a"));
        assert!(!is_decodable("xn--abc-"));
        assert!(!is_decodable("xn--99999999999"));
        assert!(!is_decodable("xn---foo"));
        // An ideographic full stop between two letters.
        assert!(!is_decodable("xn--ab-r13a"));
        assert!(!is_decodable("plain"));
    }
}
