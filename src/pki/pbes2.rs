//! Encryption with a password: PBES2 (RFC 8018, 6.2) of PBKDF2 and AES in CBC. WebCrypto computes it.

use der::{
    Element, Integer, Reader,
    oid::Oid,
    tag,
    writer::{element, null, object_identifier, sequence, unsigned},
};

use crate::key_failure::KeyFailure;

const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const HMAC_SHA256: &str = "1.2.840.113549.2.9";
const AES_256_CBC: &str = "2.16.840.1.101.3.4.1.42";

/// The hashes of PBKDF2 that WebCrypto has, by its names.
const HASHES: [(&str, &str); 4] = [
    ("1.2.840.113549.2.7", "SHA-1"),
    (HMAC_SHA256, "SHA-256"),
    ("1.2.840.113549.2.10", "SHA-384"),
    ("1.2.840.113549.2.11", "SHA-512"),
];

const CIPHERS: [(&str, u16); 3] = [
    ("2.16.840.1.101.3.4.1.2", 128),
    ("2.16.840.1.101.3.4.1.22", 192),
    (AES_256_CBC, 256),
];

/// What keys are encrypted with elsewhere.
const OTHERS: [(&str, &str); 14] = [
    ("1.2.840.113549.1.5.1", "PBES1 with MD2 and DES"),
    ("1.2.840.113549.1.5.3", "PBES1 with MD5 and DES"),
    ("1.2.840.113549.1.5.6", "PBES1 with MD5 and RC2"),
    ("1.2.840.113549.1.5.10", "PBES1 with SHA-1 and DES"),
    ("1.2.840.113549.1.5.11", "PBES1 with SHA-1 and RC2"),
    ("1.2.840.113549.1.12.1.", "the encryption of old PKCS #12 files"),
    ("1.3.6.1.4.1.11591.4.11", "scrypt"),
    ("1.2.840.113549.3.7", "Triple DES"),
    ("1.2.840.113549.3.2", "RC2"),
    ("1.3.14.3.2.7", "DES"),
    ("1.2.840.113549.2.8", "PBKDF2 with SHA-224"),
    ("2.16.840.1.101.3.4.1.", "AES in another mode than CBC"),
    ("1.2.392.200011.61.1.1.1.", "Camellia"),
    ("1.2.410.200004.1.", "SEED"),
];

/// More take a browser minutes, and are nobody's.
pub(crate) const MAX_ITERATIONS: i64 = 10_000_000;

/// How something is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pbes2 {
    /// Of PBKDF2.
    pub salt: Vec<u8>,
    /// Of PBKDF2.
    pub iterations: u32,
    /// Of PBKDF2, by WebCrypto's name.
    pub hash: &'static str,
    /// Of the AES key.
    pub bits: u16,
    /// Of CBC.
    pub iv: Vec<u8>,
}

impl Pbes2 {
    /// AES-256 with PBKDF2-SHA256, of a fresh salt and initialization vector.
    #[must_use]
    pub const fn new(iterations: u32, salt: Vec<u8>, iv: Vec<u8>) -> Self {
        Self {
            salt,
            iterations,
            hash: "SHA-256",
            bits: 256,
            iv,
        }
    }

    /// Reads the `AlgorithmIdentifier` of what is encrypted.
    ///
    /// ```asn1
    /// PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }
    /// PBKDF2-params ::= SEQUENCE {
    ///     salt            CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
    ///     iterationCount  INTEGER,
    ///     keyLength       INTEGER OPTIONAL,
    ///     prf             AlgorithmIdentifier DEFAULT hmacWithSHA1
    /// }
    /// ```
    pub(crate) fn read(identifier: &Element<'_>) -> Result<Self, KeyFailure> {
        let mut schemes = parameters(identifier, PBES2)?;
        let malformed = |_| MALFORMED;
        let kdf = schemes.expect(tag::SEQUENCE, "").map_err(malformed)?;
        let cipher = schemes.expect(tag::SEQUENCE, "").map_err(malformed)?;
        let mut kdf = parameters(&kdf, PBKDF2)?;
        let salt = kdf.expect(tag::OCTET_STRING, "").map_err(malformed)?;
        let iterations = kdf.expect(tag::INTEGER, "").map_err(malformed)?;
        kdf.optional(tag::INTEGER).map_err(malformed)?;
        let hash = match kdf.optional(tag::SEQUENCE).map_err(malformed)? {
            Some(prf) => algorithm(&prf, |oid| find(&HASHES, oid))?,
            None => "SHA-1",
        };
        let bits = algorithm(&cipher, |oid| find(&CIPHERS, oid))?;
        let mut cipher = cipher.inside();
        cipher.any("").map_err(malformed)?;
        let iv = cipher.expect(tag::OCTET_STRING, "").map_err(malformed)?;
        let iterations = Integer::of(&iterations);
        let count = match iterations.small() {
            Some(..=0) => return Err(MALFORMED),
            Some(count @ ..=MAX_ITERATIONS) => u32::try_from(count).ok(),
            _ => None,
        };
        Ok(Self {
            salt: salt.content.to_vec(),
            iterations: count.ok_or_else(|| KeyFailure::Iterations(iterations.to_decimal()))?,
            hash,
            bits,
            iv: iv.content.to_vec(),
        })
    }

    /// The `AlgorithmIdentifier` of what was encrypted so; the hash and the cipher are those of [`Self::new`].
    pub(crate) fn identifier(&self) -> Vec<u8> {
        let octets = |octets: &[u8]| element(tag::OCTET_STRING, &[octets.to_vec()]);
        let prf = sequence(&[object_identifier(HMAC_SHA256), null()]);
        let kdf = [octets(&self.salt), unsigned(&self.iterations.to_be_bytes()), prf];
        let kdf = sequence(&[object_identifier(PBKDF2), sequence(&kdf)]);
        let cipher = sequence(&[object_identifier(AES_256_CBC), octets(&self.iv)]);
        sequence(&[object_identifier(PBES2), sequence(&[kdf, cipher])])
    }
}

const MALFORMED: KeyFailure = KeyFailure::Unreadable("The parameters of its encryption are not ones that can be used.");

fn find<T: Copy>(table: &[(&str, T)], oid: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == oid).map(|(_, value)| *value)
}

/// What an algorithm is by its OID; else which of the others it is.
fn algorithm<T>(identifier: &Element<'_>, known: impl FnOnce(&str) -> Option<T>) -> Result<T, KeyFailure> {
    let oid = identifier.inside().expect(tag::OID, "").map_err(|_| MALFORMED)?;
    let oid = Oid::read(oid.content);
    let other = || {
        let is_it = |(arc, _): &&(&str, &str)| oid == *arc || arc.ends_with('.') && oid.starts_with(arc);
        OTHERS
            .iter()
            .find(is_it)
            .map_or("a scheme that is not known here", |other| other.1)
    };
    known(&oid).ok_or_else(|| KeyFailure::Encryption(other()))
}

/// The parameters of an algorithm, which has to be this one.
fn parameters<'a>(identifier: &Element<'a>, wanted: &str) -> Result<Reader<'a>, KeyFailure> {
    algorithm(identifier, |oid| (oid == wanted).then_some(()))?;
    let mut fields = identifier.inside();
    fields.any("").map_err(|_| MALFORMED)?;
    let parameters = fields.expect(tag::SEQUENCE, "").map_err(|_| MALFORMED)?;
    Ok(parameters.inside())
}
