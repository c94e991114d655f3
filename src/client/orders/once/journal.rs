//! What was sent once only, as the store remembers it: before the send that it may be, after it what came of it.

use core::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, ready},
};
use std::rc::Rc;

use api::json;
use serde_json::Value;

use super::lock::NameLock;
use crate::{
    client::Client,
    error::{Error, ErrorCode},
    exchange::Trace,
    platform::{Boxed, LocalFuture, Platform},
    store::{StoreError, in_time},
};

/// What is remembered of a change.
pub(super) struct Record {
    /// The digest of what was sent.
    of: String,
    /// What came of it; nothing as long as nobody knows.
    pub(super) done: Option<Done>,
}

/// What came of a change.
pub(super) struct Done {
    /// The id of what it made or changed, if it has one.
    pub(super) id: Option<String>,
}

/// The records of one change: as they were read, and what is written over them.
///
/// It may be dropped at any moment, when its caller gives the call up. As long as nothing was sent, what was there before is
/// put back then: otherwise the next call would take for sent what has only waited for its turn.
pub(super) struct Journal {
    client: Client,
    /// The digest of what is sent.
    of: String,
    /// The record that it may be sent, by this call and no other.
    begun: String,
    entries: Vec<Entry>,
    /// How far the call is that sends it.
    pub(super) trace: Rc<Trace>,
    /// What keeps others of the same name out, given back last.
    lock: Option<NameLock>,
}

struct Entry {
    key: String,
    /// What was there, and what it says.
    value: Option<String>,
    seen: Option<Record>,
    /// It says now that the change may be sent, because of this call.
    is_begun: Rc<Cell<bool>>,
    /// As long as the store writes that: it does so whether or not anybody waits for it.
    beginning: RefCell<Option<LocalFuture<Result<(), StoreError>>>>,
}

impl Entry {
    /// Waits until the store has written that the change may be sent.
    fn begun(&self) -> Boxed<'_, Result<(), StoreError>> {
        Box::pin(poll_fn(|context| {
            let mut beginning = self.beginning.borrow_mut();
            let Some(writing) = beginning.as_mut() else {
                return Poll::Ready(Ok(()));
            };
            let written = ready!(writing.as_mut().poll(context));
            *beginning = None;
            Poll::Ready(written)
        }))
    }
}

/// The place of the change that the caller named.
pub(super) fn key_of_id(place: &str, id: &str) -> String {
    format!("{place} once id {id}")
}

/// The place of an order, by the digest of what is ordered.
pub(super) fn key_of_order(place: &str, of: &str) -> String {
    format!("{place} once order {of}")
}

