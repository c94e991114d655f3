//! Reading options: an object's own names are held against the struct's fields, errors carry the path and are worded for
//! people who write JavaScript.
//!
//! Leaves are read by `serde-wasm-bindgen`, which alone would pass over names that it does not know.

use core::{fmt, iter, ops, slice};

use finding::{
    Finding, FindingCode,
    nearest::{instead_of, is_name},
};
use js_sys::{Array, Reflect};
use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};
use wasm_bindgen::{JsCast, JsValue};

use crate::convert::get;

/// Which names an object may have beside those that are read.
#[derive(Clone, Copy)]
pub(crate) enum Names<'a> {
    /// None but these, which are read elsewhere: functions, signals, stores.
    Known(&'a [&'a str]),
    /// Any: it may be something of the service's, which has more than is looked at.
    Any,
}

/// Reads options, which may be absent. `what` is how a sentence calls the whole of them; the names in `taken` are read
/// elsewhere.
pub(crate) fn read<T: DeserializeOwned + Default>(what: &str, value: &JsValue, taken: &[&str]) -> Result<T, Finding> {
    if value.is_undefined() || value.is_null() {
        return Ok(T::default());
    }
    argument(what, value, Names::Known(taken))
}

/// Reads an argument that has to be there.
pub(crate) fn argument<T: DeserializeOwned>(what: &str, value: &JsValue, names: Names<'_>) -> Result<T, Finding> {
    read_as(what, String::new(), value, names)
}

/// Reads options that are a part of others, under this name.
pub(crate) fn read_at<T: DeserializeOwned + Default>(
    path: &str,
    value: &JsValue,
    taken: &[&str],
) -> Result<T, Finding> {
    if value.is_undefined() {
        return Ok(T::default());
    }
    read_as(path, path.to_owned(), value, Names::Known(taken))
}

fn read_as<T: DeserializeOwned>(what: &str, path: String, value: &JsValue, names: Names<'_>) -> Result<T, Finding> {
    let strict = Strict {
        value: value.clone(),
        path,
        what,
        names,
    };
    T::deserialize(strict.clone()).map_err(|error| *strict.placed(error).0)
}

#[derive(Clone)]
struct Strict<'a> {
    value: JsValue,
    /// Such as `rateLimit.limit`; empty at the root.
    path: String,
    what: &'a str,
    names: Names<'a>,
}

/// A finding in the making: without a field until it has passed the deserializer that knows the path. In a box, since it
/// is handed up through many levels.
#[derive(Debug)]
struct Error(Box<Finding>);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let mut finding = Finding::argument(FindingCode::InvalidOption, "", message.to_string());
        finding.field = None;
        Self(Box::new(finding))
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format!("must be {expected}"))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format!("must be {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let quoted: Vec<String> = expected.iter().map(|name| format!("'{name}'")).collect();
        Self::custom(format!("must be {}", quoted.join(" or ")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(Box::new(Finding::argument(
            FindingCode::Required,
            field,
            format!("`{field}` is missing."),
        )))
    }
}

impl Strict<'_> {
    fn child(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A value within this one.
    fn within(&self, path: String, value: JsValue) -> Self {
        let names = match self.names {
            Names::Known(_) => Names::Known(&[]),
            Names::Any => Names::Any,
        };
        Strict {
            value,
            path,
            what: self.what,
            names,
        }
    }

    /// Whether the value under this name is read elsewhere.
    fn is_taken(&self, name: &str) -> bool {
        matches!(self.names, Names::Known(taken) if taken.contains(&name))
    }

    /// Completes an error that arose at this value.
    fn placed(&self, mut error: Error) -> Error {
        if error.0.field.is_none() {
            let (field, name) = if self.path.is_empty() {
                (self.what.to_owned(), self.what.to_owned())
            } else {
                (self.path.clone(), format!("`{}`", self.path))
            };
            error.0.field = Some(field);
            error.0.message = format!("{name} {}.", error.0.message.trim_end_matches('.'));
        }
        error
    }

    /// An error about this value as a whole.
    fn placed_as(&self, code: FindingCode, message: String) -> Error {
        let field = if self.path.is_empty() { self.what } else { &self.path };
        Error(Box::new(Finding::argument(code, field, message)))
    }

    fn refuse<T>(&self, message: &str) -> Result<T, Error> {
        Err(self.placed(de::Error::custom(message)))
    }

    /// Refuses names that the struct does not have.
    fn check_names(&self, fields: &'static [&'static str]) -> Result<(), Error> {
        let Names::Known(taken) = self.names else {
            return Ok(());
        };
        let names = Reflect::own_keys(&self.value).unwrap_or_default();
        for name in names.iter().filter_map(|name| name.as_string()) {
            let known = fields.contains(&name.as_str()) || taken.contains(&name.as_str());
            if known || get(&self.value, &name).is_undefined() {
                continue;
            }
            let others = taken.iter().filter(|name| !fields.contains(name));
            let all: Vec<&str> = fields.iter().chain(others).copied().collect();
            let whole = if self.path.is_empty() {
                self.what.to_ascii_lowercase()
            } else {
                format!("`{}`", self.path)
            };
            if !is_name(&name) {
                let message = format!(
                    "There is a name in {whole} that is not one; it knows {}.",
                    all.join(", ")
                );
                return Err(self.placed_as(FindingCode::UnknownOption, message));
            }
            let message = format!("There is no `{name}` in {whole}{}", instead_of(&name, &all));
            let field = self.child(&name);
            let finding = Finding::argument(FindingCode::UnknownOption, field, message);
            return Err(Error(Box::new(finding)));
        }
        Ok(())
    }
}

