//! Calls as promises.

use futures_util::future::{Either, select};
use js_sys::{Object, Promise};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::{
    abort,
    convert::{function, set, to_js},
    error::{aborted, to_dto},
};
use crate::client::{Error, events::ResponseInfo, platform::LocalFuture};

/// Runs a call that the caller may abort, as a promise.
///
/// Boxed, so that what turns futures into promises is compiled once and not for each kind of call.
pub(super) fn promise(options: JsValue, call: impl Future<Output = Result<JsValue, Error>> + 'static) -> Promise {
    run(options, Box::pin(call))
}

fn run(options: JsValue, call: LocalFuture<Result<JsValue, Error>>) -> Promise {
    future_to_promise(async move {
        let aborted_by_caller = core::pin::pin!(abort::aborted(options));
        match select(aborted_by_caller, call).await {
            Either::Left(_) => Err(aborted()),
            Either::Right((result, _)) => result.map_err(|error| to_dto(&error)),
        }
    })
}

/// A value, and how it was answered.
pub(super) fn answer(value: &JsValue, info: &ResponseInfo) -> JsValue {
    let answer = Object::new().into();
    set(&answer, "value", value);
    set(&answer, "info", &to_js(info));
    answer
}

/// The caller's `onPoll`. What it throws is its own affair.
pub(super) fn on_poll(options: &JsValue) -> impl Fn(&Value) + 'static {
    let listener = function(options, "onPoll");
    move |value: &Value| {
        if let Some(listener) = &listener {
            let _ = listener.call1(&JsValue::UNDEFINED, &to_js(value));
        }
    }
}
