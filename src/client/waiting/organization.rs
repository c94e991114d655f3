//! Waiting for an organization to be validated (guide 7.1).

use serde_json::Value;

use super::{
    WaitOptions,
    end::{ended, is_final},
    goal::Standing,
    pace::Pace,
};
use crate::{
    api::{
        model::Model,
        organizations::{GetOrganization, Organization, Validation, ValidationType},
    },
    client::{
        client::Client,
        error::{Error, WaitEnd},
    },
};

impl Client {
    /// Waits until an organization is validated: for this type, or for every type that it is being validated for.
    ///
    /// # Errors
    /// As [`Self::wait_for_order`].
    pub async fn wait_for_organization(
        &self,
        id: &str,
        validation: Option<&ValidationType>,
        options: WaitOptions,
        seen: impl Fn(&Value),
    ) -> Result<Model<Organization>, Error> {
        let call = GetOrganization { id: id.to_owned() };
        let mut pace = Pace::new(self, options);
        let mut last: Option<Model<Organization>> = None;
        let failure = |reason, last: Option<&Model<Organization>>| {
            let status = last.and_then(|organization| validation_status(&organization.view, validation));
            let last_json = last.map(|organization| organization.json.clone());
            ended(
                self,
                &format!("The organization {id}"),
                reason,
                status,
                "validated",
                last_json,
            )
        };
        loop {
            match self.call(&call, pace.look(self)).await {
                Ok(reply) => {
                    let organization = last.insert(reply.value);
                    seen(&organization.json);
                    match validation_standing(&organization.view, validation) {
                        Standing::Reached => return Ok(organization.clone()),
                        Standing::Ended(reason) => return Err(failure(reason, Some(organization))),
                        Standing::GoesOn => {}
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
            if !pace.next(self).await {
                return Err(failure(WaitEnd::Timeout, last.as_ref()));
            }
        }
    }
}

fn wanted<'a>(
    organization: &'a Organization,
    wanted: Option<&'a ValidationType>,
) -> impl Iterator<Item = &'a Validation> {
    let all = organization.validations.iter().flatten();
    all.filter(move |validation| wanted.is_none_or(|wanted| validation.type_.as_ref() == Some(wanted)))
}

fn validation_status<'a>(organization: &'a Organization, validation: Option<&'a ValidationType>) -> Option<&'a str> {
    wanted(organization, validation).find_map(|validation| validation.status.as_deref())
}

/// The guide names no status but that it may be pending, so these are read by their words: *inferred*.
const REFUSED: [&str; 5] = ["REJECT", "FAIL", "CANCEL", "DENIED", "INVALID"];
const NOT_YET: [&str; 6] = ["PENDING", "EXPIRED", "IN_PROGRESS", "SUBMITTED", "INACTIVE", "NOT_"];
const DONE: [&str; 4] = ["VALID", "ACTIVE", "APPROVED", "COMPLETE"];

fn validation_standing(organization: &Organization, validation: Option<&ValidationType>) -> Standing {
    let mut all = wanted(organization, validation).peekable();
    if all.peek().is_none() {
        return Standing::GoesOn;
    }
    let standing = |validation: &Validation| {
        let status = validation.status.as_deref().unwrap_or_default().to_ascii_uppercase();
        let says = |words: &[&str]| words.iter().any(|word| status.contains(word));
        if says(&REFUSED) {
            Standing::Ended(WaitEnd::Failed)
        } else if !says(&NOT_YET) && (says(&DONE) || validation.date_validated_until.is_some()) {
            Standing::Reached
        } else {
            Standing::GoesOn
        }
    };
    let standings: Vec<Standing> = all.map(standing).collect();
    let not_reached = standings.iter().filter(|standing| **standing != Standing::Reached);
    not_reached
        .copied()
        .min_by_key(|standing| *standing == Standing::GoesOn)
        .unwrap_or(Standing::Reached)
}
