//! Whether to send a request again: one pure function.

use core::time::Duration;

use api::Method;

use crate::limiter::LONGEST_WAIT;

/// The first delay; each further one is at most twice the one before.
const BASE: Duration = Duration::from_millis(500);
/// The longest delay.
const CAP: Duration = Duration::from_secs(8);

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With a reply of this status.
    Answered(u16),
    /// With no reply.
    Lost {
        /// Proven to have failed before anything was sent.
        before_send: bool,
    },
}

/// What a call allows.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether it may be sent twice.
    pub method: Method,
    /// How many repetitions there may be.
    pub max_retries: u32,
    /// The longest wait that somebody else names.
    pub max_retry_after: Duration,
    /// The window of the rate limit.
    pub window: Duration,
}

/// An attempt that has ended, and those before it.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// How it ended.
    pub outcome: Outcome,
    /// The repetitions so far.
    pub retries: u32,
    /// The wait that the reply names.
    pub named: Option<Duration>,
    /// How long the limiter lets nothing pass.
    pub closed_for: Duration,
    /// How long ago the call was refused with a 429 for the first time.
    pub refused_for: Duration,
}

impl Ended {
    /// An attempt without more than its end.
    #[must_use]
    pub const fn of(outcome: Outcome, retries: u32) -> Self {
        Self {
            outcome,
            retries,
            named: None,
            closed_for: Duration::ZERO,
            refused_for: Duration::ZERO,
        }
    }
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The outcome is final.
    Done,
    /// Send it again after so long.
    After(Duration),
    /// Send it again when the rate limit lets it: the limiter knows when.
    WhenAllowed,
}

/// Decides. `random` is evenly distributed in 0 ≤ r < 1.
///
/// A POST or PATCH whose outcome is unknown is never sent again: an order costs money, and the service knows no
/// idempotency key. A 429 and a failure proven to be before the send have done nothing, so every method repeats.
#[must_use]
pub fn next(policy: &Policy, ended: &Ended, random: f64) -> Next {
    if ended.retries >= policy.max_retries {
        return Next::Done;
    }
    let is_bearable = |wait: Duration| wait <= policy.max_retry_after;
    let repeat = match ended.outcome {
        Outcome::Answered(429) if !is_bearable(ended.closed_for) => return Next::Done,
        Outcome::Answered(429) => {
            // Somebody else may have used up a whole window: who names no wait is asked for the last time when that is over.
            let is_last = ended.retries.saturating_add(1) >= policy.max_retries;
            let left = policy.window.saturating_sub(ended.refused_for);
            let waits = is_last && ended.named.is_none() && left > ended.closed_for && is_bearable(left);
            return if waits { Next::After(left) } else { Next::WhenAllowed };
        }
        // From 520 on there are no statuses but those of gateways that did not get through to the service.
        Outcome::Answered(408 | 425 | 502..=504 | 520..) => policy.method.is_idempotent(),
        Outcome::Answered(_) => false,
        Outcome::Lost { before_send } => before_send || policy.method.is_idempotent(),
    };
    let named = ended.named.unwrap_or_default().min(LONGEST_WAIT);
    if repeat && is_bearable(named) {
        Next::After(jitter(ended.retries, random).max(named))
    } else {
        Next::Done
    }
}

/// Full jitter: anything between nothing and the delay, so that clients that failed together do not return together.
fn jitter(retries: u32, random: f64) -> Duration {
    let most = 2_u32
        .checked_pow(retries)
        .and_then(|times| BASE.checked_mul(times))
        .unwrap_or(CAP)
        .min(CAP);
    Duration::try_from_secs_f64(most.as_secs_f64() * random).map_or(most, |delay| delay.min(most))
}

