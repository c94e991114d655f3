//! When to look again, and how.

use core::time::Duration;

use crate::{
    limiter::Priority,
    options::{CallOptions, WaitSettings},
    platform::Instant,
};

/// How to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitOptions {
    /// How each look is made; its priority is low unless it says otherwise.
    pub call: CallOptions,
    /// Give up after so long.
    pub max_wait: Option<Duration>,
    /// The first time between two looks; each is half as long again as the one before.
    pub min_delay: Duration,
    /// The longest.
    pub max_delay: Duration,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            call: CallOptions::default(),
            max_wait: None,
            min_delay: Duration::from_secs(5),
            max_delay: Duration::from_secs(5 * 60),
        }
    }
}

impl WaitOptions {
    /// The options out of what a caller gives; what it leaves out is as by default.
    #[must_use]
    pub fn of(settings: &WaitSettings) -> Self {
        let defaults = Self::default();
        Self {
            call: settings.call(),
            max_wait: settings.max_wait.map(|span| span.0),
            min_delay: settings.min_delay.map_or(defaults.min_delay, |span| span.0),
            max_delay: settings.max_delay.map_or(defaults.max_delay, |span| span.0),
        }
    }

    fn first_delay(&self) -> Duration {
        self.min_delay.min(self.max_delay)
    }
}

/// The last look is begun this long before the time is up, or a tenth of the whole wait, so that its reply still counts.
const FOR_THE_LAST_LOOK: Duration = Duration::from_secs(5);

/// What to do until the next look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// Pause for so long, then look.
    Look(Duration),
    /// Pause for so long, then the time is up.
    End(Duration),
}

/// The time between two looks, and the time that is left. It runs from the first look on.
pub(super) struct Pace {
    options: WaitOptions,
    delay: Duration,
    began: Option<Instant>,
}

impl Pace {
    pub(super) fn new(options: WaitOptions) -> Self {
        Self {
            delay: options.first_delay(),
            options,
            began: None,
        }
    }

    pub(super) fn next(&mut self, now: Instant) -> Pause {
        if self.began.is_none() {
            self.began = Some(now);
            return Pause::Look(Duration::ZERO);
        }
        let delay = self.delay;
        let (least, most) = (self.options.first_delay(), self.options.max_delay);
        let longer = delay.saturating_add(delay.checked_div(2).unwrap_or_default());
        self.delay = longer.clamp(least, most);
        let Some((left, max_wait)) = self.left(now).zip(self.options.max_wait) else {
            return Pause::Look(delay);
        };
        let for_the_last_look = max_wait.checked_div(10).unwrap_or_default().min(FOR_THE_LAST_LOOK);
        match left.checked_sub(for_the_last_look) {
            Some(left) if !left.is_zero() => Pause::Look(delay.min(left)),
            _ => Pause::End(left),
        }
    }

    /// The time that is left, if there is a limit to it.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        let passed = self.began.map_or(Duration::ZERO, |began| now.since(began));
        self.options.max_wait.map(|max_wait| max_wait.saturating_sub(passed))
    }

    /// How each look is made.
    pub(super) fn call(&self) -> CallOptions {
        CallOptions {
            priority: self.options.call.priority.or(Some(Priority::Low)),
            ..self.options.call
        }
    }

    /// Something changed, so more may follow soon.
    pub(super) fn restart(&mut self) {
        self.delay = self.options.first_delay();
    }
}
