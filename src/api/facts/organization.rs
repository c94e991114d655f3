//! What decides about an organization (guide 7.1).

use serde_json::Value;

use super::{
    date::Date,
    fact::{Fact, Word, facts},
};
use crate::text::contains;

facts! {
    /// An organization, as far as anything is decided by it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct OrganizationFacts {
        /// Its validations. One holds 13 months (guide 7.1).
        pub validations: Vec<ValidationFacts> = "validations",
        /// Its contacts, where they are shown.
        pub contacts: Vec<ContactFacts> = "contacts",
    }
}

facts! {
    /// A validation of an organization.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ValidationFacts {
        /// What it is for: `OV` or `EV`.
        pub kind: Option<String> = "type" as Word,
        /// Where it is, such as `PENDING`.
        pub status: Option<String> = "status" as Word,
        /// Until when it holds.
        pub date_validated_until: Option<Date> = "dateValidatedUntil",
    }
}

facts! {
    /// A contact, as far as anything is decided by it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ContactFacts {
        /// What it does (guide 7.2); nothing where that is not shown.
        pub roles: Option<Roles> = "contactTypes",
    }
}

/// The types of a contact, such as `ORGANIZATION_CONTACT`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(pub Vec<String>);

impl Fact for Roles {
    fn read(value: &Value) -> Option<Self> {
        let role = |role: &Value| Word::read(role.get("type")?).map(|role| role.0);
        Some(Self(value.as_array()?.iter().filter_map(role).collect()))
    }

    fn names(names: &mut Vec<&'static str>) {
        names.push("type");
    }
}

impl OrganizationFacts {
    /// Whether none of its contacts does this, as far as they show what they do.
    #[must_use]
    pub fn lacks_role(&self, wanted: &str) -> bool {
        let mut shown = self
            .contacts
            .iter()
            .filter_map(|contact| contact.roles.as_ref())
            .peekable();
        shown.peek().is_some() && !shown.any(|Roles(roles)| roles.iter().any(|role| role == wanted))
    }
}

/// How far a validation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationStanding {
    /// It holds.
    Valid,
    /// It continues by itself, as far as it shows.
    Pending,
    /// It stands still until a person acts.
    Stalled,
    /// It was refused, or has ended.
    Failed,
}

/// The guide names no status but that it may be pending, so these are read by their words: *inferred*.
const REFUSED: [&str; 5] = ["REJECT", "FAIL", "CANCEL", "DENIED", "INVALID"];
const STALLED: [&str; 6] = ["HOLD", "STALL", "SUSPEND", "NEEDS", "REQUIRED", "ACTION"];
const ENDED: [&str; 2] = ["EXPIRED", "LAPSED"];
const NOT_YET: [&str; 5] = ["PENDING", "IN_PROGRESS", "SUBMITTED", "INACTIVE", "NOT_"];
const DONE: [&str; 4] = ["VALID", "ACTIVE", "APPROVED", "COMPLETE"];

impl ValidationFacts {
    /// Whether its status says that it does not hold: not yet, not any more, or never.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.says(&NOT_YET) || self.says(&REFUSED) || self.says(&ENDED)
    }

    fn says(&self, words: &[&str]) -> bool {
        let status = self.status.as_deref().unwrap_or_default();
        words.iter().any(|word| contains(status, word))
    }

    /// How far it is, `now` in seconds since 1970.
    #[must_use]
    pub fn standing(&self, now: f64) -> ValidationStanding {
        let says = |words: &[&str]| self.says(words);
        let until = self.date_validated_until.as_ref();
        let is_over = until.and_then(Date::seconds).is_some_and(|until| until <= now);
        let is_done = !says(&NOT_YET) && (says(&DONE) || until.is_some());
        if says(&REFUSED) || says(&ENDED) || (is_done && is_over) {
            ValidationStanding::Failed
        } else if is_done {
            ValidationStanding::Valid
        } else if says(&STALLED) {
            ValidationStanding::Stalled
        } else {
            ValidationStanding::Pending
        }
    }
}
