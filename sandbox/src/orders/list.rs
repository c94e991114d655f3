//! Orders that are there.

use core::cell::RefCell;
use std::collections::BTreeMap;

use super::reply::{shows_cert, status_of};
use super::shown::{respond, show_in_list};
use crate::call::Call;
use crate::clock::SECOND;
use crate::http::Response;
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::readings::{FreshOrder, Statuses, ValidUntil};
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

/// How long a fresh order is in no list, where it is not at once.
const UNLISTED: u64 = 30 * SECOND;

/// `orders.list` (guide 7.4.3): a page of the orders that pass every filter. `validUntil` passes the certificates that
/// end at that time or before.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let (query, readings, now) = (Query::of_list(&checker, call), call.readings, call.caller.now);
    let paging = Paging::of(&query, readings, SORTABLE);
    let provider_id = query.number("providerId", 0).map(u64::from);
    let organization = query.id("organizationId");
    let types = query.list(
        "certificateTypes",
        "must hold certificate types of the guide",
        CertType::parse,
    );
    let known = "must hold order statuses of the guide";
    let own_word = match readings.statuses {
        Statuses::Unseen => Some("DIGI_VETTING"),
        Statuses::British => Some("DIGI_CANCELLED"),
        Statuses::Known | Statuses::LowerCase => None,
    };
    let statuses = query.list("statuses", known, |word| {
        let word = word.to_ascii_uppercase();
        (Status::parse(&word).is_some() || own_word == Some(word.as_str())).then_some(word)
    });
    let common_names = query.list("commonNames", "", |name| Some(name.to_ascii_lowercase()));
    let valid_until = query.date("validUntil");
    checker.finish()?;
    let has_name = |order: &Order| {
        let name = &order.certificate.request.common_name;
        let is_found = readings.fresh_order != FreshOrder::NotByName || shows_cert(order, readings);
        is_found && common_names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
    };
    let ends = |order: &Order| {
        let until = order.certificate.valid_until();
        valid_until.is_none_or(|limit| match readings.valid_until {
            ValidUntil::ValidThen => until.is_some_and(|until| until >= limit),
            _ => until.is_some_and(|until| until <= limit),
        })
    };
    // Of all that an order has, its word depends on no more than this.
    let words = RefCell::new(BTreeMap::new());
    let has_status = |order: &Order| {
        let state = (order.status, order.certificate.issued.is_some());
        let is_among = || {
            statuses
                .iter()
                .any(|word| status_of(order, readings).eq_ignore_ascii_case(word))
        };
        *words.borrow_mut().entry(state).or_insert_with(is_among)
    };
    let passes = |order: &Order| {
        provider_id.is_none_or(|id| order.provider_id == Some(id))
            && organization.is_none_or(|id| order.organization == id)
            && (types.is_empty() || types.contains(&order.cert_type))
            && (statuses.is_empty() || has_status(order))
            && (common_names.is_empty() || has_name(order))
            && ends(order)
    };
    let rows = call.world.orders.iter().filter(|order| {
        let is_listed = readings.fresh_order != FreshOrder::NotListed || now.since(order.date_created) >= UNLISTED;
        order.account == call.caller.account && is_listed && passes(order.as_shown(now))
    });
    paging.respond(rows, |order| show_in_list(order, call))
}
