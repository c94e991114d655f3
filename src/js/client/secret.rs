//! Secrets and token stores that the caller wrote as functions.

use std::rc::Rc;

use client::{
    Error,
    auth::{Secret, StoredToken, TokenStore},
    platform::LocalFuture,
    store::StoreError,
};
use finding::FindingCode;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::{
    functions::{function, settle},
    store::{JsStore, failed},
};
use crate::convert::get;

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
        Box::pin(async move {
            let text = settle(answer).await.map_err(|reason| failed(reason).0)?.as_string();
            text.ok_or_else(|| "it returned no string".into())
        })
    })))
}

/// A token store of the caller's, in its deprecated form.
pub(super) struct JsTokenStore {
    store: JsValue,
    get: Function,
    set: Function,
}

impl JsTokenStore {
    /// Reads the store in `auth.tokenStore`, if there is one. The key is that of the token in a store of any keys.
    pub(super) fn of(auth: &JsValue, key: &str) -> Result<Option<Rc<dyn TokenStore>>, Error> {
        let store = get(auth, "tokenStore");
        if store.is_undefined() || store.is_null() {
            return Ok(None);
        }
        if let Some(store) = JsStore::of(&store) {
            let key = key.to_owned();
            return Ok(Some(Rc::new(StoredToken { store, key })));
        }
        let (Some(get), Some(set)) = (function(&store, "get"), function(&store, "set")) else {
            let message = "`auth.tokenStore` must have the methods `get`, `set`, `update` and `lock`.";
            return Err(Error::refused(FindingCode::InvalidAuth, "auth.tokenStore", message));
        };
        Ok(Some(Rc::new(Self { store, get, set })))
    }
}

impl TokenStore for JsTokenStore {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        let returned = self.get.call0(&self.store);
        Box::pin(async move { settle(returned).await.map(|token| token.as_string()).map_err(failed) })
    }

    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        let returned = self.set.call1(&self.store, &token.into());
        Box::pin(async move { settle(returned).await.map(drop).map_err(failed) })
    }
}
