//! Clients of one key and their limit, with the calls that they make.

use std::{cell::RefCell, rc::Rc, time::Duration};

use futures_util::FutureExt;
use markmonitor_certs::client::{
    Client,
    auth::{Auth, Secret},
    events::{Event, EventKind, WarningCode},
    limiter::{Admission, Change, LogStore, Options, RateLimiter, Seat, Sharing},
    platform::{LocalFuture, Platform},
    store::StoreError,
};
use serde_json::json;

use crate::{
    fixtures::prices,
    memory::Kept,
    world::{API_KEY, PASSWORD, Setup, Started, USERNAME, World, json as reply, password},
};

fn seat(salt: &str) -> Seat {
    Seat {
        origin: "https://api.markmonitor.com".to_owned(),
        service: String::new(),
        salt: salt.to_owned(),
        memory: Box::new(|_| Rc::<Kept>::default()),
        sharing: None,
    }
}

/// A client that shares its limit with all of its key in this process.
pub fn client(world: &World, salt: &str, limit: u32, setup: Setup) -> Client {
    let options = Options {
        limit,
        ..Options::default()
    };
    let platform = Rc::clone(&world.platform) as Rc<dyn Platform>;
    let limiter = RateLimiter::of_process(platform, &options, seat(salt), &setup.auth);
    world.client_over(setup, limiter)
}

fn asking(key: impl Fn() -> String + 'static) -> Auth {
    let key = Rc::new(move || async_ready(key()));
    Auth::Password {
        api_key: Secret::Ask(key),
        username: USERNAME.to_owned(),
        password: Secret::Text(PASSWORD.to_owned()),
        store: None,
    }
}

fn async_ready(key: String) -> LocalFuture<Result<String, String>> {
    async move { Ok(key) }.boxed_local()
}

