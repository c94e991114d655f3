//! Algorithm identifiers, and the signature algorithms by name.

use std::borrow::Cow;

use der::{
    DerError, Element, Integer, Reader,
    oid::{self, Oid},
    tag,
};
use serde::Serialize;

/// An `AlgorithmIdentifier` (RFC 5280, 4.1.1.2).
///
/// ```asn1
/// AlgorithmIdentifier ::= SEQUENCE {
///     algorithm   OBJECT IDENTIFIER,
///     parameters  ANY OPTIONAL                   -- of which type, `algorithm` says; for RSA, NULL
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct Algorithm<'a> {
    pub oid: Oid,
    pub parameters: Option<Element<'a>>,
}

impl<'a> Algorithm<'a> {
    pub(crate) fn read(sequence: &Element<'a>) -> Result<Self, DerError> {
        let mut fields = sequence.inside();
        let oid = Oid::read(fields.content(tag::OID, "the OID of an algorithm")?);
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.any("the parameters of an algorithm")?)
        };
        Ok(Self { oid, parameters })
    }
}

/// How something was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct SignatureAlgorithm {
    /// Dotted.
    pub oid: Cow<'static, str>,
    /// OpenSSL's long name, `sha256WithRSAEncryption`; the OID when it is unknown.
    pub name: String,
    /// `SHA-256` …, if the algorithm has a hash and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<&'static str>,
}

/// The kind of key that makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Dsa,
    Ed25519,
    Ed448,
    Gost,
    Sm2,
    PostQuantum,
}

struct Known {
    oid: &'static str,
    name: &'static str,
    scheme: Scheme,
    hash: Option<&'static str>,
}

const fn known(oid: &'static str, name: &'static str, scheme: Scheme, hash: Option<&'static str>) -> Known {
    Known {
        oid,
        name,
        scheme,
        hash,
    }
}

