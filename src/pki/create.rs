//! Makes requests: what they are to say, what they are signed with, and their DER.

use core::net::IpAddr;

use der::{
    oid, pem, tag,
    writer::{bit_string, element, null, object_identifier, sequence, unsigned},
};
use serde::Deserialize;

use crate::{
    finding::Finding,
    finding::FindingCode,
    inspect::{Inspection, inspect_csr},
    key::public_key::rsa_spki,
    paste::input::Input,
    rules::{self, context::Context, creation::KeyFailure},
};

/// What a new request is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct CsrRequest {
    /// Who the certificate is for.
    pub subject: RequestedSubject,
    /// The alternative names. IP addresses among them become such.
    pub dns_names: Vec<String>,
}

/// The attributes of a new subject. Those that are absent or empty are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct RequestedSubject {
    /// CN.
    pub common_name: Option<String>,
    /// O.
    pub organization_name: Option<String>,
    /// OU.
    pub organizational_unit: Option<String>,
    /// L.
    pub locality: Option<String>,
    /// ST.
    pub state: Option<String>,
    /// C, two letters.
    pub country: Option<String>,
    /// emailAddress.
    pub email: Option<String>,
}

/// The key that a new request wants made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "KeyOptions")]
pub enum KeyRequest {
    /// On a curve; P-256 if it does not say.
    Ec {
        /// Which one.
        curve: KeyCurve,
    },
    /// With so many bits; 2048 if it does not say.
    Rsa {
        /// How many.
        bits: u32,
    },
}

/// A key's request as it is written down.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct KeyOptions {
    algorithm: KeyAlgorithm,
    #[serde(default)]
    curve: Option<KeyCurve>,
    #[serde(default)]
    bits: Option<u32>,
}

#[derive(Deserialize)]
enum KeyAlgorithm {
    #[serde(rename = "EC")]
    Ec,
    #[serde(rename = "RSA")]
    Rsa,
}

impl TryFrom<KeyOptions> for KeyRequest {
    type Error = &'static str;

    fn try_from(KeyOptions { algorithm, curve, bits }: KeyOptions) -> Result<Self, Self::Error> {
        match (algorithm, curve, bits) {
            (KeyAlgorithm::Ec, curve, None) => Ok(Self::Ec {
                curve: curve.unwrap_or_default(),
            }),
            (KeyAlgorithm::Rsa, None, bits) => Ok(Self::Rsa {
                bits: bits.unwrap_or(2048),
            }),
            (KeyAlgorithm::Ec, _, Some(_)) => Err("must have no `bits`: a key of the algorithm 'EC' has a `curve`"),
            (KeyAlgorithm::Rsa, Some(_), _) => Err("must have no `curve`: a key of the algorithm 'RSA' has `bits`"),
        }
    }
}

/// The sizes that every certificate authority accepts.
const RSA_BITS: [u32; 3] = [2048, 3072, 4096];

impl KeyRequest {
    /// Whether such a key can be made.
    ///
    /// # Errors
    /// What keeps it from being made.
    pub fn check(self) -> Result<Self, KeyFailure> {
        match self {
            Self::Rsa { bits } if !RSA_BITS.contains(&bits) => Err(KeyFailure::Size),
            _ => Ok(self),
        }
    }
}

impl KeyFailure {
    /// It as findings.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        rules::of_key_failure(self)
    }
}

impl Default for KeyRequest {
    fn default() -> Self {
        Self::Ec {
            curve: KeyCurve::default(),
        }
    }
}

/// The curves that every certificate authority accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum KeyCurve {
    /// P-256.
    #[default]
    #[serde(rename = "P-256")]
    P256,
    /// P-384.
    #[serde(rename = "P-384")]
    P384,
}

impl KeyCurve {
    /// WebCrypto's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }
}

/// What makes a request one that cannot be written, or not be read. No other finding prevents one: a name that is internal
/// may be for a certificate authority that is internal as well.
const REFUSED: &[FindingCode] = &[
    FindingCode::DnsNotAscii,
    FindingCode::DnsNotLdh,
    FindingCode::DnsEmptyLabel,
    FindingCode::DnsTooLong,
    FindingCode::DnsLabelTooLong,
    FindingCode::DnsIsIp,
    FindingCode::CountryInvalid,
    FindingCode::CountryUk,
    FindingCode::CnTooLong,
    FindingCode::SubjectTooLong,
    FindingCode::SubjectControlCharacter,
    FindingCode::NoNames,
];

