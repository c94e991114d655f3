//! What was sent and answered lately: the log that the rule decides over.

use core::{fmt, time::Duration};
use std::rc::Rc;

use super::rule::TwoWindowRule;
use crate::platform::{Instant, LogMemory};

/// What is remembered at least, for a longer window that another client may bring: two of the service's.
const MEMORY: Duration = Duration::from_secs(120);
/// One entry in so many has to go before any does: each time moves those that stay.
const BATCH: usize = 8;
/// An estimate looks at so many entries of the log; past that it counts with the mean pace.
const MOST_LOOKS: usize = 2_000_000;

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
            self.settle(u32::MAX, now);
        }
        self
    }

    /// A log of the same kind that holds what was sent until these moments, which are in order.
    pub(super) fn of(&self, settled: Vec<u64>) -> Self {
        Self {
            settled,
            accepted: Vec::new(),
            memory: None,
            in_flight: 0,
            ..*self
        }
    }

    /// From now on, another window and slack.
    pub(super) fn set(&mut self, window: Duration, slack: Duration) {
        self.window = nanos(window).max(1);
        self.slack = nanos(slack);
    }

    /// Forgets what can never count again once that is much, and says how much it was. As many as fill the limit twice stay for
    /// [`MEMORY`] although the window is shorter.
    fn forget(&mut self, limit: u32, now: u64) -> usize {
        let twice = self.window.saturating_mul(2);
        let older_than = |span: u64| {
            let stale = now.saturating_sub(span);
            self.settled.partition_point(|&settled| settled < stale)
        };
        let kept = usize::try_from(limit).unwrap_or(usize::MAX).saturating_mul(2);
        let surplus = self.settled.len().saturating_sub(kept);
        let forgotten = older_than(twice.max(nanos(MEMORY))).max(older_than(twice).min(surplus));
        if forgotten < self.settled.len().div_ceil(BATCH) {
            return 0;
        }
        self.settled.drain(..forgotten);
        forgotten
    }

    /// Whether nothing in it counts any more.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let span = self.window.saturating_mul(2).max(nanos(MEMORY));
        let last = self.settled.last();
        self.in_flight == 0 && last.is_none_or(|settled| settled.saturating_add(span) < at(now))
    }

    /// Nothing of it is needed any more.
    pub(super) fn discard(&self) {
        if let Some(memory) = &self.memory {
            memory.discard();
        }
    }

    /// The rule over what counts from a moment on: more is remembered.
    fn rule(&self, now: Instant) -> TwoWindowRule<'_> {
        let stale = at(now).saturating_sub(self.window.saturating_mul(2));
        let first = self.settled.partition_point(|&settled| settled < stale);
        TwoWindowRule {
            window: self.window,
            settled: self.settled.get(first..).unwrap_or_default(),
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
    pub(super) fn settle(&mut self, limit: u32, now: Instant) {
        self.unsend();
        if !self.keeps {
            return;
        }
        let now = at(now);
        let forgotten = self.forget(limit, now);
        // A slack that was longer has put entries ahead of this one.
        let last = self.settled.last().copied().unwrap_or_default();
        let settled = now.saturating_add(self.slack).max(last);
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
        self.rule(now).load(at(now))
    }

    /// When a slot of so many is free, from a moment on.
    pub(super) fn free_at(&self, limit: u32, now: Instant) -> Option<Instant> {
        self.rule(now)
            .free_at(u64::from(limit))
            .map(|nanos| Instant::from_origin(Duration::from_nanos(nanos)))
    }
}

impl Log {
    /// When the last of so many further requests would be sent, from a moment on, if each were answered at once. `limit` says
    /// how many slots there are at a moment, and when there will be more.
    pub(super) fn estimate(
        &self,
        count: u64,
        start: Instant,
        limit: impl Fn(Instant) -> (u32, Option<Instant>),
    ) -> Instant {
        let moment = |nanos: u64| Instant::from_origin(Duration::from_nanos(nanos));
        let (mut now, mut left, mut looks) = (at(start), count, 0_usize);
        let mut settled = self.settled.clone();
        settled.extend((0..self.in_flight).map(|_| now.saturating_add(self.slack)));
        while left > 0 {
            let (slots, rises_at) = limit(moment(now));
            if slots == u32::MAX {
                break;
            }
            if looks > MOST_LOOKS {
                // One slot of the limit is lost to counters of unknown phase: see the rule.
                let per_window = u64::from(slots).saturating_sub(1).max(1);
                let rest = self.window.saturating_add(self.slack).saturating_mul(left);
                now = now.saturating_add(rest.div_ceil(per_window));
                break;
            }
            let rule = TwoWindowRule {
                window: self.window,
                settled: &settled,
                in_flight: 0,
            };
            let free = rule.free_at(u64::from(slots)).unwrap_or_default().max(now);
            looks = looks.saturating_add(settled.len());
            if let Some(rise) = rises_at.map(at).filter(|&rise| now < rise && rise < free) {
                now = rise;
                continue;
            }
            now = free;
            left = left.saturating_sub(1);
            settled.push(now.saturating_add(self.slack));
            forget_before(&mut settled, now.saturating_sub(self.window.saturating_mul(2)));
        }
        moment(now)
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
