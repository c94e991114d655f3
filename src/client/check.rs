//! What is wrong with a new order or a reissue, before it costs a call, or money.

use std::collections::HashSet;

use serde_json::Value;

use super::error::Error;
use crate::{
    api::{
        contacts::ContactTypeName,
        id::ResourceId,
        model::Model,
        orders::{NewCert, NewOrder, Order, OrderContact, ValidationLevel},
    },
    pki::{self, Finding, Severity},
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
        findings.extend(names(cert));
        findings.extend(csr(cert.csr.as_deref(), &context_of(order, cert)));
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
        let message = format!("A reissue can not change the common name {old} to {new}: create a new order instead.");
        findings.push(error(
            "reissue_changes_common_name",
            "cert.commonName",
            message,
            GUIDE_REISSUE,
        ));
    }
    findings.extend(names(&changes));
    if changes.csr.is_some() {
        let context = OrderContext {
            common_name: old_name,
            dns_names: changes
                .dns_names
                .clone()
                .or_else(|| old.and_then(|cert| cert.dns_names.clone())),
            is_reissue: true,
            ..OrderContext::default()
        };
        findings.extend(csr(changes.csr.as_deref(), &context));
    }
    findings
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

/// What the CSR is held against.
fn context_of(order: &NewOrder, cert: &NewCert) -> OrderContext {
    OrderContext {
        cert_type: order.cert_type.as_ref().map(ToString::to_string),
        common_name: cert.common_name.clone(),
        dns_names: Some(cert.dns_names.clone().unwrap_or_default()),
        ..OrderContext::default()
    }
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
    let level = order.cert_type.as_ref()?.level()?;
    let approves = |contact: &OrderContact| {
        let mut types = contact.contact_types.iter().flatten();
        types.any(|of| of.type_ == Some(ContactTypeName::ExtendedValidationApprover))
    };
    if level != ValidationLevel::Extended || order.contacts.iter().flatten().any(approves) {
        return None;
    }
    let message = "An EV order needs a contact of the type EXTENDED_VALIDATION_APPROVER, who approves it.";
    Some(error("ev_approver_missing", "contacts", message, GUIDE_CONTACTS))
}

/// The names that the certificate is to have.
fn names(cert: &NewCert) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(name) = cert.common_name.as_deref().filter(|name| !name.trim().is_empty()) {
        findings.extend(check_dns_name(name, "cert.commonName"));
    }
    let mut seen = HashSet::new();
    for (at, name) in cert.dns_names.iter().flatten().enumerate() {
        let field = format!("cert.dnsNames[{at}]");
        findings.extend(check_dns_name(name, &field));
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

fn csr(text: Option<&str>, context: &OrderContext) -> Vec<Finding> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Vec::new();
    };
    let _ = context;
    pki::parse_csr(&pki::Input::from(text))
        .map(|_| Vec::new())
        .unwrap_or_else(|unreadable| {
            vec![error(
                "csr_unreadable",
                "cert.csr",
                format!("The CSR can not be read: {}", unreadable.message),
                "RFC 2986",
            )]
        })
}

/// What a CSR is held against.
#[derive(Default)]
#[allow(dead_code, reason = "the CSR's findings come next")]
struct OrderContext {
    cert_type: Option<String>,
    common_name: Option<String>,
    dns_names: Option<Vec<String>>,
    is_reissue: bool,
}

fn check_dns_name(_name: &str, _field: &str) -> Vec<Finding> {
    Vec::new()
}
