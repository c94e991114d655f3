//! Limits: of a reply's size, and of the rate where there is none.

use std::time::Duration;

use markmonitor_certs::client::{Client, auth::Auth, error::ErrorKind, limiter, options::Settings};
use serde_json::{Value, json};

use crate::{
    call::{Call, call, request},
    fixtures::{NO_ID, body_of, class_of, get_order, kind_of, prices, refusal_of},
    virtual_platform::Reply,
    world::{Setup, World, json as reply},
};

const LIMIT: u64 = 1000;

fn of_bytes(length: u64) -> String {
    let frame = json!({ "text": "" }).to_string().len();
    json!({ "text": "x".repeat(usize::try_from(length).unwrap() - frame) }).to_string()
}

/// A client that takes replies of so many bytes, of a service that answers like this.
fn strict(answer: impl Fn() -> Reply + 'static) -> (World, Client) {
    let world = World::new();
    let client = world.client_of(Setup::settings(Settings {
        max_reply_bytes: LIMIT,
        ..Settings::default()
    }));
    world.answer_calls(move |_| answer());
    (world, client)
}

fn calls(world: &World) -> usize {
    world.take_sent().iter().filter(|sent| !sent.is_auth()).count()
}

#[test]
fn a_reply_of_the_largest_size_is_read_and_a_larger_one_is_not() {
    let (world, client) = strict(|| Reply::new(200, of_bytes(LIMIT)));
    assert_eq!(world.value(&client, get_order()).to_string(), of_bytes(LIMIT));
    let (world, client) = strict(|| Reply::new(200, of_bytes(LIMIT + 1)));
    for call in [
        get_order(),
        call("orders.download").id(NO_ID),
        call("contacts.delete").id(NO_ID),
        request("GET", "/thing"),
        call("orders.list"),
    ] {
        world.take_sent();
        let error = world.error(&client, call);
        assert_eq!(kind_of(&error), ("DecodeError", "reply_too_large"));
        assert_eq!(error.status(), Some(200));
        for words in ["larger than 1000 bytes", "`maxReplyBytes`", "status 200"] {
            assert!(error.message.contains(words), "{}", error.message);
        }
        let ErrorKind::Decode { body_text, path, .. } = &error.kind else {
            panic!("{error:?}")
        };
        assert_eq!((body_text.as_str(), path), ("", &None));
        assert_eq!(calls(&world), 1, "it would be as large again");
    }
    world.assert_quiet(&client);
}

#[test]
fn a_call_whose_reply_is_too_large_has_done_what_it_was_asked() {
    let (world, client) = strict(|| Reply::new(202, of_bytes(LIMIT + 1)));
    let error = world.error(&client, call("orders.create").body(json!({})));
    assert_eq!((error.code.as_str(), error.status()), ("reply_too_large", Some(202)));
    assert!(error.may_have_been_applied());
    assert_eq!(calls(&world), 1);
}

#[test]
fn a_refusal_counts_although_its_body_is_too_large() {
    for (status, class) in [
        (400, "BadRequestError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (500, "ServerError"),
    ] {
        let (world, client) = strict(move || Reply::new(status, of_bytes(LIMIT + 1)).header("x-request-id", "r-1"));
        let error = world.error(&client, get_order());
        assert_eq!((class_of(&error), error.status()), (class, Some(status)));
        let refusal = refusal_of(&error);
        assert_eq!((refusal.problems.len(), body_of(refusal)), (0, Value::from("")));
        assert_eq!(refusal.request_id.as_deref(), Some("r-1"));
        assert_eq!(calls(&world), 1);
    }
    let (world, client) = strict(|| Reply::new(503, of_bytes(LIMIT + 1)));
    assert_eq!(class_of(&world.error(&client, get_order())), "ServerError");
    assert_eq!(calls(&world), 3, "repeated as one whose body can be read");
}

#[test]
fn a_token_whose_reply_is_too_large_fails_the_call() {
    let (world, client) = strict(|| reply(200, &json!({})));
    world.answer(|_| Some(Reply::new(200, of_bytes(LIMIT + 1))));
    let error = world.error(&client, get_order());
    assert_eq!(kind_of(&error), ("DecodeError", "reply_too_large"));
    assert!(error.message.contains("/auth/authenticate"), "{}", error.message);
}

#[test]
fn the_largest_size_is_64_mb_unless_an_option_says_otherwise() {
    let world = World::new();
    let limit_of = |client: &Client| client.prepare(get_order().request()).unwrap().limit;
    let client = world.client();
    assert_eq!(limit_of(&client), 67_108_864);
    let other = client.with_settings(
        Settings {
            max_reply_bytes: 5,
            ..Settings::default()
        },
        None,
    );
    assert_eq!((limit_of(&other), limit_of(&client)), (5, 67_108_864));
}

#[test]
fn without_a_rate_limit_calls_go_at_once_and_nothing_is_counted() {
    let world = World::new();
    let setup = Setup {
        limit: limiter::Options::unlimited(),
        ..Setup::auth(Auth::Proxy)
    };
    let memory = std::rc::Rc::clone(&setup.memory);
    let client = world.client_of(setup);
    world.answer_calls(|_| reply(200, &json!([])));
    let calls: Vec<_> = (0..300).map(|_| world.start_call(&client, prices())).collect();
    assert_eq!(
        client.limiter().state().in_flight,
        300,
        "more than the service lets through"
    );
    world.advance(Duration::from_secs(1));
    assert!(
        calls
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
    let state = client.limiter().state();
    assert_eq!((state.used, state.in_flight, state.limit), (0, 0, u32::MAX));
    assert_eq!(memory.log_length(), 0);
    assert_eq!(world.now(), Duration::from_secs(1));
}

#[test]
fn a_call_of_any_kind_of_reply_may_be_empty_only_where_nothing_is_expected() {
    for (call, is_ok) in [
        (call("contacts.delete").id(NO_ID), true),
        (request("POST", "/thing"), true),
        (get_order(), false),
        (prices(), false),
        (call("orders.list"), true),
        (call("orders.download").id(NO_ID), false),
    ] {
        let is_ok_with = |status, call: Call| {
            let (world, client) = strict(move || Reply::new(status, ""));
            world.call(&client, call).is_ok()
        };
        assert_eq!(is_ok_with(204, call.clone()), is_ok);
        assert_eq!(is_ok_with(200, call), is_ok);
    }
}
