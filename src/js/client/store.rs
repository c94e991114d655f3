//! A store of the caller's.

use core::time::Duration;
use std::{cell::RefCell, rc::Rc};

use client::{
    platform::LocalFuture,
    store::{Release, Replace, Store, StoreError},
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::functions::{function, settle};
use crate::convert::get;

/// The caller's `Store`, or what there is of one.
#[derive(Clone)]
pub(super) struct JsStore(JsValue);

impl JsStore {
    /// Reads a store; nothing where one of its methods is not there.
    pub(super) fn of(object: &JsValue) -> Option<Rc<dyn Store>> {
        Self::with(object, &["get", "set", "update", "lock"])
    }

    /// The same, where no other methods are used.
    pub(super) fn with(object: &JsValue, methods: &[&str]) -> Option<Rc<dyn Store>> {
        let has = |name: &&str| function(object, name).is_some();
        methods.iter().all(has).then(|| Rc::new(Self(object.clone())) as _)
    }

    fn ask(&self, method: &str, key: &str, more: &JsValue) -> Result<JsValue, JsValue> {
        match function(&self.0, method) {
            Some(method) => method.call2(&self.0, &JsValue::from_str(key), more),
            None => Err(JsValue::UNDEFINED),
        }
    }
}

impl Store for JsStore {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        let returned = self.ask("get", key, &JsValue::UNDEFINED);
        Box::pin(async move { text("get", &settle(returned).await.map_err(failed)?) })
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        let returned = self.ask("set", key, &value.into());
        Box::pin(async move { settle(returned).await.map(drop).map_err(failed) })
    }

    fn update(&self, key: &str, replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        let (store, key) = (self.clone(), key.to_owned());
        Box::pin(async move {
            let refused = Rc::new(RefCell::new(None));
            let asked = Rc::new(RefCell::new(replace));
            let (refusal, asking) = (Rc::clone(&refused), Rc::downgrade(&asked));
            let apply = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |value: JsValue| {
                // A store may come to it when nobody waits any more: then, as what is not ours, it stays as it is.
                let Some(replace) = asking.upgrade() else { return value };
                match text("update", &value) {
                    Ok(text) => (replace.borrow_mut())(text).into(),
                    Err(error) => {
                        refusal.replace(Some(error));
                        value
                    }
                }
            });
            // It lives as long as the store holds it: called after its end, it would break the instance.
            let returned = store.ask("update", &key, &apply.into_js_value());
            settle(returned).await.map_err(failed)?;
            drop(asked);
            refused.take().map_or(Ok(()), Err)
        })
    }

    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        let lease = JsValue::from_f64(lease.as_secs_f64() * 1000.0);
        let returned = self.ask("lock", key, &lease);
        let mut pending = PendingLock(Some(settle(returned)));
        Box::pin(async move {
            let lease = pending.answer().await.map_err(failed)?;
            if is_nothing(&lease) {
                return Ok(None);
            }
            let Some(release) = function(&lease, "release") else {
                return Err(odd("lock", "an object with a method `release`"));
            };
            let release: Release = Box::new(move || {
                let returned = release.call0(&lease);
                Box::pin(async move { settle(returned).await.map(drop).map_err(failed) })
            });
            Ok(Some(release))
        })
    }
}

/// A lock that was asked for. One that is granted after its caller has gone is released, or nobody had it until its lease ends.
struct PendingLock(Option<JsFuture>);

impl PendingLock {
    async fn answer(&mut self) -> Result<JsValue, JsValue> {
        let Some(asked) = self.0.as_mut() else {
            return Ok(JsValue::UNDEFINED);
        };
        let answer = asked.await;
        self.0 = None;
        answer
    }
}

impl Drop for PendingLock {
    fn drop(&mut self) {
        let Some(asked) = self.0.take() else { return };
        spawn_local(async move {
            let lease = asked.await.unwrap_or_default();
            if let Some(release) = function(&lease, "release") {
                // The lease ends by itself where this fails.
                drop(settle(release.call0(&lease)).await);
            }
        });
    }
}

/// A value of the store. To take one of another type for none would forget what was placed.
fn text(method: &str, value: &JsValue) -> Result<Option<String>, StoreError> {
    match value.as_string() {
        None if !is_nothing(value) => Err(odd(method, "the string that was set")),
        text => Ok(text),
    }
}

fn is_nothing(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

fn odd(method: &str, expected: &str) -> StoreError {
    StoreError(format!("`{method}` of the store must give {expected}, or undefined"))
}

/// What a store failed with, in its own words.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
pub(super) fn failed(reason: JsValue) -> StoreError {
    let words = get(&reason, "message").as_string().or_else(|| reason.as_string());
    StoreError(words.unwrap_or_else(|| "it failed without a reason".into()))
}
