//! Contacts: the people of an organization (guide 7.2).

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::{Account, Caller};
use crate::clock::Timestamp;
use crate::history::History;
use crate::http::Response;
use crate::organizations;
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::validate::{Checker, Fields, Text};
use crate::words::{ContactType, Provider};
use crate::world::World;

/// What a request can say of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Details {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    job_title: String,
    email: String,
    phone: String,
    phone_extension: Option<String>,
    provider: Provider,
    contact_types: Vec<TypeObject>,
}

/// A type in the object around it that the service has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct TypeObject {
    #[serde(rename = "type")]
    kind: ContactType,
}

impl Details {
    /// Reads a new contact. The provider has to be said only where no organization around it says it.
    pub(crate) fn read(fields: &Fields<'_>, provider: Option<Provider>) -> Self {
        fields.require(&["firstName", "lastName", "jobTitle", "email", "phone", "contactTypes"]);
        if provider.is_none() {
            fields.require(&["provider"]);
        }
        fields.require_items("contactTypes");
        let mut details = Self {
            first_name: String::new(),
            last_name: String::new(),
            job_title: String::new(),
            email: String::new(),
            phone: String::new(),
            phone_extension: None,
            provider: provider.unwrap_or(Provider::DigiCert),
            contact_types: Vec::new(),
        };
        details.change(fields);
        details
    }

    /// Takes over what a request says, and keeps the rest.
    fn change(&mut self, fields: &Fields<'_>) {
        for (name, kind, field) in [
            ("firstName", Text::Line, &mut self.first_name),
            ("lastName", Text::Line, &mut self.last_name),
            ("jobTitle", Text::Line, &mut self.job_title),
            ("email", Text::Email, &mut self.email),
            ("phone", Text::Line, &mut self.phone),
        ] {
            if let Some(text) = fields.optional_text(name, kind) {
                *field = text;
            }
        }
        self.phone_extension = fields
            .optional_text("phoneExtension", Text::Line)
            .or(self.phone_extension.take());
        if let Some(provider) = fields.parsed("provider", "must be DIGICERT", Provider::parse) {
            self.provider = provider;
        }
        if fields.has("contactTypes") {
            self.contact_types = read_types(fields).into_iter().map(|kind| TypeObject { kind }).collect();
        }
    }

    pub(crate) fn is(&self, kind: ContactType) -> bool {
        self.contact_types.iter().any(|object| object.kind == kind)
    }

    /// The contact that the service adds to every organization (guide 7.2).
    pub(crate) fn technical(provider: Provider) -> Self {
        Self {
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

/// A contact.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) id: Uuid,
    pub(crate) account: Account,
    pub(crate) organization: Uuid,
    pub(crate) details: Details,
    /// Who made it; nobody made the technical one.
    username: Option<String>,
    pub(crate) history: History,
    date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
}

impl Contact {
    pub(crate) fn json_without_history(&self) -> Value {
        let mut json = json!(self.details);
        if let Some(fields) = json.as_object_mut() {
            fields.shift_insert(0, "id".to_owned(), json!(self.id));
            fields.insert("organizationId".to_owned(), json!(self.organization));
            fields.insert("username".to_owned(), json!(self.username));
            fields.insert("dateCreated".to_owned(), json!(self.date_created));
            fields.insert("dateUpdated".to_owned(), json!(self.date_updated));
        }
        json
    }

    fn json(&self) -> Value {
        let mut json = self.json_without_history();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("history".to_owned(), json!(self.history));
        }
        json
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

/// `POST /contact`.
pub(crate) fn create(world: &mut World, caller: &Caller, body: &Value) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, body);
    fields.require(&["organizationId"]);
    let organization = fields.id("organizationId");
    let details = Details::read(&fields, None);
    checker.finish()?;
    world.organization(organization, caller)?;
    let is_approver = details.is(ContactType::Approver);
    let id = add(world, caller, organization, details, Some(&caller.username));
    if is_approver {
        organizations::submit_approver(world, organization, caller.now);
    }
    organizations::resume_validations(world, organization, caller.now);
    Ok(Response::json(201, &world.contact(id, caller)?.json()))
}

/// Puts a contact into an organization.
pub(crate) fn add(
    world: &mut World,
    caller: &Caller,
    organization: Uuid,
    details: Details,
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

/// `GET /contact/{id}`.
pub(crate) fn get(world: &World, caller: &Caller, id: Uuid) -> Result<Response, Refusal> {
    Ok(Response::json(200, &world.contact(id, caller)?.json()))
}

/// `GET /contact`, by `email`: the exact address, in whatever case.
pub(crate) fn list(world: &World, caller: &Caller, query: &str) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let query = Query::new(&checker, query);
    let paging = Paging::of(&query, SORTABLE);
    let email = query.text("email").map(str::to_owned);
    checker.finish()?;
    let rows = world.contacts.iter().filter(|contact| {
        contact.account == caller.account
            && email
                .as_ref()
                .is_none_or(|email| email.is_empty() || email.eq_ignore_ascii_case(&contact.details.email))
    });
    Ok(paging.respond(rows, Contact::json))
}

/// `PATCH /contact/{id}`: any value of the contact (guide 7.2.4).
pub(crate) fn update(world: &mut World, caller: &Caller, id: Uuid, body: &Value) -> Result<Response, Refusal> {
    let before = world.contact(id, caller)?.clone();
    let mut details = before.details.clone();
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, body);
    fields.require_items("contactTypes");
    details.change(&fields);
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
        let was_approver = before.details.is(ContactType::Approver);
        let is_approver = details.is(ContactType::Approver);
        world.change_contact(
            id,
            caller.now,
            Some(&caller.username),
            "The contact was changed.",
            |contact| {
                contact.details = details;
            },
        );
        if was_approver || is_approver {
            organizations::submit_again(world, before.organization, caller.now);
        }
        organizations::resume_validations(world, before.organization, caller.now);
    }
    get(world, caller, id)
}

/// `DELETE /contact/{id}`, under the three conditions of guide 7.2.5.
pub(crate) fn delete(world: &mut World, caller: &Caller, id: Uuid) -> Result<Response, Refusal> {
    let contact = world.contact(id, caller)?.clone();
    refuse_technical(&contact)?;
    if world
        .orders
        .iter()
        .any(|order| !order.status.has_ended() && order.contacts.contains(&id))
    {
        return Err(Refusal::conflict(
            "CONTACT_IN_USE",
            "The contact is associated with an active order.",
        ));
    }
    let organization = world.organization(contact.organization, caller)?;
    let others = || {
        organization
            .contacts
            .iter()
            .filter(|other| **other != id)
            .filter_map(|other| world.contacts.get(*other))
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
    world.contacts.remove(id);
    let text = format!(
        "Contact {} {} was deleted.",
        contact.details.first_name, contact.details.last_name
    );
    world.change_organization(
        contact.organization,
        caller.now,
        Some(&caller.username),
        &text,
        |organization| {
            organization.contacts.retain(|other| *other != id);
        },
    );
    if is_approver {
        organizations::submit_again(world, contact.organization, caller.now);
    }
    Ok(Response::json(200, &json!({})))
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
