//! What JavaScript calls to make requests, and files of a certificate with its key.

use core::mem::replace;

use ::pki::{
    Context, CsrContent, CsrRequest, Finding, FindingCode, GivenKey, Hash, Input, KeyFailure, KeyRequest, Like, OwnKey,
    Pbes2, RequestedSubject, SignatureStatus, UnsignedCsr, csr_pem, encrypted_key_pem,
    given::{Given, flag, text, texts, wrong},
    inspect_csr,
    pkcs12::{self, Pkcs12},
    private_key_pem,
};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::*};

use super::{
    exports::{Argument, invalid, is_absent, thrown},
    given::{Value, is_copied, nothing_but, nothing_but_in},
    judgement::{Judgement, Thing},
    webcrypto::{self, bytes, object, octets},
};
use crate::convert::{get, set, to_js};

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
pub struct Failure(JsValue);

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

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

type Done<T> = Result<T, Failure>;

/// A request in the making, and the file that its key goes into.
#[wasm_bindgen]
pub struct Draft {
    content: CsrContent,
    hash: Option<Hash>,
    unsigned: Option<UnsignedCsr>,
    /// If there is one, the request is there to show that the halves of the key belong together.
    file: Option<File>,
}

/// A PKCS #12 file in the making.
struct File {
    certificates: Vec<Argument>,
    name: Option<String>,
    sorted: Option<Pkcs12>,
}

/// Reads what a request is to say.
///
/// # Errors
/// A plain object of the type `ValidationError` or `ParseError`.
#[wasm_bindgen(js_name = draftCsr)]
pub fn draft_csr(request: &JsValue) -> Done<Draft> {
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
    password_of(request, "privateKeyPassword", "privateKeyPassword")?;
    Ok(Draft {
        content,
        hash: wanted.hash,
        unsigned: None,
        file: None,
    })
}

/// Reads what is to be in a file.
///
/// # Errors
/// A plain object of the type `ValidationError` or `ParseError`.
#[wasm_bindgen(js_name = draftPkcs12)]
pub fn draft_pkcs12(contents: &JsValue) -> Done<Draft> {
    if !contents.is_object() {
        return Err(wrong("contents", "an object").into());
    }
    let names = ["certificate", "chain", "key", "password", "friendlyName"];
    nothing_but("contents", contents, &names)?;
    if is_absent(&get(contents, "certificate")) {
        return Err(wrong("certificate", "PEM or DER").into());
    }
    let file = File {
        certificates: certificates_of(contents).map_err(Failure)?,
        name: text(&Value::of(&get(contents, "friendlyName")), "friendlyName")?,
        sorted: None,
    };
    password_of(contents, "password", "password")?.ok_or_else(|| wrong("password", NOT_EMPTY))?;
    let nothing = CsrRequest {
        check: Some(false),
        ..CsrRequest::default()
    };
    Ok(Draft {
        content: nothing.content(None, &to_ascii)?,
        hash: None,
        unsigned: None,
        file: Some(file),
    })
}

