//! What JavaScript calls to make requests, and files of a certificate with its key.

use ::pki::{
    CsrContent, CsrRequest, Finding, FindingCode, GivenKey, Hash, Input, KeyFailure, KeyRequest, Like, OwnKey, Pbes2,
    UnsignedCsr, Verdict, csr_pem, encrypted_key_pem,
    pkcs12::{self, Pkcs12},
    private_key_pem,
};
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue, prelude::*};

use super::{
    exports::{Argument, invalid, is_absent, nothing_but, nothing_but_in, refused, thrown, verdict_on},
    webcrypto::{self, KeyPair, bytes, random},
};
use crate::{
    convert::{get, set, to_js},
    done,
    strict::{self, Names},
};

/// PBKDF2's for a key in a file (OWASP's Password Storage Cheat Sheet, for SHA-256).
const KEY_ITERATIONS: u32 = 600_000;

#[wasm_bindgen]
extern "C" {
    /// The platform's parser, which has the tables for international names (URL Standard, 3.3).
    #[wasm_bindgen(js_name = URL)]
    type Url;
    #[wasm_bindgen(constructor, js_class = "URL", catch)]
    fn new(text: &str) -> Result<Url, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn hostname(this: &Url) -> String;
}

fn to_ascii(host: &str) -> Option<String> {
    Url::new(&["https://", host].concat()).ok().map(|url| url.hostname())
}

/// Makes a request, and the key for it if none is given.
#[wasm_bindgen(js_name = createCsr)]
pub fn create_csr(request: &JsValue, done: Function) {
    let wanted = content_of(request);
    let key = get(request, "key");
    let password = password_of(&get(request, "privateKeyPassword"), "privateKeyPassword");
    done::run(done, async move {
        let (content, hash) = wanted?;
        create(&content, hash, &key, password?).await
    });
}

/// What the request is to say, and what it is to be signed with.
fn content_of(request: &JsValue) -> Result<(CsrContent, Option<Hash>), JsValue> {
    let read_elsewhere = Names::Known(&["key", "like", "privateKeyPassword"]);
    let wanted: CsrRequest =
        strict::argument("request", request, read_elsewhere).map_err(|finding| refused(&finding))?;
    let like = get(request, "like");
    let like = if is_absent(&like) {
        None
    } else {
        let like = Argument::of_document(&like)?;
        Some(Like::read(&like.input()).map_err(|error| thrown(&error))?)
    };
    let content = wanted.content(like, &to_ascii).map_err(|findings| invalid(&findings))?;
    refuse_any(&content.refusals())?;
    Ok((content, wanted.hash))
}

async fn create(
    content: &CsrContent,
    hash: Option<Hash>,
    key: &JsValue,
    password: Option<String>,
) -> Result<JsValue, JsValue> {
    let key = key_pair(key, hash).await?;
    let (unsigned, signature) = signed(content, hash, &key).await?;
    let inspection = unsigned.inspect(&signature);
    let inspection = inspection.ok_or_else(|| crypto_failed(&"the public key cannot be read".into()))?;
    let verdict = verdict_on(inspection.verification.as_ref().map_err(|verdict| *verdict)).await;
    if verdict == Verdict::Invalid {
        return Err(failed(&KeyFailure::HalvesDiffer));
    }
    let findings = inspection.conclude(verdict).findings;
    refuse_any(&content.errors_among(findings.clone()))?;
    let der = unsigned.sign(&signature);
    let made = webcrypto::object(&[
        ("csr", &csr_pem(&der)),
        ("privateKeyPem", &key_out(&key, password).await?),
    ]);
    set(&made, "der", &bytes(&der));
    set(&made, "privateKey", key.private());
    set(&made, "findings", &to_js(&findings));
    Ok(made)
}

/// A request of a key with its signature.
async fn signed(content: &CsrContent, hash: Option<Hash>, key: &KeyPair) -> Result<(UnsignedCsr, Vec<u8>), JsValue> {
    let algorithm = key.signing_algorithm().ok_or_else(|| failed(&KeyFailure::CannotSign))?;
    if hash.is_some() && hash != algorithm.hash() {
        return Err(failed(&KeyFailure::Hash));
    }
    let spki = key.spki().await.map_err(|error| crypto_failed(&error))?;
    let unsigned = UnsignedCsr::new(content, spki, algorithm);
    let signature = key.sign(algorithm, &unsigned.message).await;
    Ok((unsigned, signature.map_err(|error| crypto_failed(&error))?))
}

