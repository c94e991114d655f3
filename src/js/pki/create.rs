//! What JavaScript calls to make requests, and files of a certificate with its key.

use ::pki::{
    Context, CsrContent, CsrRequest, Finding, GivenKey, Hash, Input, KeyFailure, KeyRequest, Like, OwnKey, Pbes2,
    RequestedSubject, SignatureStatus, UnsignedCsr, csr_pem, encrypted_key_pem,
    given::{Given, flag, text, texts, wrong},
    inspect_csr,
    pkcs12::{self, Pkcs12},
    private_key_pem,
};
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue, prelude::*};

use super::{
    exports::{Argument, invalid, is_absent, status_of, thrown},
    given::{Value, is_copied, nothing_but, nothing_but_in},
    webcrypto::{self, KeyPair, bytes, random},
};
use crate::{
    convert::{get, set, to_js},
    done,
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

/// Why nothing was made, as the facade takes it. Every other kind of error becomes this where it arises, so that no large
/// one is passed on.
struct Failure(JsValue);

impl From<KeyFailure> for Failure {
    fn from(failure: KeyFailure) -> Self {
        failure.findings().into()
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        vec![finding].into()
    }
}

impl From<Vec<Finding>> for Failure {
    #[inline(never)]
    fn from(findings: Vec<Finding>) -> Self {
        Self(invalid(&findings))
    }
}

/// What WebCrypto threw.
impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        // Its own words: they have none of the key in them.
        let message = get(&error, "message").as_string().or_else(|| error.as_string());
        KeyFailure::WebCrypto(message.unwrap_or_default()).into()
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

type Done<T> = Result<T, Failure>;

/// Makes a request, and the key for it if none is given.
#[wasm_bindgen(js_name = createCsr)]
pub fn create_csr(request: &JsValue, done: Function) {
    // Before the caller can change it.
    let wanted = Wanted::read(request);
    done::run(done, async move { Ok(create(wanted?).await?) });
}

/// What the request is to say, what it is to be signed with, and the password of the key that is handed out.
struct Wanted {
    content: CsrContent,
    hash: Option<Hash>,
    key: JsValue,
    password: Option<String>,
}

impl Wanted {
    fn read(request: &JsValue) -> Done<Self> {
        let wanted = read_request(request)?;
        let like = get(request, "like");
        let like = if is_absent(&like) {
            None
        } else {
            let like = Argument::of_document(&like).map_err(Failure)?;
            Some(Like::read(&like.input()).map_err(|error| Failure(thrown(&error)))?)
        };
        let content = wanted.content(like, &to_ascii)?;
        refuse_any(content.refusals())?;
        Ok(Self {
            content,
            hash: wanted.hash,
            password: password_of(request, "privateKeyPassword", "privateKeyPassword")?,
            key: get(request, "key"),
        })
    }
}

async fn create(wanted: Wanted) -> Done<JsValue> {
    let key = match own_key(&wanted.key, wanted.hash).await? {
        Some(own) => own,
        None => new_key(&wanted.key, wanted.hash).await?,
    };
    let (der, findings) = signed(&wanted.content, wanted.hash, &key).await?;
    refuse_any(wanted.content.errors_among(findings.clone()))?;
    let pem = key_out(&key, wanted.password).await?;
    let made = webcrypto::object(&[("csr", &csr_pem(&der)), ("privateKeyPem", &pem)]);
    set(&made, "der", &bytes(&der));
    set(&made, "privateKey", key.private());
    set(&made, "findings", &to_js(&findings));
    Ok(made)
}

/// By hand: what serde makes of so many fields weighs several times as much.
fn read_request(request: &JsValue) -> Done<CsrRequest> {
    if !request.is_object() {
        return Err(wrong("request", "an object").into());
    }
    let others = [
        "subject",
        "mustStaple",
        "hash",
        "check",
        "key",
        "like",
        "privateKeyPassword",
    ];
    let names = [&CsrRequest::LISTS[..], &others].concat();
    nothing_but("request", request, &names)?;
    let request = Value::of(request);
    let mut lists = Vec::new();
    for field in CsrRequest::LISTS {
        let value = request.field(field);
        if !value.is_absent() {
            lists.push((field.to_owned(), texts(&value, field, "a list")?));
        }
    }
    let hash = text(&request.field("hash"), "hash")?;
    let hash = hash.map(|name| Hash::of(&name).ok_or_else(|| wrong("hash", "'SHA-256' or 'SHA-384' or 'SHA-512'")));
    Ok(CsrRequest {
        subject: read_subject(&request.field("subject"))?,
        lists,
        must_staple: flag(&request.field("mustStaple"), "mustStaple")?,
        hash: hash.transpose()?,
        check: flag(&request.field("check"), "check")?,
    })
}

fn read_subject(subject: &Value) -> Done<Option<RequestedSubject>> {
    if subject.is_absent() {
        return Ok(None);
    }
    nothing_but_in("subject", subject.js(), RequestedSubject::FIELDS)?;
    let mut values = Vec::new();
    for field in RequestedSubject::FIELDS {
        let value = subject.field(field);
        let place = ["subject.", field].concat();
        if RequestedSubject::has_several(field) && !value.is_absent() && value.text().is_none() {
            let several = texts(&value, &place, "a string or a list of strings")?;
            values.extend(several.into_iter().map(|text| (*field, text)));
        } else {
            values.extend(text(&value, &place)?.map(|text| (*field, text)));
        }
    }
    Ok(Some(RequestedSubject::new(values)))
}

/// A request of a key in DER, and what is to say about it. Refuses halves of two keys.
async fn signed(content: &CsrContent, hash: Option<Hash>, key: &KeyPair) -> Done<(Vec<u8>, Vec<Finding>)> {
    let algorithm = KeyPair::signing_algorithm(key.private()).ok_or(KeyFailure::CannotSign)?;
    if hash.is_some() && hash != algorithm.hash() {
        return Err(KeyFailure::Hash.into());
    }
    let unsigned = UnsignedCsr::new(content, key.spki().await?, algorithm);
    let der = unsigned.sign(&key.sign(algorithm, &unsigned.message).await?);
    let inspection = inspect_csr(&Input::Bytes(&der), &Context::default());
    let inspection = inspection.map_err(|_| KeyFailure::CannotSign)?;
    let status = status_of(inspection.verification.as_ref().map_err(|status| *status)).await;
    if status == SignatureStatus::Invalid {
        return Err(KeyFailure::HalvesDiffer.into());
    }
    Ok((der, inspection.conclude(status).findings))
}

/// The private key as PEM, encrypted if there is a password. Empty for a key that may not leave WebCrypto.
async fn key_out(key: &KeyPair, password: Option<String>) -> Done<String> {
    let pkcs8 = key.pkcs8().await?;
    let Some(password) = password else {
        return Ok(pkcs8.map(|pkcs8| private_key_pem(&pkcs8)).unwrap_or_default());
    };
    // A password that is given for nothing is said to be, rather than passed over.
    let pkcs8 = pkcs8.ok_or(KeyFailure::NotExtractable)?;
    let (encryption, encrypted) = encrypt(KEY_ITERATIONS, &password, &pkcs8).await?;
    Ok(encrypted_key_pem(&encryption, encrypted))
}

async fn encrypt(iterations: u32, password: &str, octets: &[u8]) -> Done<(Pbes2, Vec<u8>)> {
    let encryption = Pbes2::new(iterations, random()?, random()?);
    let encrypted = webcrypto::aes("encrypt", &encryption, password, octets).await?;
    Ok((encryption, encrypted))
}

async fn new_key(key: &JsValue, hash: Option<Hash>) -> Done<KeyPair> {
    if !is_absent(key) && !is_copied(key) {
        let expected = [OWN_KEY, ", or what is to be made: { algorithm: 'EC' }"].concat();
        return Err(wrong("key", &expected).into());
    }
    nothing_but_in("key", key, KeyRequest::FIELDS)?;
    let pair = match KeyRequest::read(&Value::of(key))?.check()? {
        KeyRequest::Ec { curve } => KeyPair::generate_ec(curve.name()).await,
        KeyRequest::Rsa { bits } => KeyPair::generate_rsa(bits, hash.unwrap_or_default()).await,
    };
    Ok(pair?)
}

/// The key that the caller has: a pair or a private key of WebCrypto's, PEM or DER, or these with their password. None for
/// what is none of them.
async fn own_key(key: &JsValue, hash: Option<Hash>) -> Done<Option<KeyPair>> {
    refuse_others(key)?;
    if let Some(pair) = KeyPair::of(key) {
        return Ok(Some(pair));
    }
    let own = if get(key, "type") == "private" && get(key, "algorithm").is_object() {
        // One that signs nothing, such as for ECDH, cannot be taken in to verify.
        KeyPair::signing_algorithm(key).ok_or(KeyFailure::CannotSign)?;
        KeyPair::of_private(key.clone()).await?
    } else {
        let pem = get(key, "pem");
        let (encoded, password) = if pem.is_undefined() {
            let Ok(encoded) = Argument::of(key) else {
                return Ok(None);
            };
            (encoded, None)
        } else {
            nothing_but_in("key", key, &["pem", "password"])?;
            let encoded = Argument::of(&pem).map_err(|_| wrong("key.pem", "PEM or DER"))?;
            (encoded, password_of(key, "password", "key.password")?)
        };
        let own = read_key(&encoded.input(), password).await?;
        let imported = KeyPair::import(own.kind, &own.pkcs8, hash.unwrap_or_default()).await;
        imported.map_err(|error| match get(&error, "name") {
            // It is whole, and of a kind that is known.
            name if own.has_public && name == "DataError" => KeyFailure::HalvesDiffer.into(),
            _ => import_failed(&error),
        })?
    };
    own.ok_or_else(|| KeyFailure::NotExtractable.into()).map(Some)
}

/// Refuses what is a key, or a pair of them, and cannot be used as it is.
fn refuse_others(key: &JsValue) -> Result<(), KeyFailure> {
    let (private, public) = (get(key, "privateKey"), get(key, "publicKey"));
    let has = |name: &str| [key, &private, &public].iter().any(|key| get(key, name).is_string());
    if has("asymmetricKeyType") {
        return Err(KeyFailure::KEY_OBJECT);
    }
    if has("kty") {
        return Err(KeyFailure::JWK);
    }
    if get(&private, "type") == "public" || get(&public, "type") == "private" {
        return Err(KeyFailure::SWAPPED);
    }
    let is_other = get(key, "algorithm").is_object() && get(key, "type").is_string() && get(key, "type") != "private";
    if is_other { Err(KeyFailure::NOT_PRIVATE) } else { Ok(()) }
}

async fn read_key(input: &Input<'_>, password: Option<String>) -> Done<OwnKey> {
    match (GivenKey::read(input)?, password) {
        (GivenKey::Plain(key), None) => Ok(key),
        (GivenKey::Plain(_), Some(_)) => Err(KeyFailure::NEEDLESS_PASSWORD.into()),
        (GivenKey::Encrypted(..), None) => Err(KeyFailure::MISSING_PASSWORD.into()),
        (GivenKey::Encrypted(encryption, data), Some(password)) => {
            match webcrypto::aes("decrypt", &encryption, &password, &data).await {
                Ok(der) => Ok(OwnKey::decrypted(&der)?),
                // Wrong padding is how AES-CBC tells a wrong key.
                Err(error) if get(&error, "name") == "OperationError" => Err(KeyFailure::WRONG_PASSWORD.into()),
                Err(error) => Err(import_failed(&error)),
            }
        }
    }
}

/// Puts a certificate, its chain and its key into a PKCS #12 file.
#[wasm_bindgen(js_name = toPkcs12)]
pub fn to_pkcs12(contents: &JsValue, done: Function) {
    // Before the caller can change it.
    let contents = Contents::read(contents);
    done::run(done, async move { Ok(pack(contents?).await?) });
}

/// What is to be in a file, and its password.
struct Contents {
    certificates: Vec<Argument>,
    key: JsValue,
    password: String,
    name: Option<String>,
}

impl Contents {
    fn read(contents: &JsValue) -> Done<Self> {
        if !contents.is_object() {
            return Err(wrong("contents", "an object").into());
        }
        let names = ["certificate", "chain", "key", "password", "friendlyName"];
        nothing_but("contents", contents, &names)?;
        if is_absent(&get(contents, "certificate")) {
            return Err(wrong("certificate", "PEM or DER").into());
        }
        Ok(Self {
            certificates: certificates_of(contents).map_err(Failure)?,
            name: text(&Value::of(&get(contents, "friendlyName")), "friendlyName")?,
            password: password_of(contents, "password", "password")?.ok_or_else(|| wrong("password", NOT_EMPTY))?,
            key: get(contents, "key"),
        })
    }

    /// The file before it is encrypted.
    fn file(&self, spki: &[u8]) -> Done<Pkcs12> {
        let inputs: Vec<Input<'_>> = self.certificates.iter().map(Argument::input).collect();
        let file = Pkcs12::new(&inputs, spki, self.name.as_deref());
        Ok(file.map_err(|error| Failure(thrown(&error)))??)
    }
}

async fn pack(contents: Contents) -> Done<JsValue> {
    let Some(key) = own_key(&contents.key, None).await? else {
        return Err(wrong("key", OWN_KEY).into());
    };
    // That the halves belong together is shown by a request of theirs.
    let request = CsrRequest::default().content(None, &to_ascii)?;
    signed(&request, None, &key).await?;

    let file = contents.file(&key.spki().await?)?;
    let pkcs8 = key.pkcs8().await?.ok_or(KeyFailure::NotExtractable)?;
    let password = &contents.password;
    let (key_encryption, key) = encrypt(pkcs12::ITERATIONS, password, &pkcs8).await?;
    let (encryption, certificates) = encrypt(pkcs12::ITERATIONS, password, &file.certificates()).await?;
    let safe = file.authenticated_safe((&key_encryption, key), (&encryption, certificates));
    let salt = random()?;
    let mac = webcrypto::hmac(&pkcs12::mac_key(password, &salt), &safe).await?;
    Ok(bytes(&pkcs12::pfx(safe, mac, salt)))
}

/// The certificate, and what is in the chain: one file, or a list of them.
fn certificates_of(contents: &JsValue) -> Result<Vec<Argument>, JsValue> {
    let all = Array::of1(&get(contents, "certificate"));
    let chain = get(contents, "chain");
    let all = match chain.dyn_ref::<Array>() {
        Some(list) => all.concat(list),
        None if is_absent(&chain) => all,
        None => Array::of2(&all.get(0), &chain),
    };
    all.iter().map(|one| Argument::of_document(&one)).collect()
}

const OWN_KEY: &str = "a private key: PEM, DER, a CryptoKey or a pair of them";

const NOT_EMPTY: &str = "a string that is not empty";

/// A password: text, in UTF-8 where octets are needed.
fn password_of(object: &JsValue, name: &str, field: &str) -> Done<Option<String>> {
    match text(&Value::of(&get(object, name)), field)? {
        Some(text) if text.is_empty() => Err(wrong(field, NOT_EMPTY).into()),
        password => Ok(password),
    }
}

fn refuse_any(findings: Vec<Finding>) -> Done<()> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings.into())
    }
}

/// Where WebCrypto was handed the octets of a key, no more than the kind of its error, which is one of a few words.
fn import_failed(error: &JsValue) -> Failure {
    let kinds = ["DataError", "NotSupportedError", "OperationError", "SyntaxError"];
    let name = get(error, "name").as_string().unwrap_or_default();
    let kind = kinds.into_iter().find(|kind| *kind == name);
    KeyFailure::WebCrypto(kind.unwrap_or("the key cannot be imported").to_owned()).into()
}
