//! What it takes to verify a signature, in the forms that WebCrypto takes.

use der::{
    Integer, Reader, oid, tag,
    writer::{sequence, unsigned},
};

use crate::{
    key::{
        algorithm::{PssParameters, Scheme, SignatureAlgorithm},
        curves::NIST,
        public_key::{EcKey, Material, RsaKey, Spki, rsa_spki},
    },
    verify::signature_status::SignatureStatus,
    x509::signed::Signed,
};

/// A question to a verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How to verify.
    pub algorithm: VerificationAlgorithm,
    /// The key: for RSA a `SubjectPublicKeyInfo`, for EC an uncompressed point, for Ed25519 its 32 octets.
    pub key: Vec<u8>,
    /// What was signed.
    pub message: Vec<u8>,
    /// The signature; of ECDSA, r and s one after the other in the size of the curve.
    pub signature: Vec<u8>,
}

/// The algorithms that WebCrypto has; hashes and curves by its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationAlgorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1 {
        /// `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`.
        hash: &'static str,
    },
    /// RSASSA-PSS, with the same hash in its mask.
    RsaPss {
        /// Likewise.
        hash: &'static str,
        /// In octets.
        salt_length: u32,
    },
    /// ECDSA.
    Ecdsa {
        /// `P-256`, `P-384` or `P-521`.
        curve: &'static str,
        /// Likewise.
        hash: &'static str,
    },
    /// Ed25519.
    Ed25519,
}

/// OpenSSL verifies nothing with larger keys, and with larger exponents nothing above `MAX_BITS_OF_LARGE_EXPONENTS`:
/// its "no" would then not mean that the signature is wrong.
const MAX_BITS: u64 = 16_384;
const MAX_EXPONENT_BITS: u64 = 64;
const MAX_BITS_OF_LARGE_EXPONENTS: u64 = 3072;

impl Verification {
    /// The question, or the status where no verifier is needed.
    pub(crate) fn of(signed: &Signed<'_>, by: &Spki<'_>) -> Result<Self, SignatureStatus> {
        let signed_with = SignatureAlgorithm::of(&signed.algorithm);
        let signature = signed.signature.bytes;
        let scheme = signed_with.scheme().ok_or(SignatureStatus::Unsupported)?;
        if signed.signature.unused != 0 {
            return Err(SignatureStatus::Invalid);
        }
        let (algorithm, key, signature) = match (&by.material, scheme) {
            (Material::Rsa(rsa), Scheme::RsaPkcs1) if by.algorithm.oid != oid::RSA_PSS => {
                let hash = supported(signed_with.hash)?;
                (
                    VerificationAlgorithm::RsaPkcs1 { hash },
                    rsa_key(rsa)?,
                    signature.to_vec(),
                )
            }
            (Material::Rsa(rsa), Scheme::RsaPss) => {
                let pss = pss_parameters(signed, by).ok_or(SignatureStatus::Invalid)?;
                let hash = supported(pss.hash)?;
                if pss.mask_hash != pss.hash {
                    return Err(SignatureStatus::Unsupported);
                }
                if u64::from(pss.salt_length) > rsa.modulus.bits() >> 3 {
                    return Err(SignatureStatus::Invalid);
                }
                let algorithm = VerificationAlgorithm::RsaPss {
                    hash,
                    salt_length: pss.salt_length,
                };
                (algorithm, rsa_key(rsa)?, signature.to_vec())
            }
            (Material::Ec(ec), Scheme::Ecdsa) => {
                let hash = supported(signed_with.hash)?;
                let (curve, point, octets) = ec_key(ec)?;
                let signature = raw_signature(signature, octets).ok_or(SignatureStatus::Invalid)?;
                (VerificationAlgorithm::Ecdsa { curve, hash }, point, signature)
            }
            (Material::Opaque, Scheme::Ed25519) if by.scheme() == Some(Scheme::Ed25519) => (
                VerificationAlgorithm::Ed25519,
                by.bits.bytes.to_vec(),
                signature.to_vec(),
            ),
            (Material::Opaque | Material::Dsa { .. }, _) if by.scheme().is_none_or(|key| key == scheme) => {
                return Err(SignatureStatus::Unsupported);
            }
            // An RSA key that says RSA, a signature that says ECDSA: no verifier is needed to tell.
            (Material::Ec(EcKey { curve: None, .. }), _) | (_, Scheme::Sm2 | Scheme::Gost | Scheme::PostQuantum) => {
                return Err(SignatureStatus::Unsupported);
            }
            _ => return Err(SignatureStatus::Invalid),
        };
        Ok(Self {
            algorithm,
            key,
            message: signed.message.to_vec(),
            signature,
        })
    }
}

/// Those of the signature. None when they are missing, or not ones that the key allows.
fn pss_parameters(signed: &Signed<'_>, by: &Spki<'_>) -> Option<PssParameters> {
    let of_key = &by.algorithm;
    let pss = PssParameters::read(signed.algorithm.parameters.as_ref())?;
    match &of_key.parameters {
        Some(restrictions) if of_key.oid == oid::RSA_PSS => {
            PssParameters::read(Some(restrictions))?.allow(&pss).then_some(pss)
        }
        _ => Some(pss),
    }
}

fn supported(hash: Option<&'static str>) -> Result<&'static str, SignatureStatus> {
    hash.filter(|hash| matches!(*hash, "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512"))
        .ok_or(SignatureStatus::Unsupported)
}

/// As a key that says RSA and nothing else, whatever its own says.
fn rsa_key(key: &RsaKey<'_>) -> Result<Vec<u8>, SignatureStatus> {
    let bits = key.modulus.bits();
    if bits > MAX_BITS || (key.exponent.bits() > MAX_EXPONENT_BITS && bits > MAX_BITS_OF_LARGE_EXPONENTS) {
        return Err(SignatureStatus::Unsupported);
    }
    Ok(rsa_spki(key.modulus.magnitude(), key.exponent.magnitude()))
}

/// The curve's name, the uncompressed point, and the octets of a coordinate.
fn ec_key(key: &EcKey<'_>) -> Result<(&'static str, Vec<u8>, usize), SignatureStatus> {
    let name = key.curve.ok_or(SignatureStatus::Unsupported)?.name;
    let curve = NIST
        .iter()
        .find(|nist| nist.name == name)
        .ok_or(SignatureStatus::Unsupported)?;
    let point = curve.uncompressed(key.point).map_err(|_| SignatureStatus::Invalid)?;
    Ok((curve.name, point, curve.octets()))
}

/// A signature of ECDSA (RFC 5480, appendix A) as `r || s`; None when it is another encoding than DER's, which verifiers
/// refuse: there would be several signatures for one.
///
/// ```asn1
/// ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
/// ```
fn raw_signature(der: &[u8], octets: usize) -> Option<Vec<u8>> {
    let mut numbers = Reader::new(der).inner(tag::SEQUENCE, "a signature").ok()?;
    let mut raw = Vec::with_capacity(octets.saturating_mul(2));
    let mut encoded = Vec::with_capacity(2);
    for what in ["r", "s"] {
        let magnitude = Integer::read(&mut numbers, what).ok()?.magnitude();
        raw.extend(core::iter::repeat_n(0, octets.checked_sub(magnitude.len())?));
        raw.extend(magnitude);
        encoded.push(unsigned(magnitude));
    }
    (sequence(&encoded) == der).then_some(raw)
}
