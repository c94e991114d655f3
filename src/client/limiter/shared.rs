//! One log for several processes, kept in a store such as Redis.
//!
//! Each number of the log is the time, in milliseconds since 1970, at which a slot becomes free. A process writes the
//! latest possible time when it sends, so that a slot is not lost if it crashes, and the real one when it next sends
//! after the answer: an answer costs no round trip of its own. The rule is the one of the local log. The processes'
//! wall clocks may differ by the slack.
//!
//! A store that fails or stays silent loses no call: the process then goes by its own log, which always applies too, for as
//! long as the store is left alone, and its clients are warned. One that knows how many processes there are keeps to its share
//! then, once all that the others may have sent before has left the window.

use core::{
    cell::{Cell, RefCell},
    future::Future,
    pin::pin,
    time::Duration,
};
use std::rc::Rc;

use api::json;
use futures_util::future::{Either, select};
use serde::Serialize;
use serde_json::Value;

use super::{
    log::{forget_before, put_in_order},
    rule::TwoWindowRule,
};
use crate::{
    platform::{Instant, LocalFuture, Platform, whole_millis},
    store::{PATIENCE, Store, StoreError},
};

/// What a store does to a log: from the log to the new one and the admission. It may be called more than once.
pub type Change = Box<dyn FnMut(Vec<u64>) -> (Vec<u64>, Admission)>;

/// Where several processes keep one log.
pub trait LogStore {
    /// Replaces the log under a key by its change, atomically, and returns the admission of the change that took effect.
    /// A key that is not there yet holds an empty log.
    fn update(&self, key: &str, change: Change) -> LocalFuture<Result<Admission, StoreError>>;
}

impl LogStore for Rc<dyn Store> {
    fn update(&self, key: &str, mut change: Change) -> LocalFuture<Result<Admission, StoreError>> {
        let admission = Rc::new(RefCell::new(None));
        let told = Rc::clone(&admission);
        let replace = move |log: Option<String>| {
            let log = log.and_then(|log| numbers(&json::read(&log).ok()?)).unwrap_or_default();
            let (log, admission) = change(log);
            told.replace(Some(admission));
            Some(json::write(&Value::from(log)))
        };
        let updated = Store::update(&**self, key, Box::new(replace));
        Box::pin(async move {
            updated.await?;
            let silent = || StoreError("`update` did not call the function that it was given".into());
            admission.borrow_mut().take().ok_or_else(silent)
        })
    }
}

/// The numbers of a log.
fn numbers(log: &Value) -> Option<Vec<u64>> {
    log.as_array()?.iter().map(Value::as_u64).collect()
}

/// Whether the shared log had room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "at")]
pub enum Admission {
    /// It had; this is the number that stands for the slot taken.
    Granted(u64),
    /// It had not, and will have at this time if nothing changes.
    Denied(u64),
}

/// How a limiter shares its log.
#[derive(Clone)]
pub struct Sharing {
    /// Keeps the log.
    pub store: Rc<dyn LogStore>,
    /// Names the log: the same for all that share the limit. The digest of the API key is added to it.
    pub key: String,
    /// The longest that one attempt may take, after which a slot whose process crashed is counted down.
    pub longest_attempt: Duration,
    /// How many processes share the log: each has its part of the limit while nobody can be asked. With 1, or where nobody
    /// knows, it has all.
    pub processes: u32,
}

/// The shared log as one process sees it.
pub(super) struct SharedLog {
    store: Rc<dyn LogStore>,
    key: String,
    /// The longest attempt and the most processes of the clients that share it here.
    longest_attempt: Cell<u64>,
    processes: Cell<u32>,
    /// Those that the clients have agreed on.
    window: Cell<u64>,
    slack: Cell<u64>,
    /// Slots whose answers arrived since the last update: the number they stand under, and the right one.
    answered: Rc<RefCell<Vec<(u64, u64)>>>,
    /// When the slots become free that were taken while nobody could be asked: the log does not know of them.
    unshared: Rc<RefCell<Vec<u64>>>,
    /// The log as it was when it was asked last.
    seen: Rc<RefCell<Vec<u64>>>,
}

impl SharedLog {
    /// A log whose window is still to be [`set`](Self::set).
    pub(super) fn new(sharing: Sharing) -> Self {
        Self {
            longest_attempt: Cell::new(whole_millis(sharing.longest_attempt)),
            processes: Cell::new(sharing.processes),
            store: sharing.store,
            key: sharing.key,
            window: Cell::new(1),
            slack: Cell::default(),
            answered: Rc::default(),
            unshared: Rc::default(),
            seen: Rc::default(),
        }
    }

    /// From now on, another window and slack.
    pub(super) fn set(&self, window: Duration, slack: Duration) {
        self.window.set(whole_millis(window).max(1));
        self.slack.set(whole_millis(slack));
    }

    /// One more client shares it.
    pub(super) fn join(&self, sharing: &Sharing) {
        let attempt = whole_millis(sharing.longest_attempt);
        self.longest_attempt.set(attempt.max(self.longest_attempt.get()));
        self.processes.set(sharing.processes.max(self.processes.get()));
    }

