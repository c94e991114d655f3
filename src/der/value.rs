//! Numbers and bits.

use crate::{
    error::DerError,
    reader::{Element, Reader},
    tag,
};

/// Lower-case hexadecimal digits, two an octet.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
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
pub struct Integer<'a>(&'a [u8]);

impl<'a> Integer<'a> {
    /// The number in an element.
    #[must_use]
    pub const fn of(element: &Element<'a>) -> Self {
        Self(element.content)
    }

    /// The number in the next element, which has to be an INTEGER.
    pub fn read(reader: &mut Reader<'a>, expected: &'static str) -> Result<Self, DerError> {
        reader.expect(tag::INTEGER, expected).map(|element| Self::of(&element))
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.first().is_some_and(|octet| octet & 0x80 != 0)
    }

    /// The value, if it is one of the small ones.
    #[must_use]
    pub fn small(self) -> Option<i64> {
        let fill = if self.is_negative() { 0xff } else { 0 };
        let mut octets = [fill; 8];
        let bytes = self.significant();
        octets
            .get_mut(8_usize.checked_sub(bytes.len())?..)?
            .copy_from_slice(bytes);
        Some(i64::from_be_bytes(octets))
    }

    /// A version: numbers beyond any that could be one end up at the bound.
    #[must_use]
    pub fn version(self) -> i32 {
        let bound = if self.is_negative() { i32::MIN } else { i32::MAX };
        self.small()
            .and_then(|value| i32::try_from(value).ok())
            .unwrap_or(bound)
    }

    /// The octets of the value, without leading zeros; of a negative one, those that it is encoded in.
    #[must_use]
    pub fn magnitude(self) -> &'a [u8] {
        let zeros = self.0.iter().take_while(|&&octet| octet == 0).count();
        self.0.get(zeros..).unwrap_or_default()
    }

    /// How many bits the magnitude has.
    #[must_use]
    pub fn bits(self) -> u64 {
        let magnitude = self.magnitude();
        let unused = magnitude.first().map_or(0, |octet| octet.leading_zeros());
        u64::try_from(magnitude.len())
            .unwrap_or(u64::MAX)
            .saturating_mul(8)
            .saturating_sub(u64::from(unused))
    }

    /// In decimal digits; a number that is negative or longer than any key, in hexadecimal ones unless it is small.
    #[must_use]
    pub fn to_decimal(self) -> String {
        match self.small() {
            Some(value) => value.to_string(),
            None if self.is_negative() || self.0.len() > 2048 => format!("0x{}", hex(self.0)),
            None => decimal(self.magnitude()),
        }
    }

    /// As OpenSSL shows a serial number: upper-case digits in pairs, with a minus sign where it belongs.
    #[must_use]
    pub fn to_hex(self) -> String {
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

/// Octets as a number in decimal digits. Quadratic: for numbers whose size is bounded.
pub(crate) fn decimal(octets: &[u8]) -> String {
    /// Nine digits at a time.
    const CHUNK: u64 = 1_000_000_000;
    let limb = |octets: &[u8]| octets.iter().fold(0, |limb, &octet| limb << 8 | u64::from(octet));
    // The least significant first, each of 32 bits.
    let mut limbs: Vec<u64> = octets.rchunks(4).map(limb).collect();
    let mut chunks = Vec::new();
    while !limbs.is_empty() {
        let mut remainder = 0;
        for limb in limbs.iter_mut().rev() {
            let value = remainder << 32 | *limb;
            *limb = value.checked_div(CHUNK).unwrap_or_default();
            remainder = value % CHUNK;
        }
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        chunks.push(remainder);
    }
    let mut text = chunks.pop().unwrap_or_default().to_string();
    text.extend(chunks.iter().rev().map(|chunk| format!("{chunk:09}")));
    text
}

/// A string of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitString<'a> {
    /// The octets that hold the bits.
    pub bytes: &'a [u8],
    /// How many bits of the last octet do not count.
    pub unused: u8,
}

impl<'a> BitString<'a> {
    /// The bits in an element.
    pub fn of(element: &Element<'a>) -> Result<Self, DerError> {
        match element.content.split_first() {
            Some((&unused @ 0..=7, bytes)) => Ok(Self { bytes, unused }),
            _ => Err(DerError::new(
                "a BIT STRING",
                "one without its count of unused bits",
                element.offset,
            )),
        }
    }

    /// Whether bit `index` is set; the first is the highest of the first octet. One that does not count is not, whatever is
    /// written there.
    #[must_use]
    pub fn bit(&self, index: usize) -> bool {
        let octet = self.bytes.get(index >> 3).copied().unwrap_or(0);
        let count = self.bytes.len().saturating_mul(8).saturating_sub(self.unused.into());
        index < count && octet & (0x80_u8 >> (index & 7)) != 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Integer, decimal};

    proptest! {
        #[test]
        fn decimal_digits_are_those_of_the_numbers_of_the_machine(value: u128, zeros in 0_usize..6) {
            let octets = [vec![0; zeros], value.to_be_bytes().to_vec()].concat();
            prop_assert_eq!(decimal(&octets), value.to_string());
            prop_assert_eq!(Integer(&octets).bits(), u64::from(128 - value.leading_zeros()));
        }
    }

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
        assert_eq!(Integer(&[0, 0, 0x0a]).to_hex(), "0A");
        assert_eq!(Integer(&[0xff, 0xff, 0x00]).to_hex(), "-0100");
        assert_eq!(Integer(&[]).to_hex(), "");
        assert_eq!(
            (Integer(&[0x7f; 4]).version(), Integer(&[0x7f; 5]).version()),
            (0x7f7f_7f7f, i32::MAX)
        );
        assert_eq!(
            (Integer(&[0x80, 0, 0, 0]).version(), Integer(&[0x80; 5]).version()),
            (i32::MIN, i32::MIN)
        );
    }

    #[test]
    fn what_is_too_long_to_read_is_shown_in_hexadecimal_digits() {
        let small = [vec![0x80], vec![0; 8]].concat();
        assert_eq!(Integer(&small).to_decimal(), "0x800000000000000000");
        let longest = vec![0x7f; 2_048];
        assert!(!Integer(&longest).to_decimal().starts_with("0x"));
        let longer = vec![0x7f; 2_049];
        assert_eq!(Integer(&longer).to_decimal(), format!("0x{}", "7f".repeat(2_049)));
    }
}
