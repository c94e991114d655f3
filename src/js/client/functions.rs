//! Functions of the caller's, and what they return.

use api::BodyRef;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::body::handed_out;
use crate::convert::get;

/// Who is told of each look.
pub(super) type Seen = Box<dyn Fn(&BodyRef)>;

/// A property that is a function.
pub(crate) fn function(object: &JsValue, name: &str) -> Option<Function> {
    get(object, name).dyn_into().ok()
}

#[wasm_bindgen]
extern "C" {
    /// `Promise`, whose `resolve` may throw for a promise that lies about its constructor.
    #[wasm_bindgen(js_name = Promise)]
    type AnyPromise;
    #[wasm_bindgen(static_method_of = AnyPromise, js_class = Promise, js_name = resolve, catch)]
    fn resolve(value: &JsValue) -> Result<Promise, JsValue>;
}

/// Awaits what a function of JavaScript returned, be it a promise or not.
///
/// # Errors
/// What it threw, or what the promise was rejected with.
pub(crate) fn settle(returned: Result<JsValue, JsValue>) -> JsFuture {
    // No future of its own: it would be compiled into each that awaits it.
    let promise = returned.and_then(|value| AnyPromise::resolve(&value));
    JsFuture::from(promise.unwrap_or_else(|thrown| Promise::reject(&thrown)))
}

/// The caller's `onPoll`, which the facade keeps from throwing.
pub(super) fn on_poll(options: &JsValue) -> Seen {
    let listener = function(options, "onPoll");
    Box::new(move |value: &BodyRef| {
        if let Some(listener) = &listener {
            let _ = listener.call1(&JsValue::UNDEFINED, &handed_out(value));
        }
    })
}