#[wasm_bindgen]
impl Draft {
    /// What WebCrypto has to do for the pair of keys that the caller gave, or wants made: see `KeyStep`.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn key(&self, key: &JsValue) -> Done<JsValue> {
        match own_key(key, self.hash)? {
            Some(step) => Ok(step),
            None if self.file.is_some() => Err(wrong("key", OWN_KEY).into()),
            None => new_key(key, self.hash),
        }
    }

    /// The same for a key that was decrypted.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn decrypted(&self, der: &JsValue) -> Done<JsValue> {
        Ok(import(&OwnKey::decrypted(&octets(der))?, self.hash))
    }

    /// How a private key signs it, in WebCrypto's words.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn signing(&self, private: &JsValue) -> Done<JsValue> {
        let algorithm = webcrypto::signing_algorithm(private).ok_or(KeyFailure::CannotSign)?;
        if self.hash.is_some() && self.hash != algorithm.hash() {
            return Err(KeyFailure::Hash.into());
        }
        Ok(webcrypto::signing(algorithm))
    }

    /// What is to be signed, for the public key as a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn message(&mut self, private: &JsValue, spki: &JsValue) -> Done<JsValue> {
        let algorithm = webcrypto::signing_algorithm(private).ok_or(KeyFailure::CannotSign)?;
        let unsigned = UnsignedCsr::new(&self.content, octets(spki), algorithm);
        Ok(bytes(&self.unsigned.insert(unsigned).message))
    }

    /// The request, and what is to say about it. It is refused with halves of two keys.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn signed(&self, signature: &JsValue) -> Done<Judgement> {
        let unsigned = self.unsigned.as_ref().ok_or(KeyFailure::CannotSign)?;
        let der = unsigned.sign(&octets(signature));
        let inspection = inspect_csr(&Input::Bytes(&der), &Context::default());
        let mut inspection = inspection.map_err(|_| KeyFailure::CannotSign)?;
        let question = replace(&mut inspection.verification, Err(SignatureStatus::Unsupported));
        let content = self.content.clone();
        Ok(Judgement::of(Thing::new(vec![question], move |statuses| {
            let status = statuses.first().copied().unwrap_or(SignatureStatus::Unsupported);
            if status == SignatureStatus::Invalid {
                return Err(Failure::from(KeyFailure::HalvesDiffer).0);
            }
            let findings = inspection.conclude(status).findings;
            refuse_any(content.errors_among(findings.clone()))?;
            let made = object(&[("csr", &csr_pem(&der))]);
            set(&made, "der", &bytes(&der));
            set(&made, "findings", &to_js(&findings));
            Ok(made)
        })))
    }

    /// How octets are encrypted with a password: those of the key, or what is in the file.
    pub fn encryption(&self, salt: &JsValue, iv: &JsValue) -> JsValue {
        let iterations = match self.file {
            Some(_) => pkcs12::ITERATIONS,
            None => KEY_ITERATIONS,
        };
        webcrypto::encryption(&Pbes2::new(iterations, octets(salt), octets(iv)))
    }

    /// The certificates, to be encrypted. That of the key, given by its `SubjectPublicKeyInfo`, has to be among them.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError` or `ParseError`.
    pub fn certificates(&mut self, spki: &JsValue) -> Done<JsValue> {
        let file = self.file.as_mut().ok_or(KeyFailure::NoCertificate)?;
        let inputs: Vec<Input<'_>> = file.certificates.iter().map(Argument::input).collect();
        let sorted = Pkcs12::new(&inputs, &octets(spki), file.name.as_deref());
        let sorted = sorted.map_err(|error| Failure(thrown(&error)))??;
        Ok(bytes(&file.sorted.insert(sorted).certificates()))
    }

    /// What has to be authenticated: key and certificates together, each encrypted.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn safe(
        &self,
        key: &JsValue,
        of_key: &JsValue,
        certificates: &JsValue,
        of_certificates: &JsValue,
    ) -> Done<JsValue> {
        let file = self.file.as_ref().and_then(|file| file.sorted.as_ref());
        let key = (&encryption_of(of_key), octets(key));
        let certificates = (&encryption_of(of_certificates), octets(certificates));
        let safe = file.map(|file| file.authenticated_safe(key, certificates));
        Ok(bytes(&safe.ok_or(KeyFailure::NoCertificate)?))
    }
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
    // What many write beside the names.
    if let Some(name) = RequestedSubject::FIELDS
        .iter()
        .find(|name| !is_absent(&get(request, name)))
    {
        let message = format!("`{name}` belongs in `subject`: give `subject: {{ {name}: … }}`.");
        return Err(Finding::argument(FindingCode::UnknownOption, *name, message).into());
    }
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

/// What was encrypted so.
fn encryption_of(encryption: &JsValue) -> Pbes2 {
    let [salt, iv] = ["salt", "iv"].map(|name| octets(&get(encryption, name)));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is one of the two above"
    )]
    let iterations = get(encryption, "iterations").as_f64().unwrap_or_default() as u32;
    Pbes2::new(iterations, salt, iv)
}

/// A private key in PKCS #8 as PEM; encrypted, if `encryption` says how.
#[wasm_bindgen(js_name = keyPem)]
pub fn key_pem(pkcs8: &JsValue, encryption: &JsValue) -> JsValue {
    let pkcs8 = octets(pkcs8);
    let pem = if encryption.is_undefined() {
        private_key_pem(&pkcs8)
    } else {
        encrypted_key_pem(&encryption_of(encryption), pkcs8)
    };
    pem.into()
}

/// Why there is no key, from what WebCrypto threw.
#[wasm_bindgen(js_name = keyFailure)]
pub fn key_failure(error: &JsValue, during: &JsValue) -> JsValue {
    let [during, name] = [during, &get(error, "name")].map(|text| text.as_string().unwrap_or_default());
    let failure = match (during.as_str(), name.as_str()) {
        // Wrong padding is how AES-CBC tells a wrong key.
        ("decrypt", "OperationError") => KeyFailure::WRONG_PASSWORD,
        // It is whole, and of a kind that is known.
        ("import whole", "DataError") => KeyFailure::HalvesDiffer,
        ("export", _) => KeyFailure::NotExtractable,
        ("", _) => {
            // Its own words: they have none of the key in them.
            let message = get(error, "message").as_string().or_else(|| error.as_string());
            KeyFailure::WebCrypto(message.unwrap_or_default())
        }
        // Where WebCrypto was handed the octets of a key, no more than the kind of its error, which is one of a few words.
        (_, name @ ("DataError" | "NotSupportedError" | "OperationError" | "SyntaxError")) => {
            KeyFailure::WebCrypto(name.to_owned())
        }
        _ => KeyFailure::WebCrypto("the key cannot be imported".to_owned()),
    };
    Failure::from(failure).0
}

