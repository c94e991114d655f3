//! What the reader is given of the platform.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// Runs once in each instance.
#[wasm_bindgen(start)]
pub fn start() {
    ::pki::platform::provide_forms(
        |text, form| JsString::from(text).normalize(form).into(),
        |text| JsString::from(text).to_lower_case().into(),
    );
}

/// Takes the table of top-level domains and public suffixes, without which names are judged by their form alone.
#[wasm_bindgen(js_name = provideSuffixes)]
pub fn provide_suffixes(table: String) {
    ::pki::platform::provide_suffixes(table);
}

/// Whether this instance has the table.
#[wasm_bindgen(js_name = hasSuffixes)]
pub fn has_suffixes() -> bool {
    ::pki::platform::has_suffixes()
}