impl CsrRequest {
    /// Why the request cannot be made; empty when it can. Judged before there is a key, with a key of no bits.
    #[must_use]
    pub fn refusals(&self) -> Vec<Finding> {
        let unsigned = UnsignedCsr::new(self, rsa_spki(&[], &[]), SigningAlgorithm::Ed25519);
        let pem = unsigned.sign(&[]);
        let mut findings = inspect_csr(&Input::Text(&pem), &Context::default())
            .map(Inspection::into_findings)
            .unwrap_or_default();
        findings.retain(|finding| REFUSED.contains(&finding.code));
        findings
    }
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
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
    /// The `AlgorithmIdentifier` (RFC 4055, 5758, 8410).
    fn identifier(self) -> Vec<u8> {
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

/// A request that lacks its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedCsr {
    algorithm: SigningAlgorithm,
    /// What has to be signed.
    pub message: Vec<u8>,
}

impl UnsignedCsr {
    /// A request for a key, which is given as its `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn new(request: &CsrRequest, spki: Vec<u8>, algorithm: SigningAlgorithm) -> Self {
        let message = sequence(&[
            unsigned(&[0]),
            subject(&request.subject),
            spki,
            attributes(&request.dns_names),
        ]);
        Self { algorithm, message }
    }

    /// The request as PEM. The signature is WebCrypto's: for ECDSA, r and s one after the other.
    #[must_use]
    pub fn sign(&self, signature: &[u8]) -> String {
        let signature = match self.algorithm {
            SigningAlgorithm::Ecdsa(_) => {
                let (r, s) = signature.split_at(signature.len() >> 1);
                sequence(&[unsigned(r), unsigned(s)])
            }
            _ => signature.to_vec(),
        };
        let der = sequence(&[self.message.clone(), self.algorithm.identifier(), bit_string(signature)]);
        pem::write("CERTIFICATE REQUEST", &der)
    }
}

/// A private key in PKCS #8, as PEM.
#[must_use]
pub fn private_key_pem(pkcs8: &[u8]) -> String {
    pem::write("PRIVATE KEY", pkcs8)
}

fn subject(subject: &RequestedSubject) -> Vec<u8> {
    const PRINTABLE_STRING: u8 = 0x13;
    const UTF8_STRING: u8 = 0x0c;
    const IA5_STRING: u8 = 0x16;
    // From the country down to the name, as OpenSSL asks for them.
    let attributes = [
        (oid::COUNTRY, PRINTABLE_STRING, &subject.country),
        (oid::STATE, UTF8_STRING, &subject.state),
        (oid::LOCALITY, UTF8_STRING, &subject.locality),
        (oid::ORGANIZATION, UTF8_STRING, &subject.organization_name),
        (oid::ORGANIZATIONAL_UNIT, UTF8_STRING, &subject.organizational_unit),
        (oid::COMMON_NAME, UTF8_STRING, &subject.common_name),
        (oid::EMAIL, IA5_STRING, &subject.email),
    ];
    let rdns = attributes.iter().filter_map(|(oid, string_type, value)| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        let string_type = if value.is_ascii() { *string_type } else { UTF8_STRING };
        let value = element(string_type, &[value.as_bytes().to_vec()]);
        Some(element(tag::SET, &[sequence(&[object_identifier(oid), value])]))
    });
    sequence(&rdns.collect::<Vec<_>>())
}

/// `[0]` with the request for a subjectAltName; without names, empty, but there.
fn attributes(dns_names: &[String]) -> Vec<u8> {
    const DNS_NAME: u8 = tag::context(2);
    const IP_ADDRESS: u8 = tag::context(7);
    let names: Vec<Vec<u8>> = dns_names
        .iter()
        .map(|name| match name.parse() {
            Ok(IpAddr::V4(address)) => element(IP_ADDRESS, &[address.octets().to_vec()]),
            Ok(IpAddr::V6(address)) => element(IP_ADDRESS, &[address.octets().to_vec()]),
            Err(_) => element(DNS_NAME, &[name.as_bytes().to_vec()]),
        })
        .collect();
    let mut attributes = Vec::new();
    if !names.is_empty() {
        let extension = sequence(&[
            object_identifier(oid::SUBJECT_ALT_NAME),
            element(tag::OCTET_STRING, &[sequence(&names)]),
        ]);
        let values = element(tag::SET, &[sequence(&[extension])]);
        attributes.push(sequence(&[object_identifier(oid::EXTENSION_REQUEST), values]));
    }
    element(tag::context_constructed(0), &attributes)
}
