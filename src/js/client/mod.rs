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
mod given;
mod host;
mod hub;
mod options;
mod plain;
mod secret;
mod store;
mod timer;

use core::{cell::RefCell, future::Future};
use std::rc::{Rc, Weak};

use api::{Body as _, BodyRef, Form, facts::OrderFacts};
use client::{
    Client as Core, Error, TokenInfo,
    events::ResponseInfo,
    limiter::RateLimiter,
    lists::{Page, Pager},
    options::{CallOptions, CallSettings, ExpiringSettings, OnceSettings, Settings, WaitSettings, Whole},
    orders::{
        Ending, OnceOptions,
        actions::{OrderRef, allowed_actions},
        dcv::dcv_instructions,
        renewal_of,
    },
    platform::{Boxed, LocalFuture, Platform},
    waiting::{Goal, Wait, WaitOptions},
};
use finding::FindingCode;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

use self::{
    body::{JsBody, handed_out},
    call::{Call, GivenCall},
    cursor::Cursor,
    dto::{aborted, invalid, out},
    host::{JsListener, JsMemory, JsPlatform, number},
    hub::{HostObject, Hub},
    plain::{json_of, plain, record},
};
use crate::{
    convert::{function, get, set, to_js},
    done,
    json::json_of as written,
};

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

    /// Makes a call: the value, and JSON that says how it was answered.
    pub fn call(&self, call: &GivenCall, options: Option<Object>, done: Function) {
        let options = options.map(JsValue::from);
        let settings = options
            .as_ref()
            .map_or_else(|| Ok(CallSettings::default()), call_settings);
        let (core, call) = (self.core(), Call::of(call));
        run(&self.hub, options.as_ref(), done, async move {
            let made = async {
                let request = call.and_then(Call::request);
                let form = request.as_ref().map(|request| request.reply);
                let form = form.unwrap_or(Form::Nothing);
                let settings = settings?;
                let reply = core?.call_once(request, settings.call(), settings.once_id).await?;
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
    pub fn prepare(&self, call: &GivenCall) -> Result<JsValue, JsValue> {
        let request = Call::of(call).and_then(Call::request);
        let request = out(self.core().and_then(|core| core.prepare(request)))?;
        let headers = Object::new().into();
        for (name, value) in request.headers {
            set(&headers, name, &JsValue::from_str(&value));
        }
        let prepared = Object::new().into();
        set(&prepared, "method", &JsValue::from_str(request.method));
        set(&prepared, "url", &JsValue::from_str(&request.url));
        set(&prepared, "headers", &headers);
        if let Some(body) = &request.body {
            set(&prepared, "body", &js_sys::JSON::parse(body).unwrap_or(JsValue::NULL));
        }
        Ok(prepared)
    }

    /// The pages of a list, from the one that the call asks for on.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn pages(&self, call: &GivenCall, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || match Call::of(call)? {
            Call::Endpoint {
                endpoint, arguments, ..
            } => Pager::new(self.core()?, endpoint, arguments, call_options(options)?),
            Call::Request { .. } => {
                let message = "Such a request lists nothing.";
                Err(Error::refused(FindingCode::InvalidArgument, "operation", message))
            }
        };
        let pager = out(make())?;
        Ok(Cursor::new(&self.hub, Box::new(pager), options.clone()))
    }

    /// Creates an order unless it is there: `{ order, placed }`.
    #[wasm_bindgen(js_name = createOnce)]
    pub fn create_once(&self, order: &JsValue, options: &JsValue, done: Function) {
        let core = self.core();
        let settings = given::read::<OnceSettings>("The options", options, &["signal"]);
        let order = plain("The order", order).map_err(invalid);
        let body = order
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|order| json_of("The order", order).map_err(invalid));
        let facts = order.map(|order| order_facts(&order));
        run(&self.hub, options, done, async move {
            let made = async { core?.create_order_once(facts?, body?, OnceOptions::of(settings?)).await };
            let once = out(made.await)?;
            let object = Object::new().into();
            set(&object, "order", &handed_out(&once.order));
            set(&object, "placed", &JsValue::from_bool(once.placed));
            Ok(object)
        });
    }

    /// The new order that renews an old one, with the roles that its contacts have.
    pub fn renewal(&self, order: &JsValue, changes: &JsValue, options: &JsValue, done: Function) {
        let (core, settings) = (self.core(), call_options(options));
        let order = record("The order", order)
            .map_err(invalid)
            .map(serde_json::Value::Object);
        let changes = record("The changes", changes).map_err(invalid);
        run(&self.hub, options, done, async move {
            let made = async { core?.renewal(&order?, &changes?, settings?).await };
            out(made.await).map(|renewal| to_js(&renewal))
        });
    }

    /// What ends within so many days, the soonest first: certificates of `orders`, or validations of `organizations`.
    pub fn expiring(&self, what: &str, options: &JsValue, done: Function) {
        let core = self.core();
        let ending = if what == "orders" {
            Ending::Orders
        } else {
            Ending::Organizations
        };
        let settings = given::read::<ExpiringSettings>("The options", options, &["signal", "filter"]);
        let filter = call::map(options, "filter", "The filter");
        run(&self.hub, options, done, async move {
            let found = async {
                let (core, settings) = (core?, settings?);
                let days = settings
                    .within_days
                    .ok_or_else(|| Error::refused(FindingCode::Required, "withinDays", "`withinDays` is missing."))?;
                let filter = filter?;
                let work = Box::pin(async {
                    let found = core.expiring(ending, days.0, filter, settings.call()).await?;
                    Ok(found.iter().map(handed_out).collect::<Array>().into())
                });
                core.in_time("Looking for what ends", settings.call(), work).await
            };
            out(found.await)
        });
    }

    /// Waits until an order has reached its goal.
    #[wasm_bindgen(js_name = waitForOrder)]
    pub fn wait_for_order(&self, order: &JsValue, goal: &JsValue, options: &JsValue, done: Function) {
        let make = || {
            let order = order_ref("id", order)?;
            let goal = goal_of(goal, "id", &order)?;
            Ok(Wait::for_order(self.core()?, &order.id, goal, wait_options(options)?))
        };
        reach(&self.hub, make(), options, done);
    }

    /// Waits for several orders.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = waitForOrders)]
    pub fn wait_for_orders(&self, orders: &JsValue, goal: &JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || {
            let Some(list) = orders.dyn_ref::<Array>() else {
                let message = "`ids` must be a list of orders, or of their ids.";
                return Err(Error::refused(FindingCode::InvalidArgument, "ids", message));
            };
            let place = |at: usize| format!("ids[{at}]");
            let orders = list.iter().enumerate().map(|(at, order)| order_ref(&place(at), &order));
            let orders = orders.collect::<Result<Vec<_>, _>>()?;
            // That there is such a goal is said of an empty list too.
            if !matches!(goal.as_string().as_deref(), Some("reissued")) {
                goal_of(goal, "ids", &OrderRef::default())?;
            }
            let goal = |at: usize, order: &OrderRef| goal_of(goal, &place(at), order);
            Wait::for_orders(self.core()?, &orders, goal, wait_options(options)?)
        };
        cursor(&self.hub, make(), options)
    }

    /// Watches an order.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = watchOrder)]
    pub fn watch_order(&self, order: &JsValue, options: &JsValue) -> Result<Cursor, JsValue> {
        let make = || {
            let order = order_ref("id", order)?;
            Ok(Wait::for_changes(self.core()?, &order.id, wait_options(options)?))
        };
        cursor(&self.hub, make(), options)
    }

    /// Waits until an organization is validated.
    #[wasm_bindgen(js_name = waitForOrganization)]
    pub fn wait_for_organization(&self, id: &JsValue, options: &JsValue, done: Function) {
        let make = || {
            let kind = get(options, "type");
            if !kind.is_undefined() && !kind.is_string() {
                let message = "`type` must be a string, such as 'OV' or 'EV'.";
                return Err(Error::refused(FindingCode::InvalidOption, "type", message));
            }
            let settings = given::read::<WaitSettings>("The options", options, &["signal", "onPoll", "type"]);
            let wait = WaitOptions::of(&settings?);
            let id = id.as_string().unwrap_or_default();
            Ok(Wait::for_organization(self.core()?, &id, kind.as_string(), wait))
        };
        reach(&self.hub, make(), options, done);
    }

    /// Fetches a token with user name and password.
    pub fn authenticate(&self, options: &JsValue, done: Function) {
        self.fetch(options, done, |core| {
            Box::pin(async move { core.authenticate().await.map(|info| token_info(&info)) })
        });
    }

    /// Fetches a token for the one held.
    pub fn refresh(&self, options: &JsValue, done: Function) {
        self.fetch(options, done, |core| {
            Box::pin(async move { core.refresh().await.map(|info| token_info(&info)) })
        });
    }

    /// The token, fetched or renewed if that is needed.
    pub fn token(&self, options: &JsValue, done: Function) {
        self.fetch(options, done, |core| {
            Box::pin(async move { core.token().await.map(JsValue::from) })
        });
    }

    fn fetch(&self, options: &JsValue, done: Function, fetch: fn(&Core) -> Boxed<'_, Result<JsValue, Error>>) {
        let (core, settings) = (self.core(), call_options(options));
        run(&self.hub, options, done, async move {
            let fetched = async {
                let core = core?;
                core.in_time("Fetching the token", settings?, fetch(&core)).await
            };
            out(fetched.await)
        });
    }

    /// How much is left of the token.
    #[wasm_bindgen(js_name = tokenInfo)]
    pub fn token_info(&self) -> JsValue {
        self.open
            .borrow()
            .as_ref()
            .and_then(Core::token_info)
            .map_or(JsValue::UNDEFINED, |info| token_info(&info))
    }

    /// Forgets the token.
    #[wasm_bindgen(js_name = clearToken)]
    pub fn clear_token(&self) {
        if let Ok(core) = self.core() {
            core.clear_token();
        }
    }

    /// What the limiter is doing.
    #[wasm_bindgen(js_name = rateLimit)]
    pub fn rate_limit(&self) -> JsValue {
        let state = self.limiter.state();
        let slots = |slots: u32| {
            if slots == u32::MAX {
                f64::INFINITY
            } else {
                f64::from(slots)
            }
        };
        let object = Object::new().into();
        set(&object, "inFlight", &JsValue::from(state.in_flight));
        set(&object, "queued", &JsValue::from(state.queued));
        set(&object, "throttled", &JsValue::from_f64(number(state.throttled)));
        for (name, count) in [
            ("limit", slots(state.limit)),
            ("used", slots(state.used)),
            ("remaining", slots(state.remaining)),
            ("nextSlotInMs", millis(state.next_slot_in)),
            ("pausedForMs", millis(state.paused_for)),
        ] {
            // JSON has no infinity.
            set(&object, name, &JsValue::from_f64(count));
        }
        object
    }

    /// How long so many calls would take now, in milliseconds.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn estimate(&self, count: &JsValue, options: &JsValue) -> Result<f64, JsValue> {
        let count: Result<Whole<0>, Error> = given::argument("n", count);
        let (count, options) = (out(count)?, out(call_options(options))?);
        let priority = options.priority.unwrap_or_default();
        Ok(millis(self.limiter.estimate(count.0.into(), priority, options.lane)))
    }

    /// Sends nothing for so many milliseconds, or until `resume`.
    pub fn pause(&self, for_millis: Option<f64>) {
        let span = for_millis.filter(|millis| millis.is_finite());
        self.limiter.pause(span.map(client::options::span));
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.limiter.resume();
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

/// Runs a call that the caller may abort.
///
/// Boxed, so that what runs calls is compiled once and not for each kind of call.
fn run<'a>(
    hub: &Rc<Hub>,
    options: impl Into<Option<&'a JsValue>>,
    done: Function,
    call: impl Future<Output = Result<JsValue, JsValue>> + 'static,
) {
    run_boxed(Rc::clone(hub), options.into().cloned(), done, Box::pin(call));
}

