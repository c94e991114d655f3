//! A store that does what it was asked whether or not anybody still waits: what was not sent is not remembered as sent.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use markmonitor_certs::client::{
    Client, Error,
    options::CallOptions,
    platform::{LocalFuture, Platform},
    store::{MemoryStore, Release, Replace, Store, StoreError},
};
use serde_json::json;

use crate::{
    call::call,
    fixtures::{NO_ID, create_once},
    virtual_platform::VirtualPlatform,
    world::{World, json as reply},
};

/// A store whose next `update` takes its time before it calls its function, and after that before it has written.
struct Slow {
    store: MemoryStore,
    platform: Rc<VirtualPlatform>,
    next: Cell<(Duration, Duration)>,
}

impl Store for Slow {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        self.store.get(key)
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.store.set(key, value)
    }

    fn update(&self, key: &str, mut replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        let (before, after) = self.next.take();
        if (before, after) == Default::default() {
            return self.store.update(key, replace);
        }
        let (store, platform, key) = (self.store.clone(), Rc::clone(&self.platform), key.to_owned());
        let result = Rc::new(RefCell::new(None));
        let written = Rc::clone(&result);
        self.platform.spawn(Box::pin(async move {
            platform.sleep(before).await;
            let value = store.get(&key).await.unwrap();
            let value = replace(value);
            platform.sleep(after).await;
            written.replace(Some(store.set(&key, value).await));
        }));
        let platform = Rc::clone(&self.platform);
        Box::pin(async move {
            loop {
                if let Some(result) = result.take() {
                    return result;
                }
                platform.sleep(Duration::from_millis(10)).await;
            }
        })
    }

    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        self.store.lock(key, lease)
    }
}

/// Makes one change, as a process of its own.
type Change = fn(Client) -> LocalFuture<Result<(), Error>>;

fn order(client: Client) -> LocalFuture<Result<(), Error>> {
    let wanted = json!({ "organizationId": NO_ID, "cert": { "commonName": "a.example", "csr": "X" } });
    Box::pin(async move { create_once(client, wanted).await.map(drop) })
}

fn named(client: Client) -> LocalFuture<Result<(), Error>> {
    let (request, id) = (
        call("orders.create").body(json!({})).request(),
        Some("an order".to_owned()),
    );
    Box::pin(async move { client.call_once(request, CallOptions::default(), id).await.map(drop) })
}

#[test]
fn what_was_given_up_while_the_store_wrote_is_made_the_next_time() {
    let spans = [0, 2, 8].map(Duration::from_secs);
    for change in [order as Change, named] {
        for (before, after) in spans.into_iter().flat_map(|before| spans.map(|after| (before, after))) {
            // Given up so early, or by the client's own patience with stores.
            for given_up_after in [1, 3, 60].map(Duration::from_secs) {
                let is_early = given_up_after < before + after;
                let world = World::new();
                world.answer_calls(|sent| {
                    let is_list = sent.method == "GET" && sent.path.ends_with("/order");
                    let list = json!({ "content": [], "page": { "totalPages": 0 } });
                    reply(200, &if is_list { list } else { json!({ "id": NO_ID }) })
                });
                let platform = Rc::clone(&world.platform);
                let slow = Rc::new(Slow {
                    store: MemoryStore::new(Rc::<VirtualPlatform>::clone(&platform) as Rc<dyn Platform>),
                    platform,
                    next: Cell::new((before, after)),
                });
                let process = || world.client().with_store(Rc::<Slow>::clone(&slow), "");
                let first = world.start(change(process()));
                world.advance(given_up_after);
                if is_early && given_up_after < Duration::from_secs(5) {
                    first.give_up(&world);
                }
                world.advance(Duration::from_secs(30));
                let again = world.run(change(process()));
                assert!(again.is_ok(), "{before:?} {after:?} {given_up_after:?}: {again:?}");
                let creations = world
                    .take_lines()
                    .into_iter()
                    .filter(|line| line == "POST /certs/v1/order");
                assert_eq!(creations.count(), 1, "{before:?} {after:?} {given_up_after:?}");
            }
        }
    }
}
