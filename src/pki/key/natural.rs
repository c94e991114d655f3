//! Whole numbers of any size, with the few operations that checks of keys take. All of them are shifts, sums and
//! comparisons: a general library for this weighs more than the rest of `pki`.

use core::cmp::Ordering;

use der::Integer;

/// A number that is not negative. Little-endian, without zero limbs at the upper end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Natural {
    limbs: Vec<u64>,
}

impl Natural {
    pub(crate) fn from_be_bytes(bytes: &[u8]) -> Self {
        let limb = |octets: &[u8]| octets.iter().fold(0, |limb, &octet| limb << 8 | u64::from(octet));
        Self {
            limbs: bytes.rchunks(8).map(limb).collect(),
        }
        .normal()
    }

    /// In so many octets, with zeros before it; cut off at the upper end when it has more.
    pub(crate) fn to_be_bytes(&self, octets: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        bytes.resize(octets, 0);
        bytes.reverse();
        bytes
    }

    /// From hexadecimal digits; anything else among them counts as zero.
    pub(crate) fn from_hex(digits: &str) -> Self {
        let digit = |octet: &u8| u64::from(char::from(*octet).to_digit(16).unwrap_or(0));
        let limb = |digits: &[u8]| digits.iter().fold(0, |limb, octet| limb << 4 | digit(octet));
        Self {
            limbs: digits.as_bytes().rchunks(16).map(limb).collect(),
        }
        .normal()
    }

    fn normal(mut self) -> Self {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        self
    }

    pub(crate) fn bits(&self) -> u64 {
        let top = self.limbs.last().map_or(0, |limb| u64::from(limb.leading_zeros()));
        u64::try_from(self.limbs.len())
            .unwrap_or(u64::MAX)
            .saturating_mul(64)
            .saturating_sub(top)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    pub(crate) fn is_even(&self) -> bool {
        self.low() & 1 == 0
    }

    /// The lowest 64 bits.
    pub(crate) fn low(&self) -> u64 {
        self.limbs.first().copied().unwrap_or(0)
    }

    fn bit(&self, index: u64) -> bool {
        let limb = usize::try_from(index >> 6).ok().and_then(|limb| self.limbs.get(limb));
        limb.is_some_and(|limb| limb >> (index & 63) & 1 == 1)
    }

    /// The remainder of a division by a small number; zero for a division by zero.
    pub(crate) fn rem(&self, divisor: u32) -> u32 {
        let remainder = self.limbs.iter().rev().fold(0_u64, |remainder, limb| {
            let step =
                |remainder: u64, half: u64| (remainder << 32 | half).checked_rem(u64::from(divisor)).unwrap_or(0);
            step(step(remainder, limb >> 32), limb & 0xffff_ffff)
        });
        u32::try_from(remainder).unwrap_or(0)
    }

    /// Shifts left by fewer than 64 bits and puts others in at the lower end.
    pub(crate) fn shift_in(&mut self, count: u32, bits: u64) {
        let mut carry = bits;
        for limb in &mut self.limbs {
            let shifted = limb.wrapping_shl(count) | carry;
            carry = limb.checked_shr(64_u32.saturating_sub(count)).unwrap_or(0);
            *limb = shifted;
        }
        if carry != 0 {
            self.limbs.push(carry);
        }
    }

    /// Shifts right by fewer than 64 bits.
    pub(crate) fn shift_out(&mut self, count: u32) {
        let mut carry = 0;
        for limb in self.limbs.iter_mut().rev() {
            let shifted = limb.wrapping_shr(count) | carry;
            carry = limb.checked_shl(64_u32.saturating_sub(count)).unwrap_or(0);
            *limb = shifted;
        }
        if self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        if self.limbs.len() < other.limbs.len() {
            self.limbs.resize(other.limbs.len(), 0);
        }
        let mut carry = false;
        for (limb, other) in self
            .limbs
            .iter_mut()
            .zip(other.limbs.iter().copied().chain(core::iter::repeat(0)))
        {
            let (sum, first) = limb.overflowing_add(other);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            (*limb, carry) = (sum, first | second);
        }
        if carry {
            self.limbs.push(1);
        }
    }

    /// Subtracts a number that is not greater.
    pub(crate) fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (limb, other) in self
            .limbs
            .iter_mut()
            .zip(other.limbs.iter().copied().chain(core::iter::repeat(0)))
        {
            let (difference, first) = limb.overflowing_sub(other);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (difference, first | second);
        }
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }

    /// The product with another number modulo a third, than which this one is smaller.
    pub(crate) fn multiply_modulo(&self, other: &Self, modulus: &Self) -> Self {
        let mut product = Self::default();
        for index in (0..other.bits()).rev() {
            product.shift_in(1, 0);
            product.reduce_once(modulus);
            if other.bit(index) {
                product.add(self);
                product.reduce_once(modulus);
            }
        }
        product
    }

