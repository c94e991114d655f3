//! Whether to send a request again: one pure function.

use core::time::Duration;

use api::Method;

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

/// Decides. `retries` counts the repetitions so far; `random` is evenly distributed in 0 ≤ r < 1.
///
/// A POST or PATCH whose outcome is unknown is never sent again: an order costs money, and the service knows no
/// idempotency key. A 429 and a failure proven to be before the send have done nothing, so every method repeats.
#[must_use]
pub fn next(method: Method, outcome: Outcome, retries: u32, max_retries: u32, random: f64) -> Next {
    if retries >= max_retries {
        return Next::Done;
    }
    let repeat = match outcome {
        Outcome::Answered(429) => return Next::WhenAllowed,
        Outcome::Answered(408 | 502..=504) => method.is_idempotent(),
        Outcome::Answered(_) => false,
        Outcome::Lost { before_send } => before_send || method.is_idempotent(),
    };
    if repeat {
        Next::After(jitter(retries, random))
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

    fn repeats(method: Method, outcome: Outcome) -> bool {
        next(method, outcome, 0, 2, 0.5) != Next::Done
    }

    #[test]
    fn a_get_or_delete_is_repeated_when_that_can_help() {
        for method in [Method::Get, Method::Delete] {
            assert!(repeats(method, LOST) && repeats(method, UNSENT));
            for status in [408, 429, 502, 503, 504] {
                assert!(repeats(method, Outcome::Answered(status)), "{status}");
            }
            for status in [200, 400, 401, 403, 404, 409, 413, 500, 501] {
                assert!(!repeats(method, Outcome::Answered(status)), "{status}");
            }
        }
    }

    #[test]
    fn a_post_or_patch_of_unknown_outcome_is_never_repeated() {
        for method in [Method::Post, Method::Patch] {
            assert!(!repeats(method, LOST));
            for status in [408, 409, 500, 502, 503, 504] {
                assert!(!repeats(method, Outcome::Answered(status)), "{status}");
            }
            assert!(repeats(method, UNSENT));
            assert!(repeats(method, Outcome::Answered(429)));
        }
    }

    #[test]
    fn the_number_of_retries_is_kept() {
        assert_eq!(next(Method::Get, LOST, 2, 2, 0.0), Next::Done);
        assert_eq!(next(Method::Get, Outcome::Answered(429), 0, 0, 0.0), Next::Done);
    }

    #[test]
    fn delays_double_from_half_a_second_to_eight_seconds_with_full_jitter() {
        let most: Vec<u128> = (0..7)
            .map(|retries| match next(Method::Get, LOST, retries, 99, 1.0) {
                Next::After(delay) => delay.as_millis(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(most, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(next(Method::Get, LOST, 40, 99, 0.0), Next::After(Duration::ZERO));
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
