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
//! # When a slot becomes free
//! While nothing is sent ages only grow, so the load only falls, and one moment decides. Fix a boundary `p` in time
//! instead of x. Between two neighbouring moments at which a request settled, or settled a window before, both counts
//! are the same whatever `p` is, and the latest `p` has the greatest load: only those moments have to be looked at.
//! The load of each falls on a straight line, so the time at which it makes room is a division
//! ([`Rule::blocked_until`]). All of it is exact, in integers. Cost: O(n log n) for n requests of the last 2W.

/// The rule over one log. Times are whole ticks since any origin: nanoseconds here, milliseconds in a shared log.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// Length of the server's window, in ticks; at least 1.
    pub window: u64,
    /// The moments at which past requests settled, or will settle; ascending. What settled more than 2W ago weighs
    /// nothing and may be left out.
    pub settled: &'a [u64],
    /// How many requests have no answer yet.
    pub in_flight: u64,
}

impl Rule<'_> {
    /// The first moment at which one more request may be sent if nothing is sent or answered before it; `None` when
    /// an answer has to come first.
    #[must_use]
    pub fn free_at(self, limit: u64) -> Option<u64> {
        if self.in_flight >= limit {
            return None;
        }
        Some(
            self.boundaries()
                .filter_map(|boundary| self.blocked_until(boundary, limit))
                .max()
                .unwrap_or(0),
        )
    }

    /// The load of the worst boundary, rounded up: how many slots are taken at a moment.
    #[must_use]
    pub fn load(self, now: u64) -> u64 {
        let load = |boundary: u64| {
            // A boundary still ahead stands for the one that is now: see the module's last section.
            let fading = self.window.checked_sub(now.saturating_sub(boundary))?;
            let young = self.since(boundary);
            let old = self.since(boundary.saturating_sub(self.window)).saturating_sub(young);
            Some(young.saturating_add(old.saturating_mul(fading).div_ceil(self.window)))
        };
        self.boundaries()
            .filter_map(load)
            .max()
            .unwrap_or(0)
            .max(self.in_flight)
    }

    /// The moment from which a boundary leaves room for one more; `None` when it always does, or when a later
    /// boundary says so in its place.
    ///
    /// With `young` after the boundary and `old` in the window before it, there is room from the x on at which
    /// `young + (1 − x/W) · old ≤ limit − 1`, that is `x ≥ W · (young + old − limit + 1) / old`.
    fn blocked_until(self, boundary: u64, limit: u64) -> Option<u64> {
        let young = self.since(boundary);
        let all = self.since(boundary.saturating_sub(self.window));
        // The young alone fill the limit: then so do all of the boundary one window after the limit-th youngest.
        if young >= limit || all < limit {
            return None;
        }
        let excess = all.saturating_sub(limit).saturating_add(1);
        let wait = self.window.saturating_mul(excess).div_ceil(all.saturating_sub(young));
        Some(boundary.saturating_add(wait))
    }

    /// The boundaries that can be the worst.
    fn boundaries(self) -> impl Iterator<Item = u64> {
        self.settled
            .iter()
            .flat_map(move |&settled| [settled, settled.saturating_add(self.window)])
    }

    /// How many settled at a moment or later, or have not yet.
    fn since(self, moment: u64) -> u64 {
        let before = self.settled.partition_point(|&settled| settled < moment);
        let settled = self.settled.len().saturating_sub(before);
        u64::try_from(settled)
            .unwrap_or(u64::MAX)
            .saturating_add(self.in_flight)
    }
}
