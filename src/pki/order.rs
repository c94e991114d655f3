//! What is wrong with an order or a reissue, before it costs a call, or money.

use crate::{
    error::ParseError,
    finding::Finding,
    inspect::inspect,
    paste::input::Input,
    rules::{
        self,
        context::Context,
        form::{FormCert, OrderForm, OrderOrganization, ReissueForm},
        inspected::Inspected,
        order::{JudgedOrder, OrderedRequest},
    },
};

/// Everything that is wrong with a new order, or worth knowing before it is sent. Errors first.
#[must_use]
pub fn check_order(order: &OrderForm, organization: Option<&OrderOrganization>) -> Vec<Finding> {
    with_request(order.cert.as_ref(), |request| {
        rules::of_order(&JudgedOrder::new(order, organization, request))
    })
}

/// Everything that is wrong with a reissue of an order, which may not be known. Errors first.
#[must_use]
pub fn check_reissue(changes: &ReissueForm, order: Option<&OrderForm>) -> Vec<Finding> {
    with_request(changes.cert.as_ref(), |request| {
        rules::of_order(&JudgedOrder::reissue(changes, order, request))
    })
}

/// Judges with the request in a form, if there is one.
fn with_request(cert: Option<&FormCert>, judge: impl Fn(OrderedRequest<'_>) -> Vec<Finding>) -> Vec<Finding> {
    let csr = cert.and_then(|cert| cert.csr.as_deref());
    let Some(csr) = csr.filter(|csr| !csr.trim().is_empty()) else {
        return judge(None);
    };
    let read: Result<Vec<Finding>, ParseError> =
        inspect(&Input::Text(csr), &Context::default(), |request: Inspected<'_>| {
            judge(Some(Ok(&request)))
        });
    read.unwrap_or_else(|unreadable| judge(Some(Err(&unreadable))))
}
