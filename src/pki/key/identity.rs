//! When two public keys are the same one.

use der::{oid::Oid, tag};

use crate::key::{
    natural::Natural,
    public_key::{Material, RsaKey, Spki},
};

/// What makes a key the one it is, without what only makes its encoding different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Modulus and exponent: for PKCS #1 and PSS alike.
    Rsa(Natural, Natural),
    /// Curve, x, and whether y is odd: the same for a compressed and an uncompressed point.
    Ec(&'static str, Vec<u8>, bool),
    /// Algorithm, parameters and bits as they are.
    Other(Oid, Vec<u8>, Vec<u8>),
}

impl Identity {
    /// The identity of a key.
    pub(crate) fn of(spki: &Spki<'_>) -> Self {
        match &spki.material {
            Material::Rsa(key) => return Self::of_rsa(key),
            Material::Ec(key) => {
                if let (Some(curve), Some((x, odd))) = (key.curve, abscissa(key.point)) {
                    return Self::Ec(curve.name, x.to_vec(), odd);
                }
            }
            _ => {}
        }
        let parameters = spki
            .algorithm
            .parameters
            .filter(|parameters| parameters.tag != tag::NULL);
        let parameters = parameters.map(|parameters| parameters.raw.to_vec()).unwrap_or_default();
        Self::Other(spki.algorithm.oid.clone(), parameters, spki.bits.bytes.to_vec())
    }

    /// The identity of an RSA key.
    pub(crate) fn of_rsa(key: &RsaKey<'_>) -> Self {
        Self::Rsa(key.modulus.into(), key.exponent.into())
    }
}

/// x and the parity of y (SEC 1, 2.3.3). The hybrid form is the uncompressed one with the parity in its first octet.
fn abscissa(point: &[u8]) -> Option<(&[u8], bool)> {
    match point.split_first()? {
        (0x02, x) => Some((x, false)),
        (0x03, x) => Some((x, true)),
        (0x04 | 0x06 | 0x07, both) => {
            let (x, y) = both.split_at(both.len() >> 1);
            Some((x, y.last()? & 1 == 1))
        }
        _ => None,
    }
}
