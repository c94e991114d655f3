//! How far the validation of an organization is (guide 7.1).

use core::time::Duration;

use api::{
    BodyRef,
    facts::{Date, ValidationFacts},
    text::contains,
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
        let contacts = organization.field("contacts").map(|contacts| contacts.text());
        let contacts = contacts.unwrap_or_default();
        let now = now.as_secs_f64();
        let standings = wanted.iter().map(|check| {
            let same_kind = wanted
                .iter()
                .filter(|other| check.kind.is_some() && other.kind == check.kind);
            let own = standing(check, &contacts, now);
            // One that ended may have been submitted again beside it.
            same_kind.map(|other| standing(other, &contacts, now)).fold(own, better)
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

/// The guide names no status but that it may be pending, so these are read by their words: *inferred*.
const REFUSED: [&str; 5] = ["REJECT", "FAIL", "CANCEL", "DENIED", "INVALID"];
const STALLED: [&str; 6] = ["HOLD", "STALL", "SUSPEND", "NEEDS", "REQUIRED", "ACTION"];
const ENDED: [&str; 2] = ["EXPIRED", "LAPSED"];
const NOT_YET: [&str; 5] = ["PENDING", "IN_PROGRESS", "SUBMITTED", "INACTIVE", "NOT_"];
const DONE: [&str; 4] = ["VALID", "ACTIVE", "APPROVED", "COMPLETE"];

fn standing(check: &ValidationFacts, contacts: &str, now: f64) -> Standing {
    let status = check.status.as_deref().unwrap_or_default().to_ascii_uppercase();
    let says = |words: &[&str]| words.iter().any(|word| contains(&status, word));
    let until = check.date_validated_until.as_ref();
    let is_over = until.and_then(Date::seconds).is_some_and(|until| until <= now);
    let is_done = !says(&NOT_YET) && (says(&DONE) || until.is_some());
    if says(&REFUSED) || says(&ENDED) || (is_done && is_over) {
        Standing::Ended(WaitReason::Failed)
    } else if is_done {
        Standing::Reached
    } else if says(&STALLED) || lacks_contact(check, contacts) {
        Standing::Ended(WaitReason::NeedsAction)
    } else {
        Standing::Continues
    }
}

/// Whether the organization shows what its contacts do, and none of them does what this validation needs (guide 7.2): it
/// waits for a person until one does.
fn lacks_contact(check: &ValidationFacts, contacts: &str) -> bool {
    let lacks = |kind: &str| !contains(contacts, kind);
    let is_ev = check.kind.as_deref() == Some("EV");
    !lacks("contactTypes")
        && (lacks("\"ORGANIZATION_CONTACT\"") || (is_ev && lacks("\"EXTENDED_VALIDATION_APPROVER\"")))
}
