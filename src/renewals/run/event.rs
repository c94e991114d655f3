//! What is told of a run while it is under way.

use serde::Serialize;

use super::problem::RenewalProblem;
use crate::{journal::RenewalState, summary::RenewalSummary, time::Ms};

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

pub use RenewalEvent as Event;
