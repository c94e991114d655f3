//! What the entries of a journal add up to.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    entry::{Entry, Step, What},
    renewal::{Renewal, RenewalState},
};
use crate::time::{DAY, Ms};

/// A journal with fewer entries is short enough.
const LONG: usize = 2_000;
/// What was done with since then is kept: lists may not show it yet.
const LATELY: Ms = 7 * DAY;

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
            Step::Begun { what } => {
                self.begin(&entry.order, what, RenewalState::Begun);
            }
            step => self.advance(&entry.order, entry.at, step),
        }
    }

    fn begin(&mut self, order: &str, what: &What, state: RenewalState) -> &mut Renewal {
        let renewal = self.renewals.entry(order.to_owned());
        let renewal = renewal.or_insert_with(|| Renewal::new(what, state));
        renewal.begin(what, state);
        renewal
    }

    fn advance(&mut self, order: &str, at: Ms, step: &Step) {
        let Some(renewal) = self.renewals.get_mut(order) else {
            return;
        };
        renewal.advance(at, step);
        match step {
            Step::Placing { once_id, price } => {
                self.spent.insert(once_id.clone(), *price);
            }
            // The last order that was tried is not there: it costs nothing.
            Step::Refused { .. } | Step::NotPlaced => {
                if let Some(name) = &renewal.once_id {
                    self.spent.remove(name);
                }
            }
            Step::Delivered => {
                self.forget_before(order);
                self.untold.insert(order.to_owned());
            }
            _ => {}
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
}