    /// A power modulo a number that is greater than its base.
    pub(crate) fn power_modulo(&self, exponent: &Self, modulus: &Self) -> Self {
        let mut power = Self::from(1);
        for index in (0..exponent.bits()).rev() {
            power = power.multiply_modulo(&power, modulus);
            if exponent.bit(index) {
                power = power.multiply_modulo(self, modulus);
            }
        }
        power
    }

    /// The sum with another number modulo a third, both being smaller than it.
    pub(crate) fn add_modulo(&mut self, other: &Self, modulus: &Self) {
        self.add(other);
        self.reduce_once(modulus);
    }

    fn reduce_once(&mut self, modulus: &Self) {
        if *self >= *modulus {
            self.subtract(modulus);
        }
    }

    /// The square root without its fraction, and what is left over: `self = root² + rest`. Two bits a step.
    pub(crate) fn square_root(&self) -> (Self, Self) {
        let mut rest = Self::default();
        // Four times the root, which is what the next digit is tried with.
        let mut root = Self::default();
        for index in (0..self.bits().div_ceil(2)).rev() {
            let low = index.saturating_mul(2);
            rest.shift_in(
                2,
                u64::from(self.bit(low.saturating_add(1))) << 1 | u64::from(self.bit(low)),
            );
            root.set_lowest(true);
            let fits = rest >= root;
            if fits {
                rest.subtract(&root);
            }
            root.set_lowest(false);
            root.shift_in(1, u64::from(fits) << 2);
        }
        root.shift_out(2);
        (root, rest)
    }

    fn set_lowest(&mut self, bit: bool) {
        match self.limbs.first_mut() {
            Some(limb) => *limb = *limb & !1 | u64::from(bit),
            None if bit => self.limbs.push(1),
            None => {}
        }
        if !bit && self.limbs.as_slice() == [0] {
            self.limbs.clear();
        }
    }
}

/// The magnitude.
impl From<Integer<'_>> for Natural {
    fn from(number: Integer<'_>) -> Self {
        Self::from_be_bytes(number.magnitude())
    }
}

impl From<u64> for Natural {
    fn from(value: u64) -> Self {
        Self { limbs: vec![value] }.normal()
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.limbs.len().cmp(&other.limbs.len());
        by_length.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Natural;

    fn natural(value: u128) -> Natural {
        Natural::from_be_bytes(&value.to_be_bytes())
    }

    proptest! {
        #[test]
        fn agrees_with_the_numbers_of_the_machine(a: u128, b: u128, shift in 0_u32..20, small in 1_u32..) {
            let (low, high) = (a.min(b), a.max(b));
            prop_assert_eq!(natural(a).bits(), u64::from(128 - a.leading_zeros()));
            prop_assert_eq!(u128::from(natural(a).rem(small)), a % u128::from(small));
            prop_assert_eq!(natural(a).cmp(&natural(b)), a.cmp(&b));
            prop_assert_eq!(Natural::from_hex(&format!("{a:x}")), natural(a));
            prop_assert_eq!(natural(a).to_be_bytes(16), a.to_be_bytes().to_vec());

            let mut number = natural(high);
            number.subtract(&natural(low));
            prop_assert_eq!(&number, &natural(high - low));
            number.add(&natural(low));
            prop_assert_eq!(&number, &natural(high));

            let mut number = natural(a >> 20);
            number.shift_in(shift, 1 & u64::from(shift > 0));
            prop_assert_eq!(&number, &natural((a >> 20) << shift | u128::from(shift > 0)));
            number.shift_out(shift);
            prop_assert_eq!(&number, &natural(a >> 20));
        }

        #[test]
        fn products_are_reduced(a: u64, b: u64, modulus in 2_u64..) {
            let product = Natural::from(a % modulus).multiply_modulo(&Natural::from(b), &Natural::from(modulus));
            let expected = u128::from(a % modulus) * u128::from(b % modulus) % u128::from(modulus);
            prop_assert_eq!(product, natural(expected));
            let cube = Natural::from(a % modulus).power_modulo(&Natural::from(3), &Natural::from(modulus));
            let square = u128::from(a % modulus) * u128::from(a % modulus) % u128::from(modulus);
            prop_assert_eq!(cube, natural(square * u128::from(a % modulus) % u128::from(modulus)));
        }

        #[test]
        fn roots_are_exact(a: u128) {
            let (root, rest) = natural(a).square_root();
            prop_assert_eq!(&root, &natural(a.isqrt()));
            prop_assert_eq!(&rest, &natural(a - a.isqrt() * a.isqrt()));
        }
    }

    #[test]
    fn zero_is_a_number() {
        let (root, rest) = Natural::default().square_root();
        assert!(root.is_zero() && rest.is_zero());
        assert_eq!(natural(5).rem(0), 0);
    }
}
