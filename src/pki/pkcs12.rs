//! A certificate with its key and its chain in one file: PKCS #12 (RFC 7292), as IIS and Java read it.
//!
//! Both are encrypted with PBES2, and the whole is authenticated with HMAC-SHA256. WebCrypto computes all of it but the key
//! of the HMAC, whose derivation (RFC 7292, B.2) it does not have.

use core::cmp::Reverse;

use der::{
    Reader, oid, tag,
    writer::{element, null, object_identifier, sequence, unsigned},
};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::{
    bundle::all_certificates,
    error::ParseError,
    key::{identity::Identity, public_key::Spki},
    key_failure::KeyFailure,
    own_key::encrypted_key,
    paste::{document::Document, input::Input},
    pbes2::Pbes2,
    x509::certificate::SignedCertificate,
};

/// What each of key, certificates and MAC is derived with. .NET reads no file with more than 300,000 of one, nor more than
/// a million in all (`Pkcs12LoaderLimits.Defaults`), and `OpenSSL` writes 2,048.
pub const ITERATIONS: u32 = 100_000;
/// Those of the MAC are computed here and not by WebCrypto, which is slower. Java writes as many.
const MAC_ITERATIONS: u32 = 10_000;

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERT_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const BMP_STRING: u8 = 0x1e;

/// The certificates of a file in the making: that of the key, then its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs12 {
    certificates: Vec<Vec<u8>>,
    /// The attributes that key and certificate have in common, by which readers know that they belong together.
    attributes: Vec<u8>,
}

