//! Certificate signing requests (RFC 2986): reading, and writing those of the demo.

use base64ct::{Base64, Encoding};
use const_oid::ObjectIdentifier;
use const_oid::db::{DB, rfc3280, rfc4519, rfc5912};
use der::asn1::Uint;
use der::{Decode, Sequence, Tag, Tagged};
use serde_json::{Value, json};
use x509_cert::attr::AttributeValue;
use x509_cert::request::CertReq;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::http::Response;
use crate::refusal::Refusal;
use crate::validate::{Checker, Fields, Text};

/// RSA keys are at least so long (Baseline Requirements 6.1.5).
const MIN_RSA_BITS: usize = 2048;

/// A request that was read.
#[derive(Clone, Debug)]
pub(crate) struct Csr(CertReq);

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

    fn subject(&self, oid: ObjectIdentifier) -> Option<String> {
        self.0
            .info
            .subject
            .iter()
            .find(|attribute| attribute.oid == oid)
            .map(|attribute| text_of(&attribute.value))
    }

    fn signature_algorithm(&self) -> String {
        let oid = self.0.algorithm.oid;
        DB.by_oid(&oid).map_or_else(|| oid.to_string(), str::to_owned)
    }

    /// The CSR object of guide 7.3.1.
    fn json(&self, text: &str) -> Value {
        json!({
            "csr": text,
            "commonName": self.subject(rfc4519::COMMON_NAME),
            "organizationName": self.subject(rfc4519::ORGANIZATION_NAME),
            "organizationUnit": self.subject(rfc4519::ORGANIZATIONAL_UNIT_NAME),
            "locale": self.subject(rfc4519::LOCALITY_NAME),
            "state": self.subject(rfc4519::ST),
            "country": self.subject(rfc4519::COUNTRY_NAME),
            "email": self.subject(rfc3280::EMAIL_ADDRESS),
            "signatureAlgorithm": self.signature_algorithm(),
        })
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

/// `POST /cert/parse`.
pub(crate) fn parse_all(body: &Value) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, body);
    fields.require(&["csrs"]);
    fields.require_items("csrs");
    let texts = fields.texts("csrs", Text::Pem).unwrap_or_default();
    let mut parsed = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match Csr::parse(text) {
            Ok(csr) => parsed.push(csr.json(text)),
            Err(problem) => fields.problem(&format!("csrs[{index}]"), "INVALID_CSR", problem),
        }
    }
    checker.finish()?;
    Ok(Response::json(200, &parsed))
}