fn run_boxed(hub: Rc<Hub>, options: Option<JsValue>, done: Function, call: LocalFuture<Result<JsValue, JsValue>>) {
    let turns = Rc::clone(&hub);
    let work = turns.in_turns(Box::pin(async move {
        let aborted_by_caller = core::pin::pin!(abort::aborted(hub, options));
        match select(aborted_by_caller, call).await {
            Either::Left(_) => Err(aborted()),
            Either::Right((result, _)) => result,
        }
    }));
    done::run(done, work);
}

/// A span in milliseconds; infinity for one without end.
fn millis(span: core::time::Duration) -> f64 {
    if span == core::time::Duration::MAX {
        f64::INFINITY
    } else {
        span.as_secs_f64() * 1000.0
    }
}

/// Who is told of each look.
type Seen = Box<dyn Fn(&BodyRef)>;

/// Waits for what is the only one.
fn reach(hub: &Rc<Hub>, wait: Result<Wait, Error>, options: &JsValue, done: Function) {
    let seen = on_poll(options);
    run(hub, options, done, async move {
        let waited = async { wait?.reach(&*seen).await };
        dto::body(waited.await)
    });
}

/// A cursor over what settles or changes.
fn cursor(hub: &Rc<Hub>, wait: Result<Wait, Error>, options: &JsValue) -> Result<Cursor, JsValue> {
    Ok(Cursor::new(hub, Box::new(out(wait)?), options.clone()))
}

