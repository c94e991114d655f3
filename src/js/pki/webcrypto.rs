//! What WebCrypto is asked, in its own words. The facade asks it, for that takes time.

use ::pki::{Hash, KeyKind, Pbes2, SigningAlgorithm, Verification, VerificationAlgorithm};
use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::JsValue;

use crate::convert::{get, set};

// WebCrypto's names of the algorithms.
const RSA: &str = "RSASSA-PKCS1-v1_5";
const RSA_PSS: &str = "RSA-PSS";
const ECDSA: &str = "ECDSA";
const ED25519: &str = "Ed25519";

/// About a signature: the key's format, the key, what to take it in for, how to verify, the signature and what was signed.
pub(super) fn question(question: &Verification) -> Array {
    let (format, import, verify) = match question.algorithm {
        VerificationAlgorithm::RsaPkcs1 { hash } => (
            "spki",
            object(&[("name", RSA), ("hash", hash)]),
            object(&[("name", RSA)]),
        ),
        VerificationAlgorithm::RsaPss { hash, salt_length } => {
            let import = object(&[("name", RSA_PSS), ("hash", hash)]);
            ("spki", import, pss(salt_length))
        }
        VerificationAlgorithm::Ecdsa { curve, hash } => ("raw", ec(curve), ecdsa(hash)),
        VerificationAlgorithm::Ed25519 => ("raw", object(&[("name", ED25519)]), object(&[("name", ED25519)])),
    };
    let array = Array::of4(&format.into(), &bytes(&question.key), &import, &verify);
    array.push(&bytes(&question.signature));
    array.push(&bytes(&question.message));
    array
}

/// A key on a curve.
pub(super) fn ec(curve: &str) -> JsValue {
    object(&[("name", ECDSA), ("namedCurve", curve)])
}

/// An RSA key that signs with this hash.
pub(super) fn rsa(hash: Hash) -> JsValue {
    object(&[("name", RSA), ("hash", hash.name())])
}

/// What a private key is taken in for.
pub(super) fn import(kind: KeyKind, hash: Hash) -> JsValue {
    match kind {
        KeyKind::Rsa => rsa(hash),
        KeyKind::Ec(curve) => ec(curve),
        KeyKind::Ed25519 => object(&[("name", ED25519)]),
    }
}

/// How a private key signs a request; None when it is of a kind that signs none.
pub(super) fn signing_algorithm(private: &JsValue) -> Option<SigningAlgorithm> {
    let algorithm = get(private, "algorithm");
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    let hash = || Hash::of(&text(get(&get(&algorithm, "hash"), "name")));
    match text(get(&algorithm, "name")).as_str() {
        RSA => hash().map(SigningAlgorithm::RsaPkcs1),
        RSA_PSS => hash().map(SigningAlgorithm::RsaPss),
        ECDSA => Some(SigningAlgorithm::Ecdsa(
            match text(get(&algorithm, "namedCurve")).as_str() {
                "P-384" => Hash::Sha384,
                "P-521" => Hash::Sha512,
                _ => Hash::Sha256,
            },
        )),
        ED25519 => Some(SigningAlgorithm::Ed25519),
        _ => None,
    }
}

/// The same in WebCrypto's words.
pub(super) fn signing(algorithm: SigningAlgorithm) -> JsValue {
    match algorithm {
        SigningAlgorithm::RsaPkcs1(_) => object(&[("name", RSA)]),
        SigningAlgorithm::RsaPss(hash) => pss(hash.length().into()),
        SigningAlgorithm::Ecdsa(hash) => ecdsa(hash.name()),
        SigningAlgorithm::Ed25519 => object(&[("name", ED25519)]),
    }
}

fn pss(salt_length: u32) -> JsValue {
    let algorithm = object(&[("name", RSA_PSS)]);
    set(&algorithm, "saltLength", &salt_length.into());
    algorithm
}

fn ecdsa(hash: &str) -> JsValue {
    object(&[("name", ECDSA), ("hash", hash)])
}

/// How octets are encrypted with a password.
pub(super) fn encryption(encryption: &Pbes2) -> JsValue {
    let object = object(&[("hash", encryption.hash)]);
    set(&object, "salt", &bytes(&encryption.salt));
    set(&object, "iterations", &encryption.iterations.into());
    set(&object, "bits", &encryption.bits.into());
    set(&object, "iv", &bytes(&encryption.iv));
    object
}

/// A plain object of texts.
pub(super) fn object(members: &[(&str, &str)]) -> JsValue {
    let object = Object::new().into();
    for (name, value) in members {
        set(&object, name, &JsValue::from_str(value));
    }
    object
}

/// A copy outside the core's memory, which may grow and move.
pub(super) fn bytes(octets: &[u8]) -> JsValue {
    Uint8Array::from(octets).into()
}

/// The octets of a buffer.
pub(super) fn octets(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}
