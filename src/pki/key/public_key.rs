//! Public keys (RFC 5280, 4.1.2.7).

use der::{
    BitString, DerError, Element, Integer, Reader, hex,
    oid::{self, Oid},
    tag,
    writer::{bit_string, null, object_identifier, sequence, unsigned},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::key::{
    algorithm::{self, Algorithm, Scheme},
    curves::{NIST, Numbers},
    natural::Natural,
};

/// A public key, described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct PublicKey {
    /// `RSA`, `EC`, `Ed25519`, `Ed448`, `DSA`, `RSA-PSS`, `ML-DSA-65` …; the OID when it is unknown.
    pub algorithm: String,
    /// The size of the modulus, of the field, or of DSA's prime.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<u64>,
    /// `P-256`, `P-384`, `P-521`, else the name that OpenSSL has, else the OID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curve: Option<String>,
    /// Whether the curve is spelled out in numbers; `curve` then says which one the numbers are, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_parameters: Option<bool>,
    /// RSA's public exponent, in decimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exponent: Option<String>,
    /// SHA-256 of the `SubjectPublicKeyInfo`, in lower-case hex.
    pub spki_sha256: String,
}

/// A `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7), read as far as its algorithm is known.
///
/// ```asn1
/// SubjectPublicKeyInfo ::= SEQUENCE {
///     algorithm         AlgorithmIdentifier,
///     subjectPublicKey  BIT STRING               -- of RSA the DER of an RSAPublicKey, of EC a point
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct Spki<'a> {
    pub raw: &'a [u8],
    pub algorithm: Algorithm<'a>,
    pub bits: BitString<'a>,
    pub material: Material<'a>,
}

/// The key itself.
#[derive(Clone, Debug)]
pub(crate) enum Material<'a> {
    Rsa(RsaKey<'a>),
    Ec(EcKey<'a>),
    Dsa {
        /// In the parameters; none when they are inherited.
        prime: Option<Integer<'a>>,
    },
    /// What is not looked into.
    Opaque,
    /// An RSA or EC key whose octets are not one.
    Malformed,
}

/// RFC 8017, appendix A.1.1.
///
/// ```asn1
/// RSAPublicKey ::= SEQUENCE {
///     modulus         INTEGER,
///     publicExponent  INTEGER
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub(crate) struct RsaKey<'a> {
    pub modulus: Integer<'a>,
    pub exponent: Integer<'a>,
}

/// RFC 5480, 2.1.1 and 2.2. Only the first choice is allowed; the second is what [`recognise`] reads.
///
/// ```asn1
/// ECParameters ::= CHOICE {
///     namedCurve      OBJECT IDENTIFIER,
///     specifiedCurve  SpecifiedECDomain,
///     implicitCurve   NULL
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct EcKey<'a> {
    /// None when the parameters are ones that nobody has named, or absent.
    pub curve: Option<&'static Curve>,
    /// The OID in the parameters.
    pub named: Option<Oid>,
    /// Whether the parameters are the numbers themselves.
    pub explicit: bool,
    pub point: &'a [u8],
}

/// A curve that has a name.
#[derive(Debug)]
pub(crate) struct Curve {
    pub oid: &'static str,
    pub name: &'static str,
    pub bits: u64,
}

const fn curve(oid: &'static str, name: &'static str, bits: u64) -> Curve {
    Curve { oid, name, bits }
}

