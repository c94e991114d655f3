//! Who may look for an order of a name, and place it.

use core::time::Duration;
use std::rc::Rc;

use api::digest::digest;

use crate::{
    client::Client,
    error::Error,
    platform::Platform,
    store::{Release, StoreError, in_time},
};

/// A process that ends without giving a lock back holds it for as long. It may end too early: what is sent is decided by
/// the record, the lock saves the others a look.
const LEASE: Duration = Duration::from_secs(120);
/// How long to wait for a lock that another has: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A lock of the store, given back when it is dropped.
pub(super) struct NameLock {
    client: Client,
    release: Option<Release>,
}

impl NameLock {
    /// Waits for the lock of all who want the same, in this process and in others.
    pub(super) async fn of(client: &Client, place: &str, what: &str) -> Result<Self, Error> {
        let key = format!("{place} lock {}", digest(&[what]));
        let mut pause = FIRST_PAUSE;
        loop {
            let lock = in_time(&client.platform, client.store.lock(&key, LEASE)).await;
            if let Some(release) = lock.map_err(|error| Error::no_store("lock", error.0))? {
                return Ok(Self {
                    client: client.clone(),
                    release: Some(release),
                });
            }
            client.platform.sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for NameLock {
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