const KNOWN: &[Known] = &[
    known(
        oid::SHA256_WITH_RSA,
        "sha256WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-256"),
    ),
    known(
        oid::SHA384_WITH_RSA,
        "sha384WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-384"),
    ),
    known(
        oid::SHA512_WITH_RSA,
        "sha512WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-512"),
    ),
    known(
        "1.2.840.113549.1.1.14",
        "sha224WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-224"),
    ),
    known(
        "1.2.840.113549.1.1.15",
        "sha512-224WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-512/224"),
    ),
    known(
        "1.2.840.113549.1.1.16",
        "sha512-256WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-512/256"),
    ),
    known(
        "1.2.840.113549.1.1.5",
        "sha1WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("SHA-1"),
    ),
    known("1.3.14.3.2.29", "sha1WithRSA", Scheme::RsaPkcs1, Some("SHA-1")),
    known(
        "1.2.840.113549.1.1.4",
        "md5WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("MD5"),
    ),
    known("1.3.14.3.2.3", "md5WithRSA", Scheme::RsaPkcs1, Some("MD5")),
    known(
        "1.2.840.113549.1.1.3",
        "md4WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("MD4"),
    ),
    known(
        "1.2.840.113549.1.1.2",
        "md2WithRSAEncryption",
        Scheme::RsaPkcs1,
        Some("MD2"),
    ),
    known(
        "1.3.36.3.3.1.2",
        "ripemd160WithRSA",
        Scheme::RsaPkcs1,
        Some("RIPEMD-160"),
    ),
    known(
        "2.16.840.1.101.3.4.3.13",
        "RSA-SHA3-224",
        Scheme::RsaPkcs1,
        Some("SHA3-224"),
    ),
    known(
        "2.16.840.1.101.3.4.3.14",
        "RSA-SHA3-256",
        Scheme::RsaPkcs1,
        Some("SHA3-256"),
    ),
    known(
        "2.16.840.1.101.3.4.3.15",
        "RSA-SHA3-384",
        Scheme::RsaPkcs1,
        Some("SHA3-384"),
    ),
    known(
        "2.16.840.1.101.3.4.3.16",
        "RSA-SHA3-512",
        Scheme::RsaPkcs1,
        Some("SHA3-512"),
    ),
    known(oid::RSA_PSS, "rsassaPss", Scheme::RsaPss, None),
    known(
        oid::ECDSA_WITH_SHA256,
        "ecdsa-with-SHA256",
        Scheme::Ecdsa,
        Some("SHA-256"),
    ),
    known(
        oid::ECDSA_WITH_SHA384,
        "ecdsa-with-SHA384",
        Scheme::Ecdsa,
        Some("SHA-384"),
    ),
    known(
        oid::ECDSA_WITH_SHA512,
        "ecdsa-with-SHA512",
        Scheme::Ecdsa,
        Some("SHA-512"),
    ),
    known(
        "1.2.840.10045.4.3.1",
        "ecdsa-with-SHA224",
        Scheme::Ecdsa,
        Some("SHA-224"),
    ),
    known("1.2.840.10045.4.1", "ecdsa-with-SHA1", Scheme::Ecdsa, Some("SHA-1")),
    known(
        "2.16.840.1.101.3.4.3.9",
        "ecdsa_with_SHA3-224",
        Scheme::Ecdsa,
        Some("SHA3-224"),
    ),
    known(
        "2.16.840.1.101.3.4.3.10",
        "ecdsa_with_SHA3-256",
        Scheme::Ecdsa,
        Some("SHA3-256"),
    ),
    known(
        "2.16.840.1.101.3.4.3.11",
        "ecdsa_with_SHA3-384",
        Scheme::Ecdsa,
        Some("SHA3-384"),
    ),
    known(
        "2.16.840.1.101.3.4.3.12",
        "ecdsa_with_SHA3-512",
        Scheme::Ecdsa,
        Some("SHA3-512"),
    ),
    known("1.2.840.10040.4.3", "dsaWithSHA1", Scheme::Dsa, Some("SHA-1")),
    known(
        "2.16.840.1.101.3.4.3.1",
        "dsa_with_SHA224",
        Scheme::Dsa,
        Some("SHA-224"),
    ),
    known(
        "2.16.840.1.101.3.4.3.2",
        "dsa_with_SHA256",
        Scheme::Dsa,
        Some("SHA-256"),
    ),
    known(
        "2.16.840.1.101.3.4.3.3",
        "dsa_with_SHA384",
        Scheme::Dsa,
        Some("SHA-384"),
    ),
    known(
        "2.16.840.1.101.3.4.3.4",
        "dsa_with_SHA512",
        Scheme::Dsa,
        Some("SHA-512"),
    ),
    known(
        "2.16.840.1.101.3.4.3.5",
        "dsa_with_SHA3-224",
        Scheme::Dsa,
        Some("SHA3-224"),
    ),
    known(
        "2.16.840.1.101.3.4.3.6",
        "dsa_with_SHA3-256",
        Scheme::Dsa,
        Some("SHA3-256"),
    ),
    known(oid::ED25519, "Ed25519", Scheme::Ed25519, None),
    known(oid::ED448, "Ed448", Scheme::Ed448, None),
    known(
        "1.2.643.2.2.3",
        "GOST R 34.11-94 with GOST R 34.10-2001",
        Scheme::Gost,
        None,
    ),
    known(
        "1.2.643.7.1.1.3.2",
        "GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit)",
        Scheme::Gost,
        None,
    ),
    known(
        "1.2.643.7.1.1.3.3",
        "GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)",
        Scheme::Gost,
        None,
    ),
    known("1.2.156.10197.1.501", "SM2-with-SM3", Scheme::Sm2, Some("SM3")),
    known("2.16.840.1.101.3.4.3.17", "ML-DSA-44", Scheme::PostQuantum, None),
    known("2.16.840.1.101.3.4.3.18", "ML-DSA-65", Scheme::PostQuantum, None),
    known("2.16.840.1.101.3.4.3.19", "ML-DSA-87", Scheme::PostQuantum, None),
    known(
        "2.16.840.1.101.3.4.3.20",
        "SLH-DSA-SHA2-128s",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.21",
        "SLH-DSA-SHA2-128f",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.22",
        "SLH-DSA-SHA2-192s",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.23",
        "SLH-DSA-SHA2-192f",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.24",
        "SLH-DSA-SHA2-256s",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.25",
        "SLH-DSA-SHA2-256f",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.26",
        "SLH-DSA-SHAKE-128s",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.27",
        "SLH-DSA-SHAKE-128f",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.28",
        "SLH-DSA-SHAKE-192s",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.29",
        "SLH-DSA-SHAKE-192f",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.30",
        "SLH-DSA-SHAKE-256s",
        Scheme::PostQuantum,
        None,
    ),
    known(
        "2.16.840.1.101.3.4.3.31",
        "SLH-DSA-SHAKE-256f",
        Scheme::PostQuantum,
        None,
    ),
];