const CURVES: &[Curve] = &[
    curve("1.2.840.10045.3.1.7", "P-256", 256),
    curve("1.3.132.0.34", "P-384", 384),
    curve("1.3.132.0.35", "P-521", 521),
    curve("1.3.132.0.33", "P-224", 224),
    curve("1.2.840.10045.3.1.1", "P-192", 192),
    curve("1.3.132.0.10", "secp256k1", 256),
    curve("1.3.132.0.32", "secp224k1", 225),
    curve("1.3.132.0.31", "secp192k1", 192),
    curve("1.3.132.0.9", "secp160k1", 161),
    curve("1.3.132.0.8", "secp160r1", 161),
    curve("1.3.132.0.30", "secp160r2", 161),
    curve("1.3.132.0.28", "secp128r1", 128),
    curve("1.3.132.0.29", "secp128r2", 126),
    curve("1.3.132.0.6", "secp112r1", 112),
    curve("1.3.132.0.7", "secp112r2", 110),
    curve("1.2.840.10045.3.1.4", "prime239v1", 239),
    curve("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1", 160),
    curve("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192),
    curve("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224),
    curve("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
    curve("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1", 256),
    curve("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", 320),
    curve("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384),
    curve("1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1", 384),
    curve("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
    curve("1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1", 512),
    curve("1.3.132.0.1", "sect163k1", 163),
    curve("1.3.132.0.15", "sect163r2", 163),
    curve("1.3.132.0.26", "sect233k1", 232),
    curve("1.3.132.0.27", "sect233r1", 233),
    curve("1.3.132.0.16", "sect283k1", 281),
    curve("1.3.132.0.17", "sect283r1", 282),
    curve("1.3.132.0.36", "sect409k1", 407),
    curve("1.3.132.0.37", "sect409r1", 409),
    curve("1.3.132.0.38", "sect571k1", 570),
    curve("1.3.132.0.39", "sect571r1", 570),
    curve("1.2.156.10197.1.301", "SM2", 256),
];

/// Keys that say what they are by their OID alone.
const OTHER_KEYS: &[(&str, &str, Option<u64>)] = &[
    ("1.3.101.110", "X25519", None),
    ("1.3.101.111", "X448", None),
    ("1.2.643.2.2.19", "GOST R 34.10-2001", Some(256)),
    ("1.2.643.7.1.1.1.1", "GOST R 34.10-2012", Some(256)),
    ("1.2.643.7.1.1.1.2", "GOST R 34.10-2012", Some(512)),
    ("1.2.840.113549.1.3.1", "DH", None),
    ("1.2.840.10046.2.1", "DH", None),
    ("1.2.840.113549.1.1.7", "RSA-OAEP", None),
    ("2.16.840.1.101.3.4.4.1", "ML-KEM-512", None),
    ("2.16.840.1.101.3.4.4.2", "ML-KEM-768", None),
    ("2.16.840.1.101.3.4.4.3", "ML-KEM-1024", None),
];

impl<'a> Spki<'a> {
    pub(crate) fn read(sequence: &Element<'a>) -> Result<Self, DerError> {
        let mut fields = sequence.inside();
        let algorithm = Algorithm::read(&fields.expect(tag::SEQUENCE, "the algorithm of a public key")?)?;
        let bits = BitString::of(&fields.expect(tag::BIT_STRING, "a public key")?)?;
        let material = Material::read(&algorithm, &bits);
        Ok(Self {
            raw: sequence.raw,
            algorithm,
            bits,
            material,
        })
    }

    /// The bits of a key from its DER.
    pub(crate) fn bits_of(spki: &'a [u8]) -> Option<&'a [u8]> {
        let sequence = Reader::new(spki).expect(tag::SEQUENCE, "a public key").ok()?;
        Self::read(&sequence).ok().map(|key| key.bits.bytes)
    }

    /// The key as `PublicKey` shows it.
    pub(crate) fn describe(&self) -> PublicKey {
        let oid = self.algorithm.oid.as_str();
        let mut key = PublicKey {
            algorithm: algorithm_name(oid).to_owned(),
            bits: OTHER_KEYS.iter().find(|other| other.0 == oid).and_then(|other| other.2),
            curve: None,
            explicit_parameters: None,
            exponent: None,
            spki_sha256: hex(&Sha256::digest(self.raw)),
        };
        match &self.material {
            Material::Rsa(rsa) => {
                key.bits = Some(rsa.modulus.bits());
                key.exponent = Some(rsa.exponent.to_decimal());
            }
            Material::Ec(ec) => {
                key.bits = ec.curve.map(|curve| curve.bits);
                key.curve = ec
                    .curve
                    .map(|curve| curve.name)
                    .or(ec.named.as_deref())
                    .map(str::to_owned);
                key.explicit_parameters = ec.explicit.then_some(true);
            }
            Material::Dsa { prime } => key.bits = prime.map(Integer::bits),
            Material::Opaque | Material::Malformed => {}
        }
        key
    }

    /// The kind of signature that the key makes, if it makes any that is known.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        match &self.material {
            Material::Ec(EcKey {
                curve: Some(Curve { name: "SM2", .. }),
                ..
            }) => Some(Scheme::Sm2),
            _ => match self.algorithm.oid.as_str() {
                oid::RSA | oid::RSA_X500 => Some(Scheme::RsaPkcs1),
                oid::EC => Some(Scheme::Ecdsa),
                oid::DSA => Some(Scheme::Dsa),
                gost if gost.starts_with("1.2.643.") => Some(Scheme::Gost),
                other => algorithm::scheme(other),
            },
        }
    }
}

fn algorithm_name(oid: &str) -> &str {
    match oid {
        oid::RSA => "RSA",
        // Another name of the same, which no public certificate may have (BR 7.1.3.1.1).
        oid::RSA_X500 => "X.500's RSA",
        oid::RSA_PSS => "RSA-PSS",
        oid::EC => "EC",
        oid::DSA => "DSA",
        _ => other_key_name(oid).unwrap_or(oid),
    }
}

/// The name of a kind of key that says what it is by its OID alone.
pub(crate) fn other_key_name(oid: &str) -> Option<&'static str> {
    let other = OTHER_KEYS.iter().find(|other| other.0 == oid);
    other.map(|other| other.1).or_else(|| algorithm::name(oid))
}

impl<'a> Material<'a> {
    fn read(algorithm: &Algorithm<'a>, bits: &BitString<'a>) -> Self {
        let read = match algorithm.oid.as_str() {
            // A key is whole octets.
            oid::RSA | oid::RSA_X500 | oid::RSA_PSS | oid::EC if bits.unused != 0 => None,
            oid::RSA | oid::RSA_X500 | oid::RSA_PSS => RsaKey::read(bits.bytes).map(Self::Rsa),
            oid::EC => Some(Self::Ec(EcKey::read(algorithm.parameters.as_ref(), bits.bytes))),
            oid::DSA => Some(Self::Dsa {
                prime: algorithm.parameters.as_ref().and_then(dsa_prime),
            }),
            _ => Some(Self::Opaque),
        };
        read.unwrap_or(Self::Malformed)
    }
}

impl<'a> RsaKey<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let sequence = Reader::new(bytes).expect(tag::SEQUENCE, "an RSA key").ok()?;
        let mut numbers = sequence.inside();
        let key = Self {
            modulus: Integer::read(&mut numbers, "a modulus").ok()?,
            exponent: Integer::read(&mut numbers, "an exponent").ok()?,
        };
        numbers.is_empty().then_some(key)
    }
}

impl<'a> EcKey<'a> {
    pub(crate) fn read(parameters: Option<&Element<'a>>, point: &'a [u8]) -> Self {
        let mut key = Self {
            curve: None,
            named: None,
            explicit: false,
            point,
        };
        match parameters {
            Some(parameters) if parameters.tag == tag::OID => {
                let oid = Oid::read(parameters.content);
                key.curve = CURVES.iter().find(|curve| oid == curve.oid);
                key.named = Some(oid);
            }
            Some(parameters) if parameters.tag == tag::SEQUENCE => {
                key.explicit = true;
                key.curve = recognise(parameters);
            }
            // implicitCurve, or nothing: the curve is known from elsewhere, and not to us.
            _ => {}
        }
        key
    }
}

/// A `SubjectPublicKeyInfo` of an RSA key, from its numbers.
pub(crate) fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = sequence(&[unsigned(modulus), unsigned(exponent)]);
    sequence(&[sequence(&[object_identifier(oid::RSA), null()]), bit_string(key)])
}

