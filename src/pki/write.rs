//! Writes requests: DER is built from its leaves, in values that are moved, so that every length is known.

use core::net::IpAddr;

use serde::Deserialize;

use super::{der::tag, oid, pem};

/// What a new request is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CsrRequest {
    /// Whom the certificate is for.
    pub subject: RequestedSubject,
    /// The alternative names. IP addresses among them become such.
    pub dns_names: Vec<String>,
}

/// The attributes of a new subject. Those that are absent or empty are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "algorithm")]
pub enum KeyRequest {
    /// On a curve: `P-256` or `P-384`.
    #[serde(rename = "EC")]
    Ec {
        /// By WebCrypto's name; P-256 if absent.
        curve: Option<String>,
    },
    /// With so many bits: 2048, 3072 or 4096.
    #[serde(rename = "RSA")]
    Rsa {
        /// 2048 if absent.
        bits: Option<u32>,
    },
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
    /// The AlgorithmIdentifier (RFC 4055, 5758, 8410).
    fn identifier(self) -> Vec<u8> {
        let (oid, parameters) = match self {
            Self::RsaPkcs1(Hash::Sha256) => ("1.2.840.113549.1.1.11", null()),
            Self::RsaPkcs1(Hash::Sha384) => ("1.2.840.113549.1.1.12", null()),
            Self::RsaPkcs1(Hash::Sha512) => ("1.2.840.113549.1.1.13", null()),
            Self::RsaPss(hash) => (oid::RSA_PSS, pss_parameters(hash)),
            Self::Ecdsa(Hash::Sha256) => ("1.2.840.10045.4.3.2", Vec::new()),
            Self::Ecdsa(Hash::Sha384) => ("1.2.840.10045.4.3.3", Vec::new()),
            Self::Ecdsa(Hash::Sha512) => ("1.2.840.10045.4.3.4", Vec::new()),
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

/// A `SubjectPublicKeyInfo` of an RSA key, from its numbers.
pub(crate) fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = sequence(&[unsigned(modulus), unsigned(exponent)]);
    sequence(&[sequence(&[object_identifier(oid::RSA), null()]), bit_string(key)])
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

fn element(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let mut der = Vec::with_capacity(content.len().saturating_add(10));
    der.push(tag);
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => der.push(length),
        _ => {
            let octets = content.len().to_be_bytes();
            let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
            let significant = octets.get(zeros..).unwrap_or_default();
            der.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
            der.extend(significant);
        }
    }
    der.extend(content);
    der
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag::SEQUENCE, parts)
}

fn null() -> Vec<u8> {
    element(tag::NULL, &[])
}

/// A whole number from its big-endian octets: without needless zeros, with the one that keeps it positive.
fn unsigned(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    let sign = if significant.first().is_none_or(|octet| octet & 0x80 != 0) {
        vec![0]
    } else {
        Vec::new()
    };
    element(tag::INTEGER, &[sign, significant.to_vec()])
}

fn bit_string(bytes: Vec<u8>) -> Vec<u8> {
    element(tag::BIT_STRING, &[vec![0], bytes])
}

/// From the dotted form, of which this crate's constants are the only source.
fn object_identifier(dotted: &str) -> Vec<u8> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().unwrap_or_default());
    let first = arcs
        .next()
        .unwrap_or_default()
        .saturating_mul(40)
        .saturating_add(arcs.next().unwrap_or_default());
    let content = core::iter::once(first).chain(arcs).flat_map(|arc| {
        let digits = u64::BITS.saturating_sub(arc.leading_zeros()).div_ceil(7).max(1);
        (0..digits).rev().map(move |digit| {
            let more = if digit > 0 { 0x80 } else { 0 };
            more | u8::try_from(arc >> digit.saturating_mul(7) & 0x7f).unwrap_or_default()
        })
    });
    element(tag::OID, &[content.collect()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::der::{Reader, dotted};

    #[test]
    fn identifiers_are_read_as_they_were_written() {
        for text in [
            "1.2.840.113549.1.1.11",
            "2.5.29.17",
            "1.3.101.112",
            "2.16.840.1.101.3.4.2.1",
        ] {
            let der = object_identifier(text);
            let element = Reader::new(&der).any("an OID").unwrap();
            assert_eq!(dotted(element.content), text);
        }
    }

    #[test]
    fn numbers_are_positive_and_short() {
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0x7f]), [2, 1, 0x7f]);
    }

    #[test]
    fn lengths_of_every_size_are_written() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let der = element(tag::OCTET_STRING, &[vec![7; length]]);
            let read = Reader::new(&der).any("octets").unwrap();
            assert_eq!(read.content.len(), length);
            assert_eq!(read.raw.len(), der.len());
        }
    }
}
