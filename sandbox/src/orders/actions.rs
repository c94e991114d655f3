//! What can be done with an order (guide 7.4.8).

use serde_json::json;

use super::form::read_changes;
use super::shown::respond;
use crate::auth::Caller;
use crate::call::Call;
use crate::clock::SECOND;
use crate::http::Response;
use crate::lifecycle::orders as lifecycle;
use crate::readings::{ActionEffect, ActionReply, Readings, RevokedOrder, UnsaidActions};
use crate::refusal::Refusal;
use crate::text::Text;
use crate::validate::{Checker, Fields};
use crate::words::{Status, ValidationType};
use crate::world::{Order, World};

/// Something that is done with an order, if its status allows it.
#[derive(Debug)]
struct Action<'a> {
    world: &'a mut World,
    caller: &'a Caller,
    readings: &'a Readings,
    /// The order as it was before.
    order: &'a Order,
    /// What the body says.
    fields: Fields<'a>,
}

/// Does it, and answers with the order as it then is.
fn act(call: &mut Call<'_>, action: impl FnOnce(&mut Action<'_>) -> Result<(), Refusal>) -> Result<Response, Refusal> {
    act_on(call, None, action)
}

/// The same with a body of one list, under this name or by itself.
fn act_on(
    call: &mut Call<'_>,
    list: Option<&str>,
    action: impl FnOnce(&mut Action<'_>) -> Result<(), Refusal>,
) -> Result<Response, Refusal> {
    if call.request.body.is_empty() {
        // The service says no more than this when the body is missing.
        return Err(Refusal::invalid("body", "INVALID", "Invalid request."));
    }
    let body = match list {
        Some(name) => call.list_body(name)?,
        None => call.body()?,
    };
    let order = call.order(call.ids.id)?.clone();
    let checker = Checker::default();
    action(&mut Action {
        world: call.world,
        caller: call.caller,
        readings: call.readings,
        order: &order,
        fields: Fields::of_body(&checker, &body),
    })?;
    let id = order.id;
    if call.readings.action_effect == ActionEffect::Later
        && let Some(acted) = call.world.orders.get_mut(id)
    {
        acted.shown = Some((Box::new(order), call.caller.now.plus(LAG)));
    }
    match call.readings.action_reply {
        ActionReply::Order => respond(call, id, 200),
        ActionReply::Object => Ok(Response::json(200, &json!({}))),
        ActionReply::Empty => Ok(Response {
            status: 200,
            ..Response::default()
        }),
        ActionReply::NoContent => Ok(Response {
            status: 204,
            ..Response::default()
        }),
    }
}

/// How long an order shows nothing of what was done with it, where it does not at once.
const LAG: u64 = 5 * SECOND;

impl Action<'_> {
    fn note(&mut self, text: &str) {
        self.change(text, |_| ());
    }

    /// Changes the order and notes it in its history.
    fn change(&mut self, text: &str, change: impl FnOnce(&mut Order)) {
        let Caller { username, now, .. } = self.caller;
        self.world
            .change_order(self.order.id, *now, Some(username), text, change);
    }

    fn set_additional_emails(&mut self, emails: Vec<String>) {
        self.change("The additional emails were updated.", |order| {
            order.additional_emails = emails;
        });
    }

    /// Refuses what the guide does not say the statuses of, in those that the readings exclude.
    fn check_unsaid(&self, what: &str) -> Result<(), Refusal> {
        let is_pending = matches!(
            self.order.status,
            Status::Created | Status::Pending | Status::Processing | Status::DigiReissuePending
        );
        let is_allowed = match self.readings.unsaid_actions {
            UnsaidActions::Always => true,
            UnsaidActions::Pending => is_pending,
            UnsaidActions::Issued => self.order.status == Status::Issued,
        };
        if is_allowed { Ok(()) } else { Err(self.refused(what)) }
    }

    fn refused(&self, what: &str) -> Refusal {
        let status = self.order.status.text();
        let message = format!("The order is {status}: {what} in another status only.");
        Refusal::conflict("STATUS_NOT_ALLOWED", message)
    }
}

/// `orders.cancel`: an order that is not issued yet ends; a pending reissue ends and leaves the certificate as it was
/// (guide 7.4.8.1).
pub(crate) fn cancel(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act(call, |action| {
        action.fields.finish()?;
        let (status, text) = match action.order.status {
            Status::Created | Status::Pending | Status::WaitingPickup => (Status::Canceled, "The order was canceled."),
            Status::DigiReissuePending => (Status::Issued, "The reissue was canceled."),
            _ => return Err(action.refused("an order is canceled")),
        };
        lifecycle::divert(action.world, action.order.id, action.caller, status, text);
        Ok(())
    })
}

