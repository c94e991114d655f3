//! Certificates for servers, by the subscriber profile of Baseline Requirements 7.1.2.7.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::ID_KP_SERVER_AUTH;
use der::asn1::Ia5String;
use p256::ecdsa::DerSignature;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder, Result};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::EncodePem;
use x509_cert::der::pem::LineEnding;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::issuer::{Issuer, serial_number};
use super::names::Subject;
use super::validity::{of_leaf, validity};
use crate::clock::Timestamp;
use crate::csr::Csr;
use crate::random::Random;
use crate::words::ValidationType;

/// The policies that the CA/Browser Forum reserved (Baseline Requirements 7.1.6.1).
const DOMAIN_VALIDATED: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.140.1.2.1");
const ORGANIZATION_VALIDATED: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.140.1.2.2");
const EXTENDED_VALIDATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.140.1.1");

/// What a certificate is asked to say.
#[derive(Debug)]
pub(crate) struct LeafRequest<'a> {
    pub(crate) csr: &'a Csr,
    /// Whom it names; of a domain-validated one nothing but the common name is taken.
    pub(crate) subject: Subject,
    /// The names that it covers besides the common name.
    pub(crate) dns_names: &'a [String],
    pub(crate) validation: ValidationType,
}

/// An issued certificate.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) pem: String,
    pub(crate) serial_number: String,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
}

pub(super) fn issue(issuer: &Issuer, serials: &mut Random, request: &LeafRequest<'_>, at: Timestamp) -> Result<Leaf> {
    let (not_before, not_after) = of_leaf(at);
    let serial_number = serial_number(serials)?;
    let serial_text = hex(serial_number.as_bytes());
    let profile = Profile {
        issuer: issuer.name().clone(),
        subject: subject_of(request).name()?,
        request,
    };
    let key = request.csr.public_key().clone();
    let certificate = CertificateBuilder::new(profile, serial_number, validity(not_before, not_after)?, key)?
        .build::<_, DerSignature>(issuer.key())?;
    Ok(Leaf {
        pem: certificate.to_pem(LineEnding::LF)?,
        serial_number: serial_text,
        not_before,
        not_after,
    })
}

fn subject_of(request: &LeafRequest<'_>) -> Subject {
    if request.validation == ValidationType::Dv {
        return Subject {
            common_name: request.subject.common_name.clone(),
            ..Subject::default()
        };
    }
    request.subject.clone()
}

struct Profile<'a> {
    issuer: Name,
    subject: Name,
    request: &'a LeafRequest<'a>,
}

impl Profile<'_> {
    /// The common name first, then the others, each once. What the CSR asks for does not count.
    fn alternative_names(&self) -> Result<SubjectAltName> {
        let mut names: Vec<String> = Vec::new();
        for name in core::iter::once(&self.request.subject.common_name).chain(self.request.dns_names) {
            let name = name.to_ascii_lowercase();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let names = names.iter().map(|name| Ok(GeneralName::DnsName(Ia5String::new(name)?)));
        Ok(SubjectAltName(names.collect::<Result<_>>()?))
    }

    fn policy(&self) -> ObjectIdentifier {
        match self.request.validation {
            ValidationType::Dv => DOMAIN_VALIDATED,
            ValidationType::Ov => ORGANIZATION_VALIDATED,
            ValidationType::Ev => EXTENDED_VALIDATION,
        }
    }
}

impl BuilderProfile for Profile<'_> {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> Result<Vec<Extension>> {
        let subject = tbs.subject();
        // An RSA key may also carry a session key to the server; an EC key never does.
        let usage = if self.request.csr.is_rsa() {
            KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment
        } else {
            KeyUsages::DigitalSignature.into()
        };
        let policy = PolicyInformation {
            policy_identifier: self.policy(),
            policy_qualifiers: None,
        };
        Ok(vec![
            BasicConstraints {
                ca: false,
                path_len_constraint: None,
            }
            .to_extension(subject, &[])?,
            KeyUsage(usage).to_extension(subject, &[])?,
            ExtendedKeyUsage(vec![ID_KP_SERVER_AUTH]).to_extension(subject, &[])?,
            SubjectKeyIdentifier::try_from(key)?.to_extension(subject, &[])?,
            AuthorityKeyIdentifier::try_from(issuer_key)?.to_extension(subject, &[])?,
            CertificatePolicies(vec![policy]).to_extension(subject, &[])?,
            self.alternative_names()?.to_extension(subject, &[])?,
        ])
    }
}

/// Capital hexadecimal digits, as serial numbers are written.
fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .concat()
}
