//! Values on their way in and out.

use js_sys::Uint8Array;
pub(super) use pki::js::{function, get, set, settle, to_js};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use crate::{
    api::{call::File, model::Model, page::Page},
    client::error::Error,
};

/// Reads a plain value; `what` names it in the error.
pub(super) fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, Error> {
    pki::js::from_js(what, value).map_err(|finding| Error::invalid(vec![finding]))
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