impl Journal {
    /// Reads the records of a change; `of` is the digest of what is sent.
    ///
    /// # Errors
    /// `store_failed`, and `once_id_taken` when one is of another change.
    pub(super) fn read(
        client: &Client,
        of: String,
        keys: Vec<String>,
        lock: Option<NameLock>,
    ) -> Boxed<'_, Result<Self, Error>> {
        Box::pin(Self::read_each(client, of, keys, lock))
    }

    async fn read_each(client: &Client, of: String, keys: Vec<String>, lock: Option<NameLock>) -> Result<Self, Error> {
        let mut entries = Vec::new();
        for key in keys {
            let value = in_time(&client.platform, client.store.get(&key)).await;
            let value = value.map_err(|error| Error::no_store("get", error.0))?;
            let seen = value.as_deref().map(|value| record(value, &of));
            if seen.as_ref().is_some_and(|record| record.of != of) {
                return Err(Error::other(
                    ErrorCode::OnceIdTaken,
                    "Nothing was sent: the `onceId` was used for another change before. Give each change one of its own.",
                ));
            }
            entries.push(Entry {
                key,
                value,
                seen,
                is_begun: Rc::default(),
                beginning: RefCell::default(),
            });
        }
        let by = client.platform.random();
        let begun = json::object([("of", of.as_str().into()), ("by", by.into())]);
        Ok(Self {
            client: client.clone(),
            of,
            begun: json::write(&begun.into()),
            entries,
            trace: Rc::default(),
            lock,
        })
    }

    pub(super) fn seen(&self) -> impl Iterator<Item = &Record> {
        self.entries.iter().filter_map(|entry| entry.seen.as_ref())
    }

    /// It was sent, and nobody knows what came of it.
    pub(super) fn is_sent(&self) -> bool {
        self.seen().any(|record| record.done.is_none())
    }

    /// The id that the service gave it.
    pub(super) fn known(&self) -> Option<&str> {
        self.seen().find_map(|record| record.done.as_ref()?.id.as_deref())
    }

    /// Remembers that it may be sent from now on, unless somebody else did since the records were read. Says whether it may be.
    ///
    /// # Errors
    /// `store_failed`.
    pub(super) fn begin(&self) -> Boxed<'_, Result<bool, Error>> {
        Box::pin(self.begin_each())
    }

    async fn begin_each(&self) -> Result<bool, Error> {
        let mut is_first = true;
        for entry in &self.entries {
            let beginning = self.swap(entry, entry.value.clone(), Some(self.begun.clone()));
            entry.beginning.replace(Some(beginning));
            let begun = in_time(&self.client.platform, entry.begun()).await;
            begun.map_err(|error| Error::no_store("update", error.0))?;
            is_first &= entry.is_begun.get();
        }
        Ok(is_first)
    }

    /// Remembers what came of it. It was sent already: a store that fails now fails no call.
    pub(super) fn done(&self, id: Option<String>) -> Boxed<'_, ()> {
        Box::pin(self.done_each(id))
    }

    async fn done_each(&self, id: Option<String>) {
        let done = json::object([("id", id.into())]);
        let record = json::object([("of", self.of.as_str().into()), ("done", done.into())]);
        let record = json::write(&record.into());
        for entry in &self.entries {
            let kept = self.client.store.set(&entry.key, Some(record.clone()));
            if let Err(StoreError(reason)) = in_time(&self.client.platform, kept).await {
                self.client.account.transport.tell_of_store("set", reason);
            }
        }
    }

    /// Puts back what was there before: it was not sent, or refused.
    pub(super) fn undo(&self) -> Boxed<'_, ()> {
        Box::pin(self.undo_each())
    }

    async fn undo_each(&self) {
        // Should this be given up, it is done again.
        self.trace.reset();
        for entry in &self.entries {
            drop(entry.begun().await);
            if entry.is_begun.get() {
                let undone = self.swap(entry, Some(self.begun.clone()), entry.value.clone());
                let undone = in_time(&self.client.platform, undone).await;
                if let Err(StoreError(reason)) = undone {
                    self.client.account.transport.tell_of_store("update", reason);
                }
                entry.is_begun.set(false);
            }
        }
    }

    /// Puts one value in the place of another, if that is there; `is_begun` says then whether it was. A store that does not know
    /// whether it has written asks again, and may find what it wrote.
    fn swap(&self, entry: &Entry, from: Option<String>, to: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        let is_begun = Rc::clone(&entry.is_begun);
        let replace = move |value: Option<String>| {
            let is_there = value == from || (is_begun.get() && value == to);
            is_begun.set(is_there);
            if is_there { to.clone() } else { value }
        };
        self.client.store.update(&entry.key, Box::new(replace))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let may_be_begun = |entry: &Entry| entry.is_begun.get() || entry.beginning.borrow().is_some();
        if !self.entries.iter().any(may_be_begun) || self.trace.may_be_made() {
            return;
        }
        let journal = Self {
            client: self.client.clone(),
            of: core::mem::take(&mut self.of),
            begun: core::mem::take(&mut self.begun),
            entries: core::mem::take(&mut self.entries),
            trace: Rc::clone(&self.trace),
            lock: self.lock.take(),
        };
        let platform: Rc<dyn Platform> = Rc::clone(&self.client.platform);
        platform.spawn(Box::pin(async move { journal.undo().await }));
    }
}

/// What a value says. One that nobody can read may be the record of something that was sent.
fn record(value: &str, of: &str) -> Record {
    let of = || of.to_owned();
    parsed(value).unwrap_or_else(|| Record { of: of(), done: None })
}

fn parsed(value: &str) -> Option<Record> {
    let record: Value = json::read(value).ok()?;
    let done = match record.get("done") {
        None | Some(Value::Null) => None,
        Some(done) => Some(Done {
            id: match done.as_object()?.get("id") {
                None | Some(Value::Null) => None,
                Some(id) => Some(id.as_str()?.to_owned()),
            },
        }),
    };
    Some(Record {
        of: record.get("of")?.as_str()?.to_owned(),
        done,
    })
}
