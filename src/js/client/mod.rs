//! The client in JavaScript.
//!
//! Every method takes `&self`, and calls `done` at its end: an `async fn(&mut self)` would fail on a second call made
//! meanwhile, and `free()` would break a call in flight.

mod abort;
mod body;
mod call;
mod cursor;
mod dto;
mod endpoints;
mod fetch;
mod functions;
mod given;
mod host;
mod hub;
mod limit;
mod options;
mod orders;
mod plain;
mod run;
mod secret;
mod store;
mod timer;
mod tokens;
mod waiting;

use core::cell::RefCell;
use std::rc::{Rc, Weak};

use api::{Body as _, facts::OrderFacts};
use client::{
    Client as Core, Error,
    limiter::RateLimiter,
    options::{CallOptions, CallSettings, Settings},
    platform::Platform,
};
use finding::FindingCode;
use js_sys::Function;
use wasm_bindgen::prelude::*;

use self::{
    body::JsBody,
    dto::out,
    host::{JsListener, JsMemory, JsPlatform},
    hub::{HostObject, Hub},
};
use crate::convert::get;

/// The client until it is closed. JavaScript may keep what was closed for as long as it likes, and key and password shall not
/// stay with it.
type Open = RefCell<Option<Core>>;

/// A client of the service.
#[wasm_bindgen(js_name = Client)]
pub struct JsClient {
    open: Rc<Open>,
    /// All that share its token, this one too.
    family: Rc<RefCell<Vec<Weak<Open>>>>,
    limiter: RateLimiter,
    hub: Rc<Hub>,
    /// The limiter holds its listeners weakly.
    on_change: Rc<dyn Fn()>,
}

#[wasm_bindgen(js_class = Client)]
impl JsClient {
    /// Makes a client.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, host: HostObject) -> Result<Self, JsValue> {
        out(Self::make(options, Hub::new(host)))
    }

    fn make(given: &JsValue, hub: Rc<Hub>) -> Result<Self, Error> {
        let options = options::client_settings(given)?;
        let access = options::access(given, &options)?;
        let settings = Settings::default().with(&options);
        let platform: Rc<dyn Platform> = Rc::new(JsPlatform {
            hub: Rc::clone(&hub),
            fetch: hub.host.fetch(),
        });
        let limiter = options::rate_limiter(given, &hub.host, &platform, &access, &settings)?;
        let changes = JsListener(Rc::clone(&hub));
        let on_change: Rc<dyn Fn()> = Rc::new(move || changes.changed());
        limiter.on_change(&on_change);
        let listener = Box::new(JsListener(Rc::clone(&hub)));
        let memory = Rc::new(JsMemory(hub.host.memory()));
        let store = options::store(given)?;
        let service = hub.host.service().unwrap_or_default();
        let core = Core::new(platform, access, settings, limiter, listener, memory).with_store(store, &service);
        Ok(Self::member(core, Rc::default(), hub, on_change))
    }

    fn member(core: Core, family: Rc<RefCell<Vec<Weak<Open>>>>, hub: Rc<Hub>, on_change: Rc<dyn Fn()>) -> Self {
        let limiter = core.limiter().clone();
        let open = Rc::new(RefCell::new(Some(core)));
        let mut members = family.borrow_mut();
        members.retain(|member| member.strong_count() > 0);
        members.push(Rc::downgrade(&open));
        drop(members);
        Self {
            open,
            family,
            limiter,
            hub,
            on_change,
        }
    }

    fn core(&self) -> Result<Core, Error> {
        self.open.borrow().clone().ok_or_else(Error::closed)
    }

    /// A client with other settings that shares token, limit and listeners; perhaps with another `fetch`.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = withOptions)]
    pub fn with_options(&self, options: &JsValue, fetch: Option<Function>) -> Result<Self, JsValue> {
        out(self.derive(options, fetch))
    }

    fn derive(&self, given: &JsValue, fetch: Option<Function>) -> Result<Self, Error> {
        for name in ["auth", "certsBaseUrl", "authBaseUrl", "rateLimit", "store"] {
            if !get(given, name).is_undefined() {
                let message = format!(
                    "`{name}` cannot differ from the client's, for token and limit are shared: make a new CertsClient."
                );
                return Err(Error::refused(FindingCode::InvalidOption, name, message));
            }
        }
        let core = self.core()?;
        let settings = core.settings().with(&options::client_settings(given)?);
        let platform = fetch.map(|fetch| {
            let (hub, fetch) = (Rc::clone(&self.hub), fetch.into());
            Rc::new(JsPlatform { hub, fetch }) as Rc<dyn Platform>
        });
        let (family, hub, on_change) = (
            Rc::clone(&self.family),
            Rc::clone(&self.hub),
            Rc::clone(&self.on_change),
        );
        Ok(Self::member(
            core.with_settings(settings, platform),
            family,
            hub,
            on_change,
        ))
    }

    /// Refuses every further call. Those under way hold what they need until they end.
    pub fn close(&self) {
        if let Ok(core) = self.core() {
            core.close();
        }
        for member in self.family.take() {
            drop(member.upgrade().and_then(|open| open.take()));
        }
    }
}

fn call_settings(options: &JsValue) -> Result<CallSettings, Error> {
    given::read("The options", options, &["signal"])
}

fn call_options(options: &JsValue) -> Result<CallOptions, Error> {
    call_settings(options).map(|settings| settings.call())
}

/// What decides about an order that is a plain value.
fn order_facts(order: &JsValue) -> OrderFacts {
    JsBody::json_of(order.clone()).order()
}

/// A span in milliseconds; infinity for one without end.
fn millis(span: core::time::Duration) -> f64 {
    if span == core::time::Duration::MAX {
        f64::INFINITY
    } else {
        span.as_secs_f64() * 1000.0
    }
}
