//! The two certificates that sign others.

use p256::ecdsa::{DerSignature, SigningKey};
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder, Error, Result};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::EncodePem;
use x509_cert::der::pem::LineEnding;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};

use super::names::Subject;
use super::validity::validity;
use crate::clock::Timestamp;
use crate::random::Random;

/// 2020-01-01, so that a sandbox may live in the past as well.
const FROM: Timestamp = Timestamp::from_ms(1_577_836_800_000);
/// 2049-12-31T23:59:59, the last second of two-digit years.
const UNTIL: Timestamp = Timestamp::from_ms(2_524_607_999_000);

/// A certificate that signs others, and its key.
#[derive(Debug)]
pub(crate) struct Issuer {
    key: SigningKey,
    certificate: Certificate,
    pem: String,
}

impl Issuer {
    pub(super) fn root(key: SigningKey, serials: &mut Random) -> Result<Self> {
        let name = name("Sandbox Root CA")?;
        let profile = Profile {
            issuer: name.clone(),
            subject: name,
            path_length: None,
        };
        let certificate = certify(profile, &key, &key, serials)?;
        Self::new(key, certificate)
    }

    pub(super) fn intermediate(root: &Self, key: SigningKey, serials: &mut Random) -> Result<Self> {
        let profile = Profile {
            issuer: root.name().clone(),
            subject: name("Sandbox TLS CA")?,
            path_length: Some(0),
        };
        let certificate = certify(profile, &key, &root.key, serials)?;
        Self::new(key, certificate)
    }

    fn new(key: SigningKey, certificate: Certificate) -> Result<Self> {
        let pem = certificate.to_pem(LineEnding::LF)?;
        Ok(Self { key, certificate, pem })
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(super) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub(super) fn name(&self) -> &Name {
        self.certificate.tbs_certificate().subject()
    }

    pub(super) fn pem(&self) -> &str {
        &self.pem
    }
}

fn name(common_name: &str) -> Result<Name> {
    let subject = Subject {
        country: "US".to_owned(),
        organization: "Sandbox, not a real CA".to_owned(),
        common_name: common_name.to_owned(),
        ..Subject::default()
    };
    Ok(subject.name()?)
}

fn certify(
    profile: Profile,
    subject_key: &SigningKey,
    issuer_key: &SigningKey,
    serials: &mut Random,
) -> Result<Certificate> {
    let public_key = SubjectPublicKeyInfoOwned::from_key(subject_key.verifying_key())?;
    CertificateBuilder::new(profile, serial_number(serials)?, validity(FROM, UNTIL)?, public_key)?
        .build::<_, DerSignature>(issuer_key)
}

/// A positive serial of 16 bytes: 127 bits from the seed, more than the 64 of Baseline Requirements 7.1.
pub(super) fn serial_number(serials: &mut Random) -> Result<SerialNumber> {
    let mut bytes: [u8; 16] = serials.array();
    if let Some(first) = bytes.first_mut() {
        // Below 0x80 it is positive, and from 0x40 on it has no leading zero to lose.
        *first = (*first & 0x3f) | 0x40;
    }
    SerialNumber::new(&bytes).map_err(Error::from)
}

/// What a certificate that signs others holds (RFC 5280, 4.2.1).
struct Profile {
    issuer: Name,
    subject: Name,
    /// How many more of its kind may stand between it and a leaf.
    path_length: Option<u8>,
}

impl BuilderProfile for Profile {
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
        let constraints = BasicConstraints {
            ca: true,
            path_len_constraint: self.path_length,
        };
        Ok(vec![
            constraints.to_extension(subject, &[])?,
            KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign).to_extension(subject, &[])?,
            SubjectKeyIdentifier::try_from(key)?.to_extension(subject, &[])?,
            AuthorityKeyIdentifier::try_from(issuer_key)?.to_extension(subject, &[])?,
        ])
    }
}
