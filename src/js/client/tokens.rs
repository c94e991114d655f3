//! The token.

use client::{Client as Core, Error, TokenInfo, platform::Boxed};
use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::{JsClient, call_options, dto::out, host::number, millis, run::run};
use crate::convert::set;

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// Fetches a token with user name and password.
    pub fn authenticate(&self, options: &JsValue, done: Function) {
        self.fetch(options, done, |core| {
            Box::pin(async move { core.authenticate().await.map(|info| token_info(&info)) })
        });
    }

    /// Fetches a token for the one held.
    pub fn refresh(&self, options: &JsValue, done: Function) {
        self.fetch(options, done, |core| {
            Box::pin(async move { core.refresh().await.map(|info| token_info(&info)) })
        });
    }

    /// The token, fetched or renewed if that is needed.
    pub fn token(&self, options: &JsValue, done: Function) {
        self.fetch(options, done, |core| {
            Box::pin(async move { core.token().await.map(JsValue::from) })
        });
    }

    fn fetch(&self, options: &JsValue, done: Function, fetch: fn(&Core) -> Boxed<'_, Result<JsValue, Error>>) {
        let (core, settings) = (self.core(), call_options(options));
        run(&self.hub, options, done, async move {
            let fetched = async {
                let core = core?;
                core.in_time("Fetching the token", settings?, fetch(&core)).await
            };
            out(fetched.await)
        });
    }

    /// How much is left of the token.
    #[wasm_bindgen(js_name = tokenInfo)]
    pub fn token_info(&self) -> JsValue {
        self.open
            .borrow()
            .as_ref()
            .and_then(Core::token_info)
            .map_or(JsValue::UNDEFINED, |info| token_info(&info))
    }

    /// Forgets the token.
    #[wasm_bindgen(js_name = clearToken)]
    pub fn clear_token(&self) {
        if let Ok(core) = self.core() {
            core.clear_token();
        }
    }
}

fn token_info(info: &TokenInfo) -> JsValue {
    let object = Object::new().into();
    set(&object, "expiresAt", &JsValue::from_f64(number(info.expires_at)));
    set(&object, "remainingMs", &JsValue::from_f64(millis(info.remaining)));
    object
}
