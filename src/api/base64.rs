//! Base64, as far as JWTs, CSRs, recognizing private keys and redaction need it. The whole of it is in `der`, which only the
//! reader loads.

use crate::text::replace;

/// The octets of a text in either alphabet, padded or not (RFC 4648, 4 and 5).
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte.checked_sub(b'A')?,
            b'a'..=b'z' => byte.checked_sub(b'a')?.checked_add(26)?,
            b'0'..=b'9' => byte.checked_sub(b'0')?.checked_add(52)?,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6_u32) | u32::from(six);
        held = held.checked_add(6)?;
        if held >= 8 {
            held = held.checked_sub(8)?;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1_u32 << held).checked_sub(1)?;
        }
    }
    Some(bytes)
}

/// What octets look like within base64 of something longer that has them: in each alphabet, at each of the three places that
/// they can have in a group. The characters that depend on what is beside them are left out.
#[must_use]
pub fn within(octets: &[u8]) -> Vec<String> {
    const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut texts = Vec::new();
    for before in 0..3_usize {
        let shifted: Vec<u8> = core::iter::repeat_n(0, before).chain(octets.iter().copied()).collect();
        let bit = |at: usize| {
            let octet = shifted.get(at >> 3_u32)?;
            Some(u32::from(octet >> 7_usize.saturating_sub(at & 7)) & 1)
        };
        // Six bits from `at` on, if all of them are there.
        let six = |at: usize| (at..at.saturating_add(6)).try_fold(0_u32, |six, at| Some((six << 1_u32) | bit(at)?));
        let first = before.saturating_mul(8).div_ceil(6);
        let characters = (first..).map_while(|place| six(place.saturating_mul(6)));
        let text: String = characters
            .filter_map(|six| STANDARD.get(usize::try_from(six).ok()?).map(|octet| char::from(*octet)))
            .collect();
        let for_urls = replace(&replace(&text, "+", "-"), "/", "_");
        if for_urls != text {
            texts.push(for_urls);
        }
        texts.push(text);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{decode, within};

    #[test]
    fn octets_are_found_within_longer_base64() {
        for longer in ["c2VjcmV0", "eHNlY3JldHg=", "eHhzZWNyZXR4"] {
            assert!(within(b"secret").iter().any(|text| longer.contains(text)), "{longer}");
        }
        assert!(within(&[0xfb, 0xff, 0xfe]).contains(&"+//+".to_owned()));
        assert!(within(&[0xfb, 0xff, 0xfe]).contains(&"-__-".to_owned()));
        assert_eq!(within(b"").concat(), "");
    }

    #[test]
    fn either_alphabet_is_read() {
        assert_eq!(decode("aGk").unwrap(), b"hi");
        assert_eq!(decode("_-8=").unwrap(), [0xff, 0xef]);
        assert_eq!(decode("+/8=").unwrap(), [0xfb, 0xff]);
        assert_eq!(decode("a b"), None);
    }
}