/// The `SubjectPublicKeyInfo` of a key on P-256 that is sound, and whose other half everybody has: its point is the
/// curve's base point (FIPS 186-4, D.1.2.3).
pub(crate) fn ec_spki() -> Vec<u8> {
    const POINT: [u8; 65] =
        *b"\x04\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\
        \xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\
        \x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
    let algorithm = sequence(&[object_identifier(oid::EC), object_identifier("1.2.840.10045.3.1.7")]);
    sequence(&[algorithm, bit_string(POINT.to_vec())])
}

/// The named curve behind explicit parameters (RFC 3279, 2.3.5), which has to have all of its numbers.
///
/// ```asn1
/// SpecifiedECDomain ::= SEQUENCE {
///     version   INTEGER,
///     fieldID   SEQUENCE { fieldType OBJECT IDENTIFIER, prime INTEGER },
///     curve     SEQUENCE { a OCTET STRING, b OCTET STRING, seed BIT STRING OPTIONAL },
///     base      OCTET STRING,                    -- a point
///     order     INTEGER,
///     cofactor  INTEGER OPTIONAL
/// }
/// ```
fn recognise(parameters: &Element<'_>) -> Option<&'static Curve> {
    let mut fields = parameters.inside();
    fields.expect(tag::INTEGER, "a version").ok()?;
    let mut field = fields.inner(tag::SEQUENCE, "a field").ok()?;
    field.expect(tag::OID, "a type of field").ok()?;
    let prime = field.expect(tag::INTEGER, "a prime").ok()?;
    let mut coefficients = fields.inner(tag::SEQUENCE, "a curve").ok()?;
    let a = coefficients.expect(tag::OCTET_STRING, "a coefficient").ok()?;
    let b = coefficients.expect(tag::OCTET_STRING, "a coefficient").ok()?;
    let base = fields.expect(tag::OCTET_STRING, "a base point").ok()?;
    let order = fields.expect(tag::INTEGER, "an order").ok()?;
    let numbers = Numbers {
        prime: Natural::from(Integer::of(&prime)),
        a: Natural::from_be_bytes(a.content),
        b: Natural::from_be_bytes(b.content),
        base: base.content,
        order: Natural::from(Integer::of(&order)),
    };
    let name = NIST.iter().find(|curve| curve.has_numbers(&numbers))?.name;
    CURVES.iter().find(|curve| curve.name == name)
}

/// RFC 3279, 2.3.2.
///
/// ```asn1
/// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
/// ```
fn dsa_prime<'a>(parameters: &Element<'a>) -> Option<Integer<'a>> {
    Integer::read(&mut parameters.inside(), "a prime").ok()
}
