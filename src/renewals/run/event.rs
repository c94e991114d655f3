//! What is told of a run while it is under way.

use serde::Serialize;

use crate::{journal::RenewalState, summary::RenewalSummary, time::Ms, urgency::RenewalUrgency};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum RenewalEvent {
    /// The estate was looked at again, under the lock of the journal.
    Started {
        /// When, ISO 8601.
        at: String,
        /// How many certificates are to be renewed.
        renewals: usize,
    },
    /// A renewal has come further; the journal has it.
    Step {
        /// When, ISO 8601.
        at: String,
        /// The order that is renewed.
        order_id: String,
        /// Its common name.
        common_name: String,
        /// How far the renewal is.
        state: RenewalState,
        /// The new order, once it is there.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "types", tsify(optional))]
        new_order_id: Option<String>,
    },
    /// Certificates are waited for.
    Waiting {
        /// When, ISO 8601.
        at: String,
        /// How many orders are waited for, or looked for.
        orders: usize,
        /// The next look, in milliseconds since 1970.
        #[cfg_attr(feature = "types", tsify(type = "number"))]
        until_ms: Ms,
    },
    /// Something is not as it should be. The others continue.
    Problem(Box<RenewalProblem>),
    /// The run has ended.
    Ended {
        /// When, ISO 8601.
        at: String,
        /// What came of it.
        summary: Box<RenewalSummary>,
    },
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalProblem {
    /// When, ISO 8601.
    pub at: String,
    /// The order that is renewed; empty for what is about the run as a whole.
    pub order_id: String,
    /// Its common name.
    pub common_name: String,
    /// What, for programs: `unknown`, `unknown_name`, `blocked`, `refused`, `lost`, `deliver_failed`, `hook_failed` …
    pub code: &'static str,
    /// What, in a sentence for people. No secret is in it.
    pub message: String,
    /// What a program wrote, its end first cut and its secrets masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub output: Option<String>,
    /// How near the end of the old certificate is.
    pub urgency: RenewalUrgency,
    /// It is not tried again before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub retry_at: Option<String>,
}

pub use {RenewalEvent as Event, RenewalProblem as Problem};
