//! How far the validation of an organization is (guide 7.1).

use core::time::Duration;

use api::{
    BodyRef,
    facts::{OrganizationFacts, ValidationFacts, ValidationStanding},
};

use super::goal::Standing;
use crate::{client::Client, error::WaitReason};

/// The validations of an organization that are waited for.
pub(super) struct Validations {
    client: Client,
    /// For this type, or for every one that there is.
    wanted: Option<String>,
    /// Since when there is none of them, by the service's clock.
    missing_since: Option<Duration>,
}

/// An organization that shows no validation for so long is not being validated: a person has to submit it.
const NEVER_SUBMITTED: Duration = Duration::from_secs(10 * 60);

impl Validations {
    pub(super) const fn new(client: Client, wanted: Option<String>) -> Self {
        Self {
            client,
            wanted,
            missing_since: None,
        }
    }

    pub(super) fn standing(&mut self, organization: &BodyRef) -> Standing {
        let facts = organization.organization();
        let wanted = self.wanted.as_deref();
        let is_wanted = |check: &&ValidationFacts| {
            let is = |wanted: &str| {
                check
                    .kind
                    .as_deref()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
            };
            wanted.is_none_or(is)
        };
        let wanted: Vec<&ValidationFacts> = facts.validations.iter().filter(is_wanted).collect();
        let now = Duration::from_millis(self.client.service_time());
        if wanted.is_empty() {
            let since = *self.missing_since.get_or_insert(now);
            return if now.saturating_sub(since) < NEVER_SUBMITTED {
                Standing::Continues
            } else {
                Standing::Ended(WaitReason::NeedsAction)
            };
        }
        self.missing_since = None;
        let now = now.as_secs_f64();
        let standings = wanted.iter().map(|check| {
            let same_kind = wanted
                .iter()
                .filter(|other| check.kind.is_some() && other.kind == check.kind);
            let own = standing(&facts, check, now);
            // One that ended may have been submitted again beside it.
            same_kind.map(|other| standing(&facts, other, now)).fold(own, better)
        });
        standings.reduce(worse).unwrap_or(Standing::Continues)
    }
}

/// From where nothing more is to be done to where nothing more can be.
const fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Reached | Standing::Changed => 0,
        Standing::Continues => 1,
        Standing::Ended(WaitReason::NeedsAction) => 2,
        Standing::Ended(_) => 3,
    }
}

const fn better(a: Standing, b: Standing) -> Standing {
    if rank(b) < rank(a) { b } else { a }
}

const fn worse(a: Standing, b: Standing) -> Standing {
    if rank(b) > rank(a) { b } else { a }
}

/// Where nothing is told but that it is pending, it may wait for a contact that the organization has not (guide 7.2).
fn standing(organization: &OrganizationFacts, check: &ValidationFacts, now: f64) -> Standing {
    let lacks_contact = || {
        let is_ev = check.kind.as_deref() == Some("EV");
        organization.lacks_role("ORGANIZATION_CONTACT")
            || (is_ev && organization.lacks_role("EXTENDED_VALIDATION_APPROVER"))
    };
    match check.standing(now) {
        ValidationStanding::Valid => Standing::Reached,
        ValidationStanding::Failed => Standing::Ended(WaitReason::Failed),
        ValidationStanding::Pending if !lacks_contact() => Standing::Continues,
        ValidationStanding::Pending | ValidationStanding::Stalled => Standing::Ended(WaitReason::NeedsAction),
    }
}
