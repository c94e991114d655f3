//! The client in JavaScript.
//!
//! Every method takes `&self`, and calls `done` at its end: an `async fn(&mut self)` would fail on a second call made
//! meanwhile, and `free()` would break a call in flight.

mod abort;
mod body;
mod call;
mod cursor;
mod dto;
mod fetch;
mod host;
mod log_store;
mod options;
mod plain;
mod secret;
mod store;
mod timer;

use core::future::Future;
use std::rc::Rc;

use api::{Body as _, BodyRef, Form, facts::OrderFacts};
use client::{
    Client as Core, Error, TokenInfo,
    events::ResponseInfo,
    lists::{Page, Pager},
    options::{
        CallOptions, CallSettings, ExpiringSettings, OnceSettings, Settings, ValidationWaitSettings, WaitSettings,
    },
    orders::{
        OnceOptions,
        actions::{OrderRef, allowed_actions},
        dcv::dcv_instructions,
        renewal_of,
    },
    platform::{LocalFuture, Platform},
    waiting::{CertIdentity, Goal, WaitOptions, Waits, Watch},
};
use finding::FindingCode;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Object};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;

use self::{
    body::{JsBody, handed_out},
    call::Call,
    cursor::Cursor,
    dto::{aborted, invalid, out},
    host::{Host, JsListener, JsPlatform},
    plain::{json_of, plain, record},
};
use crate::{
    convert::{function, get, set, to_js},
    done,
    strict::{self, Names},
};

/// A client of the service.
#[wasm_bindgen(js_name = Client)]
pub struct JsClient {
    core: Core,
    host: Host,
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
    pub fn new(options: &JsValue, host: JsValue) -> Result<Self, JsValue> {
        out(Self::make(options, Host::new(host)))
    }

    fn make(given: &JsValue, host: Host) -> Result<Self, Error> {
        let options = options::client_settings(given)?;
        let access = options::access(given, &options)?;
        let settings = Settings::default().with(&options);
        let platform: Rc<dyn Platform> = Rc::new(JsPlatform::of(&host)?);
        let limiter = options::rate_limiter(given, &host, &platform, &access, &settings)?;
        let changes = JsListener::of(&host)?;
        let on_change: Rc<dyn Fn()> = Rc::new(move || changes.changed());
        limiter.on_change(&on_change);
        let listener = Box::new(JsListener::of(&host)?);
        let memory = Rc::new(host.memory());
        let store = options::store(given)?;
        Ok(Self {
            core: Core::new(platform, access, settings, limiter, listener, memory).with_store(store, &host.service()),
            host,
            on_change,
        })
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
        let settings = self.core.settings().with(&options::client_settings(given)?);
        let platform = fetch
            .map(|fetch| JsPlatform::sending_with(&self.host, fetch))
            .transpose()?;
        let platform = platform.map(|platform| Rc::new(platform) as Rc<dyn Platform>);
        Ok(Self {
            core: self.core.with_settings(settings, platform),
            host: self.host.clone(),
            on_change: Rc::clone(&self.on_change),
        })
    }

    /// Makes a call: `{ value, info }`.
    pub fn call(&self, call: &JsValue, options: &JsValue, done: Function) {
        let (core, call) = (self.core.clone(), Call::of(call));
        let settings = call_settings(options);
        run(options, done, async move {
            let made = async {
                let request = call.and_then(Call::request);
                let form = request.as_ref().map(|request| request.reply);
                let form = form.unwrap_or(Form::Nothing);
                let settings = settings?;
                let reply = core.call_once(request, settings.call(), settings.once_id).await?;
                Ok(match form {
                    Form::Page { items } => {
                        let page = Page::of(reply, items);
                        answer(&body::page(&page), &page.response)
                    }
                    Form::Nothing => answer(&JsValue::UNDEFINED, &reply.info),
                    _ => answer(&handed_out(&reply.body), &reply.info),
                })
            };
            out(made.await)
        });
    }

