//! The rate limit, in the four kinds that services use. Which one the real service has is unknown.

use std::collections::VecDeque;

use crate::clock::{DAY, SECOND, Timestamp};
use crate::readings::{LimitRefused, LimitWindow, Readings, RetryAfter};

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
    /// … counted like this; left out, as the reading `limitWindow` says.
    pub window: Option<Window>,
    /// Whether a 429 says when to come back, in seconds; if not, the reading `retryAfter` says what it says.
    pub retry_after: bool,
}

impl Default for RateLimit {
    /// 100 per minute (guide 4), counted as the readings say.
    fn default() -> Self {
        Self {
            limit: 100,
            window_ms: 60_000,
            window: None,
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

/// One limit.
#[derive(Clone, Debug)]
pub(crate) struct Limiter {
    limit: u64,
    window_ms: u64,
    window: Window,
    retry_after: RetryAfter,
    counts_refused: bool,
    state: State,
}

impl Limiter {
    pub(crate) fn new(config: RateLimit, readings: &Readings) -> Self {
        let window = config.window.unwrap_or(match readings.limit_window {
            LimitWindow::Sliding => Window::Sliding,
            LimitWindow::Fixed => Window::Fixed,
            LimitWindow::Counter => Window::Counter,
            LimitWindow::Bucket => Window::Bucket,
        });
        let state = match window {
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
        Self {
            limit: config.limit.into(),
            window_ms: config.window_ms.max(1),
            window,
            retry_after: if config.retry_after {
                RetryAfter::Seconds
            } else {
                readings.retry_after
            },
            counts_refused: readings.limit_refused == LimitRefused::Counted,
            state,
        }
    }

    /// Counts a request in, or says for how many milliseconds it is too early.
    pub(crate) fn admit(&mut self, now: Timestamp) -> Result<(), u64> {
        let wait = self.wait(now);
        if wait.is_none() || self.counts_refused {
            self.take(now);
        }
        wait.map_or(Ok(()), |wait| {
            Err(if self.counts_refused {
                self.wait(now).unwrap_or(wait)
            } else {
                wait
            })
        })
    }

    /// How long until a request would get through, nothing if it would now.
    fn wait(&mut self, now: Timestamp) -> Option<u64> {
        let (window, limit) = (self.window_ms, self.limit);
        let full = limit.saturating_mul(window);
        match &mut self.state {
            State::Log(log) => {
                while log.front().is_some_and(|sent| now.since(*sent) >= window) {
                    log.pop_front();
                }
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                let too_many = log.len().checked_sub(limit)?;
                // With a limit of nothing, there is no request that would have to leave the window.
                let blocking = log.get(too_many);
                Some(blocking.map_or(window, |sent| window.saturating_sub(now.since(*sent))))
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
                let is_weighted = self.window == Window::Counter;
                let carried = if is_weighted { *previous } else { 0 };
                let taken = current.saturating_add(1).saturating_mul(window);
                if taken.saturating_add(carried.saturating_mul(left)) <= full {
                    return None;
                }
                let room = |taken: u64, carried: u64| full.saturating_sub(taken).checked_div(carried);
                Some(match room(taken, carried) {
                    // What is carried over shrinks with the part of the window that is left.
                    Some(enough) if taken <= full => left.saturating_sub(enough),
                    _ => {
                        let carried_then = if is_weighted { *current } else { 0 };
                        let enough = room(window, carried_then).unwrap_or(window);
                        left.saturating_add(window.saturating_sub(enough))
                    }
                })
            }
            State::Level { filled_at, level } => {
                let filled = now.since(*filled_at).saturating_mul(limit);
                *level = level.saturating_add(filled).min(full);
                *filled_at = now;
                (*level < window).then(|| window.saturating_sub(*level).div_ceil(limit.max(1)))
            }
        }
    }

    /// Counts a request, after [`Self::wait`] has brought the count up to date.
    fn take(&mut self, now: Timestamp) {
        match &mut self.state {
            State::Log(log) => log.push_back(now),
            State::Counts { current, .. } => *current = current.saturating_add(1),
            State::Level { level, .. } => *level = level.saturating_sub(self.window_ms),
        }
    }

    /// What a 429 says of the wait, if it says anything.
    pub(crate) fn retry_after(&self, wait_ms: u64, now: Timestamp) -> Option<String> {
        let date = |at: Timestamp| Some(at.http_date());
        match self.retry_after {
            RetryAfter::Absent => None,
            RetryAfter::Seconds => Some(wait_ms.div_ceil(SECOND).max(1).to_string()),
            // A date has whole seconds, so that the moment itself may lie a part of one later.
            RetryAfter::Date => date(now.plus(wait_ms).plus(SECOND)),
            RetryAfter::Zero => Some("0".to_owned()),
            RetryAfter::Past => date(now.minus(DAY)),
            RetryAfter::Century => Some("3155760000".to_owned()),
            RetryAfter::Words => Some("soon".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(window: Window, readings: &Readings) -> Limiter {
        let config = RateLimit {
            limit: 10,
            window_ms: 1_000,
            window: Some(window),
            retry_after: false,
        };
        Limiter::new(config, readings)
    }

    /// How many of these requests get through.
    fn admitted(window: Window, times: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut limiter = limiter(window, &Readings::default());
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
            let mut limiter = limiter(window, &Readings::default());
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

    #[test]
    fn where_refused_requests_count_who_does_not_wait_is_refused_for_ever() {
        let readings = Readings::of([("limitRefused", "counted")]).unwrap();
        for window in [Window::Sliding, Window::Bucket] {
            let mut limiter = limiter(window, &readings);
            for _ in 0..20 {
                let _ = limiter.admit(Timestamp::from_ms(T));
            }
            for step in 1..100 {
                assert!(
                    limiter.admit(Timestamp::from_ms(T + step * 90)).is_err(),
                    "{window:?} {step}"
                );
            }
            let patient = Timestamp::from_ms(T + 99 * 90 + 1_000);
            assert_eq!(limiter.admit(patient), Ok(()), "{window:?}");
        }
    }
}
