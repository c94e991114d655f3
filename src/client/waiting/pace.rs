//! When to look again, and how.

use core::time::Duration;

use crate::{
    client::Client,
    limiter::Priority,
    options::{CallOptions, Millis},
    platform::Instant,
};

/// How to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitOptions {
    /// How each look is made; its priority is low unless it says otherwise.
    pub call: CallOptions,
    /// Give up after so long. A look under way may take one attempt's timeout more.
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
    pub fn of(
        call: CallOptions,
        max_wait: Option<Millis>,
        min_delay: Option<Millis>,
        max_delay: Option<Millis>,
    ) -> Self {
        let defaults = Self::default();
        Self {
            call,
            max_wait: max_wait.map(|span| span.0),
            min_delay: min_delay.map_or(defaults.min_delay, |span| span.0),
            max_delay: max_delay.map_or(defaults.max_delay, |span| span.0),
        }
    }
}

/// The time between two looks, and the time that is left.
pub(super) struct Pace {
    options: WaitOptions,
    delay: Duration,
    began: Instant,
}

impl Pace {
    pub(super) fn new(client: &Client, options: WaitOptions) -> Self {
        Self {
            delay: options.min_delay.min(options.max_delay),
            options,
            began: client.platform.now(),
        }
    }

    /// Waits until the next look. Says no when the time is up.
    pub(super) async fn next(&mut self, client: &Client) -> bool {
        let left = self.left(client);
        if left.is_some_and(|left| left.is_zero()) {
            return false;
        }
        let delay = left.map_or(self.delay, |left| self.delay.min(left));
        client.platform.sleep(delay).await;
        self.delay = self.delay.mul_f64(1.5).clamp(
            self.options.min_delay.min(self.options.max_delay),
            self.options.max_delay,
        );
        true
    }

    fn left(&self, client: &Client) -> Option<Duration> {
        let passed = client.platform.now().since(self.began);
        self.options.max_wait.map(|max_wait| max_wait.saturating_sub(passed))
    }

    /// How the next look is made: it has a low priority, and does not wait in a queue until long after the end.
    pub(super) fn look(&self, client: &Client) -> CallOptions {
        let call = self.options.call;
        let one_attempt = call.timeout.unwrap_or(client.settings().timeout);
        let total = call.total_timeout.or(client.settings().total_timeout);
        let left = self.left(client).map(|left| left.max(one_attempt));
        CallOptions {
            priority: call.priority.or(Some(Priority::Low)),
            total_timeout: total.into_iter().chain(left).min(),
            ..call
        }
    }

    /// Something changed, so more may follow soon.
    pub(super) fn restart(&mut self) {
        self.delay = self.options.min_delay.min(self.options.max_delay);
    }
}
