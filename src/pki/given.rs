//! Values as a caller gave them, and what they have to be. Read field by field: what a deserializer makes of as many fields
//! weighs several times as much.

use finding::{Finding, FindingCode};

/// A value as a caller gave it.
pub trait Given: Sized {
    /// Whether nothing was given.
    fn is_undefined(&self) -> bool;
    /// Whether it is null, which most fields take for nothing.
    fn is_null(&self) -> bool;
    /// Whether it is an object, which a list is not.
    fn is_object(&self) -> bool;
    /// The field of an object under this name; undefined if it has none.
    #[must_use]
    fn field(&self, name: &str) -> Self;
    /// Its items, if it is a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// It, if it is a string.
    fn text(&self) -> Option<String>;
    /// It, if it is true or false.
    fn flag(&self) -> Option<bool>;
    /// It, if it is a number.
    fn number(&self) -> Option<f64>;

    /// Whether there is nothing to read.
    fn is_absent(&self) -> bool {
        self.is_undefined() || self.is_null()
    }
}

/// That the value of a field, named by its place in the argument, is something else than it has to be.
#[must_use]
pub fn wrong(place: &str, expected: &str) -> Finding {
    Finding::argument(
        FindingCode::InvalidOption,
        place,
        format!("`{place}` must be {expected}."),
    )
}

/// An argument that has to be an object, and how a sentence calls it.
pub(crate) fn argument(value: &impl Given, what: &str) -> Result<(), Finding> {
    if value.is_object() {
        return Ok(());
    }
    let message = format!("{what} must be an object.");
    Err(Finding::argument(FindingCode::InvalidOption, what, message))
}

/// A part of an argument that may be absent, and otherwise has to be an object.
pub(crate) fn object<'a, V: Given>(value: &'a V, place: &str) -> Result<Option<&'a V>, Finding> {
    if value.is_absent() {
        return Ok(None);
    }
    if value.is_object() {
        return Ok(Some(value));
    }
    Err(wrong(place, "an object"))
}

/// A string that may be absent.
///
/// # Errors
/// It is something else.
pub fn text(value: &impl Given, place: &str) -> Result<Option<String>, Finding> {
    if value.is_absent() {
        return Ok(None);
    }
    value.text().ok_or_else(|| wrong(place, "a string")).map(Some)
}

/// A flag that may be absent.
///
/// # Errors
/// It is something else.
pub fn flag(value: &impl Given, place: &str) -> Result<Option<bool>, Finding> {
    if value.is_absent() {
        return Ok(None);
    }
    value.flag().ok_or_else(|| wrong(place, "true or false")).map(Some)
}

/// A list of strings. `expected` is what a value that is no list has to be.
///
/// # Errors
/// It is something else, or which of its items is.
pub fn texts(value: &impl Given, place: &str, expected: &str) -> Result<Vec<String>, Finding> {
    let items = value.items().ok_or_else(|| wrong(place, expected))?;
    let mut texts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let text = item.text();
        texts.push(text.ok_or_else(|| wrong(&format!("{place}[{index}]"), "a string"))?);
    }
    Ok(texts)
}

/// One of two names.
pub(crate) fn one_of(value: &impl Given, place: &str, names: [&'static str; 2]) -> Result<&'static str, Finding> {
    let text = value.text().unwrap_or_default();
    let [one, other] = names;
    let known = names.into_iter().find(|name| *name == text);
    known.ok_or_else(|| wrong(place, &format!("'{one}' or '{other}'")))
}
