//! What is asked of whoever drives a plan or a run. Each ask is answered before the next one is made. What was done says so in its
//! answer, `done`: one that lacks it, for whatever reason, is taken for a failure.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    plan::RenewalPlan,
    summary::{RenewalStatus, RenewalSummary},
    time::Ms,
};

/// Something to be done, or to be found out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "ask", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum Ask {
    /// Goes through a list, and hands in each page as it comes, until no more are wanted. Answer: `{}`, or
    /// `{ refused: true }` where the service refuses the size, the order or the statuses.
    List {
        /// `orders`, `organizations`, `contacts`.
        #[cfg_attr(feature = "types", tsify(type = "'orders' | 'organizations' | 'contacts'"))]
        what: &'static str,
        /// The filter, with the size of a page and the order if they are asked for.
        #[cfg_attr(feature = "types", tsify(type = "object"))]
        filter: Map<String, Value>,
    },
    /// Hands in each of these orders that is there as a page of one. Answer: `{}`.
    Get {
        /// Their ids.
        orders: Vec<String>,
    },
    /// Answer: `{ prices }`, or `{ error }`.
    Prices,
    /// What is wrong with new orders. Answer: `{ findings }`, a list for each.
    Check {
        /// The orders, each without its CSR.
        #[cfg_attr(feature = "types", tsify(type = "NewOrder[]"))]
        orders: Vec<Value>,
    },
    /// An entry of the journal cannot be read, in which an order may be. Nothing follows.
    Unreadable {
        /// Its number.
        entry: u64,
    },
    /// The plan. Nothing follows.
    Plan(Box<RenewalPlan>),

    /// Answer: `{}`.
    Sleep {
        /// Until this time.
        #[cfg_attr(feature = "types", tsify(type = "number"))]
        until_ms: Ms,
    },
    /// Takes the journal's lock, and keeps it until the end. Answer: `{ held, entries }`.
    Lock,
    /// Adds an entry to the journal. Answer: `{ added }`.
    Append {
        /// Its number.
        at: u64,
        /// What it says.
        entry: String,
    },
    /// Puts these entries in the place of all of the journal, at once. Answer: `{ replaced }`; false where it cannot.
    Replace {
        /// What is kept.
        entries: Vec<String>,
    },
    /// Makes a key and a request for the names of an order, and keeps the key. Answer: `{ csr, key }`, or `{ error }`.
    Key {
        /// The order that is renewed.
        order_id: String,
        /// What the key is to be called.
        name: String,
        /// CN.
        common_name: String,
        /// The names beside it.
        dns_names: Vec<String>,
    },
    /// Places an order once. Answer: `{ kind, order }` as of `placeOnce`, `{ kind: "notSent" }` where the run was given up before
    /// anything was sent, or `{ error }`.
    Place {
        /// The order that is renewed.
        order_id: String,
        /// The new order.
        #[cfg_attr(feature = "types", tsify(type = "NewOrder"))]
        order: Value,
        /// Its name.
        once_id: String,
        /// A person says that an earlier one was not placed.
        assume_not_placed: bool,
    },
    /// Publishes what shows control of the domains of new orders. Answer: `{ done, failed }`; `failed` has an error for each that
    /// failed, by the id of the order that is renewed.
    Publish {
        /// The orders.
        orders: Vec<Placed>,
    },
    /// Answer: `{ orders, missing }`: the orders, and by id why others cannot be looked at.
    Look {
        /// Their ids.
        orders: Vec<String>,
    },
    /// Orders of these common names, and those of these statuses. Answer: `{ orders }`, or `{ error }`.
    Search {
        /// The names.
        common_names: Vec<String>,
        /// Those of orders under way: one that is fresh may not show its name yet.
        #[cfg_attr(feature = "types", tsify(type = "OrderStatus[]"))]
        statuses: Vec<&'static str>,
    },
    /// Downloads the certificate of a new order and reads it. Answer: `{ leaf, findings, sameKey }`, or `{ error }`.
    Download {
        /// The order.
        #[serde(flatten)]
        placed: Placed,
        /// What it was ordered with.
        csr: String,
    },
    /// Delivers the certificate that was downloaded last for this order. Answer: `{ done }`, or `{ error }`.
    Deliver {
        /// The order.
        #[serde(flatten)]
        placed: Placed,
        /// How its key is called.
        #[cfg_attr(feature = "types", tsify(type = "string | null"))]
        key: Option<String>,
    },
    /// Revokes the certificate of an order. Answer: `{ done }`, or `{ error }`.
    Revoke {
        /// Its id.
        order_id: String,
    },
    /// Runs what runs once for all. Answer: `{ done }`, or `{ error }`.
    Hook {
        /// `renewed`, `failed`.
        #[cfg_attr(feature = "types", tsify(type = "'renewed' | 'failed'"))]
        what: &'static str,
        /// What it is about.
        renewals: Vec<RenewalStatus>,
    },
    /// The run has ended. Nothing follows.
    Done(Box<RenewalSummary>),
}

/// A new order and the one that it replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Placed {
    /// The order that is renewed.
    pub order_id: String,
    /// The new one.
    pub new_order_id: String,
}