/// A value, and how it was answered.
fn answer(value: &JsValue, info: &ResponseInfo) -> JsValue {
    // `Array.of` takes ten times as long.
    let answer = Array::new();
    answer.push(value);
    answer.push(&JsValue::from_str(&written(info)));
    answer.into()
}

/// The caller's `onPoll`, which the facade keeps from throwing.
fn on_poll(options: &JsValue) -> Seen {
    let listener = function(options, "onPoll");
    Box::new(move |value: &BodyRef| {
        if let Some(listener) = &listener {
            let _ = listener.call1(&JsValue::UNDEFINED, &handed_out(value));
        }
    })
}

fn token_info(info: &TokenInfo) -> JsValue {
    let object = Object::new().into();
    set(&object, "expiresAt", &JsValue::from_f64(number(info.expires_at)));
    set(
        &object,
        "remainingMs",
        &JsValue::from_f64(info.remaining.as_secs_f64() * 1000.0),
    );
    object
}

fn call_settings(options: &JsValue) -> Result<CallSettings, Error> {
    given::read("The options", options, &["signal"])
}

fn call_options(options: &JsValue) -> Result<CallOptions, Error> {
    call_settings(options).map(|settings| settings.call())
}

fn wait_options(options: &JsValue) -> Result<WaitOptions, Error> {
    let settings: WaitSettings = given::read("The options", options, &["signal", "onPoll"])?;
    Ok(WaitOptions::of(&settings))
}

