//! What is done with orders beyond single calls: nothing here is a new way to send.

pub mod actions;
pub mod dcv;
mod expiring;
mod once;
mod renewal;

pub use expiring::Ending;
pub use once::{Once, OnceOptions};
pub use renewal::renewal_of;

use api::{Arguments, Request, request::only};
use serde_json::{Map, Value};

use crate::{
    client::{Client, endpoint},
    error::Error,
    lists::Pager,
    options::CallOptions,
};

/// The request for an order.
pub(crate) fn get_order(id: &str) -> Result<Request, Error> {
    Ok(endpoint("orders.get")?.request(Arguments::of_id(id))?)
}

/// The pages of a list of orders.
pub(crate) fn list_orders(client: &Client, filter: Map<String, Value>, options: CallOptions) -> Result<Pager, Error> {
    let arguments = Arguments {
        query: filter,
        ..Arguments::default()
    };
    Pager::new(client.clone(), endpoint("orders.list")?, arguments, options)
}

/// A filter for orders of these common names.
pub(crate) fn named(common_names: &[String]) -> Map<String, Value> {
    only("commonNames", common_names)
}
