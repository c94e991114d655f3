//! What the host does for the core. Each task has a number, by which the host says once what came of it; a task that is
//! dropped before is canceled, so that nothing of it is left on either side.

use core::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::rc::Rc;

use client::{events::ResponseInfo, platform::LocalFuture};
use slab::Slab;
use wasm_bindgen::prelude::*;

use crate::json::json_of;

#[wasm_bindgen]
extern "C" {
    /// The facade's host: `Host` in `pkg-template/src/wasm/exports.ts`. Nothing of it throws.
    #[derive(Clone)]
    pub type HostObject;
    #[wasm_bindgen(method, getter)]
    pub(super) fn fetch(this: &HostObject) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn memory(this: &HostObject) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(super) fn limits(this: &HostObject) -> js_sys::Map;
    #[wasm_bindgen(method, getter)]
    pub(super) fn service(this: &HostObject) -> Option<String>;
    /// Names the store in which the limit is kept, if it is in one.
    #[wasm_bindgen(method, getter)]
    pub(super) fn store(this: &HostObject) -> Option<String>;
    /// What makes the names of limits secret.
    #[wasm_bindgen(method)]
    pub(super) fn salt(this: &HostObject) -> String;
    #[wasm_bindgen(method)]
    fn reply(this: &HostObject, value: &JsValue, info: &str) -> JsValue;
    #[wasm_bindgen(method)]
    fn start(this: &HostObject, wake: &JsValue);
    #[wasm_bindgen(method)]
    pub(super) fn send(
        this: &HostObject,
        fetch: &JsValue,
        head: u32,
        body: u32,
        method: &str,
        url: &str,
        headers: &str,
        payload: Option<&str>,
        is_file: bool,
        limit: f64,
        done: &JsValue,
    );
    #[wasm_bindgen(method)]
    pub(super) fn sleep(this: &HostObject, id: u32, millis: f64);
    #[wasm_bindgen(method)]
    pub(super) fn listen(this: &HostObject, id: u32, signal: &JsValue);
    #[wasm_bindgen(method)]
    fn cancel(this: &HostObject, id: u32);
    #[wasm_bindgen(method)]
    fn now(this: &HostObject) -> f64;
    #[wasm_bindgen(method, js_name = wallClock)]
    pub(super) fn wall_clock(this: &HostObject) -> f64;
    #[wasm_bindgen(method)]
    fn emit(this: &HostObject, event: &str, payload: &JsValue, done: &JsValue);
}

/// What came of a task.
pub(super) struct News {
    /// How it ended.
    pub(super) outcome: u32,
    /// A status, or the kind of a body.
    pub(super) detail: u32,
    /// What was read, or why it failed.
    pub(super) value: JsValue,
}

impl News {
    /// The outcome of what went well.
    pub(super) const DONE: u32 = 0;
    /// The outcome of a body that is larger than it may be.
    pub(super) const TOO_LARGE: u32 = 2;
}

/// From one event of the host to the next wait.
#[derive(Clone, Copy, Default)]
struct Turn {
    now: Option<f64>,
}

#[derive(Default)]
struct Slot {
    news: Option<News>,
    waker: Option<Waker>,
}

/// The number under which the host says which events are heard.
const HEARD: u32 = u32::MAX;

/// The host with what it does for one client.
pub(super) struct Hub {
    pub(super) host: HostObject,
    slots: Rc<RefCell<Slab<Slot>>>,
    /// The events that somebody listens to, a bit for each.
    pub(super) heard: Rc<Cell<u32>>,
    /// The time of this turn, once somebody has asked for it.
    turn: Cell<Option<Turn>>,
    /// The `done` of the call whose turn it is: by it the facade knows the context of the caller.
    done: RefCell<JsValue>,
    /// Called by the host.
    _wake: Closure<dyn Fn(u32, u32, u32, JsValue)>,
}

impl Hub {
    pub(super) fn new(host: HostObject) -> Rc<Self> {
        let slots: Rc<RefCell<Slab<Slot>>> = Rc::default();
        let heard: Rc<Cell<u32>> = Rc::default();
        let (landing, hearing) = (Rc::clone(&slots), Rc::clone(&heard));
        let wake = Closure::new(move |id, outcome, detail, value| {
            if id == HEARD {
                hearing.set(detail);
                return;
            }
            let waker = landing.borrow_mut().get_mut(index(id)).and_then(|slot| {
                slot.news = Some(News { outcome, detail, value });
                slot.waker.take()
            });
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        host.start(wake.as_ref());
        Rc::new(Self {
            host,
            slots,
            heard,
            turn: Cell::default(),
            done: RefCell::default(),
            _wake: wake,
        })
    }

    /// The time in milliseconds: in one turn of a call the same, for a dozen places ask, and each would cross the boundary.
    pub(super) fn now(&self) -> f64 {
        match self.turn.get() {
            Some(Turn { now: Some(now) }) => now,
            turn => {
                let now = self.host.now();
                self.turn.set(turn.map(|_| Turn { now: Some(now) }));
                now
            }
        }
    }

    /// Tells of an event. Whoever listens may take their time.
    pub(super) fn emit(&self, event: &str, payload: &JsValue) {
        self.host.emit(event, payload, &self.done());
        self.turn.set(self.turn.get().map(|_| Turn::default()));
    }

    /// A value, and how it was answered.
    pub(super) fn reply(&self, value: &JsValue, info: &ResponseInfo) -> JsValue {
        self.host.reply(value, &json_of(info))
    }

    /// The `done` of the call whose turn it is; undefined in work that is nobody's.
    pub(super) fn done(&self) -> JsValue {
        self.done.borrow().clone()
    }

    /// Work that runs in turns, for the call with this `done`.
    pub(super) async fn in_turns<T>(self: Rc<Self>, mut work: LocalFuture<T>, mut done: JsValue) -> T {
        poll_fn(|context| {
            // One turn may run another's work: the outer one ends later.
            let outer = self.turn.replace(Some(Turn::default()));
            core::mem::swap(&mut *self.done.borrow_mut(), &mut done);
            let polled = work.as_mut().poll(context);
            core::mem::swap(&mut *self.done.borrow_mut(), &mut done);
            self.turn.set(outer.map(|_| Turn::default()));
            polled
        })
        .await
    }

    /// A new task, to be started at the host by its number.
    pub(super) fn task(self: &Rc<Self>) -> Task {
        let id = self.slots.borrow_mut().insert(Slot::default());
        Task {
            hub: Rc::clone(self),
            id: u32::try_from(id).unwrap_or(u32::MAX),
        }
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

/// Something that the host does: ready when the host has reported what came of it.
pub(super) struct Task {
    hub: Rc<Hub>,
    pub(super) id: u32,
}

impl Future for Task {
    type Output = News;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<News> {
        let mut slots = self.hub.slots.borrow_mut();
        let Some(slot) = slots.get_mut(index(self.id)) else {
            return Poll::Pending;
        };
        if let Some(news) = slot.news.take() {
            // What has ended is not canceled.
            slots.remove(index(self.id));
            return Poll::Ready(news);
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let slot = self.hub.slots.borrow_mut().try_remove(index(self.id));
        if slot.is_some_and(|slot| slot.news.is_none()) {
            self.hub.host.cancel(self.id);
        }
    }
}