fn new_key(key: &JsValue, hash: Option<Hash>) -> Done<JsValue> {
    if !is_absent(key) && !is_copied(key) {
        let expected = [OWN_KEY, ", or what is to be made: { algorithm: 'EC' }"].concat();
        return Err(wrong("key", &expected).into());
    }
    nothing_but_in("key", key, &["algorithm", "curve", "bits", "pem", "password"])?;
    if !get(key, "password").is_undefined() {
        let expected = "that of a key that is given, as `pem`: a new one is encrypted with `privateKeyPassword`";
        return Err(wrong("key.password", expected).into());
    }
    let algorithm = match KeyRequest::read(&Value::of(key))?.check()? {
        KeyRequest::Ec { curve } => webcrypto::ec(curve.name()),
        KeyRequest::Rsa { bits } => {
            let algorithm = webcrypto::rsa(hash.unwrap_or_default());
            set(&algorithm, "modulusLength", &bits.into());
            set(&algorithm, "publicExponent", &bytes(&[1, 0, 1]));
            algorithm
        }
    };
    let step = object(&[]);
    set(&step, "made", &algorithm);
    Ok(step)
}

/// The key that the caller has: a pair or a private key of WebCrypto's, PEM or DER, or these with their password. None for
/// what is none of them.
fn own_key(key: &JsValue, hash: Option<Hash>) -> Done<Option<JsValue>> {
    refuse_others(key)?;
    let step = object(&[]);
    let (private, public) = (get(key, "privateKey"), get(key, "publicKey"));
    if private.is_object() && public.is_object() {
        set(&step, "privateKey", &private);
        set(&step, "publicKey", &public);
        return Ok(Some(step));
    }
    if get(key, "type") == "private" && get(key, "algorithm").is_object() {
        // One that signs nothing, such as for ECDH, cannot be taken in to verify.
        webcrypto::signing_algorithm(key).ok_or(KeyFailure::CannotSign)?;
        if get(key, "extractable").is_falsy() {
            return Err(KeyFailure::NotExtractable.into());
        }
        set(&step, "privateKey", key);
        return Ok(Some(step));
    }
    let pem = get(key, "pem");
    let (encoded, password) = if let Ok(encoded) = Argument::of(key) {
        (encoded, None)
    } else if pem.is_undefined() && (get(key, "password").is_undefined() || !get(key, "algorithm").is_undefined()) {
        return Ok(None);
    } else {
        nothing_but_in("key", key, &["pem", "password"])?;
        let encoded = Argument::of(&pem).map_err(|_| wrong("key.pem", "PEM or DER"))?;
        (encoded, password_of(key, "password", "key.password")?)
    };
    match (GivenKey::read(&encoded.input())?, password) {
        (GivenKey::Plain(key), None) => Ok(Some(import(&key, hash))),
        (GivenKey::Plain(_), Some(_)) => Err(KeyFailure::NEEDLESS_PASSWORD.into()),
        (GivenKey::Encrypted(..), None) => Err(KeyFailure::MISSING_PASSWORD.into()),
        (GivenKey::Encrypted(encryption, data), Some(password)) => {
            set(&step, "encrypted", &bytes(&data));
            set(&step, "encryption", &webcrypto::encryption(&encryption));
            set(&step, "password", &password.into());
            Ok(Some(step))
        }
    }
}

/// That WebCrypto takes a key in; an RSA key is to sign with this hash.
fn import(key: &OwnKey, hash: Option<Hash>) -> JsValue {
    let step = object(&[("during", if key.has_public { "import whole" } else { "import" })]);
    set(&step, "pkcs8", &bytes(&key.pkcs8));
    set(
        &step,
        "algorithm",
        &webcrypto::import(key.kind, hash.unwrap_or_default()),
    );
    step
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

/// The key of a file's HMAC.
#[wasm_bindgen(js_name = macKey)]
pub fn mac_key(password: &JsValue, salt: &JsValue) -> JsValue {
    bytes(&pkcs12::mac_key(
        &password.as_string().unwrap_or_default(),
        &octets(salt),
    ))
}

/// The file: what is authenticated, and its HMAC.
#[wasm_bindgen]
pub fn pfx(safe: &JsValue, mac: &JsValue, salt: &JsValue) -> JsValue {
    bytes(&pkcs12::pfx(octets(safe), octets(mac), octets(salt)))
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
