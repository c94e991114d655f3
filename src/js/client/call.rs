//! A call as the facade passes it: a plain object that names its operation.

use api::{Arguments, Endpoint, Request, facts::OrderFacts, request::RequestOptions};
use client::{Error, endpoint, orders::actions::check_allowed};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::{
    dto::invalid,
    plain::{json_of, plain, record},
};
use crate::{convert::get, strict};

/// A call: its endpoint, if it has one, and its arguments.
pub(super) enum Call {
    /// One of the service's endpoints.
    Endpoint {
        endpoint: &'static Endpoint,
        arguments: Arguments,
        /// The order that the caller has in hand.
        known: Option<OrderFacts>,
    },
    /// Any other request.
    Request {
        options: RequestOptions,
        body: Option<String>,
    },
}

impl Call {
    /// Reads a call.
    pub(super) fn of(call: &JsValue) -> Result<Self, Error> {
        let operation = get(call, "operation").as_string().unwrap_or_default();
        if operation == RequestOptions::OPERATION {
            let request = get(call, "request");
            let mut options: RequestOptions =
                strict::read("The request", &request, &["query", "body"]).map_err(invalid)?;
            options.query = optional(&request, "query", |value| record("query", value))?;
            return Ok(Self::Request {
                options,
                body: optional(&request, "body", |value| json_of("body", value))?,
            });
        }
        let known = optional(call, "known", |value| plain("The order", value))?;
        Ok(Self::Endpoint {
            endpoint: endpoint(&operation)?,
            arguments: Arguments {
                path: map(call, "path", "The path")?,
                query: map(call, "query", "The filter")?,
                body: optional(call, "body", |value| json_of("body", value))?,
            },
            known: known.map(|order| super::order_facts(&order)),
        })
    }

    /// The request that it makes.
    pub(super) fn request(self) -> Result<Request, Error> {
        match self {
            Self::Endpoint {
                endpoint,
                arguments,
                known,
            } => {
                check_allowed(endpoint, known.as_ref())?;
                Ok(endpoint.request(arguments)?)
            }
            Self::Request { options, body } => Ok(options.request(body)?),
        }
    }
}

/// A plain object under a name, as JSON; empty where there is none.
pub(super) fn map(object: &JsValue, name: &str, what: &str) -> Result<Map<String, Value>, Error> {
    Ok(optional(object, name, |value| record(what, value))?.unwrap_or_default())
}

fn optional<T>(
    object: &JsValue,
    name: &str,
    read: impl FnOnce(&JsValue) -> Result<T, finding::Finding>,
) -> Result<Option<T>, Error> {
    let value = get(object, name);
    if value.is_undefined() {
        return Ok(None);
    }
    read(&value).map(Some).map_err(invalid)
}
