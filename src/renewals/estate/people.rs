//! Organizations, their validations, and the people in them.

use std::collections::BTreeMap;

use api::facts::{Fact as _, OrganizationFacts, ValidationFacts};
use serde_json::Value;

use crate::time::{self, Ms};

/// An organization.
#[derive(Clone, Debug)]
pub struct Organization {
    validations: Vec<ValidationFacts>,
    contacts: BTreeMap<String, Vec<String>>,
}

/// How long a validation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Until this time.
    Until(Ms),
    /// It does not hold, or not any more.
    Lapsed,
    /// The service says nothing of it.
    Unsaid,
}

impl Organization {
    pub(super) fn of(organization: &Value) -> Option<(String, Self)> {
        let id = organization.get("id")?.as_str()?.to_owned();
        let validations = OrganizationFacts::read(organization)?.validations;
        let contacts = organization.get("contacts").and_then(Value::as_array);
        let contacts = contacts.into_iter().flatten().filter_map(contact_of).collect();
        Some((id, Self { validations, contacts }))
    }

    pub(super) fn contacts(&self) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.contacts.iter()
    }

    /// How long the validation holds that a type needs: `OV` or `EV`.
    #[must_use]
    pub fn validity(&self, kind: &str, now: Ms) -> Validity {
        let of_kind = |check: &&ValidationFacts| check.kind.as_deref() == Some(kind);
        let mut longest = Validity::Unsaid;
        for check in self.validations.iter().filter(of_kind) {
            let until = check.date_validated_until.as_ref().and_then(time::of);
            let validity = match (until, check.status.as_deref()) {
                (Some(until), _) if until > now => Validity::Until(until),
                (Some(_), _) | (None, Some("PENDING")) => Validity::Lapsed,
                (None, _) => Validity::Unsaid,
            };
            longest = match (longest, validity) {
                (Validity::Until(one), Validity::Until(other)) => Validity::Until(one.max(other)),
                (Validity::Until(_), _) | (_, Validity::Unsaid) => longest,
                (_, validity) => validity,
            };
        }
        longest
    }
}

/// A contact: its id, and its roles.
pub(super) fn contact_of(contact: &Value) -> Option<(String, Vec<String>)> {
    let id = contact.get("id")?.as_str()?.to_owned();
    let types = contact.get("contactTypes")?.as_array()?;
    let role = |role: &Value| Some(role.get("type")?.as_str()?.to_owned());
    Some((id, types.iter().filter_map(role).collect()))
}
