//! Values on their way in and out: as JSON text, so that they mean what `JSON.stringify` and `JSON.parse` say.

use js_sys::{JSON, JsString, Promise, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::Severity;

/// Reads a plain value; `what` names it in what is said when it cannot be read.
///
/// # Errors
/// What is wrong with it.
pub fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, Refusal> {
    let text = match JSON::stringify(value) {
        Ok(text) if text.is_string() => String::from(text),
        Ok(_) => return Err(invalid(what, format!("{what} is missing."))),
        Err(_) => {
            let message = format!("{what} cannot be written as JSON: it holds a cycle, or a value such as a BigInt.");
            return Err(invalid(what, message));
        }
    };
    serde_json::from_str(&text).map_err(|error| {
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        invalid(what, format!("{what} cannot be read: {reason}."))
    })
}

/// An argument that cannot be used: a finding whose code is not a rule's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Always an error.
    pub severity: Severity,
    /// Stable, for programs.
    pub code: &'static str,
    /// One sentence, for people.
    pub message: String,
    /// The argument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// None.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
}

fn invalid(what: &str, message: String) -> Refusal {
    Refusal {
        severity: Severity::Error,
        code: "invalid_argument",
        message,
        field: Some(what.to_owned()),
        source: None,
    }
}

/// Gives a plain value out.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Neither can fail for what is serialized here: string keys only, and JSON is what JSON.parse reads.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
    JSON::parse(&text).unwrap_or(JsValue::NULL)
}

#[wasm_bindgen]
extern "C" {
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, octets: &mut [u8]) -> Progress;

    type Progress;
    #[wasm_bindgen(method, getter)]
    fn written(this: &Progress) -> usize;
}

/// Longer texts are no requests, and room for the most that they could become is too much to ask for.
const MAX_AT_ONCE: u32 = 1 << 20;

/// The octets of a text. What wasm-bindgen does for a text by itself looks at each character in JavaScript.
pub(super) fn utf8(text: &JsString) -> String {
    thread_local! {
        static ENCODER: TextEncoder = TextEncoder::new();
    }
    if text.length() > MAX_AT_ONCE {
        return text.into();
    }
    // No unit of UTF-16 becomes more than three octets.
    let most = usize::try_from(text.length()).unwrap_or_default().saturating_mul(3);
    let mut octets = vec![0; most];
    let written = ENCODER.with(|encoder| encoder.encode_into(text, &mut octets).written());
    octets.truncate(written);
    // It is UTF-8, so that this never loses anything.
    String::from_utf8(octets).unwrap_or_default()
}

/// A property, or undefined.
#[must_use]
pub fn get(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() || object.is_function() {
        Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

/// Sets a property of an object made here.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    // It fails for frozen objects only.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A property that is a function.
#[must_use]
pub fn function(object: &JsValue, name: &str) -> Option<js_sys::Function> {
    get(object, name).dyn_into().ok()
}

/// Awaits what a function of JavaScript returned, be it a promise or not.
///
/// # Errors
/// What it threw, or what the promise was rejected with.
pub async fn settle(returned: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&returned?)).await
}
