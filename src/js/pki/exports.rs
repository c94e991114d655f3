//! What JavaScript calls.

use ::pki::{
    BundleContext, Context, Csr, CsrRequest, Finding, Input, KeyFailure, KeyRequest, OrderForm, OrderOrganization,
    ParseError, ParseErrorCode, ReissueForm, SignatureStatus, UnsignedCsr, Verification,
};
use js_sys::{ArrayBuffer, Date, Function, JsString, Uint8Array};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    text::utf8,
    webcrypto::{self, KeyPair},
};
use crate::{
    convert::{get, set, to_js},
    done,
    strict::{self, Names},
};

#[wasm_bindgen(typescript_custom_section)]
const ENCODED: &str = "/** PEM, base64 or DER. */\nexport type Encoded = string | Uint8Array | ArrayBuffer;";

#[wasm_bindgen]
extern "C" {
    /// PEM, base64 or DER.
    #[wasm_bindgen(typescript_type = "Encoded")]
    pub type Encoded;
}

/// Decodes a certificate signing request.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = parseCsr, unchecked_return_type = "Csr")]
pub fn parse_csr(csr: &Encoded) -> Result<JsValue, JsValue> {
    let csr = Argument::of(csr)?;
    ::pki::parse_csr(&csr.input())
        .map(csr_to_js)
        .map_err(|error| thrown(&error))
}

/// Decodes a certificate.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = parseCertificate, unchecked_return_type = "Certificate")]
pub fn parse_certificate(certificate: &Encoded) -> Result<JsValue, JsValue> {
    let certificate = Argument::of(certificate)?;
    ::pki::parse_certificate(&certificate.input())
        .map(|certificate| to_js(&certificate))
        .map_err(|error| thrown(&error))
}

/// Whether two of certificate request, certificate and public key hold the same public key.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = sameKey)]
pub fn same_key(a: &Encoded, b: &Encoded) -> Result<bool, JsValue> {
    let (a, b) = (Argument::of(a)?, Argument::of(b)?);
    ::pki::same_key(&a.input(), &b.input()).map_err(|error| thrown(&error))
}

/// Everything that is wrong with a new order; `context` may name its organization.
///
/// # Errors
/// A plain object of the type `ValidationError`, when an argument is not an object.
#[wasm_bindgen(js_name = checkOrder, unchecked_return_type = "Finding[]")]
pub fn check_order(order: &JsValue, context: &JsValue) -> Result<JsValue, JsValue> {
    nothing_but("context", context, &["organization"])?;
    let order: OrderForm = read("order", order)?;
    let organization: Option<OrderOrganization> = read_if_given("context.organization", &get(context, "organization"))?;
    Ok(to_js(&::pki::check_order(&order, organization.as_ref())))
}

/// Everything that is wrong with a reissue of an order, which may not be known.
///
/// # Errors
/// A plain object of the type `ValidationError`, when an argument is not an object.
#[wasm_bindgen(js_name = checkReissue, unchecked_return_type = "Finding[]")]
pub fn check_reissue(changes: &JsValue, order: &JsValue) -> Result<JsValue, JsValue> {
    let changes: ReissueForm = read("changes", changes)?;
    let order: Option<OrderForm> = read_if_given("order", order)?;
    Ok(to_js(&::pki::check_reissue(&changes, order.as_ref())))
}

/// Decodes `pem_all` or `p7b`, puts it in order and verifies its signatures; holds it against a request, if one is given.
#[wasm_bindgen(js_name = parseBundle)]
pub fn parse_bundle(bundle: &Encoded, context: &JsValue, done: Function) {
    let (bundle, csr) = (Argument::of(bundle), csr_of(context));
    done::run(done, async move {
        let (bundle, csr) = (bundle?, csr?);
        let context = BundleContext {
            now: Some(now()),
            csr: csr.as_ref().map(Argument::input),
        };
        let inspection = ::pki::inspect_bundle(&bundle.input(), &context).map_err(|error| thrown(&error))?;
        let mut statuses = Vec::new();
        for question in inspection.verifications() {
            statuses.push(status_of(question).await);
        }
        Ok(to_js(&inspection.conclude(statuses)))
    });
}

/// The request in the context of a bundle.
fn csr_of(context: &JsValue) -> Result<Option<Argument>, JsValue> {
    nothing_but("context", context, &["csr"])?;
    let csr = get(context, "csr");
    if is_absent(&csr) {
        return Ok(None);
    }
    Argument::of(&csr).map(Some)
}

/// Decodes a request, verifies its signature and says what a certificate authority will say.
#[wasm_bindgen(js_name = inspectCsr)]
pub fn inspect_csr(csr: &Encoded, context: &JsValue, done: Function) {
    let (csr, context) = (Argument::of(csr), context_of(context));
    done::run(done, async move {
        let (csr, context) = (csr?, context?);
        let inspection = ::pki::inspect_csr(&csr.input(), &context).map_err(|error| thrown(&error))?;
        let status = status_of(inspection.verification.as_ref().map_err(|status| *status)).await;
        Ok(to_js(&inspection.conclude(status)))
    });
}

/// The context of a request. An order has many fields that no rule looks at: only the context's own names are checked.
fn context_of(context: &JsValue) -> Result<Context, JsValue> {
    nothing_but("context", context, &["certType", "order", "organization", "weakKeys"])?;
    if is_absent(context) {
        return Ok(Context::default());
    }
    read("context", context)
}

