//! Secrets and token stores that the caller wrote as functions.

use std::rc::Rc;

use client::{
    Error,
    auth::{Secret, TokenStore},
    platform::LocalFuture,
};
use finding::FindingCode;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use crate::convert::{function, get, settle};

/// Reads a secret: a string, or a function that returns one.
pub(super) fn secret(auth: &JsValue, name: &str) -> Result<Secret, Error> {
    let value = get(auth, name);
    if let Some(text) = value.as_string() {
        return Ok(Secret::Text(text));
    }
    let Ok(ask) = value.dyn_into::<Function>() else {
        let field = format!("auth.{name}");
        let message = format!("`{field}` must be a string, or a function that returns one.");
        return Err(Error::refused(FindingCode::InvalidAuth, field, message));
    };
    Ok(Secret::Ask(Rc::new(move || {
        let answer = ask.call0(&JsValue::UNDEFINED);
        Box::pin(async move { settle(answer).await.ok()?.as_string() })
    })))
}

/// A token store of the caller's.
pub(super) struct JsTokenStore {
    store: JsValue,
    get: Function,
    set: Function,
}

impl JsTokenStore {
    /// Reads the store in `auth.tokenStore`, if there is one.
    pub(super) fn of(auth: &JsValue) -> Result<Option<Rc<dyn TokenStore>>, Error> {
        let store = get(auth, "tokenStore");
        if store.is_undefined() || store.is_null() {
            return Ok(None);
        }
        let (Some(get), Some(set)) = (function(&store, "get"), function(&store, "set")) else {
            let message = "`auth.tokenStore` must have the methods `get` and `set`.";
            return Err(Error::refused(FindingCode::InvalidAuth, "auth.tokenStore", message));
        };
        Ok(Some(Rc::new(Self { store, get, set })))
    }
}

impl TokenStore for JsTokenStore {
    fn get(&self) -> LocalFuture<Result<Option<String>, String>> {
        let returned = self.get.call0(&self.store);
        Box::pin(async move {
            settle(returned)
                .await
                .map(|token| token.as_string())
                .map_err(|_| "get failed".into())
        })
    }

    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), String>> {
        let returned = self.set.call1(&self.store, &token.into());
        Box::pin(async move { settle(returned).await.map(drop).map_err(|_| "set failed".into()) })
    }
}
