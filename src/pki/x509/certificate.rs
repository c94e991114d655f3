//! Certificates (RFC 5280, 4.1).

use der::{DerError, Element, Integer, Reader, Time, hex, oid, pem, tag};
use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::{
    index::each,
    key::{
        algorithm::{Scheme, SignatureAlgorithm},
        public_key::{PublicKey, Spki},
    },
    paste::kind::PastedKind,
    x509::{
        extension::{
            AuthorityKeyIdentifier, Extension, ParsedExtension, Value, alternative_names, extended_key_usage, key_usage,
        },
        general_name::{GeneralName, SubjectAltNames},
        name::Name,
        signed::Signed,
    },
};

/// A certificate, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Certificate {
    /// As encoded: 2 is version 3.
    pub version: i32,
    /// Who it is for.
    pub subject: Name,
    /// Who signed it.
    pub issuer: Name,
    /// Upper-case hex in pairs of digits, as OpenSSL shows it.
    pub serial_number: String,
    /// `2026-01-31T00:00:00Z`
    pub not_before: String,
    /// Likewise; the last second that it is valid.
    pub not_after: String,
    /// Empty without the extension.
    pub subject_alt_names: SubjectAltNames,
    /// The key that it certifies.
    pub public_key: PublicKey,
    /// How it was signed.
    pub signature_algorithm: SignatureAlgorithm,
    /// Whether it may sign others.
    pub is_ca: bool,
    /// All of them, in their order.
    pub extensions: Vec<Extension>,
    /// What the key may be used for; absent without the extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_usage: Option<Vec<&'static str>>,
    /// For which purposes, by name, else by OID; absent without the extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_key_usage: Option<Vec<String>>,
    /// The fingerprint, in lower-case hex.
    pub sha256: String,
    /// The older fingerprint, in lower-case hex.
    pub sha1: String,
    /// The certificate alone, in a frame of its own.
    pub pem: String,
}

/// A certificate as it is encoded (RFC 5280, 4.1).
///
/// ```asn1
/// Certificate ::= SEQUENCE {
///     tbsCertificate  SEQUENCE {                 -- what is signed
///         version               [0] EXPLICIT INTEGER DEFAULT 0,   -- 2 means version 3
///         serialNumber          INTEGER,
///         signature             AlgorithmIdentifier,              -- once more, so that it is signed too
///         issuer                Name,
///         validity              SEQUENCE { notBefore Time, notAfter Time },
///         subject               Name,
///         subjectPublicKeyInfo  SubjectPublicKeyInfo,
///         issuerUniqueID        [1] IMPLICIT BIT STRING OPTIONAL, -- of version 2
///         subjectUniqueID       [2] IMPLICIT BIT STRING OPTIONAL, -- of version 2
///         extensions            [3] EXPLICIT Extensions OPTIONAL  -- of version 3
///     },
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct SignedCertificate<'a> {
    pub der: &'a [u8],
    pub version: i32,
    pub serial: Integer<'a>,
    pub issuer: Name,
    /// The name's own octets: names are compared by them first.
    pub issuer_der: &'a [u8],
    pub not_before: Time,
    pub not_after: Time,
    pub subject: Name,
    pub subject_der: &'a [u8],
    pub key: Spki<'a>,
    pub extensions: Vec<ParsedExtension<'a>>,
    pub signed: Signed<'a>,
    /// Whether the part that is signed names another signature algorithm than the signature (RFC 5280, 4.1.1.2).
    pub algorithms_differ: bool,
    /// Its two times as they are encoded.
    pub times: [Element<'a>; 2],
}

