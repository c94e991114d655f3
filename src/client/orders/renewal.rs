//! The new order that renews an old one (guide 8.5).

use api::{
    Arguments, BodyRef, json,
    renewal::{self, Renewal, contact_id, is_named, is_of_level},
};
use finding::{Finding, FindingCode, Severity};
use serde_json::{Map, Value};

use crate::{
    client::{Client, endpoint},
    error::Error,
    options::CallOptions,
};

impl Client {
    /// The new order that renews an old one (guide 8.5): all as it was but for the CSR and what `changes` says. An order
    /// names its contacts by id only, so each is asked which roles it has; one that has none that an order names, such as
    /// the technical contact that the service adds, is left out.
    ///
    /// # Errors
    /// As [`Client::call`], and as [`renewal_of`].
    pub async fn renewal(
        &self,
        order: &Value,
        changes: &Map<String, Value>,
        options: CallOptions,
    ) -> Result<Value, Error> {
        let mut renewal = renewal_of(order, changes)?;
        if changes.contains_key("contacts") {
            return Ok(renewal);
        }
        let is_ev = is_of_level(renewal.get("certType").and_then(Value::as_str), "EV");
        let mut contacts = Vec::new();
        for contact in order.get("contacts").and_then(Value::as_array).into_iter().flatten() {
            let Some(id) = contact_id(contact) else {
                contacts.push(contact.clone());
                continue;
            };
            let request = endpoint("contacts.get")?
                .request(Arguments::of_id(id))
                .map_err(Error::from);
            let roles = roles_of(&self.call(request, options).await?.body, is_ev);
            if !roles.is_empty() {
                contacts.push(json::object([("id", id.into()), ("contactTypes", roles.into())]).into());
            }
        }
        if let Some(field) = renewal.get_mut("contacts") {
            *field = contacts.into();
        }
        Ok(renewal)
    }
}

/// The roles of a contact that an order names.
fn roles_of(contact: &BodyRef, is_ev: bool) -> Vec<Value> {
    let roles = contact.contact().roles.unwrap_or_default().0.into_iter();
    let named = roles.filter(|role| is_named(role, is_ev));
    named.map(|role| json::object([("type", role.into())]).into()).collect()
}

/// The new order that renews an old one, as [`api::renewal::renewal_of`] makes it. Its approvers, only [`Client::renewal`] or
/// `changes.contacts` can tell.
///
/// # Errors
/// A `Validation` error that names what neither the order nor the changes hold.
pub fn renewal_of(order: &Value, changes: &Map<String, Value>) -> Result<Value, Error> {
    let Renewal { order, missing } = renewal::renewal_of(order, changes);
    let missing = missing.into_iter().map(|field| Finding {
        severity: Severity::Error,
        code: FindingCode::Required,
        message: format!("Neither the order nor the changes contain `{field}`."),
        field: Some(field.into()),
        source: Some("guide 8.5"),
    });
    let missing: Vec<Finding> = missing.collect();
    if !missing.is_empty() {
        return Err(Error::invalid(missing));
    }
    Ok(Value::Object(order))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order() -> Value {
        json!({
            "id": "o", "status": "DIGI_ISSUED", "certType": "SSL_EV_BASIC", "organizationId": "org", "locale": "en",
            "provider": "DIGICERT", "providerId": 5, "contacts": ["a", "b"], "comments": null, "price": { "totalPrice": 1 },
            "cert": {
                "commonName": "example.com", "dnsNames": ["www.example.com"], "csr": "OLD", "rootHash": null,
                "serialNumber": "1", "dcvMethod": "EMAIL", "endEntityCert": "PEM",
            },
        })
    }

    fn changes(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(fields) => fields,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_renewal_takes_over_what_was_ordered_and_nothing_that_was_issued() {
        let renewal = renewal_of(&order(), &changes(json!({ "csr": "NEW", "cert": { "dnsNames": [] } }))).unwrap();
        let types = json!([{ "type": "ORGANIZATION_CONTACT" }]);
        let expected = json!({
            "organizationId": "org", "certType": "SSL_EV_BASIC", "locale": "en", "provider": "DIGICERT",
            "comments": "[mmc replaces=o]",
            "contacts": [{ "id": "a", "contactTypes": types }, { "id": "b", "contactTypes": types }],
            "cert": { "commonName": "example.com", "dnsNames": [], "dcvMethod": "EMAIL", "csr": "NEW" },
        });
        assert_eq!(renewal, expected);
    }

    #[test]
    fn a_renewal_takes_over_no_field_that_shows_no_value() {
        for absent in [Value::Null, json!(""), json!(" ")] {
            let mut order = order();
            for field in ["groupId", "comments", "additionalEmails"] {
                order[field] = absent.clone();
            }
            for field in ["serverPlatform", "algorithmHash", "organizationUnits", "dcvEmails"] {
                order["cert"][field] = absent.clone();
            }
            order["locale"] = absent.clone();
            let renewal = renewal_of(&order, &changes(json!({ "csr": "NEW" }))).unwrap();
            let values = renewal.as_object().unwrap().values();
            let values = values.chain(renewal["cert"].as_object().unwrap().values());
            assert!(!values.clone().any(|value| *value == absent), "{renewal}");
            assert_eq!(renewal["locale"], "en");
            order["certType"] = absent;
            assert!(renewal_of(&order, &changes(json!({ "csr": "NEW" }))).is_err());
        }
    }

    #[test]
    fn contacts_that_an_order_shows_whole_have_the_roles_of_the_new_one() {
        let mut order = order();
        order["contacts"] = json!([{ "id": "a", "contactTypes": [{ "type": "TECHNICAL_CONTACT" }] }, "b"]);
        let renewal = renewal_of(&order, &changes(json!({ "csr": "NEW" }))).unwrap();
        let types = json!([{ "type": "ORGANIZATION_CONTACT" }]);
        let expected = json!([{ "id": "a", "contactTypes": types }, { "id": "b", "contactTypes": types }]);
        assert_eq!(renewal["contacts"], expected);
    }

    #[test]
    fn a_renewal_says_all_that_it_lacks() {
        let error = renewal_of(&json!({ "cert": null }), &Map::new()).unwrap_err();
        for field in ["organizationId", "certType", "cert.commonName", "csr"] {
            assert!(error.message.contains(field), "{}", error.message);
        }
    }
}
