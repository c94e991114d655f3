//! What outlives a client, and what several processes share: one interface for the log of the rate limit, tokens, the
//! record of what was sent once only, and locks.
//!
//! Keys and values are text, values mostly JSON. The log of the rate limit and the place of a token are made of one where they
//! are used.

use core::{cell::RefCell, time::Duration};
use std::rc::Rc;

use futures_util::future::{Either, select};

use crate::{
    ordered::Ordered,
    platform::{Boxed, Instant, LocalFuture, Platform},
};

/// How long an answer of a store is waited for.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// What is said of one that has not answered by then.
const SILENT: &str = "no answer within 5 s";

/// Why a store did not do what it was asked, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(pub String);

/// From a value to the one in its place; nothing is no value. It may be called more than once: the last call counts.
pub type Replace = Box<dyn FnMut(Option<String>) -> Option<String>>;

/// Gives a lock back.
pub type Release = Box<dyn FnOnce() -> LocalFuture<Result<(), StoreError>>>;

/// A place for values under keys, which several processes may share.
pub trait Store {
    /// The value under a key.
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>>;
    /// Puts a value under a key; nothing removes it.
    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>>;
    /// Replaces the value under a key by what `replace` makes of it, atomically.
    fn update(&self, key: &str, replace: Replace) -> LocalFuture<Result<(), StoreError>>;
    /// Takes a lock, for as long as the lease at most; nothing while another has it. A process that ends without giving
    /// it back holds it until the lease has passed.
    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>>;
}

/// What a store answers within [`PATIENCE`].
///
/// # Errors
/// The store's own, or that it stayed silent.
pub fn in_time<'a, T: 'a>(
    platform: &Rc<dyn Platform>,
    asked: Boxed<'a, Result<T, StoreError>>,
) -> Boxed<'a, Result<T, StoreError>> {
    let time_is_up = platform.sleep(PATIENCE);
    // Behind a pointer: it would be compiled into each place that awaits it.
    Box::pin(async move {
        match select(asked, time_is_up).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(StoreError(SILENT.to_owned())),
        }
    })
}

/// A store in memory, for one process.
#[derive(Clone)]
pub struct MemoryStore {
    platform: Rc<dyn Platform>,
    values: Rc<RefCell<Ordered<String, String>>>,
    locks: Rc<RefCell<Locks>>,
}

/// Who holds a lock, and until when; and the number of the next who takes one.
#[derive(Default)]
struct Locks {
    held: Ordered<String, (u64, Instant)>,
    next: u64,
}

impl MemoryStore {
    /// An empty one.
    #[must_use]
    pub fn new(platform: Rc<dyn Platform>) -> Self {
        Self {
            platform,
            values: Rc::default(),
            locks: Rc::default(),
        }
    }

    fn put(&self, key: &str, value: Option<String>) {
        match value {
            Some(value) => drop(self.values.borrow_mut().insert(key.to_owned(), value)),
            None => drop(self.values.borrow_mut().remove(key)),
        }
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        let value = self.values.borrow().get(key).cloned();
        Box::pin(core::future::ready(Ok(value)))
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.put(key, value);
        Box::pin(core::future::ready(Ok(())))
    }

    fn update(&self, key: &str, mut replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        let value = self.values.borrow().get(key).cloned();
        self.put(key, replace(value));
        Box::pin(core::future::ready(Ok(())))
    }

    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        let now = self.platform.now();
        let mut locks = self.locks.borrow_mut();
        if locks.held.get(key).is_some_and(|(_, until)| *until > now) {
            return Box::pin(core::future::ready(Ok(None)));
        }
        let holder = locks.next;
        locks.next = holder.wrapping_add(1);
        locks.held.insert(key.to_owned(), (holder, now.after(lease)));
        let (all, key) = (Rc::clone(&self.locks), key.to_owned());
        let release: Release = Box::new(move || {
            // Perhaps another's by now.
            let mut locks = all.borrow_mut();
            if locks.held.get(&key).is_some_and(|(by, _)| *by == holder) {
                locks.held.remove(&key);
            }
            Box::pin(core::future::ready(Ok(())))
        });
        Box::pin(core::future::ready(Ok(Some(release))))
    }
}
