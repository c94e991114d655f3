//! Values on their way in and out.

use js_sys::{JSON, Reflect, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    api::{call::File, model::Model, page::Page},
    client::error::Error,
};

/// Reads a plain value; `what` names it in the error.
pub(super) fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, Error> {
    let text = match JSON::stringify(value) {
        Ok(text) if text.is_string() => String::from(text),
        Ok(_) => return Err(Error::refused("invalid_argument", what, format!("{what} is missing."))),
        Err(_) => {
            let message = format!("{what} can not be written as JSON: it holds a cycle, or a value such as a BigInt.");
            return Err(Error::refused("invalid_argument", what, message));
        }
    };
    serde_json::from_str(&text).map_err(|error| {
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        Error::refused("invalid_argument", what, format!("{what} can not be read: {reason}."))
    })
}

/// Gives a plain value out.
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Neither can fail for what this crate serializes: string keys only, and JSON is what JSON.parse reads.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".into());
    JSON::parse(&text).unwrap_or(JsValue::NULL)
}

/// A property, or undefined.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() || object.is_function() {
        Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

/// Sets a property of an object made here.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // It fails for frozen objects only.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A property that is a function.
pub(super) fn function(object: &JsValue, name: &str) -> Option<js_sys::Function> {
    get(object, name).dyn_into().ok()
}

/// What a call replies with, given out.
pub(super) trait IntoJs {
    /// The value in JavaScript.
    fn into_js(self) -> JsValue;
}

impl<T> IntoJs for Model<T> {
    fn into_js(self) -> JsValue {
        to_js(&self.json)
    }
}

impl<T> IntoJs for Vec<Model<T>> {
    fn into_js(self) -> JsValue {
        to_js(&self.into_iter().map(|model| model.json).collect::<Vec<_>>())
    }
}

impl<T> IntoJs for Page<T> {
    fn into_js(self) -> JsValue {
        let content: Vec<Value> = self.content.into_iter().map(|model| model.json).collect();
        to_js(&json!({ "content": content, "page": self.page }))
    }
}

impl IntoJs for File {
    fn into_js(self) -> JsValue {
        Uint8Array::from(self.0.as_slice()).into()
    }
}

impl IntoJs for Value {
    fn into_js(self) -> JsValue {
        if self.is_null() {
            JsValue::UNDEFINED
        } else {
            to_js(&self)
        }
    }
}

impl IntoJs for () {
    fn into_js(self) -> JsValue {
        JsValue::UNDEFINED
    }
}
