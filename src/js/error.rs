//! Failures on their way out: plain objects that name the class the facade makes of them.

use wasm_bindgen::JsValue;

use super::convert::{set, to_js};
use crate::client::error::Error;

/// A failed call, as the facade reads it.
pub(super) fn to_dto(error: &Error) -> JsValue {
    let dto = to_js(error);
    set(&dto, "type", &JsValue::from_str(error.class()));
    dto
}

/// A call that its caller aborted; the facade throws the signal's own reason.
pub(super) fn aborted() -> JsValue {
    to_js(&serde_json::json!({ "type": "Aborted" }))
}
