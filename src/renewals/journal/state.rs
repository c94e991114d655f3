//! What the entries of a journal add up to.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Entry, Step, What};
use crate::{
    time::{DAY, Ms},
    words::words,
};

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

/// A journal with fewer entries is short enough.
const LONG: usize = 2_000;
/// What was done with since then is kept: lists may not show it yet.
const LATELY: Ms = 7 * DAY;

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

/// What the entries of a journal add up to.
#[derive(Clone, Debug, Default)]
pub struct State {
    renewals: BTreeMap<String, Renewal>,
    /// What the orders cost that may have been placed since a run last ended, by their names.
    spent: BTreeMap<String, Option<f64>>,
    /// What was delivered since the hook of all last ran.
    untold: BTreeSet<String>,
    entries: u64,
    unreadable: Option<u64>,
}

impl State {
    /// What these entries add up to, the oldest first.
    #[must_use]
    pub fn of<T: AsRef<str>>(entries: impl IntoIterator<Item = T>) -> Self {
        let mut state = Self::default();
        for entry in entries {
            if let Some(entry) = Entry::read(entry.as_ref()) {
                state.apply(&entry);
            } else {
                state.unreadable.get_or_insert(state.entries);
                // Its number is taken all the same.
                state.entries = state.entries.saturating_add(1);
            }
        }
        state
    }

    /// How many entries there are: the number of the next one.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// The number of the first one that cannot be read, such as one of a later version.
    #[must_use]
    pub const fn unreadable(&self) -> Option<u64> {
        self.unreadable
    }

    /// All renewals, by the orders that they renew.
    pub fn renewals(&self) -> impl Iterator<Item = (&String, &Renewal)> {
        self.renewals.iter()
    }

    /// The renewal of an order.
    #[must_use]
    pub fn get(&self, order: &str) -> Option<&Renewal> {
        self.renewals.get(order)
    }

    /// Whether there is one of this order that is not done with.
    #[must_use]
    pub fn is_open(&self, order: &str) -> bool {
        self.get(order).is_some_and(|renewal| !renewal.state.is_over())
    }

    /// How many orders may have been placed since a run last ended, and what they cost; those without a price count nothing.
    #[must_use]
    pub fn spent(&self) -> (usize, f64) {
        (
            self.spent.len(),
            self.spent.values().flatten().fold(0.0, |sum, cost| sum + cost),
        )
    }

    /// What was delivered since the hook of all last ran.
    pub fn untold(&self) -> impl Iterator<Item = &String> {
        self.untold.iter()
    }

    /// Whether the hook of all has yet to run for this order, which was delivered.
    #[must_use]
    pub fn is_untold(&self, order: &str) -> bool {
        self.untold.contains(order)
    }

    /// The entries that still count, if that is worth while: those of what is not done with or not told, or was lately. Only
    /// between runs.
    #[must_use]
    pub fn kept<T: AsRef<str>>(&self, entries: &[T], now: Ms) -> Option<Vec<String>> {
        if !self.spent.is_empty() || self.unreadable.is_some() || entries.len() < LONG {
            return None;
        }
        let (mut kept, mut untold) = (Vec::new(), Vec::new());
        for text in entries.iter().map(AsRef::as_ref) {
            let Entry { at, order, .. } = Entry::read(text)?;
            if self.is_untold(&order) {
                untold.push(text.to_owned());
            } else if self.is_open(&order) || (!order.is_empty() && at > now.saturating_sub(LATELY)) {
                kept.push(text.to_owned());
            }
        }
        let of_all = |step| {
            let order = String::new();
            Entry { at: now, order, step }.line()
        };
        // Entries of one order say nothing of another. What was told, and what was spent, is not to count again.
        kept.push(of_all(Step::Told));
        kept.append(&mut untold);
        kept.push(of_all(Step::Ended));
        (kept.len().saturating_mul(2) < entries.len()).then_some(kept)
    }

    /// Adds an entry.
    pub fn apply(&mut self, entry: &Entry) {
        self.entries = self.entries.saturating_add(1);
        match &entry.step {
            Step::Run { .. } => {}
            Step::Ended => self.spent.clear(),
            Step::Told => self.untold.clear(),
            Step::Blocked { what, message } => {
                let renewal = self.begin(&entry.order, what, RenewalState::Blocked);
                renewal.message = Some(message.clone());
            }
            Step::Begun { what } => drop(self.begin(&entry.order, what, RenewalState::Begun).what.due),
            step => {
                if matches!(step, Step::Delivered) {
                    self.forget_before(&entry.order);
                }
                self.advance(&entry.order, entry.at, step);
            }
        }
    }

