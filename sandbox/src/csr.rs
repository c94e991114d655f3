//! Certificate signing requests (RFC 2986), as far as the service reads them.

use base64ct::{Base64, Encoding};
use const_oid::ObjectIdentifier;
use const_oid::db::{DB, rfc3280, rfc4519, rfc5912};
use der::asn1::Uint;
use der::{Decode, Sequence, Tag, Tagged};
use serde::Serialize;
use x509_cert::attr::AttributeValue;
use x509_cert::request::CertReq;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// RSA keys are at least so long (Baseline Requirements 6.1.5).
const MIN_RSA_BITS: usize = 2048;

/// A request that was read.
#[derive(Clone, Debug)]
pub(crate) struct Csr(CertReq);

/// Whom a request names, by the words of the service: the first attribute of each type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subject {
    common_name: Option<String>,
    organization_name: Option<String>,
    organization_unit: Option<String>,
    locale: Option<String>,
    state: Option<String>,
    country: Option<String>,
    email: Option<String>,
}

/// `RSAPublicKey` of RFC 8017, appendix A.1.1.
#[derive(Sequence)]
struct RsaPublicKey {
    modulus: Uint,
    #[allow(dead_code, reason = "read, so that the rest of the structure is checked")]
    exponent: Uint,
}

impl Csr {
    /// Reads PEM, with or without its two lines. The error says what is wrong, to be put after the field's name.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        let encoded = match text.split_once("-----BEGIN ") {
            None => text,
            Some((_, rest)) => {
                let (label, rest) = rest.split_once("-----").ok_or("must be a CSR in PEM")?;
                if label != "CERTIFICATE REQUEST" && label != "NEW CERTIFICATE REQUEST" {
                    return Err("must be a CSR, and is another kind of PEM");
                }
                rest.split_once("-----END ")
                    .ok_or("must be a CSR in PEM, and its end is missing")?
                    .0
            }
        };
        let encoded: String = encoded.split_ascii_whitespace().collect();
        let der = Base64::decode_vec(&encoded).map_err(|_| "must be a CSR in PEM")?;
        let csr = CertReq::from_der(&der)
            .map(Self)
            .map_err(|_| "must be a CSR (RFC 2986)")?;
        if csr.rsa_bits().is_some_and(|bits| bits < MIN_RSA_BITS) {
            return Err("must be of an RSA key of at least 2048 bits");
        }
        Ok(csr)
    }

    /// The key to certify.
    pub(crate) fn public_key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.0.info.public_key
    }

    /// Whether the key is an RSA key.
    pub(crate) fn is_rsa(&self) -> bool {
        self.public_key().algorithm.oid == rfc5912::RSA_ENCRYPTION
    }

    /// Whether the key spells its curve out rather than naming it.
    pub(crate) fn has_explicit_curve(&self) -> bool {
        let algorithm = &self.public_key().algorithm;
        algorithm.oid == rfc5912::ID_EC_PUBLIC_KEY
            && algorithm
                .parameters
                .as_ref()
                .is_some_and(|parameters| parameters.tag() == Tag::Sequence)
    }

    fn rsa_bits(&self) -> Option<usize> {
        let key = RsaPublicKey::from_der(self.public_key().subject_public_key.as_bytes()?).ok()?;
        let bytes = key.modulus.as_bytes();
        let leading = usize::try_from(bytes.first()?.leading_zeros()).ok()?;
        self.is_rsa()
            .then(|| bytes.len().saturating_mul(8).saturating_sub(leading))
    }

    /// Whom it names.
    pub(crate) fn subject(&self) -> Subject {
        let first = |oid: ObjectIdentifier| {
            let mut attributes = self.0.info.subject.iter();
            let found = attributes.find(|attribute| attribute.oid == oid);
            found.map(|attribute| text_of(&attribute.value))
        };
        Subject {
            common_name: first(rfc4519::COMMON_NAME),
            organization_name: first(rfc4519::ORGANIZATION_NAME),
            organization_unit: first(rfc4519::ORGANIZATIONAL_UNIT_NAME),
            locale: first(rfc4519::LOCALITY_NAME),
            state: first(rfc4519::ST),
            country: first(rfc4519::COUNTRY_NAME),
            email: first(rfc3280::EMAIL_ADDRESS),
        }
    }

    /// The name of the algorithm of its signature, or the OID of one that is not known.
    pub(crate) fn signature_algorithm(&self) -> String {
        let oid = self.0.algorithm.oid;
        DB.by_oid(&oid).map_or_else(|| oid.to_string(), str::to_owned)
    }
}

/// The text of a directory string, whichever of its encodings it has.
fn text_of(value: &AttributeValue) -> String {
    let bytes = value.value();
    match value.tag() {
        Tag::BmpString => {
            let units = bytes
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |unit, byte| (unit << 8) | u16::from(*byte)));
            char::decode_utf16(units)
                .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        // Latin-1 in practice, as every reader of it takes it.
        Tag::TeletexString => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
