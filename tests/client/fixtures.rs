//! Organizations, contacts and orders to call with.

use markmonitor_certs::{
    api::{
        model::Model,
        orders::{CreateOrder, GetOrder, Order},
        organizations::{CreateOrganization, Organization},
    },
    client::{
        Client,
        waiting::{Goal, WaitOptions},
    },
};
use serde_json::{Value, json};

use crate::world::World;

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

pub fn new_order(organization: &Model<Organization>, cert_type: &str, common_name: &str) -> Value {
    let contact = organization.json["contacts"][0]["id"].clone();
    json!({
        "organizationId": organization.json["id"], "certType": cert_type, "locale": "en", "provider": "DIGICERT",
        "contacts": [{
            "id": contact,
            "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }, { "type": "EXTENDED_VALIDATION_APPROVER" }],
        }],
        "cert": { "commonName": common_name, "csr": CSR, "dnsNames": ["www.shop.example.com"], "dcvMethod": "DNS_TXT_TOKEN" },
    })
}

pub fn create(order: Value) -> CreateOrder {
    CreateOrder { order: order.into() }
}

impl World {
    pub fn organization(&self, client: &Client) -> Model<Organization> {
        let organization = new_organization();
        self.value(client, CreateOrganization { organization })
    }

    /// An order that was just accepted.
    pub fn order(&self, client: &Client, cert_type: &str, common_name: &str) -> Model<Order> {
        let organization = self.organization(client);
        self.value(client, create(new_order(&organization, cert_type, common_name)))
    }

    /// A DV order, issued.
    pub fn issued_order(&self, client: &Client) -> Model<Order> {
        let order = self.order(client, "SSL_DV_GEOTRUST", COMMON_NAME);
        self.wait(client, &order, Goal::Issued)
    }

    pub fn wait(&self, client: &Client, order: &Model<Order>, goal: Goal) -> Model<Order> {
        let (client, id) = (client.clone(), id_of(order));
        let waited = self.run(async move { client.wait_for_order(&id, goal, WaitOptions::default(), |_| ()).await });
        waited.unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub fn look_at(&self, client: &Client, order: &Model<Order>) -> Model<Order> {
        self.value(client, GetOrder { id: id_of(order) })
    }
}

pub fn id_of(order: &Model<Order>) -> String {
    order.view.id.clone().expect("an order has an id")
}

pub fn status_of(order: &Model<Order>) -> &str {
    order.json["status"].as_str().expect("an order has a status")
}
