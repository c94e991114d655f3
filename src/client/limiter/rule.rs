//! The rule: when one more request may be sent so that no kind of server refuses it. A pure function of the log.
//!
//! # Words
//! A request *settles* when its answer has arrived and the slack is over. Its *age* is 0 until then, and the time
//! since then afterwards. `W` is the window, `limit` what the server accepts in one.
//!
//! For a window boundary that lies a time `x` back, 0 ≤ x ≤ W, the *load* is
//! ```text
//! load(x) = n[0, x] + (1 − x/W) · n(x, x + W]          n(…): the requests whose age is in that range
//! ```
//! **One more may be sent when `load(x) + 1 ≤ limit` for every x.** With x = 0 this says that a request holds a
//! slot until a window after it settled, and that there are `limit` slots.
//!
//! # Why no server refuses it
//! Call k a request that arrives at the server at time T, and look only at the requests which the server weighs
//! against it. Take the one of them, k itself included, that was sent last, at s. Each other one, j, was sent
//! before it, so our log held it at s; and its age then was no more than the age that the server sees at T:
//! it arrived before its answer did, and s ≤ T because the request sent at s has arrived by T. Every server
//! below gives a request a weight that never grows with its age, so what it weighs is at most what we weighed:
//!
//! | server | weighs at T | at most |
//! |---|---|---|
//! | fixed window of any phase, or opened by the first request; its boundary lies x back | `n[0, x]` | `load(x)` |
//! | exact sliding log | `n[0, W]` | `load(0)` |
//! | sliding counter: the previous fixed window fades while the current one passes | `n[0, x] + (1 − x/W) · n(x, x + W]` | `load(x)` |
//! | bucket of `limit`, refilled evenly over W; GCRA | never above `limit` when no stretch of W holds more than `limit` | `load(0)` |
//!
//! Nothing is assumed about latency, about the order of arrival or about the server's clock.
//!
//! # What it costs
//! A request holds its slot for W, the slack and its own latency. A sliding counter of unknown phase, moreover, lets
//! evenly spaced requests through only up to `limit − 1` per window (take x one request short of W), so that one in
//! `limit` is lost against the other servers: 1 % of 100, 5 % of 20.
//!
//! # When a slot becomes free
//! While nothing is sent ages only grow, so the load only falls, and one moment decides. Fix a boundary in time
//! instead of x. Between two neighbouring moments at which a request settled, or had settled a window before, both
//! counts are the same wherever the boundary lies, and the latest has the greatest load: only the boundaries at those
//! moments have to be looked at. The load of each falls on a straight line, so the time at which it makes room is a
//! division (`Boundary::blocks_until`). All of it is exact, in integers, and one pass over the log; none as long as the log
//! has fewer entries than the limit.

/// The rule over one log. Times are whole ticks since any origin: nanoseconds here, milliseconds in a shared log.
#[derive(Clone, Copy, Debug)]
pub struct TwoWindowRule<'a> {
    /// Length of the server's window, in ticks; at least 1.
    pub window: u64,
    /// The moments at which past requests settled, or will settle; ascending. What settled more than 2W ago weighs
    /// nothing and may be left out.
    pub settled: &'a [u64],
    /// How many requests have no answer yet.
    pub in_flight: u64,
}

/// A moment at which the server's window may have turned.
#[derive(Clone, Copy, Debug)]
struct Boundary {
    at: u64,
    /// Requests that settled at it or later, or have not yet.
    young: u64,
    /// The young, and those that settled in the window before it.
    all: u64,
}

impl TwoWindowRule<'_> {
    /// The first moment at which one more request may be sent if nothing is sent or answered before it; `None` when
    /// an answer has to come first.
    #[must_use]
    pub fn free_at(self, limit: u64) -> Option<u64> {
        if self.in_flight >= limit {
            return None;
        }
        // All there are do not fill it, wherever the boundary lies: no pass over the log, however large the limit is.
        if self.in_flight.saturating_add(count(self.settled)) < limit {
            return Some(0);
        }
        Some(
            self.boundaries()
                .filter_map(|boundary| boundary.blocks_until(limit, self.window))
                .max()
                .unwrap_or(0),
        )
    }

    /// How many slots are taken at a moment: the load of the worst boundary, rounded up.
    #[must_use]
    pub fn load(self, now: u64) -> u64 {
        self.boundaries()
            .map(|boundary| boundary.load(now, self.window))
            .max()
            .unwrap_or(0)
            .max(self.in_flight)
    }

    /// The boundaries that can be the worst.
    fn boundaries(self) -> impl Iterator<Item = Boundary> {
        self.boundaries_after(0).chain(self.boundaries_after(self.window))
    }

    /// The boundaries so long after a request settled.
    fn boundaries_after(self, span: u64) -> impl Iterator<Item = Boundary> {
        let (mut young, mut all) = (self.settled, self.settled);
        self.settled.iter().map(move |settled| {
            let at = settled.saturating_add(span);
            skip_before(&mut young, at);
            skip_before(&mut all, at.saturating_sub(self.window));
            Boundary {
                at,
                young: self.in_flight.saturating_add(count(young)),
                all: self.in_flight.saturating_add(count(all)),
            }
        })
    }
}

impl Boundary {
    /// What it weighs at a moment, rounded up. One that lies ahead weighs as if it were there.
    fn load(self, now: u64, window: u64) -> u64 {
        let Some(fading) = window.checked_sub(now.saturating_sub(self.at)) else {
            return 0;
        };
        let old = self.all.saturating_sub(self.young).saturating_mul(fading);
        self.young.saturating_add(old.div_ceil(window))
    }

    /// The moment from which it leaves room for one more; `None` when it always does.
    ///
    /// There is room from the x on at which `young + (1 − x/W) · (all − young) ≤ limit − 1`, that is
    /// `x ≥ W · (all − limit + 1) / (all − young)`. When the young alone fill the limit it has none before it is a
    /// window back, and then the boundary one window after the limit-th youngest settled still has none: that one
    /// speaks for it.
    fn blocks_until(self, limit: u64, window: u64) -> Option<u64> {
        if self.all < limit || self.young >= limit {
            return None;
        }
        let excess = self.all.saturating_sub(limit).saturating_add(1);
        let wait = window
            .saturating_mul(excess)
            .div_ceil(self.all.saturating_sub(self.young));
        Some(self.at.saturating_add(wait))
    }
}

/// Narrows an ascending list to what is not before a moment.
fn skip_before(ascending: &mut &[u64], moment: u64) {
    while let [first, rest @ ..] = *ascending
        && *first < moment
    {
        *ascending = rest;
    }
}

fn count(list: &[u64]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}
