//! What comes one after the other: pages, changes, settled orders.

use core::cell::RefCell;
use std::rc::Rc;

use client::{
    Error,
    lists::Pager,
    platform::LocalFuture,
    waiting::{Settled, Wait},
};
use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::{
    body,
    body::handed_out,
    dto::to_dto,
    functions::{Seen, on_poll},
    hub::Hub,
    run::run,
};
use crate::convert::set;

/// The next one in JavaScript; none at the end.
type Next = Result<Option<JsValue>, Error>;

/// Something that yields one thing after the other.
pub(super) trait Steps {
    /// Yields the next, and itself back to continue with. `seen` is called with what is looked at on the way.
    fn next(self: Box<Self>, seen: Seen) -> LocalFuture<(Box<dyn Steps>, Next)>;
}

/// The pages of a list, each with how it was answered.
pub(super) struct Pages {
    pub(super) pager: Pager,
    pub(super) hub: Rc<Hub>,
}

impl Steps for Pages {
    fn next(mut self: Box<Self>, _seen: Seen) -> LocalFuture<(Box<dyn Steps>, Next)> {
        Box::pin(async move {
            let page = self.pager.next().await;
            let next = page.map(|page| page.map(|page| self.hub.reply(&body::page(&page), &page.response)));
            (self as Box<dyn Steps>, next)
        })
    }
}

impl Steps for Wait {
    fn next(mut self: Box<Self>, seen: Seen) -> LocalFuture<(Box<dyn Steps>, Next)> {
        Box::pin(async move {
            let settled = Self::next(&mut self, &*seen).await;
            (
                self as Box<dyn Steps>,
                Ok(settled.map(|settled| settled_to_js(&settled))),
            )
        })
    }
}

fn settled_to_js(settled: &Settled) -> JsValue {
    let object = js_sys::Object::new().into();
    set(&object, "id", &JsValue::from_str(&settled.id));
    match &settled.result {
        Ok(order) => set(&object, "order", &handed_out(order)),
        Err(error) => set(&object, "error", &to_dto(error)),
    }
    object
}

/// Yields one thing after the other.
#[wasm_bindgen]
pub struct Cursor {
    steps: Rc<RefCell<Option<Box<dyn Steps>>>>,
    options: JsValue,
    hub: Rc<Hub>,
}

impl Cursor {
    pub(super) fn new(hub: &Rc<Hub>, steps: Box<dyn Steps>, options: JsValue) -> Self {
        Self {
            hub: Rc::clone(hub),
            steps: Rc::new(RefCell::new(Some(steps))),
            options,
        }
    }
}

#[wasm_bindgen]
impl Cursor {
    /// The next one; undefined at the end. To be called again only when it has settled.
    pub fn next(&self, done: Function) {
        // Taken out while they work, so that nothing is borrowed over an await; gone with an aborted call.
        let (place, taken) = (Rc::clone(&self.steps), self.steps.borrow_mut().take());
        let seen = on_poll(&self.options);
        run(&self.hub, &self.options, done, async move {
            let Some(steps) = taken else {
                return Ok(JsValue::UNDEFINED);
            };
            let (steps, next) = steps.next(seen).await;
            place.borrow_mut().replace(steps);
            next.map(|next| next.unwrap_or(JsValue::UNDEFINED))
                .map_err(|error| to_dto(&error))
        });
    }
}
