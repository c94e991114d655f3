//! A log of sends that the caller keeps for several processes.

use client::{
    limiter::{Admission, LogStore, StoreError},
    platform::LocalFuture,
};
use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::{plain::from_js, store::failed};
use crate::convert::{function, set, settle, to_js};

/// The caller's `RateLimitStore`, the deprecated form of a store for logs alone.
pub(super) struct JsLogStore(JsValue);

impl JsLogStore {
    pub(super) const fn new(store: JsValue) -> Self {
        Self(store)
    }
}

impl LogStore for JsLogStore {
    fn update(
        &self,
        key: &str,
        mut change: Box<dyn FnMut(Vec<u64>) -> (Vec<u64>, Admission)>,
    ) -> LocalFuture<Result<Admission, StoreError>> {
        let (store, key) = (self.0.clone(), JsValue::from_str(key));
        Box::pin(async move {
            let Some(update) = function(&store, "update") else {
                return Err(StoreError("the store has no method `update`".into()));
            };
            let apply = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |log: JsValue| {
                let log: Value = from_js("log", &log).unwrap_or_default();
                let log: Option<Vec<u64>> = log.as_array().and_then(|log| log.iter().map(Value::as_u64).collect());
                let log = log.unwrap_or_default();
                let (log, admission) = change(log);
                let changed = js_sys::Object::new().into();
                set(&changed, "log", &to_js(&log));
                set(&changed, "value", &to_js(&admission));
                changed
            });
            let callback: &Function = apply.as_ref().unchecked_ref();
            let value = settle(update.call2(&store, &key, callback)).await.map_err(failed)?;
            let value: Value = from_js("the store's value", &value).map_err(|error| StoreError(error.message))?;
            admission(&value).ok_or_else(|| StoreError("the store's value is not the one that it was given".into()))
        })
    }
}

fn admission(value: &Value) -> Option<Admission> {
    let at = value.get("at")?.as_u64()?;
    match value.get("kind")?.as_str()? {
        "granted" => Some(Admission::Granted(at)),
        "denied" => Some(Admission::Denied(at)),
        _ => None,
    }
}