/// The private key as PEM, encrypted if there is a password. Empty for a key that may not leave WebCrypto.
async fn key_out(key: &KeyPair, password: Option<String>) -> Result<String, JsValue> {
    let pkcs8 = key.pkcs8().await.map_err(|error| crypto_failed(&error))?;
    let Some(password) = password else {
        return Ok(pkcs8.map(|pkcs8| private_key_pem(&pkcs8)).unwrap_or_default());
    };
    // A password is given for nothing: that is said, rather than passed over.
    let pkcs8 = pkcs8.ok_or_else(|| failed(&KeyFailure::NotExtractable))?;
    let (encryption, encrypted) = encrypt(KEY_ITERATIONS, &password, &pkcs8).await?;
    Ok(encrypted_key_pem(&encryption, encrypted))
}

async fn encrypt(iterations: u32, password: &str, octets: &[u8]) -> Result<(Pbes2, Vec<u8>), JsValue> {
    let random = || random().map_err(|error| crypto_failed(&error));
    let encryption = Pbes2::new(iterations, random()?, random()?);
    let encrypted = webcrypto::aes("encrypt", &encryption, password, octets).await;
    Ok((encryption, encrypted.map_err(|error| crypto_failed(&error))?))
}

/// The caller's key, or a new one.
async fn key_pair(key: &JsValue, hash: Option<Hash>) -> Result<KeyPair, JsValue> {
    if let Some(own) = own_key(key, hash).await? {
        return Ok(own);
    }
    let wanted: KeyRequest = strict::read_at("key", key, &[]).map_err(|finding| refused(&finding))?;
    let pair = match wanted.check().map_err(|failure| failed(&failure))? {
        KeyRequest::Ec { curve } => KeyPair::generate_ec(curve.name()).await,
        KeyRequest::Rsa { bits } => KeyPair::generate_rsa(bits, hash.unwrap_or_default()).await,
    };
    pair.map_err(|error| crypto_failed(&error))
}

/// The key that the caller has: a pair or a private key of WebCrypto's, PEM or DER, or these with their password.
async fn own_key(key: &JsValue, hash: Option<Hash>) -> Result<Option<KeyPair>, JsValue> {
    if let Some(pair) = KeyPair::of(key) {
        return Ok(Some(pair));
    }
    if get(key, "type") == "private" && get(key, "algorithm").is_object() {
        let own = KeyPair::of_private(key.clone())
            .await
            .map_err(|error| crypto_failed(&error))?;
        return own.ok_or_else(|| failed(&KeyFailure::NotExtractable)).map(Some);
    }
    let pem = get(key, "pem");
    let (encoded, password) = if let Ok(encoded) = Argument::of(key) {
        (encoded, None)
    } else if pem.is_undefined() {
        return Ok(None);
    } else {
        nothing_but_in("key", key, &["pem", "password"])?;
        let encoded = Argument::of(&pem).map_err(|_| wrong("key.pem", "PEM or DER"))?;
        (encoded, password_of(&get(key, "password"), "key.password")?)
    };
    let own = read_key(&encoded.input(), password.as_deref()).await?;
    match KeyPair::import(own, hash.unwrap_or_default()).await {
        Ok(Some(pair)) => Ok(Some(pair)),
        Ok(None) => Err(failed(&KeyFailure::NotExtractable)),
        Err(error) => Err(import_failed(&error)),
    }
}

async fn read_key(input: &Input<'_>, password: Option<&str>) -> Result<OwnKey, JsValue> {
    let needless = KeyFailure::Password("A password is given for a key that is not encrypted.");
    let missing = KeyFailure::Password("The key is encrypted: give `{ pem, password }`.");
    match (GivenKey::read(input).map_err(|failure| failed(&failure))?, password) {
        (GivenKey::Plain(key), None) => Ok(key),
        (GivenKey::Plain(_), Some(_)) => Err(failed(&needless)),
        (GivenKey::Encrypted(..), None) => Err(failed(&missing)),
        (GivenKey::Encrypted(encryption, data), Some(password)) => {
            let decrypted = webcrypto::aes("decrypt", &encryption, password, &data).await;
            match decrypted {
                Ok(der) => OwnKey::decrypted(&der).map_err(|failure| failed(&failure)),
                // Wrong padding is how AES-CBC tells a wrong key.
                Err(error) if get(&error, "name") == "OperationError" => Err(failed(&KeyFailure::WRONG_PASSWORD)),
                Err(error) => Err(import_failed(&error)),
            }
        }
    }
}

/// Puts a certificate, its chain and its key into a PKCS #12 file.
#[wasm_bindgen(js_name = toPkcs12)]
pub fn to_pkcs12(contents: &JsValue, done: Function) {
    let contents = contents.clone();
    done::run(done, async move { pack(&contents).await });
}

