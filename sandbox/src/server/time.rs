//! The sandbox's time, derived from the computer's.

use std::time::{Instant, SystemTime};

use sandbox::{DAY, Timestamp};

/// A clock that starts anywhere, runs at any whole speed and can be moved on.
#[derive(Debug)]
pub(super) struct Clock {
    start: Timestamp,
    started: Instant,
    speed: u64,
    advanced_ms: u64,
}

impl Clock {
    /// By default seven days behind the computer's, so that what is issued in the first seven days is valid there.
    pub(super) fn new(start: Option<Timestamp>, speed: u32) -> Self {
        Self {
            start: start.unwrap_or_else(|| wall().minus(DAY.saturating_mul(7))),
            started: Instant::now(),
            speed: speed.into(),
            advanced_ms: 0,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        let elapsed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.start
            .plus(elapsed.saturating_mul(self.speed))
            .plus(self.advanced_ms)
    }

    pub(super) fn advance(&mut self, ms: u64) {
        self.advanced_ms = self.advanced_ms.saturating_add(ms);
    }
}

fn wall() -> Timestamp {
    let since_1970 = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX))
}
