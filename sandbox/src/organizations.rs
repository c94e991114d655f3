//! Organizations and their validations (guide 7.1).

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::{Account, Caller};
use crate::clock::{HOUR, Timestamp};
use crate::contacts::{self, Details as ContactDetails};
use crate::history::History;
use crate::http::Response;
use crate::lifecycle::{self, WaitingOrder};
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::schedule::Event;
use crate::validate::{Checker, Fields, Text};
use crate::words::{ContactType, Provider, ValidationType};
use crate::world::World;

/// How long a validation holds (guide 7.1).
const VALID_MONTHS: u64 = 13;

/// What a request says of an organization.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Details {
    pub(crate) name: String,
    assumed_name: Option<String>,
    address1: String,
    address2: Option<String>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) country: String,
    zipcode: String,
    phone: String,
    provider: Provider,
}

impl Details {
    fn read(fields: &Fields<'_>) -> Self {
        fields.require(&[
            "name", "address1", "city", "state", "country", "zipcode", "phone", "provider", "contacts",
        ]);
        Self {
            name: fields.text("name", Text::Line),
            assumed_name: fields.optional_text("assumedName", Text::Line),
            address1: fields.text("address1", Text::Line),
            address2: fields.optional_text("address2", Text::Line),
            city: fields.text("city", Text::Line),
            state: fields.text("state", Text::Line),
            country: fields.text("country", Text::Country),
            zipcode: fields.text("zipcode", Text::Line),
            phone: fields.text("phone", Text::Line),
            provider: fields
                .parsed("provider", "must be DIGICERT", Provider::parse)
                .unwrap_or(Provider::DigiCert),
        }
    }
}

/// How far a validation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum ValidationStatus {
    Pending,
    Active,
}

/// A validation of an organization.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Validation {
    id: Uuid,
    #[serde(rename = "type")]
    kind: ValidationType,
    name: &'static str,
    status: ValidationStatus,
    provider_date_created: Timestamp,
    date_validated_until: Option<Timestamp>,
    date_created: Timestamp,
    date_updated: Timestamp,
    /// Counts how often it was started, to tell events of an earlier start.
    #[serde(skip)]
    round: u32,
    /// Whether its time came while a contact that it needs was missing.
    #[serde(skip)]
    stalled: bool,
}

/// An organization.
#[derive(Clone, Debug)]
pub(crate) struct Organization {
    id: Uuid,
    pub(crate) account: Account,
    pub(crate) details: Details,
    provider_id: u64,
    pub(crate) contacts: Vec<Uuid>,
    validations: Vec<Validation>,
    /// Orders that go on once it is validated.
    pub(crate) waiting_orders: Vec<WaitingOrder>,
    pub(crate) history: History,
    date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
}

impl Organization {
    /// Whether certificates that need this validation may be issued for it.
    pub(crate) fn is_validated(&self, kind: ValidationType) -> bool {
        kind == ValidationType::Dv
            || self
                .validations
                .iter()
                .any(|check| check.kind == kind && check.status == ValidationStatus::Active)
    }

    pub(crate) fn json(&self, contacts: &[Value]) -> Value {
        let mut json = json!(self.details);
        if let Some(fields) = json.as_object_mut() {
            fields.shift_insert(0, "id".to_owned(), json!(self.id));
            fields.insert("active".to_owned(), json!(true));
            fields.insert("contacts".to_owned(), json!(contacts));
            fields.insert("validations".to_owned(), json!(self.validations));
            fields.insert("providerId".to_owned(), json!(self.provider_id));
            fields.insert("dateCreated".to_owned(), json!(self.date_created));
            fields.insert("dateUpdated".to_owned(), json!(self.date_updated));
        }
        json
    }

    /// Whether this validation was not started again since this round.
    fn is_in_round(&self, kind: ValidationType, round: u32) -> bool {
        self.validations
            .iter()
            .any(|check| check.kind == kind && check.round == round)
    }