async fn pack(contents: &JsValue) -> Result<JsValue, JsValue> {
    if !contents.is_object() {
        return Err(wrong("contents", "an object"));
    }
    nothing_but(
        "the contents",
        contents,
        &["certificate", "chain", "key", "password", "friendlyName"],
    )?;
    let certificates = certificates_of(contents)?;
    let name = get(contents, "friendlyName");
    let name = if is_absent(&name) {
        None
    } else {
        Some(name.as_string().ok_or_else(|| wrong("friendlyName", "a string"))?)
    };
    let password = password_of(&get(contents, "password"), "password")?;
    let password = password.ok_or_else(|| wrong("password", "a string that is not empty"))?;
    let key = own_key(&get(contents, "key"), None).await?;
    let key = key.ok_or_else(|| wrong("key", "a private key: PEM, DER, a CryptoKey or a pair of them"))?;
    prove(&key).await?;

    let spki = key.spki().await.map_err(|error| crypto_failed(&error))?;
    let inputs: Vec<Input<'_>> = certificates.iter().map(Argument::input).collect();
    let file = Pkcs12::new(&inputs, &spki, name.as_deref())
        .map_err(|error| thrown(&error))?
        .map_err(|failure| failed(&failure))?;
    let pkcs8 = key.pkcs8().await.map_err(|error| crypto_failed(&error))?;
    let pkcs8 = pkcs8.ok_or_else(|| failed(&KeyFailure::NotExtractable))?;
    let (key_encryption, key) = encrypt(pkcs12::ITERATIONS, &password, &pkcs8).await?;
    let (encryption, certificates) = encrypt(pkcs12::ITERATIONS, &password, &file.certificates()).await?;
    let safe = file.authenticated_safe((&key_encryption, key), (&encryption, certificates));
    let salt = random().map_err(|error| crypto_failed(&error))?;
    let mac = webcrypto::hmac(&pkcs12::mac_key(&password, &salt), &safe).await;
    let mac = mac.map_err(|error| crypto_failed(&error))?;
    Ok(bytes(&pkcs12::pfx(safe, mac, salt)))
}

/// The certificate, and what is in the chain: one file, or a list of them.
fn certificates_of(contents: &JsValue) -> Result<Vec<Argument>, JsValue> {
    let chain = get(contents, "chain");
    let chain = match chain.dyn_ref::<Array>() {
        Some(list) => list.to_vec(),
        None if is_absent(&chain) => Vec::new(),
        None => vec![chain],
    };
    let all = core::iter::once(get(contents, "certificate")).chain(chain);
    all.map(|one| Argument::of_document(&one)).collect()
}

/// Refuses halves of two keys: what one signs, the other verifies.
async fn prove(key: &KeyPair) -> Result<(), JsValue> {
    let content = CsrRequest::default().content(None, &to_ascii);
    let content = content.map_err(|findings| invalid(&findings))?;
    let (unsigned, signature) = signed(&content, None, key).await?;
    let question = unsigned.inspect(&signature).map(|inspection| inspection.verification);
    let verdict = match &question {
        Some(question) => verdict_on(question.as_ref().map_err(|verdict| *verdict)).await,
        None => Verdict::Invalid,
    };
    match verdict {
        Verdict::Invalid => Err(failed(&KeyFailure::HalvesDiffer)),
        _ => Ok(()),
    }
}

/// A password: text, in UTF-8 where octets are needed.
fn password_of(value: &JsValue, field: &str) -> Result<Option<String>, JsValue> {
    if is_absent(value) {
        return Ok(None);
    }
    let text = value.as_string().filter(|text| !text.is_empty());
    text.ok_or_else(|| wrong(field, "a string that is not empty")).map(Some)
}

fn wrong(field: &str, expected: &str) -> JsValue {
    let message = format!("`{field}` must be {expected}.");
    refused(&Finding::argument(FindingCode::InvalidArgument, field, message))
}

fn refuse_any(findings: &[Finding]) -> Result<(), JsValue> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(invalid(findings))
    }
}

fn failed(failure: &KeyFailure) -> JsValue {
    invalid(&failure.findings())
}

/// WebCrypto's own words: it has none of the key in them.
fn crypto_failed(error: &JsValue) -> JsValue {
    let reason = get(error, "message")
        .as_string()
        .or_else(|| error.as_string())
        .unwrap_or_default();
    failed(&KeyFailure::WebCrypto(reason))
}

/// Where WebCrypto was handed the octets of a key, no more than the kind of its error, which is one of a few words.
fn import_failed(error: &JsValue) -> JsValue {
    let kinds = [
        "DataError",
        "NotSupportedError",
        "OperationError",
        "SyntaxError",
        "InvalidAccessError",
    ];
    let name = get(error, "name").as_string().unwrap_or_default();
    let kind = kinds.into_iter().find(|kind| *kind == name);
    failed(&KeyFailure::WebCrypto(
        kind.unwrap_or("the key cannot be imported").to_owned(),
    ))
}
