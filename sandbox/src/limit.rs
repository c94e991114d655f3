//! The rate limit, in the four kinds that services use. Which one the real service has is unknown.

use std::collections::VecDeque;

use crate::clock::{SECOND, Timestamp};

/// How a server counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// A count that starts again at each full window of the clock.
    Fixed,
    /// The exact times of the last window's requests.
    Sliding,
    /// This window's count, and the last one's by the part of it that is still in sight.
    Counter,
    /// A bucket of `limit` that fills evenly within the window.
    Bucket,
}

/// How many requests an API key may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// So many requests …
    pub limit: u32,
    /// … in so many milliseconds …
    pub window_ms: u64,
    /// … counted like this.
    pub window: Window,
    /// Whether a 429 says when to come back.
    pub retry_after: bool,
}

impl Default for RateLimit {
    /// 100 per minute (guide 4), counted exactly, with no header.
    fn default() -> Self {
        Self {
            limit: 100,
            window_ms: 60_000,
            window: Window::Sliding,
            retry_after: false,
        }
    }
}

/// What is known of the requests so far.
#[derive(Clone, Debug)]
enum State {
    Log(VecDeque<Timestamp>),
    Counts {
        index: u64,
        current: u64,
        previous: u64,
    },
    /// What is in the bucket, in requests times `window_ms`, so that whole numbers do.
    Level {
        filled_at: Timestamp,
        level: u64,
    },
}

/// The limiter of one API key.
#[derive(Clone, Debug)]
pub(crate) struct Limiter {
    config: RateLimit,
    state: State,
}

impl Limiter {
    pub(crate) fn new(config: RateLimit) -> Self {
        let state = match config.window {
            Window::Sliding => State::Log(VecDeque::new()),
            Window::Fixed | Window::Counter => State::Counts {
                index: 0,
                current: 0,
                previous: 0,
            },
            Window::Bucket => State::Level {
                filled_at: Timestamp::default(),
                level: 0,
            },
        };
        let mut limiter = Self { config, state };
        limiter.config.window_ms = limiter.config.window_ms.max(1);
        limiter
    }

    /// Counts a request in, or says for how many milliseconds it is too early. A refused request does not count.
    pub(crate) fn admit(&mut self, now: Timestamp) -> Result<(), u64> {
        let window = self.config.window_ms;
        let limit = u64::from(self.config.limit);
        let full = limit.saturating_mul(window);
        match &mut self.state {
            State::Log(log) => {
                while log.front().is_some_and(|sent| now.since(*sent) >= window) {
                    log.pop_front();
                }
                if u64::try_from(log.len()).unwrap_or(u64::MAX) >= limit {
                    return Err(log
                        .front()
                        .map_or(window, |sent| window.saturating_sub(now.since(*sent))));
                }
                log.push_back(now);
            }
            State::Counts {
                index,
                current,
                previous,
            } => {
                let here = now.ms().checked_div(window).unwrap_or_default();
                if here != *index {
                    *previous = if here == index.saturating_add(1) { *current } else { 0 };
                    *current = 0;
                    *index = here;
                }
                let left = window.saturating_sub(now.ms().checked_rem(window).unwrap_or_default());
                let is_weighted = self.config.window == Window::Counter;
                let carried = if is_weighted { *previous } else { 0 };
                let taken = current.saturating_add(1).saturating_mul(window);
                if taken.saturating_add(carried.saturating_mul(left)) > full {
                    let room = |taken: u64, carried: u64| full.saturating_sub(taken).checked_div(carried);
                    return Err(match room(taken, carried) {
                        // What is carried over shrinks with the part of the window that is left.
                        Some(enough) if taken <= full => left.saturating_sub(enough),
                        _ => {
                            let carried_then = if is_weighted { *current } else { 0 };
                            let enough = room(window, carried_then).unwrap_or(window);
                            left.saturating_add(window.saturating_sub(enough))
                        }
                    });
                }
                *current = current.saturating_add(1);
            }
            State::Level { filled_at, level } => {
                let filled = now.since(*filled_at).saturating_mul(limit);
                *level = level.saturating_add(filled).min(full);
                *filled_at = now;
                if *level < window {
                    return Err(window.saturating_sub(*level).div_ceil(limit.max(1)));
                }
                *level = level.saturating_sub(window);
            }
        }
        Ok(())
    }

    /// The seconds that a 429 names, if it names any.
    pub(crate) fn retry_after(&self, wait_ms: u64) -> Option<u64> {
        self.config.retry_after.then(|| wait_ms.div_ceil(SECOND).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of these requests get through.
    fn admitted(window: Window, times: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut limiter = Limiter::new(RateLimit {
            limit: 10,
            window_ms: 1_000,
            window,
            retry_after: false,
        });
        times
            .into_iter()
            .filter(|at| limiter.admit(Timestamp::from_ms(*at)).is_ok())
            .collect()
    }

    const T: u64 = 1_000_000;

    #[test]
    fn a_fixed_window_lets_twice_the_limit_through_around_its_edge() {
        let times = (T + 990..T + 1_010).collect::<Vec<_>>();
        assert_eq!(admitted(Window::Fixed, times).len(), 20);
    }

    #[test]
    fn a_sliding_window_never_lets_more_than_the_limit_through() {
        let through = admitted(Window::Sliding, (T..T + 5_000).step_by(7));
        let most = through
            .iter()
            .map(|start| through.iter().filter(|at| (*start..start + 1_000).contains(at)).count());
        assert_eq!(most.max(), Some(10));
        assert!(through.len() >= 45, "{}", through.len());
    }

    #[test]
    fn a_sliding_counter_carries_the_last_window_over_in_part() {
        let burst = vec![T + 900; 10];
        assert_eq!(
            admitted(Window::Counter, burst.iter().copied().chain(vec![T + 1_000; 5])).len(),
            10
        );
        assert_eq!(
            admitted(Window::Counter, burst.iter().copied().chain(vec![T + 1_500; 20])).len(),
            15
        );
        assert_eq!(
            admitted(Window::Counter, burst.into_iter().chain(vec![T + 2_000; 20])).len(),
            20
        );
    }

    #[test]
    fn a_bucket_gives_a_burst_and_then_one_at_a_time() {
        assert_eq!(admitted(Window::Bucket, vec![T; 30]).len(), 10);
        assert_eq!(
            admitted(
                Window::Bucket,
                vec![T; 30].into_iter().chain([T + 99, T + 100, T + 101])
            )
            .len(),
            11
        );
    }

    #[test]
    fn after_the_wait_that_was_named_a_request_gets_through() {
        for window in [Window::Fixed, Window::Sliding, Window::Counter, Window::Bucket] {
            let mut limiter = Limiter::new(RateLimit {
                limit: 10,
                window_ms: 1_000,
                window,
                retry_after: true,
            });
            let mut now = Timestamp::from_ms(T + 137);
            let mut refused = 0;
            for _ in 0..200 {
                if let Err(wait) = limiter.admit(now) {
                    refused += 1;
                    assert!(
                        limiter.clone().admit(now.plus(wait - 1)).is_err(),
                        "{window:?} waits too long"
                    );
                    now = now.plus(wait);
                    assert_eq!(limiter.admit(now), Ok(()), "{window:?} did not wait long enough");
                }
            }
            assert!(refused > 5, "{window:?}");
        }
    }
}
