//! Waiting for an organization to be validated (guide 7.1).

use api::{
    Arguments, Body, BodyRef,
    facts::{OrganizationFacts, ValidationFacts},
};
use serde_json::{Map, Value};

use super::{
    WaitOptions,
    look::{Standing, Waited},
};
use crate::{
    client::{Client, endpoint},
    error::{Error, WaitReason},
};

impl Client {
    /// Waits until an organization is validated: for this type, or for every type that it is being validated for.
    ///
    /// # Errors
    /// As [`Self::wait_for_order`].
    pub async fn wait_for_organization(
        &self,
        id: &str,
        validation: Option<&str>,
        options: WaitOptions,
        seen: impl Fn(&BodyRef),
    ) -> Result<BodyRef, Error> {
        let arguments = Arguments {
            path: Map::from_iter([("id".to_owned(), Value::from(id))]),
            ..Arguments::default()
        };
        let waited = Waited {
            request: endpoint("organizations.get")?.request(arguments).map_err(Error::from),
            name: format!("The organization {id}"),
            goal: "validated",
        };
        let standing = |body: &BodyRef| standing(&body.organization(), validation);
        let status = |body: &dyn Body| status(&body.organization(), validation);
        waited.reach(self, options, standing, status, &seen).await
    }
}

fn wanted<'a>(
    organization: &'a OrganizationFacts,
    wanted: Option<&'a str>,
) -> impl Iterator<Item = &'a ValidationFacts> {
    let all = organization.validations.iter();
    all.filter(move |validation| wanted.is_none_or(|wanted| validation.kind.as_deref() == Some(wanted)))
}

fn status(organization: &OrganizationFacts, validation: Option<&str>) -> Option<String> {
    wanted(organization, validation).find_map(|validation| validation.status.clone())
}

/// The guide names no status but that it may be pending, so these are read by their words: *inferred*.
const REFUSED: [&str; 5] = ["REJECT", "FAIL", "CANCEL", "DENIED", "INVALID"];
const NOT_YET: [&str; 6] = ["PENDING", "EXPIRED", "IN_PROGRESS", "SUBMITTED", "INACTIVE", "NOT_"];
const DONE: [&str; 4] = ["VALID", "ACTIVE", "APPROVED", "COMPLETE"];

fn standing(organization: &OrganizationFacts, validation: Option<&str>) -> Standing {
    let mut all = wanted(organization, validation).peekable();
    if all.peek().is_none() {
        return Standing::Continues;
    }
    let standing = |validation: &ValidationFacts| {
        let status = validation.status.as_deref().unwrap_or_default().to_ascii_uppercase();
        let says = |words: &[&str]| words.iter().any(|word| status.contains(word));
        if says(&REFUSED) {
            Standing::Ended(WaitReason::Failed)
        } else if !says(&NOT_YET) && (says(&DONE) || validation.date_validated_until.is_some()) {
            Standing::Reached
        } else {
            Standing::Continues
        }
    };
    let standings: Vec<Standing> = all.map(standing).collect();
    let not_reached = standings.iter().filter(|standing| **standing != Standing::Reached);
    not_reached
        .copied()
        .min_by_key(|standing| *standing == Standing::Continues)
        .unwrap_or(Standing::Reached)
}
