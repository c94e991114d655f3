//! Organizations (guide 7.1).

use serde::Serialize;
use uuid::Uuid;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::contacts::{self, ContactReply};
use crate::http::Response;
use crate::lifecycle::validation;
use crate::paging::{Key, Paging, Sortable};
use crate::query::Query;
use crate::readings::{DoneValidation, Readings};
use crate::refusal::Refusal;
use crate::text::Text;
use crate::validate::{Checker, Fields};
use crate::words::{ContactType, Provider, ValidationType};
use crate::world::{History, Organization, OrganizationDetails, Validation, ValidationStatus};

/// An organization, as replies show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganizationReply<'a> {
    id: Uuid,
    #[serde(flatten)]
    details: &'a OrganizationDetails,
    active: bool,
    contacts: Vec<ContactReply<'a>>,
    validations: Vec<ValidationReply<'a>>,
    provider_id: u64,
    date_created: Timestamp,
    date_updated: Timestamp,
}

impl<'a> OrganizationReply<'a> {
    fn of(organization: &'a Organization, call: &'a Call<'_>) -> Self {
        let contacts = organization
            .contacts
            .iter()
            .filter_map(|id| call.world.contacts.get(*id));
        let validations = organization.validations.iter();
        Self {
            id: organization.id,
            details: &organization.details,
            active: true,
            contacts: contacts.map(ContactReply::without_history).collect(),
            validations: validations
                .map(|check| ValidationReply::of(check, call.readings))
                .collect(),
            provider_id: organization.provider_id,
            date_created: organization.date_created,
            date_updated: organization.date_updated,
        }
    }
}

/// A validation, as replies show it.
#[derive(Serialize)]
struct ValidationReply<'a> {
    #[serde(flatten)]
    check: &'a Validation,
    status: Option<&'static str>,
}

impl<'a> ValidationReply<'a> {
    fn of(check: &'a Validation, readings: &Readings) -> Self {
        let done = match readings.validated {
            DoneValidation::Active => Some("ACTIVE"),
            DoneValidation::Valid => Some("VALID"),
            DoneValidation::Completed => Some("COMPLETED"),
            DoneValidation::Validated => Some("VALIDATED"),
            DoneValidation::OnlyDate => None,
        };
        let status = match check.status {
            ValidationStatus::Pending => Some("PENDING"),
            ValidationStatus::Active => done,
        };
        Self { check, status }
    }
}

fn read_details(fields: &Fields<'_>) -> OrganizationDetails {
    fields.require(&[
        "name", "address1", "city", "state", "country", "zipcode", "phone", "provider", "contacts",
    ]);
    OrganizationDetails {
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

/// `organizations.create`: with at least one contact, and sent to validation by itself (guide 7.1.1).
pub(crate) fn create(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.body()?;
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, &body);
    let details = read_details(&fields);
    fields.require_items("contacts");
    let people = fields.objects("contacts");
    let people: Vec<_> = people
        .iter()
        .map(|person| contacts::read_details(person, Some(details.provider)))
        .collect();
    checker.finish()?;

    let (world, caller) = (&mut *call.world, call.caller);
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
    let user = Some(caller.username.as_str());
    world.change_organization(id, caller.now, user, "The organization was created.", |_| ());
    let has_approver = people.iter().any(|person| person.is(ContactType::Approver));
    for person in people {
        contacts::add(world, caller, id, person, user);
    }
    contacts::add(world, caller, id, contacts::technical(provider), None);
    validation::submit(world, id, ValidationType::Ov, caller.now);
    if has_approver {
        validation::submit(world, id, ValidationType::Ev, caller.now);
    }
    respond(call, id, 201)
}

/// `organizations.get` (guide 7.1.2).
pub(crate) fn get(call: &mut Call<'_>) -> Result<Response, Refusal> {
    respond(call, call.ids.id, 200)
}

fn respond(call: &Call<'_>, id: Uuid, status: u16) -> Result<Response, Refusal> {
    let organization = call.organization(id)?;
    Ok(Response::json(status, &OrganizationReply::of(organization, call)))
}

/// `organizations.list` (guide 7.1.3), by a part of the `name` or by `providerId`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let checker = Checker::default();
    let query = Query::of_list(&checker, call);
    let paging = Paging::of(&query, call.readings, SORTABLE);
    let name = query.text("name").map(str::to_lowercase);
    let provider_id = query.number("providerId", 0).map(u64::from);
    checker.finish()?;
    let rows = call.world.organizations.iter().filter(|organization| {
        organization.account == call.caller.account
            && name
                .as_ref()
                .is_none_or(|name| organization.details.name.to_lowercase().contains(name))
            && provider_id.is_none_or(|id| organization.provider_id == id)
    });
    paging.respond(rows, |organization| OrganizationReply::of(organization, call))
}
