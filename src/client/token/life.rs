//! The token held, and what has to be done about it: a state machine with time as a parameter.
//!
//! Lives are counted from receipt on the monotonic clock, so that a wrong wall clock on either side does no harm.

use core::time::Duration;

use crate::{
    exchange::Credentials,
    platform::{Instant, KeptToken},
};

/// With less than this left, calls wait for a new token.
const BLOCKING: Duration = Duration::from_secs(30);
/// With less than this left, a new one is fetched while calls go on.
const BACKGROUND: Duration = Duration::from_secs(10 * 60);
/// After a renewal failed, the next is tried after this, or when the token has ended.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// What has to be done before a call is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The token is good.
    Nothing,
    /// The token is good for now; renew it without waiting.
    RenewInBackground,
    /// There is none, or none that will last the call.
    RenewFirst,
}

struct Held {
    credentials: Credentials,
    received: Instant,
    lifetime: Duration,
}

impl Held {
    fn left(&self, now: Instant) -> Duration {
        self.lifetime.saturating_sub(now.since(self.received))
    }
}

/// The token's state.
#[derive(Default)]
pub struct TokenState {
    held: Option<Held>,
    generation: u64,
    failed: Option<Instant>,
}

impl TokenState {
    /// Takes a new token.
    pub fn receive(&mut self, kept: KeptToken) {
        self.generation = self.generation.saturating_add(1);
        self.failed = None;
        let credentials = Credentials {
            api_key: kept.api_key,
            token: kept.token,
            generation: self.generation,
        };
        self.held = Some(Held {
            credentials,
            received: kept.received,
            lifetime: kept.lifetime,
        });
    }

    /// Notes that a renewal failed.
    pub const fn renewal_failed(&mut self, now: Instant) {
        self.failed = Some(now);
    }

    /// Forgets the token.
    pub fn clear(&mut self) {
        self.held = None;
    }

    /// Forgets the token if it still is the one that the service refused. Says whether it was.
    pub fn reject(&mut self, generation: u64) -> bool {
        self.held
            .take_if(|held| held.credentials.generation == generation)
            .is_some()
    }

    /// What has to be done before a call is sent now.
    #[must_use]
    pub fn need(&self, now: Instant) -> Need {
        let Some(held) = &self.held else {
            return Need::RenewFirst;
        };
        // A token of a short life is renewed at the same parts of it, or every call would fetch one.
        let left = held.left(now);
        let paused = self.failed.is_some_and(|failed| now.since(failed) < AFTER_FAILURE);
        // Where no new one could be had a moment ago, the old one serves until it ends.
        let is_ending = left < BLOCKING.min(held.lifetime.div_f64(10.0)) && !paused;
        if is_ending || left.is_zero() {
            return Need::RenewFirst;
        }
        if left < BACKGROUND.min(held.lifetime.div_f64(3.0)) && !paused {
            return Need::RenewInBackground;
        }
        Need::Nothing
    }

    /// The token, whatever is left of it.
    #[must_use]
    pub fn credentials(&self) -> Option<Credentials> {
        self.held.as_ref().map(|held| held.credentials.clone())
    }

    /// How much is left of the token.
    #[must_use]
    pub fn left(&self, now: Instant) -> Option<Duration> {
        self.held.as_ref().map(|held| held.left(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(90 * 60);

    fn minute(minutes: u64) -> Instant {
        Instant::from_origin(Duration::from_secs(minutes * 60))
    }

    fn token(token: &str, lifetime: Duration, received: Instant) -> KeptToken {
        KeptToken {
            api_key: "key".into(),
            token: token.into(),
            received,
            lifetime,
        }
    }

    fn fresh() -> TokenState {
        let mut state = TokenState::default();
        state.receive(token("one", LIFE, minute(0)));
        state
    }

    #[test]
    fn a_token_is_renewed_in_the_background_under_ten_minutes_and_first_under_thirty_seconds() {
        let state = fresh();
        assert_eq!(TokenState::default().need(minute(0)), Need::RenewFirst);
        assert_eq!(state.need(minute(0)), Need::Nothing);
        assert_eq!(state.need(minute(80)), Need::Nothing);
        assert_eq!(
            state.need(minute(80).after(Duration::from_millis(1))),
            Need::RenewInBackground
        );
        let thirty_seconds_left = Instant::from_origin(LIFE.checked_sub(BLOCKING).unwrap());
        assert_eq!(state.need(thirty_seconds_left), Need::RenewInBackground);
        assert_eq!(
            state.need(thirty_seconds_left.after(Duration::from_millis(1))),
            Need::RenewFirst
        );
        assert_eq!(state.need(minute(1000)), Need::RenewFirst);
    }

    #[test]
    fn a_failed_background_renewal_is_tried_again_after_thirty_seconds() {
        let mut state = fresh();
        state.renewal_failed(minute(85));
        assert_eq!(state.need(minute(85).after(Duration::from_secs(29))), Need::Nothing);
        assert_eq!(state.need(minute(85).after(AFTER_FAILURE)), Need::RenewInBackground);
        assert_eq!(
            state.need(minute(90)),
            Need::RenewFirst,
            "a failure does not stretch the token's life"
        );
        let mut ending = fresh();
        let ten_seconds_left = minute(89).after(Duration::from_secs(50));
        assert_eq!(ending.need(ten_seconds_left), Need::RenewFirst);
        ending.renewal_failed(ten_seconds_left);
        assert_eq!(ending.need(ten_seconds_left), Need::Nothing, "it is used to its end");
        assert_eq!(ending.need(minute(90)), Need::RenewFirst);
    }

    #[test]
    fn a_late_refusal_of_an_old_token_leaves_its_successor() {
        let mut state = fresh();
        let old = state.credentials().unwrap().generation;
        state.receive(token("two", LIFE, minute(1)));
        assert!(!state.reject(old));
        assert_eq!(state.credentials().unwrap().token, "two");
        assert!(state.reject(state.credentials().unwrap().generation));
        assert!(state.credentials().is_none());
    }

    #[test]
    fn a_short_lived_token_is_used_for_most_of_its_life() {
        let mut state = TokenState::default();
        state.receive(token("short", Duration::from_secs(20), minute(0)));
        let second = |seconds| Instant::from_origin(Duration::from_secs(seconds));
        assert_eq!(state.need(second(1)), Need::Nothing);
        assert_eq!(state.need(second(15)), Need::RenewInBackground);
        assert_eq!(state.need(second(19)), Need::RenewFirst);
    }
}
