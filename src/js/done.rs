//! What takes time: it runs by itself, and calls `done(failure, value)` once at its end.

use core::{future::Future, pin::Pin};

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// Runs work, and calls `done` with how it ended.
///
/// Boxed, so that what runs futures is compiled once and not for each kind of work.
pub(crate) fn run(done: Function, work: impl Future<Output = Result<JsValue, JsValue>> + 'static) {
    run_boxed(done, Box::pin(work));
}

fn run_boxed(done: Function, work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) {
    spawn_local(async move {
        let none = JsValue::UNDEFINED;
        let returned = match work.await {
            Ok(value) => done.call2(&none, &none, &value),
            Err(failure) => done.call2(&none, &failure, &none),
        };
        // The facade's `done` settles a promise, and does not throw.
        drop(returned);
    });
}
