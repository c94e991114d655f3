//! Arguments as JavaScript's values: their fields, and that they have no others. Errors are worded for people who write
//! JavaScript.

use ::pki::{Finding, FindingCode, given::Given};
use finding::nearest::{instead_of, is_name};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::convert::get;

/// A value of JavaScript's.
pub(super) struct Value(JsValue);

impl Value {
    pub(super) fn of(value: &JsValue) -> Self {
        Self(value.clone())
    }

    pub(super) const fn js(&self) -> &JsValue {
        &self.0
    }
}

impl Given for Value {
    fn is_undefined(&self) -> bool {
        self.0.is_undefined()
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }

    fn is_object(&self) -> bool {
        is_object(&self.0)
    }

    fn field(&self, name: &str) -> Self {
        Self(get(&self.0, name))
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.0.dyn_ref::<Array>().map(|list| list.iter().map(Self).collect())
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn flag(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
}

fn is_object(value: &JsValue) -> bool {
    value.is_object() && !value.is_instance_of::<Array>()
}

/// Refuses an argument that is given and no object, and an object with any other name than these.
pub(super) fn nothing_but(what: &str, value: &JsValue, names: &[&str]) -> Result<(), Finding> {
    refuse_others(what, what, "", value, names)
}

/// The same for a part of an argument, under its name there.
pub(super) fn nothing_but_in(path: &str, value: &JsValue, names: &[&str]) -> Result<(), Finding> {
    let whole = format!("`{path}`");
    refuse_others(path, &whole, &[path, "."].concat(), value, names)
}

/// `place` is its field, `whole` how a sentence calls it, `before` what is before its names in the fields of their own.
fn refuse_others(place: &str, whole: &str, before: &str, value: &JsValue, names: &[&str]) -> Result<(), Finding> {
    if value.is_undefined() || value.is_null() {
        return Ok(());
    }
    if !is_object(value) {
        let message = format!("{whole} must be an object.");
        return Err(Finding::argument(FindingCode::InvalidOption, place, message));
    }
    let own = Reflect::own_keys(value).unwrap_or_default();
    for name in own.iter().filter_map(|name| name.as_string()) {
        if names.contains(&name.as_str()) || get(value, &name).is_undefined() {
            continue;
        }
        let (field, message) = if is_name(&name) {
            let message = format!("There is no `{name}` in {whole}{}", instead_of(&name, names));
            ([before, &name].concat(), message)
        } else {
            let known = names.join(", ");
            let message = format!("There is a name in {whole} that is not one; it knows {known}.");
            (place.to_owned(), message)
        };
        return Err(Finding::argument(FindingCode::UnknownOption, field, message));
    }
    Ok(())
}
