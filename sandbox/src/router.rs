//! The table of operations: which request each of them is, and what answers it.

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::auth::Authority;
use crate::call::{Call, Ids};
use crate::clock::Timestamp;
use crate::http::{Request, Response};
use crate::readings::Readings;
use crate::refusal::Refusal;
use crate::text::parse_id;
use crate::{certs, contacts, groups, history, orders, organizations};

/// A call of the service: what docs/openapi.yaml says of it, and what answers it here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// Its operationId.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) handler: Handler,
}

/// What answers an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handler {
    /// Before it is known who calls.
    Authentication(fn(&mut Authority, &Request, Timestamp, &Readings) -> Result<Response, Refusal>),
    /// With the credentials of a caller.
    Call(fn(&mut Call<'_>) -> Result<Response, Refusal>),
}

/// Every operation. Of two paths that match, the upper one counts; methods are offered in this order.
pub(crate) const OPERATIONS: &[Operation] = &[
    token(
        "tokens.authenticate",
        "POST",
        "/auth/v1/auth/authenticate",
        Authority::authenticate,
    ),
    token("tokens.refresh", "GET", "/auth/v1/auth/refresh", Authority::refresh),
    call("groups.list", "GET", "/auth/v1/group", groups::list),
    call(
        "organizations.list",
        "GET",
        "/certs/v1/organization",
        organizations::list,
    ),
    call(
        "organizations.create",
        "POST",
        "/certs/v1/organization",
        organizations::create,
    ),
    call(
        "organizations.get",
        "GET",
        "/certs/v1/organization/{id}",
        organizations::get,
    ),
    call(
        "organizations.history.list",
        "GET",
        "/certs/v1/organization/{id}/history",
        history::list_of_organization,
    ),
    call(
        "organizations.history.get",
        "GET",
        "/certs/v1/organization/{id}/history/{historyId}",
        history::get_of_organization,
    ),
    call("contacts.list", "GET", "/certs/v1/contact", contacts::list),
    call("contacts.create", "POST", "/certs/v1/contact", contacts::create),
    call("contacts.get", "GET", "/certs/v1/contact/{id}", contacts::get),
    call("contacts.update", "PATCH", "/certs/v1/contact/{id}", contacts::update),
    call("contacts.delete", "DELETE", "/certs/v1/contact/{id}", contacts::delete),
    call(
        "contacts.history.list",
        "GET",
        "/certs/v1/contact/{id}/history",
        history::list_of_contact,
    ),
    call(
        "contacts.history.get",
        "GET",
        "/certs/v1/contact/{id}/history/{historyId}",
        history::get_of_contact,
    ),
    call("certs.parse", "POST", "/certs/v1/cert/parse", certs::parse),
    call("orders.list", "GET", "/certs/v1/order", orders::list),
    call("orders.create", "POST", "/certs/v1/order", orders::create),
    call("orders.prices", "GET", "/certs/v1/order/prices", orders::prices),
    call("orders.get", "GET", "/certs/v1/order/{id}", orders::get),
    call(
        "orders.download",
        "GET",
        "/certs/v1/order/{id}/downloadCert",
        orders::download,
    ),
    call(
        "orders.history.list",
        "GET",
        "/certs/v1/order/{id}/history",
        history::list_of_order,
    ),
    call(
        "orders.history.get",
        "GET",
        "/certs/v1/order/{id}/history/{historyId}",
        history::get_of_order,
    ),
    call("orders.cancel", "PATCH", "/certs/v1/order/{id}/cancel", orders::cancel),
    call("orders.revoke", "PATCH", "/certs/v1/order/{id}/revoke", orders::revoke),
    call(
        "orders.reissue",
        "PATCH",
        "/certs/v1/order/{id}/reissue",
        orders::reissue,
    ),
    call(
        "orders.sendDcvEmail",
        "PATCH",
        "/certs/v1/order/{id}/sendDcvEmail",
        orders::send_dcv_email,
    ),
    call(
        "orders.validateDomains",
        "PATCH",
        "/certs/v1/order/{id}/validateDomains",
        orders::validate_domains,
    ),
    call(
        "orders.updateAdditionalEmails",
        "PATCH",
        "/certs/v1/order/{id}/updateAdditionalEmails",
        orders::update_additional_emails,
    ),
    call(
        "orders.sendCertificateEmail",
        "PATCH",
        "/certs/v1/order/{id}/sendCertificateEmail",
        orders::send_certificate_email,
    ),
];

const fn token(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    handler: fn(&mut Authority, &Request, Timestamp, &Readings) -> Result<Response, Refusal>,
) -> Operation {
    Operation {
        name,
        method,
        path,
        handler: Handler::Authentication(handler),
    }
}

const fn call(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    handler: fn(&mut Call<'_>) -> Result<Response, Refusal>,
) -> Operation {
    Operation {
        name,
        method,
        path,
        handler: Handler::Call(handler),
    }
}

/// Finds what answers a request: 404 for a path of no operation, 400 for an id that is not a UUID, 405 for a method
/// that the path does not have.
pub(crate) fn route(request: &Request) -> Result<(Handler, Ids), Refusal> {
    let segments = segments_of(&request.path);
    let found = OPERATIONS.iter().find(|operation| matches(operation.path, &segments));
    let path = found.ok_or_else(|| Refusal::not_found("path"))?.path;
    let ids = ids_of(path, &segments)?;
    let methods = OPERATIONS.iter().filter(|operation| operation.path == path);
    match methods.clone().find(|operation| operation.method == request.method) {
        Some(operation) => Ok((operation.handler, ids)),
        None => Err(Refusal::Method(methods.map(|operation| operation.method).collect())),
    }
}

/// The parts of a path, decoded. The guide writes the base of the certificate service both ways; they are one.
fn segments_of(path: &str) -> Vec<String> {
    let mut segments: Vec<_> = path
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    if let [_, base, version, ..] = segments.as_mut_slice()
        && base == "cert"
        && version == "v1"
    {
        "certs".clone_into(base);
    }
    segments
}

fn matches(path: &str, segments: &[String]) -> bool {
    path.split('/').count() == segments.len()
        && path
            .split('/')
            .zip(segments)
            .all(|(part, segment)| part.starts_with('{') || part == segment)
}

fn ids_of(path: &str, segments: &[String]) -> Result<Ids, Refusal> {
    let mut ids = Ids::default();
    for (part, segment) in path.split('/').zip(segments) {
        match part {
            "{id}" => ids.id = uuid("id", segment)?,
            "{historyId}" => ids.history_id = uuid("historyId", segment)?,
            _ => {}
        }
    }
    Ok(ids)
}

fn uuid(field: &str, text: &str) -> Result<Uuid, Refusal> {
    parse_id(text).ok_or_else(|| Refusal::invalid(field, "INVALID_VALUE", format!("{field} must be a UUID.")))
}