    /// The request that a call would send, its secrets masked.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn prepare(&self, call: &JsValue) -> Result<JsValue, JsValue> {
        let request = Call::of(call).and_then(Call::request);
        let request = out(self.core.prepare(request))?;
        let headers: Map<String, Value> = request
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let prepared = to_js(&json!({ "method": request.method, "url": request.url, "headers": headers }));
        if let Some(body) = &request.body {
            set(&prepared, "body", &js_sys::JSON::parse(body).unwrap_or(JsValue::NULL));
        }
        Ok(prepared)
    }

    /// The pages of a list, from the one that the call asks for on.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn pages(&self, call: &JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || match Call::of(call)? {
            Call::Endpoint {
                endpoint, arguments, ..
            } => Pager::new(self.core.clone(), endpoint, arguments, call_options(options)?),
            Call::Request { .. } => {
                let message = "Such a request lists nothing.";
                Err(Error::refused(FindingCode::InvalidArgument, "operation", message))
            }
        };
        let pager = out(make())?;
        Ok(Cursor::new(Box::new(pager), options.clone()))
    }

    /// Creates an order unless it is there: `{ order, placed }`.
    #[wasm_bindgen(js_name = createOnce)]
    pub fn create_once(&self, order: &JsValue, options: &JsValue, done: Function) {
        let core = self.core.clone();
        let settings = strict::read::<OnceSettings>("The options", options, &["signal"]).map_err(invalid);
        let order = plain("The order", order).map_err(invalid);
        let body = order
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|order| json_of("The order", order).map_err(invalid));
        let facts = order.map(|order| order_facts(&order));
        run(options, done, async move {
            let made = async { core.create_order_once(facts?, body?, OnceOptions::of(settings?)).await };
            let once = out(made.await)?;
            let object = Object::new().into();
            set(&object, "order", &handed_out(&once.order));
            set(&object, "placed", &JsValue::from_bool(once.placed));
            Ok(object)
        });
    }

    /// The new order that renews an old one, with the roles that its contacts have.
    pub fn renewal(&self, order: &JsValue, changes: &JsValue, options: &JsValue, done: Function) {
        let (core, settings) = (self.core.clone(), call_options(options));
        let order = record::<Value>("The order", order).map_err(invalid);
        let changes = record("The changes", changes).map_err(invalid);
        run(options, done, async move {
            let made = async { core.renewal(&order?, &changes?, settings?).await };
            out(made.await).map(|renewal| to_js(&renewal))
        });
    }

    /// Issued orders whose certificate ends within so many days, the soonest first.
    pub fn expiring(&self, options: &JsValue, done: Function) {
        let core = self.core.clone();
        let settings = strict::read::<ExpiringSettings>("The options", options, &["signal", "filter"]);
        let filter = call::map(options, "filter", "The filter");
        run(options, done, async move {
            let found = async {
                let settings = settings.map_err(invalid)?;
                let days = settings
                    .within_days
                    .ok_or_else(|| Error::refused(FindingCode::Required, "withinDays", "`withinDays` is missing."))?;
                core.expiring(days.0, filter?, settings.call()).await
            };
            let orders = out(found.await)?;
            Ok(orders.iter().map(handed_out).collect::<Array>().into())
        });
    }

    /// Waits until an order has reached its goal.
    #[wasm_bindgen(js_name = waitForOrder)]
    pub fn wait_for_order(&self, order: &JsValue, goal: &JsValue, options: &JsValue, done: Function) {
        let core = self.core.clone();
        let order = order_ref(order);
        let known = order.as_ref().ok().and_then(|order| order.known.clone());
        let goal = goal_of(goal, known.as_ref());
        let (settings, seen) = (wait_options(options), on_poll(options));
        run(options, done, async move {
            let waited = async { core.wait_for_order(&order?.id, goal?, settings?, seen).await };
            dto::body(waited.await)
        });
    }

    /// Waits for several orders.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = waitForOrders)]
    pub fn wait_for_orders(&self, ids: &JsValue, goal: JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || {
            let ids: Vec<String> = strict::argument("ids", ids, Names::Known(&[])).map_err(invalid)?;
            // Each order gets a goal of its own; that there is one is checked here.
            goal_of(&goal, None)?;
            let goal = move || goal_of(&goal, None).unwrap_or(Goal::Issued);
            Ok(Waits::new(self.core.clone(), ids, goal, wait_options(options)?))
        };
        let waits = out(make())?;
        Ok(Cursor::new(Box::new(waits), options.clone()))
    }

    /// Watches an order.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = watchOrder)]
    pub fn watch_order(&self, order: &JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || {
            let order = order_ref(order)?;
            Ok(Watch::new(self.core.clone(), order.id, wait_options(options)?))
        };
        let watch = out(make())?;
        Ok(Cursor::new(Box::new(watch), options.clone()))
    }

    /// Waits until an organization is validated.
    #[wasm_bindgen(js_name = waitForOrganization)]
    pub fn wait_for_organization(&self, id: &JsValue, options: &JsValue, done: Function) {
        let core = self.core.clone();
        let id = id.as_string().unwrap_or_default();
        let settings = strict::read::<ValidationWaitSettings>("The options", options, &["signal", "onPoll"]);
        let seen = on_poll(options);
        run(options, done, async move {
            let waited = async {
                let settings = settings.map_err(invalid)?;
                let wait = WaitOptions::of(
                    settings.call(),
                    settings.max_wait,
                    settings.min_delay,
                    settings.max_delay,
                );
                core.wait_for_organization(&id, settings.kind.as_deref(), wait, seen)
                    .await
            };
            dto::body(waited.await)
        });
    }

    /// Fetches a token with user name and password.
    pub fn authenticate(&self, options: &JsValue, done: Function) {
        let (core, settings) = (self.core.clone(), call_options(options));
        run(options, done, async move {
            let fetched = async { core.in_time(settings?, core.authenticate()).await };
            out(fetched.await).map(|info| token_info(&info))
        });
    }

    /// Fetches a token for the one held.
    pub fn refresh(&self, options: &JsValue, done: Function) {
        let (core, settings) = (self.core.clone(), call_options(options));
        run(options, done, async move {
            let fetched = async { core.in_time(settings?, core.refresh()).await };
            out(fetched.await).map(|info| token_info(&info))
        });
    }

    /// The token, fetched or renewed if that is needed.
    pub fn token(&self, options: &JsValue, done: Function) {
        let (core, settings) = (self.core.clone(), call_options(options));
        run(options, done, async move {
            let fetched = async { core.in_time(settings?, core.token()).await };
            out(fetched.await).map(JsValue::from)
        });
    }

    /// How much is left of the token.
    #[wasm_bindgen(js_name = tokenInfo)]
    pub fn token_info(&self) -> JsValue {
        self.core
            .token_info()
            .map_or(JsValue::UNDEFINED, |info| token_info(&info))
    }

    /// Forgets the token.
    #[wasm_bindgen(js_name = clearToken)]
    pub fn clear_token(&self) {
        self.core.clear_token();
    }

    /// What the limiter is doing.
    #[wasm_bindgen(js_name = rateLimit)]
    pub fn rate_limit(&self) -> JsValue {
        let state = self.core.limiter().state();
        let span = |span: core::time::Duration| {
            if span == core::time::Duration::MAX {
                f64::INFINITY
            } else {
                span.as_secs_f64() * 1000.0
            }
        };
        let slots = |slots: u32| {
            if slots == u32::MAX {
                f64::INFINITY
            } else {
                f64::from(slots)
            }
        };
        let object =
            to_js(&json!({ "inFlight": state.in_flight, "queued": state.queued, "throttled": state.throttled }));
        for (name, number) in [
            ("limit", slots(state.limit)),
            ("used", slots(state.used)),
            ("remaining", slots(state.remaining)),
            ("nextSlotInMs", span(state.next_slot_in)),
            ("pausedForMs", span(state.paused_for)),
        ] {
            // JSON has no infinity.
            set(&object, name, &JsValue::from_f64(number));
        }
        object
    }

    /// Sends nothing for so many milliseconds, or until `resume`.
    pub fn pause(&self, for_millis: Option<f64>) {
        let span = for_millis.filter(|millis| millis.is_finite());
        self.core.limiter().pause(span.map(client::options::span));
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.core.limiter().resume();
    }

    /// Refuses every further call.
    pub fn close(&self) {
        self.core.close();
    }
}