/// `orders.revoke`: an issued certificate is revoked, permanently (guide 7.4.8.2). One whose reissue is under way is issued
/// as well, and no other follows it then.
pub(crate) fn revoke(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act(call, |action| {
        action.fields.finish()?;
        let order = action.order;
        let is_issued = order.status.has_certificate() && order.certificate.pem().is_some();
        if !is_issued {
            return Err(action.refused("a certificate is revoked"));
        }
        if order.certificate.revoke_status.is_some() {
            return Err(Refusal::conflict(
                "ALREADY_REVOKED",
                "The revocation was asked for before.",
            ));
        }
        lifecycle::start_revocation(action.world, order.id, action.caller);
        if action.readings.revoked_order == RevokedOrder::AtOnce {
            lifecycle::revoke(action.world, order.id, action.caller.now);
        }
        Ok(())
    })
}

/// `orders.reissue`: a new certificate for the same common name (guide 7.4.8.3).
pub(crate) fn reissue(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act(call, |action| {
        let (order, fields) = (action.order, &action.fields);
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
        let certificate = &order.certificate;
        if order.status != Status::Issued || certificate.pem().is_none() || certificate.revoke_status.is_some() {
            return Err(action.refused("a certificate is reissued"));
        }
        if let Some(emails) = emails {
            action.set_additional_emails(emails);
        }
        lifecycle::start_reissue(action.world, order.id, action.caller, request, ignores_organization);
        Ok(())
    })
}

/// `orders.sendDcvEmail`: the email that asks for domain control validation is sent again (guide 7.4.8.4).
pub(crate) fn send_dcv_email(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act(call, |action| {
        action.fields.finish()?;
        if !matches!(action.order.status, Status::Pending | Status::DigiReissuePending) {
            return Err(action.refused("DCV mail is sent"));
        }
        action.note("The DCV mail was sent again.");
        Ok(())
    })
}

/// `orders.validateDomains`: sends domains of an OV or EV order to validation (guide 7.4.8.5).
pub(crate) fn validate_domains(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act_on(call, Some("domains"), |action| {
        let fields = &action.fields;
        fields.require(&["domains"]);
        fields.require_items("domains");
        let domains = fields.texts("domains", Text::Domain).unwrap_or_default();
        fields.finish()?;
        action.check_unsaid("domains are validated")?;
        let validation = action.order.cert_type.validation();
        if validation == ValidationType::Dv {
            return Err(Refusal::conflict(
                "CERT_TYPE_NOT_ALLOWED",
                "Domains are validated this way for OV and EV only.",
            ));
        }
        if let Some(domain) = domains.iter().find(|domain| !has_name(action.order, domain)) {
            let message = format!("{domain} is not a name of the order.");
            return Err(Refusal::conflict("DOMAIN_NOT_IN_ORDER", message));
        }
        let domains = domains.join(", ");
        action.note(&format!(
            "{} validation was submitted for {domains}.",
            validation.text()
        ));
        Ok(())
    })
}

fn has_name(order: &Order, domain: &str) -> bool {
    let request = &order.certificate.request;
    let mut names = request.dns_names.iter().chain([&request.common_name]);
    names.any(|name| name.eq_ignore_ascii_case(domain))
}

/// `orders.updateAdditionalEmails`: who else is notified (guide 7.4.8.6).
pub(crate) fn update_additional_emails(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act_on(call, Some("additionalEmails"), |action| {
        let fields = &action.fields;
        fields.require(&["additionalEmails"]);
        let emails = fields.texts("additionalEmails", Text::Email).unwrap_or_default();
        fields.finish()?;
        action.check_unsaid("additional emails are changed")?;
        action.set_additional_emails(emails);
        Ok(())
    })
}

/// `orders.sendCertificateEmail`: the contacts of the order get the certificate by email (guide 7.4.8.7).
pub(crate) fn send_certificate_email(call: &mut Call<'_>) -> Result<Response, Refusal> {
    act(call, |action| {
        action.fields.finish()?;
        if action.order.certificate.pem().is_none() {
            return Err(action.refused("a certificate is sent"));
        }
        action.note("The certificate was sent by mail.");
        Ok(())
    })
}
