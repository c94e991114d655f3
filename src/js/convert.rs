//! Values on their way in and out. Nothing here throws: whatever a caller's object does becomes an error.

use js_sys::{Function, JSON, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::json::json_of;

/// Hands a plain value out.
pub(crate) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // JSON is what JSON.parse reads.
    JSON::parse(&json_of(value)).unwrap_or(JsValue::NULL)
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
pub(crate) fn settle(returned: Result<JsValue, JsValue>) -> JsFuture {
    // No future of its own: it would be compiled into each that awaits it.
    let promise = returned.and_then(|value| AnyPromise::resolve(&value));
    JsFuture::from(promise.unwrap_or_else(|thrown| Promise::reject(&thrown)))
}