/// Runs a call that the caller may abort.
///
/// Boxed, so that what runs calls is compiled once and not for each kind of call.
fn run(options: &JsValue, done: Function, call: impl Future<Output = Result<JsValue, JsValue>> + 'static) {
    run_boxed(options.clone(), done, Box::pin(call));
}

fn run_boxed(options: JsValue, done: Function, call: LocalFuture<Result<JsValue, JsValue>>) {
    done::run(done, async move {
        let aborted_by_caller = core::pin::pin!(abort::aborted(options));
        match select(aborted_by_caller, call).await {
            Either::Left(_) => Err(aborted()),
            Either::Right((result, _)) => result,
        }
    });
}

/// A value, and how it was answered.
fn answer(value: &JsValue, info: &ResponseInfo) -> JsValue {
    let answer = Object::new().into();
    set(&answer, "value", value);
    set(&answer, "info", &to_js(info));
    answer
}

/// The caller's `onPoll`. What it throws is its own affair.
fn on_poll(options: &JsValue) -> impl Fn(&BodyRef) + 'static {
    let listener = function(options, "onPoll");
    move |value: &BodyRef| {
        if let Some(listener) = &listener {
            let _ = listener.call1(&JsValue::UNDEFINED, &handed_out(value));
        }
    }
}

fn token_info(info: &TokenInfo) -> JsValue {
    to_js(&json!({ "expiresAt": info.expires_at, "remainingMs": info.remaining.as_secs_f64() * 1000.0 }))
}

