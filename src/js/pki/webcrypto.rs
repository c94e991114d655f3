//! Signatures, keys and encryption by WebCrypto, which every environment has.
//!
//! What a runtime lacks is `Unsupported`: a missing `crypto.subtle`, an algorithm that it does not know, a key that it
//! refuses to take in.

use ::pki::{Hash, KeyKind, Pbes2, SignatureStatus, SigningAlgorithm, Verification, VerificationAlgorithm};
use js_sys::{Array, Object, Uint8Array, global};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

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
    let key = import_key(format, &bytes(&question.key), &import, false, "verify");
    let Ok(key) = key.await else {
        return SignatureStatus::Unsupported;
    };
    let (signature, message) = (bytes(&question.signature), bytes(&question.message));
    let answer = call("verify", &[&verify, &key, &signature, &message]);
    match answer.await {
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
    pub(super) async fn generate_rsa(bits: u32, hash: Hash) -> Result<Self, JsValue> {
        let algorithm = object(&[("name", RSA), ("hash", hash.name())]);
        set(&algorithm, "modulusLength", &bits.into());
        set(&algorithm, "publicExponent", &bytes(&[1, 0, 1]));
        Self::generate(algorithm).await
    }

    async fn generate(algorithm: JsValue) -> Result<Self, JsValue> {
        let usages = Array::of2(&"sign".into(), &"verify".into());
        let pair = call("generateKey", &[&algorithm, &JsValue::TRUE, &usages.into()]);
        Self::of(&pair.await?).ok_or_else(|| "WebCrypto made no pair of keys".into())
    }

    /// A private key that the caller has; an RSA key is to sign with this hash.
    pub(super) async fn import(kind: KeyKind, pkcs8: &[u8], hash: Hash) -> Result<Option<Self>, JsValue> {
        let algorithm = match kind {
            KeyKind::Rsa => object(&[("name", RSA), ("hash", hash.name())]),
            KeyKind::Ec(curve) => object(&[("name", ECDSA), ("namedCurve", curve)]),
            KeyKind::Ed25519 => object(&[("name", ED25519)]),
        };
        let key = import_key("pkcs8", &bytes(pkcs8), &algorithm, true, "sign");
        Self::of_private(key.await?).await
    }

    /// A private key with the public one that is in it; None when it may not leave WebCrypto.
    pub(super) async fn of_private(private: JsValue) -> Result<Option<Self>, JsValue> {
        if get(&private, "extractable").is_falsy() {
            return Ok(None);
        }
        let public = import_public(&export_key("jwk", &private).await?, &get(&private, "algorithm"));
        let public = public.await?;
        Ok(Some(Self { private, public }))
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

    /// The public key as a `SubjectPublicKeyInfo`.
    pub(super) async fn spki(&self) -> Result<Vec<u8>, JsValue> {
        Ok(octets(&export_key("spki", &self.public).await?))
    }

    /// The private key in PKCS #8; None when it may not leave WebCrypto.
    pub(super) async fn pkcs8(&self) -> Result<Option<Vec<u8>>, JsValue> {
        if get(&self.private, "extractable").is_falsy() {
            return Ok(None);
        }
        Ok(Some(octets(&export_key("pkcs8", &self.private).await?)))
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
        let signature = call("sign", &[&algorithm, &self.private, &bytes(message)]);
        Ok(octets(&signature.await?))
    }

    /// The private key, to be handed back.
    pub(super) const fn private(&self) -> &JsValue {
        &self.private
    }
}

/// Encrypts or decrypts with a password.
pub(super) async fn aes(method: &str, encryption: &Pbes2, password: &str, octets: &[u8]) -> Result<Vec<u8>, JsValue> {
    let pbkdf2 = object(&[("name", "PBKDF2"), ("hash", encryption.hash)]);
    let password = import_key("raw", &bytes(password.as_bytes()), &pbkdf2, false, "deriveKey");
    let password = password.await?;
    let cipher = object(&[("name", "AES-CBC")]);
    let key = derive_key(encryption, &pbkdf2, &password, &cipher, method);
    let key = key.await?;
    set(&cipher, "iv", &bytes(&encryption.iv));
    let answer = call(method, &[&cipher, &key, &bytes(octets)]);
    Ok(self::octets(&answer.await?))
}

/// The key that a password stands for.
fn derive_key(encryption: &Pbes2, pbkdf2: &JsValue, password: &JsValue, cipher: &JsValue, usage: &str) -> JsFuture {
    set(pbkdf2, "salt", &bytes(&encryption.salt));
    set(pbkdf2, "iterations", &encryption.iterations.into());
    set(cipher, "length", &encryption.bits.into());
    let usages = Array::of1(&usage.into());
    call("deriveKey", &[pbkdf2, password, cipher, &JsValue::FALSE, &usages])
}

/// HMAC-SHA256.
pub(super) async fn hmac(key: &[u8], message: &[u8]) -> Result<Vec<u8>, JsValue> {
    let algorithm = object(&[("name", "HMAC"), ("hash", Hash::Sha256.name())]);
    let key = import_key("raw", &bytes(key), &algorithm, false, "sign");
    let key = key.await?;
    let mac = call("sign", &[&algorithm, &key, &bytes(message)]);
    Ok(octets(&mac.await?))
}

/// Sixteen octets that nobody can guess: a salt, an initialization vector.
pub(super) fn random() -> Result<Vec<u8>, JsValue> {
    let crypto = get(&global(), "crypto");
    let method = function(&crypto, "getRandomValues").ok_or_else(|| JsValue::from_str(NO_CRYPTO))?;
    Ok(octets(&method.call1(&crypto, &Uint8Array::new_with_length(16))?))
}

const NO_CRYPTO: &str = "this runtime has no WebCrypto";

/// Takes a key in, for one use of it.
fn import_key(format: &str, key: &JsValue, algorithm: &JsValue, extractable: bool, usage: &str) -> JsFuture {
    let usages = Array::of1(&usage.into());
    call(
        "importKey",
        &[&format.into(), key, algorithm, &extractable.into(), &usages],
    )
}

/// Takes in the public half of a private key.
fn import_public(private: &JsValue, algorithm: &JsValue) -> JsFuture {
    let public = Object::new().into();
    // The members of RFC 7518, 6.2.1 and 6.3.1, and RFC 8037, 2, that are public.
    for member in ["kty", "crv", "x", "y", "n", "e"] {
        let value = get(private, member);
        if !value.is_undefined() {
            set(&public, member, &value);
        }
    }
    import_key("jwk", &public, algorithm, true, "verify")
}

fn export_key(format: &str, key: &JsValue) -> JsFuture {
    call("exportKey", &[&format.into(), key])
}

/// Calls a method of `crypto.subtle`, by whatever realm's `crypto` is the global one. What it returns is awaited in a statement
/// of its own: what is made for a call in the same one would be kept until it ends.
fn call(method: &str, arguments: &[&JsValue]) -> JsFuture {
    let subtle = get(&get(&global(), "crypto"), "subtle");
    settle(match function(&subtle, method) {
        Some(method) => method.apply(&subtle, &arguments.iter().copied().collect()),
        None => Err(NO_CRYPTO.into()),
    })
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

fn octets(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}
