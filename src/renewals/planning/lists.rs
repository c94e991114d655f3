//! What is asked of lists, and looked at in them.

use api::facts::OrderStatus;

/// The statuses of orders that have a certificate or will have one. Those that ended are many after a while.
pub(super) fn statuses() -> Vec<String> {
    let with_certificate = [OrderStatus::Issued, OrderStatus::Revoked, OrderStatus::ReissueFailed];
    let with_certificate = with_certificate.iter().map(|status| status.as_str().to_owned());
    let under_way = OrderStatus::under_way().map(str::to_owned);
    with_certificate.chain(under_way).collect()
}

/// The names of the fields of a list that are looked at, at any depth.
#[must_use]
pub fn fields() -> Vec<&'static str> {
    use api::{
        facts::{Fact as _, OrderFacts, OrganizationFacts},
        renewal::{TAKEN, TAKEN_OF_CERT},
    };
    let mut names = vec![
        "contacts",
        "contactTypes",
        "dateValidFrom",
        "dnsName",
        "emailDomain",
        "email",
    ];
    names.extend(TAKEN.iter().chain(&TAKEN_OF_CERT));
    OrderFacts::names(&mut names);
    OrganizationFacts::names(&mut names);
    names.sort_unstable();
    names.dedup();
    // Most of an order, and nothing is decided by it here.
    names.retain(|name| *name != "endEntityCert");
    names
}
