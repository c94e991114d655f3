//! Replies as JavaScript parsed them: looked at where something is decided, and handed out as they are.

use std::{any::Any, borrow::Cow, cell::Cell, rc::Rc};

use api::{Body, BodyRef, json, reply::BodyKind};
use client::lists::Page;
use js_sys::{Array, JSON, JsString, Object, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::convert::{get, set, to_js};

/// As much of a text as is looked at: an error keeps its beginning.
const MOST_TEXT: u32 = 1 << 16;

/// What the host numbers: `host/kind.ts` of the facade.
const KINDS: [BodyKind; 9] = [
    BodyKind::Empty,
    BodyKind::Text,
    BodyKind::Bytes,
    BodyKind::Null,
    BodyKind::Boolean,
    BodyKind::Number,
    BodyKind::String,
    BodyKind::List,
    BodyKind::Object,
];

#[wasm_bindgen]
extern "C" {
    /// An object of JSON. One that a mock made may have a getter that throws.
    type Resource;
    #[wasm_bindgen(method, getter, catch)]
    fn id(this: &Resource) -> Result<JsValue, JsValue>;
}

/// A body, or a value in it.
#[derive(Clone)]
pub(super) enum JsBody {
    /// There is none.
    Empty,
    /// Text that is not JSON.
    Text(JsValue),
    /// The bytes of a file.
    Bytes(JsValue),
    /// JSON, and what kind of it.
    Json(JsValue, BodyKind),
}

impl JsBody {
    /// What the host made of a reply: its kind by the number in `KINDS`, and the value.
    pub(super) fn of(kind: u32, value: JsValue) -> Self {
        let kind = usize::try_from(kind).ok().and_then(|kind| KINDS.get(kind));
        match kind.copied().unwrap_or(BodyKind::Empty) {
            BodyKind::Empty => Self::Empty,
            BodyKind::Text => Self::Text(value),
            BodyKind::Bytes => Self::Bytes(value),
            kind => Self::Json(value, kind),
        }
    }

    /// A value of JSON.
    pub(super) fn json_of(value: JsValue) -> Self {
        let kind = if value.is_null() || value.is_undefined() {
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
        };
        Self::Json(value, kind)
    }

    fn json(&self) -> JsValue {
        match self {
            Self::Json(value, _) => value.clone(),
            _ => JsValue::UNDEFINED,
        }
    }
}

impl Body for JsBody {
    fn kind(&self) -> BodyKind {
        match self {
            Self::Empty => BodyKind::Empty,
            Self::Text(_) => BodyKind::Text,
            Self::Bytes(_) => BodyKind::Bytes,
            Self::Json(_, kind) => *kind,
        }
    }

    fn field(&self, name: &str) -> Option<BodyRef> {
        let field = get(&self.json(), name);
        (!field.is_undefined()).then(|| Rc::new(Self::json_of(field)) as BodyRef)
    }

    fn has_id(&self) -> bool {
        // Not by its name as a text, which would be made again for each reply.
        let id = match self {
            Self::Json(value, BodyKind::Object) => value.unchecked_ref::<Resource>().id(),
            _ => return false,
        };
        id.is_ok_and(|id| id.is_truthy())
    }

    fn count(&self) -> usize {
        let length = self.json().dyn_ref::<Array>().map_or(0, Array::length);
        usize::try_from(length).unwrap_or_default()
    }

    fn item(&self, at: usize) -> Option<BodyRef> {
        let item = self.json().dyn_ref::<Array>()?.get(u32::try_from(at).ok()?);
        Some(Rc::new(Self::json_of(item)))
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
            Self::Json(value, _) => written(JSON::stringify(value)),
        }
    }

    fn redacted(&self, redact: &dyn Fn(&str) -> Option<String>) -> Option<BodyRef> {
        match self {
            Self::Empty | Self::Bytes(_) => None,
            Self::Text(text) => {
                let redacted = redact(&text.as_string().unwrap_or_default())?;
                Some(Rc::new(Self::Text(JsValue::from_str(&redacted))))
            }
            Self::Json(value, _) => redacted_json(value, redact),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn value(&self, names: &[&'static str]) -> Cow<'_, Value> {
        // What `JSON.parse` made is written again but where it is nested too deeply.
        let text = if names.is_empty() {
            JSON::stringify(&self.json())
        } else {
            // Each text that is handed over by itself costs more than to take them apart there.
            JSON::stringify_with_replacer(&self.json(), &JsString::from(names.join(",")).split(","))
        };
        // Escapes of half a pair are all that `JSON.stringify` writes and no text of Rust can hold.
        Cow::Owned(json::read_lossy(&written(text)).unwrap_or_default())
    }
}

/// What `JSON.stringify` wrote: nothing of a function or a symbol, which only a mock makes of a body.
fn written(text: Result<JsString, JsValue>) -> String {
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
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
        if value.as_f64().is_some() {
            return redacted(&written(JSON::stringify(&value))).unwrap_or(value);
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
    Some(Rc::new(copy.map_or(JsBody::Empty, JsBody::json_of)))
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
        Some(JsBody::Text(value) | JsBody::Bytes(value) | JsBody::Json(value, _)) => value.clone(),
        Some(JsBody::Empty) | None => JsValue::UNDEFINED,
    }
}

/// A page as callers know it: `content` and `page`, beside whatever else the service sent. It is the very reply where that
/// has this form and nothing in it was on an earlier page.
pub(super) fn page(page: &Page) -> JsValue {
    let sent = handed_out(&page.body);
    if page.is_whole() {
        return sent;
    }
    let counts = get(&sent, "page");
    let content = match page.content() {
        Some(content) if page.repeated().is_empty() => handed_out(content),
        Some(_) => page.items().map(|item| handed_out(&item)).collect::<Array>().into(),
        None => Array::new().into(),
    };
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
            let ours = JsBody::json_of(JSON::parse(&text).unwrap());
            assert_eq!(ours.kind(), native.kind(), "{name}");
            assert_eq!(ours.count(), native.count(), "{name}");
            assert_eq!(ours.id(), native.id(), "{name}");
            assert_eq!(ours.has_id(), native.has_id(), "{name}");
            assert_eq!(ours.ids(), native.ids(), "{name}");
            assert_eq!(ours.order(), native.order(), "{name}");
            assert_eq!(ours.organization(), native.organization(), "{name}");
            assert_eq!(ours.contact(), native.contact(), "{name}");
            assert_eq!(ours.page(), native.page(), "{name}");
            assert_eq!(ours.error(), native.error(), "{name}");
            assert_eq!(ours.token().token(), native.token().token(), "{name}");
            let content = |body: &dyn Body| body.field("content").map(|content| content.count());
            assert_eq!(content(&ours), content(&native), "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn a_body_that_is_not_json_breaks_nothing() {
        let lacks_json = js_sys::eval("({ toJSON() {} })").unwrap();
        for value in [
            js_sys::eval("() => 1").unwrap(),
            JsValue::symbol(None),
            JsValue::bigint_from_str("5"),
            lacks_json,
        ] {
            let body = JsBody::json_of(value);
            assert_eq!((body.text(), body.id().id, body.count()), (String::new(), None, 0));
            assert!(body.redacted(&|_| None).is_none_or(|body| body.text().is_empty()));
        }
    }

    #[wasm_bindgen_test]
    fn half_a_surrogate_pair_hides_no_fact_beside_it() {
        let text = r#"{"id":"\\\ud83d\\\\ud83d","status":"\ud83d\ude00\uDE00","cert":{"commonName":"\udfff.example"}}"#;
        let order = JsBody::json_of(JSON::parse(text).unwrap()).order();
        assert_eq!(order.id.as_deref(), Some("\\\u{fffd}\\\\ud83d"));
        assert_eq!(order.status_text(), Some("😀\u{fffd}"));
        assert_eq!(order.cert.unwrap().common_name.as_deref(), Some("\u{fffd}.example"));
    }

    #[wasm_bindgen_test]
    fn a_body_is_redacted_wherever_a_secret_is_and_is_the_same_where_none_is() {
        let redact = |text: &str| text.contains("secret").then(|| text.replace("secret", "***"));
        let body = |text: &str| JsBody::json_of(JSON::parse(text).unwrap());
        let redacted = body(r#"{"a secret":[1,{"b":"the secret"}],"c":"\ud800"}"#).redacted(&redact);
        let expected = r#"{"a ***":[1,{"b":"the ***"}],"c":"\ud800"}"#;
        assert_eq!(redacted.unwrap().text(), expected);
        assert!(body(r#"{"a":["b",null,1.5]}"#).redacted(&redact).is_none());
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let withheld = body(&deep).redacted(&redact);
        assert!(withheld.is_none_or(|body| body.kind() == BodyKind::Empty));
    }
}
