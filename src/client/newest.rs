//! What a client remembers of its account's newest orders, between the orders that it creates once.

use core::cell::Cell;

/// For how long, in seconds, an account that had no order whose status no filter asks for has none.
const REMEMBERED: f64 = 3600.0;

/// Whether an account has orders whose status no filter asks for, as far as its newest ones showed.
#[derive(Default)]
pub(crate) struct Newest {
    /// When they were looked at, in seconds since 1970.
    seen_at: Cell<Option<f64>>,
    has_unfiltered: Cell<bool>,
}

impl Newest {
    /// Whether an order may be among them that no filter shows.
    pub(crate) fn may_hide(&self, now: f64) -> bool {
        let is_recent = |at: f64| (0.0..REMEMBERED).contains(&(now - at));
        self.has_unfiltered.get() || !self.seen_at.get().is_some_and(is_recent)
    }

    /// All of them were looked at.
    pub(crate) fn seen(&self, now: f64) {
        self.seen_at.set(Some(now));
    }

    /// There is one whose status no filter asks for.
    pub(crate) fn has_unfiltered(&self) {
        self.has_unfiltered.set(true);
    }
}
