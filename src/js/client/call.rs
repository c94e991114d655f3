//! A call as the facade passes it: a plain object that names its operation.

use api::{Arguments, Endpoint, Request, facts::OrderFacts, request::RequestOptions};
use client::{Error, endpoint, orders::actions::check_allowed};
use finding::{Finding, FindingCode};
use js_sys::Object;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use super::{
    dto::invalid,
    plain::{json_of, plain, record},
};
use crate::convert::get;

#[wasm_bindgen]
extern "C" {
    /// `CoreCall` in `pkg-template/src/wasm/exports.ts`.
    pub type GivenCall;
    #[wasm_bindgen(method, getter)]
    fn operation(this: &GivenCall) -> String;
    #[wasm_bindgen(method, getter)]
    fn path(this: &GivenCall) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn query(this: &GivenCall) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn body(this: &GivenCall) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn known(this: &GivenCall) -> Option<Object>;
    #[wasm_bindgen(method, getter)]
    fn request(this: &GivenCall) -> JsValue;
}

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
    pub(super) fn of(call: &GivenCall) -> Result<Self, Error> {
        let operation = call.operation();
        if operation == RequestOptions::OPERATION {
            let request = call.request();
            let mut options: RequestOptions = super::given::read("The request", &request, &["query", "body"])?;
            options.query = optional(&request, "query", |value| record("query", value))?;
            return Ok(Self::Request {
                options,
                body: optional(&request, "body", |value| json_of("body", value))?,
            });
        }
        let known = call
            .known()
            .map(|order| plain("The order", &order).map_err(invalid))
            .transpose()?;
        let query = given(&call.query(), |query| record("The filter", query))?;
        let endpoint = endpoint(&operation)?;
        Ok(Self::Endpoint {
            endpoint,
            arguments: Arguments {
                path: path_of(endpoint, &call.path()),
                query: query.unwrap_or_default(),
                body: given(&call.body(), body_of)?,
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

/// The parts of the path by their names. What is no text is refused as such, whatever else it is.
fn path_of(endpoint: &Endpoint, path: &JsValue) -> Map<String, Value> {
    let mut parts = Map::new();
    for name in endpoint.path_parameters() {
        let value = get(path, name);
        if let Some(text) = value.as_string() {
            parts.insert(name.to_owned(), Value::String(text));
        } else if !(value.is_undefined() || value.is_null()) {
            parts.insert(name.to_owned(), Value::Bool(true));
        }
    }
    parts
}

/// What a call sends, which is an object or a list with every call that sends something.
fn body_of(value: &JsValue) -> Result<String, Finding> {
    let text = json_of("body", value)?;
    if text.starts_with(['{', '[']) {
        return Ok(text);
    }
    let message = "What is to be sent must be an object.".to_owned();
    Err(Finding::argument(FindingCode::InvalidArgument, "body", message))
}

/// A plain object under a name, as JSON; empty where there is none.
pub(super) fn map(object: &JsValue, name: &str, what: &str) -> Result<Map<String, Value>, Error> {
    Ok(optional(object, name, |value| record(what, value))?.unwrap_or_default())
}

fn optional<T>(
    object: &JsValue,
    name: &str,
    read: impl FnOnce(&JsValue) -> Result<T, Finding>,
) -> Result<Option<T>, Error> {
    given(&get(object, name), read)
}

fn given<T>(value: &JsValue, read: impl FnOnce(&JsValue) -> Result<T, Finding>) -> Result<Option<T>, Error> {
    if value.is_undefined() {
        return Ok(None);
    }
    read(value).map(Some).map_err(invalid)
}
