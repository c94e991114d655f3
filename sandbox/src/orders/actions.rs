//! `PATCH /order/{id}/{action}` (guide 7.4.8).

use serde_json::Value;
use uuid::Uuid;

use super::create::read_changes;
use super::{Order, respond};
use crate::auth::Caller;
use crate::http::Response;
use crate::lifecycle;
use crate::refusal::Refusal;
use crate::validate::{Checker, Fields, Text};
use crate::words::{Status, ValidationType};
use crate::world::World;

/// What can be done with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Cancel,
    Revoke,
    Reissue,
    SendDcvEmail,
    ValidateDomains,
    UpdateAdditionalEmails,
    SendCertificateEmail,
}

impl Action {
    /// The action of a path's last part.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "cancel" => Self::Cancel,
            "revoke" => Self::Revoke,
            "reissue" => Self::Reissue,
            "sendDcvEmail" => Self::SendDcvEmail,
            "validateDomains" => Self::ValidateDomains,
            "updateAdditionalEmails" => Self::UpdateAdditionalEmails,
            "sendCertificateEmail" => Self::SendCertificateEmail,
            _ => return None,
        })
    }
}

/// Does it, if the order's state allows, and answers with the order as it then is.
pub(crate) fn act(
    world: &mut World,
    caller: &Caller,
    id: Uuid,
    action: Action,
    body: &Value,
) -> Result<Response, Refusal> {
    let order = world.order(id, caller)?.clone();
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, body);
    match action {
        Action::Cancel => cancel(world, caller, &order, &fields)?,
        Action::Revoke => revoke(world, caller, &order, &fields)?,
        Action::Reissue => reissue(world, caller, &order, &fields)?,
        Action::SendDcvEmail => send_dcv_email(world, caller, &order, &fields)?,
        Action::ValidateDomains => validate_domains(world, caller, &order, &fields)?,
        Action::UpdateAdditionalEmails => update_additional_emails(world, caller, &order, &fields)?,
        Action::SendCertificateEmail => send_certificate_email(world, caller, &order, &fields)?,
    }
    respond(world, caller, id, 200)
}

fn note(world: &mut World, caller: &Caller, id: Uuid, text: &str) {
    world.change_order(id, caller.now, Some(&caller.username), text, |_| ());
}

fn refused(order: &Order, what: &str) -> Refusal {
    Refusal::conflict(
        "STATUS_NOT_ALLOWED",
        format!("The order is {}: {what} in another status only.", order.status.text()),
    )
}

/// An order that is not issued yet ends; a pending reissue ends and leaves the certificate as it was (guide 7.4.8.1).
fn cancel(world: &mut World, caller: &Caller, order: &Order, fields: &Fields<'_>) -> Result<(), Refusal> {
    fields.finish()?;
    let (status, text) = match order.status {
        Status::Created | Status::Pending | Status::WaitingPickup => (Status::Canceled, "The order was canceled."),
        Status::DigiReissuePending => (Status::Issued, "The reissue was canceled."),
        _ => return Err(refused(order, "an order is canceled")),
    };
    lifecycle::divert(world, order.id, caller, status, text);
    Ok(())
}

/// An issued certificate is revoked, for ever (guide 7.4.8.2).
fn revoke(world: &mut World, caller: &Caller, order: &Order, fields: &Fields<'_>) -> Result<(), Refusal> {
    fields.finish()?;
    let is_issued = matches!(order.status, Status::Issued | Status::ReissueFailed) && order.certificate.pem().is_some();
    if !is_issued {
        return Err(refused(order, "a certificate is revoked"));
    }
    if order.certificate.revoke_status.is_some() {
        return Err(Refusal::conflict(
            "ALREADY_REVOKED",
            "The revocation was asked for before.",
        ));
    }
    lifecycle::start_revocation(world, order.id, caller);
    Ok(())
}

