//! A call as the facade passes it: a plain object that names its operation.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::{convert::IntoJs, cursor::Steps};
use crate::{
    api::{
        call::{Call, Refused, Reply as _, Request, RequestCall, Unreadable},
        certs::ParseCsrs,
        contacts::{CreateContact, DeleteContact, GetContact, ListContacts, UpdateContact},
        history::{GetHistory, ListHistory},
        orders::{CreateOrder, DownloadCert, GetOrder, ListOrders, ListPrices, OrderAction},
        organizations::{CreateOrganization, GetOrganization, ListOrganizations},
    },
    client::{
        Client, Error,
        actions::{self, OrderRef},
        check::{check_order, refuse_errors},
        options::CallOptions,
        paging::{ListCall, Pager},
    },
};

/// Any call: one type for all of them keeps the code of a call from being compiled once for each.
pub(super) trait AnyCall {
    /// The request that it makes.
    fn request(&self) -> Result<Request, Refused>;
    /// Its reply in JavaScript.
    fn read(&self, body: &[u8]) -> Result<JsValue, Unreadable>;
}

impl<C: Call<Reply: IntoJs>> AnyCall for C {
    fn request(&self) -> Result<Request, Refused> {
        Call::request(self)
    }

    fn read(&self, body: &[u8]) -> Result<JsValue, Unreadable> {
        C::Reply::read(body).map(IntoJs::into_js)
    }
}

/// A new order, and whether to look at it before it is sent.
#[derive(Deserialize)]
struct Create {
    #[serde(flatten)]
    call: CreateOrder,
    #[serde(default = "yes")]
    check: bool,
}

/// Something to do with an order.
#[derive(Deserialize)]
struct Change {
    order: Value,
    action: OrderAction,
    body: Option<Value>,
    #[serde(default = "yes")]
    check: bool,
}

const fn yes() -> bool {
    true
}

/// Reads a call.
pub(super) fn call_of(operation: Value) -> Result<Box<dyn AnyCall>, Error> {
    match name_of(&operation) {
        "createOrganization" => boxed::<CreateOrganization>(operation),
        "getOrganization" => boxed::<GetOrganization>(operation),
        "listOrganizations" => boxed::<ListOrganizations>(with_paging(operation)),
        "createContact" => boxed::<CreateContact>(operation),
        "getContact" => boxed::<GetContact>(operation),
        "listContacts" => boxed::<ListContacts>(with_paging(operation)),
        "updateContact" => boxed::<UpdateContact>(operation),
        "deleteContact" => boxed::<DeleteContact>(operation),
        "parseCsrs" => boxed::<ParseCsrs>(operation),
        "createOrder" => {
            let Create { call, check } = read(operation)?;
            if check {
                refuse_errors(check_order(&call.order.view))?;
            }
            Ok(Box::new(call))
        }
        "getOrder" => boxed::<GetOrder>(operation),
        "listOrders" => boxed::<ListOrders>(with_paging(operation)),
        "listPrices" => boxed::<ListPrices>(operation),
        "downloadCert" => boxed::<DownloadCert>(operation),
        "changeOrder" => {
            let Change {
                order,
                action,
                body,
                check,
            } = read(operation)?;
            Ok(Box::new(actions::change(&OrderRef::of(order)?, action, body, check)?))
        }
        "listHistory" => boxed::<ListHistory>(with_paging(operation)),
        "getHistory" => boxed::<GetHistory>(operation),
        "request" => boxed::<RequestCall>(operation),
        _ => Err(Error::refused(
            "invalid_argument",
            "operation",
            "There is no such operation.",
        )),
    }
}

/// Reads a call that lists something, to go through its pages.
pub(super) fn pages_of(operation: Value, client: Client, options: CallOptions) -> Result<Box<dyn Steps>, Error> {
    match name_of(&operation) {
        "listOrganizations" => pages::<ListOrganizations>(operation, client, options),
        "listContacts" => pages::<ListContacts>(operation, client, options),
        "listOrders" => pages::<ListOrders>(operation, client, options),
        "listHistory" => pages::<ListHistory>(operation, client, options),
        _ => Err(Error::refused(
            "invalid_argument",
            "operation",
            "This call lists nothing.",
        )),
    }
}

fn pages<C>(operation: Value, client: Client, options: CallOptions) -> Result<Box<dyn Steps>, Error>
where
    C: ListCall + DeserializeOwned + 'static,
{
    let call = read::<C>(with_paging(operation))?;
    Ok(Box::new(Pager::new(client, call, options)))
}

fn name_of(operation: &Value) -> &str {
    operation.get("operation").and_then(Value::as_str).unwrap_or_default()
}

/// Callers give filter and page in one object.
fn with_paging(mut operation: Value) -> Value {
    if let Some(filter) = operation.get("filter").cloned()
        && let Some(fields) = operation.as_object_mut()
    {
        fields.insert("paging".into(), filter);
    }
    operation
}

fn boxed<C: Call<Reply: IntoJs> + DeserializeOwned + 'static>(operation: Value) -> Result<Box<dyn AnyCall>, Error> {
    Ok(Box::new(read::<C>(operation)?))
}

fn read<T: DeserializeOwned>(operation: Value) -> Result<T, Error> {
    serde_json::from_value(operation).map_err(|error| {
        Error::refused(
            "invalid_argument",
            "call",
            format!("The call can not be read: {error}."),
        )
    })
}
