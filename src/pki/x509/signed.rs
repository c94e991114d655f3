//! What requests and certificates have in common.

use der::{BitString, DerError, Element, tag};

use crate::key::algorithm::{self, Algorithm, Scheme};

/// Octets, and a signature over them (RFC 5280, 4.1.1; RFC 2986, 4.2).
///
/// ```asn1
/// SIGNED ::= SEQUENCE {
///     message    SEQUENCE { … },                 -- a CertificationRequestInfo, a TBSCertificate
///     algorithm  AlgorithmIdentifier,
///     signature  BIT STRING                      -- over the encoding of the message
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct Signed<'a> {
    pub message: &'a [u8],
    pub algorithm: Algorithm<'a>,
    /// The same as it is encoded.
    pub algorithm_der: &'a [u8],
    pub signature: BitString<'a>,
}

impl<'a> Signed<'a> {
    /// Reads it from its SEQUENCE; returns the element that is signed as well.
    pub(crate) fn read(root: &Element<'a>, expected: &'static str) -> Result<(Self, Element<'a>), DerError> {
        let mut parts = root.inside();
        let message = parts.expect(tag::SEQUENCE, expected)?;
        let algorithm = parts.expect(tag::SEQUENCE, "a signature algorithm")?;
        let signature = BitString::of(&parts.expect(tag::BIT_STRING, "a signature")?)?;
        let signed = Self {
            message: message.raw,
            algorithm_der: algorithm.raw,
            algorithm: Algorithm::read(&algorithm)?,
            signature,
        };
        Ok((signed, message))
    }

    /// The kind of key that made the signature, if it is known.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        algorithm::scheme(&self.algorithm.oid)
    }
}
