//! Who is next: three priorities, and in each of them the callers' lanes by turns.

use core::time::Duration;

use api::digest::hash;

use crate::{
    ordered::{Ordered, Place},
    platform::Instant,
};

/// How much a call matters to the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Before all others: the token, which every other call waits for.
    High,
    /// A call that somebody made.
    #[default]
    Normal,
    /// Polling: behind every ordinary call, however long it has waited, and a few slots are kept from it. Where ordinary
    /// calls never end, one slot in twenty goes to a poll that has waited for a window: it is late, and never starves.
    Low,
}

/// Of every so many grants one goes to a poll that has waited for a window.
const SHARE_OF_LOW: u64 = 20;

/// Whose call it is: within a priority, lanes take turns, so that one with thousands of calls holds up no other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane(u64);

impl Lane {
    /// The lane of a name. Two names share one in a chance of 2^-64, and then only take one turn between them.
    #[must_use]
    pub fn named(name: &str) -> Self {
        // What it is made of is the caller's own, so nobody seeks collisions.
        Self(hash(&[name]))
    }

    /// The lane of the calls that name none: one for each client.
    pub(super) const fn of_client(number: u64) -> Self {
        Self(number)
    }
}

/// A call's place in the limiter, from the queue to its answer. It orders by the turn that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    turn: u64,
    number: u64,
    pub(super) priority: Priority,
    lane: Lane,
    entered: Instant,
}

impl Ticket {
    /// By which it is found, in the order of the turns.
    pub(super) const fn place(&self) -> Place {
        (self.turn, self.number)
    }
}

/// The calls that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    high: Level,
    normal: Level,
    low: Level,
    next: u64,
    /// How many others went while a poll waited that had waited for a window.
    passed_over: u64,
}

/// The calls of one priority. A lane's calls have turns that follow each other, and an idle lane begins at the present one:
/// this is fair queueing with the turns as virtual time.
#[derive(Debug, Default)]
struct Level {
    waiting: Ordered<Place, Ticket>,
    /// The turns that each lane waits for: its number, and theirs.
    lanes: Ordered<Place, ()>,
    /// The latest turn that was granted.
    present: u64,
}

impl Level {
    /// The turn of the next call in a lane.
    fn next_turn(&self, lane: Lane) -> u64 {
        let last = self
            .lanes
            .last_up_to(&(lane.0, u64::MAX))
            .filter(|last| last.0 == lane.0);
        last.map_or(0, |last| last.1).max(self.present).saturating_add(1)
    }

    fn insert(&mut self, ticket: Ticket) {
        self.waiting.insert(ticket.place(), ticket);
        self.lanes.insert((ticket.lane.0, ticket.turn), ());
    }

    fn remove(&mut self, ticket: Ticket) -> bool {
        self.lanes.remove(&(ticket.lane.0, ticket.turn));
        self.waiting.remove(&ticket.place()).is_some()
    }

    fn first(&self) -> Option<Ticket> {
        self.waiting.first().copied()
    }

    fn len(&self) -> u64 {
        u64::try_from(self.waiting.len()).unwrap_or(u64::MAX)
    }

    /// How many of those that wait go before the last of so many further calls in a lane.
    fn before(&self, lane: Lane, count: u64) -> u64 {
        let last = self.next_turn(lane).saturating_add(count.saturating_sub(1));
        let before = self.waiting.values().take_while(|ticket| ticket.turn <= last).count();
        u64::try_from(before).unwrap_or(u64::MAX)
    }
}

impl Queue {
    pub(super) fn enter(&mut self, priority: Priority, lane: Lane, now: Instant) -> Ticket {
        let ticket = Ticket {
            turn: self.level(priority).next_turn(lane),
            number: self.next,
            priority,
            lane,
            entered: now,
        };
        self.next = self.next.saturating_add(1);
        self.put_back(ticket);
        ticket
    }

    /// Puts a ticket where its turn says: one that had it already comes back to the head.
    pub(super) fn put_back(&mut self, ticket: Ticket) {
        self.level(ticket.priority).insert(ticket);
    }

    /// The same for one whose grant came to nothing: a poll that was due still is.
    pub(super) fn undo(&mut self, ticket: Ticket) {
        if ticket.priority == Priority::Low {
            self.passed_over = SHARE_OF_LOW;
        }
        self.put_back(ticket);
    }

    pub(super) fn remove(&mut self, ticket: Ticket) -> bool {
        self.level(ticket.priority).remove(ticket)
    }

    /// A ticket has its turn.
    pub(super) fn grant(&mut self, ticket: Ticket, window: Duration, now: Instant) {
        let level = self.level(ticket.priority);
        level.remove(ticket);
        level.present = level.present.max(ticket.turn);
        if ticket.priority == Priority::Low {
            self.passed_over = 0;
        } else if self.low.first().is_some_and(|low| low.entered.after(window) <= now) {
            self.passed_over = self.passed_over.saturating_add(1);
        }
    }

    /// Whether the next slot is a poll's, although others wait or keep slots.
    pub(super) fn is_low_due(&self) -> bool {
        self.passed_over.saturating_add(1) >= SHARE_OF_LOW
    }

    /// Whose turn it is.
    pub(super) fn head(&self) -> Option<Ticket> {
        let low = self.low.first();
        let due = low.filter(|_| self.is_low_due());
        self.high.first().or(due).or_else(|| self.normal.first()).or(low)
    }

    pub(super) fn len(&self) -> usize {
        let levels = [&self.high, &self.normal, &self.low];
        levels.iter().map(|level| level.waiting.len()).sum()
    }

    /// How many of those that wait go before the last of so many further calls.
    pub(super) fn before(&self, priority: Priority, lane: Lane, count: u64) -> u64 {
        let higher = match priority {
            Priority::High => 0,
            Priority::Normal => self.high.len(),
            Priority::Low => self.high.len().saturating_add(self.normal.len()),
        };
        let level = match priority {
            Priority::High => &self.high,
            Priority::Normal => &self.normal,
            Priority::Low => &self.low,
        };
        let before = higher.saturating_add(level.before(lane, count));
        if priority != Priority::Normal {
            return before;
        }
        let passed = self.passed_over.saturating_add(before).saturating_add(count);
        let polls = passed.checked_div(SHARE_OF_LOW).unwrap_or_default();
        before.saturating_add(polls.min(self.low.len()))
    }

    fn level(&mut self, priority: Priority) -> &mut Level {
        match priority {
            Priority::High => &mut self.high,
            Priority::Normal => &mut self.normal,
            Priority::Low => &mut self.low,
        }
    }
}
