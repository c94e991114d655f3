//! The facade's host as the client knows it: its platform, its listener, and a memory that outlives a broken core.

use core::time::Duration;
use std::rc::Rc;

use client::{
    events::{Event, EventKind, Listener},
    platform::{HttpRequest, HttpResponse, Instant, KeptToken, LocalFuture, LogMemory, Memory, Platform, SendError},
};
use js_sys::{Array, Math, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::{
    fetch,
    hub::{HostObject, Hub},
    timer,
};
use crate::convert::{get, set, to_js};

/// The memory of a limiter that clients of this process share.
pub(super) fn shared_log(host: &HostObject, name: &str) -> Rc<dyn LogMemory> {
    let (limits, name) = (host.limits(), JsValue::from_str(name));
    let known = limits.get(&name);
    if known.is_object() {
        return Rc::new(JsLog::of(known, Some((limits, name))));
    }
    let log = JsLog::empty();
    limits.set(&name, &log);
    Rc::new(JsLog::of(log, Some((limits, name))))
}

/// Events, handed to those who listen. What a listener throws is an uncaught error, and never a call's.
pub(super) struct JsListener(pub(super) Rc<Hub>);

/// The bit of the event `change`, after those of the other events (`heard` in the facade's `host/host.ts`).
const CHANGE: u32 = 8;

impl JsListener {
    fn hears_bit(&self, bit: u32) -> bool {
        self.0.heard.get() & (1 << bit) != 0
    }

    /// Something about the rate limit changed.
    pub(super) fn changed(&self) {
        if self.hears_bit(CHANGE) {
            self.0.emit("change", &JsValue::UNDEFINED);
        }
    }
}

impl Listener for JsListener {
    fn hears(&self, kind: EventKind) -> bool {
        self.hears_bit(match kind {
            EventKind::Request => 0,
            EventKind::Response => 1,
            EventKind::Retry => 2,
            EventKind::Throttled => 3,
            EventKind::Token => 4,
            EventKind::Warning => 5,
            EventKind::Store => 6,
            EventKind::Session => 7,
        })
    }

    fn tell(&self, kind: EventKind, event: Event) {
        self.0.emit(kind.name(), &to_js(&event));
    }
}

/// The host, and `Math.random`, which is good enough for jitter.
pub(super) struct JsPlatform {
    pub(super) hub: Rc<Hub>,
    pub(super) fetch: JsValue,
}

impl Platform for JsPlatform {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, SendError>> {
        Box::pin(fetch::send(Rc::clone(&self.hub), self.fetch.clone(), request))
    }

    fn sleep(&self, span: Duration) -> LocalFuture<()> {
        Box::pin(timer::sleep(Rc::clone(&self.hub), span))
    }

    fn spawn(&self, task: LocalFuture<()>) {
        wasm_bindgen_futures::spawn_local(Rc::clone(&self.hub).in_turns(task, JsValue::UNDEFINED));
    }

    fn now(&self) -> Instant {
        Instant::from_origin(span(self.hub.now()))
    }

    fn wall_clock(&self) -> u64 {
        whole(self.hub.host.wall_clock())
    }

    fn random(&self) -> f64 {
        Math::random()
    }
}

fn span(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or_default()
}

fn millis(span: Duration) -> JsValue {
    JsValue::from_f64(span.as_secs_f64() * 1000.0)
}

/// The plain object that outlives the core; `close()` empties it.
pub(super) struct JsMemory(pub(super) JsValue);

impl JsMemory {
    /// The memory of a limiter that is this client's alone.
    pub(super) fn own_log(&self) -> Rc<dyn LogMemory> {
        let known = get(&self.0, "log");
        if known.is_object() {
            return Rc::new(JsLog::of(known, None));
        }
        let log = JsLog::empty();
        set(&self.0, "log", &log);
        Rc::new(JsLog::of(log, None))
    }
}

impl Memory for JsMemory {
    fn token(&self) -> Option<KeptToken> {
        let kept = get(&self.0, "token");
        Some(KeptToken {
            api_key: get(&kept, "apiKey").as_string()?,
            token: get(&kept, "token").as_string()?,
            received: Instant::from_origin(span(get(&kept, "receivedMs").as_f64()?)),
            lifetime: span(get(&kept, "lifetimeMs").as_f64()?),
        })
    }

    fn keep_token(&self, token: Option<&KeptToken>) {
        let Some(token) = token else {
            let _ = Reflect::delete_property(self.0.unchecked_ref::<Object>(), &JsValue::from_str("token"));
            return;
        };
        let kept = JsValue::from(Object::new());
        set(&kept, "apiKey", &JsValue::from_str(&token.api_key));
        set(&kept, "token", &JsValue::from_str(&token.token));
        set(&kept, "receivedMs", &millis(token.received.since(Instant::default())));
        set(&kept, "lifetimeMs", &millis(token.lifetime));
        set(&self.0, "token", &kept);
    }
}

#[wasm_bindgen]
extern "C" {
    /// A limiter's log as an object: `{ settled: [nanoseconds], inFlight }`.
    #[derive(Clone)]
    type Log;
    #[wasm_bindgen(method, getter)]
    fn settled(this: &Log) -> Settled;
    #[wasm_bindgen(method, setter)]
    fn set_settled(this: &Log, settled: &Array);
    #[wasm_bindgen(method, getter, js_name = inFlight)]
    fn in_flight(this: &Log) -> f64;
    #[wasm_bindgen(method, setter, js_name = inFlight)]
    fn set_in_flight(this: &Log, count: f64);

    /// The list in it, which takes numbers as they are.
    type Settled;
    #[wasm_bindgen(method)]
    fn push(this: &Settled, at: f64);
    #[wasm_bindgen(method)]
    fn splice(this: &Settled, start: f64, count: f64);
}

struct JsLog {
    log: Log,
    settled: Settled,
    /// The map that it is in, and its name there.
    place: Option<(js_sys::Map, JsValue)>,
}

impl JsLog {
    fn of(log: JsValue, place: Option<(js_sys::Map, JsValue)>) -> Self {
        let log: Log = log.unchecked_into();
        let settled = log.settled();
        Self { log, settled, place }
    }

    fn empty() -> JsValue {
        let log: Log = Object::new().unchecked_into();
        log.set_settled(&Array::new());
        log.set_in_flight(0.0);
        log.into()
    }
}

impl LogMemory for JsLog {
    fn restore(&self) -> (Vec<u64>, u64) {
        let settled = self
            .settled
            .unchecked_ref::<Array>()
            .iter()
            .map(|at| whole(at.as_f64().unwrap_or_default()));
        (settled.collect(), whole(self.log.in_flight()))
    }

    fn keep_in_flight(&self, count: u64) {
        self.log.set_in_flight(number(count));
    }

    fn keep_settled(&self, at: u64) {
        self.settled.push(number(at));
    }

    fn forget(&self, count: usize) {
        if count > 0 {
            self.settled
                .splice(0.0, number(u64::try_from(count).unwrap_or(u64::MAX)));
        }
    }

    fn discard(&self) {
        if let Some((limits, name)) = &self.place {
            limits.delete(name);
        }
    }
}

/// A count, or nanoseconds of a clock that started with the process: whole in a double for a hundred days, and near enough
/// after.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(super) fn number(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such casts saturate"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
