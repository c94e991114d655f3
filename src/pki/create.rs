//! Makes requests: what they are to say, what they are signed with, and their DER.

mod extensions;
mod like;
mod names;
mod subject;

use self::{
    extensions::{RequestedExtension, alternative_names, extended_key_usage, key_usage, must_staple},
    names::Names,
};
pub use self::{like::Like, names::ToAscii, subject::RequestedSubject};
use crate::{
    given::{self, Given},
    inspect::{Inspection, inspect_csr},
    key::public_key::{Spki, ec_spki},
    key_failure::KeyFailure,
    paste::input::Input,
    rules::context::Context,
};
use der::{
    oid, pem, tag,
    writer::{bit_string, element, null, object_identifier, sequence, unsigned},
};
use finding::{Finding, FindingCode, Severity};

/// What a new request is to say. What is given takes the place of what the certificate or the request has that the new one
/// is to be like: the subject, the alternative names of all kinds, and each extension by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsrRequest {
    /// Who the certificate is for.
    pub subject: Option<RequestedSubject>,
    /// Those of `LISTS` that are given, each by its name.
    pub lists: Vec<(String, Vec<String>)>,
    /// Whether servers have to staple an OCSP response (RFC 7633).
    pub must_staple: Option<bool>,
    /// What the request is signed with.
    pub hash: Option<Hash>,
    /// Whether nothing is made that an inspection calls an error. True if absent.
    pub check: Option<bool>,
}

/// What a new request says, encoded, but for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsrContent {
    said: Like,
    check: bool,
}

impl CsrRequest {
    /// The fields that are lists of texts.
    pub const LISTS: [&str; 6] = [
        "dnsNames",
        "ipAddresses",
        "emailAddresses",
        "uris",
        "keyUsage",
        "extendedKeyUsage",
    ];

    /// Encodes what the request says. `like` is what it is to be like where it says nothing; `to_ascii` makes the ASCII
    /// form of international names.
    ///
    /// # Errors
    /// What cannot be written, and what is a private key.
    pub fn content(&self, like: Option<Like>, to_ascii: ToAscii<'_>) -> Result<CsrContent, Vec<Finding>> {
        let mut like = like.unwrap_or_default();
        let mut names = Names::new(to_ascii);
        let mut put = |oid: &str, extension: Option<RequestedExtension>| {
            like.extensions.retain(|other| other.oid != oid);
            like.extensions.extend(extension);
        };
        for (field, list) in &self.lists {
            match field.as_str() {
                "keyUsage" => put(oid::KEY_USAGE, key_usage(&mut names.findings, list)),
                "extendedKeyUsage" => put(oid::EXTENDED_KEY_USAGE, extended_key_usage(&mut names.findings, list)),
                _ => names.add(field, list),
            }
        }
        if let Some(staple) = self.must_staple {
            put(oid::TLS_FEATURE, staple.then(must_staple));
        }
        if let Some(subject) = &self.subject {
            for (field, value, expected) in subject.fields() {
                if let Some(expected) = expected {
                    names::wrong(&mut names.findings, field.clone(), expected);
                }
                names::refuse_private_key(&mut names.findings, field, value);
            }
            like.subject = subject.write(|name| names::common_name(name, to_ascii));
        }
        if names.are_given {
            put(oid::SUBJECT_ALT_NAME, alternative_names(&names.written));
        }
        if !names.findings.is_empty() {
            return Err(names.findings);
        }
        Ok(CsrContent {
            said: like,
            check: self.check.unwrap_or(true),
        })
    }
}

impl CsrContent {
    /// Why the request cannot be made; empty when it can. Judged before there is a key, with one that nobody has.
    #[must_use]
    pub fn refusals(&self) -> Vec<Finding> {
        let unsigned = UnsignedCsr::new(self, ec_spki(), SigningAlgorithm::Ecdsa(Hash::Sha256));
        let inspection = inspect_csr(&Input::Bytes(&unsigned.sign(&[1; 64])), &Context::default());
        self.errors_among(inspection.map(Inspection::into_findings).unwrap_or_default())
    }

    /// Those of the findings that prevent the request, with the fields that its caller wrote.
    #[must_use]
    pub fn errors_among(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain(|finding| self.check && finding.severity == Severity::Error);
        for field in findings.iter_mut().filter_map(|finding| finding.field.as_mut()) {
            if let Some(written) = RequestedSubject::field_at(&self.said.subject, field) {
                *field = written;
            }
        }
        findings
    }
}

