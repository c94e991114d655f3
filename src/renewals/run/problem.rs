//! What is not as it should be.

use serde::Serialize;

use crate::{urgency::RenewalUrgency, words::words};

words! {
    /// What is not as it should be, in a word. Later versions may have more.
    RenewalProblemCode {
        /// Nobody knows whether its order was placed: it is looked for, and not placed again.
        Unknown = "unknown",
        /// `assumeNotPlaced` names an order that the journal does not have.
        UnknownName = "unknown_name",
        /// It is due, and cannot be ordered.
        Blocked = "blocked",
        /// `policy.at` asks for certificates earlier than they are renewed.
        HeldBack = "held_back",
        /// It was not ordered: its old order cannot be looked at.
        Incomplete = "incomplete",
        /// It was not ordered: it costs more than in the plan.
        PriceChanged = "price_changed",
        /// It was not ordered: `maxCost` or `maxOrders` does not allow it.
        Budget = "budget",
        /// It was not ordered: the orders before it failed for a reason that is not their own.
        Stopped = "stopped",
        /// No key or no request was made.
        KeyFailed = "key_failed",
        /// Its order was not placed.
        Refused = "refused",
        /// An order that was placed elsewhere renews it.
        Superseded = "superseded",
        /// Control of its domains could not be shown.
        DcvFailed = "dcv_failed",
        /// Its new order could not be looked at.
        LookFailed = "look_failed",
        /// Its new order stands still until a person acts.
        NeedsAction = "needs_action",
        /// Its new order ended without a certificate, or the certificate is revoked.
        Lost = "lost",
        /// Its certificate could not be downloaded.
        DownloadFailed = "download_failed",
        /// Its certificate is not what was ordered.
        CheckFailed = "check_failed",
        /// Its certificate was not delivered.
        DeliverFailed = "deliver_failed",
        /// The old certificate was not revoked.
        RevokeFailed = "revoke_failed",
        /// What runs once for all failed.
        HookFailed = "hook_failed",
        /// Somebody else writes the journal, or it cannot be read.
        JournalLost = "journal_lost",
    }
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
    /// What, for programs.
    pub code: RenewalProblemCode,
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

pub use {RenewalProblem as Problem, RenewalProblemCode as Code};
