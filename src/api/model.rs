//! What the service sent, kept whole, with a typed view of the fields that are documented.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::call::{Reply, Unreadable, json};

/// A value of the service: `json` is what was sent, unknown fields and odd values included; `view` is what this
/// package could read of it. Whoever receives a model is given the JSON, so that nothing gets lost on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model<T> {
    /// As it was sent.
    pub json: Value,
    /// The documented fields, those that are there and of the documented type.
    pub view: T,
}

impl<T: View + Default> From<Value> for Model<T> {
    fn from(json: Value) -> Self {
        let view = T::read(&json).unwrap_or_default();
        Self { json, view }
    }
}

impl<'de, T: View + Default> Deserialize<'de> for Model<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl<T: View + Default> Reply for Model<T> {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        match json(body)? {
            object @ Value::Object(_) => Ok(object.into()),
            other => Err(unexpected("a JSON object", &other)),
        }
    }
}

/// A bare list; one odd item does not lose the others.
impl<T: View + Default> Reply for Vec<Model<T>> {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        match json(body)? {
            Value::Array(items) => Ok(items.into_iter().map(Model::from).collect()),
            other => Err(unexpected("a JSON list", &other)),
        }
    }
}

fn unexpected(expected: &str, found: &Value) -> Unreadable {
    let message = format!("expected {expected}, found {}", kind_of(found));
    Unreadable {
        message,
        path: Some("$".into()),
    }
}

/// Reads what is documented out of what was sent: nothing, where it is null or of another type.
///
/// Not serde's derive: a model is read from JSON that is parsed already, in one lenient way, and this is a tenth of
/// the derive's size.
pub trait View: Sized {
    /// Reads a value.
    fn read(json: &Value) -> Option<Self>;
}

impl View for String {
    fn read(json: &Value) -> Option<Self> {
        json.as_str().map(Self::from)
    }
}

impl View for bool {
    fn read(json: &Value) -> Option<Self> {
        json.as_bool()
    }
}

impl View for f64 {
    fn read(json: &Value) -> Option<Self> {
        json.as_f64()
    }
}

impl View for Value {
    fn read(json: &Value) -> Option<Self> {
        (!json.is_null()).then(|| json.clone())
    }
}

/// An odd item is passed over, and does not lose the others.
impl<T: View> View for Vec<T> {
    fn read(json: &Value) -> Option<Self> {
        Some(json.as_array()?.iter().filter_map(T::read).collect())
    }
}

/// What a JSON value is, in a word that fits into a sentence.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Declares a typed view: every documented field, and its name on the wire.
macro_rules! view {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty = $wire:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[cfg_attr(feature = "wasm", tsify(optional), serde(rename = $wire))]
                pub $field: Option<$type>,
            )*
        }

        impl $crate::api::model::View for $name {
            fn read(json: &serde_json::Value) -> Option<Self> {
                let fields = json.as_object()?;
                Some(Self { $($field: fields.get($wire).and_then($crate::api::model::View::read),)* })
            }
        }
    };
}

/// Declares an open enumeration: the known values, and any that the service adds later, passed through as it is.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$value_meta:meta])* $variant:ident = $wire:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        pub enum $name {
            $($(#[$value_meta])* #[cfg_attr(feature = "wasm", serde(rename = $wire))] $variant,)*
            /// A value that this version does not know.
            #[cfg_attr(feature = "wasm", serde(untagged))]
            Other(#[cfg_attr(feature = "wasm", tsify(type = "string & {}"))] String),
        }

        impl $name {
            /// The value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                match value.as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(value),
                }
            }
        }

        impl $crate::api::model::View for $name {
            fn read(json: &serde_json::Value) -> Option<Self> {
                String::read(json).map(Self::from)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

pub(super) use {open_enum, view};

/// An id of the certificate authority: documented as a number, and read from text as well.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "number | string"))]
pub struct ProviderId(pub String);

impl View for ProviderId {
    fn read(json: &Value) -> Option<Self> {
        match json {
            Value::String(text) => Some(Self(text.clone())),
            Value::Number(number) => Some(Self(number.to_string())),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for ProviderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Self::read(&json)
            .ok_or_else(|| D::Error::custom(format!("expected a number or text, found {}", kind_of(&json))))
    }
}

impl core::fmt::Display for ProviderId {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(&self.0)
    }
}
