//! What was sent and answered lately: the log that the rule decides over.

use core::time::Duration;

use super::rule::Rule;
use crate::client::platform::Instant;

/// The requests of the last two windows, in nanoseconds of the monotonic clock.
#[derive(Debug)]
pub(super) struct Log {
    window: u64,
    slack: u64,
    settled: Vec<u64>,
    accepted: Vec<u64>,
    in_flight: u64,
}

impl Log {
    pub(super) fn new(window: Duration, slack: Duration) -> Self {
        Self {
            window: nanos(window).max(1),
            slack: nanos(slack),
            settled: Vec::new(),
            accepted: Vec::new(),
            in_flight: 0,
        }
    }

    pub(super) fn rule(&self) -> Rule<'_> {
        Rule {
            window: self.window,
            settled: &self.settled,
            in_flight: self.in_flight,
        }
    }

    pub(super) fn send(&mut self) {
        self.in_flight = self.in_flight.saturating_add(1);
    }

    /// A request that was counted as sent has not been, and will not be.
    pub(super) fn unsend(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// An answer arrived, whichever. Answers come in the order of time, so the log stays sorted.
    pub(super) fn settle(&mut self, now: Instant) {
        self.unsend();
        let now = at(now);
        let stale = now.saturating_sub(self.window.saturating_mul(2));
        forget_before(&mut self.settled, stale);
        self.settled.push(now.saturating_add(self.slack));
    }

    /// The answer showed that the server let the request through.
    pub(super) fn accept(&mut self, now: Instant) {
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

/// Drops the front of a sorted list.
pub(super) fn forget_before(sorted: &mut Vec<u64>, moment: u64) {
    sorted.drain(..sorted.partition_point(|&entry| entry < moment));
}

fn at(moment: Instant) -> u64 {
    nanos(moment.since(Instant::default()))
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}