impl<'de> Deserializer<'de> for Strict<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // The leaf's own error quotes the value, which may be a secret in the wrong place.
        let leaf = serde_wasm_bindgen::Deserializer::from(self.value.clone());
        leaf.deserialize_any(visitor)
            .or_else(|_| self.refuse("must be of another type"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_undefined() || self.value.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.as_bool() {
            Some(value) => visitor.visit_bool(value),
            None => self.refuse("must be true or false"),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.as_string() {
            Some(text) => visitor.visit_string(text),
            None => self.refuse("must be a string"),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is in range and whole"
        )]
        match self.value.as_f64() {
            Some(number) if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) => {
                visitor.visit_u32(number as u32)
            }
            _ => self.refuse("must be a whole number, at least 0"),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Some(items) = self.value.dyn_ref::<Array>().cloned() else {
            return self.refuse("must be a list");
        };
        visitor.visit_seq(Items {
            strict: &self,
            list: items,
            next: 0,
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value.as_string() {
            Some(name) => visitor
                .visit_enum(name.into_deserializer())
                .map_err(|error: Error| self.placed(error)),
            None => Err(self.placed(de::Error::unknown_variant("", variants))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if !self.value.is_object() || self.value.is_instance_of::<Array>() {
            return self.refuse("must be an object");
        }
        self.check_names(fields)?;
        visitor.visit_map(Fields {
            strict: &self,
            names: fields.iter().zip(0..),
            value: None,
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map
        identifier
    }
}

/// The fields of an object that are there, in the struct's order.
struct Fields<'a> {
    strict: &'a Strict<'a>,
    /// Each with its place: serde knows the fields of a struct by their places as well as by their names.
    names: iter::Zip<slice::Iter<'static, &'static str>, ops::RangeFrom<u64>>,
    value: Option<(&'static str, JsValue)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        for (name, place) in self.names.by_ref() {
            let value = get(&self.strict.value, name);
            if value.is_undefined() || self.strict.is_taken(name) {
                continue;
            }
            self.value = Some((name, value));
            return seed.deserialize(place.into_deserializer()).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let (name, value) = self.value.take().unwrap_or(("", JsValue::UNDEFINED));
        let child = self.strict.within(self.strict.child(name), value);
        // A type that complains in its own words does not know where it is.
        let place = child.clone();
        seed.deserialize(child).map_err(|error| place.placed(error))
    }
}

/// The items of a list.
struct Items<'a> {
    strict: &'a Strict<'a>,
    list: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        if self.next >= self.list.length() {
            return Ok(None);
        }
        let list = if self.strict.path.is_empty() {
            self.strict.what
        } else {
            &self.strict.path
        };
        let path = format!("{list}[{}]", self.next);
        let child = self.strict.within(path, self.list.get(self.next));
        self.next = self.next.saturating_add(1);
        seed.deserialize(child).map(Some)
    }
}
