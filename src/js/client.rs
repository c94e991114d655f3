//! The client's class in JavaScript.
//!
//! Every method takes `&self` and gives a promise of its own: an `async fn(&mut self)` would fail on a second call
//! made meanwhile, and `free()` would break a call in flight.

use std::rc::Rc;

use js_sys::{Function, Promise};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;

use super::{
    convert::{IntoJs, from_js, function, get, set, to_js},
    cursor::Cursor,
    error::to_dto,
    operation::{call_of, pages_of},
    options::{call_options, connection, number, rate_limiter, settings, span, texts},
    platform::{JsPlatform, millis},
    promise::{answer, on_poll, promise},
};
use crate::{
    api::{
        model::Model,
        orders::{CreateOrder, DcvMethod, NewOrder, Order, OrderFilter},
        organizations::ValidationType,
    },
    client::{
        Client as Core, Error, TokenInfo,
        actions::{OrderRef, allowed_actions},
        check::check_order,
        dcv::dcv_instructions,
        options::Settings,
        ordering::renewal_of,
        platform::Platform,
        waiting::{CertIdentity, Goal, WaitOptions, Waits, Watch},
    },
};

/// A client of the service.
#[wasm_bindgen(js_name = Client)]
pub struct JsClient {
    core: Core,
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
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        Self::make(options).map_err(|error| to_dto(&error))
    }

    fn make(options: &JsValue) -> Result<Self, Error> {
        let connection = connection(options)?;
        let settings = settings(options, &Settings::default())?;
        let platform: Rc<dyn Platform> = Rc::new(JsPlatform::of(options)?);
        let limiter = rate_limiter(options, &platform, &connection)?;
        let tell = function(options, "onEvent");
        let tell_change = tell.clone();
        let on_change: Rc<dyn Fn()> = Rc::new(move || emit(tell_change.as_ref(), "change", &JsValue::UNDEFINED));
        limiter.on_change(&on_change);
        let listener =
            Box::new(move |event: crate::client::events::Event| emit(tell.as_ref(), event.name(), &to_js(&event)));
        Ok(Self {
            core: Core::new(platform, connection, settings, limiter, listener),
            on_change,
        })
    }

    /// A client with other settings that shares token, limit and listeners.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = withOptions)]
    pub fn with_options(&self, options: &JsValue) -> Result<Self, JsValue> {
        self.derive(options).map_err(|error| to_dto(&error))
    }

    fn derive(&self, options: &JsValue) -> Result<Self, Error> {
        for name in ["auth", "certsBaseUrl", "authBaseUrl", "rateLimit"] {
            if !get(options, name).is_undefined() {
                let message = format!(
                    "`{name}` can not differ from the client's, for token and limit are shared: make a new CertsClient."
                );
                return Err(Error::refused("invalid_option", name, message));
            }
        }
        let settings = settings(options, self.core.settings())?;
        let fetch = (!get(options, "fetch").is_undefined())
            .then(|| JsPlatform::of(options))
            .transpose()?;
        let platform = fetch.map(|platform| Rc::new(platform) as Rc<dyn Platform>);
        Ok(Self {
            core: self.core.with_settings(settings, platform),
            on_change: Rc::clone(&self.on_change),
        })
    }

    /// Makes a call: `{ value, info }`.
    pub fn call(&self, operation: &JsValue, options: JsValue) -> Promise {
        let core = self.core.clone();
        let call = from_js("The call", operation).and_then(call_of);
        let told = call_options(&options);
        promise(options, async move {
            let call = call?;
            let answered = core.send(call.request(), told?).await?;
            core.decode(answered, |body| call.read(body))
                .map(|reply| answer(&reply.value, &reply.info))
        })
    }

    /// The request that a call would send, its secrets masked.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn prepare(&self, operation: &JsValue) -> Result<JsValue, JsValue> {
        let call = from_js("The call", operation).and_then(call_of);
        let request = call.and_then(|call| self.core.prepare(call.request()));
        let request = request.map_err(|error| to_dto(&error))?;
        let headers: Map<String, Value> = request
            .headers
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        let mut prepared = json!({ "method": request.method, "url": request.url, "headers": headers });
        if let (Some(body), Value::Object(fields)) = (&request.body, &mut prepared) {
            fields.insert("body".into(), serde_json::from_str(body).unwrap_or_default());
        }
        Ok(to_js(&prepared))
    }

    /// The pages of a list, from the one that the call asks for on.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    pub fn pages(&self, operation: &JsValue, options: JsValue) -> Result<Cursor, JsValue> {
        let make = || {
            pages_of(
                from_js("The call", operation)?,
                self.core.clone(),
                call_options(&options)?,
            )
        };
        let pages = make().map_err(|error| to_dto(&error))?;
        Ok(Cursor::new(pages, options))
    }

    /// Creates an order unless there is one of the same common name and CSR.
    #[wasm_bindgen(js_name = createOnce)]
    pub fn create_once(&self, order: &JsValue, options: JsValue) -> Promise {
        let (core, order, told) = (
            self.core.clone(),
            from_js::<Model<NewOrder>>("The order", order),
            call_options(&options),
        );
        let check = get(&options, "check").as_bool().unwrap_or(true);
        promise(options, async move {
            let call = CreateOrder { order: order? };
            core.create_order_once(&call, check, told?).await.map(Model::into_js)
        })
    }

    /// Issued orders whose certificate ends within so many days, the soonest first.
    pub fn expiring(&self, options: JsValue) -> Promise {
        let (core, told) = (self.core.clone(), call_options(&options));
        let days = number(&options, "withinDays");
        let filter = get(&options, "filter");
        let filter = if filter.is_undefined() {
            Ok(OrderFilter::default())
        } else {
            from_js("The filter", &filter)
        };
        promise(options, async move {
            let days = days?.ok_or_else(|| Error::refused("required", "withinDays", "`withinDays` is missing."))?;
            core.expiring(days, filter?, told?).await.map(Vec::into_js)
        })
    }

    /// Waits until an order has reached its goal.
    #[wasm_bindgen(js_name = waitForOrder)]
    pub fn wait_for_order(&self, order: &JsValue, goal: &JsValue, options: JsValue) -> Promise {
        let core = self.core.clone();
        let order = order_ref(order);
        let goal = order
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|order| goal_of(goal, order));
        let (told, seen) = (wait_options(&options), on_poll(&options));
        promise(options, async move {
            core.wait_for_order(order?.id(), goal?, told?, seen)
                .await
                .map(Model::into_js)
        })
    }

    /// Waits for several orders.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = waitForOrders)]
    pub fn wait_for_orders(&self, ids: &JsValue, goal: JsValue, options: JsValue) -> Result<Cursor, JsValue> {
        let make = || {
            let ids = texts("ids", ids)?;
            // An order that is not known cannot be waited for to be reissued: each goal is made anew, and checked here.
            goal_of(&goal, &OrderRef::Id(String::new()))?;
            let goal = move || goal_of(&goal, &OrderRef::Id(String::new())).unwrap_or(Goal::Issued);
            Ok::<_, Error>(Waits::new(self.core.clone(), ids, goal, wait_options(&options)?))
        };
        let waits = make().map_err(|error| to_dto(&error))?;
        Ok(Cursor::new(Box::new(waits), options))
    }

    /// Watches an order.
    ///
    /// # Errors
    /// A plain object of the type `ValidationError`.
    #[wasm_bindgen(js_name = watchOrder)]
    pub fn watch_order(&self, id: String, options: JsValue) -> Result<Cursor, JsValue> {
        let told = wait_options(&options).map_err(|error| to_dto(&error))?;
        let watch = Watch::new(self.core.clone(), id, told);
        Ok(Cursor::new(Box::new(watch), options))
    }

    /// Waits until an organization is validated.
    #[wasm_bindgen(js_name = waitForOrganization)]
    pub fn wait_for_organization(&self, id: String, validation: Option<String>, options: JsValue) -> Promise {
        let core = self.core.clone();
        let validation = validation.map(|name| match name.as_str() {
            "OV" => ValidationType::Ov,
            "EV" => ValidationType::Ev,
            _ => ValidationType::Other(name),
        });
        let (told, seen) = (wait_options(&options), on_poll(&options));
        promise(options, async move {
            core.wait_for_organization(&id, validation.as_ref(), told?, seen)
                .await
                .map(Model::into_js)
        })
    }

    /// Fetches a token with user name and password.
    pub fn authenticate(&self, options: JsValue) -> Promise {
        let (core, told) = (self.core.clone(), call_options(&options));
        promise(options, async move {
            let info = core.in_time(told?, core.authenticate()).await?;
            Ok(token_info(&info))
        })
    }

    /// Fetches a token for the one held.
    pub fn refresh(&self, options: JsValue) -> Promise {
        let (core, told) = (self.core.clone(), call_options(&options));
        promise(options, async move {
            let info = core.in_time(told?, core.refresh()).await?;
            Ok(token_info(&info))
        })
    }

    /// The token, fetched or renewed if that is needed.
    pub fn token(&self, options: JsValue) -> Promise {
        let (core, told) = (self.core.clone(), call_options(&options));
        promise(options, async move {
            core.in_time(told?, core.token()).await.map(JsValue::from)
        })
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
            // Infinity is no JSON.
            set(&object, name, &JsValue::from_f64(number));
        }
        object
    }

    /// Sends nothing for so many milliseconds, or until `resume`.
    pub fn pause(&self, for_millis: Option<f64>) {
        self.core
            .limiter()
            .pause(for_millis.filter(|millis| millis.is_finite()).map(millis));
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

/// A listener of the caller's; what it throws is its own affair, and must not end a call.
fn emit(tell: Option<&Function>, name: &str, payload: &JsValue) {
    if let Some(tell) = tell {
        let _ = tell.call2(&JsValue::UNDEFINED, &JsValue::from_str(name), payload);
    }
}

fn token_info(info: &TokenInfo) -> JsValue {
    to_js(&json!({ "expiresAt": info.expires_at, "remainingMs": info.remaining.as_secs_f64() * 1000.0 }))
}

fn order_ref(order: &JsValue) -> Result<OrderRef, Error> {
    OrderRef::of(from_js("The order", order)?)
}

fn wait_options(options: &JsValue) -> Result<WaitOptions, Error> {
    let defaults = WaitOptions::default();
    Ok(WaitOptions {
        call: call_options(options)?,
        max_wait: span(options, "maxWait")?,
        min_delay: span(options, "minDelay")?.unwrap_or(defaults.min_delay),
        max_delay: span(options, "maxDelay")?.unwrap_or(defaults.max_delay),
    })
}

fn goal_of(goal: &JsValue, order: &OrderRef) -> Result<Goal, Error> {
    if let Some(is_reached) = goal.dyn_ref::<Function>().cloned() {
        return Ok(Goal::Custom(Box::new(move |order| {
            is_reached
                .call1(&JsValue::UNDEFINED, &to_js(order))
                .is_ok_and(|reached| reached.is_truthy())
        })));
    }
    match goal.as_string().as_deref() {
        Some("issued") => Ok(Goal::Issued),
        Some("reissued") => Ok(Goal::Reissued(order.known().map(CertIdentity::of))),
        Some("revoked") => Ok(Goal::Revoked),
        Some("canceled") => Ok(Goal::Canceled),
        _ => Err(Error::refused(
            "invalid_argument",
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
    let order: Model<Order> = from_js("The order", order).map_err(|error| to_dto(&error))?;
    Ok(to_js(&allowed_actions(&order.view)))
}

/// What is wrong with a new order.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = checkOrder)]
pub fn js_check_order(order: &JsValue) -> Result<JsValue, JsValue> {
    let order: Model<NewOrder> = from_js("The order", order).map_err(|error| to_dto(&error))?;
    Ok(to_js(&check_order(&order.view)))
}

/// The new order that renews an old one.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = renewalOf)]
pub fn js_renewal_of(order: &JsValue, changes: &JsValue) -> Result<JsValue, JsValue> {
    let make = || {
        let order: Model<Order> = from_js("The order", order)?;
        renewal_of(&order, &from_js("`changes`", changes)?)
    };
    make().map(|renewal| to_js(&renewal)).map_err(|error| to_dto(&error))
}

/// What to put where so that control of a domain can be checked.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = dcvInstructions)]
pub fn js_dcv_instructions(domain: &str, method: &JsValue, token: &JsValue) -> Result<JsValue, JsValue> {
    let make = || {
        let method: DcvMethod = from_js("The method", method)?;
        dcv_instructions(domain, method, token.as_string().as_deref())
    };
    make()
        .map(|instructions| to_js(&instructions))
        .map_err(|error| to_dto(&error))
}
