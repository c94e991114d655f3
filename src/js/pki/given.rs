//! Arguments as JavaScript's values: their fields, and that they have no others. Errors are worded for people who write
//! JavaScript.

use ::pki::{Finding, given::Given};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    convert::get,
    names::{Place, is_object, own_names},
};

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

/// Whether it is an object that the facade copied: a plain one, each property of which has been read. Of all else nobody knows
/// whether its fields are where they are looked for, and whether reading them throws.
pub(super) fn is_copied(value: &JsValue) -> bool {
    Reflect::get_prototype_of(value).is_ok_and(|prototype| prototype.is_null())
}

/// Refuses an argument that is given and no object, and an object with any other name than these.
pub(super) fn nothing_but(what: &str, value: &JsValue, names: &[&str]) -> Result<(), Finding> {
    refuse_others(&Place::of(what), value, names)
}

/// The same for a part of an argument, under its name there.
pub(super) fn nothing_but_in(path: &str, value: &JsValue, names: &[&str]) -> Result<(), Finding> {
    refuse_others(&Place::at(path), value, names)
}

fn refuse_others(place: &Place<'_>, value: &JsValue, names: &[&str]) -> Result<(), Finding> {
    if value.is_undefined() || value.is_null() {
        return Ok(());
    }
    if !is_copied(value) {
        return Err(place.refuse("a plain object"));
    }
    own_names(place, value, names, &[]).map(drop)
}
