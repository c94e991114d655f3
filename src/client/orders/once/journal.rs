//! What was sent once only, as the store remembers it: before the send that it may be, after it what came of it.

use core::{cell::Cell, time::Duration};
use std::rc::Rc;

use api::{json, marker::digest};
use serde_json::Value;

use super::wanted::Wanted;
use crate::{
    client::Client,
    error::{Error, ErrorCode},
    platform::Platform,
    store::{Release, StoreError, in_time},
};

/// A process that ends without giving a lock back holds it for as long. It may end too early: what is sent is decided by
/// the record, the lock saves the others a look.
const LEASE: Duration = Duration::from_secs(120);
/// How long to wait for a lock that another has: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What is remembered of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// The digest of what was sent.
    of: String,
    /// What came of it; nothing as long as nobody knows.
    pub(crate) done: Option<Done>,
}

/// What came of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// The id of what it made or changed, if it has one.
    pub(crate) id: Option<String>,
}

/// The place of one change in the store.
pub(crate) struct Journal<'a> {
    client: &'a Client,
    key: String,
    of: String,
}

impl<'a> Journal<'a> {
    /// The place of the change that the caller named; `of` is the digest of what is sent.
    pub(crate) fn of_id(client: &'a Client, place: &str, id: &str, of: String) -> Self {
        let key = format!("{place} once id {id}");
        Self { client, key, of }
    }

    /// The place of an order, by the digest of what is ordered.
    pub(crate) fn of_order(client: &'a Client, place: &str, of: String) -> Self {
        let key = format!("{place} once order {of}");
        Self { client, key, of }
    }

    /// What is remembered.
    ///
    /// # Errors
    /// `store_failed`, and `once_id_taken` when it is another change.
    pub(crate) async fn read(&self) -> Result<Option<Record>, Error> {
        let value = in_time(&self.client.platform, self.client.store.get(&self.key)).await;
        let record = value.map_err(|error| failed("get", error))?.as_deref().map(parsed);
        match record {
            Some(Some(record)) if record.of == self.of => Ok(Some(record)),
            Some(Some(_)) => Err(Error::other(
                ErrorCode::OnceIdTaken,
                "Nothing was sent: the `onceId` was used for another change before. Give each change one of its own.",
            )),
            // What nobody can read may be the record of something that was sent.
            Some(None) => Ok(Some(Record {
                of: self.of.clone(),
                done: None,
            })),
            None => Ok(None),
        }
    }

    /// Remembers that it may be sent from now on, unless somebody else did since `seen`. Says whether it may be.
    ///
    /// # Errors
    /// `store_failed`.
    pub(crate) async fn begin(&self, seen: Option<&Record>) -> Result<bool, Error> {
        let (seen, taken) = (seen.cloned(), Rc::new(Cell::new(false)));
        let (told, begun) = (Rc::clone(&taken), self.written(None));
        let replace = move |value: Option<String>| {
            let is_as_seen = value.as_deref().map(parsed) == seen.clone().map(Some);
            told.set(is_as_seen);
            if is_as_seen { Some(begun.clone()) } else { value }
        };
        let updated = in_time(
            &self.client.platform,
            self.client.store.update(&self.key, Box::new(replace)),
        );
        updated.await.map_err(|error| failed("update", error))?;
        Ok(taken.get())
    }

    /// Remembers what came of it.
    pub(crate) async fn done(&self, id: Option<String>) {
        self.put(Some(self.written(Some(Done { id })))).await;
    }

    /// Forgets it: it was not sent, or refused.
    pub(crate) async fn forget(&self) {
        self.put(None).await;
    }

    /// The change was sent already: a store that fails now fails no call.
    async fn put(&self, value: Option<String>) {
        let kept = in_time(&self.client.platform, self.client.store.set(&self.key, value)).await;
        if let Err(StoreError(reason)) = kept {
            self.client.account.transport.tell_of_store("set", reason);
        }
    }

    fn written(&self, done: Option<Done>) -> String {
        let done = done.map(|done| json::object([("id", done.id.into())]));
        let of = self.of.as_str().into();
        json::write(&json::object([("of", of), ("done", done.into())]).into())
    }
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

fn failed(method: &str, StoreError(cause): StoreError) -> Error {
    let message = format!("Nothing was sent: the store failed at `{method}`, and without it nobody can tell what was.");
    Error::caused(ErrorCode::StoreFailed, message, cause)
}

/// A lock of the store, given back when it is dropped.
pub(super) struct Turn {
    client: Client,
    release: Option<Release>,
}

impl Client {
    /// Waits for the turn of all who want the same, in this process and in others.
    pub(super) async fn turn(&self, place: &str, what: &str) -> Result<Turn, Error> {
        let key = format!("{place} lock {}", digest(&[what]));
        let mut pause = FIRST_PAUSE;
        loop {
            let lock = in_time(&self.platform, self.store.lock(&key, LEASE)).await;
            if let Some(release) = lock.map_err(|error| failed("lock", error))? {
                return Ok(Turn {
                    client: self.clone(),
                    release: Some(release),
                });
            }
            self.platform.sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(release) = self.release.take() else { return };
        let (client, released) = (self.client.clone(), release());
        let platform: Rc<dyn Platform> = Rc::clone(&client.platform);
        platform.spawn(Box::pin(async move {
            if let Err(StoreError(reason)) = in_time(&client.platform, released).await {
                client.account.transport.tell_of_store("release", reason);
            }
        }));
    }
}

/// The records of one order: by what is ordered, and by the caller's name for it.
pub(super) struct Journals<'a> {
    order: Journal<'a>,
    id: Option<Journal<'a>>,
}

/// What the records said.
pub(super) struct Seen {
    order: Option<Record>,
    id: Option<Record>,
}

impl Seen {
    fn records(&self) -> impl Iterator<Item = &Record> {
        self.id.iter().chain(&self.order)
    }

    /// It was sent, and nobody knows what came of it.
    pub(super) fn is_sent(&self) -> bool {
        self.records().any(|record| record.done.is_none())
    }

    /// The id that the service gave it.
    pub(super) fn known(&self) -> Option<&str> {
        self.records().find_map(|record| record.done.as_ref()?.id.as_deref())
    }
}

impl<'a> Journals<'a> {
    pub(super) fn of(client: &'a Client, place: &str, wanted: &Wanted, once_id: Option<&str>) -> Self {
        let of_id = |id| Journal::of_id(client, place, id, wanted.digest().to_owned());
        Self {
            order: Journal::of_order(client, place, wanted.digest().to_owned()),
            id: once_id.map(of_id),
        }
    }

    pub(super) async fn read(&self) -> Result<Seen, Error> {
        let id = match &self.id {
            Some(journal) => journal.read().await?,
            None => None,
        };
        Ok(Seen {
            order: self.order.read().await?,
            id,
        })
    }

    pub(super) async fn begin(&self, seen: &Seen) -> Result<bool, Error> {
        let begun = match &self.id {
            Some(journal) => journal.begin(seen.id.as_ref()).await?,
            None => true,
        };
        Ok(self.order.begin(seen.order.as_ref()).await? && begun)
    }

    pub(super) async fn done(&self, id: Option<String>) {
        for journal in self.id.iter().chain([&self.order]) {
            journal.done(id.clone()).await;
        }
    }

    pub(super) async fn forget(&self) {
        for journal in self.id.iter().chain([&self.order]) {
            journal.forget().await;
        }
    }
}
