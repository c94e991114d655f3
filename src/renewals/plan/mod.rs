//! What would be renewed, and why: for each order with a certificate what is done about it.

pub mod capacity;

use std::collections::BTreeMap;

use api::facts::{Date, Fact as _};
use serde::Serialize;
use serde_json::Value;

use crate::{journal::What, policy::Policy, time::Ms, urgency::RenewalUrgency, words::words};
use capacity::RenewalCapacity;

/// What would be renewed, and why. Plain data: JSON leaves it as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalPlan {
    /// When it was made, by the service's clock. ISO 8601, as all dates of a plan.
    pub made_at: String,
    /// The orders with a certificate, the one that ends first before the others.
    pub items: Vec<RenewalItem>,
    /// How many there are of each action.
    #[cfg_attr(feature = "types", tsify(type = "Record<RenewalAction, number>"))]
    pub counts: BTreeMap<&'static str, usize>,
    /// What all that would be ordered costs; absent where a price is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub cost: Option<f64>,
    /// How many calls it takes, and whether the estate fits the limit.
    pub capacity: RenewalCapacity,
    /// By which rules it was made.
    #[cfg_attr(feature = "types", tsify(type = "RenewalPlanPolicy"))]
    pub policy: Policy,
    /// The ids or names of orders that alone are looked at, in a run of the plan as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub only: Option<Vec<String>>,
}

/// An order with a certificate, and what is done about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalItem {
    /// The order.
    pub order_id: String,
    /// Its common name.
    pub common_name: String,
    /// The names beside it.
    pub dns_names: Vec<String>,
    /// `SSL_OV_BASIC` …
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub cert_type: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub organization_id: Option<String>,
    /// Start of validity, where the service shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub not_before: Option<String>,
    /// End of validity.
    pub not_after: String,
    /// From when on it is renewed.
    pub due: String,
    /// Whole days until the end; negative after it.
    pub days_left: i64,
    /// What is done about it.
    pub action: RenewalAction,
    /// Why, in one sentence.
    pub reason: String,
    /// How near the end is.
    pub urgency: RenewalUrgency,
    /// What keeps it from being ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub blocked_by: Option<RenewalBlock>,
    /// It failed, and is not tried again before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub retry_at: Option<String>,
    /// The order that replaces it, or will.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub replaced_by: Option<String>,
    /// The name of the order of which nobody knows whether it was placed: what `assumeNotPlaced` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub once_id: Option<String>,
    /// Until when the validation of its organization holds, which a new order needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub validated_until: Option<String>,
    /// The order that would be placed, without its CSR.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional, type = "RenewalRequest"))]
    pub request: Option<Value>,
    /// What it costs, where the service names a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub price: Option<f64>,
    /// What is wrong with the order that would be placed, or worth knowing.
    #[cfg_attr(feature = "types", tsify(type = "Finding[]"))]
    pub findings: Vec<Value>,
    /// Whether it is revoked: its end says nothing then.
    #[serde(skip)]
    pub is_revoked: bool,
}

impl RenewalItem {
    /// What is renewed, as a journal keeps it.
    #[must_use]
    pub fn what(&self) -> What {
        What {
            common_name: self.common_name.clone(),
            dns_names: self.dns_names.clone(),
            not_after: end_of(self),
            due: of_text(&self.due),
            is_revoked: self.is_revoked,
        }
    }
}

words! {
    /// What is done about an order with a certificate.
    RenewalAction {
        /// It is due: a new order is placed.
        Renew = "renew",
        /// It is not due yet.
        Later = "later",
        /// A later certificate, or an order under way, covers its names. As long as that has no certificate, `urgency` says
        /// how near the end of this one is.
        Replaced = "replaced",
        /// A new order was placed, and is not delivered yet.
        Continue = "continue",
        /// A new order may have been placed, and nobody knows: it is looked for, and not placed again.
        Unknown = "unknown",
        /// It failed lately, and is tried again later.
        Retry = "retry",
        /// It is revoked, and not replaced.
        Revoked = "revoked",
        /// It is due, and cannot be ordered.
        Blocked = "blocked",
        /// It has ended, and was not to be renewed before: order it again if it is needed.
        Ended = "ended",
    }
}

words! {
    /// What keeps a certificate from being ordered.
    RenewalBlock {
        /// The validation of the organization does not hold.
        ValidationLapsed = "validation_lapsed",
        /// None of its contacts is there any more, or none is an organization contact.
        ContactGone = "contact_gone",
        /// An EV order has no approver any more.
        ApproverGone = "approver_gone",
        /// A certificate authority would refuse its names.
        Names = "names",
        /// The order would be refused.
        Request = "request",
        /// The order does not show what a new one needs.
        Incomplete = "incomplete",
        /// A new certificate would end before this one: by now they live less.
        TooEarly = "too_early",
    }
}

pub use RenewalPlan as Plan;

impl Plan {
    /// The item of an order.
    #[must_use]
    pub fn item(&self, order_id: &str) -> Option<&RenewalItem> {
        self.items.iter().find(|item| item.order_id == order_id)
    }
}

/// When an item ends; 0 where its date cannot be read, which a plan's own can.
pub(crate) fn end_of(item: &RenewalItem) -> Ms {
    of_text(&item.not_after)
}

/// A date of a plan.
pub(crate) fn of_text(date: &str) -> Ms {
    Date::read(&date.into())
        .as_ref()
        .and_then(crate::time::of)
        .unwrap_or_default()
}
