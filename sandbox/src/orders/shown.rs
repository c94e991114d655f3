//! What orders show under the readings: each is written as it is, and then changed.

use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::reply::OrderReply;
use crate::call::Call;
use crate::http::Response;
use crate::readings::{DcvToken, ListItems, Names, OrderContacts, Readings, Statuses, Types};
use crate::refusal::Refusal;
use crate::world::Order;

/// An order as it is, or as the readings have it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Shown<'a> {
    AsItIs(Box<OrderReply<'a>>),
    Changed(Value),
}

/// The response that is about one order alone.
pub(super) fn respond(call: &Call<'_>, id: Uuid, status: u16) -> Result<Response, Refusal> {
    Ok(Response::json(status, &shown(call.order(id)?, call, ListItems::Whole)))
}

/// The order in a list.
pub(super) fn show_in_list<'a>(order: &'a Order, call: &'a Call<'_>) -> Shown<'a> {
    shown(order, call, call.readings.list_items)
}

fn shown<'a>(order: &'a Order, call: &'a Call<'_>, parts: ListItems) -> Shown<'a> {
    let order = order.as_shown(call.caller.now);
    let reply = OrderReply::of(order, call);
    let readings = call.readings;
    let as_it_is = Readings {
        list_items: ListItems::Whole,
        names: Names::AsSent,
        order_contacts: OrderContacts::Ids,
        dcv_token: DcvToken::Nowhere,
        types: Types::Known,
        statuses: if readings.statuses == Statuses::LowerCase {
            Statuses::Known
        } else {
            readings.statuses
        },
        ..*readings
    };
    if as_it_is
        == (Readings {
            list_items: parts,
            ..*readings
        })
    {
        return Shown::AsItIs(Box::new(reply));
    }
    let mut value = json!(reply);
    if let Value::Object(fields) = &mut value {
        change(fields, order, call, parts);
    }
    Shown::Changed(value)
}

fn change(fields: &mut Map<String, Value>, order: &Order, call: &Call<'_>, parts: ListItems) {
    let cert_type = order.cert_type.text();
    match call.readings.types {
        Types::Known => {}
        Types::Unseen => drop(fields.insert("certType".into(), format!("{cert_type}_2").into())),
        Types::LowerCase => drop(fields.insert("certType".into(), cert_type.to_ascii_lowercase().into())),
    }
    if call.readings.order_contacts == OrderContacts::Objects {
        let contacts = order.contacts.iter().filter_map(|id| call.world.contacts.get(*id));
        let objects =
            contacts.map(|contact| json!({ "id": contact.id, "contactTypes": contact.details.contact_types }));
        fields.insert("contacts".into(), objects.collect());
    }
    if parts == ListItems::WithoutCert {
        fields.remove("cert");
    }
    if let Some(Value::Object(cert)) = fields.get_mut("cert") {
        change_cert(cert, order, call.readings, parts);
    }
}

/// What `without-details` leaves out of a list.
const DETAILS: [&str; 5] = ["commonName", "dnsNames", "csr", "dateValidUntil", "daysRemaining"];

fn change_cert(cert: &mut Map<String, Value>, order: &Order, readings: &Readings, parts: ListItems) {
    if readings.statuses == Statuses::LowerCase
        && let Some(Value::String(word)) = cert.get_mut("revokeStatus")
    {
        word.make_ascii_lowercase();
    }
    if readings.dcv_token == DcvToken::InCert {
        cert.insert("dcvToken".into(), dcv_token(order).into());
    }
    let request = &order.certificate.request;
    let written = |name: &String| match readings.names {
        Names::LowerCase => name.to_lowercase(),
        Names::UpperCase => name.to_uppercase(),
        Names::AsSent | Names::WithCommonName => name.clone(),
    };
    let mut names: Vec<String> = request.dns_names.iter().map(written).collect();
    if readings.names == Names::WithCommonName {
        names.push(request.common_name.clone());
        names.sort_unstable();
        names.dedup();
    }
    cert.insert("commonName".into(), written(&request.common_name).into());
    cert.insert("dnsNames".into(), names.into());
    if parts == ListItems::WithoutDetails {
        cert.retain(|name, _| !DETAILS.contains(&name.as_str()));
    }
}

/// The token by which control of an order's domains is shown.
pub(super) fn dcv_token(order: &Order) -> String {
    format!("sandbox-{}", order.id.simple())
}