/// The key that a new request wants made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The sizes that every certificate authority accepts.
const RSA_BITS: [u32; 3] = [2048, 3072, 4096];

impl KeyRequest {
    /// Reads it from the `key` of a request, which is absent or an object.
    ///
    /// # Errors
    /// Which field is wrong, or does not go with the algorithm.
    pub fn read(key: &impl Given) -> Result<Self, Finding> {
        if key.is_absent() {
            return Ok(Self::default());
        }
        let [algorithm, curve, bits] = ["algorithm", "curve", "bits"].map(|name| key.field(name));
        let algorithm = if algorithm.is_undefined() {
            None
        } else {
            Some(given::one_of(&algorithm, "key.algorithm", ["EC", "RSA"])?)
        };
        let curve = if curve.is_absent() {
            None
        } else {
            let [p256, p384] = [KeyCurve::P256, KeyCurve::P384];
            let name = given::one_of(&curve, "key.curve", [p256.name(), p384.name()])?;
            Some(if name == p256.name() { p256 } else { p384 })
        };
        let bits = if bits.is_absent() {
            None
        } else {
            let whole = bits.number().and_then(whole);
            Some(whole.ok_or_else(|| given::wrong("key.bits", "a whole number, at least 0"))?)
        };
        match (algorithm, curve, bits) {
            (None, ..) => Err(Finding::argument(
                FindingCode::Required,
                "algorithm",
                "`algorithm` is missing.",
            )),
            (Some("EC"), curve, None) => Ok(Self::Ec {
                curve: curve.unwrap_or_default(),
            }),
            (Some("EC"), ..) => Err(needless("bits", "EC", "a `curve`")),
            (Some(_), None, bits) => Ok(Self::Rsa {
                bits: bits.unwrap_or(2048),
            }),
            (Some(_), ..) => Err(needless("curve", "RSA", "`bits`")),
        }
    }

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

fn whole(number: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is in range and whole"
    )]
    ((0.0..=f64::from(u32::MAX)).contains(&number) && number.fract() == 0.0).then_some(number as u32)
}

/// That a key has a field that its algorithm has no use for.
fn needless(field: &str, algorithm: &str, instead: &str) -> Finding {
    let message = format!("`key` must have no `{field}`: a key of the algorithm '{algorithm}' has {instead}.");
    Finding::argument(FindingCode::InvalidOption, "key", message)
}

impl Default for KeyRequest {
    fn default() -> Self {
        Self::Ec {
            curve: KeyCurve::default(),
        }
    }
}

/// The curves that every certificate authority accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyCurve {
    /// P-256.
    #[default]
    P256,
    /// P-384.
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
    pub fn new(content: &CsrContent, spki: Vec<u8>, algorithm: SigningAlgorithm) -> Self {
        let extensions = content.said.extensions.iter().map(|extension| {
            if extension.oid == oid::SUBJECT_KEY_IDENTIFIER {
                // That of the request that this one is like is of another key.
                return RequestedExtension::key_identifier(Spki::bits_of(&spki).unwrap_or_default()).der;
            }
            extension.der.clone()
        });
        let attributes = attributes(&extensions.collect::<Vec<_>>());
        let message = sequence(&[unsigned(&[0]), content.said.subject.clone(), spki, attributes]);
        Self { algorithm, message }
    }

    /// The request in DER. The signature is WebCrypto's: for ECDSA, r and s one after the other.
    #[must_use]
    pub fn sign(&self, signature: &[u8]) -> Vec<u8> {
        let signature = match self.algorithm {
            SigningAlgorithm::Ecdsa(_) => {
                let (r, s) = signature.split_at(signature.len() >> 1);
                sequence(&[unsigned(r), unsigned(s)])
            }
            _ => signature.to_vec(),
        };
        sequence(&[self.message.clone(), self.algorithm.identifier(), bit_string(signature)])
    }
}

/// A request as PEM.
#[must_use]
pub fn csr_pem(der: &[u8]) -> String {
    pem::write("CERTIFICATE REQUEST", der)
}

/// `[0]` with the request for extensions; without them, empty, but there.
fn attributes(extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut attributes = Vec::new();
    if !extensions.is_empty() {
        let values = element(tag::SET, &[sequence(extensions)]);
        attributes.push(sequence(&[object_identifier(oid::EXTENSION_REQUEST), values]));
    }
    element(tag::context_constructed(0), &attributes)
}
