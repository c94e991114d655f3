//! The service's endpoints: one row each (guide 5 and 7). Everything else about a call follows from its row.

use serde::Serialize;

use super::{
    query::{Parameter, list, text},
    reply::Form,
    request::{Method, Service},
};

/// One endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// The call's name, as the JavaScript API has it: `orders.get`.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Whose path it is.
    pub service: Service,
    /// The path under the service's base address; `{id}` and `{historyId}` are UUIDs.
    pub path: &'static str,
    /// The query parameters beside those of paging.
    pub query: &'static [Parameter],
    /// The JSON body.
    pub body: Payload,
    /// What a success replies with.
    pub reply: Form,
    /// Whether it changes anything.
    pub writes: bool,
    /// Whether it costs money.
    pub costs: bool,
    /// Whether part of the request is a guess that nobody has confirmed.
    pub inferred: bool,
    /// The section of the vendor's guide; empty for what the guide does not name.
    pub guide: &'static str,
}

/// What a call's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Payload {
    /// There is none.
    None,
    /// What the caller gives.
    Given,
    /// What the caller gives, or `{}`: the service refuses an empty body.
    OrEmpty,
}

use Form::{File, List, Nothing, Object};
use Payload::{Given, OrEmpty};

/// A list whose items are in `content`.
const PAGE: Form = Form::Page { items: "content" };

/// Every endpoint.
pub const ENDPOINTS: &[Endpoint] = &[
    post("tokens.authenticate", "/auth/authenticate", Given, Form::Any)
        .auth()
        .reads()
        .guide("5.2.1"),
    get("tokens.refresh", "/auth/refresh", Form::Any)
        .auth()
        .inferred()
        .guide("5.2.2"),
    get("groups.list", "/group", Form::Page { items: "groups" }).auth(),
    post("organizations.create", "/organization", Given, Object).guide("7.1.1"),
    get("organizations.get", "/organization/{id}", Object).guide("7.1.2"),
    get("organizations.list", "/organization", PAGE)
        .query(&[text("name"), text("providerId")])
        .guide("7.1.3"),
    get("organizations.history.list", "/organization/{id}/history", PAGE)
        .query(HISTORY)
        .inferred()
        .guide("7.1.4"),
    get(
        "organizations.history.get",
        "/organization/{id}/history/{historyId}",
        Object,
    )
    .guide("7.1.5"),
    post("contacts.create", "/contact", Given, Object).guide("7.2.1"),
    get("contacts.get", "/contact/{id}", Object).guide("7.2.2"),
    get("contacts.list", "/contact", PAGE)
        .query(&[text("email")])
        .inferred()
        .guide("7.2.3"),
    patch("contacts.update", "/contact/{id}", Given).guide("7.2.4"),
    delete("contacts.delete", "/contact/{id}").guide("7.2.5"),
    get("contacts.history.list", "/contact/{id}/history", PAGE)
        .query(HISTORY)
        .inferred()
        .guide("7.2.6"),
    get("contacts.history.get", "/contact/{id}/history/{historyId}", Object).guide("7.2.7"),
    post("certs.parse", "/cert/parse", Given, List)
        .reads()
        .inferred()
        .guide("7.3.1"),
    post("orders.create", "/order", Given, Object).costs().guide("7.4.1"),
    get("orders.get", "/order/{id}", Object).guide("7.4.2"),
    get("orders.list", "/order", PAGE)
        .query(&[
            text("providerId"),
            text("organizationId"),
            list("certificateTypes"),
            list("statuses"),
            list("commonNames"),
            text("validUntil"),
        ])
        .inferred()
        .guide("7.4.3"),
    get("orders.prices", "/order/prices", List).guide("7.4.4"),
    get("orders.download", "/order/{id}/downloadCert", File)
        .query(&[text("format")])
        .guide("7.4.5"),
    get("orders.history.list", "/order/{id}/history", PAGE)
        .query(HISTORY)
        .inferred()
        .guide("7.4.6"),
    get("orders.history.get", "/order/{id}/history/{historyId}", Object).guide("7.4.7"),
    patch("orders.cancel", "/order/{id}/cancel", OrEmpty).guide("7.4.8.1"),
    patch("orders.revoke", "/order/{id}/revoke", OrEmpty).guide("7.4.8.2"),
    patch("orders.reissue", "/order/{id}/reissue", OrEmpty).guide("7.4.8.3"),
    patch("orders.sendDcvEmail", "/order/{id}/sendDcvEmail", OrEmpty)
        .inferred()
        .guide("7.4.8.4"),
    patch("orders.validateDomains", "/order/{id}/validateDomains", OrEmpty)
        .inferred()
        .guide("7.4.8.5"),
    patch(
        "orders.updateAdditionalEmails",
        "/order/{id}/updateAdditionalEmails",
        OrEmpty,
    )
    .inferred()
    .guide("7.4.8.6"),
    patch(
        "orders.sendCertificateEmail",
        "/order/{id}/sendCertificateEmail",
        OrEmpty,
    )
    .inferred()
    .guide("7.4.8.7"),
];

/// The filter of a history; the guide names it, not its parameters.
const HISTORY: &[Parameter] = &[text("userId"), text("text")];

const fn row(method: Method, operation: &'static str, path: &'static str, body: Payload, reply: Form) -> Endpoint {
    Endpoint {
        operation,
        method,
        service: Service::Certs,
        path,
        query: &[],
        body,
        reply,
        writes: !matches!(method, Method::Get),
        costs: false,
        inferred: false,
        guide: "",
    }
}

const fn get(operation: &'static str, path: &'static str, reply: Form) -> Endpoint {
    row(Method::Get, operation, path, Payload::None, reply)
}

const fn post(operation: &'static str, path: &'static str, body: Payload, reply: Form) -> Endpoint {
    row(Method::Post, operation, path, body, reply)
}

const fn patch(operation: &'static str, path: &'static str, body: Payload) -> Endpoint {
    row(Method::Patch, operation, path, body, Object)
}

const fn delete(operation: &'static str, path: &'static str) -> Endpoint {
    row(Method::Delete, operation, path, Payload::None, Nothing)
}

impl Endpoint {
    const fn auth(mut self) -> Self {
        self.service = Service::Auth;
        self
    }

    const fn query(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    const fn reads(mut self) -> Self {
        self.writes = false;
        self
    }

    const fn costs(mut self) -> Self {
        self.costs = true;
        self
    }

    const fn inferred(mut self) -> Self {
        self.inferred = true;
        self
    }

    const fn guide(mut self, section: &'static str) -> Self {
        self.guide = section;
        self
    }

    /// The endpoint of that name.
    #[must_use]
    pub fn of(operation: &str) -> Option<&'static Self> {
        ENDPOINTS.iter().find(|endpoint| endpoint.operation == operation)
    }

    /// The names between the path's braces.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_operation_and_each_method_with_its_path_is_there_once() {
        let names: BTreeSet<_> = ENDPOINTS.iter().map(|row| row.operation).collect();
        let calls: BTreeSet<_> = ENDPOINTS
            .iter()
            .map(|row| format!("{} {:?}{}", row.method.as_str(), row.service, row.path))
            .collect();
        assert_eq!((names.len(), calls.len()), (ENDPOINTS.len(), ENDPOINTS.len()));
    }

    #[test]
    fn a_get_has_no_body_and_what_has_one_says_so() {
        for row in ENDPOINTS {
            let may_have_body = matches!(row.method, Method::Post | Method::Patch | Method::Put);
            assert_eq!(row.body != Payload::None, may_have_body, "{}", row.operation);
            assert!(row.writes || !row.costs, "{}", row.operation);
        }
    }
}
