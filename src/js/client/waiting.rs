//! Waiting for orders and organizations, and watching them.

use std::rc::Rc;

use client::{
    Error,
    options::WaitSettings,
    orders::actions::OrderRef,
    waiting::{Goal, Wait, WaitOptions},
};
use finding::FindingCode;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::{
    JsClient,
    body::handed_out,
    cursor::Cursor,
    dto::{self, invalid, out},
    functions::on_poll,
    given,
    hub::Hub,
    order_facts,
    plain::plain,
    run::run,
};
use crate::convert::get;

#[wasm_bindgen(js_class = Client)]
impl JsClient {
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
}

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

fn wait_options(options: &JsValue) -> Result<WaitOptions, Error> {
    let settings: WaitSettings = given::read("The options", options, &["signal", "onPoll"])?;
    Ok(WaitOptions::of(&settings))
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
