//! The names in an object of JavaScript's: those that there are, and no others.

use finding::{
    Finding, FindingCode,
    nearest::{instead_of, is_name},
};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::convert::get;

/// Where an object is given.
pub(crate) struct Place<'a> {
    /// How it is called: an argument by a word of its own, a part of one by its path.
    name: &'a str,
    is_part: bool,
}

impl<'a> Place<'a> {
    /// An argument.
    pub(crate) const fn of(what: &'a str) -> Self {
        Self {
            name: what,
            is_part: false,
        }
    }

    /// A part of an argument.
    pub(crate) const fn at(path: &'a str) -> Self {
        Self {
            name: path,
            is_part: true,
        }
    }

    /// How sentences call it.
    fn whole(&self) -> String {
        if self.is_part {
            format!("`{}`", self.name)
        } else {
            self.name.to_owned()
        }
    }

    /// What is there is not what has to be.
    pub(crate) fn refuse(&self, wanted: &str) -> Finding {
        let message = format!("{} must be {wanted}.", self.whole());
        Finding::argument(FindingCode::InvalidOption, self.name, message)
    }

    /// The field of a name in it.
    pub(crate) fn child(&self, name: &str) -> String {
        if self.is_part {
            [self.name, ".", name].concat()
        } else {
            name.to_owned()
        }
    }
}

pub(crate) fn is_object(value: &JsValue) -> bool {
    value.is_object() && !value.is_instance_of::<Array>()
}

/// The names in an object that have a value, but those in `taken`, which are read elsewhere. Any that nobody knows is refused.
pub(crate) fn own_names(
    place: &Place<'_>,
    value: &JsValue,
    known: &[&str],
    taken: &[&str],
) -> Result<Vec<String>, Finding> {
    if !is_object(value) {
        return Err(place.refuse("an object"));
    }
    let mut names = Vec::new();
    let own = Reflect::own_keys(value).unwrap_or_default();
    for name in own.iter().filter_map(|name| name.as_string()) {
        if taken.contains(&name.as_str()) || get(value, &name).is_undefined() {
            continue;
        }
        if !known.contains(&name.as_str()) {
            return Err(unknown(place, &name, &[known, taken].concat()));
        }
        names.push(name);
    }
    Ok(names)
}

fn unknown(place: &Place<'_>, name: &str, known: &[&str]) -> Finding {
    let whole = place.whole();
    // It begins no sentence here.
    let whole = if place.is_part {
        whole
    } else {
        whole.to_ascii_lowercase()
    };
    let (field, message) = if is_name(name) {
        let message = format!("There is no `{name}` in {whole}{}", instead_of(name, known));
        (place.child(name), message)
    } else {
        let known = known.join(", ");
        let message = format!("There is a name in {whole} that is not one; it knows {known}.");
        (place.name.to_owned(), message)
    };
    Finding::argument(FindingCode::UnknownOption, field, message)
}