#[test]
fn two_clients_send_no_more_than_one_would_whether_their_key_is_text_or_a_function() {
    let world = World::new();
    let first = client(&world, "two clients", 100, Setup::default());
    let second = client(&world, "two clients", 100, Setup::auth(asking(|| API_KEY.to_owned())));
    let calls: Vec<_> = (0..300)
        .map(|number| world.start_call(if number % 2 == 0 { &first } else { &second }, prices()))
        .collect();
    world.advance(Duration::from_secs(600));
    assert!(
        calls
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
    assert_eq!(first.limiter().state().throttled, 0, "the service refused none");
    assert_eq!(first.limiter().state(), second.limiter().state());
}

#[test]
fn a_call_that_waited_while_its_key_changed_takes_a_slot_of_the_next_key() {
    let world = World::new();
    world.answer_calls(|_| reply(200, &json!([])));
    let key = Rc::new(RefCell::new("first-key".to_owned()));
    let asked = Rc::clone(&key);
    let changing = client(
        &world,
        "key changes",
        100,
        Setup::auth(asking(move || asked.borrow().clone())),
    );
    world.value(&changing, prices());
    let of_first = client(
        &world,
        "key changes",
        100,
        Setup::auth(asking(|| "first-key".to_owned())),
    );
    world.value(&of_first, prices());
    changing.limiter().pause(Some(Duration::from_secs(5)));
    let call = world.start_call(&changing, prices());
    *key.borrow_mut() = "next-key".to_owned();
    let renewed = changing.clone();
    changing.limiter().resume();
    changing.limiter().pause(Some(Duration::from_secs(3)));
    let renewal = world.start(async move { renewed.authenticate().await.map(drop) });
    world.advance(Duration::from_secs(10));
    assert!(renewal.result().is_some_and(|result| result.is_ok()));
    assert!(call.result().is_some_and(|result| result.is_ok()));
    let sent = world.take_sent();
    let with = |key: &str| sent.iter().filter(|sent| sent.header("x-api-key") == Some(key)).count();
    let used = |client: &Client| usize::try_from(client.limiter().state().used).unwrap();
    assert_eq!(
        (used(&of_first), used(&changing)),
        (with("first-key"), with("next-key"))
    );
    assert!(with("next-key") >= 1);
}

#[test]
fn clients_with_different_limits_are_warned_once_with_their_next_call() {
    let world = World::new();
    let first = client(&world, "warned", 100, Setup::default());
    world.value(&first, prices());
    let hears: fn(EventKind) -> bool = |kind| kind == EventKind::Warning;
    let deaf = client(
        &world,
        "warned",
        50,
        Setup {
            hears: |_| false,
            ..Setup::default()
        },
    );
    let second = client(
        &world,
        "warned",
        100,
        Setup {
            hears,
            ..Setup::default()
        },
    );
    world.take_events();
    for client in [&deaf, &second, &second] {
        world.value(client, prices());
    }
    let events = world.take_events();
    let [Event::Warning(warning)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(warning.code, WarningCode::RateLimitDiffers);
    assert!(warning.message.contains("50 per 60000 ms"), "{}", warning.message);
    assert_eq!(second.limiter().state().limit, 50);
    deaf.close();
    assert_eq!(second.limiter().state().limit, 100, "a closed client binds nobody");
}

struct Broken;

impl LogStore for Broken {
    fn update(&self, _: &str, _: Change) -> LocalFuture<Result<Admission, StoreError>> {
        let cause = format!("refused with {PASSWORD}");
        async move { Err(StoreError(cause)) }.boxed_local()
    }
}

#[test]
fn a_store_that_fails_is_told_with_its_cause_and_without_a_secret() {
    let world = World::new();
    let sharing = Sharing {
        store: Rc::new(Broken),
        key: "key".to_owned(),
        longest_attempt: Duration::from_secs(30),
        processes: 1,
    };
    let platform = Rc::clone(&world.platform) as Rc<dyn Platform>;
    let seat = Seat {
        sharing: Some(sharing),
        ..seat("a store that fails")
    };
    let limiter = RateLimiter::of_process(platform, &Options::default(), seat, &password(PASSWORD));
    let hears: fn(EventKind) -> bool = |kind| kind == EventKind::Warning;
    let setup = Setup {
        hears,
        ..Setup::auth(password(PASSWORD))
    };
    let client = world.client_over(setup, limiter);
    world.value(&client, prices());
    world.value(&client, prices());
    let events = world.take_events();
    let [Event::Warning(warning)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(warning.code, WarningCode::RateLimitStoreFailed);
    assert!(warning.message.contains("refused with ***"), "{}", warning.message);
}

#[test]
fn calls_in_a_pause_that_nobody_can_end_any_more_end_when_the_last_client_of_the_limit_is_closed() {
    let own = |world: &World| world.client();
    let shared = |world: &World| client(world, "closed in a pause", 100, Setup::default());
    for (make, is_shared) in [(&own as &dyn Fn(&World) -> Client, false), (&shared, true)] {
        let world = World::new();
        world.answer_calls(|_| reply(200, &json!([])));
        let (first, second) = (make(&world), make(&world));
        for client in [&first, &second] {
            world.value(client, prices());
        }
        first.limiter().pause(None);
        world.take_sent();
        let calls: Vec<_> = (0..3).map(|_| world.start_call(&first, prices())).collect();
        world.advance(Duration::from_secs(100));
        first.close();
        world.platform.settle();
        let mut results: Vec<_> = calls.iter().map(Started::result).collect();
        if is_shared {
            // The other client may still end it.
            assert!(results.iter().all(Option::is_none));
            second.close();
            world.platform.settle();
            results = calls.iter().map(Started::result).collect();
        }
        for result in results {
            assert_eq!(result.unwrap().err().unwrap().code.as_str(), "closed");
        }
        assert!(world.take_sent().is_empty());
    }
}

#[test]
fn calls_in_a_pause_with_an_end_are_made_although_their_client_was_closed() {
    let world = World::new();
    world.answer_calls(|_| reply(200, &json!([])));
    let client = world.client();
    world.value(&client, prices());
    client.limiter().pause(Some(Duration::from_secs(9)));
    let call = world.start_call(&client, prices());
    client.close();
    world.advance(Duration::from_secs(10));
    assert!(call.result().unwrap().is_ok());
}