impl<'a> SignedCertificate<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, DerError> {
        let root = Reader::new(bytes).expect(tag::SEQUENCE, "a certificate")?;
        let (signed, info) = Signed::read(&root, "the signed part of a certificate")?;

        let mut fields = info.inside();
        let version = match fields.optional(tag::context_constructed(0))? {
            Some(version) => Integer::read(&mut version.inside(), "a version")?.version(),
            None => 0,
        };
        let serial = Integer::read(&mut fields, "a serial number")?;
        let inner_algorithm = fields.expect(tag::SEQUENCE, "the inner signature algorithm")?;
        let issuer = fields.expect(tag::SEQUENCE, "the issuer of a certificate")?;
        let mut validity = fields.inner(tag::SEQUENCE, "the validity of a certificate")?;
        let times = [validity.any("a time")?, validity.any("a time")?];
        let [not_before, not_after] = [Time::read(&times[0])?, Time::read(&times[1])?];
        let subject = fields.expect(tag::SEQUENCE, "the subject of a certificate")?;
        let key = Spki::read(&fields.expect(tag::SEQUENCE, "the public key of a certificate")?)?;
        // The unique identifiers of version 2, which are not in use.
        for number in [1, 2] {
            fields.optional(tag::context(number))?;
        }
        let extensions = match fields.optional(tag::context_constructed(3))? {
            Some(field) => ParsedExtension::read_all(&field.inside().expect(tag::SEQUENCE, "the extensions")?)?,
            None => Vec::new(),
        };
        Ok(Self {
            der: root.raw,
            version,
            serial,
            issuer: Name::read(&issuer)?,
            issuer_der: issuer.raw,
            not_before,
            not_after,
            subject: Name::read(&subject)?,
            subject_der: subject.raw,
            key,
            extensions,
            algorithms_differ: inner_algorithm.raw != signed.algorithm_der,
            times,
            signed,
        })
    }

    /// Whether it says that it may sign others (RFC 5280, 4.2.1.9).
    pub(crate) fn is_ca(&self) -> bool {
        self.extensions
            .iter()
            .any(|extension| matches!(extension.value, Value::BasicConstraints { ca: true, .. }))
    }

    /// Whether its subject is its issuer, as of one that only changes a key (RFC 5280, 6.1).
    pub(crate) fn names_itself(&self) -> bool {
        self.subject_der == self.issuer_der || self.subject.is_same_as(&self.issuer)
    }

    /// Whether it is taken for one that signs others: one of version 1 has no way to say so, and is when it signed itself.
    pub(crate) fn is_authority(&self) -> bool {
        self.is_ca() || (self.version == 0 && self.is_self_issued())
    }

    /// Whether it names itself as the one that signed it, name and key: a root, or a certificate outside any hierarchy.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issued(self)
    }

    /// Whether it is an authority that nobody else issued.
    pub(crate) fn is_root(&self) -> bool {
        self.is_authority() && self.is_self_issued()
    }

    /// Whether it only shows logs what is going to be issued (RFC 6962, 3.1).
    pub(crate) fn is_precertificate(&self) -> bool {
        self.extensions.iter().any(|extension| extension.oid == oid::CT_POISON)
    }

    /// What its key may be used for; None without the extension.
    pub(crate) fn usages(&self) -> Option<Vec<&'static str>> {
        key_usage(&self.extensions)
    }

    /// Whether its key usage, if it has one, lets it sign others.
    pub(crate) fn may_sign(&self) -> bool {
        self.usages().is_none_or(|usages| usages.contains(&"keyCertSign"))
    }

    /// How many others it may have below it, beside the leaf, as far as it says so.
    pub(crate) fn path_length(&self) -> Option<usize> {
        self.extensions.iter().find_map(|extension| match &extension.value {
            Value::BasicConstraints { path_length, .. } => path_length.as_ref()?.parse().ok(),
            _ => None,
        })
    }

    /// The hash that it is signed with, if browsers do not accept it.
    pub(crate) fn broken_hash(&self) -> Option<&'static str> {
        SignatureAlgorithm::of(&self.signed.algorithm)
            .hash
            .filter(|hash| matches!(*hash, "SHA-1" | "MD2" | "MD4" | "MD5"))
    }

    /// Whether another certificate names this one as its issuer: by name, by key identifier and serial number where both
    /// have them, and by the kind of key. Whether its key made the signature is
    /// for a verifier to say.
    pub(crate) fn issued(&self, other: &Self) -> bool {
        let same_name = self.subject_der == other.issuer_der || self.subject.is_same_as(&other.issuer);
        same_name && self.has_key_that_signed(other)
    }

    fn has_key_that_signed(&self, other: &Self) -> bool {
        let [key, serial] = other.wanted();
        let is_same_key = match (key, self.subject_key_identifier()) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        let is_same_serial = serial.is_none_or(|serial| *serial == self.serial.to_hex());
        is_same_key && is_same_serial && may_have_signed(self.key.scheme(), other.signed.scheme())
    }

    /// The key identifier and the serial number of its issuer, as far as it names them.
    pub(crate) fn wanted(&self) -> [Option<&str>; 2] {
        let wanted = self.authority_key_identifier();
        wanted.map_or([None; 2], |id| [id.key.as_deref(), id.serial.as_deref()])
    }

    /// Whether it is one for TLS servers, as far as it says what it is for.
    pub(crate) fn is_for_servers(&self) -> bool {
        self.extensions.iter().all(|extension| match &extension.value {
            Value::ExtendedKeyUsage(purposes) => purposes.iter().any(|purpose| purpose.as_str() == oid::SERVER_AUTH),
            _ => true,
        })
    }

    pub(crate) fn alternative_names(&self) -> impl Iterator<Item = &GeneralName> {
        alternative_names(&self.extensions)
    }

    pub(crate) fn subject_key_identifier(&self) -> Option<&str> {
        self.extensions.iter().find_map(|extension| match &extension.value {
            Value::SubjectKeyIdentifier(id) => Some(id.as_str()),
            _ => None,
        })
    }

    pub(crate) fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.extensions.iter().find_map(|extension| match &extension.value {
            Value::AuthorityKeyIdentifier(id) => Some(id),
            _ => None,
        })
    }

    pub(crate) fn describe(self) -> Certificate {
        Certificate {
            is_ca: self.is_ca(),
            version: self.version,
            serial_number: self.serial.to_hex(),
            not_before: self.not_before.to_iso(),
            not_after: self.not_after.to_iso(),
            subject_alt_names: SubjectAltNames::of(self.alternative_names()),
            public_key: self.key.describe(),
            signature_algorithm: SignatureAlgorithm::of(&self.signed.algorithm),
            key_usage: key_usage(&self.extensions),
            extended_key_usage: extended_key_usage(&self.extensions),
            extensions: each(self.extensions, ParsedExtension::describe),
            sha256: hex(&Sha256::digest(self.der)),
            sha1: hex(&Sha1::digest(self.der)),
            pem: pem::write("CERTIFICATE", self.der),
            subject: self.subject,
            issuer: self.issuer,
        }
    }
}

/// Whether a kind of key may have made a kind of signature.
pub(crate) fn may_have_signed(key: Option<Scheme>, signature: Option<Scheme>) -> bool {
    match (key, signature) {
        (Some(Scheme::RsaPkcs1), Some(Scheme::RsaPss)) => true,
        (Some(key), Some(signature)) => key == signature,
        _ => true,
    }
}

/// The certificate inside a list of them, as PKCS #7 has it.
pub(crate) fn is_certificate(element: &Element<'_>) -> bool {
    PastedKind::of(element.raw) == PastedKind::Certificate
}
