//! Who is next: three priorities, each first come, first served.

use core::time::Duration;
use std::collections::BTreeSet;

use crate::platform::Instant;

/// How much a call matters to the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Before all others: the token, which every other call waits for.
    High,
    /// A call that somebody made.
    #[default]
    Normal,
    /// Polling. A few slots are kept from it, and it counts as normal once it has waited for a window.
    Low,
}

/// A call's place in the limiter, from the queue to its answer. It orders by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    number: u64,
    pub(super) priority: Priority,
    pub(super) entered: Instant,
}

impl Ticket {
    /// When a call of low priority counts as normal.
    pub(super) const fn rises_at(&self, window: Duration) -> Instant {
        self.entered.after(window)
    }
}

/// The calls that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    high: BTreeSet<Ticket>,
    normal: BTreeSet<Ticket>,
    low: BTreeSet<Ticket>,
    next: u64,
}

impl Queue {
    pub(super) fn enter(&mut self, priority: Priority, now: Instant) -> Ticket {
        let ticket = Ticket {
            number: self.next,
            priority,
            entered: now,
        };
        self.next = self.next.saturating_add(1);
        self.put_back(ticket);
        ticket
    }

    /// Puts a ticket where its arrival says: one that had its turn already comes back to the head.
    pub(super) fn put_back(&mut self, ticket: Ticket) {
        self.lane(ticket.priority).insert(ticket);
    }

    pub(super) fn remove(&mut self, ticket: Ticket) -> bool {
        self.lane(ticket.priority).remove(&ticket)
    }

    /// Whose turn it is. The oldest of low priority stands among the normal ones once it has waited for a window.
    pub(super) fn head(&self, now: Instant, window: Duration) -> Option<Ticket> {
        let low = self.low.first().copied();
        let risen = low.filter(|ticket| ticket.rises_at(window) <= now);
        let normal = self.normal.first().copied().into_iter().chain(risen).min();
        self.high.first().copied().or(normal).or(low)
    }

    pub(super) fn len(&self) -> usize {
        self.high
            .len()
            .saturating_add(self.normal.len())
            .saturating_add(self.low.len())
    }

    fn lane(&mut self, priority: Priority) -> &mut BTreeSet<Ticket> {
        match priority {
            Priority::High => &mut self.high,
            Priority::Normal => &mut self.normal,
            Priority::Low => &mut self.low,
        }
    }
}
