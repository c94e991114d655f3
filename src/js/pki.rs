//! Certificate requests, certificates and bundles for JavaScript.

use js_sys::Uint8Array;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsCast, JsError, JsValue, prelude::wasm_bindgen};

use crate::pki::{self, Bundle, BundleContext, Certificate, Csr, Input, ParseError};

#[wasm_bindgen(typescript_custom_section)]
const ENCODED: &str = "/** PEM, base64 or DER. */\nexport type Encoded = string | Uint8Array | ArrayBuffer;";

#[wasm_bindgen]
extern "C" {
    /// PEM, base64 or DER.
    #[wasm_bindgen(typescript_type = "Encoded")]
    pub type Encoded;
}

/// Decodes a certificate signing request.
#[wasm_bindgen(js_name = parseCsr)]
pub fn parse_csr(csr: &Encoded) -> Result<Ts<Csr>, JsValue> {
    export(&pki::parse_csr(&Owned::of(csr)?.input()).map_err(thrown)?)
}

/// Decodes a certificate.
#[wasm_bindgen(js_name = parseCertificate)]
pub fn parse_certificate(certificate: &Encoded) -> Result<Ts<Certificate>, JsValue> {
    export(&pki::parse_certificate(&Owned::of(certificate)?.input()).map_err(thrown)?)
}

/// Decodes `pem_all` or `p7b` and puts it in order.
#[wasm_bindgen(js_name = parseBundle)]
pub fn parse_bundle(bundle: &Encoded) -> Result<Ts<Bundle>, JsValue> {
    let context = BundleContext {
        now: Some(now()),
        csr: None,
    };
    export(&pki::parse_bundle(&Owned::of(bundle)?.input(), &context).map_err(thrown)?)
}

/// Whether two of certificate request, certificate and public key hold the same public key.
#[wasm_bindgen(js_name = sameKey)]
pub fn same_key(a: &Encoded, b: &Encoded) -> Result<bool, JsValue> {
    pki::same_key(&Owned::of(a)?.input(), &Owned::of(b)?.input()).map_err(thrown)
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
        if value.is_object() && (value.has_type::<js_sys::ArrayBuffer>() || js_sys::ArrayBuffer::is_view(value)) {
            return Ok(Self::Bytes(Uint8Array::new(value).to_vec()));
        }
        Err(thrown(ParseError {
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
    (js_sys::Date::now() / 1000.0) as i64
}

fn export<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    value.into_ts().map_err(|error| JsError::new(&error.to_string()).into())
}

/// What the facade makes an Error of. Spelled out, because a flattened struct would arrive as a Map.
#[derive(Serialize)]
struct Thrown {
    r#type: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

fn thrown(error: ParseError) -> JsValue {
    let ParseError { code, message, offset } = error;
    serde_wasm_bindgen::to_value(&Thrown {
        r#type: "ParseError",
        code,
        message,
        offset,
    })
    .unwrap_or(JsValue::NULL)
}
