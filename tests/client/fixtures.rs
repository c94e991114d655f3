//! Organizations, contacts and orders to call with, and what is read of what comes back.

use std::rc::Rc;

use markmonitor_certs::{
    api::{Body, Parsed, facts::OrderFacts, reply::BodyKind},
    client::{
        Client, Error,
        error::{ErrorKind, Refusal, RefusedBody},
        orders::OnceOptions,
        waiting::{Goal, Wait, WaitOptions},
    },
};
use serde_json::{Value, json};

use crate::{
    call::{Call, call},
    world::World,
};

pub const CSR: &str = include_str!("data/shop.csr");
pub const CSR_OF_NEW_KEY: &str = include_str!("data/shop_new_key.csr");
pub const COMMON_NAME: &str = "shop.example.com";
/// An id that nothing has.
pub const NO_ID: &str = "00000000-0000-4000-8000-000000000000";

pub fn person(email: &str, types: &[&str]) -> Value {
    let types: Vec<Value> = types.iter().map(|name| json!({ "type": name })).collect();
    json!({
        "firstName": "Ada", "lastName": "Lovelace", "jobTitle": "Engineer", "email": email, "phone": "+1 555 0101",
        "provider": "DIGICERT", "contactTypes": types,
    })
}

pub fn new_organization() -> Value {
    json!({
        "name": "Example Inc.", "address1": "1 Main Street", "city": "Meridian", "state": "Idaho", "country": "US",
        "zipcode": "83642", "phone": "+1 555 0100", "provider": "DIGICERT",
        "contacts": [person("ada@example.com", &["ORGANIZATION_CONTACT", "EXTENDED_VALIDATION_APPROVER"])],
    })
}

pub fn new_order(organization: &Value, cert_type: &str, common_name: &str) -> Value {
    let contact = organization["contacts"][0]["id"].clone();
    json!({
        "organizationId": organization["id"], "certType": cert_type, "locale": "en", "provider": "DIGICERT",
        "contacts": [{
            "id": contact,
            "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }, { "type": "EXTENDED_VALIDATION_APPROVER" }],
        }],
        "cert": { "commonName": common_name, "csr": CSR, "dnsNames": ["www.shop.example.com"], "dcvMethod": "DNS_TXT_TOKEN" },
    })
}

/// The call that creates an order.
pub fn create(order: Value) -> Call {
    call("orders.create").body(order)
}

/// Any call that the service answers with an order.
pub fn get_order() -> Call {
    call("orders.get").id(NO_ID)
}

/// A call without arguments that reads a list.
pub fn prices() -> Call {
    call("orders.prices")
}

/// Creates an order unless it is there.
pub async fn create_once(client: Client, order: Value) -> Result<Value, Error> {
    create_once_with(client, order, OnceOptions::default()).await
}

pub async fn create_once_with(client: Client, order: Value, options: OnceOptions) -> Result<Value, Error> {
    let facts = facts_of(&order);
    let made = client.create_order_once(facts, order.to_string(), options).await?;
    Ok(json_of(&made.order))
}

impl World {
    pub fn organization(&self, client: &Client) -> Value {
        self.value(client, call("organizations.create").body(new_organization()))
    }

    /// An order that was just accepted.
    pub fn order(&self, client: &Client, cert_type: &str, common_name: &str) -> Value {
        let organization = self.organization(client);
        self.value(client, create(new_order(&organization, cert_type, common_name)))
    }

    /// A DV order, issued.
    pub fn issued_order(&self, client: &Client) -> Value {
        let order = self.order(client, "SSL_DV_GEOTRUST", COMMON_NAME);
        self.wait(client, &order, Goal::Issued)
    }

    pub fn wait(&self, client: &Client, order: &Value, goal: Goal) -> Value {
        let (client, id) = (client.clone(), id_of(order));
        let waited = self.run(async move {
            Wait::for_order(client, &id, goal, WaitOptions::default())
                .reach(&|_| ())
                .await
        });
        json_of(&waited.unwrap_or_else(|error| panic!("{error:?}")))
    }

    pub fn look_at(&self, client: &Client, order: &Value) -> Value {
        self.value(client, call("orders.get").id(id_of(order)))
    }
}

/// What a caller gets for a body.
pub fn json_of(body: &Rc<dyn Body>) -> Value {
    // One that the core made in place of a reply's is not of this platform.
    if body.kind() == BodyKind::Empty {
        return Value::Null;
    }
    match parsed(body) {
        Parsed::Empty => Value::Null,
        Parsed::Text(text) => text.clone().into(),
        Parsed::Json(value) => Value::clone(value),
        Parsed::Bytes(bytes) => panic!("a file of {} bytes", bytes.len()),
    }
}

/// The body as the platform parsed it.
pub fn parsed(body: &Rc<dyn Body>) -> &Parsed {
    body.as_any().downcast_ref().expect("this platform's body")
}

/// What decides about an order.
pub fn facts_of(order: &Value) -> OrderFacts {
    Parsed::from(order.clone()).order()
}

/// The id of anything that has one.
pub fn id_of(thing: &Value) -> String {
    thing["id"].as_str().expect("it has an id").to_owned()
}

pub fn status_of(order: &Value) -> &str {
    order["status"].as_str().expect("an order has a status")
}

/// The class and the code of an error.
pub fn kind_of(error: &Error) -> (&'static str, &'static str) {
    (error.code.class(), error.code.as_str())
}

pub fn class_of(error: &Error) -> &'static str {
    error.code.class()
}

/// The code and the field of the first thing that is wrong with a call.
pub fn finding_of(error: &Error) -> (&'static str, &str) {
    let finding = error.findings().first().unwrap_or_else(|| panic!("{error:?}"));
    (finding.code.as_str(), finding.field.as_deref().unwrap_or_default())
}

/// What the service refused with.
pub fn refusal_of(error: &Error) -> &Refusal {
    match &error.kind {
        ErrorKind::Api(refusal) => refusal,
        _ => panic!("{error:?}"),
    }
}

/// The body of a refusal as a caller gets it.
pub fn body_of(refusal: &Refusal) -> Value {
    match refusal.body.as_ref().expect("there was a reply") {
        RefusedBody::Json(body) => json_of(body),
        RefusedBody::Text(text) => text.clone().into(),
    }
}
