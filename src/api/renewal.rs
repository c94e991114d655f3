//! The new order that renews an old one (guide 8.5): what of it is taken over.

use serde_json::{Map, Value};

use crate::{
    json::object,
    marker::{Marker, without_marker},
    request::only,
};

/// The role that every order needs.
pub const ORGANIZATION_CONTACT: &str = "ORGANIZATION_CONTACT";
/// The role that an EV order needs besides.
pub const APPROVER: &str = "EXTENDED_VALIDATION_APPROVER";

/// The fields of an order that its renewal takes over.
pub const TAKEN: [&str; 8] = [
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
pub const TAKEN_OF_CERT: [&str; 8] = [
    "commonName",
    "dnsNames",
    "serverPlatform",
    "algorithmHash",
    "organizationUnits",
    "provider",
    "dcvMethod",
    "dcvEmails",
];

/// A new order, and what it lacks.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewal {
    /// The new order.
    pub order: Map<String, Value>,
    /// The fields that neither the old order nor the changes contain; a new order needs each.
    pub missing: Vec<&'static str>,
}

/// The new order that renews an old one: all as it was but for the CSR and what `changes` says. Its comments say which order
/// it replaces.
///
/// An order names its contacts by id only. Each is made an organization contact and none an approver, which only the contacts
/// themselves or `changes.contacts` can tell.
#[must_use]
pub fn renewal_of(order: &Value, changes: &Map<String, Value>) -> Renewal {
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
    if let Some(replaced) = order.get("id").and_then(Value::as_str) {
        let comments = renewal.get("comments").and_then(Value::as_str).unwrap_or_default();
        let marker = Marker {
            replaces: Some(replaced.to_owned()),
            ..Marker::default()
        };
        let comments = marker.put_into(&without_marker(comments));
        renewal.insert("comments".into(), comments.into());
    }
    for (name, usual) in [("locale", "en"), ("provider", "DIGICERT")] {
        if !renewal.contains_key(name) {
            renewal.insert(name.into(), usual.into());
        }
    }
    let needed = [
        ("organizationId", renewal.contains_key("organizationId")),
        ("certType", renewal.contains_key("certType")),
        ("cert.commonName", cert.contains_key("commonName")),
        ("csr", cert.contains_key("csr")),
    ];
    let missing = needed.into_iter().filter(|(_, there)| !there).map(|(field, _)| field);
    let missing = missing.collect();
    renewal.insert("cert".into(), Value::Object(cert));
    Renewal {
        order: renewal,
        missing,
    }
}

/// Whether a type is of this level: `SSL_EV_BASIC` is of EV, whose orders need an approver.
#[must_use]
pub fn is_of_level(cert_type: Option<&str>, level: &str) -> bool {
    cert_type.is_some_and(|cert_type| cert_type.split('_').any(|word| word.eq_ignore_ascii_case(level)))
}

/// Whether an order names this role of a contact: an approver's only where it is needed.
#[must_use]
pub fn is_named(role: &str, is_ev: bool) -> bool {
    role == ORGANIZATION_CONTACT || (is_ev && role == APPROVER)
}

fn taken(from: &Value, names: &[&str]) -> Map<String, Value> {
    let mut taken = Map::new();
    for name in names {
        if let Some(value) = from.get(*name).filter(|value| !is_absent(value)) {
            taken.insert((*name).to_owned(), value.clone());
        }
    }
    taken
}

/// Whether a field is there without a value: a service may show `null` or an empty text for one, and refuses both in an order.
fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The id of a contact of an order, which names it by no more than that, or shows it whole.
#[must_use]
pub fn contact_id(contact: &Value) -> Option<&str> {
    contact.as_str().or_else(|| contact.get("id")?.as_str())
}

fn contacts_of(order: &Value) -> Value {
    let types = vec![Value::from(only("type", ORGANIZATION_CONTACT))];
    // Some services may name them with their roles, which were those of then.
    let contact = |contact: &Value| match contact_id(contact) {
        Some(id) => object([("id", id.into()), ("contactTypes", types.clone().into())]).into(),
        None => contact.clone(),
    };
    let contacts = order.get("contacts").and_then(Value::as_array);
    contacts.into_iter().flatten().map(contact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_a_type_is_one_of_its_words() {
        for (cert_type, is_ev) in [
            ("SSL_EV_BASIC", true),
            ("NEW_SSL_EV_BASIC", true),
            ("ssl_ev_basic", true),
            ("SSL_OV_BASIC", false),
            ("SSL_EVERYWHERE", false),
        ] {
            assert_eq!(is_of_level(Some(cert_type), "EV"), is_ev, "{cert_type}");
        }
    }
}