    /// Nobody need be told any more of a certificate that has been renewed itself.
    fn forget_before(&mut self, order: &str) {
        let renewals = &self.renewals;
        self.untold.retain(|id| {
            let renewal = renewals.get(id).filter(|renewal| renewal.state.is_over());
            renewal.is_none_or(|renewal| renewal.new_order.as_deref() != Some(order))
        });
    }

    /// A renewal from its beginning; how often it failed is remembered.
    fn begin(&mut self, order: &str, what: &What, state: RenewalState) -> &mut Renewal {
        let renewal = self.renewals.entry(order.to_owned()).or_insert_with(|| Renewal {
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
        });
        renewal.what = what.clone();
        renewal.state = state;
        renewal.csr = None;
        renewal.key = None;
        renewal.new_order = None;
        renewal.new_not_after = None;
        renewal.is_published = false;
        renewal
    }

    fn advance(&mut self, order: &str, at: Ms, step: &Step) {
        let Some(renewal) = self.renewals.get_mut(order) else {
            return;
        };
        let state = match step {
            Step::MakingKey { .. } => {
                renewal.keys = renewal.keys.saturating_add(1);
                RenewalState::MakingKey
            }
            Step::Keyed { csr, key } => {
                renewal.csr = Some(csr.clone());
                renewal.key.clone_from(key);
                RenewalState::Keyed
            }
            Step::Placing { once_id, price } => {
                renewal.attempts = renewal.attempts.saturating_add(1);
                renewal.once_id = Some(once_id.clone());
                renewal.placing_at = at;
                self.spent.insert(once_id.clone(), *price);
                RenewalState::Placing
            }
            Step::Placed { new_order } => {
                renewal.new_order = Some(new_order.clone());
                renewal.went_well();
                RenewalState::Placed
            }
            Step::Refused { message } => {
                renewal.failed(at, message);
                self.unspend(order);
                self.set(order, RenewalState::Refused);
                return;
            }
            Step::NotPlaced => {
                let state = if renewal.csr.is_some() {
                    RenewalState::Keyed
                } else {
                    RenewalState::Begun
                };
                renewal.went_well();
                self.unspend(order);
                self.set(order, state);
                return;
            }
            Step::Unknown { message } => {
                renewal.failed(at, message);
                RenewalState::Unknown
            }
            Step::Superseded { new_order } => {
                renewal.new_order = Some(new_order.clone());
                RenewalState::Superseded
            }
            Step::Published => {
                renewal.is_published = true;
                renewal.state
            }
            Step::Issued => {
                renewal.went_well();
                RenewalState::Issued
            }
            Step::Lost { message } => {
                renewal.failed(at, message);
                RenewalState::Lost
            }
            Step::Checked { not_after } => {
                renewal.new_not_after = Some(*not_after);
                renewal.went_well();
                RenewalState::Checked
            }
            Step::Delivering => RenewalState::Delivering,
            Step::Delivered => {
                renewal.went_well();
                self.untold.insert(order.to_owned());
                RenewalState::Delivered
            }
            Step::Failed { message } => {
                renewal.failed(at, message);
                renewal.state
            }
            Step::Revoking => RenewalState::Revoking,
            Step::Done => RenewalState::Done,
            Step::Publishing
            | Step::Run { .. }
            | Step::Ended
            | Step::Told
            | Step::Blocked { .. }
            | Step::Begun { .. } => renewal.state,
        };
        renewal.state = state;
    }

    fn set(&mut self, order: &str, state: RenewalState) {
        if let Some(renewal) = self.renewals.get_mut(order) {
            renewal.state = state;
        }
    }

    /// The last order that was tried is not there: it costs nothing.
    fn unspend(&mut self, order: &str) {
        let name = self.renewals.get(order).and_then(|renewal| renewal.once_id.as_ref());
        if let Some(name) = name {
            self.spent.remove(name);
        }
    }
}

impl Renewal {
    fn failed(&mut self, at: Ms, message: &str) {
        self.failures = self.failures.saturating_add(1);
        self.failed_at = at;
        self.message = Some(message.to_owned());
    }

    fn went_well(&mut self) {
        self.failures = 0;
        self.message = None;
    }
}
