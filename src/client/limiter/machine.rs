//! The limiter itself: queue, gate and log put together. No clock of its own and no timer: time is a parameter.

use core::time::Duration;
use std::rc::Rc;

use super::{
    gate::{Gate, Opening},
    log::Log,
    queue::{Lane, Priority, Queue, Ticket},
};
use crate::{
    ordered::{Ordered, Place},
    platform::{Instant, LogMemory},
};

/// How a limiter is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Requests per window that the server accepts. Default 100 (guide, "Rate limit"). Up to 100 000.
    pub limit: u32,
    /// The server's window. Default 60 s (guide, "Rate limit"). Up to a day.
    pub window: Duration,
    /// Added to each request's window, for clocks that do not run evenly. Default 250 ms.
    pub slack: Duration,
    /// The part of the limit that is this process's, above 0 and up to 1. Default 1.
    pub share: f64,
    /// Whether a 429 lowers the limit for a while. Default true.
    pub adaptive: bool,
    /// How many calls may wait before this client's fail. Default 1 000, at least 1.
    pub max_queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: 100,
            window: Duration::from_secs(60),
            slack: Duration::from_millis(250),
            share: 1.0,
            adaptive: true,
            max_queue: 1_000,
        }
    }
}

/// Bounds under which the rule's integers cannot overflow: window × requests stays below 2^64 nanoseconds.
const LARGEST_LIMIT: u32 = 100_000;
const LONGEST_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

impl Options {
    /// No limit of our own: every call is granted at once, and only the server's own 429 makes calls wait.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            limit: u32::MAX,
            adaptive: false,
            ..Self::default()
        }
    }

    /// What holds for two that share a limit: the smaller limit, the longer window and slack.
    #[must_use]
    pub fn strictest(&self, other: &Self) -> Self {
        Self {
            limit: self.own_limit().min(other.own_limit()),
            window: self.own_window().max(other.own_window()),
            slack: self.slack.max(other.slack),
            share: 1.0,
            adaptive: self.adaptive || other.adaptive,
            max_queue: self.max_queue.max(other.max_queue),
        }
    }

    /// The window, within its bounds.
    pub(super) fn own_window(&self) -> Duration {
        self.window.clamp(Duration::from_millis(1), LONGEST_WINDOW)
    }

    /// The slack, within its bounds.
    pub(super) fn own_slack(&self) -> Duration {
        self.slack.min(LONGEST_WINDOW)
    }

    /// One more per fifth of a window: 12 s in a minute.
    fn step(&self) -> Duration {
        let window = self.own_window();
        window.checked_div(5).unwrap_or(window)
    }

    /// The limit that is this process's.
    pub(super) fn own_limit(&self) -> u32 {
        if self.limit == u32::MAX {
            return u32::MAX;
        }
        #[expect(
            clippy::manual_clamp,
            reason = "`clamp` can panic, which brings the formatting of numbers into the wasm"
        )]
        let share = if self.share.is_finite() {
            self.share.max(0.0).min(1.0)
        } else {
            1.0
        };
        // A share such as 0.29 is a little less in binary, and 29 has to come out all the same.
        let own = f64::from(self.limit.clamp(1, LARGEST_LIMIT)) * share + 1e-6;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and LARGEST_LIMIT"
        )]
        let own = own as u32;
        own.max(1)
    }
}

/// What can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// This call's slot is taken; it has to be sent now.
    Granted(Ticket),
    /// Nothing before this moment, unless something changes.
    At(Instant),
    /// Nothing before something changes: an answer, a call given up, or [`Limiter::resume`].
    AwaitChange,
    /// Nobody waits.
    Idle,
}

/// The rate limit at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "types", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct RateLimitState {
    /// Requests per window at present; infinite when there is no limit.
    pub limit: u32,
    /// Slots taken, by requests in flight and by those of the last window.
    pub used: u32,
    /// Slots free.
    pub remaining: u32,
    /// Requests without a reply yet.
    pub in_flight: usize,
    /// Calls that wait.
    pub queued: usize,
    /// Until a slot is free, in milliseconds: 0 if one is, infinite when a reply has to come first.
    #[cfg_attr(feature = "types", serde(rename = "nextSlotInMs"), tsify(type = "number"))]
    pub next_slot_in: Duration,
    /// How long nothing is sent because of a 429 or a pause, in milliseconds: infinite when the pause has no end.
    #[cfg_attr(feature = "types", serde(rename = "pausedForMs"), tsify(type = "number"))]
    pub paused_for: Duration,
    /// How many replies were a 429 so far. The event `throttled` is another thing: it reports a call that waits, which takes
    /// no 429.
    pub throttled: u64,
}

/// How long nothing is sent because the caller wants it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    Until(Instant),
    UntilResumed,
}

/// Decides when which call is sent. See [the rule](super::rule) for why no server refuses it.
#[derive(Debug)]
pub struct Limiter {
    window: Duration,
    queue: Queue,
    gate: Gate,
    log: Log,
    /// What all processes of the limit have sent, as far as this one knows. It is shown, and decides nothing: the shared log does.
    seen: Option<Log>,
    in_flight: Ordered<Place, ()>,
    pause: Option<Pause>,
    throttled: u64,
}

