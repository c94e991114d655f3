//! New orders.

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::form::{OrderContact, read_contacts, read_request};
use super::shown::{dcv_token, respond};
use crate::call::Call;
use crate::http::Response;
use crate::lifecycle::orders as lifecycle;
use crate::readings::{CreateReply, DcvToken, DuplicateOrder, Types};
use crate::refusal::Refusal;
use crate::text::Text;
use crate::validate::{Checker, Fields};
use crate::words::{CertType, ContactType, Provider, Status, ValidationType};
use crate::world::{Certificate, History, Order, World};

/// `orders.create`: accepts a valid order with 202, and everything else comes with time (guide 7.4.1).
pub(crate) fn create(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.body()?;
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, &body);
    fields.require(&["organizationId", "contacts", "certType", "locale", "provider", "cert"]);
    fields.require_items("contacts");
    let organization = fields.id("organizationId");
    let contacts = read_contacts(&fields);
    // As orders show types, they can be ordered.
    let types = call.readings.types;
    let cert_type = fields.parsed("certType", "must be one of the guide's certificate types", |text| {
        let known = text.strip_suffix("_2").filter(|_| types == Types::Unseen);
        let lower = (types == Types::LowerCase).then(|| text.to_ascii_uppercase());
        CertType::parse(known.or(lower.as_deref()).unwrap_or(text))
    });
    let cert = fields.object("cert");
    if fields.has("cert") {
        cert.require(&["commonName", "csr"]);
    }
    let request = read_request(&cert);
    let (world, caller) = (&mut *call.world, call.caller);
    let mut order = Order {
        id: world.ids.uuid(),
        account: caller.account,
        status: Status::Created,
        cert_type: cert_type.unwrap_or(CertType::DvGeoTrust),
        provider: fields
            .parsed("provider", "must be DIGICERT", Provider::parse)
            .unwrap_or(Provider::DigiCert),
        provider_id: None,
        locale: fields.text("locale", Text::Locale),
        comments: fields.optional_text("comments", Text::Note),
        additional_emails: fields.texts("additionalEmails", Text::Email).unwrap_or_default(),
        renewal_notifications_disabled: fields.flag("renewalNotificationsDisabled").unwrap_or(false),
        group_id: fields.optional_text("groupId", Text::Line),
        organization,
        contacts: each_once(&contacts),
        certificate: Certificate::new(world.ids.uuid(), request, caller.now),
        reissue: None,
        is_priced: !fields.flag("skipPrice").unwrap_or(false),
        history: History::default(),
        date_created: caller.now,
        date_updated: caller.now,
        course: 0,
        shown: None,
    };
    fields.finish()?;
    check_contacts(call, &order, &contacts)?;
    check_duplicate(call, &order)?;
    let world = &mut *call.world;
    let technical = technical_contact(world, organization).filter(|id| !order.contacts.contains(id));
    order.contacts.extend(technical);
    let id = order.id;
    world.orders.insert(id, order);
    world.change_order(id, caller.now, Some(&caller.username), "The order was created.", |_| ());
    lifecycle::start(world, id, caller.now);
    if call.readings.dcv_token == DcvToken::InHistory
        && let Some(order) = world.orders.get(id)
    {
        let text = format!("{}: {}", order.certificate.request.dcv_method.text(), dcv_token(order));
        world.change_order(id, caller.now, None, &text, |_| ());
    }
    reply(call, id)
}

/// What the new order is answered with.
fn reply(call: &Call<'_>, id: Uuid) -> Result<Response, Refusal> {
    match call.readings.create_reply {
        CreateReply::Accepted => respond(call, id, 202),
        CreateReply::Created => respond(call, id, 201),
        CreateReply::Ok => respond(call, id, 200),
        CreateReply::Id => Ok(Response::json(202, &json!({ "id": id }))),
        CreateReply::Location => Ok(Response {
            status: 201,
            ..Response::default()
        }
        .with_header("location", &format!("/certs/v1/order/{id}"))),
    }
}

/// Another order of the same names that is under way, where that is refused.
fn check_duplicate(call: &Call<'_>, order: &Order) -> Result<(), Refusal> {
    let names = |order: &Order| {
        let request = &order.certificate.request;
        let names = request.dns_names.iter().chain([&request.common_name]);
        names.map(|name| name.to_ascii_lowercase()).collect::<BTreeSet<_>>()
    };
    let is_same = |other: &Order| {
        other.account == order.account
            && !other.status.has_ended()
            && other.certificate.issued.is_none()
            && names(other) == names(order)
    };
    if call.readings.duplicate_order == DuplicateOrder::Refused && call.world.orders.iter().any(is_same) {
        return Err(Refusal::conflict(
            "DUPLICATE_ORDER",
            "An order of the same names is under way.",
        ));
    }
    Ok(())
}

/// A contact may be named once for each of its types.
fn each_once(contacts: &[OrderContact]) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for contact in contacts {
        if !ids.contains(&contact.id) {
            ids.push(contact.id);
        }
    }
    ids
}

/// Everyone named is there and belongs to the organization, and an EV order names an approver who is one.
///
/// Other types are the order's affair: a reply names contacts by id alone, so a renewal names types again.
fn check_contacts(call: &Call<'_>, order: &Order, contacts: &[OrderContact]) -> Result<(), Refusal> {
    call.organization(order.organization)?;
    let mut has_approver = false;
    for named in contacts {
        let contact = call.contact(named.id)?;
        if contact.organization != order.organization {
            let message = format!("Contact {} belongs to another organization.", named.id);
            return Err(Refusal::conflict("CONTACT_OF_ANOTHER_ORGANIZATION", message));
        }
        has_approver |= named.types.contains(&ContactType::Approver) && contact.details.is(ContactType::Approver);
    }
    if order.cert_type.validation() == ValidationType::Ev && !has_approver {
        let message = "An EV order needs a contact of type EXTENDED_VALIDATION_APPROVER, named as such.";
        return Err(Refusal::conflict("EV_APPROVER_MISSING", message));
    }
    Ok(())
}

/// The service puts its own contact into every order (guide 7.2).
fn technical_contact(world: &World, organization: Uuid) -> Option<Uuid> {
    let contacts = &world.organizations.get(organization)?.contacts;
    let mut contacts = contacts.iter().filter_map(|id| world.contacts.get(*id));
    contacts
        .find(|contact| contact.details.is(ContactType::Technical))
        .map(|contact| contact.id)
}