/// What decides about an order that is a plain value.
fn order_facts(order: &JsValue) -> OrderFacts {
    JsBody::json_of(order.clone()).order()
}

/// An order, given by its id or as itself, in the argument of this name.
fn order_ref(field: &str, order: &JsValue) -> Result<OrderRef, Error> {
    if let Some(id) = order.as_string() {
        return Ok(OrderRef::by_id(id));
    }
    if !order.is_object() {
        let message = "Give the order's id, or the order itself.";
        return Err(Error::refused(FindingCode::InvalidId, field, message));
    }
    OrderRef::known(order_facts(&plain("The order", order).map_err(invalid)?))
}

fn goal_of(goal: &JsValue, field: &str, order: &OrderRef) -> Result<Goal, Error> {
    if let Some(is_reached) = goal.dyn_ref::<Function>().cloned() {
        return Ok(Goal::Custom(Box::new(move |order| {
            is_reached
                .call1(&JsValue::UNDEFINED, &handed_out(order))
                .is_ok_and(|reached| reached.is_truthy())
        })));
    }
    match goal.as_string().as_deref() {
        Some("issued") => Ok(Goal::Issued),
        Some("reissued") => Goal::reissued(field, order.known.as_ref()),
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
    out(record("The order", order).map_err(invalid))?;
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
        let order = serde_json::Value::Object(record("The order", order).map_err(invalid)?);
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
