//! Values on their way in and out. Nothing here throws: whatever a caller's object does becomes an error.

use finding::{Finding, FindingCode};
use js_sys::{Function, JSON, Promise, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A plain value as JSON text, as `JSON.stringify` writes it; `what` names it in the error.
pub(crate) fn json_of(what: &str, value: &JsValue) -> Result<String, Finding> {
    match JSON::stringify(value) {
        Ok(text) if text.is_string() => Ok(String::from(text)),
        Ok(_) => Err(invalid(what, format!("{what} is missing, or is not a plain value."))),
        Err(_) => {
            let message = format!("{what} cannot be written as JSON: it has a cycle, or a value such as a BigInt.");
            Err(invalid(what, message))
        }
    }
}

/// Reads a plain value through its JSON text, so that it means what `JSON.stringify` says: a `Date` is its ISO form.
pub(crate) fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, Finding> {
    let text = json_of(what, value)?;
    serde_json::from_str(&text).map_err(|error| {
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        invalid(what, format!("{what} cannot be read: {reason}."))
    })
}

/// A copy of a caller's value without anything that could throw: getters, proxies, functions.
#[cfg(feature = "client")]
pub(crate) fn plain(what: &str, value: &JsValue) -> Result<JsValue, Finding> {
    let text = json_of(what, value)?;
    Ok(JSON::parse(&text).unwrap_or(JsValue::NULL))
}

fn invalid(what: &str, message: String) -> Finding {
    Finding::argument(FindingCode::InvalidArgument, what, message)
}

/// Hands a plain value out.
pub(crate) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Neither can fail for what is serialized here: string keys only, and JSON is what JSON.parse reads.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
    JSON::parse(&text).unwrap_or(JsValue::NULL)
}

/// A property, or undefined.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() || object.is_function() {
        Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

/// Sets a property of an object made here.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // It fails for frozen objects only.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A property that is a function.
pub(crate) fn function(object: &JsValue, name: &str) -> Option<Function> {
    get(object, name).dyn_into().ok()
}

#[wasm_bindgen]
extern "C" {
    /// `Promise`, whose `resolve` may throw for a promise that lies about its constructor.
    #[wasm_bindgen(js_name = Promise)]
    type AnyPromise;
    #[wasm_bindgen(static_method_of = AnyPromise, js_class = Promise, js_name = resolve, catch)]
    fn resolve(value: &JsValue) -> Result<Promise, JsValue>;
}

/// Awaits what a function of JavaScript returned, be it a promise or not.
///
/// # Errors
/// What it threw, or what the promise was rejected with.
pub(crate) async fn settle(returned: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(AnyPromise::resolve(&returned?)?).await
}
