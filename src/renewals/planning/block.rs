//! What keeps an order from being placed, as far as that can be seen before, and the order that would be placed.

use api::renewal::{APPROVER, ORGANIZATION_CONTACT, Renewal, contact_id, is_named, is_of_level, renewal_of};
use serde_json::{Map, Value, json};

use crate::{
    estate::{Estate, Known, Validity},
    plan::RenewalBlock,
    time::{self, Ms},
};

/// The order that would be placed, and what keeps it from being.
pub struct Drafted {
    /// The order, without a CSR; nothing where too little is known of the old one.
    pub request: Option<Value>,
    /// What keeps it from being placed, in a word and in a sentence.
    pub block: Option<(RenewalBlock, String)>,
    /// Until when the validation holds that it needs.
    pub validated_until: Option<Ms>,
}

/// The order that would be placed.
pub(super) fn draft(known: &Known, estate: &Estate, now: Ms) -> Drafted {
    let Some(body) = &known.body else {
        return Drafted {
            request: None,
            block: None,
            validated_until: None,
        };
    };
    let is_ev = is_of_level(known.cert_type.as_deref(), "EV");
    let contacts = contacts_of(body, estate, is_ev);
    let Renewal { order, missing } = renewal_of(body, &changes(contacts.clone()));
    let missing: Vec<&str> = missing.into_iter().filter(|field| *field != "csr").collect();
    let (validated_until, lapsed) = validation(known, estate, now);
    let block = if !missing.is_empty() {
        let fields = missing.join(", ");
        Some((
            RenewalBlock::Incomplete,
            format!("the order does not show {fields}, which a new one needs"),
        ))
    } else if let Some(kind) = lapsed {
        Some((
            RenewalBlock::ValidationLapsed,
            format!("the {kind} validation of its organization does not hold: a new order would wait for it"),
        ))
    } else {
        missing_role(&contacts, is_ev)
    };
    Drafted {
        request: Some(Value::Object(order)),
        block,
        validated_until,
    }
}

/// The order that renews another, with its CSR.
#[must_use]
pub fn request_of(drafted: &Value, csr: &str) -> Value {
    let mut order = drafted.clone();
    if let Some(cert) = order.get_mut("cert").and_then(Value::as_object_mut) {
        cert.insert("csr".into(), csr.into());
    }
    order
}

fn changes(contacts: Vec<Value>) -> Map<String, Value> {
    let mut changes = Map::new();
    changes.insert("contacts".into(), contacts.into());
    changes
}

/// The ids of the contacts that an order names.
pub(super) fn contact_ids(order: &Value) -> impl Iterator<Item = &str> {
    let contacts = order.get("contacts").and_then(Value::as_array);
    let contacts = contacts.into_iter().flatten();
    contacts.filter_map(contact_id)
}

/// The contacts with the roles that an order names; those that are gone, or have none, are left out.
fn contacts_of(order: &Value, estate: &Estate, is_ev: bool) -> Vec<Value> {
    let named = contact_ids(order).filter_map(|id| {
        let roles = estate.roles(id)?.iter().filter(|role| is_named(role, is_ev));
        let roles: Vec<Value> = roles.map(|role| json!({ "type": role })).collect();
        (!roles.is_empty()).then(|| json!({ "id": id, "contactTypes": roles }))
    });
    named.collect()
}

fn missing_role(contacts: &[Value], is_ev: bool) -> Option<(RenewalBlock, String)> {
    let has = |role: &str| {
        let mut roles = contacts
            .iter()
            .filter_map(|contact| contact.get("contactTypes")?.as_array())
            .flatten();
        roles.any(|named| named.get("type").and_then(Value::as_str) == Some(role))
    };
    if !has(ORGANIZATION_CONTACT) {
        let why = "none of its contacts is there any more as an organization contact";
        return Some((RenewalBlock::ContactGone, why.into()));
    }
    (is_ev && !has(APPROVER)).then(|| {
        let why = "none of its contacts is there any more as an approver, which EV needs";
        (RenewalBlock::ApproverGone, why.into())
    })
}

/// Until when the validation holds that an order needs, and which one lapsed. A DV order needs none.
fn validation(known: &Known, estate: &Estate, now: Ms) -> (Option<Ms>, Option<&'static str>) {
    let kind = ["OV", "EV"]
        .into_iter()
        .find(|level| is_of_level(known.cert_type.as_deref(), level));
    let organization = known.organization.as_deref().and_then(|id| estate.organization(id));
    let (Some(kind), Some(organization)) = (kind, organization) else {
        return (None, None);
    };
    match organization.validity(kind, now) {
        Validity::Until(until) => (Some(until), None),
        Validity::Lapsed => (None, Some(kind)),
        Validity::Unsaid => (None, None),
    }
}

/// What findings say of an order that would be placed: what keeps it from being.
pub(super) fn of_findings(findings: &[Value]) -> Option<(RenewalBlock, String)> {
    let text = |finding: &Value, name: &str| finding.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let error = findings.iter().find(|finding| text(finding, "severity") == "error")?;
    let field = text(error, "field");
    let is_about_names = field.starts_with("cert.commonName") || field.starts_with("cert.dnsNames");
    let block = if is_about_names {
        RenewalBlock::Names
    } else {
        RenewalBlock::Request
    };
    let message = text(error, "message");
    let message = message.trim_end_matches('.');
    Some((block, format!("the order would be refused: {message}")))
}

/// The date as people write it.
pub(super) fn day(ms: Ms) -> String {
    let date = time::iso(ms);
    date.split('T').next().unwrap_or_default().to_owned()
}
