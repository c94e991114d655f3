//! Whether two things hold the same public key.

use super::{
    Input, ParseError,
    certificate::SignedCertificate,
    csr::Request,
    der::{Reader, tag},
    input::Document,
    key::{Material, RsaKey, Spki},
    kind::Kind,
    natural::Natural,
    oid::Oid,
};

/// Whether two of certificate request, certificate and public key hold the same public key, however each is encoded.
///
/// # Errors
/// When one of them is none of the three, or a private key.
pub fn same_key(a: &Input<'_>, b: &Input<'_>) -> Result<bool, ParseError> {
    let (a, b) = (Document::read(a)?, Document::read(b)?);
    Ok(Identity::find(&a)? == Identity::find(&b)?)
}

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
    fn find(document: &Document) -> Result<Self, ParseError> {
        for block in &document.blocks {
            let der = block.der.as_slice();
            return match block.kind {
                Kind::Request => Ok(Self::of(&Request::read(der)?.key)),
                Kind::Certificate => Ok(Self::of(&SignedCertificate::read(der)?.key)),
                Kind::PublicKey => Ok(Self::of(&Spki::read(
                    &Reader::new(der).expect(tag::SEQUENCE, "a public key")?,
                )?)),
                Kind::RsaPublicKey => RsaKey::read(der).map(|key| Self::of_rsa(&key)).ok_or_else(unreadable),
                _ => continue,
            };
        }
        Err(unreadable())
    }

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

    fn of_rsa(key: &RsaKey<'_>) -> Self {
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

fn unreadable() -> ParseError {
    ParseError::new(
        "wrong_kind",
        "Expected a certificate request, a certificate or a public key, found none of them.",
    )
}
