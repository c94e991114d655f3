//! Time limits: of each attempt from when it is sent, and of the whole call; the error says where the call stood.

use std::time::Duration;

use markmonitor_certs::client::{
    Client, Error,
    error::{ErrorKind, TimeoutPhase as Phase},
    options::{CallOptions, Settings},
};
use serde_json::json;

use crate::{
    call::{Call, request},
    fixtures::class_of,
    virtual_platform::Reply,
    world::{Setup, World, json as reply, lost},
};

const SECOND: Duration = Duration::from_secs(1);

fn call(method: &str) -> Call {
    request(method, "/thing")
}

fn slow_head(latency: Duration) -> Reply {
    reply(200, &json!({})).after(latency)
}

fn slow_body(status: u16, latency: Duration) -> Reply {
    Reply {
        body_latency: latency,
        ..reply(status, &json!({}))
    }
}

fn phase(error: &Error) -> Phase {
    match &error.kind {
        ErrorKind::Timeout { phase, .. } => *phase,
        _ => panic!("{error:?}"),
    }
}

/// A client that holds a token, so that the next call is only itself.
fn ready() -> (World, Client) {
    let world = World::new();
    let client = world.client();
    let asked = client.clone();
    world.answer_calls(|_| reply(200, &json!({})));
    world.run(async move { asked.token().await }).unwrap();
    world.take_sent();
    (world, client)
}

fn within(world: &World, client: &Client, method: &str, total: Duration) -> Error {
    let options = CallOptions {
        total_timeout: Some(total),
        ..CallOptions::default()
    };
    let before = world.now();
    let error = world.call_with(client, call(method), options).map(drop).unwrap_err();
    assert_eq!(world.now() - before, total);
    world.assert_quiet(client);
    error
}

#[test]
fn each_attempt_has_thirty_seconds() {
    let (world, client) = ready();
    world.answer_calls(|_| slow_head(SECOND * 29));
    assert!(world.call(&client, call("GET")).is_ok());
    world.answer_calls(|_| slow_head(SECOND * 31));
    world.take_sent();
    let error = world.error(&client, call("GET"));
    assert_eq!((class_of(&error), phase(&error)), ("TimeoutError", Phase::Response));
    assert!(!error.may_have_been_applied());
    assert_eq!(world.take_sent().len(), 3, "and a GET three attempts");
    world.assert_quiet(&client);
}

#[test]
fn the_time_of_an_attempt_is_an_option_of_the_client_and_of_the_call() {
    let world = World::new();
    let client = world.client_of(Setup::settings(Settings {
        timeout: SECOND * 5,
        max_retries: 0,
        ..Settings::default()
    }));
    world.answer_calls(|_| slow_head(SECOND * 7));
    assert_eq!(phase(&world.error(&client, call("GET"))), Phase::Response);
    let options = CallOptions {
        timeout: Some(SECOND * 10),
        ..CallOptions::default()
    };
    assert!(world.call_with(&client, call("GET"), options).is_ok());
}

#[test]
fn the_time_of_an_attempt_is_that_of_fetching_a_token_too() {
    let world = World::new();
    let client = world.client_of(Setup::settings(Settings {
        timeout: SECOND * 5,
        max_retries: 0,
        ..Settings::default()
    }));
    world.answer(|_| Some(slow_head(SECOND * 7)));
    let error = world.error(&client, call("GET"));
    assert_eq!((phase(&error), error.may_have_been_applied()), (Phase::Token, false));
    assert!(error.message.contains("/auth/authenticate"), "{}", error.message);
    assert_eq!(world.now(), SECOND * 5);
}

#[test]
fn a_body_that_does_not_come_is_given_up_too() {
    let (world, client) = ready();
    world.answer_calls(|_| slow_body(200, SECOND * 31));
    let error = world.error(&client, call("POST"));
    assert_eq!((phase(&error), error.may_have_been_applied()), (Phase::Body, true));
    world.assert_quiet(&client);
}

#[test]
fn the_time_of_an_attempt_covers_head_and_body_together() {
    let (world, client) = ready();
    world.answer_calls(|_| slow_body(200, SECOND * 20).after(SECOND * 20));
    let before = world.now();
    let error = world.error(&client, call("POST"));
    assert_eq!((phase(&error), world.now() - before), (Phase::Body, SECOND * 30));
}

#[test]
fn a_refusal_whose_body_does_not_come_is_a_refusal() {
    let (world, client) = ready();
    world.answer_calls(|_| slow_body(409, SECOND * 31));
    let error = world.error(&client, call("POST"));
    assert_eq!(
        (class_of(&error), error.may_have_been_applied()),
        ("ConflictError", false)
    );
    world.assert_quiet(&client);
}

