//! What the facade gives the core of the world: `fetch`, replies, listeners, and a memory that outlives a broken core.

use core::time::Duration;
use std::rc::Rc;

use client::{
    error::Error,
    events::{Event, EventKind, Listener},
    platform::{HttpRequest, HttpResponse, Instant, KeptToken, LocalFuture, LogMemory, Memory, Platform, SendError},
};
use finding::FindingCode;
use js_sys::{Array, Date, Function, Math, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::{fetch, timer};
use crate::convert::{function, get, set, to_js};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now, catch)]
    fn performance_now() -> Result<f64, JsValue>;
}

/// The host object of the facade.
#[derive(Clone)]
pub(super) struct Host {
    object: JsValue,
}

impl Host {
    pub(super) const fn new(object: JsValue) -> Self {
        Self { object }
    }

    /// A function of the host.
    ///
    /// # Errors
    /// `no_fetch` when it is not there: the facade always gives it, but for `fetch`.
    pub(super) fn function(&self, name: &str) -> Result<Function, Error> {
        function(&self.object, name).ok_or_else(|| {
            let message = format!("There is no `{name}` here, or the one given is not a function: give one.");
            Error::refused(FindingCode::NoFetch, name, message)
        })
    }

    /// What sets services apart that have the same address, such as several sandboxes.
    pub(super) fn service(&self) -> String {
        get(&self.object, "service").as_string().unwrap_or_default()
    }

    /// What of this client outlives the core.
    pub(super) fn memory(&self) -> JsMemory {
        JsMemory(get(&self.object, "memory"))
    }

    /// The memory of a limiter that clients of this process share.
    pub(super) fn shared_log(&self, name: &str) -> Rc<dyn LogMemory> {
        let limits: js_sys::Map = get(&self.object, "limits").unchecked_into();
        let name = JsValue::from_str(name);
        let known = limits.get(&name);
        if known.is_object() {
            return Rc::new(JsLog::of(known, Some((limits, name))));
        }
        let log = JsLog::empty();
        limits.set(&name, &log);
        Rc::new(JsLog::of(log, Some((limits, name))))
    }

    /// What makes the names of limits secret: the same in the whole process, whichever core it has.
    pub(super) fn salt(&self) -> String {
        let salt = function(&self.object, "salt").and_then(|salt| salt.call0(&JsValue::UNDEFINED).ok());
        salt.and_then(|salt| salt.as_string()).unwrap_or_default()
    }
}

/// Events, handed to whoever listens.
pub(super) struct JsListener {
    hears: Function,
    emit: Function,
}

impl JsListener {
    pub(super) fn of(host: &Host) -> Result<Self, Error> {
        Ok(Self {
            hears: host.function("hears")?,
            emit: host.function("emit")?,
        })
    }

    /// Something about the rate limit changed.
    pub(super) fn changed(&self) {
        self.emit("change", &JsValue::UNDEFINED);
    }

    /// What a listener throws is its own affair, and must not end a call.
    fn emit(&self, name: &str, payload: &JsValue) {
        let _ = self.emit.call2(&JsValue::UNDEFINED, &JsValue::from_str(name), payload);
    }
}

impl Listener for JsListener {
    fn hears(&self, kind: EventKind) -> bool {
        let heard = self.hears.call1(&JsValue::UNDEFINED, &JsValue::from_str(kind.name()));
        heard.is_ok_and(|heard| heard.is_truthy())
    }

    fn tell(&self, kind: EventKind, event: Event) {
        self.emit(kind.name(), &to_js(&event));
    }
}

/// `fetch`, `setTimeout`, `performance.now` and `Math.random`, which is good enough for jitter.
pub(super) struct JsPlatform {
    fetch: Rc<fetch::Fetch>,
}

impl JsPlatform {
    pub(super) fn of(host: &Host) -> Result<Self, Error> {
        Ok(Self {
            fetch: Rc::new(fetch::Fetch {
                send: host.function("fetch")?,
                head: host.function("head")?,
                body: host.function("body")?,
            }),
        })
    }

    /// The same, sending with another function.
    pub(super) fn sending_with(host: &Host, fetch: Function) -> Result<Self, Error> {
        let platform = Self::of(host)?;
        Ok(Self {
            fetch: Rc::new(fetch::Fetch {
                send: fetch,
                ..(*platform.fetch).clone()
            }),
        })
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
        Instant::from_origin(span(performance_now().unwrap_or_default()))
    }

    fn wall_clock(&self) -> u64 {
        u64::try_from(span(Date::now()).as_millis()).unwrap_or_default()
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
pub(super) struct JsMemory(JsValue);

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

/// A limiter's log as an object: `{ settled: [nanoseconds], inFlight }`.
struct JsLog {
    log: JsValue,
    /// The map that it is in, and its name there.
    place: Option<(js_sys::Map, JsValue)>,
}

impl JsLog {
    const fn of(log: JsValue, place: Option<(js_sys::Map, JsValue)>) -> Self {
        Self { log, place }
    }

    fn empty() -> JsValue {
        let log = JsValue::from(Object::new());
        set(&log, "settled", &Array::new());
        set(&log, "inFlight", &JsValue::from_f64(0.0));
        log
    }

    fn settled(&self) -> Option<Array> {
        get(&self.log, "settled").dyn_into().ok()
    }
}

impl LogMemory for JsLog {
    fn restore(&self) -> (Vec<u64>, u64) {
        let settled = self.settled().unwrap_or_default();
        let in_flight = whole(&get(&self.log, "inFlight"));
        (settled.iter().map(|at| whole(&at)).collect(), in_flight)
    }

    fn keep_in_flight(&self, count: u64) {
        set(&self.log, "inFlight", &number(count));
    }

    fn keep_settled(&self, at: u64) {
        if let Some(settled) = self.settled() {
            settled.push(&number(at));
        }
    }

    fn forget(&self, count: usize) {
        if let Some(settled) = self.settled().filter(|_| count > 0) {
            settled.splice(0, u32::try_from(count).unwrap_or(u32::MAX), &JsValue::UNDEFINED);
            // A splice that inserts nothing still inserts the undefined that it is given.
            settled.shift();
        }
    }

    fn discard(&self) {
        if let Some((limits, name)) = &self.place {
            limits.delete(name);
        }
    }
}

/// Nanoseconds of a clock that started with the process: whole in a double for a hundred days, and near enough after.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn number(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such casts saturate"
)]
fn whole(number: &JsValue) -> u64 {
    number.as_f64().unwrap_or_default() as u64
}
