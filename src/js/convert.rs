//! Values on their way in and out. Nothing here throws: whatever a caller's object does becomes an error.

use js_sys::{JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

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
