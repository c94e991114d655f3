//! A store that does what it was asked whether or not anybody still waits: what was not sent is not remembered as sent.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::FutureExt;
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
    world::{World, json as reply, lost},
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

/// How an `update` of a store fails that has called its function.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// It has written nothing.
    Unwritten,
    /// It has written.
    Written,
    /// It has written and does not know it: it calls its function again, with what is there now.
    Repeated,
}

/// A store, one `update` of which fails.
struct Failing {
    store: MemoryStore,
    updates: Cell<u32>,
    /// Which, and how.
    fails: (u32, Failure),
    platform: Rc<VirtualPlatform>,
}

impl Failing {
    fn new(world: &World, fails: (u32, Failure)) -> Rc<Self> {
        Rc::new(Self {
            store: MemoryStore::new(Rc::<VirtualPlatform>::clone(&world.platform) as Rc<dyn Platform>),
            updates: Cell::default(),
            fails,
            platform: Rc::clone(&world.platform),
        })
    }
}

impl Store for Failing {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        self.store.get(key)
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.store.set(key, value)
    }

    fn update(&self, key: &str, mut replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        self.updates.set(self.updates.get() + 1);
        if self.updates.get() != self.fails.0 {
            return self.store.update(key, replace);
        }
        let value = self.store.get(key).now_or_never().unwrap().unwrap();
        let value = replace(value);
        match self.fails.1 {
            Failure::Unwritten => {}
            Failure::Written => drop(self.store.set(key, value)),
            Failure::Repeated => {
                drop(self.store.set(key, value));
                return self.store.update(key, replace);
            }
        }
        let noticed = self.platform.sleep(Duration::from_secs(1));
        Box::pin(noticed.map(|()| Err(StoreError("the connection was lost".into()))))
    }

    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        self.store.lock(key, lease)
    }
}

/// A service that makes what it is asked to, and says so or not.
fn answering(world: &World, loses: impl Fn(usize) -> bool + 'static) {
    let mut posts = 0;
    world.answer_calls(move |sent| {
        let is_list = sent.method == "GET" && sent.path.ends_with("/order");
        let list = json!({ "content": [], "page": { "totalPages": 0 } });
        posts += usize::from(sent.method == "POST");
        if sent.method == "POST" && loses(posts) {
            return lost();
        }
        reply(200, &if is_list { list } else { json!({ "id": NO_ID }) })
    });
}

fn creations(world: &World) -> usize {
    let lines = world.take_lines();
    lines.iter().filter(|line| *line == "POST /certs/v1/order").count()
}

#[test]
fn what_the_store_failed_to_remember_was_not_sent_and_is_made_the_next_time() {
    for change in [order as Change, named] {
        for failure in [Failure::Unwritten, Failure::Written, Failure::Repeated] {
            let world = World::new();
            answering(&world, |_| false);
            let store = Failing::new(&world, (1, failure));
            let process = || world.client().with_store(Rc::<Failing>::clone(&store), "");
            let first = world.run(change(process()));
            let again = world.run(change(process()));
            assert_eq!(
                first.is_ok(),
                matches!(failure, Failure::Repeated),
                "{failure:?}: {first:?}"
            );
            assert!(again.is_ok(), "{failure:?}: {again:?}");
            assert_eq!(creations(&world), 1, "{failure:?}");
        }
    }
}

#[test]
fn what_another_process_has_sent_meanwhile_stays_remembered_when_the_store_fails() {
    let world = World::new();
    answering(&world, |posts| posts == 1);
    let store = Failing::new(&world, (1, Failure::Unwritten));
    let process = || world.client().with_store(Rc::<Failing>::clone(&store), "");
    let first = world.start(named(process()));
    let others = world.run(named(process()));
    assert!(others.unwrap_err().may_have_been_applied());
    world.advance(Duration::from_secs(2));
    assert_eq!(first.result().unwrap().unwrap_err().code.as_str(), "store_failed");
    let again = world.run(named(process()));
    assert_eq!(again.unwrap_err().code.as_str(), "outcome_unknown");
    assert_eq!(creations(&world), 1);
}
