//! Certificate requests, certificates and bundles for JavaScript.

use js_sys::{ArrayBuffer, Date, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::convert::{set, to_js};
use crate::pki::{self, BundleContext, Input, ParseError};

#[wasm_bindgen(typescript_custom_section)]
const ENCODED: &str = "/** PEM, base64 or DER. */\nexport type Encoded = string | Uint8Array | ArrayBuffer;";

#[wasm_bindgen]
extern "C" {
    /// PEM, base64 or DER.
    #[wasm_bindgen(typescript_type = "Encoded")]
    pub type Encoded;
}

/// Decodes a certificate signing request.
#[wasm_bindgen(js_name = parseCsr, unchecked_return_type = "Csr")]
pub fn parse_csr(csr: &Encoded) -> Result<JsValue, JsValue> {
    let csr = Owned::of(csr)?;
    pki::parse_csr(&csr.input())
        .map(|csr| to_js(&csr))
        .map_err(|error| thrown(&error))
}

/// Decodes a certificate.
#[wasm_bindgen(js_name = parseCertificate, unchecked_return_type = "Certificate")]
pub fn parse_certificate(certificate: &Encoded) -> Result<JsValue, JsValue> {
    let certificate = Owned::of(certificate)?;
    pki::parse_certificate(&certificate.input())
        .map(|certificate| to_js(&certificate))
        .map_err(|error| thrown(&error))
}

/// Decodes `pem_all` or `p7b` and puts it in order.
#[wasm_bindgen(js_name = parseBundle, unchecked_return_type = "Bundle")]
pub fn parse_bundle(bundle: &Encoded) -> Result<JsValue, JsValue> {
    let bundle = Owned::of(bundle)?;
    let context = BundleContext {
        now: Some(now()),
        csr: None,
    };
    pki::parse_bundle(&bundle.input(), &context)
        .map(|bundle| to_js(&bundle))
        .map_err(|error| thrown(&error))
}

/// Whether two of certificate request, certificate and public key hold the same public key.
#[wasm_bindgen(js_name = sameKey)]
pub fn same_key(a: &Encoded, b: &Encoded) -> Result<bool, JsValue> {
    let (a, b) = (Owned::of(a)?, Owned::of(b)?);
    pki::same_key(&a.input(), &b.input()).map_err(|error| thrown(&error))
}

/// An argument, copied into the core's memory.
enum Owned {
    Text(String),
    Bytes(Vec<u8>),
}

impl Owned {
    fn of(value: &JsValue) -> Result<Self, JsValue> {
        if let Some(text) = value.as_string() {
            return Ok(Self::Text(text));
        }
        if value.has_type::<ArrayBuffer>() || ArrayBuffer::is_view(value) {
            return Ok(Self::Bytes(Uint8Array::new(value).to_vec()));
        }
        Err(thrown(&ParseError {
            code: "wrong_kind",
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
