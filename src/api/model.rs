//! What the service sent, kept whole, with a typed view of the fields that are documented.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
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

impl<T: DeserializeOwned + Default> From<Value> for Model<T> {
    fn from(json: Value) -> Self {
        let view = T::deserialize(&json).unwrap_or_default();
        Self { json, view }
    }
}

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Model<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl<T: DeserializeOwned + Default> Reply for Model<T> {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        match json(body)? {
            object @ Value::Object(_) => Ok(object.into()),
            other => Err(Unreadable {
                message: format!("expected a JSON object, found {}", kind_of(&other)),
                path: Some("$".into()),
            }),
        }
    }
}

/// A bare list; one odd item does not lose the others.
impl<T: DeserializeOwned + Default> Reply for Vec<Model<T>> {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        match json(body)? {
            Value::Array(items) => Ok(items.into_iter().map(Model::from).collect()),
            other => Err(Unreadable {
                message: format!("expected a JSON list, found {}", kind_of(&other)),
                path: Some("$".into()),
            }),
        }
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

/// Reads a documented field; one that is null or of another type counts as absent, and stays in [`Model::json`].
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Value::deserialize(deserializer).map(|value| T::deserialize(value).ok())
}

/// Declares a typed view: every documented field is optional, and one of another type than documented is absent.
macro_rules! view {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(deserialize_with = "crate::api::model::lenient")]
                #[cfg_attr(feature = "wasm", tsify(optional))]
                pub $field: Option<$type>,
            )*
        }
    };
}

/// Declares an open enumeration: the known values, and any that the service adds later, passed through as it is.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$value_meta:meta])* $variant:ident = $wire:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        pub enum $name {
            $($(#[$value_meta])* #[serde(rename = $wire)] $variant,)*
            /// A value that this version does not know.
            #[serde(untagged)]
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

impl<'de> Deserialize<'de> for ProviderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            other => Err(serde::de::Error::custom(format!(
                "expected a number or text, found {}",
                kind_of(&other)
            ))),
        }
    }
}

impl core::fmt::Display for ProviderId {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(&self.0)
    }
}