/// The status on a signature, asked of WebCrypto unless it is known already.
async fn status_of(question: Result<&Verification, SignatureStatus>) -> SignatureStatus {
    match question {
        Ok(question) => webcrypto::verify(question).await,
        Err(status) => status,
    }
}

/// Makes a request, and the key for it if none is given.
#[wasm_bindgen(js_name = createCsr)]
pub fn create_csr(request: &JsValue, done: Function) {
    let wanted = strict::argument("request", request, Names::Known(&["key"])).map_err(|finding| refused(&finding));
    let key = get(request, "key");
    done::run(done, async move { create(&wanted?, &key).await });
}

async fn create(wanted: &CsrRequest, key: &JsValue) -> Result<JsValue, JsValue> {
    let findings = wanted.refusals();
    if !findings.is_empty() {
        return Err(invalid(&findings));
    }
    let key = key_pair(key).await?;
    let algorithm = key.signing_algorithm().ok_or_else(|| failed(&KeyFailure::CannotSign))?;
    let spki = key.spki().await.map_err(|error| crypto_failed(&error))?;
    let unsigned = UnsignedCsr::new(wanted, spki, algorithm);
    let signature = key
        .sign(algorithm, &unsigned.message)
        .await
        .map_err(|error| crypto_failed(&error))?;
    let pkcs8 = key.pkcs8().await.map_err(|error| crypto_failed(&error))?;
    // Empty for a key that may not leave WebCrypto.
    let pem = pkcs8.map(|pkcs8| ::pki::private_key_pem(&pkcs8)).unwrap_or_default();
    let made = webcrypto::object(&[("csr", &unsigned.sign(&signature)), ("privateKeyPem", &pem)]);
    set(&made, "privateKey", key.private());
    Ok(made)
}

/// The caller's key pair, or a new one.
async fn key_pair(key: &JsValue) -> Result<KeyPair, JsValue> {
    if let Some(pair) = KeyPair::of(key) {
        return Ok(pair);
    }
    let wanted: KeyRequest = strict::read_at("key", key, &[]).map_err(|finding| refused(&finding))?;
    let pair = match wanted.check().map_err(|failure| failed(&failure))? {
        KeyRequest::Ec { curve } => KeyPair::generate_ec(curve.name()).await,
        KeyRequest::Rsa { bits } => KeyPair::generate_rsa(bits).await,
    };
    pair.map_err(|error| crypto_failed(&error))
}

/// Hands the PEM over on its own: it is most of the text, and as JSON each character of it would be looked at twice.
fn csr_to_js(csr: Csr) -> JsValue {
    let pem = JsValue::from_str(&csr.pem);
    let value = to_js(&Csr {
        pem: String::new(),
        ..csr
    });
    set(&value, "pem", &pem);
    value
}

/// An argument, copied into the core's memory.
enum Argument {
    Text(String),
    Bytes(Vec<u8>),
}

impl Argument {
    fn of(value: &JsValue) -> Result<Self, JsValue> {
        if let Some(text) = value.dyn_ref::<JsString>() {
            return Ok(Self::Text(utf8(text)));
        }
        if value.has_type::<ArrayBuffer>() || ArrayBuffer::is_view(value) {
            return Ok(Self::Bytes(Uint8Array::new(value).to_vec()));
        }
        Err(thrown(&ParseError {
            code: ParseErrorCode::WrongKind,
            message: "Expected a string, a Uint8Array or an ArrayBuffer, found another type.".to_owned(),
            offset: None,
        }))
    }

    fn input(&self) -> Input<'_> {
        match self {
            Self::Text(text) => Input::Text(text),
            Self::Bytes(bytes) => Input::Bytes(bytes),
        }
    }
}

/// Seconds since 1970.
#[allow(clippy::cast_possible_truncation)]
fn now() -> i64 {
    (Date::now() / 1000.0) as i64
}

/// What the facade makes a `ParseError` of.
fn thrown(error: &ParseError) -> JsValue {
    let dto = to_js(error);
    set(&dto, "type", &JsValue::from_str("ParseError"));
    dto
}

/// What the facade makes a `ValidationError` of.
fn validation_error(message: &str, findings: &[Finding]) -> JsValue {
    #[derive(Serialize)]
    struct Dto<'a> {
        r#type: &'static str,
        code: &'static str,
        message: &'a str,
        findings: &'a [Finding],
    }
    to_js(&Dto {
        r#type: "ValidationError",
        code: "invalid",
        message,
        findings,
    })
}

fn invalid(findings: &[Finding]) -> JsValue {
    let sentences: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    validation_error(&sentences.join(" "), findings)
}

/// An argument that cannot be used.
fn refused(finding: &Finding) -> JsValue {
    validation_error(&finding.message, core::slice::from_ref(finding))
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

fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

fn read<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, JsValue> {
    strict::argument(what, value, Names::Any).map_err(|finding| refused(&finding))
}

fn read_if_given<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<Option<T>, JsValue> {
    if is_absent(value) {
        return Ok(None);
    }
    read(what, value).map(Some)
}

/// Refuses an object with any other name than these.
fn nothing_but(what: &str, value: &JsValue, names: &[&str]) -> Result<(), JsValue> {
    #[derive(Default, Deserialize)]
    struct Nothing {}
    strict::read::<Nothing>(what, value, names)
        .map(|Nothing {}| ())
        .map_err(|finding| refused(&finding))
}
