//! The new order that renews an old one (guide 8.5).

use finding::{Finding, FindingCode, Severity};
use serde_json::{Map, Value, json};

use crate::error::Error;

/// The fields of an order that its renewal takes over.
const TAKEN: [&str; 8] = [
    "organizationId",
    "groupId",
    "certType",
    "locale",
    "provider",
    "comments",
    "additionalEmails",
    "renewalNotificationsDisabled",
];

/// The fields of a certificate that its renewal takes over. A root hash is not among them: the default is right.
const TAKEN_OF_CERT: [&str; 8] = [
    "commonName",
    "dnsNames",
    "serverPlatform",
    "algorithmHash",
    "organizationUnits",
    "provider",
    "dcvMethod",
    "dcvEmails",
];

/// The new order that renews an old one (guide 8.5): all as it was but for the CSR and what `changes` says.
///
/// An order names its contacts by id only, so each is given the types that the certificate needs. `changes.contacts`
/// says it better.
///
/// # Errors
/// A `Validation` error that names what neither the order nor the changes hold.
pub fn renewal_of(order: &Value, changes: &Map<String, Value>) -> Result<Value, Error> {
    let mut renewal = taken(order, &TAKEN);
    let mut cert = taken(order.get("cert").unwrap_or(&Value::Null), &TAKEN_OF_CERT);
    renewal.insert("contacts".into(), contacts_of(order));
    for (name, value) in changes {
        match (name.as_str(), value) {
            ("csr", csr) => drop(cert.insert("csr".into(), csr.clone())),
            ("cert", Value::Object(fields)) => cert.extend(fields.clone()),
            _ => drop(renewal.insert(name.clone(), value.clone())),
        }
    }
    renewal.entry("locale").or_insert_with(|| json!("en"));
    renewal.entry("provider").or_insert_with(|| json!("DIGICERT"));
    let needed = [
        ("organizationId", renewal.contains_key("organizationId")),
        ("certType", renewal.contains_key("certType")),
        ("cert.commonName", cert.contains_key("commonName")),
        ("csr", cert.contains_key("csr")),
    ];
    let missing = needed
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(field, _)| Finding {
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
    renewal.insert("cert".into(), Value::Object(cert));
    Ok(Value::Object(renewal))
}

fn taken(from: &Value, names: &[&str]) -> Map<String, Value> {
    let mut taken = Map::new();
    for name in names {
        if let Some(value) = from.get(*name).filter(|value| !value.is_null()) {
            taken.insert((*name).to_owned(), value.clone());
        }
    }
    taken
}

fn contacts_of(order: &Value) -> Value {
    let cert_type = order.get("certType").and_then(Value::as_str).unwrap_or_default();
    let mut types = vec![json!({ "type": "ORGANIZATION_CONTACT" })];
    if cert_type.split('_').nth(1) == Some("EV") {
        types.push(json!({ "type": "EXTENDED_VALIDATION_APPROVER" }));
    }
    let contact = |contact: &Value| match contact {
        Value::String(id) => json!({ "id": id, "contactTypes": types }),
        other => other.clone(),
    };
    let contacts = order.get("contacts").and_then(Value::as_array);
    contacts.into_iter().flatten().map(contact).collect()
}

#[cfg(test)]
mod tests {
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
        let types = json!([{ "type": "ORGANIZATION_CONTACT" }, { "type": "EXTENDED_VALIDATION_APPROVER" }]);
        let expected = json!({
            "organizationId": "org", "certType": "SSL_EV_BASIC", "locale": "en", "provider": "DIGICERT",
            "contacts": [{ "id": "a", "contactTypes": types }, { "id": "b", "contactTypes": types }],
            "cert": { "commonName": "example.com", "dnsNames": [], "dcvMethod": "EMAIL", "csr": "NEW" },
        });
        assert_eq!(renewal, expected);
    }

    #[test]
    fn a_renewal_says_all_that_it_lacks() {
        let error = renewal_of(&json!({ "cert": null }), &Map::new()).unwrap_err();
        for field in ["organizationId", "certType", "cert.commonName", "csr"] {
            assert!(error.message.contains(field), "{}", error.message);
        }
    }
}
