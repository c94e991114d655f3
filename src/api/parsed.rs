//! Bodies parsed by `serde_json`: those of native programs, tests among them.

use std::{any::Any, borrow::Cow, ops::Deref, rc::Rc};

use serde_json::Value;

use super::reply::{Body, BodyKind, BodyRef, Form};

/// A body as `serde_json` holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// There is none.
    Empty,
    /// Text that is not JSON.
    Text(String),
    /// The bytes of a file.
    Bytes(Vec<u8>),
    /// JSON.
    Json(Json),
}

/// JSON, or a value in it: what is looked at is not copied.
#[derive(Clone, Debug)]
pub struct Json {
    root: Rc<Value>,
    path: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Field(String),
    Item(usize),
}

impl Json {
    fn within(&self, step: Step) -> BodyRef {
        let path = self.path.iter().cloned().chain([step]).collect();
        let root = Rc::clone(&self.root);
        Rc::new(Parsed::Json(Self { root, path }))
    }
}

impl Deref for Json {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.path.iter().fold(&self.root, |value, step| match step {
            Step::Field(name) => &value[name],
            Step::Item(at) => &value[*at],
        })
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Parsed {
    /// Parses the bytes of a reply to a call that replies in this form.
    #[must_use]
    pub fn of(bytes: &[u8], form: Form) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if form == Form::File {
            return Self::Bytes(bytes.to_vec());
        }
        let text = String::from_utf8_lossy(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes));
        if text.trim().is_empty() {
            return Self::Empty;
        }
        serde_json::from_str::<Value>(&text).map_or_else(|_| Self::Text(text.into_owned()), Self::from)
    }

    fn json(&self) -> &Value {
        match self {
            Self::Json(value) => value,
            _ => &Value::Null,
        }
    }
}

impl From<Value> for Parsed {
    fn from(value: Value) -> Self {
        Self::Json(Json {
            root: Rc::new(value),
            path: Vec::new(),
        })
    }
}

impl Body for Parsed {
    fn kind(&self) -> BodyKind {
        match self {
            Self::Empty => BodyKind::Empty,
            Self::Text(_) => BodyKind::Text,
            Self::Bytes(_) => BodyKind::Bytes,
            Self::Json(value) => match **value {
                Value::Null => BodyKind::Null,
                Value::Bool(_) => BodyKind::Boolean,
                Value::Number(_) => BodyKind::Number,
                Value::String(_) => BodyKind::String,
                Value::Array(_) => BodyKind::List,
                Value::Object(_) => BodyKind::Object,
            },
        }
    }

    fn field(&self, name: &str) -> Option<BodyRef> {
        let Self::Json(value) = self else { return None };
        value.get(name).map(|_| value.within(Step::Field(name.to_owned())))
    }

    fn count(&self) -> usize {
        self.json().as_array().map_or(0, Vec::len)
    }

    fn item(&self, at: usize) -> Option<BodyRef> {
        let Self::Json(value) = self else { return None };
        value.get(at).map(|_| value.within(Step::Item(at)))
    }

    fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Json(value) => value.to_string(),
        }
    }

    fn redacted(&self, redact: &dyn Fn(&str) -> Option<String>) -> Option<BodyRef> {
        let redacted = match self {
            Self::Empty | Self::Bytes(_) => return None,
            Self::Text(text) => Self::Text(redact(text)?),
            Self::Json(value) => redacted(value, redact)?.into(),
        };
        Some(Rc::new(redacted))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn value(&self, _names: &[&'static str]) -> Cow<'_, Value> {
        Cow::Borrowed(self.json())
    }
}

/// A copy without what `redact` changes; nothing where that is nothing.
fn redacted(value: &Value, redact: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    match value {
        Value::Null | Value::Bool(_) => None,
        Value::String(text) => redact(text).map(Value::String),
        Value::Number(number) => redact(&number.to_string()).map(Value::String),
        Value::Array(items) => {
            let changed: Vec<_> = items.iter().map(|item| redacted(item, redact)).collect();
            changed.iter().any(Option::is_some).then(|| {
                let pairs = items.iter().zip(changed);
                pairs
                    .map(|(item, changed)| changed.unwrap_or_else(|| item.clone()))
                    .collect()
            })
        }
        Value::Object(fields) => {
            let changed: Vec<_> = fields
                .iter()
                .map(|(name, field)| (redact(name), redacted(field, redact)))
                .collect();
            let any = changed.iter().any(|(name, field)| name.is_some() || field.is_some());
            any.then(|| {
                let pairs = fields.iter().zip(changed);
                pairs
                    .map(|((name, field), (new_name, new_field))| {
                        let name = new_name.unwrap_or_else(|| name.clone());
                        (name, new_field.unwrap_or_else(|| field.clone()))
                    })
                    .collect()
            })
        }
    }
}
