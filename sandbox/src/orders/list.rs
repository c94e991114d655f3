//! Orders that are there.

use super::reply::{OrderReply, respond};
use crate::call::Call;
use crate::http::Response;
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::validate::Checker;
use crate::words::{CertType, Status};
use crate::world::Order;

const SORTABLE: &[Sortable<Order>] = &[
    ("status", |order| Key::Text(order.status.text().to_owned())),
    ("certType", |order| Key::Text(order.cert_type.text().to_owned())),
    ("providerId", |order| Key::Number(order.provider_id)),
    ("dateCreated", |order| Key::Number(Some(order.date_created.ms()))),
    ("dateUpdated", |order| Key::Number(Some(order.date_updated.ms()))),
];

/// `orders.get` (guide 7.4.2).
pub(crate) fn get(call: &mut Call<'_>) -> Result<Response, Refusal> {
    respond(call, call.ids.id, 200)
}

/// `orders.list` (guide 7.4.3): a page of the orders that pass every filter. `validUntil` passes the certificates that
/// end at that time or before.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let query = Query::new(&checker, call.query());
    let paging = Paging::of(&query, SORTABLE);
    let provider_id = query.number("providerId", 0).map(u64::from);
    let organization = query.id("organizationId");
    let types = query.list(
        "certificateTypes",
        "must hold certificate types of the guide",
        CertType::parse,
    );
    let statuses = query.list("statuses", "must hold order statuses of the guide", Status::parse);
    let common_names = query.list("commonNames", "", |name| Some(name.to_ascii_lowercase()));
    let valid_until = query.date("validUntil");
    checker.finish()?;
    let rows = call.world.orders.iter().filter(|order| {
        order.account == call.caller.account
            && provider_id.is_none_or(|id| order.provider_id == Some(id))
            && organization.is_none_or(|id| order.organization == id)
            && (types.is_empty() || types.contains(&order.cert_type))
            && (statuses.is_empty() || statuses.contains(&order.status))
            && (common_names.is_empty()
                || common_names
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(&order.certificate.request.common_name)))
            && valid_until.is_none_or(|limit| order.certificate.valid_until().is_some_and(|until| until <= limit))
    });
    Ok(paging.respond(rows, |order| OrderReply::of(order, &call.world.ca, call.caller.now)))
}
