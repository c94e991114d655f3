//! What was sent and answered lately: the log that the rule decides over.

use core::{fmt, time::Duration};
use std::rc::Rc;

use super::rule::TwoWindowRule;
use crate::platform::{Instant, LogMemory};

/// The requests of the last two windows, in nanoseconds of the monotonic clock.
pub(super) struct Log {
    /// Whether there is a limit at all: nothing is kept where nothing is decided by it.
    keeps: bool,
    memory: Option<Rc<dyn LogMemory>>,
    window: u64,
    slack: u64,
    settled: Vec<u64>,
    accepted: Vec<u64>,
    in_flight: u64,
}

impl Log {
    pub(super) fn new(window: Duration, slack: Duration, keeps: bool) -> Self {
        Self {
            keeps,
            memory: None,
            window: nanos(window).max(1),
            slack: nanos(slack),
            settled: Vec::new(),
            accepted: Vec::new(),
            in_flight: 0,
        }
    }

    /// The same log as an earlier one left it. What that one had in flight may have reached the server, and settles now.
    pub(super) fn remembering(mut self, memory: Rc<dyn LogMemory>, now: Instant) -> Self {
        let (settled, in_flight) = memory.restore();
        self.settled = settled;
        self.in_flight = in_flight;
        self.memory = Some(memory);
        for _ in 0..in_flight {
            self.settle(now);
        }
        self
    }

    pub(super) fn rule(&self) -> TwoWindowRule<'_> {
        TwoWindowRule {
            window: self.window,
            settled: &self.settled,
            in_flight: self.in_flight,
        }
    }

    pub(super) fn send(&mut self) {
        self.set_in_flight(self.in_flight.saturating_add(1));
    }

    /// A request that was counted as sent has not been, and will not be.
    pub(super) fn unsend(&mut self) {
        self.set_in_flight(self.in_flight.saturating_sub(1));
    }

    fn set_in_flight(&mut self, count: u64) {
        self.in_flight = count;
        if let Some(memory) = &self.memory {
            memory.keep_in_flight(count);
        }
    }

    /// An answer arrived, whichever. Answers come in the order of time, so the log stays sorted.
    pub(super) fn settle(&mut self, now: Instant) {
        self.unsend();
        if !self.keeps {
            return;
        }
        let now = at(now);
        let stale = now.saturating_sub(self.window.saturating_mul(2));
        let forgotten = forget_before(&mut self.settled, stale);
        let settled = now.saturating_add(self.slack);
        self.settled.push(settled);
        if let Some(memory) = &self.memory {
            memory.forget(forgotten);
            memory.keep_settled(settled);
        }
    }

    /// The answer showed that the server let the request through.
    pub(super) fn accept(&mut self, now: Instant) {
        if !self.keeps {
            return;
        }
        let now = at(now);
        forget_before(&mut self.accepted, now.saturating_sub(self.window));
        self.accepted.push(now);
    }

    /// How many the server let through in the window before a moment.
    pub(super) fn accepted(&self, now: Instant) -> usize {
        let stale = at(now).saturating_sub(self.window);
        self.accepted
            .len()
            .saturating_sub(self.accepted.partition_point(|&answered| answered < stale))
    }

    /// How many slots are taken.
    pub(super) fn load(&self, now: Instant) -> u64 {
        self.rule().load(at(now))
    }

    /// When a slot of so many is free.
    pub(super) fn free_at(&self, limit: u32) -> Option<Instant> {
        self.rule()
            .free_at(u64::from(limit))
            .map(|nanos| Instant::from_origin(Duration::from_nanos(nanos)))
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("settled", &self.settled.len())
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}

/// Drops the front of a sorted list, and says how much that was.
pub(super) fn forget_before(sorted: &mut Vec<u64>, moment: u64) -> usize {
    let stale = sorted.partition_point(|&entry| entry < moment);
    sorted.drain(..stale);
    stale
}

fn at(moment: Instant) -> u64 {
    nanos(moment.since(Instant::default()))
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// Puts a list in order that nearly is: others may have added to it meanwhile.
pub(super) fn put_in_order(list: &mut Vec<u64>) {
    let mut sorted: Vec<u64> = Vec::with_capacity(list.len());
    for entry in list.drain(..) {
        let at = sorted.partition_point(|&before| before <= entry);
        sorted.insert(at, entry);
    }
    *list = sorted;
}
