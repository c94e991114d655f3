//! What needs more than one call of an order, or none.

use client::{
    Error,
    options::{ExpiringSettings, OnceSettings},
    orders::{Ending, OnceOptions, actions::allowed_actions, dcv::dcv_instructions, renewal_of},
};
use finding::FindingCode;
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

use super::{
    JsClient,
    body::handed_out,
    call, call_options,
    dto::{invalid, out},
    given, order_facts,
    plain::{json_of, plain, record},
    run::run,
};
use crate::convert::{set, to_js};

#[wasm_bindgen(js_class = Client)]
impl JsClient {
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
