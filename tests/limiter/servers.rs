//! Servers that limit, each by another kind of window. Times are whole ticks: nanoseconds in the simulation, small
//! numbers in the properties.

use std::collections::VecDeque;

/// Something that lets at most `limit` requests through per `window`.
pub trait Server {
    /// Whether it lets the request that arrives now through. Arrivals come in the order of time.
    fn accepts(&mut self, now: u64) -> bool;

    /// How long it says to wait, if it says so: the whole answer header.
    fn retry_after(&mut self, _now: u64) -> Option<String> {
        None
    }
}

/// The kinds of window that a rule has to hold for.
pub const KINDS: [&str; 5] = [
    "fixed window",
    "first-request window",
    "sliding log",
    "sliding counter",
    "bucket",
];

/// A server of one of the [`KINDS`].
pub fn server(kind: &str, limit: u64, window: u64, phase: u64) -> Box<dyn Server> {
    match kind {
        "fixed window" => Box::new(FixedWindow {
            limit,
            window,
            phase,
            current: 0,
            count: 0,
        }),
        "first-request window" => Box::new(FirstRequestWindow {
            limit,
            window,
            opened: None,
            count: 0,
        }),
        "sliding log" => Box::new(SlidingLog {
            limit,
            window,
            counts_refused: false,
            log: VecDeque::new(),
        }),
        "sliding counter" => Box::new(SlidingCounter {
            limit,
            window,
            phase,
            counts_refused: false,
            current: 0,
            count: 0,
            previous: 0,
        }),
        "bucket" => Box::new(Bucket {
            limit,
            window,
            level: limit * window,
            filled: 0,
        }),
        _ => panic!("no such server: {kind}"),
    }
}

/// A count that starts again whenever the clock passes a multiple of the window, plus a phase.
struct FixedWindow {
    limit: u64,
    window: u64,
    phase: u64,
    current: u64,
    count: u64,
}

impl Server for FixedWindow {
    fn accepts(&mut self, now: u64) -> bool {
        let current = (now + self.phase) / self.window;
        if current != self.current {
            (self.current, self.count) = (current, 0);
        }
        self.count += 1;
        self.count <= self.limit
    }

    fn retry_after(&mut self, now: u64) -> Option<String> {
        let left = self.window - (now + self.phase) % self.window;
        Some(left.div_ceil(1_000_000_000).to_string())
    }
}

/// A count that the first request opens, for one window.
struct FirstRequestWindow {
    limit: u64,
    window: u64,
    opened: Option<u64>,
    count: u64,
}

impl Server for FirstRequestWindow {
    fn accepts(&mut self, now: u64) -> bool {
        if self.opened.is_none_or(|opened| now >= opened + self.window) {
            (self.opened, self.count) = (Some(now), 0);
        }
        self.count += 1;
        self.count <= self.limit
    }
}

/// The exact times of all in the window, its end included: the strictest reading.
pub struct SlidingLog {
    pub limit: u64,
    pub window: u64,
    pub counts_refused: bool,
    pub log: VecDeque<u64>,
}

impl Server for SlidingLog {
    fn accepts(&mut self, now: u64) -> bool {
        while self.log.front().is_some_and(|&arrived| arrived + self.window < now) {
            self.log.pop_front();
        }
        let accepts = (self.log.len() as u64) < self.limit;
        if accepts || self.counts_refused {
            self.log.push_back(now);
        }
        accepts
    }
}

/// Two fixed windows, of which the previous one fades while the current one passes.
pub struct SlidingCounter {
    pub limit: u64,
    pub window: u64,
    pub phase: u64,
    pub counts_refused: bool,
    pub current: u64,
    pub count: u64,
    pub previous: u64,
}

impl Server for SlidingCounter {
    fn accepts(&mut self, now: u64) -> bool {
        let (current, passed) = ((now + self.phase) / self.window, (now + self.phase) % self.window);
        if current != self.current {
            self.previous = if current == self.current + 1 { self.count } else { 0 };
            (self.current, self.count) = (current, 0);
        }
        let weighed = self.previous * (self.window - passed) + (self.count + 1) * self.window;
        let accepts = weighed <= self.limit * self.window;
        if accepts || self.counts_refused {
            self.count += 1;
        }
        accepts
    }
}

/// A bucket that holds `limit` and fills evenly in one window. Its level is in units of 1/`window`.
struct Bucket {
    limit: u64,
    window: u64,
    level: u64,
    filled: u64,
}

impl Server for Bucket {
    fn accepts(&mut self, now: u64) -> bool {
        let full = self.limit * self.window;
        self.level = full.min(self.level + (now - self.filled) * self.limit);
        self.filled = now;
        let accepts = self.level >= self.window;
        if accepts {
            self.level -= self.window;
        }
        accepts
    }
}

/// Somebody else who uses the same key, evenly.
pub struct SecondTenant {
    pub server: Box<dyn Server>,
    pub every: u64,
    pub next: u64,
}

impl Server for SecondTenant {
    fn accepts(&mut self, now: u64) -> bool {
        while self.next <= now {
            self.server.accepts(self.next);
            self.next += self.every;
        }
        self.server.accepts(now)
    }
}

/// A server that answers every refusal with the same `Retry-After`, or with one made at the time of day.
pub struct Hinting<F: FnMut(u64) -> Option<String>> {
    pub server: Box<dyn Server>,
    pub hint: F,
}

impl<F: FnMut(u64) -> Option<String>> Server for Hinting<F> {
    fn accepts(&mut self, now: u64) -> bool {
        self.server.accepts(now)
    }

    fn retry_after(&mut self, now: u64) -> Option<String> {
        (self.hint)(now)
    }
}
