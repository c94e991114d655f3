//! What a new request is signed with.

use der::{
    oid, tag,
    writer::{element, null, object_identifier, sequence, unsigned},
};

/// How a request is signed: what WebCrypto calls it, and what the request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5, with a hash.
    RsaPkcs1(Hash),
    /// RSASSA-PSS, with a hash, whose length is that of the salt.
    RsaPss(Hash),
    /// ECDSA, with a hash.
    Ecdsa(Hash),
    /// Ed25519.
    Ed25519,
}

/// A hash that WebCrypto has and that is not broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// By WebCrypto's name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "SHA-256" => Some(Self::Sha256),
            "SHA-384" => Some(Self::Sha384),
            "SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// WebCrypto's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// In octets.
    #[must_use]
    pub const fn length(self) -> u8 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    const fn oid(self) -> &'static str {
        match self {
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }
}

impl SigningAlgorithm {
    /// The hash that signs; Ed25519 has its own.
    #[must_use]
    pub const fn hash(self) -> Option<Hash> {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => Some(hash),
            Self::Ed25519 => None,
        }
    }

    /// The `AlgorithmIdentifier` (RFC 4055, 5758, 8410).
    pub(super) fn identifier(self) -> Vec<u8> {
        let (oid, parameters) = match self {
            Self::RsaPkcs1(Hash::Sha256) => (oid::SHA256_WITH_RSA, null()),
            Self::RsaPkcs1(Hash::Sha384) => (oid::SHA384_WITH_RSA, null()),
            Self::RsaPkcs1(Hash::Sha512) => (oid::SHA512_WITH_RSA, null()),
            Self::RsaPss(hash) => (oid::RSA_PSS, pss_parameters(hash)),
            Self::Ecdsa(Hash::Sha256) => (oid::ECDSA_WITH_SHA256, Vec::new()),
            Self::Ecdsa(Hash::Sha384) => (oid::ECDSA_WITH_SHA384, Vec::new()),
            Self::Ecdsa(Hash::Sha512) => (oid::ECDSA_WITH_SHA512, Vec::new()),
            Self::Ed25519 => (oid::ED25519, Vec::new()),
        };
        sequence(&[object_identifier(oid), parameters])
    }
}

fn pss_parameters(hash: Hash) -> Vec<u8> {
    let digest = sequence(&[object_identifier(hash.oid()), null()]);
    let mask = sequence(&[object_identifier(oid::MGF1), digest.clone()]);
    sequence(&[
        element(tag::context_constructed(0), &[digest]),
        element(tag::context_constructed(1), &[mask]),
        element(tag::context_constructed(2), &[unsigned(&[hash.length()])]),
    ])
}
