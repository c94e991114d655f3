//! Contacts: the people of an organization (guide 7.2).

use serde::Serialize;
use uuid::Uuid;

use crate::auth::Caller;
use crate::call::Call;
use crate::clock::Timestamp;
use crate::http::Response;
use crate::lifecycle::validation;
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::readings::DeleteReply;
use crate::refusal::Refusal;
use crate::text::Text;
use crate::validate::{Checker, Fields};
use crate::words::{ContactType, Provider};
use crate::world::{Contact, ContactDetails, History, TypeObject, World};

/// A contact, as replies show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactReply<'a> {
    id: Uuid,
    #[serde(flatten)]
    details: &'a ContactDetails,
    organization_id: Uuid,
    username: Option<&'a str>,
    date_created: Timestamp,
    date_updated: Timestamp,
    /// Left out inside of an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<&'a History>,
}

impl<'a> ContactReply<'a> {
    pub(crate) fn without_history(contact: &'a Contact) -> Self {
        Self {
            id: contact.id,
            details: &contact.details,
            organization_id: contact.organization,
            username: contact.username.as_deref(),
            date_created: contact.date_created,
            date_updated: contact.date_updated,
            history: None,
        }
    }

    fn of(contact: &'a Contact) -> Self {
        Self {
            history: Some(&contact.history),
            ..Self::without_history(contact)
        }
    }
}

/// Reads a new contact. The provider has to be said only where no organization around it says it.
pub(crate) fn read_details(fields: &Fields<'_>, provider: Option<Provider>) -> ContactDetails {
    fields.require(&["firstName", "lastName", "jobTitle", "email", "phone", "contactTypes"]);
    if provider.is_none() {
        fields.require(&["provider"]);
    }
    fields.require_items("contactTypes");
    let mut details = ContactDetails {
        first_name: String::new(),
        last_name: String::new(),
        job_title: String::new(),
        email: String::new(),
        phone: String::new(),
        phone_extension: None,
        provider: provider.unwrap_or(Provider::DigiCert),
        contact_types: Vec::new(),
    };
    read_changes(&mut details, fields);
    details
}

/// Takes over what a request says, and keeps the rest.
fn read_changes(details: &mut ContactDetails, fields: &Fields<'_>) {
    for (name, kind, field) in [
        ("firstName", Text::Line, &mut details.first_name),
        ("lastName", Text::Line, &mut details.last_name),
        ("jobTitle", Text::Line, &mut details.job_title),
        ("email", Text::Email, &mut details.email),
        ("phone", Text::Line, &mut details.phone),
    ] {
        if let Some(text) = fields.optional_text(name, kind) {
            *field = text;
        }
    }
    details.phone_extension = fields
        .optional_text("phoneExtension", Text::Line)
        .or(details.phone_extension.take());
    if let Some(provider) = fields.parsed("provider", "must be DIGICERT", Provider::parse) {
        details.provider = provider;
    }
    if fields.has("contactTypes") {
        details.contact_types = read_types(fields).into_iter().map(|kind| TypeObject { kind }).collect();
    }
}

/// `contactTypes: [{"type": …}]`, each once.
pub(crate) fn read_types(fields: &Fields<'_>) -> Vec<ContactType> {
    let expectation = "must be ORGANIZATION_CONTACT or EXTENDED_VALIDATION_APPROVER";
    let taken = |text: &str| ContactType::parse(text).filter(|kind| *kind != ContactType::Technical);
    let mut types = Vec::new();
    for object in fields.objects("contactTypes") {
        object.require(&["type"]);
        if let Some(kind) = object.parsed("type", expectation, taken)
            && !types.contains(&kind)
        {
            types.push(kind);
        }
    }
    types
}

/// The contact that the service adds to every organization (guide 7.2).
pub(crate) fn technical(provider: Provider) -> ContactDetails {
    ContactDetails {
        first_name: "Technical".to_owned(),
        last_name: "Support".to_owned(),
        job_title: "Technical contact".to_owned(),
        email: "support@sandbox.example".to_owned(),
        phone: "+1 555 0100".to_owned(),
        phone_extension: None,
        provider,
        contact_types: vec![TypeObject {
            kind: ContactType::Technical,
        }],
    }
}

const SORTABLE: &[Sortable<Contact>] = &[
    ("email", |contact| Key::Text(contact.details.email.to_lowercase())),
    ("firstName", |contact| {
        Key::Text(contact.details.first_name.to_lowercase())
    }),
    ("lastName", |contact| {
        Key::Text(contact.details.last_name.to_lowercase())
    }),
    ("dateCreated", |contact| Key::Number(Some(contact.date_created.ms()))),
    ("dateUpdated", |contact| Key::Number(Some(contact.date_updated.ms()))),
];

/// `contacts.create` (guide 7.2.1).
pub(crate) fn create(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.body()?;
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, &body);
    fields.require(&["organizationId"]);
    let organization = fields.id("organizationId");
    let details = read_details(&fields, None);
    checker.finish()?;
    call.organization(organization)?;
    let is_approver = details.is(ContactType::Approver);
    let user = Some(call.caller.username.as_str());
    let id = add(call.world, call.caller, organization, details, user);
    if is_approver {
        validation::submit_approver(call.world, organization, call.caller.now);
    }
    validation::resume(call.world, organization, call.caller.now);
    Ok(Response::json(201, &ContactReply::of(call.contact(id)?)))
}

