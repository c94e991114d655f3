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
        let of_kind = |check: &&ValidationFacts| {
            let own = check.kind.as_deref();
            own.is_some_and(|own| own.eq_ignore_ascii_case(kind))
        };
        let mut longest = Validity::Unsaid;
        for check in self.validations.iter().filter(of_kind) {
            let until = check.date_validated_until.as_ref().and_then(time::of);
            let validity = match until {
                Some(until) if until > now => Validity::Until(until),
                None if !check.is_denied() => Validity::Unsaid,
                _ => Validity::Lapsed,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_validation_is_read_in_whatever_case() {
        for (validation, validity) in [
            (
                json!({ "type": "ov", "dateValidatedUntil": "1970-01-02" }),
                Validity::Until(86_400_000),
            ),
            (json!({ "type": "OV", "status": "Pending" }), Validity::Lapsed),
            (json!({ "type": "OV", "status": "REJECTED" }), Validity::Lapsed),
            (json!({ "type": "OV", "status": "Not_Validated" }), Validity::Lapsed),
            (json!({ "type": "OV", "status": "VALIDATED" }), Validity::Unsaid),
            (json!({ "type": "OV" }), Validity::Unsaid),
            (json!({ "type": "EV", "status": "PENDING" }), Validity::Unsaid),
        ] {
            let organization = json!({ "id": "o", "validations": [validation] });
            let (_, organization) = Organization::of(&organization).unwrap();
            assert_eq!(organization.validity("OV", 0), validity, "{validation}");
        }
    }
}
