//! What a certificate authority will say: one file per subject, a table of rules in each. A rule is a row, with one small
//! function that checks it; `docs/findings.md` is generated from the rows.
//!
//! Rules look at what was read. They read nothing themselves, and know no clock: the time is part of what they are given.

mod bundle;
mod certificate;
pub(crate) mod context;
mod creation;
pub(crate) mod dns_name;
mod extensions;
pub(crate) mod form;
mod garbled;
pub(crate) mod inspected;
pub(crate) mod inspected_bundle;
pub(crate) mod judged_order;
mod key;
mod names;
mod order;
mod order_values;
mod path;
mod profile;
pub(crate) mod rule;
mod san;
mod shown;
mod signature;
mod structure;
mod subject;

use finding::{Finding, Severity};

#[cfg(not(target_arch = "wasm32"))]
use crate::rules::rule::{RuleDoc, rows};
use crate::{
    rules::{
        dns_name::{DnsName, folded},
        inspected::Inspected,
        inspected_bundle::InspectedBundle,
        judged_order::JudgedOrder,
        rule::{Findings, apply},
    },
    verify::signature_status::SignatureStatus,
};

/// All findings about a request, but those about the status of its signature. Errors first.
pub(crate) fn of_request(inspected: &Inspected<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    apply(structure::rules(), inspected, &mut findings);
    apply(key::rules(), &inspected.key(), &mut findings);
    for table in [signature::rules(), subject::rules(), san::rules()] {
        apply(table, inspected, &mut findings);
    }
    for name in inspected.all_dns_names() {
        apply(names::rules(), &name, &mut findings);
    }
    apply(extensions::rules(), inspected, &mut findings);
    apply(order::rules(), &JudgedOrder::of_request(inspected), &mut findings);
    sorted(findings.all())
}

/// All findings about an order, but those about the status of its request's signature.
pub(crate) fn of_order(order: &JudgedOrder<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    apply(order::rules(), order, &mut findings);
    apply(order_values::rules(), order, &mut findings);
    for name in &order.names {
        apply(names::rules(), name, &mut findings);
    }
    let mut findings = findings.all();
    if let Some(request) = order.request {
        findings.append(&mut judged_order::in_csr(of_ordered_request(order, request)));
    }
    sorted(findings)
}

/// What an order's request makes of the order: what is wrong with its key and its signature; and of all else the errors, for
/// what is only remarkable in it the certificate authority does not honour. Names that the order has too are named there.
fn of_ordered_request(order: &JudgedOrder<'_>, request: &Inspected<'_>) -> Vec<Finding> {
    let (mut decisive, mut others) = (Findings::default(), Findings::default());
    apply(key::rules(), &request.key(), &mut decisive);
    apply(signature::rules(), request, &mut decisive);
    for table in [structure::rules(), subject::rules(), san::rules(), extensions::rules()] {
        apply(table, request, &mut others);
    }
    let ordered = order.folded_names();
    for name in request.all_dns_names() {
        // In the request white space is part of a name; around those of the order it does not count.
        if name.name != name.name.trim() || !ordered.has(&folded(name.name)) {
            apply(names::rules(), &name, &mut others);
        }
    }
    let (mut findings, mut errors) = (decisive.all(), others.all());
    errors.retain(|found| found.severity == Severity::Error);
    findings.append(&mut errors);
    findings
}

/// The findings about a DNS name.
pub(crate) fn of_dns_name(name: &DnsName<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    apply(names::rules(), name, &mut findings);
    findings.all()
}

/// These findings, and those about the status of the signature.
pub(crate) fn of_status(status: SignatureStatus, mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut of_status = Findings::default();
    apply(signature::status_rules(), &status, &mut of_status);
    findings.append(&mut of_status.all());
    sorted(findings)
}

/// The same of an order's request.
pub(crate) fn of_ordered_status(status: SignatureStatus, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.append(&mut judged_order::in_csr(of_status(status, Vec::new())));
    sorted(findings)
}

/// What is wrong with a bundle, as far as it is known.
pub(crate) fn of_bundle(inspected: &InspectedBundle<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    apply(bundle::rules(), inspected, &mut findings);
    apply(path::rules(), inspected, &mut findings);
    profile::apply_all(inspected, &mut findings);
    certificate::apply_all(inspected.chain, &mut findings);
    apply(bundle::signature_rules(), inspected, &mut findings);
    sorted(findings.all())
}

/// Errors first, then warnings; in their own order otherwise.
fn sorted(findings: Vec<Finding>) -> Vec<Finding> {
    let [mut errors, mut warnings, mut others] = [const { Vec::new() }; 3];
    for finding in findings {
        match finding.severity {
            Severity::Error => errors.push(finding),
            Severity::Warning => warnings.push(finding),
            Severity::Info => others.push(finding),
        }
    }
    errors.append(&mut warnings);
    errors.append(&mut others);
    errors
}

/// All rules by what they are about, for the documentation. A code that requests and certificates share is that of one row.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn rules() -> Vec<(&'static str, Vec<RuleDoc>)> {
    let of_certificates = [
        (
            "Certificates and bundles",
            [
                rows(bundle::rules()),
                rows(path::rules()),
                rows(profile::rules()),
                rows(bundle::signature_rules()),
            ]
            .concat(),
        ),
        (
            "Certificates of TLS servers, by when they were issued",
            certificate::rules()
                .iter()
                .flat_map(|dated| rows(core::slice::from_ref(&dated.rule)))
                .collect(),
        ),
    ];
    let mut all = vec![
        ("The encoding", rows(structure::rules())),
        ("The key", rows(key::rules())),
        (
            "The signature",
            [rows(signature::rules()), rows(signature::status_rules())].concat(),
        ),
        ("The subject", rows(subject::rules())),
        ("The names, taken together", rows(san::rules())),
        ("Each DNS name", rows(names::rules())),
        ("Requested extensions and attributes", rows(extensions::rules())),
        (
            "An order and its request",
            [rows(order::rules()), rows(order_values::rules())].concat(),
        ),
    ];
    for (subject, mut rows) in of_certificates {
        rows.retain(|row| {
            !all.iter()
                .any(|(_, others)| others.iter().any(|other| other.code == row.code))
        });
        all.push((subject, rows));
    }
    all.push(("Making a request", rows(creation::rules())));
    all
}
