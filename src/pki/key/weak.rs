//! Signs that a key is a broken one: small factors, close primes, the ROCA flaw, lists.

use der::hex;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::key::{
    natural::Natural,
    public_key::{Material, Spki},
};

/// The odd primes below 752, which is the bound of the Baseline Requirements, 6.1.6.
const PRIMES: [u32; 132] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239,
    241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311, 313, 317, 331, 337, 347, 349, 353, 359, 367, 373, 379,
    383, 389, 397, 401, 409, 419, 421, 431, 433, 439, 443, 449, 457, 461, 463, 467, 479, 487, 491, 499, 503, 509, 521,
    523, 541, 547, 557, 563, 569, 571, 577, 587, 593, 599, 601, 607, 613, 617, 619, 631, 641, 643, 647, 653, 659, 661,
    673, 677, 683, 691, 701, 709, 719, 727, 733, 739, 743, 751,
];

/// How often Fermat's method is tried (BR 6.1.1.3).
const FERMAT_ROUNDS: u32 = 100;

/// An odd prime below 752 that divides a number.
pub(crate) fn small_factor(number: &Natural) -> Option<u32> {
    // Three primes at a time: their product still fits, and long divisions are what costs.
    let group = PRIMES.chunks(3).find(|group| {
        let product = group.iter().fold(1_u32, |product, prime| product.wrapping_mul(*prime));
        let rest = number.rem(product);
        group.iter().any(|prime| rest.checked_rem(*prime) == Some(0))
    })?;
    group.iter().copied().find(|&prime| number.rem(prime) == 0)
}

/// Fermat's method: `n = a² - b²` with `a` just above the root of `n`, when the two primes are near each other.
pub(crate) fn has_close_primes(number: &Natural) -> bool {
    let (root, rest) = number.square_root();
    if rest.is_zero() {
        return true;
    }
    // The first a is root + 1, and a² - n is 2 root + 1 - rest; the next one is larger by 2a + 1.
    let mut step = root;
    step.shift_in(1, 1);
    let mut square = step.clone();
    square.subtract(&rest);
    for _ in 0..FERMAT_ROUNDS {
        if is_square(&square) {
            return true;
        }
        step.add(&Natural::from(2));
        square.add(&step);
    }
    false
}

/// Whether a number is the square of another. Nearly all that are not show by their remainders modulo small numbers.
fn is_square(number: &Natural) -> bool {
    let may_be = [64_u32, 63, 65, 11, 17, 19, 23, 31].iter().all(|&modulus| {
        let rest = number.rem(modulus);
        (0..modulus).any(|root| root.wrapping_mul(root).checked_rem(modulus) == Some(rest))
    });
    may_be && number.square_root().1.is_zero()
}

/// The primes of a flawed chip are `k·M + (65537^a mod M)`, so that the modulus is a power of 65537 modulo each small
/// prime in M (Nemec et al., "The Return of Coppersmith's Attack", 2017). 38 primes make a chance hit less likely than
/// one in 2^27.
pub(crate) fn has_roca_fingerprint(number: &Natural) -> bool {
    PRIMES.iter().take(38).all(|&prime| {
        let rest = number.rem(prime);
        let mut power = 1_u32;
        (0..prime).any(|_| {
            let is_power = power == rest;
            power = power.wrapping_mul(65_537).checked_rem(prime).unwrap_or(0);
            is_power
        })
    })
}

/// Whether a key is in a list, whose entries are either the SHA-256 of a key's `SubjectPublicKeyInfo` in hex, or, as in
/// Debian's openssl-blacklist, the last twenty hex digits of the SHA-1 of the line `Modulus=…`.
pub(crate) fn is_listed(key: &Spki<'_>, list: &[String]) -> bool {
    if list.is_empty() {
        return false;
    }
    let by_key = hex(&Sha256::digest(key.raw));
    let by_modulus = match &key.material {
        Material::Rsa(rsa) => {
            let line = format!("Modulus={}\n", rsa.modulus.to_hex());
            hex(&Sha1::digest(line)).get(20..).map(str::to_owned)
        }
        _ => None,
    };
    list.iter().map(|entry| entry.trim()).any(|entry| {
        entry.eq_ignore_ascii_case(&by_key)
            || by_modulus
                .as_deref()
                .is_some_and(|known| entry.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primes_are_all_of_them() {
        let is_prime = |n: u32| (2..n).all(|d| !n.is_multiple_of(d));
        assert!((3..752).filter(|&n| is_prime(n)).eq(PRIMES));
        assert!(
            PRIMES
                .chunks(3)
                .all(|group| group.iter().map(|&p| u64::from(p)).product::<u64>() < 1 << 32)
        );
    }

    #[test]
    fn squares_are_recognised() {
        for root in 0_u64..3000 {
            assert!(is_square(&Natural::from(root * root)));
            assert!(root < 2 || !is_square(&Natural::from(root * root + 1)));
            assert!(root < 2 || !is_square(&Natural::from(root * root - 1)));
        }
    }

    #[test]
    fn close_primes_are_found_and_distant_ones_are_not() {
        // 10^9 + 7 and 10^9 + 9; 10^9 + 7 and 2 * 10^9 + 11
        assert!(has_close_primes(&Natural::from(1_000_000_007 * 1_000_000_009)));
        assert!(!has_close_primes(&Natural::from(1_000_000_007 * 2_000_000_011)));
        assert!(has_close_primes(&Natural::from(1_000_000_007 * 1_000_000_007)));
    }

    #[test]
    fn factors_are_found() {
        assert_eq!(small_factor(&Natural::from(751 * 1_000_000_007)), Some(751));
        assert_eq!(small_factor(&Natural::from(757 * 1_000_000_007)), None);
        assert_eq!(small_factor(&Natural::from(3)), Some(3));
    }
}
