//! What is given one after the other: pages, changes, settled orders.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::{
    convert::{IntoJs, set, to_js},
    error::to_dto,
    promise::{answer, on_poll, promise},
};
use crate::{
    api::model::Model,
    client::{
        Error,
        paging::{ListCall, Pager},
        platform::LocalFuture,
        waiting::{Settled, Waits, Watch},
    },
};

/// The next one in JavaScript; none at the end.
type Next = Result<Option<JsValue>, Error>;

/// Something that gives one thing after the other.
pub(super) trait Steps {
    /// Gives the next, and itself back to go on with. `seen` is told of what is looked at on the way.
    fn next(self: Box<Self>, seen: Box<dyn Fn(&Value)>) -> LocalFuture<(Box<dyn Steps>, Next)>;
}

impl<C: ListCall + 'static> Steps for Pager<C> {
    fn next(mut self: Box<Self>, _seen: Box<dyn Fn(&Value)>) -> LocalFuture<(Box<dyn Steps>, Next)> {
        Box::pin(async move {
            let page = Self::next(&mut self).await;
            (
                self as Box<dyn Steps>,
                page.map(|page| page.map(|reply| answer(&reply.value.into_js(), &reply.info))),
            )
        })
    }
}

impl Steps for Watch {
    fn next(mut self: Box<Self>, seen: Box<dyn Fn(&Value)>) -> LocalFuture<(Box<dyn Steps>, Next)> {
        Box::pin(async move {
            let order = Self::next(&mut self, &*seen).await;
            (self as Box<dyn Steps>, order.map(|order| order.map(Model::into_js)))
        })
    }
}

impl Steps for Waits {
    fn next(mut self: Box<Self>, seen: Box<dyn Fn(&Value)>) -> LocalFuture<(Box<dyn Steps>, Next)> {
        Box::pin(async move {
            let settled = Self::next(&mut self, &*seen).await;
            (
                self as Box<dyn Steps>,
                settled.map(|settled| settled.map(settled_to_js)),
            )
        })
    }
}

fn settled_to_js(settled: Settled) -> JsValue {
    let object = to_js(&json!({ "id": settled.id }));
    match settled.result {
        Ok(order) => set(&object, "order", &order.into_js()),
        Err(error) => set(&object, "error", &to_dto(&error)),
    }
    object
}

/// Gives one thing after the other.
#[wasm_bindgen]
pub struct Cursor {
    steps: Rc<RefCell<Option<Box<dyn Steps>>>>,
    options: JsValue,
}

impl Cursor {
    pub(super) fn new(steps: Box<dyn Steps>, options: JsValue) -> Self {
        Self {
            steps: Rc::new(RefCell::new(Some(steps))),
            options,
        }
    }
}

#[wasm_bindgen]
impl Cursor {
    /// The next one; undefined at the end. To be called again only when it has settled.
    pub fn next(&self) -> Promise {
        // Taken out while they work, so that nothing is borrowed over an await; gone with an aborted call.
        let (place, taken) = (Rc::clone(&self.steps), self.steps.borrow_mut().take());
        let seen = Box::new(on_poll(&self.options));
        promise(self.options.clone(), async move {
            let Some(steps) = taken else {
                return Ok(JsValue::UNDEFINED);
            };
            let (steps, next) = steps.next(seen).await;
            place.borrow_mut().replace(steps);
            next.map(|next| next.unwrap_or(JsValue::UNDEFINED))
        })
    }
}
