//! What is wrong with a new order or a reissue, before it costs a call, or money.

use std::collections::HashSet;

use serde_json::Value;

use super::error::Error;
use crate::{
    api::{
        contacts::ContactTypeName,
        id::ResourceId,
        model::Model,
        orders::{CertType, NewCert, NewOrder, Order, OrderContact, ValidationLevel},
    },
    pki::{self, Finding, OrderContext, Severity},
};

const GUIDE_CREATE: &str = "guide 7.4.1";
const GUIDE_CONTACTS: &str = "guide 7.2";
const GUIDE_REISSUE: &str = "guide 7.4.8.3";
const GUIDE_IDS: &str = "guide 8.7.1";

fn error(code: &'static str, field: impl Into<String>, message: impl Into<String>, source: &'static str) -> Finding {
    Finding {
        severity: Severity::Error,
        code,
        message: message.into(),
        field: Some(field.into()),
        source: Some(source),
    }
}

/// Everything that is wrong with a new order, or worth knowing before it is sent.
#[must_use]
pub fn check_order(order: &NewOrder) -> Vec<Finding> {
    let mut findings = required_fields(order);
    findings.extend(ids(order));
    findings.extend(approver(order));
    if let Some(cert) = &order.cert {
        let is_extended = level(order) == Some(ValidationLevel::Extended);
        findings.extend(names(cert, is_extended));
        let context = OrderContext {
            cert_type: order.cert_type.as_ref().map(ToString::to_string),
            common_name: cert.common_name.clone(),
            dns_names: Some(cert.dns_names.clone().unwrap_or_default()),
            ..OrderContext::default()
        };
        findings.extend(csr(cert, &context));
    }
    findings
}

/// Everything that is wrong with a reissue of an order, which may not be known.
#[must_use]
pub fn check_reissue(body: &Value, order: Option<&Order>) -> Vec<Finding> {
    let Some(changes) = body.get("cert") else {
        return Vec::new();
    };
    let changes: NewCert = Model::from(changes.clone()).view;
    let old = order.and_then(|order| order.cert.as_ref());
    let old_name = old.and_then(|cert| cert.common_name.clone());
    let mut findings = Vec::new();
    if let (Some(new), Some(old)) = (&changes.common_name, &old_name)
        && !new.eq_ignore_ascii_case(old)
    {
        findings.push(changed_common_name("cert.commonName", old));
    }
    let cert_type = order.and_then(|order| order.cert_type.as_ref());
    let is_extended = cert_type.and_then(CertType::level) == Some(ValidationLevel::Extended);
    findings.extend(names(&changes, is_extended));
    let context = OrderContext {
        cert_type: cert_type.map(ToString::to_string),
        common_name: old_name.clone(),
        dns_names: changes.dns_names.clone().or_else(|| old?.dns_names.clone()),
        is_reissue: true,
        ..OrderContext::default()
    };
    findings.extend(csr(&changes, &context).into_iter().map(|finding| match &old_name {
        // What only surprises in a new order is refused in a reissue.
        Some(old) if finding.code == "order_common_name_differs" => changed_common_name("cert.csr", old),
        _ => finding,
    }));
    findings
}

fn changed_common_name(field: &str, old: &str) -> Finding {
    let message = format!("A reissue can not change the common name, which is {old}: create a new order instead.");
    error("reissue_changes_common_name", field, message, GUIDE_REISSUE)
}

/// Refuses a call for everything that would fail.
///
/// # Errors
/// A `Validation` error with all findings, when one of them is an error.
pub fn refuse_errors(findings: Vec<Finding>) -> Result<(), Error> {
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Error::invalid(findings));
    }
    Ok(())
}