/// Puts a contact into an organization.
pub(crate) fn add(
    world: &mut World,
    caller: &Caller,
    organization: Uuid,
    details: ContactDetails,
    user: Option<&str>,
) -> Uuid {
    let id = world.ids.uuid();
    let text = format!("Contact {} {} was created.", details.first_name, details.last_name);
    let contact = Contact {
        id,
        account: caller.account,
        organization,
        details,
        username: user.map(str::to_owned),
        history: History::default(),
        date_created: caller.now,
        date_updated: caller.now,
    };
    world.contacts.insert(id, contact);
    world.change_contact(id, caller.now, user, "The contact was created.", |_| ());
    world.change_organization(organization, caller.now, user, &text, |organization| {
        organization.contacts.push(id);
    });
    id
}

/// `contacts.get` (guide 7.2.2).
pub(crate) fn get(call: &mut Call<'_>) -> Result<Response, Refusal> {
    Ok(Response::json(200, &ContactReply::of(call.contact(call.ids.id)?)))
}

/// `contacts.list` (guide 7.2.3), by `email`: the exact address, in whatever case.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let query = Query::of_list(&checker, call);
    let paging = Paging::of(&query, call.readings, SORTABLE);
    let email = query.text("email").map(str::to_owned);
    checker.finish()?;
    let rows = call.world.contacts.iter().filter(|contact| {
        contact.account == call.caller.account
            && email
                .as_ref()
                .is_none_or(|email| email.is_empty() || email.eq_ignore_ascii_case(&contact.details.email))
    });
    paging.respond(rows, ContactReply::of)
}

/// `contacts.update`: any value of the contact (guide 7.2.4).
pub(crate) fn update(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.body()?;
    let before = call.contact(call.ids.id)?.clone();
    let mut details = before.details.clone();
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, &body);
    fields.require_items("contactTypes");
    read_changes(&mut details, &fields);
    let organization = fields.has("organizationId").then(|| fields.id("organizationId"));
    checker.finish()?;
    refuse_technical(&before)?;
    if organization.is_some_and(|organization| organization != before.organization) {
        return Err(Refusal::conflict(
            "ORGANIZATION_FIXED",
            "A contact cannot move to another organization.",
        ));
    }
    if details != before.details {
        let Caller { username, now, .. } = call.caller;
        let is_approver = before.details.is(ContactType::Approver) || details.is(ContactType::Approver);
        let text = "The contact was changed.";
        call.world
            .change_contact(before.id, *now, Some(username), text, |contact| {
                contact.details = details;
            });
        if is_approver {
            validation::submit_again(call.world, before.organization, *now);
        }
        validation::resume(call.world, before.organization, *now);
    }
    get(call)
}

/// `contacts.delete`, under the three conditions of guide 7.2.5.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let contact = call.contact(call.ids.id)?.clone();
    refuse_technical(&contact)?;
    if is_in_use(call.world, contact.id) {
        return Err(Refusal::conflict(
            "CONTACT_IN_USE",
            "The contact is associated with an active order.",
        ));
    }
    let organization = call.organization(contact.organization)?;
    let others = || {
        organization
            .contacts
            .iter()
            .filter(|other| **other != contact.id)
            .filter_map(|other| call.world.contacts.get(*other))
    };
    if others().all(|other| other.details.is(ContactType::Technical)) {
        return Err(Refusal::conflict(
            "LAST_CONTACT",
            "The contact is the last one of its organization.",
        ));
    }
    let is_approver = contact.details.is(ContactType::Approver);
    if is_approver && !others().any(|other| other.details.is(ContactType::Approver)) {
        return Err(Refusal::conflict(
            "LAST_EV_APPROVER",
            "The contact is the last EV approver of its organization.",
        ));
    }
    let reply = match call.readings.delete_reply {
        DeleteReply::Object => Response::json(200, &serde_json::Map::new()),
        DeleteReply::Contact => Response::json(200, &ContactReply::of(&contact)),
        DeleteReply::Empty => Response {
            status: 200,
            ..Response::default()
        },
        DeleteReply::NoContent => Response {
            status: 204,
            ..Response::default()
        },
    };
    remove(call.world, call.caller, &contact);
    if is_approver {
        validation::submit_again(call.world, contact.organization, call.caller.now);
    }
    Ok(reply)
}

/// Takes a contact out of its organization.
fn remove(world: &mut World, caller: &Caller, contact: &Contact) {
    world.contacts.remove(contact.id);
    let text = format!(
        "Contact {} {} was deleted.",
        contact.details.first_name, contact.details.last_name
    );
    let user = Some(caller.username.as_str());
    world.change_organization(contact.organization, caller.now, user, &text, |organization| {
        organization.contacts.retain(|other| *other != contact.id);
    });
}

/// Whether an order that has not ended names the contact.
fn is_in_use(world: &World, id: Uuid) -> bool {
    let mut orders = world.orders.iter();
    orders.any(|order| !order.status.has_ended() && order.contacts.contains(&id))
}

fn refuse_technical(contact: &Contact) -> Result<(), Refusal> {
    if contact.details.is(ContactType::Technical) {
        return Err(Refusal::conflict(
            "TECHNICAL_CONTACT",
            "The technical contact belongs to the service.",
        ));
    }
    Ok(())
}