impl Limiter {
    /// A limiter that has sent nothing yet.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let window = options.own_window();
        Self {
            window,
            queue: Queue::default(),
            gate: Gate::new(options.own_limit(), options.adaptive, options.step()),
            log: Log::new(window, options.own_slack(), options.limit != u32::MAX),
            seen: None,
            in_flight: Ordered::new(),
            pause: None,
            throttled: 0,
        }
    }

    /// A limiter that continues where an earlier one with this memory was.
    #[must_use]
    pub fn remembering(options: &Options, memory: Rc<dyn LogMemory>, now: Instant) -> Self {
        let fresh = Self::new(options);
        Self {
            log: fresh.log.remembering(memory, now),
            ..fresh
        }
    }

    /// From now on, other options; what waits, is in flight or was sent stays as it is.
    pub fn set(&mut self, options: &Options) {
        self.window = options.own_window();
        self.gate.set(options.own_limit(), options.adaptive, options.step());
        self.log.set(self.window, options.own_slack());
    }

    /// When what all processes of the limit have sent settled or will settle, as far as this one knows.
    pub(super) fn see(&mut self, settled: Vec<u64>) {
        self.seen = Some(self.log.of(settled));
    }

    /// The log to show: its own, or that of all where more is in it.
    fn shown(&self, now: Instant) -> &Log {
        let seen = self.seen.as_ref().filter(|seen| seen.load(now) > self.log.load(now));
        seen.unwrap_or(&self.log)
    }

    /// A call joins the queue.
    pub fn enter(&mut self, priority: Priority, lane: Lane, now: Instant) -> Ticket {
        self.queue.enter(priority, lane, now)
    }

    /// How many calls wait.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.queue.len()
    }

    /// Whose turn it is, whether or not it can be sent.
    #[must_use]
    pub fn head(&self) -> Option<Ticket> {
        self.queue.head()
    }

    /// Takes a slot for the head of the queue if one is free. To be asked again after each grant, after each change,
    /// and at the moment that it names.
    pub fn poll(&mut self, now: Instant) -> Turn {
        let Some(head) = self.head() else { return Turn::Idle };
        if let Some(turn) = self.hold(now) {
            return turn;
        }
        match self.slot_at(head, now) {
            None => Turn::AwaitChange,
            Some(at) if at > now => Turn::At(at),
            Some(_) => {
                self.queue.grant(head, self.window, now);
                self.in_flight.insert(head.place(), ());
                self.log.send();
                self.gate.pass(head);
                Turn::Granted(head)
            }
        }
    }

    /// Any answer but a 429 has arrived.
    pub fn answered(&mut self, ticket: Ticket, now: Instant) {
        if self.in_flight.remove(&ticket.place()).is_some() {
            self.settle(now);
            self.log.accept(now);
            self.gate.answered(ticket, now);
        }
    }

    /// A 429 has arrived, with the wait that it named, if any: the gate closes, for an hour at most, and the call is back at
    /// the head of the queue. Gives how long the gate is closed: a caller who would not wait so long can [`leave`](Self::leave).
    pub fn refused(&mut self, ticket: Ticket, hint: Option<Duration>, now: Instant) -> Duration {
        if self.in_flight.remove(&ticket.place()).is_some() {
            // The server may count what it refuses.
            self.settle(now);
            self.throttled = self.throttled.saturating_add(1);
            let accepted = u32::try_from(self.log.accepted(now)).unwrap_or(u32::MAX);
            self.gate.refused(ticket, hint, accepted, now);
            self.queue.put_back(ticket);
        }
        self.closed_for(now)
    }

    /// A call is given up. In the queue it is forgotten; in flight it holds its slot as if it were answered now,
    /// because it may have reached the server.
    pub fn leave(&mut self, ticket: Ticket, now: Instant) {
        if !self.queue.remove(ticket) && self.in_flight.remove(&ticket.place()).is_some() {
            self.settle(now);
            self.gate.left(ticket);
        }
    }

    /// A call that left after it was refused takes its old place in the queue.
    pub fn rejoin(&mut self, ticket: Ticket) {
        if !self.in_flight.contains(&ticket.place()) {
            self.queue.put_back(ticket);
        }
    }

    /// A call that was granted has not been sent: its slot is free again, and it is back at the head of the queue.
    pub fn unsent(&mut self, ticket: Ticket) {
        if self.in_flight.remove(&ticket.place()).is_some() {
            self.log.unsend();
            self.gate.left(ticket);
            self.queue.undo(ticket);
        }
    }

    /// Sends nothing until a moment, or until [`resume`](Self::resume).
    pub fn pause(&mut self, until: Option<Instant>) {
        self.pause = Some(until.map_or(Pause::UntilResumed, Pause::Until));
    }

    /// Ends a pause, and the wait after a 429: the next call is sent as soon as the log has room.
    pub fn resume(&mut self, now: Instant) {
        self.pause = None;
        self.gate.open(now);
    }

    fn settle(&mut self, now: Instant) {
        let limit = self.gate.limit(now);
        self.log.settle(limit, now);
    }

    /// The pause that is under way.
    pub(super) const fn paused(&self) -> Option<Pause> {
        self.pause
    }

    /// Holds a pause that another limiter began, if it did.
    pub(super) fn pause_as(&mut self, pause: Option<Pause>) {
        self.pause = pause.or(self.pause);
    }

    /// Whether it stands as a new one would: it can be forgotten.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        let is_paused = match self.pause {
            Some(Pause::UntilResumed) => true,
            Some(Pause::Until(until)) => now < until,
            None => false,
        };
        !is_paused && self.queue.len() == 0 && self.log.is_over(now) && self.gate.is_over(now)
    }

    /// Nothing that it remembers is needed any more.
    pub fn discard(&self) {
        self.log.discard();
    }

    /// How long until the last of so many calls made now would be sent, each reply taken to come at once; [`Duration::MAX`]
    /// when a pause has no end. What waits in the queue is counted by its lanes, and so are pause, gate and limit as they
    /// are, and what other processes had sent when a store was asked last. What nobody knows is not: calls made later, others
    /// who use the key, and how long replies take.
    #[must_use]
    pub fn estimate(&self, count: u64, priority: Priority, lane: Lane, now: Instant) -> Duration {
        if count == 0 {
            return Duration::ZERO;
        }
        let paused_until = match self.pause {
            Some(Pause::UntilResumed) => return Duration::MAX,
            Some(Pause::Until(until)) => until,
            None => now,
        };
        let start = now.max(paused_until).max(now.after(self.closed_for(now)));
        let count = count.saturating_add(self.queue.before(priority, lane, count));
        let last = self.shown(now).estimate(count, start, |at| {
            let limit = self.gate.limit(at);
            let kept = if priority == Priority::Low {
                kept_from_low(limit)
            } else {
                0
            };
            (limit.saturating_sub(kept), self.gate.rises_at(at))
        });
        last.since(now)
    }

    /// Requests per window at present.
    #[must_use]
    pub fn limit(&self, now: Instant) -> u32 {
        self.gate.limit(now)
    }

    /// The window that holds at present.
    pub(super) const fn window(&self) -> Duration {
        self.window
    }

    /// When a slot of so many is free.
    pub(super) fn free_at(&self, limit: u32, now: Instant) -> Option<Instant> {
        self.log.free_at(limit, now)
    }

    /// How long the gate is closed because of a 429.
    #[must_use]
    pub fn closed_for(&self, now: Instant) -> Duration {
        self.gate.closed_for(now)
    }

    /// What it is doing. Costs as much as a decision: one pass over the requests of the last two windows.
    #[must_use]
    pub fn state(&self, now: Instant) -> RateLimitState {
        let limit = self.gate.limit(now);
        let log = self.shown(now);
        let used = u32::try_from(log.load(now)).unwrap_or(u32::MAX);
        let paused = match self.pause {
            Some(Pause::UntilResumed) => Duration::MAX,
            Some(Pause::Until(until)) => until.since(now),
            None => Duration::ZERO,
        };
        let paused_for = paused.max(self.closed_for(now));
        let slot_in = log
            .free_at(self.gate.limit_of_next(now), now)
            .map_or(Duration::MAX, |at| at.since(now));
        RateLimitState {
            limit,
            used,
            remaining: limit.saturating_sub(used),
            in_flight: self.in_flight.len(),
            queued: self.queue.len(),
            next_slot_in: if self.gate.opening(now) == Opening::AwaitProbe {
                Duration::MAX
            } else {
                slot_in.max(paused_for)
            },
            paused_for,
            throttled: self.throttled,
        }
    }

    /// What keeps every call back, whether or not slots are free.
    fn hold(&self, now: Instant) -> Option<Turn> {
        match (self.pause, self.gate.opening(now)) {
            (Some(Pause::UntilResumed), _) | (_, Opening::AwaitProbe) => Some(Turn::AwaitChange),
            (Some(Pause::Until(until)), _) if now < until => Some(Turn::At(until)),
            (_, Opening::At(at)) => Some(Turn::At(at)),
            (_, Opening::Open) => None,
        }
    }

    /// When a call may be sent as far as the log says: when a slot is free, or earlier when more slots will be.
    fn slot_at(&self, ticket: Ticket, now: Instant) -> Option<Instant> {
        let limit = self.gate.limit_of_next(now);
        let is_late = ticket.priority == Priority::Low && !self.queue.is_low_due();
        let kept = if is_late { kept_from_low(limit) } else { 0 };
        let slot = self.log.free_at(limit.saturating_sub(kept), now);
        // A limit that rises has to be looked at again then.
        if slot.is_some_and(|at| at <= now) {
            slot
        } else {
            earlier(slot, self.gate.rises_at(now))
        }
    }
}

/// Slots that polling may not take but when it is due, so that a call that somebody makes finds one: five of 100, none below
/// 20.
fn kept_from_low(limit: u32) -> u32 {
    if limit == u32::MAX {
        0
    } else {
        limit.div_euclid(20).min(5)
    }
}

fn earlier(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    a.into_iter().chain(b).min()
}