fn required_fields(order: &NewOrder) -> Vec<Finding> {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let cert = order.cert.as_ref();
    [
        ("organizationId", blank(&order.organization_id)),
        ("contacts", order.contacts.as_ref().is_none_or(Vec::is_empty)),
        ("certType", order.cert_type.is_none()),
        ("locale", blank(&order.locale)),
        ("provider", blank(&order.provider)),
        ("cert", cert.is_none()),
        ("cert.commonName", cert.is_some_and(|cert| blank(&cert.common_name))),
        ("cert.csr", cert.is_some_and(|cert| blank(&cert.csr))),
    ]
    .into_iter()
    .filter(|(_, missing)| *missing)
    .map(|(field, _)| error("required", field, format!("`{field}` is missing."), GUIDE_CREATE))
    .collect()
}

fn ids(order: &NewOrder) -> Vec<Finding> {
    let organization = order.organization_id.iter().map(|id| ("organizationId".to_owned(), id));
    let contacts = order.contacts.iter().flatten().enumerate();
    let contacts = contacts.filter_map(|(at, contact)| Some((format!("contacts[{at}].id"), contact.id.as_ref()?)));
    let filled = organization.chain(contacts).filter(|(_, id)| !id.trim().is_empty());
    filled
        .filter_map(|(field, id)| {
            let message = id.parse::<ResourceId>().err()?;
            Some(error("invalid_id", field, message, GUIDE_IDS))
        })
        .collect()
}

/// An EV order is approved by a contact, who gets a mail; without one it never goes on.
fn approver(order: &NewOrder) -> Option<Finding> {
    let approves = |contact: &OrderContact| {
        let mut types = contact.contact_types.iter().flatten();
        types.any(|of| of.type_ == Some(ContactTypeName::ExtendedValidationApprover))
    };
    if level(order) != Some(ValidationLevel::Extended) || order.contacts.iter().flatten().any(approves) {
        return None;
    }
    let message = "An EV order needs a contact of the type EXTENDED_VALIDATION_APPROVER, who approves it.";
    Some(error("ev_approver_missing", "contacts", message, GUIDE_CONTACTS))
}

fn level(order: &NewOrder) -> Option<ValidationLevel> {
    order.cert_type.as_ref()?.level()
}

/// The names that the certificate is to have.
fn names(cert: &NewCert, is_extended: bool) -> Vec<Finding> {
    let common_name = cert.common_name.iter().filter(|name| !name.trim().is_empty());
    let dns_names = cert.dns_names.iter().flatten().enumerate();
    let dns_names = dns_names.map(|(at, name)| (format!("cert.dnsNames[{at}]"), name));
    let mut findings = Vec::new();
    for (field, name) in common_name
        .map(|name| ("cert.commonName".to_owned(), name))
        .chain(dns_names.clone())
    {
        findings.extend(pki::check_dns_name(name, &field));
        if is_extended && name.starts_with("*.") {
            let message = format!("{name} is a wildcard, which an EV certificate can not have.");
            findings.push(error("ev_wildcard", field, message, "EV Guidelines 9.8.1"));
        }
    }
    let mut seen = HashSet::new();
    for (field, name) in dns_names {
        if !seen.insert(name.to_ascii_lowercase()) {
            findings.push(Finding {
                severity: Severity::Warning,
                code: "duplicate_dns_name",
                message: format!("{name} stands twice in `dnsNames`."),
                field: Some(field),
                source: Some(GUIDE_CREATE),
            });
        }
    }
    findings
}

/// The CSR, by itself and against the names that the certificate is to have.
fn csr(cert: &NewCert, context: &OrderContext) -> Vec<Finding> {
    let Some(text) = cert.csr.as_deref().filter(|text| !text.trim().is_empty()) else {
        return Vec::new();
    };
    let field = || Some("cert.csr".to_owned());
    match pki::check_csr_for_order(&pki::Input::from(text), context) {
        Ok(findings) => findings
            .into_iter()
            .map(|finding| Finding {
                field: field(),
                ..finding
            })
            .collect(),
        Err(unreadable) => {
            let message = format!("The CSR can not be read: {}", unreadable.message);
            vec![error("csr_unreadable", "cert.csr", message, "RFC 2986")]
        }
    }
}
