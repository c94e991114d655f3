//! A call as the facade passes it: a plain object that names its operation.

use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::{convert::IntoJs, cursor::Steps};
use crate::{
    api::{
        call::RequestCall,
        certs::ParseCsrs,
        contacts::{CreateContact, DeleteContact, GetContact, ListContacts, UpdateContact},
        history::{GetHistory, ListHistory},
        orders::{CreateOrder, DownloadCert, GetOrder, ListOrders, ListPrices, OrderAction},
        organizations::{CreateOrganization, GetOrganization, ListOrganizations},
    },
    client::{
        Client, Error, Reply,
        actions::{self, OrderRef},
        events::ResponseInfo,
        options::CallOptions,
        paging::Pager,
        platform::HttpRequest,
    },
};

/// A new order, and whether to look at it before it is sent.
#[derive(Deserialize)]
pub(super) struct Create {
    #[serde(flatten)]
    call: CreateOrder,
    #[serde(default = "yes")]
    check: bool,
}

const fn yes() -> bool {
    true
}

/// Something to do with an order.
#[derive(Deserialize)]
pub(super) struct Change {
    order: Value,
    action: OrderAction,
    body: Option<Value>,
    #[serde(default = "yes")]
    check: bool,
}

macro_rules! operations {
    ($($name:ident => $call:ty,)*) => {
        /// A call of the service.
        #[derive(Deserialize)]
        #[serde(tag = "operation", rename_all = "camelCase")]
        pub(super) enum Operation {
            $($name($call),)*
            CreateOrder(Create),
            ChangeOrder(Change),
        }

        impl Operation {
            /// Makes the call.
            pub(super) async fn run(self, client: &Client, options: CallOptions) -> Result<(JsValue, ResponseInfo), Error> {
                match self {
                    $(Self::$name(call) => client.call(&call, options).await.map(given_out),)*
                    Self::CreateOrder(create) => client.create_order(&create.call, create.check, options).await.map(given_out),
                    Self::ChangeOrder(change) => {
                        let order = OrderRef::of(change.order)?;
                        let changed = client.change_order(&order, change.action, change.body, change.check, options).await;
                        changed.map(given_out)
                    }
                }
            }

            /// The request that the call would send.
            pub(super) fn prepare(self, client: &Client) -> Result<HttpRequest, Error> {
                match self {
                    $(Self::$name(call) => client.prepare(&call),)*
                    Self::CreateOrder(create) => client.prepare(client.checked_order(&create.call, create.check)?),
                    Self::ChangeOrder(change) => {
                        let order = OrderRef::of(change.order)?;
                        client.prepare(&actions::change(&order, change.action, change.body, change.check)?)
                    }
                }
            }
        }
    };
}

operations! {
    CreateOrganization => CreateOrganization,
    GetOrganization => GetOrganization,
    ListOrganizations => ListOrganizations,
    CreateContact => CreateContact,
    GetContact => GetContact,
    ListContacts => ListContacts,
    UpdateContact => UpdateContact,
    DeleteContact => DeleteContact,
    ParseCsrs => ParseCsrs,
    GetOrder => GetOrder,
    ListOrders => ListOrders,
    ListPrices => ListPrices,
    DownloadCert => DownloadCert,
    ListHistory => ListHistory,
    GetHistory => GetHistory,
    Request => RequestCall,
}

pub(super) fn given_out<T: IntoJs>(reply: Reply<T>) -> (JsValue, ResponseInfo) {
    (reply.value.into_js(), reply.info)
}

impl Operation {
    /// The pages of a list; nothing when the call lists nothing.
    pub(super) fn pages(self, client: Client, options: CallOptions) -> Option<Box<dyn Steps>> {
        Some(match self {
            Self::ListOrganizations(call) => Box::new(Pager::new(client, call, options)),
            Self::ListContacts(call) => Box::new(Pager::new(client, call, options)),
            Self::ListOrders(call) => Box::new(Pager::new(client, call, options)),
            Self::ListHistory(call) => Box::new(Pager::new(client, call, options)),
            _ => return None,
        })
    }
}