    pub(super) const fn processes(&self) -> u32 {
        self.processes.get()
    }

    /// How long a process that found no room waits at most, in milliseconds.
    pub(super) const fn asks_again_after(&self) -> u64 {
        match self.window.get() >> 4 {
            0 => 1,
            part => part,
        }
    }

    /// How long it takes until nothing counts any more that others have sent before.
    pub(super) fn forgets_after(&self) -> Duration {
        Duration::from_millis(self.window.get().saturating_add(self.slack.get().saturating_mul(2)))
    }

    /// When what the log held settled or settles, in nanoseconds of the clock that shows `now`.
    pub(super) fn seen(&self, now: Instant, wall_clock: u64) -> Vec<u64> {
        let mut seen = replace(self.seen.borrow().clone(), &self.answered.borrow());
        put_in_order(&mut seen);
        let now = whole_millis(now.since(Instant::default()));
        let behind = wall_clock.saturating_add(self.window.get());
        let here = |free_at: u64| free_at.saturating_add(now).saturating_sub(behind);
        seen.into_iter()
            .map(|free_at| here(free_at).saturating_mul(1_000_000))
            .collect()
    }

    /// Asks for a slot; ready with the cause when the store fails or stays silent.
    pub(super) fn take(
        &self,
        limit: u32,
        platform: Rc<dyn Platform>,
    ) -> impl Future<Output = Result<Admission, String>> + 'static {
        let answered = Rc::clone(&self.answered);
        let told = answered.borrow().clone();
        let count = told.len();
        let unshared = Rc::clone(&self.unshared);
        let alone = unshared.borrow().clone();
        let sent_alone = alone.len();
        let (window, hold) = (
            self.window.get(),
            self.slack.get().saturating_add(self.longest_attempt.get()),
        );
        let clock = Rc::clone(&platform);
        let seen = Rc::clone(&self.seen);
        let change = Box::new(move |log| {
            let mut log = replace(log, &told);
            log.extend(&alone);
            let (log, admission) = decide(log, u64::from(limit), window, hold, clock.wall_clock());
            seen.borrow_mut().clone_from(&log);
            (log, admission)
        });
        let update = self.store.update(&self.key, change);
        let began = platform.now();
        async move {
            match select(update, pin!(platform.sleep(PATIENCE))).await {
                Either::Left((Ok(admission), _)) => {
                    let mut answered = answered.borrow_mut();
                    let told = count.min(answered.len());
                    answered.drain(..told);
                    let mut unshared = unshared.borrow_mut();
                    let known = sent_alone.min(unshared.len());
                    unshared.drain(..known);
                    Ok(admission)
                }
                Either::Left((Err(StoreError(why)), _)) => Err(why),
                // The process stood still, not the store: it asks once more.
                Either::Right(_) if platform.now().since(began) > PATIENCE.saturating_mul(2) => {
                    Ok(Admission::Denied(0))
                }
                Either::Right(_) => Err(format!("it did not answer within {} s", PATIENCE.as_secs())),
            }
        }
    }

    /// The answer of a slot arrived: the next update says so.
    pub(super) fn answered(&self, slot: u64, wall_clock: u64) {
        self.answered.borrow_mut().push((slot, self.free_at(wall_clock)));
    }

    /// The answer of a slot arrived that was taken without the log: the next update says so.
    pub(super) fn answered_alone(&self, wall_clock: u64) {
        let mut unshared = self.unshared.borrow_mut();
        unshared.retain(|free_at| *free_at > wall_clock);
        unshared.push(self.free_at(wall_clock));
    }

    /// When a slot becomes free that is answered now.
    const fn free_at(&self, wall_clock: u64) -> u64 {
        wall_clock
            .saturating_add(self.slack.get())
            .saturating_add(self.window.get())
    }
}

/// Takes a slot in a log of the times at which slots become free, if the rule allows it.
fn decide(mut log: Vec<u64>, limit: u64, window: u64, hold: u64, now: u64) -> (Vec<u64>, Admission) {
    put_in_order(&mut log);
    forget_before(&mut log, now.saturating_sub(window));
    let settled: Vec<u64> = log.iter().map(|free_at| free_at.saturating_sub(window)).collect();
    let rule = TwoWindowRule {
        window,
        settled: &settled,
        in_flight: 0,
    };
    // Nothing is in flight in this log, so there is such a moment for every limit but 0.
    let free_at = rule.free_at(limit).unwrap_or(u64::MAX);
    if free_at > now {
        return (log, Admission::Denied(free_at));
    }
    let slot = now.saturating_add(hold).saturating_add(window);
    log.push(slot);
    (log, Admission::Granted(slot))
}

/// Puts the real times in place of those that were written when the requests were sent. Doing it twice does no harm.
fn replace(mut log: Vec<u64>, answered: &[(u64, u64)]) -> Vec<u64> {
    for (written, real) in answered {
        if let Some(entry) = log.iter_mut().find(|entry| *entry == written) {
            *entry = *real;
        }
    }
    log
}