/// Whether the service may have done what a call asked although no success came back.
#[must_use]
pub const fn may_have_been_applied(writes: bool, outcome: Outcome) -> bool {
    let unknown = match outcome {
        // A redirect answers what was done, but where it asks to send the same elsewhere (RFC 9110, 15.4); with 499 and
        // 460 a proxy has stopped to wait for the service.
        Outcome::Answered(status) => matches!(status, 300..=306 | 408 | 460 | 499 | 500..),
        Outcome::Lost { before_send } => !before_send,
    };
    unknown && writes
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: Outcome = Outcome::Lost { before_send: false };
    const UNSENT: Outcome = Outcome::Lost { before_send: true };

    const SECOND: Duration = Duration::from_secs(1);

    fn policy(method: Method, max_retries: u32) -> Policy {
        Policy {
            method,
            max_retries,
            max_retry_after: SECOND * 120,
            window: SECOND * 60,
        }
    }

    fn repeats(method: Method, outcome: Outcome) -> bool {
        next(&policy(method, 2), &Ended::of(outcome, 0), 0.5) != Next::Done
    }

    #[test]
    fn a_get_or_delete_is_repeated_when_that_can_help() {
        for method in [Method::Get, Method::Delete] {
            assert!(repeats(method, LOST) && repeats(method, UNSENT));
            for status in [408, 425, 429, 502, 503, 504, 520, 524, 599] {
                assert!(repeats(method, Outcome::Answered(status)), "{status}");
            }
            for status in [200, 400, 401, 403, 404, 409, 413, 500, 501, 505, 511] {
                assert!(!repeats(method, Outcome::Answered(status)), "{status}");
            }
        }
    }

    #[test]
    fn a_post_or_patch_of_unknown_outcome_is_never_repeated() {
        for method in [Method::Post, Method::Patch] {
            assert!(!repeats(method, LOST));
            for status in [408, 409, 425, 500, 502, 503, 504, 520] {
                assert!(!repeats(method, Outcome::Answered(status)), "{status}");
            }
            assert!(repeats(method, UNSENT));
            assert!(repeats(method, Outcome::Answered(429)));
        }
    }

    #[test]
    fn the_number_of_retries_is_kept() {
        let refused = Ended::of(Outcome::Answered(429), 0);
        assert_eq!(next(&policy(Method::Get, 2), &Ended::of(LOST, 2), 0.0), Next::Done);
        assert_eq!(next(&policy(Method::Get, 0), &refused, 0.0), Next::Done);
    }

    #[test]
    fn delays_double_from_half_a_second_to_eight_seconds_with_full_jitter() {
        let most: Vec<u128> = (0..7)
            .map(
                |retries| match next(&policy(Method::Get, 99), &Ended::of(LOST, retries), 1.0) {
                    Next::After(delay) => delay.as_millis(),
                    other => panic!("{other:?}"),
                },
            )
            .collect();
        assert_eq!(most, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        let late = next(&policy(Method::Get, 99), &Ended::of(LOST, 40), 0.0);
        assert_eq!(late, Next::After(Duration::ZERO));
    }

    #[test]
    fn a_wait_that_the_reply_names_is_the_shortest_unless_it_is_too_long() {
        let after = |named: u64| {
            let named = Some(SECOND * u32::try_from(named).unwrap());
            let ended = Ended {
                named,
                ..Ended::of(Outcome::Answered(503), 0)
            };
            next(&policy(Method::Get, 2), &ended, 1.0)
        };
        assert_eq!(after(0), Next::After(SECOND / 2));
        assert_eq!(after(120), Next::After(SECOND * 120));
        assert_eq!(after(121), Next::Done);
        let patient = Policy {
            max_retry_after: SECOND * 3600,
            ..policy(Method::Get, 2)
        };
        let century = Ended {
            named: Some(SECOND * 7200),
            ..Ended::of(Outcome::Answered(503), 0)
        };
        assert_eq!(next(&patient, &century, 0.0), Next::After(SECOND * 3600));
    }

    #[test]
    fn who_names_no_wait_is_asked_for_the_last_time_when_a_window_is_over() {
        // Retries, the wait that is named, how long the gate is closed and since when, the longest wait.
        for (retries, named, closed, since, longest, expected) in [
            (0, None, 1, 0, 120, Next::WhenAllowed),
            (1, None, 2, 1, 120, Next::After(SECOND * 59)),
            (1, Some(2), 2, 1, 120, Next::WhenAllowed),
            (1, None, 60, 1, 120, Next::WhenAllowed),
            (1, None, 2, 1, 58, Next::WhenAllowed),
            (0, None, 121, 0, 120, Next::Done),
        ] {
            let policy = Policy {
                max_retry_after: SECOND * longest,
                ..policy(Method::Post, 2)
            };
            let ended = Ended {
                named: named.map(|named| SECOND * named),
                closed_for: SECOND * closed,
                refused_for: SECOND * since,
                ..Ended::of(Outcome::Answered(429), retries)
            };
            assert_eq!(next(&policy, &ended, 0.5), expected, "{ended:?} {longest}");
        }
    }

    #[test]
    fn what_may_have_been_applied_is_said() {
        assert!(may_have_been_applied(true, LOST));
        assert!(!may_have_been_applied(true, UNSENT));
        for status in [301, 302, 303, 408, 460, 499, 500, 504, 520] {
            assert!(may_have_been_applied(true, Outcome::Answered(status)), "{status}");
        }
        for status in [307, 308, 400, 401, 403, 404, 409, 413, 415, 422, 425, 429, 451] {
            assert!(!may_have_been_applied(true, Outcome::Answered(status)), "{status}");
        }
        assert!(!may_have_been_applied(false, LOST));
    }
}