#[test]
fn waiting_for_a_slot_is_not_part_of_an_attempt() {
    let (world, client) = ready();
    world.answer_calls(|_| slow_head(SECOND));
    client.limiter().pause(Some(SECOND * 300));
    assert!(world.call(&client, call("POST")).is_ok());
    assert!(world.now() > SECOND * 300);
}

#[test]
fn the_whole_call_may_end_in_the_queue() {
    let (world, client) = ready();
    client.limiter().pause(None);
    let error = within(&world, &client, "POST", SECOND * 10);
    assert_eq!((phase(&error), error.may_have_been_applied()), (Phase::Queue, false));
    assert!(
        error.message.contains("10000 ms") && error.message.contains("rate limit"),
        "{}",
        error.message
    );
    assert!(world.take_sent().is_empty());
}

#[test]
fn what_is_made_of_several_calls_says_what_they_waited_for() {
    for (is_paused, expected) in [(true, Phase::Queue), (false, Phase::Response)] {
        let (world, client) = ready();
        world.answer_calls(|_| slow_head(SECOND * 20));
        if is_paused {
            client.limiter().pause(None);
        }
        let options = CallOptions {
            total_timeout: Some(SECOND * 10),
            ..CallOptions::default()
        };
        let error = world.run(async move {
            let work = Box::pin(client.call(call("GET").request(), CallOptions::default()));
            client.in_time("The work", options, work).await.map(drop).unwrap_err()
        });
        assert_eq!((phase(&error), error.may_have_been_applied()), (expected, false));
    }
}

#[test]
fn the_whole_call_may_end_while_the_token_is_fetched() {
    let world = World::new();
    let client = world.client();
    world.answer(|_| Some(slow_head(SECOND * 20)));
    let options = CallOptions {
        total_timeout: Some(SECOND * 10),
        ..CallOptions::default()
    };
    let error = world.call_with(&client, call("POST"), options).map(drop).unwrap_err();
    assert_eq!((phase(&error), error.may_have_been_applied()), (Phase::Token, false));
    world.advance(SECOND * 60);
    world.assert_quiet(&client);
}

#[test]
fn the_whole_call_may_end_in_flight_or_in_the_body() {
    let (world, client) = ready();
    for (method, applied) in [("GET", false), ("POST", true), ("DELETE", true)] {
        world.answer_calls(|_| slow_head(SECOND * 20));
        let error = within(&world, &client, method, SECOND * 10);
        assert_eq!(
            (phase(&error), error.may_have_been_applied()),
            (Phase::Response, applied),
            "{method}"
        );
        world.answer_calls(|_| slow_body(200, SECOND * 20));
        let error = within(&world, &client, method, SECOND * 10);
        assert_eq!(
            (phase(&error), error.may_have_been_applied()),
            (Phase::Body, applied),
            "{method}"
        );
    }
}

#[test]
fn the_whole_call_may_end_before_the_next_attempt() {
    for status in [503, 429] {
        let (world, client) = ready();
        world.answer_calls(move |_| reply(status, &json!({})).header("retry-after", "60"));
        let error = within(&world, &client, "GET", SECOND * 10);
        assert_eq!(
            (phase(&error), error.may_have_been_applied()),
            (Phase::Backoff, false),
            "{status}"
        );
    }
}

#[test]
fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let (world, client) = ready();
    let mut first = true;
    world.answer_calls(move |_| {
        if core::mem::take(&mut first) {
            lost()
        } else {
            reply(503, &json!({})).header("retry-after", "60")
        }
    });
    let error = within(&world, &client, "DELETE", SECOND * 10);
    assert_eq!((phase(&error), error.may_have_been_applied()), (Phase::Backoff, true));
}

#[test]
fn the_time_of_the_whole_call_is_an_option_of_the_client_too() {
    let world = World::new();
    let client = world.client_of(Setup::settings(Settings {
        total_timeout: Some(SECOND * 3),
        ..Settings::default()
    }));
    world.answer_calls(|_| slow_head(SECOND * 7));
    assert_eq!(phase(&world.error(&client, call("GET"))), Phase::Response);
    assert_eq!(world.now(), SECOND * 3);
}

#[test]
fn waiting_for_a_token_alone_is_bounded_and_the_fetch_goes_on_for_the_next_who_asks() {
    let world = World::new();
    let client = world.client();
    world.answer(|_| Some(reply(200, &json!({ "token": "late", "expiresIn": 5400 })).after(SECOND * 20)));
    let options = CallOptions {
        total_timeout: Some(SECOND * 10),
        ..CallOptions::default()
    };
    let asked = client.clone();
    let error = world
        .run(async move {
            asked
                .in_time("Fetching the token", options, Box::pin(asked.token()))
                .await
        })
        .unwrap_err();
    assert_eq!((phase(&error), error.may_have_been_applied()), (Phase::Token, false));
    assert_eq!(world.run(async move { client.token().await }).unwrap(), "late");
    assert_eq!(world.take_sent().len(), 1);
}
