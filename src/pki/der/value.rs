//! Numbers and bits.

use super::{DerError, Element};
use crate::natural::Natural;

/// Lower-case hexadecimal digits, two an octet.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    let digits: Vec<[u8; 2]> = bytes
        .iter()
        .map(|octet| [digit(octet >> 4), digit(octet & 0x0f)])
        .collect();
    // They are ASCII, so that this never loses anything.
    String::from_utf8(digits.into_flattened()).unwrap_or_default()
}

/// A whole number of any size and sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer<'a>(&'a [u8]);

impl<'a> Integer<'a> {
    pub(crate) const fn of(element: &Element<'a>) -> Self {
        Self(element.content)
    }

    pub(crate) fn is_negative(self) -> bool {
        self.0.first().is_some_and(|octet| octet & 0x80 != 0)
    }

    /// The value, if it is one of the small ones.
    pub(crate) fn small(self) -> Option<i64> {
        let fill = if self.is_negative() { 0xff } else { 0 };
        let mut octets = [fill; 8];
        let bytes = self.significant();
        octets
            .get_mut(8_usize.checked_sub(bytes.len())?..)?
            .copy_from_slice(bytes);
        Some(i64::from_be_bytes(octets))
    }

    /// A version: numbers beyond any that could be one end up at the bound.
    pub(crate) fn version(self) -> i32 {
        let bound = if self.is_negative() { i32::MIN } else { i32::MAX };
        self.small()
            .and_then(|value| i32::try_from(value).ok())
            .unwrap_or(bound)
    }

    /// The value; of a negative one, what its octets say when they are read as unsigned.
    pub(crate) fn unsigned(self) -> Natural {
        Natural::from_be_bytes(self.0)
    }

    /// The octets of the value, as `unsigned` takes it, without leading zeros.
    pub(crate) fn magnitude(self) -> &'a [u8] {
        let zeros = self.0.iter().take_while(|&&octet| octet == 0).count();
        self.0.get(zeros..).unwrap_or_default()
    }

    /// In decimal digits; a number that is longer than any key, in hexadecimal ones.
    pub(crate) fn to_decimal(self) -> String {
        match self.small() {
            Some(value) => value.to_string(),
            None if self.is_negative() || self.0.len() > 2048 => format!("0x{}", hex(self.0)),
            None => self.unsigned().to_decimal(),
        }
    }

    /// As OpenSSL shows a serial number: upper-case digits in pairs, with a minus sign where it belongs.
    pub(crate) fn to_hex(self) -> String {
        let mut magnitude = self.significant().to_vec();
        if self.is_negative() {
            // Two's complement: each bit the other way round, plus one.
            let mut carry = true;
            for octet in magnitude.iter_mut().rev() {
                (*octet, carry) = (!*octet).overflowing_add(u8::from(carry));
            }
        }
        let magnitude = match magnitude.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        let minus = if self.is_negative() { "-" } else { "" };
        format!("{minus}{}", hex(magnitude).to_ascii_uppercase())
    }

    /// Without the leading octets that only repeat the sign.
    fn significant(self) -> &'a [u8] {
        let mut bytes = self.0;
        while let [first, rest @ ..] = bytes {
            let repeats = match rest.first() {
                Some(next) => (*first == 0 && next & 0x80 == 0) || (*first == 0xff && next & 0x80 != 0),
                None => false,
            };
            if !repeats {
                break;
            }
            bytes = rest;
        }
        bytes
    }
}

/// A string of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BitString<'a> {
    pub bytes: &'a [u8],
    /// How many bits of the last octet do not count.
    pub unused: u8,
}

impl<'a> BitString<'a> {
    pub(crate) fn of(element: &Element<'a>) -> Result<Self, DerError> {
        match element.content.split_first() {
            Some((&unused @ 0..=7, bytes)) => Ok(Self { bytes, unused }),
            _ => Err(DerError::new(
                "a BIT STRING",
                "one without its count of unused bits",
                element.offset,
            )),
        }
    }

    /// Whether bit `index` is set; the first is the highest of the first octet.
    pub(crate) fn bit(&self, index: usize) -> bool {
        let octet = self.bytes.get(index >> 3).copied().unwrap_or(0);
        octet & (0x80_u8 >> (index & 7)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::Integer;

    #[test]
    fn integers_of_every_sign_and_size() {
        assert_eq!(Integer(&[0]).small(), Some(0));
        assert_eq!(Integer(&[0, 0, 0x80]).small(), Some(128));
        assert_eq!(Integer(&[0xff]).small(), Some(-1));
        assert_eq!(Integer(&[0x7f; 9]).small(), None);
        assert_eq!(Integer(&[0xff, 0x00]).to_hex(), "-0100");
        assert_eq!(Integer(&[0, 0x0a]).to_hex(), "0A");
        assert_eq!(Integer(&[0]).to_hex(), "00");
        assert_eq!(Integer(&[0x80]).to_hex(), "-80");
        assert_eq!(Integer(&[0xff]).to_hex(), "-01");
        assert_eq!(Integer(&[0xff, 0x7f]).to_decimal(), "-129");
    }
}