impl SignatureAlgorithm {
    pub(crate) fn of(algorithm: &Algorithm<'_>) -> Self {
        let known = KNOWN.iter().find(|known| algorithm.oid == known.oid);
        let hash = match known {
            Some(known) if known.scheme == Scheme::RsaPss => {
                PssParameters::read(algorithm.parameters.as_ref()).and_then(|pss| pss.hash)
            }
            Some(known) => known.hash,
            None => None,
        };
        Self {
            name: known.map_or(algorithm.oid.as_str(), |known| known.name).to_owned(),
            oid: algorithm.oid.dotted.clone(),
            hash,
        }
    }

    /// The kind of key that makes it, if it is a known algorithm.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        scheme(&self.oid)
    }
}

/// The scheme behind an OID; those of Ed25519, ML-DSA and their like name the key as well.
pub(crate) fn scheme(oid: &str) -> Option<Scheme> {
    KNOWN.iter().find(|known| known.oid == oid).map(|known| known.scheme)
}

/// The name behind an OID.
pub(crate) fn name(oid: &str) -> Option<&'static str> {
    KNOWN.iter().find(|known| known.oid == oid).map(|known| known.name)
}

/// The parameters of PSS (RFC 4055, 3.1).
///
/// ```asn1
/// RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm     [0] EXPLICIT AlgorithmIdentifier DEFAULT sha1,
///     maskGenAlgorithm  [1] EXPLICIT AlgorithmIdentifier DEFAULT mgf1SHA1,   -- its parameter is a hash
///     saltLength        [2] EXPLICIT INTEGER DEFAULT 20,
///     trailerField      [3] EXPLICIT INTEGER DEFAULT 1
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PssParameters {
    pub hash: Option<&'static str>,
    /// The hash inside MGF1.
    pub mask_hash: Option<&'static str>,
    pub salt_length: u32,
}

impl PssParameters {
    /// None when there are none, as in a key that is not restricted, or they cannot be read. Absent fields have SHA-1
    /// and 20 as their defaults.
    pub(crate) fn read(parameters: Option<&Element<'_>>) -> Option<Self> {
        let mut read = Self {
            hash: Some("SHA-1"),
            mask_hash: Some("SHA-1"),
            salt_length: 20,
        };
        let mut fields = parameters
            .filter(|parameters| parameters.constructed_tag() == tag::SEQUENCE)?
            .inside();
        if let Some(field) = fields.optional(tag::context_constructed(0)).ok()? {
            read.hash = hash_name(&sequence_in(&field)?);
        }
        if let Some(field) = fields.optional(tag::context_constructed(1)).ok()? {
            let mask = sequence_in(&field)?;
            let inner = Algorithm::read(mask.parameters.as_ref()?).ok()?;
            read.mask_hash = if mask.oid == oid::MGF1 { hash_name(&inner) } else { None };
        }
        if let Some(field) = fields.optional(tag::context_constructed(2)).ok()? {
            let length = field.inside().expect(tag::INTEGER, "a salt length").ok()?;
            read.salt_length = u32::try_from(Integer::of(&length).small()?).ok()?;
        }
        if let Some(field) = fields.optional(tag::context_constructed(3)).ok()? {
            // There is one trailer, and this is its number.
            let trailer = field.inside().expect(tag::INTEGER, "a trailer").ok()?;
            Some(()).filter(|()| Integer::of(&trailer).small() == Some(1))?;
        }
        Some(read)
    }
}

fn sequence_in<'a>(field: &Element<'a>) -> Option<Algorithm<'a>> {
    let mut inside: Reader<'a> = field.inside();
    Algorithm::read(&inside.expect(tag::SEQUENCE, "an algorithm").ok()?).ok()
}

fn hash_name(algorithm: &Algorithm<'_>) -> Option<&'static str> {
    match algorithm.oid.as_str() {
        oid::SHA1 => Some("SHA-1"),
        oid::SHA256 => Some("SHA-256"),
        oid::SHA384 => Some("SHA-384"),
        oid::SHA512 => Some("SHA-512"),
        oid::SHA224 => Some("SHA-224"),
        oid::SHA3_256 => Some("SHA3-256"),
        oid::SHA3_384 => Some("SHA3-384"),
        oid::SHA3_512 => Some("SHA3-512"),
        oid::MD5 => Some("MD5"),
        _ => None,
    }
}

impl PssParameters {
    /// Whether a key with these parameters makes signatures with those (RFC 4055, 3.3): the same hashes, and a salt
    /// that is no shorter.
    pub(crate) fn allow(&self, signature: &Self) -> bool {
        self.hash == signature.hash
            && self.mask_hash == signature.mask_hash
            && self.salt_length <= signature.salt_length
    }
}