    fn validation_mut(&mut self, kind: ValidationType) -> Option<&mut Validation> {
        self.validations.iter_mut().find(|check| check.kind == kind)
    }
}

const SORTABLE: &[Sortable<Organization>] = &[
    ("name", |organization| {
        Key::Text(organization.details.name.to_lowercase())
    }),
    ("providerId", |organization| Key::Number(Some(organization.provider_id))),
    ("dateCreated", |organization| {
        Key::Number(Some(organization.date_created.ms()))
    }),
    ("dateUpdated", |organization| {
        Key::Number(Some(organization.date_updated.ms()))
    }),
];

/// `POST /organization`: with at least one contact, and sent to validation by itself (guide 7.1.1).
pub(crate) fn create(world: &mut World, caller: &Caller, body: &Value) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, body);
    let details = Details::read(&fields);
    fields.require_items("contacts");
    let people = fields.objects("contacts");
    let people: Vec<_> = people
        .iter()
        .map(|person| ContactDetails::read(person, Some(details.provider)))
        .collect();
    checker.finish()?;

    let id = world.ids.uuid();
    let provider = details.provider;
    let organization = Organization {
        id,
        account: caller.account,
        details,
        provider_id: world.next_provider_id(),
        contacts: Vec::new(),
        validations: Vec::new(),
        waiting_orders: Vec::new(),
        history: History::default(),
        date_created: caller.now,
        date_updated: caller.now,
    };
    world.organizations.insert(id, organization);
    world.change_organization(
        id,
        caller.now,
        Some(&caller.username),
        "The organization was created.",
        |_| (),
    );
    let has_approver = people.iter().any(|person| person.is(ContactType::Approver));
    for person in people {
        contacts::add(world, caller, id, person, Some(&caller.username));
    }
    contacts::add(world, caller, id, ContactDetails::technical(provider), None);
    submit(world, id, ValidationType::Ov, caller.now);
    if has_approver {
        submit(world, id, ValidationType::Ev, caller.now);
    }
    let organization = world.organization(id, caller)?;
    Ok(Response::json(201, &world.organization_json(organization)))
}

/// `GET /organization/{id}`.
pub(crate) fn get(world: &World, caller: &Caller, id: Uuid) -> Result<Response, Refusal> {
    let organization = world.organization(id, caller)?;
    Ok(Response::json(200, &world.organization_json(organization)))
}

/// `GET /organization`, by a part of the `name` or by `providerId`.
pub(crate) fn list(world: &World, caller: &Caller, query: &str) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let query = Query::new(&checker, query);
    let paging = Paging::of(&query, SORTABLE);
    let name = query.text("name").map(str::to_lowercase);
    let provider_id = query.number("providerId", 0).map(u64::from);
    checker.finish()?;
    let rows = world.organizations.iter().filter(|organization| {
        organization.account == caller.account
            && name
                .as_ref()
                .is_none_or(|name| organization.details.name.to_lowercase().contains(name))
            && provider_id.is_none_or(|id| organization.provider_id == id)
    });
    Ok(paging.respond(rows, |organization| world.organization_json(organization)))
}

/// Sends all validations to be done again, as a change of an EV approver does (guide 7.2.4, 7.2.5).
pub(crate) fn submit_again(world: &mut World, id: Uuid, at: Timestamp) {
    let Some(organization) = world.organizations.get(id) else {
        return;
    };
    let was_asked_for = organization
        .validations
        .iter()
        .any(|check| check.kind == ValidationType::Ev);
    let is_ev = was_asked_for || has_contact(world, organization, ContactType::Approver);
    submit(world, id, ValidationType::Ov, at);
    if is_ev {
        submit(world, id, ValidationType::Ev, at);
    }
}

/// Sends a new EV approver to validation (guide 7.2.1).
pub(crate) fn submit_approver(world: &mut World, id: Uuid, at: Timestamp) {
    submit(world, id, ValidationType::Ev, at);
}

