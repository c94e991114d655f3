//! The service's endpoints: one row each (guide 5 and 7). Everything else about a call follows from its row.

use super::{
    reply::Form,
    row::{Endpoint, Parameter, Payload, delete, get, list, patch, post, text},
};

use Form::{File, List, Object};
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

impl Endpoint {
    /// The endpoint of that name.
    #[must_use]
    pub fn of(operation: &str) -> Option<&'static Self> {
        ENDPOINTS.iter().find(|endpoint| endpoint.operation == operation)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::row::Method;

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
