//! The three curves that public TLS allows, in numbers (FIPS 186-4, D.1.2).

use crate::key::natural::Natural;

/// `y² = x³ − 3x + b` over the integers modulo a prime; the numbers in hexadecimal digits.
pub(crate) struct NistCurve {
    pub name: &'static str,
    prime: &'static str,
    b: &'static str,
    /// The base point, compressed.
    base: &'static str,
    order: &'static str,
}

/// A curve as explicit parameters spell it out.
pub(crate) struct Numbers<'a> {
    pub prime: Natural,
    pub a: Natural,
    pub b: Natural,
    pub base: &'a [u8],
    pub order: Natural,
}

pub(crate) const NIST: &[NistCurve] = &[
    NistCurve {
        name: "P-256",
        prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        base: "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    },
    NistCurve {
        name: "P-384",
        prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe\
                ffffffff0000000000000000ffffffff",
        b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a\
            c656398d8a2ed19d2a85c8edd3ec2aef",
        base: "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38\
               5502f25dbf55296c3a545e3872760ab7",
        order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf\
                581a0db248b0a77aecec196accc52973",
    },
    NistCurve {
        name: "P-521",
        prime: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
                ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109\
            e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        base: "0200c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d\
               3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        order: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
                fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    },
];

/// Why octets are not a point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PointError {
    /// More or fewer octets than the form has.
    Length,
    /// Not one of the forms of SEC 1, 2.3.3; or the point at infinity.
    Form,
    /// The coordinates do not fulfil the equation.
    NotOnCurve,
}

impl NistCurve {
    pub(crate) fn prime(&self) -> Natural {
        Natural::from_hex(self.prime)
    }

    pub(crate) fn order(&self) -> Natural {
        Natural::from_hex(self.order)
    }

    /// Whether numbers are those of this curve, all of them: with another base point anybody can make a private key
    /// for a public one that exists (CVE-2020-0601).
    pub(crate) fn has_numbers(&self, numbers: &Numbers<'_>) -> bool {
        let mut prime = numbers.a.clone();
        prime.add(&Natural::from(3));
        let base = Natural::from_hex(self.base).to_be_bytes(self.octets().saturating_add(1));
        numbers.prime == self.prime()
            && prime == numbers.prime
            && numbers.b == Natural::from_hex(self.b)
            && numbers.order == self.order()
            && self
                .uncompressed(numbers.base)
                .is_ok_and(|found| self.uncompressed(&base) == Ok(found))
    }

    /// How many octets a coordinate has.
    pub(crate) const fn octets(&self) -> usize {
        self.prime.len().div_ceil(2)
    }

    /// Checks that a public key is a point of the curve, and returns it in the uncompressed form.
    pub(crate) fn uncompressed(&self, point: &[u8]) -> Result<Vec<u8>, PointError> {
        let (&form, coordinates) = point.split_first().ok_or(PointError::Form)?;
        let is_compressed = match form {
            0x02 | 0x03 => true,
            // The hybrid form, 6 and 7, is the uncompressed one with the parity of y in its first octet.
            0x04 | 0x06 | 0x07 => false,
            _ => return Err(PointError::Form),
        };
        let octets = self.octets();
        let expected = if is_compressed {
            octets
        } else {
            octets.saturating_mul(2)
        };
        let (x, y) = coordinates.split_at_checked(octets).ok_or(PointError::Length)?;
        if coordinates.len() != expected {
            return Err(PointError::Length);
        }
        let prime = self.prime();
        let x = Natural::from_be_bytes(x);
        let right = self.right_side(&x, &prime);
        let y = if is_compressed {
            root_modulo(&right, &prime, form == 0x03)
        } else {
            Natural::from_be_bytes(y)
        };
        if x >= prime || y >= prime || y.multiply_modulo(&y, &prime) != right {
            return Err(PointError::NotOnCurve);
        }
        if form == 0x06 && !y.is_even() || form == 0x07 && y.is_even() {
            return Err(PointError::Form);
        }
        Ok([&[0x04], x.to_be_bytes(octets).as_slice(), &y.to_be_bytes(octets)].concat())
    }

    /// `x³ − 3x + b`, as `x·(x² − 3) + b`.
    fn right_side(&self, x: &Natural, prime: &Natural) -> Natural {
        let mut minus_three = prime.clone();
        minus_three.subtract(&Natural::from(3));
        let mut factor = x.multiply_modulo(x, prime);
        factor.add_modulo(&minus_three, prime);
        let mut right = factor.multiply_modulo(x, prime);
        right.add_modulo(&Natural::from_hex(self.b), prime);
        right
    }
}

/// The odd or even one of the two square roots, if there are any: all three primes are 3 modulo 4, so that it is the
/// power of (p + 1) / 4.
fn root_modulo(number: &Natural, prime: &Natural, odd: bool) -> Natural {
    let mut exponent = prime.clone();
    exponent.add(&Natural::from(1));
    exponent.shift_out(2);
    let root = number.power_modulo(&exponent, prime);
    if root.is_even() == odd && !root.is_zero() {
        let mut other = prime.clone();
        other.subtract(&root);
        return other;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::{NIST, PointError};

    /// The base point of P-256 (FIPS 186-4, D.1.2.3).
    const X: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    const Y: &str = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    fn octets(digits: &str) -> Vec<u8> {
        (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(digits.get(at..at + 2).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn points_are_checked_in_every_form() {
        let curve = NIST.iter().find(|curve| curve.name == "P-256").unwrap();
        let point = octets(&format!("04{X}{Y}"));
        assert_eq!(curve.uncompressed(&point), Ok(point.clone()));
        assert_eq!(curve.uncompressed(&octets(&format!("03{X}"))), Ok(point.clone()));
        assert_eq!(curve.uncompressed(&octets(&format!("07{X}{Y}"))), Ok(point.clone()));
        assert_ne!(curve.uncompressed(&octets(&format!("02{X}"))), Ok(point.clone()));
        // x³ − 3x + b is not a square at 1, and is one at 5.
        assert_eq!(
            curve.uncompressed(&octets(&format!("02{}01", "00".repeat(31)))),
            Err(PointError::NotOnCurve)
        );
        assert!(curve.uncompressed(&octets(&format!("02{}05", "00".repeat(31)))).is_ok());
        assert_eq!(curve.uncompressed(&point[..64]), Err(PointError::Length));
        assert_eq!(curve.uncompressed(&[0]), Err(PointError::Form));
        assert_eq!(curve.uncompressed(&[]), Err(PointError::Form));
        assert_eq!(curve.uncompressed(&octets(&format!("06{X}{Y}"))), Err(PointError::Form));
        let mut other = point;
        other[64] ^= 1;
        assert_eq!(curve.uncompressed(&other), Err(PointError::NotOnCurve));
    }

    #[test]
    fn the_constants_have_the_size_they_should() {
        for (curve, bits) in NIST.iter().zip([256, 384, 521]) {
            assert_eq!(curve.prime().bits(), bits);
            assert_eq!(curve.order().bits(), bits);
        }
    }
}
