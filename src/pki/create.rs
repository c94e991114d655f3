//! Makes requests: what they are to say, what they are signed with, and their DER.

mod extensions;
mod like;
mod names;
mod new_key;
mod signing;
mod subject;

use self::{
    extensions::{RequestedExtension, alternative_names, extended_key_usage, key_usage, must_staple},
    names::Names,
};
pub use self::{
    like::Like,
    names::ToAscii,
    new_key::{KeyCurve, KeyRequest},
    signing::{Hash, SigningAlgorithm},
    subject::RequestedSubject,
};
use crate::{
    inspect::{Inspection, inspect_csr},
    key::public_key::{Spki, ec_spki},
    paste::input::Input,
    rules::context::Context,
};
use der::{
    oid, pem, tag,
    writer::{bit_string, element, object_identifier, sequence, unsigned},
};
use finding::{Finding, Severity};

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
