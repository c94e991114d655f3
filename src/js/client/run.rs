//! Runs calls, each in its turn.

use core::future::Future;
use std::rc::Rc;

use client::platform::LocalFuture;
use futures_util::future::{Either, select};
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::{abort, dto::aborted, hub::Hub};

/// Runs a call that the caller may abort, and calls `done(failure, value)` once at its end.
///
/// Boxed, so that what runs calls is compiled once and not for each kind of call.
pub(super) fn run<'a>(
    hub: &Rc<Hub>,
    options: impl Into<Option<&'a JsValue>>,
    done: Function,
    call: impl Future<Output = Result<JsValue, JsValue>> + 'static,
) {
    run_boxed(Rc::clone(hub), options.into().cloned(), done, Box::pin(call));
}

fn run_boxed(hub: Rc<Hub>, options: Option<JsValue>, done: Function, call: LocalFuture<Result<JsValue, JsValue>>) {
    let turns = Rc::clone(&hub);
    let work = Box::pin(async move {
        let aborted_by_caller = core::pin::pin!(abort::aborted(hub, options));
        match select(aborted_by_caller, call).await {
            Either::Left(_) => Err(aborted()),
            Either::Right((result, _)) => result,
        }
    });
    let work = turns.in_turns(work, done.clone().into());
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