impl Pkcs12 {
    /// Sorts certificates: the one for the key, given by its `SubjectPublicKeyInfo`, of several the one that ends last; those
    /// that lead from it to a root, then whatever else there is. Readers show the file by its friendly name.
    ///
    /// # Errors
    /// When an input holds something else than certificates, or none of them is for the key.
    pub fn new(
        inputs: &[Input<'_>],
        spki: &[u8],
        friendly_name: Option<&str>,
    ) -> Result<Result<Self, KeyFailure>, ParseError> {
        let documents = inputs.iter().map(Input::read).collect::<Result<Vec<Document>, _>>()?;
        let mut rest: Vec<SignedCertificate<'_>> = Vec::new();
        for document in &documents {
            let certificates = all_certificates(document)?;
            if certificates.is_empty() {
                return Err(document.instead("a certificate"));
            }
            for certificate in certificates {
                if !rest.iter().any(|other| other.der == certificate.der) {
                    rest.push(certificate);
                }
            }
        }
        let own = Identity::of(&Spki::read(&Reader::new(spki).expect(tag::SEQUENCE, "a public key")?)?);
        // A renewed certificate may have the key of the one before it: the one that ends last is meant, and no precertificate.
        let for_key = rest.iter().enumerate().filter(|(_, one)| Identity::of(&one.key) == own);
        let newest = for_key.min_by_key(|(_, one)| Reverse((!one.is_precertificate(), one.not_after)));
        let Some((mut at, _)) = newest else {
            return Ok(Err(KeyFailure::NoCertificate));
        };
        let mut sorted = Vec::new();
        loop {
            let last = rest.remove(at);
            sorted.push(last.der.to_vec());
            match rest.iter().position(|one| one.issued(&last)) {
                Some(issuer) => at = issuer,
                None => break,
            }
        }
        let attributes = attributes(sorted.first().map(Vec::as_slice).unwrap_or_default(), friendly_name);
        sorted.extend(rest.iter().map(|one| one.der.to_vec()));
        Ok(Ok(Self {
            certificates: sorted,
            attributes,
        }))
    }

    /// What has to be encrypted beside the key: the `SafeContents` of the certificates.
    #[must_use]
    pub fn certificates(&self) -> Vec<u8> {
        let mut bags = Vec::new();
        for (index, der) in self.certificates.iter().enumerate() {
            let value = sequence(&[
                object_identifier(X509_CERTIFICATE),
                explicit(element(tag::OCTET_STRING, core::slice::from_ref(der))),
            ]);
            let attributes = if index == 0 {
                self.attributes.clone()
            } else {
                Vec::new()
            };
            bags.push(bag(CERT_BAG, value, attributes));
        }
        sequence(&bags)
    }

    /// Puts the two together, each encrypted, into what has to be authenticated: an `AuthenticatedSafe`.
    #[must_use]
    pub fn authenticated_safe(&self, key: (&Pbes2, Vec<u8>), certificates: (&Pbes2, Vec<u8>)) -> Vec<u8> {
        let (encryption, encrypted) = certificates;
        let content = sequence(&[
            object_identifier(DATA),
            encryption.identifier(),
            element(tag::context(0), &[encrypted]),
        ]);
        let certificates = sequence(&[
            object_identifier(ENCRYPTED_DATA),
            explicit(sequence(&[unsigned(&[0]), content])),
        ]);
        let (encryption, encrypted) = key;
        let key = bag(
            SHROUDED_KEY_BAG,
            encrypted_key(encryption, encrypted),
            self.attributes.clone(),
        );
        sequence(&[certificates, data(sequence(&[key]))])
    }
}

/// The file: what is authenticated, and its HMAC with the key of [`mac_key`] from the same salt.
///
/// ```asn1
/// PFX ::= SEQUENCE {
///     version   INTEGER,                         -- 3
///     authSafe  ContentInfo,
///     macData   SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER }
/// }
/// ```
#[must_use]
pub fn pfx(authenticated_safe: Vec<u8>, mac: Vec<u8>, salt: Vec<u8>) -> Vec<u8> {
    let digest = sequence(&[
        sequence(&[object_identifier(oid::SHA256), null()]),
        element(tag::OCTET_STRING, &[mac]),
    ]);
    let mac = sequence(&[
        digest,
        element(tag::OCTET_STRING, &[salt]),
        unsigned(&MAC_ITERATIONS.to_be_bytes()),
    ]);
    sequence(&[unsigned(&[3]), data(authenticated_safe), mac])
}

/// The key of the HMAC (RFC 7292, B.2), of as many octets as SHA-256 has, so that one round makes it.
#[must_use]
pub fn mac_key(password: &str, salt: &[u8]) -> Vec<u8> {
    /// The block of SHA-256.
    const BLOCK: usize = 64;
    /// What is derived: a key for a MAC.
    const FOR_MAC: u8 = 3;
    let filled = |octets: &[u8]| -> Vec<u8> {
        let length = octets.len().div_ceil(BLOCK).saturating_mul(BLOCK);
        let mut filled = octets.repeat(length.checked_div(octets.len()).unwrap_or_default().saturating_add(1));
        filled.truncate(length);
        filled
    };
    let password = [bmp(password), vec![0, 0]].concat();
    let mut digest = Sha256::digest([vec![FOR_MAC; BLOCK], filled(salt), filled(&password)].concat());
    for _ in 1..MAC_ITERATIONS {
        digest = Sha256::digest(digest);
    }
    digest.to_vec()
}

/// Two octets for each unit of UTF-16: a `BMPString`, and how this standard takes a password.
fn bmp(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for unit in text.encode_utf16() {
        octets.extend(unit.to_be_bytes());
    }
    octets
}

fn attributes(certificate: &[u8], friendly_name: Option<&str>) -> Vec<u8> {
    let attribute = |oid: &str, value: Vec<u8>| sequence(&[object_identifier(oid), element(tag::SET, &[value])]);
    let name = friendly_name.map(|name| attribute(oid::FRIENDLY_NAME, element(BMP_STRING, &[bmp(name)])));
    let id = element(tag::OCTET_STRING, &[Sha1::digest(certificate).to_vec()]);
    let id = attribute(oid::LOCAL_KEY_ID, id);
    // A SET OF in DER is sorted (X.690, 11.6): the length of the name decides, as the OIDs are equally long.
    match name {
        Some(name) if name < id => element(tag::SET, &[name, id]),
        name => element(tag::SET, &[id, name.unwrap_or_default()]),
    }
}

fn bag(kind: &str, value: Vec<u8>, attributes: Vec<u8>) -> Vec<u8> {
    sequence(&[object_identifier(kind), explicit(value), attributes])
}

/// A `ContentInfo` of plain octets.
fn data(octets: Vec<u8>) -> Vec<u8> {
    sequence(&[object_identifier(DATA), explicit(element(tag::OCTET_STRING, &[octets]))])
}

fn explicit(value: Vec<u8>) -> Vec<u8> {
    element(tag::context_constructed(0), &[value])
}
