//! The client's outside world in JavaScript.

use core::time::Duration;
use std::rc::Rc;

use js_sys::{Date, Function, Math};
use wasm_bindgen::prelude::*;

use super::{convert::get, fetch, timer};
use crate::client::{
    error::Error,
    platform::{HttpRequest, HttpResponse, Instant, LocalFuture, Platform, SendError},
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// `fetch`, `setTimeout`, `performance.now` and `Math.random`, which is good enough for jitter.
pub(super) struct JsPlatform {
    fetch: Rc<Function>,
}

impl JsPlatform {
    /// Takes the caller's `fetch`, or the global one.
    pub(super) fn of(options: &JsValue) -> Result<Self, Error> {
        let given = get(options, "fetch");
        let fetch = if given.is_undefined() {
            get(&js_sys::global(), "fetch")
        } else {
            given
        };
        let fetch = fetch.dyn_into().map_err(|_| {
            Error::refused(
                "no_fetch",
                "fetch",
                "There is no global `fetch` here, or the one given is no function: give `fetch`.",
            )
        })?;
        Ok(Self { fetch: Rc::new(fetch) })
    }
}

impl Platform for JsPlatform {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, SendError>> {
        Box::pin(fetch::send(Rc::clone(&self.fetch), request))
    }

    fn sleep(&self, span: Duration) -> LocalFuture<()> {
        Box::pin(timer::sleep(span))
    }

    fn spawn(&self, task: LocalFuture<()>) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn now(&self) -> Instant {
        Instant::from_origin(millis(performance_now()))
    }

    fn wall_clock(&self) -> u64 {
        u64::try_from(millis(Date::now()).as_millis()).unwrap_or_default()
    }

    fn random(&self) -> f64 {
        Math::random()
    }
}

/// A span given in milliseconds; none for what is none.
pub(super) fn millis(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or_default()
}
