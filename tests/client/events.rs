//! What a client tells of its work, in its order.

use std::time::Duration;

use markmonitor_certs::{
    api::orders::{GetOrder, ListPrices},
    client::events::{Event, TokenEvent},
};
use serde_json::json;

use crate::{
    fixtures::NO_ID,
    world::{AUTH, CERTS, World, json as reply, lost},
};

/// An event in a few words.
fn words(event: &Event) -> String {
    let short = |url: &str| url.replace(AUTH, "").replace(CERTS, "");
    match event {
        Event::Request { method, url, attempt } => format!("request {method} {} {attempt}", short(url)),
        Event::Response(info) => format!("response {} {} {}", info.status, short(&info.url), info.attempts),
        Event::Retry { attempt, reason, .. } => format!("retry {attempt} {}", reason.split(':').next().unwrap()),
        Event::Throttled { queued, .. } => format!("throttled {queued}"),
        Event::Token { kind } => format!("token {kind:?}"),
    }
}

fn told(world: &World) -> Vec<String> {
    world.take_events().iter().map(words).collect()
}

#[test]
fn a_first_call_tells_of_its_token_and_itself() {
    let world = World::new();
    let client = world.client();
    world.value(&client, ListPrices {});
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
    world.value(&client, ListPrices {});
    let events = world.take_events();
    let delays: Vec<f64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Retry { delay_ms, .. } => Some(*delay_ms),
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
    world.call(&client, GetOrder { id: NO_ID.into() }).unwrap_err();
    let last = told(&world).pop().unwrap();
    assert_eq!(last, format!("response 404 /order/{NO_ID} 1"));
}

#[test]
fn a_renewal_tells_of_itself() {
    let world = World::new();
    let client = world.client();
    world.value(&client, ListPrices {});
    world.advance(Duration::from_secs(90 * 60 - 20));
    world.take_events();
    world.value(&client, ListPrices {});
    let refreshed = Event::Token {
        kind: TokenEvent::Refreshed,
    };
    assert!(world.take_events().contains(&refreshed));
}

#[test]
fn waiting_for_the_limit_is_told_with_the_wait_and_the_queue() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    world.value(&client, ListPrices {});
    client.limiter().pause(Some(Duration::from_secs(9)));
    world.take_events();
    let calls: Vec<_> = (0..2).map(|_| world.start_call(&client, ListPrices {})).collect();
    let waits: Vec<_> = world
        .take_events()
        .into_iter()
        .map(|event| match event {
            Event::Throttled { wait_ms, queued } => (wait_ms, queued),
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
    let info = world.call(&client, ListPrices {}).unwrap().info;
    assert_eq!((info.status, info.method, info.attempts), (200, "GET", 1));
    assert_eq!(info.request_id.as_deref(), Some("r-1"));
    assert!(info.headers.iter().all(|(name, _)| name != "set-cookie"));
    assert!(
        (info.duration_ms - 100.0).abs() < 1.0,
        "with the token's flight: {}",
        info.duration_ms
    );
}
