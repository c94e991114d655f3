//! Everything that looks random, drawn from the seed: the same seed and the same calls give the same world.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// A stream of numbers: SHA-256 in counter mode over the seed and a purpose.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    key: [u8; 32],
    drawn: u64,
}

impl Random {
    /// The stream of this seed for this purpose. Streams of different purposes are independent.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        let key = Sha256::new()
            .chain_update(seed.to_be_bytes())
            .chain_update(purpose)
            .finalize()
            .into();
        Self { key, drawn: 0 }
    }

    /// The next 32 bytes.
    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.wrapping_add(1);
        Sha256::new()
            .chain_update(self.key)
            .chain_update(self.drawn.to_be_bytes())
            .finalize()
            .into()
    }

    /// The next `N` bytes, at most 32.
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        const { assert!(N <= 32) };
        let bytes = self.bytes();
        core::array::from_fn(|index| bytes.get(index).copied().unwrap_or_default())
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let width = high.saturating_sub(low).saturating_add(1);
        let drawn = u64::from_be_bytes(self.array());
        low.saturating_add(drawn.checked_rem(width).unwrap_or_default())
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        let drawn = u32::from_be_bytes(self.array());
        f64::from(drawn) < probability * (f64::from(u32::MAX) + 1.0)
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> Uuid {
        Builder::from_random_bytes(self.array()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_purpose_give_the_same_stream() {
        let draw = |seed, purpose| Random::new(seed, purpose).uuid();
        assert_eq!(draw(1, "ids"), draw(1, "ids"));
        assert_ne!(draw(1, "ids"), draw(2, "ids"));
        assert_ne!(draw(1, "ids"), draw(1, "delays"));
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_its_ends() {
        let mut random = Random::new(7, "test");
        let drawn: std::collections::BTreeSet<u64> = (0..200).map(|_| random.between(3, 6)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert!(!(0..100).any(|_| random.chance(0.0)));
        assert!((0..100).all(|_| random.chance(1.0)));
    }
}