fn call_settings(options: &JsValue) -> Result<CallSettings, Error> {
    strict::read("The options", options, &["signal"]).map_err(invalid)
}

fn call_options(options: &JsValue) -> Result<CallOptions, Error> {
    call_settings(options).map(|settings| settings.call())
}

fn wait_options(options: &JsValue) -> Result<WaitOptions, Error> {
    let settings: WaitSettings = strict::read("The options", options, &["signal", "onPoll"]).map_err(invalid)?;
    Ok(WaitOptions::of(
        settings.call(),
        settings.max_wait,
        settings.min_delay,
        settings.max_delay,
    ))
}

/// What decides about an order that is a plain value.
fn order_facts(order: &JsValue) -> OrderFacts {
    JsBody::Json(order.clone()).order()
}

/// An order, given by its id or as itself.
fn order_ref(order: &JsValue) -> Result<OrderRef, Error> {
    if let Some(id) = order.as_string() {
        return Ok(OrderRef::by_id(id));
    }
    if !order.is_object() {
        let message = "Give the order's id, or the order itself.";
        return Err(Error::refused(FindingCode::InvalidId, "id", message));
    }
    OrderRef::known(order_facts(&plain("The order", order).map_err(invalid)?))
}

fn goal_of(goal: &JsValue, order: Option<&OrderFacts>) -> Result<Goal, Error> {
    if let Some(is_reached) = goal.dyn_ref::<Function>().cloned() {
        return Ok(Goal::Custom(Box::new(move |order| {
            is_reached
                .call1(&JsValue::UNDEFINED, &handed_out(order))
                .is_ok_and(|reached| reached.is_truthy())
        })));
    }
    match goal.as_string().as_deref() {
        Some("issued") => Ok(Goal::Issued),
        Some("reissued") => Ok(Goal::Reissued(order.map(CertIdentity::of))),
        Some("revoked") => Ok(Goal::Revoked),
        Some("canceled") => Ok(Goal::Canceled),
        _ => Err(Error::refused(
            FindingCode::InvalidArgument,
            "goal",
            "The goal must be 'issued', 'reissued', 'revoked', 'canceled', or a function that looks at an order.",
        )),
    }
}

/// What the status of an order allows.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = allowedActions)]
pub fn js_allowed_actions(order: &JsValue) -> Result<JsValue, JsValue> {
    let order = out(plain("The order", order).map_err(invalid))?;
    Ok(to_js(&allowed_actions(&order_facts(&order))))
}

/// The new order that renews an old one.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = renewalOf)]
pub fn js_renewal_of(order: &JsValue, changes: &JsValue) -> Result<JsValue, JsValue> {
    let make = || {
        let order = record("The order", order).map_err(invalid)?;
        renewal_of(&order, &record("The changes", changes).map_err(invalid)?)
    };
    out(make()).map(|renewal| to_js(&renewal))
}

/// What to put where so that control of a domain can be checked.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = dcvInstructions)]
pub fn js_dcv_instructions(domain: &JsValue, method: &JsValue, token: &JsValue) -> Result<JsValue, JsValue> {
    let text = |what: &str, value: &JsValue| {
        value.as_string().ok_or_else(|| {
            let message = format!("The {what} must be a string.");
            Error::refused(FindingCode::InvalidArgument, what, message)
        })
    };
    let make = || {
        let (domain, method) = (text("domain", domain)?, text("method", method)?);
        dcv_instructions(&domain, &method, token.as_string().as_deref())
    };
    out(make()).map(|instructions| to_js(&instructions))
}