/// Starts those validations again that came to a halt for want of a contact, now that contacts changed.
pub(crate) fn resume_validations(world: &mut World, id: Uuid, at: Timestamp) {
    let stalled: Vec<_> = world.organizations.get(id).map_or_else(Vec::new, |organization| {
        organization
            .validations
            .iter()
            .filter(|check| check.stalled)
            .map(|check| check.kind)
            .collect()
    });
    for kind in stalled {
        submit(world, id, kind, at);
    }
}

/// Starts a validation, for the first time or again.
fn submit(world: &mut World, id: Uuid, kind: ValidationType, at: Timestamp) {
    let (name, delay) = match kind {
        ValidationType::Ev => ("Extended validation", world.delays.between(20 * HOUR, 60 * HOUR)),
        ValidationType::Ov | ValidationType::Dv => {
            ("Organization validation", world.delays.between(2 * HOUR, 20 * HOUR))
        }
    };
    let validation_id = world.ids.uuid();
    let text = format!("{name} was submitted.");
    let mut round = 0;
    world.change_organization(id, at, None, &text, |organization| {
        if organization.validation_mut(kind).is_none() {
            organization.validations.push(Validation {
                id: validation_id,
                kind,
                name,
                status: ValidationStatus::Pending,
                provider_date_created: at,
                date_validated_until: None,
                date_created: at,
                date_updated: at,
                round: 0,
                stalled: false,
            });
        }
        if let Some(check) = organization.validation_mut(kind) {
            check.status = ValidationStatus::Pending;
            check.date_validated_until = None;
            check.date_updated = at;
            check.round = check.round.saturating_add(1);
            check.stalled = false;
            round = check.round;
        }
    });
    world.schedule.add(
        at.plus(delay),
        Event::Validate {
            organization: id,
            kind,
            round,
        },
    );
}

/// A validation's time has come. It needs an organization contact, and EV an approver too (guide 7.2).
pub(crate) fn validate(world: &mut World, id: Uuid, kind: ValidationType, round: u32, at: Timestamp) {
    let Some(organization) = world.organizations.get(id) else {
        return;
    };
    if !organization.is_in_round(kind, round) {
        return;
    }
    let complete = has_contact(world, organization, ContactType::Organization)
        && (kind != ValidationType::Ev || has_contact(world, organization, ContactType::Approver));
    if !complete {
        let text = format!("{} validation waits for a contact that it needs.", kind.text());
        world.change_organization(id, at, None, &text, |organization| {
            if let Some(check) = organization.validation_mut(kind) {
                check.stalled = true;
            }
        });
        return;
    }
    let until = at.plus_months(VALID_MONTHS);
    let text = format!("{} validation was completed.", kind.text());
    let mut waiting = Vec::new();
    world.change_organization(id, at, None, &text, |organization| {
        if let Some(check) = organization.validation_mut(kind) {
            check.status = ValidationStatus::Active;
            check.date_validated_until = Some(until);
            check.date_updated = at;
        }
        waiting = core::mem::take(&mut organization.waiting_orders);
    });
    world.schedule.add(
        until,
        Event::Lapse {
            organization: id,
            kind,
            round,
        },
    );
    for order in waiting {
        lifecycle::proceed(world, &order, at);
    }
}

/// Thirteen months are over: validation starts again by itself (guide 7.1).
pub(crate) fn lapse(world: &mut World, id: Uuid, kind: ValidationType, round: u32, at: Timestamp) {
    let organization = world.organizations.get(id);
    if organization.is_some_and(|organization| organization.is_in_round(kind, round)) {
        submit(world, id, kind, at);
    }
}

fn has_contact(world: &World, organization: &Organization, kind: ContactType) -> bool {
    organization
        .contacts
        .iter()
        .filter_map(|id| world.contacts.get(*id))
        .any(|contact| contact.details.is(kind))
}
