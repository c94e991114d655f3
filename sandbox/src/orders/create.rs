//! `POST /order`.

use serde_json::Value;
use uuid::Uuid;

use super::certificate::{CertRequest, Certificate, DcvEmail};
use super::{Order, respond};
use crate::auth::Caller;
use crate::contacts::read_types;
use crate::csr::Csr;
use crate::history::History;
use crate::http::Response;
use crate::lifecycle;
use crate::refusal::Refusal;
use crate::validate::{Checker, Fields, Text};
use crate::words::{AlgorithmHash, CertType, ContactType, DcvMethod, Provider, ServerPlatform, Status, ValidationType};
use crate::world::World;

/// A contact of a new order, with what it is to do there.
struct OrderContact {
    id: Uuid,
    types: Vec<ContactType>,
}

/// Accepts a valid order: 202, and everything else comes with time (guide 7.4.1).
pub(crate) fn create(world: &mut World, caller: &Caller, body: &Value) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, body);
    fields.require(&["organizationId", "contacts", "certType", "locale", "provider", "cert"]);
    fields.require_items("contacts");
    let organization = fields.id("organizationId");
    let contacts = read_contacts(&fields);
    let cert_type = fields.parsed(
        "certType",
        "must be one of the guide's certificate types",
        CertType::parse,
    );
    let cert = fields.object("cert");
    if fields.has("cert") {
        cert.require(&["commonName", "csr"]);
    }
    let request = read_request(&cert);
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
    };
    fields.finish()?;
    check_contacts(world, caller, &order, &contacts)?;
    let technical = technical_contact(world, organization).filter(|id| !order.contacts.contains(id));
    order.contacts.extend(technical);
    let id = order.id;
    world.orders.insert(id, order);
    world.change_order(id, caller.now, Some(&caller.username), "The order was created.", |_| ());
    lifecycle::start(world, id, caller.now);
    respond(world, caller, id, 202)
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

fn read_contacts(fields: &Fields<'_>) -> Vec<OrderContact> {
    let objects = fields.objects("contacts");
    let read = |contact: &Fields<'_>| {
        contact.require(&["id", "contactTypes"]);
        contact.require_items("contactTypes");
        OrderContact {
            id: contact.id("id"),
            types: read_types(contact),
        }
    };
    objects.iter().map(read).collect()
}

/// The names, the CSR and what else describes the certificate.
fn read_request(cert: &Fields<'_>) -> CertRequest {
    let methods = "must be EMAIL, DNS_CNAME_TOKEN, HTTP_TOKEN or DNS_TXT_TOKEN";
    let dcv_method = cert.parsed("dcvMethod", methods, DcvMethod::parse);
    cert.parsed("provider", "must be DIGICERT", Provider::parse);
    CertRequest {
        common_name: cert.text("commonName", Text::CommonName),
        dns_names: cert.texts("dnsNames", Text::Domain).unwrap_or_default(),
        csr: read_csr(cert).unwrap_or_default(),
        server_platform: read_platform(cert),
        algorithm_hash: read_algorithm(cert),
        root_hash: cert.optional_text("rootHash", Text::Line),
        organization_units: cert.texts("organizationUnits", Text::Line).unwrap_or_default(),
        dcv_method: dcv_method.unwrap_or(DcvMethod::Email),
        dcv_emails: cert.objects("dcvEmails").iter().map(read_dcv_email).collect(),
    }
}

/// What a reissue changes of the certificate; the common name is not among it (guide 7.4.8.3).
pub(super) fn read_changes(cert: &Fields<'_>, before: &CertRequest) -> CertRequest {
    let before = before.clone();
    CertRequest {
        csr: read_csr(cert).unwrap_or(before.csr),
        dns_names: cert.texts("dnsNames", Text::Domain).unwrap_or(before.dns_names),
        server_platform: read_platform(cert).or(before.server_platform),
        algorithm_hash: read_algorithm(cert).or(before.algorithm_hash),
        root_hash: cert.optional_text("rootHash", Text::Line).or(before.root_hash),
        ..before
    }
}

fn read_csr(cert: &Fields<'_>) -> Option<String> {
    cert.checked("csr", |text| Csr::parse(text).map(|_| text.to_owned()))
}

fn read_platform(cert: &Fields<'_>) -> Option<ServerPlatform> {
    cert.parsed(
        "serverPlatform",
        "must be one of the known server platforms",
        ServerPlatform::parse,
    )
}

fn read_algorithm(cert: &Fields<'_>) -> Option<AlgorithmHash> {
    cert.parsed("algorithmHash", "must be RSA or ECC", AlgorithmHash::parse)
}

fn read_dcv_email(fields: &Fields<'_>) -> DcvEmail {
    fields.require(&["dnsName"]);
    DcvEmail {
        dns_name: fields.text("dnsName", Text::Domain),
        email_domain: fields.optional_text("emailDomain", Text::Domain),
        email: fields.optional_text("email", Text::Email),
    }
}

/// Everyone named is there and belongs to the organization, and an EV order names an approver who is one.
///
/// Other types are the order's affair: a reply names contacts by id alone, so who renews an order gives types anew.
fn check_contacts(world: &World, caller: &Caller, order: &Order, contacts: &[OrderContact]) -> Result<(), Refusal> {
    world.organization(order.organization, caller)?;
    let mut has_approver = false;
    for named in contacts {
        let contact = world.contact(named.id, caller)?;
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
