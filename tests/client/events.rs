//! What a client tells of its work, in its order.

use std::time::Duration;

use markmonitor_certs::client::events::{Event, EventKind, TokenChange, TokenEvent};
use serde_json::json;

use crate::{
    fixtures::{NO_ID, get_order, prices},
    world::{AUTH, CERTS, Setup, World, json as reply, lost},
};

/// An event in a few words.
fn words(event: &Event) -> String {
    let short = |url: &str| url.replace(AUTH, "").replace(CERTS, "");
    match event {
        Event::Request(sent) => format!("request {} {} {}", sent.method, short(&sent.url), sent.attempt),
        Event::Response(info) => format!("response {} {} {}", info.status, short(&info.url), info.attempts),
        Event::Retry(retry) => format!("retry {} {}", retry.attempt, retry.reason.split(':').next().unwrap()),
        Event::Throttled(wait) => format!("throttled {}", wait.queued),
        Event::Token(token) => format!("token {:?}", token.kind),
        Event::Warning(warning) => format!("warning {:?}", warning.code),
        Event::Store(store) => format!("store {} {}", store.method, store.reason),
        Event::Session(session) => format!("session {:?}", session.kind),
    }
}

fn told(world: &World) -> Vec<String> {
    world.take_events().iter().map(words).collect()
}

#[test]
fn a_first_call_tells_of_its_token_and_itself() {
    let world = World::new();
    let client = world.client();
    world.value(&client, prices());
    assert_eq!(
        told(&world),
        [
            "request POST /auth/authenticate 1",
            "response 200 /auth/authenticate 1",
            "token Authenticated",
            "request GET /order/prices 1",
            "response 200 /order/prices 1",
        ]
    );
}

#[test]
fn a_retry_tells_why_and_when() {
    let world = World::new();
    let client = world.client();
    let mut number = 0;
    world.answer_calls(move |_| {
        number += 1;
        match number {
            1 => reply(503, &json!({})).header("retry-after", "3"),
            2 => lost(),
            _ => reply(200, &json!([])),
        }
    });
    world.value(&client, prices());
    let events = world.take_events();
    let delays: Vec<f64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Retry(retry) => Some(retry.delay_ms),
            _ => None,
        })
        .collect();
    assert!(
        (delays[0] - 3000.0).abs() < f64::EPSILON && delays[1] < 1000.0,
        "{delays:?}"
    );
    assert_eq!(
        events.iter().skip(3).map(words).collect::<Vec<_>>(),
        [
            "request GET /order/prices 1",
            "retry 1 the service answered 503",
            "request GET /order/prices 2",
            "retry 2 GET https",
            "request GET /order/prices 3",
            "response 200 /order/prices 3",
        ]
    );
}

#[test]
fn a_refusal_tells_of_its_response() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(404, &json!({})));
    world.error(&client, get_order());
    let last = told(&world).pop().unwrap();
    assert_eq!(last, format!("response 404 /order/{NO_ID} 1"));
}

#[test]
fn a_renewal_tells_of_itself() {
    let world = World::new();
    let client = world.client();
    world.value(&client, prices());
    world.advance(Duration::from_secs(90 * 60 - 20));
    world.take_events();
    world.value(&client, prices());
    let refreshed = Event::Token(TokenEvent {
        kind: TokenChange::Refreshed,
    });
    assert!(world.take_events().contains(&refreshed));
}

#[test]
fn waiting_for_the_limit_is_told_with_the_wait_and_the_queue() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    world.value(&client, prices());
    client.limiter().pause(Some(Duration::from_secs(9)));
    world.take_events();
    let calls: Vec<_> = (0..2).map(|_| world.start_call(&client, prices())).collect();
    let waits: Vec<_> = world
        .take_events()
        .into_iter()
        .map(|event| match event {
            Event::Throttled(wait) => (wait.wait_ms, wait.queued),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(waits, [(9000.0, 1), (9000.0, 2)]);
    world.advance(Duration::from_secs(10));
    assert!(calls.iter().all(|call| call.result().is_some()));
    let Some(Event::Response(info)) = world.take_events().pop() else {
        panic!("a response")
    };
    assert!(
        info.queued_ms >= 9000.0 && info.duration_ms >= info.queued_ms,
        "{info:?}"
    );
}

#[test]
fn a_reply_says_how_it_was_answered() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| {
        reply(200, &json!([]))
            .header("x-request-id", "r-1")
            .header("set-cookie", "a=b")
    });
    let info = world.call(&client, prices()).unwrap().info;
    assert_eq!((info.status, info.method, info.attempts), (200, "GET", 1));
    assert_eq!(info.request_id.as_deref(), Some("r-1"));
    assert!(info.headers.iter().all(|(name, _)| name != "set-cookie"));
    assert!(
        (info.duration_ms - 100.0).abs() < 1.0,
        "with the token's flight: {}",
        info.duration_ms
    );
}

#[test]
fn each_event_of_a_request_names_the_operation() {
    let world = World::new();
    let client = world.client();
    let mut failed = false;
    world.answer_calls(move |_| {
        reply(
            if core::mem::replace(&mut failed, true) {
                200
            } else {
                503
            },
            &json!([]),
        )
    });
    let info = world.call(&client, prices()).unwrap().info;
    assert_eq!(info.operation, "orders.prices");
    world.value(&client, crate::call::request("GET", "/order/prices"));
    let named: Vec<&str> = world
        .take_events()
        .iter()
        .filter_map(|event| match event {
            Event::Request(sent) => Some(sent.operation),
            Event::Retry(retry) => Some(retry.operation),
            Event::Response(info) => Some(info.operation),
            Event::Throttled(_) | Event::Token(_) | Event::Warning(_) | Event::Store(_) | Event::Session(_) => None,
        })
        .collect();
    let (token, prices) = ("tokens.authenticate", "orders.prices");
    assert_eq!(
        named,
        [token, token, prices, prices, prices, prices, "request", "request"]
    );
}

/// A call with all kinds of events on the way, of a client whose listener hears these.
fn heard(hears: fn(EventKind) -> bool) -> Vec<String> {
    let world = World::new();
    let client = world.client_of(Setup {
        hears,
        ..Setup::default()
    });
    let mut number = 0;
    world.answer_calls(move |_| {
        number += 1;
        reply(if number == 1 { 503 } else { 200 }, &json!([]))
    });
    client.limiter().pause(Some(Duration::from_secs(1)));
    world.value(&client, prices());
    told(&world)
}

#[test]
fn only_what_somebody_listens_to_is_told() {
    let all = heard(|_| true);
    for (name, kind) in [
        ("request", (|kind| kind == EventKind::Request) as fn(EventKind) -> bool),
        ("response", |kind| kind == EventKind::Response),
        ("retry", |kind| kind == EventKind::Retry),
        ("throttled", |kind| kind == EventKind::Throttled),
        ("token", |kind| kind == EventKind::Token),
    ] {
        let of_kind: Vec<&String> = all.iter().filter(|words| words.starts_with(name)).collect();
        assert!(!of_kind.is_empty(), "{name} is among {all:?}");
        assert_eq!(heard(kind).iter().collect::<Vec<_>>(), of_kind);
    }
    assert_eq!(heard(|_| false), [] as [&str; 0]);
}

#[test]
fn listeners_know_the_events_by_these_names() {
    let kinds = [
        EventKind::Request,
        EventKind::Response,
        EventKind::Retry,
        EventKind::Throttled,
        EventKind::Token,
        EventKind::Warning,
    ];
    assert_eq!(
        kinds.map(EventKind::name),
        ["request", "response", "retry", "throttled", "token", "warning"]
    );
}
