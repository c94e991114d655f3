//! Replies as JavaScript parsed them: looked at where something is decided, and handed out as they are.

use std::{any::Any, cell::Cell, rc::Rc};

use api::{Body, BodyRef, reply::BodyKind};
use client::lists::Page;
use js_sys::{Array, JSON, JsString, Object, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::convert::{get, set, to_js};

/// As much of a text as is looked at: an error keeps its beginning.
const MOST_TEXT: u32 = 1 << 16;

/// A body, or a value in it.
#[derive(Clone)]
pub(super) enum JsBody {
    /// There is none.
    Empty,
    /// Text that is not JSON.
    Text(JsValue),
    /// The bytes of a file.
    Bytes(JsValue),
    /// JSON.
    Json(JsValue),
}

impl JsBody {
    /// What the host made of a reply.
    pub(super) fn of(read: &JsValue) -> Self {
        if read.is_instance_of::<Uint8Array>() {
            let bytes: &Uint8Array = read.unchecked_ref();
            return if bytes.length() == 0 {
                Self::Empty
            } else {
                Self::Bytes(read.clone())
            };
        }
        if !read.is_object() {
            return Self::Empty;
        }
        let text = get(read, "text");
        if text.is_string() {
            return Self::Text(text);
        }
        Self::Json(get(read, "json"))
    }

    fn json(&self) -> JsValue {
        match self {
            Self::Json(value) => value.clone(),
            _ => JsValue::UNDEFINED,
        }
    }
}

fn facts<T: DeserializeOwned>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}

impl Body for JsBody {
    fn kind(&self) -> BodyKind {
        match self {
            Self::Empty => BodyKind::Empty,
            Self::Text(_) => BodyKind::Text,
            Self::Bytes(_) => BodyKind::Bytes,
            Self::Json(value) => {
                if value.is_null() || value.is_undefined() {
                    BodyKind::Null
                } else if value.is_string() {
                    BodyKind::String
                } else if value.is_instance_of::<Array>() {
                    BodyKind::List
                } else if value.is_object() {
                    BodyKind::Object
                } else if value.as_bool().is_some() {
                    BodyKind::Boolean
                } else {
                    BodyKind::Number
                }
            }
        }
    }

    fn field(&self, name: &str) -> Option<BodyRef> {
        let field = get(&self.json(), name);
        (!field.is_undefined()).then(|| Rc::new(Self::Json(field)) as BodyRef)
    }

    fn count(&self) -> usize {
        let length = self.json().dyn_ref::<Array>().map_or(0, Array::length);
        usize::try_from(length).unwrap_or_default()
    }

    fn item(&self, at: usize) -> Option<BodyRef> {
        let item = self.json().dyn_ref::<Array>()?.get(u32::try_from(at).ok()?);
        Some(Rc::new(Self::Json(item)))
    }

    fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Bytes(bytes) => bytes
                .dyn_ref::<Uint8Array>()
                .map(|bytes| String::from_utf8_lossy(&bytes.slice(0, MOST_TEXT).to_vec()).into_owned())
                .unwrap_or_default(),
            Self::Text(text) => text
                .dyn_ref::<JsString>()
                .map(|text| String::from(text.slice(0, MOST_TEXT)))
                .unwrap_or_default(),
            Self::Json(value) => JSON::stringify(value).map(String::from).unwrap_or_default(),
        }
    }

    fn redacted(&self, redact: &dyn Fn(&str) -> Option<String>) -> Option<BodyRef> {
        match self {
            Self::Empty | Self::Bytes(_) => None,
            Self::Text(text) => {
                let redacted = redact(&text.as_string().unwrap_or_default())?;
                Some(Rc::new(Self::Text(JsValue::from_str(&redacted))))
            }
            Self::Json(value) => redacted_json(value, redact),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    api::facts!(|body| facts(body.json()));
}

/// `JSON.stringify` walks the value: it neither recurses in here nor changes a text that contains no secret.
fn redacted_json(value: &JsValue, redact: &dyn Fn(&str) -> Option<String>) -> Option<BodyRef> {
    let changed = Cell::new(false);
    let redacted = |text: &str| {
        let redacted = redact(text)?;
        changed.set(true);
        Some(JsValue::from_str(&redacted))
    };
    let mut replace = |_name: JsValue, value: JsValue| -> JsValue {
        if let Some(text) = value.as_string() {
            return redacted(&text).unwrap_or(value);
        }
        if let Some(number) = value.as_f64() {
            return redacted(&number.to_string()).unwrap_or(value);
        }
        if value.is_object() && !value.is_instance_of::<Array>() {
            return with_names(&value, &redacted).unwrap_or(value);
        }
        value
    };
    let text = ScopedReplacer::stringify(value, &mut replace);
    if text.is_ok() && !changed.get() {
        return None;
    }
    // One that is nested too deeply to be looked through is withheld.
    let copy = text.ok().and_then(|text| JSON::parse(&text).ok());
    Some(Rc::new(copy.map_or(JsBody::Empty, JsBody::Json)))
}

/// The same object with its names redacted; nothing where none is changed.
fn with_names(object: &JsValue, redacted: &dyn Fn(&str) -> Option<JsValue>) -> Option<JsValue> {
    let names = Reflect::own_keys(object).ok()?;
    let is_secret = |name: &JsValue| name.as_string().and_then(|name| redacted(&name));
    if !names.iter().any(|name| is_secret(&name).is_some()) {
        return None;
    }
    let copy = JsValue::from(Object::new());
    for name in names {
        let value = Reflect::get(object, &name).unwrap_or(JsValue::NULL);
        let _ = Reflect::set(&copy, &is_secret(&name).unwrap_or(name), &value);
    }
    Some(copy)
}

#[wasm_bindgen]
extern "C" {
    /// `JSON.stringify` with a function that is used during the call and not after it.
    #[wasm_bindgen(js_name = JSON)]
    type ScopedReplacer;
    #[wasm_bindgen(static_method_of = ScopedReplacer, js_class = JSON, catch)]
    fn stringify(value: &JsValue, replacer: &mut dyn FnMut(JsValue, JsValue) -> JsValue) -> Result<String, JsValue>;
}

/// What the service sent, as it is.
pub(super) fn handed_out(body: &BodyRef) -> JsValue {
    match body.as_any().downcast_ref::<JsBody>() {
        Some(JsBody::Text(value) | JsBody::Bytes(value) | JsBody::Json(value)) => value.clone(),
        Some(JsBody::Empty) | None => JsValue::UNDEFINED,
    }
}

/// A page as callers know it: `content` and `page`, beside whatever else the service sent. It is the very reply where that
/// has this form and nothing in it was on an earlier page.
pub(super) fn page(page: &Page) -> JsValue {
    let sent = handed_out(&page.body);
    let counts = get(&sent, "page");
    let is_whole = ["size", "totalElements", "totalPages", "number"]
        .iter()
        .all(|name| get(&counts, name).as_f64().is_some());
    let content = match page.content() {
        Some(content) if page.repeated().is_empty() => handed_out(content),
        Some(_) => page.items().map(|item| handed_out(&item)).collect::<Array>().into(),
        None => Array::new().into(),
    };
    if is_whole && js_sys::Object::is(&get(&sent, "content"), &content) {
        return sent;
    }
    let copy = Object::new();
    if !sent.is_instance_of::<Array>() && sent.is_object() {
        Object::assign(&copy, sent.unchecked_ref());
    }
    let completed: Object = to_js(&page.info).unchecked_into();
    if counts.is_object() {
        Object::assign(&completed, counts.unchecked_ref());
    }
    let copy = JsValue::from(copy);
    set(&copy, "content", &content);
    set(&copy, "page", &completed);
    copy
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use api::Parsed;
    use serde::Deserialize;
    use serde_json::Value;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[derive(Deserialize)]
    struct Row {
        name: String,
        body: Value,
    }

    /// Native tests read facts through `serde_json`, what ships reads them from JavaScript's values.
    #[wasm_bindgen_test]
    fn both_readers_of_facts_agree_on_every_body() {
        let table: Vec<Row> = serde_json::from_str(include_str!("../../../tests/bodies.json")).unwrap();
        assert!(!table.is_empty());
        for Row { name, body } in table {
            let text = body.to_string();
            let native = Parsed::from(body);
            let ours = JsBody::Json(JSON::parse(&text).unwrap());
            assert_eq!(ours.kind(), native.kind(), "{name}");
            assert_eq!(ours.count(), native.count(), "{name}");
            assert_eq!(ours.id(), native.id(), "{name}");
            assert_eq!(ours.order(), native.order(), "{name}");
            assert_eq!(ours.organization(), native.organization(), "{name}");
            assert_eq!(ours.page(), native.page(), "{name}");
            assert_eq!(ours.error(), native.error(), "{name}");
            assert_eq!(ours.token().token(), native.token().token(), "{name}");
            let content = |body: &dyn Body| body.field("content").map(|content| content.count());
            assert_eq!(content(&ours), content(&native), "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn a_body_is_redacted_wherever_a_secret_is_and_is_the_same_where_none_is() {
        let redact = |text: &str| text.contains("secret").then(|| text.replace("secret", "***"));
        let body = |text: &str| JsBody::Json(JSON::parse(text).unwrap());
        let redacted = body(r#"{"a secret":[1,{"b":"the secret"}],"c":"\ud800"}"#).redacted(&redact);
        let expected = r#"{"a ***":[1,{"b":"the ***"}],"c":"\ud800"}"#;
        assert_eq!(redacted.unwrap().text(), expected);
        assert!(body(r#"{"a":["b",null,1.5]}"#).redacted(&redact).is_none());
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let withheld = body(&deep).redacted(&redact);
        assert!(withheld.is_none_or(|body| body.kind() == BodyKind::Empty));
    }
}