/// A new certificate for the same common name (guide 7.4.8.3).
fn reissue(world: &mut World, caller: &Caller, order: &Order, fields: &Fields<'_>) -> Result<(), Refusal> {
    let cert = fields.object("cert");
    let common_name = cert.optional_text("commonName", Text::CommonName);
    let request = read_changes(&cert, &order.certificate.request);
    let ignores_organization = fields.flag("ignoreOrgCheck").unwrap_or(false);
    let emails = fields.texts("additionalEmails", Text::Email);
    fields.finish()?;
    if common_name.is_some_and(|name| !name.eq_ignore_ascii_case(&request.common_name)) {
        return Err(Refusal::conflict(
            "COMMON_NAME_FIXED",
            "The common name cannot change in a reissue.",
        ));
    }
    if order.status != Status::Issued || order.certificate.pem().is_none() || order.certificate.revoke_status.is_some()
    {
        return Err(refused(order, "a certificate is reissued"));
    }
    if let Some(emails) = emails {
        set_additional_emails(world, caller, order.id, emails);
    }
    lifecycle::start_reissue(world, order.id, caller, request, ignores_organization);
    Ok(())
}

/// Sends domains of an OV or EV order to validation (guide 7.4.8.5).
fn validate_domains(world: &mut World, caller: &Caller, order: &Order, fields: &Fields<'_>) -> Result<(), Refusal> {
    fields.require(&["domains"]);
    fields.require_items("domains");
    let domains = fields.texts("domains", Text::Domain).unwrap_or_default();
    fields.finish()?;
    if order.cert_type.validation() == ValidationType::Dv {
        return Err(Refusal::conflict(
            "CERT_TYPE_NOT_ALLOWED",
            "Domains are validated this way for OV and EV only.",
        ));
    }
    let request = &order.certificate.request;
    let known = |domain: &String| {
        request
            .dns_names
            .iter()
            .chain([&request.common_name])
            .any(|name| name.eq_ignore_ascii_case(domain))
    };
    if let Some(domain) = domains.iter().find(|domain| !known(domain)) {
        return Err(Refusal::conflict(
            "DOMAIN_NOT_IN_ORDER",
            format!("{domain} is not a name of the order."),
        ));
    }
    let text = format!(
        "{} validation was submitted for {}.",
        order.cert_type.validation().text(),
        domains.join(", ")
    );
    note(world, caller, order.id, &text);
    Ok(())
}

/// Anybody of the order's own choice is told of it too (guide 7.4.8.6).
fn update_additional_emails(
    world: &mut World,
    caller: &Caller,
    order: &Order,
    fields: &Fields<'_>,
) -> Result<(), Refusal> {
    fields.require(&["additionalEmails"]);
    let emails = fields.texts("additionalEmails", Text::Email).unwrap_or_default();
    fields.finish()?;
    set_additional_emails(world, caller, order.id, emails);
    Ok(())
}

fn set_additional_emails(world: &mut World, caller: &Caller, id: Uuid, emails: Vec<String>) {
    let text = "The additional emails were updated.";
    world.change_order(id, caller.now, Some(&caller.username), text, |order| {
        order.additional_emails = emails;
    });
}

/// Mail that asks for domain control validation goes out again (guide 7.4.8.4).
fn send_dcv_email(world: &mut World, caller: &Caller, order: &Order, fields: &Fields<'_>) -> Result<(), Refusal> {
    fields.finish()?;
    if !matches!(order.status, Status::Pending | Status::DigiReissuePending) {
        return Err(refused(order, "DCV mail is sent"));
    }
    note(world, caller, order.id, "The DCV mail was sent again.");
    Ok(())
}

/// The order's contacts get the certificate by mail (guide 7.4.8.7).
fn send_certificate_email(
    world: &mut World,
    caller: &Caller,
    order: &Order,
    fields: &Fields<'_>,
) -> Result<(), Refusal> {
    fields.finish()?;
    if order.certificate.pem().is_none() {
        return Err(refused(order, "a certificate is sent"));
    }
    note(world, caller, order.id, "The certificate was sent by mail.");
    Ok(())
}
