//! Values of the caller's that mean what `JSON.stringify` says.

use api::json;
use finding::{Finding, FindingCode};
use js_sys::{JSON, Reflect};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use super::store::failed;
use crate::convert::get;

#[wasm_bindgen]
extern "C" {
    /// `JSON.stringify`, which may be undefined.
    #[wasm_bindgen(js_name = JSON)]
    type Written;
    #[wasm_bindgen(static_method_of = Written, js_class = JSON, catch)]
    fn stringify(value: &JsValue) -> Result<Option<String>, JsValue>;
}

/// A plain value as JSON text, as `JSON.stringify` writes it; `what` names it in the error.
pub(super) fn json_of(what: &str, value: &JsValue) -> Result<String, Finding> {
    match Written::stringify(value) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(invalid(what, format!("{what} is missing, or is not a plain value."))),
        Err(thrown) => {
            let message = format!("{what} cannot be read: {}", failed(thrown).0);
            Err(invalid(what, message))
        }
    }
}

/// Reads the JSON text of a plain value, which means what `JSON.stringify` says: a `Date` is its ISO form.
fn parsed(what: &str, text: &str) -> Result<Value, Finding> {
    json::read(text).map_err(|reason| invalid(what, format!("{what} cannot be read: {}.", reason.in_words())))
}

/// Reads an object of any names, as its JSON text has it.
pub(super) fn record(what: &str, value: &JsValue) -> Result<Map<String, Value>, Finding> {
    let field = what.strip_prefix("The ").unwrap_or(what);
    let refused = || invalid(field, format!("{what} must be an object."));
    let text = match Written::stringify(value) {
        Ok(text) => text.filter(|text| text.starts_with('{')).ok_or_else(refused)?,
        Err(_) => json_of(what, value)?,
    };
    let Value::Object(fields) = parsed(what, &text)? else {
        return Err(refused());
    };
    // `JSON.stringify` writes an invalid date and NaN as null, and leaves functions out: without a filter that was given,
    // everything would be found.
    let names = Reflect::own_keys(value).unwrap_or_default();
    for name in names.iter().filter_map(|name| name.as_string()) {
        let given = get(value, &name);
        let is_lost = match fields.get(&name) {
            Some(written) => written.is_null() && !given.is_null(),
            None => given.is_function(),
        };
        if is_lost {
            let message = format!("`{name}` is a function, or an invalid date or number.");
            return Err(invalid(&name, message));
        }
    }
    Ok(fields)
}

/// A copy of a caller's value without anything that could throw: getters, proxies, functions.
pub(super) fn plain(what: &str, value: &JsValue) -> Result<JsValue, Finding> {
    let text = json_of(what, value)?;
    Ok(JSON::parse(&text).unwrap_or(JsValue::NULL))
}

fn invalid(what: &str, message: String) -> Finding {
    Finding::argument(FindingCode::InvalidArgument, what, message)
}
