//! Signatures and keys by WebCrypto, which every environment has; nothing secret is computed here.
//!
//! What a runtime lacks is `Unsupported`: a missing `crypto.subtle`, an algorithm that it does not know, a key that it
//! refuses to take in.

use ::pki::{Hash, SignatureStatus, SigningAlgorithm, Verification, VerificationAlgorithm};
use js_sys::{Array, Object, Uint8Array, global};
use wasm_bindgen::JsValue;

use crate::convert::{function, get, set, settle};

// WebCrypto's names of the algorithms.
const RSA: &str = "RSASSA-PKCS1-v1_5";
const RSA_PSS: &str = "RSA-PSS";
const ECDSA: &str = "ECDSA";
const ED25519: &str = "Ed25519";

/// A private key with its public one.
pub(super) struct KeyPair {
    private: JsValue,
    public: JsValue,
}

/// Whether a signature holds.
pub(super) async fn verify(question: &Verification) -> SignatureStatus {
    let (format, import, verify) = names_of(question.algorithm);
    let usages = Array::of1(&"verify".into());
    let key = [
        &format.into(),
        &bytes(&question.key),
        &import,
        &JsValue::FALSE,
        &usages.into(),
    ];
    let Ok(key) = call("importKey", &key).await else {
        return SignatureStatus::Unsupported;
    };
    let signed = [&verify, &key, &bytes(&question.signature), &bytes(&question.message)];
    match call("verify", &signed).await {
        Ok(answer) if answer.as_bool() == Some(true) => SignatureStatus::Valid,
        Ok(_) => SignatureStatus::Invalid,
        Err(_) => SignatureStatus::Unsupported,
    }
}

/// The format of the key, and what WebCrypto calls the algorithm when it takes the key in and when it verifies.
fn names_of(algorithm: VerificationAlgorithm) -> (&'static str, JsValue, JsValue) {
    match algorithm {
        VerificationAlgorithm::RsaPkcs1 { hash } => {
            let name = object(&[("name", RSA), ("hash", hash)]);
            ("spki", name.clone(), name)
        }
        VerificationAlgorithm::RsaPss { hash, salt_length } => {
            let verify = object(&[("name", RSA_PSS)]);
            set(&verify, "saltLength", &salt_length.into());
            ("spki", object(&[("name", RSA_PSS), ("hash", hash)]), verify)
        }
        VerificationAlgorithm::Ecdsa { curve, hash } => {
            let import = object(&[("name", ECDSA), ("namedCurve", curve)]);
            ("raw", import, object(&[("name", ECDSA), ("hash", hash)]))
        }
        VerificationAlgorithm::Ed25519 => {
            let name = object(&[("name", ED25519)]);
            ("raw", name.clone(), name)
        }
    }
}

impl KeyPair {
    /// A pair that the caller has, if that is what this is.
    pub(super) fn of(value: &JsValue) -> Option<Self> {
        let pair = Self {
            private: get(value, "privateKey"),
            public: get(value, "publicKey"),
        };
        (pair.private.is_object() && pair.public.is_object()).then_some(pair)
    }

    /// A new one on a curve.
    pub(super) async fn generate_ec(curve: &str) -> Result<Self, JsValue> {
        Self::generate(object(&[("name", ECDSA), ("namedCurve", curve)])).await
    }

    /// A new one of so many bits.
    pub(super) async fn generate_rsa(bits: u32) -> Result<Self, JsValue> {
        let algorithm = object(&[("name", RSA), ("hash", Hash::Sha256.name())]);
        set(&algorithm, "modulusLength", &bits.into());
        set(&algorithm, "publicExponent", &bytes(&[1, 0, 1]));
        Self::generate(algorithm).await
    }

    async fn generate(algorithm: JsValue) -> Result<Self, JsValue> {
        let usages = Array::of2(&"sign".into(), &"verify".into());
        let pair = call("generateKey", &[&algorithm, &JsValue::TRUE, &usages.into()]).await?;
        Self::of(&pair).ok_or_else(|| "WebCrypto made no pair of keys".into())
    }

    /// How this key signs a request; None when it is of a kind that signs none.
    pub(super) fn signing_algorithm(&self) -> Option<SigningAlgorithm> {
        let algorithm = get(&self.private, "algorithm");
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

    /// The public key as a `SubjectPublicKeyInfo`.
    pub(super) async fn spki(&self) -> Result<Vec<u8>, JsValue> {
        Ok(octets(&call("exportKey", &[&"spki".into(), &self.public]).await?))
    }

    /// The private key in PKCS #8; None when it may not leave WebCrypto.
    pub(super) async fn pkcs8(&self) -> Result<Option<Vec<u8>>, JsValue> {
        if get(&self.private, "extractable").is_falsy() {
            return Ok(None);
        }
        Ok(Some(octets(
            &call("exportKey", &[&"pkcs8".into(), &self.private]).await?,
        )))
    }

    /// Signs a message.
    pub(super) async fn sign(&self, algorithm: SigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, JsValue> {
        let algorithm = match algorithm {
            SigningAlgorithm::RsaPkcs1(_) => object(&[("name", RSA)]),
            SigningAlgorithm::RsaPss(hash) => {
                let algorithm = object(&[("name", RSA_PSS)]);
                set(&algorithm, "saltLength", &hash.length().into());
                algorithm
            }
            SigningAlgorithm::Ecdsa(hash) => object(&[("name", ECDSA), ("hash", hash.name())]),
            SigningAlgorithm::Ed25519 => object(&[("name", ED25519)]),
        };
        Ok(octets(
            &call("sign", &[&algorithm, &self.private, &bytes(message)]).await?,
        ))
    }

    /// The private key, to be handed back.
    pub(super) const fn private(&self) -> &JsValue {
        &self.private
    }
}

/// Calls a method of `crypto.subtle`, by whatever realm's `crypto` is the global one.
async fn call(method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let subtle = get(&get(&global(), "crypto"), "subtle");
    let method = function(&subtle, method).ok_or_else(|| JsValue::from_str("this runtime has no WebCrypto"))?;
    settle(method.apply(&subtle, &arguments.iter().copied().collect())).await
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
fn bytes(octets: &[u8]) -> JsValue {
    Uint8Array::from(octets).into()
}

fn octets(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}
