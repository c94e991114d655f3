//! The validation of organizations (guide 7.1): it takes hours or days, holds thirteen months, and starts again by itself.

use uuid::Uuid;

use crate::clock::{HOUR, Timestamp};
use crate::words::{ContactType, ValidationType};
use crate::world::{Event, Organization, Validation, ValidationStatus, WaitingOrder, World};

/// How long a validation holds (guide 7.1).
const VALID_MONTHS: u64 = 13;

/// Whether certificates that need this validation may be issued for an organization.
pub(super) fn is_validated(organization: &Organization, kind: ValidationType) -> bool {
    kind == ValidationType::Dv
        || organization
            .validations
            .iter()
            .any(|check| check.kind == kind && check.status == ValidationStatus::Active)
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
pub(crate) fn resume(world: &mut World, id: Uuid, at: Timestamp) {
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
pub(crate) fn submit(world: &mut World, id: Uuid, kind: ValidationType, at: Timestamp) {
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
        if validation_mut(organization, kind).is_none() {
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
        if let Some(check) = validation_mut(organization, kind) {
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
/// Returns the orders that waited for it.
pub(super) fn complete(
    world: &mut World,
    id: Uuid,
    kind: ValidationType,
    round: u32,
    at: Timestamp,
) -> Vec<WaitingOrder> {
    let Some(organization) = world.organizations.get(id) else {
        return Vec::new();
    };
    if !is_in_round(organization, kind, round) {
        return Vec::new();
    }
    let is_complete = has_contact(world, organization, ContactType::Organization)
        && (kind != ValidationType::Ev || has_contact(world, organization, ContactType::Approver));
    if !is_complete {
        let text = format!("{} validation waits for a contact that it needs.", kind.text());
        world.change_organization(id, at, None, &text, |organization| {
            if let Some(check) = validation_mut(organization, kind) {
                check.stalled = true;
            }
        });
        return Vec::new();
    }
    let until = at.plus_months(VALID_MONTHS);
    let text = format!("{} validation was completed.", kind.text());
    let mut waiting = Vec::new();
    world.change_organization(id, at, None, &text, |organization| {
        if let Some(check) = validation_mut(organization, kind) {
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
    waiting
}

/// Thirteen months are over: validation starts again by itself (guide 7.1).
pub(super) fn lapse(world: &mut World, id: Uuid, kind: ValidationType, round: u32, at: Timestamp) {
    let organization = world.organizations.get(id);
    if organization.is_some_and(|organization| is_in_round(organization, kind, round)) {
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

/// Whether this validation was not started again since this round.
fn is_in_round(organization: &Organization, kind: ValidationType, round: u32) -> bool {
    organization
        .validations
        .iter()
        .any(|check| check.kind == kind && check.round == round)
}

fn validation_mut(organization: &mut Organization, kind: ValidationType) -> Option<&mut Validation> {
    organization.validations.iter_mut().find(|check| check.kind == kind)
}
