//! One renewal, as its entries in the journal say.

use super::entry::{Step, What};
use crate::{time::Ms, words::words};

words! {
    /// How far a renewal is.
    RenewalState {
        /// It is due, and cannot be ordered.
        Blocked = "blocked",
        /// It has begun; nothing is placed.
        Begun = "begun",
        /// Its key is being made.
        MakingKey = "makingKey",
        /// Its key is there; nothing is placed.
        Keyed = "keyed",
        /// Its order is being placed.
        Placing = "placing",
        /// Its order may have been placed, and nobody knows.
        Unknown = "unknown",
        /// Its order is there.
        Placed = "placed",
        /// Its certificate is issued.
        Issued = "issued",
        /// Its certificate is what was ordered.
        Checked = "checked",
        /// Its certificate is being delivered.
        Delivering = "delivering",
        /// Its certificate is delivered.
        Delivered = "delivered",
        /// The old certificate is being revoked.
        Revoking = "revoking",
        /// All is done.
        Done = "done",
        /// The service refused its order.
        Refused = "refused",
        /// Its order ended without a certificate.
        Lost = "lost",
        /// An order that was placed elsewhere has taken its place.
        Superseded = "superseded",
    }
}

impl RenewalState {
    /// Whether a new order is there, and not done with.
    #[must_use]
    pub const fn has_order(self) -> bool {
        matches!(
            self,
            Self::Placed | Self::Issued | Self::Checked | Self::Delivering | Self::Delivered | Self::Revoking
        )
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Superseded)
    }

    /// Whether nobody knows whether there is an order.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        matches!(self, Self::Placing | Self::Unknown)
    }
}

/// One renewal.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewal {
    /// What is renewed.
    pub what: What,
    /// How far it is.
    pub state: RenewalState,
    /// How many orders were tried.
    pub attempts: u32,
    /// How many keys were made, or begun.
    pub keys: u32,
    /// The request.
    pub csr: Option<String>,
    /// How its key is called.
    pub key: Option<String>,
    /// The name of the last order that was tried.
    pub once_id: Option<String>,
    /// When that was.
    pub placing_at: Ms,
    /// The new order.
    pub new_order: Option<String>,
    /// When its certificate ends.
    pub new_not_after: Option<Ms>,
    /// Whether what shows control of its domains is published.
    pub is_published: bool,
    /// How often it failed since something last went well.
    pub failures: u32,
    /// When it failed last.
    pub failed_at: Ms,
    /// Why.
    pub message: Option<String>,
}

impl Renewal {
    /// One of which nothing has been tried yet.
    pub(super) fn new(what: &What, state: RenewalState) -> Self {
        Self {
            what: what.clone(),
            state,
            attempts: 0,
            keys: 0,
            csr: None,
            key: None,
            once_id: None,
            placing_at: 0,
            new_order: None,
            new_not_after: None,
            is_published: false,
            failures: 0,
            failed_at: 0,
            message: None,
        }
    }

    /// Goes back to its beginning; how often it was tried, and failed, is remembered.
    pub(super) fn begin(&mut self, what: &What, state: RenewalState) {
        self.what = what.clone();
        self.state = state;
        self.csr = None;
        self.key = None;
        self.new_order = None;
        self.new_not_after = None;
        self.is_published = false;
    }

    /// Takes a step that comes after its beginning.
    pub(super) fn advance(&mut self, at: Ms, step: &Step) {
        match step {
            Step::MakingKey { .. } => {
                self.keys = self.keys.saturating_add(1);
                self.state = RenewalState::MakingKey;
            }
            Step::Keyed { csr, key } => {
                self.csr = Some(csr.clone());
                self.key.clone_from(key);
                self.state = RenewalState::Keyed;
            }
            Step::Placing { once_id, .. } => {
                self.attempts = self.attempts.saturating_add(1);
                self.once_id = Some(once_id.clone());
                self.placing_at = at;
                self.state = RenewalState::Placing;
            }
            Step::Placed { new_order } => {
                self.new_order = Some(new_order.clone());
                self.went_well(RenewalState::Placed);
            }
            Step::Refused { message } => self.failed(at, message, RenewalState::Refused),
            Step::NotPlaced => self.went_well(if self.csr.is_some() {
                RenewalState::Keyed
            } else {
                RenewalState::Begun
            }),
            Step::Unknown { message } => self.failed(at, message, RenewalState::Unknown),
            Step::Superseded { new_order } => {
                self.new_order = Some(new_order.clone());
                self.state = RenewalState::Superseded;
            }
            Step::Published => self.is_published = true,
            Step::Issued => self.went_well(RenewalState::Issued),
            Step::Lost { message } => self.failed(at, message, RenewalState::Lost),
            Step::Checked { not_after } => {
                self.new_not_after = Some(*not_after);
                self.went_well(RenewalState::Checked);
            }
            Step::Delivering => self.state = RenewalState::Delivering,
            Step::Delivered => self.went_well(RenewalState::Delivered),
            Step::Failed { message } => self.failed(at, message, self.state),
            Step::Revoking => self.state = RenewalState::Revoking,
            Step::Done => self.state = RenewalState::Done,
            Step::Publishing
            | Step::Run { .. }
            | Step::Ended
            | Step::Told
            | Step::Blocked { .. }
            | Step::Begun { .. } => {}
        }
    }

    fn failed(&mut self, at: Ms, message: &str, state: RenewalState) {
        self.failures = self.failures.saturating_add(1);
        self.failed_at = at;
        self.message = Some(message.to_owned());
        self.state = state;
    }

    fn went_well(&mut self, state: RenewalState) {
        self.failures = 0;
        self.message = None;
        self.state = state;
    }
}
