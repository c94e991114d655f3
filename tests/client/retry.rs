//! What is sent again and what never is: an order costs money, and the service knows no idempotency key.

use std::{cell::Cell, rc::Rc, time::Duration};

use markmonitor_certs::client::{
    Client, Error,
    events::Event,
    limiter,
    options::{CallOptions, Settings},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    call::{Call, call as operation, request},
    fixtures::{NO_ID, class_of, json_of, refusal_of},
    virtual_platform::Reply,
    world::{Setup, World, broken_body, json as reply, lost, refused_connection},
};

/// How one attempt ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Status(u16),
    Lost,
    Unsent,
    TooLate,
    BrokenBody,
}

use Ending::{BrokenBody, Lost, Status, TooLate, Unsent};

impl Ending {
    fn reply(self) -> Reply {
        match self {
            Status(status) => reply(status, &json!({})),
            Lost => lost(),
            Unsent => refused_connection(),
            TooLate => reply(200, &json!({})).after(Duration::from_secs(3600)),
            BrokenBody => broken_body(reply(200, &json!({}))),
        }
    }

    /// Whether the service may have done what was asked, and the caller cannot know.
    fn is_unknown(self) -> bool {
        match self {
            Status(status) => status == 408 || status >= 500,
            Lost | TooLate | BrokenBody => true,
            Unsent => false,
        }
    }
}

fn call(method: &str) -> Call {
    request(method, "/thing")
}

/// As docs/guides/failures.md says it.
#[test]
fn every_status_is_repeated_or_not_and_says_what_became_of_a_change() {
    for status in (300..600).filter(|status| ![401, 429].contains(status)) {
        for method in ["GET", "DELETE", "POST", "PATCH"] {
            let (result, attempts) = attempt(method, &[Status(status)]);
            let error = result.unwrap_err();
            let is_safe = ["GET", "DELETE"].contains(&method);
            let repeated = is_safe && matches!(status, 408 | 425 | 502..=504 | 520..);
            assert_eq!(attempts, if repeated { 3 } else { 1 }, "{method} {status}");
            let class = match status {
                400 => "BadRequestError",
                403 => "PermissionDeniedError",
                404 => "NotFoundError",
                409 => "ConflictError",
                500.. => "ServerError",
                _ => "ApiError",
            };
            assert_eq!(class_of(&error), class, "{method} {status}");
            let is_unknown = matches!(status, 300..=306 | 408 | 460 | 499 | 500..);
            assert_eq!(
                error.may_have_been_applied(),
                method != "GET" && is_unknown,
                "{method} {status}"
            );
        }
    }
}

/// A call against attempts that end like this, the last one again and again. Gives the result and the attempts made.
fn attempt(method: &str, endings: &[Ending]) -> (Result<Value, Error>, usize) {
    let world = World::new();
    let client = world.client();
    attempt_in(&world, &client, method, endings)
}

fn attempt_in(world: &World, client: &Client, method: &str, endings: &[Ending]) -> (Result<Value, Error>, usize) {
    let (endings, made) = (endings.to_vec(), Rc::new(Cell::new(0)));
    let count = Rc::clone(&made);
    world.answer_calls(move |_| {
        let ending = endings.get(count.get()).or(endings.last()).copied().expect("an ending");
        count.set(count.get() + 1);
        ending.reply()
    });
    let result = world.call(client, call(method)).map(|reply| json_of(&reply.body));
    world.assert_quiet(client);
    (result, made.get())
}

#[test]
fn a_get_or_delete_is_sent_twice_more_when_that_can_help() {
    for method in ["GET", "DELETE"] {
        for ending in [
            Lost,
            Unsent,
            TooLate,
            BrokenBody,
            Status(408),
            Status(502),
            Status(503),
            Status(504),
            Status(429),
        ] {
            let (result, attempts) = attempt(method, &[ending]);
            assert!(result.is_err(), "{method} {ending:?}");
            assert_eq!(attempts, 3, "{method} {ending:?}");
            let (result, attempts) = attempt(method, &[ending, ending, Status(200)]);
            assert!(result.is_ok(), "{method} {ending:?}");
            assert_eq!(attempts, 3, "{method} {ending:?}");
        }
    }
}

#[test]
fn nothing_is_sent_again_when_that_cannot_help() {
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        for status in [400, 403, 404, 405, 409, 413, 415, 422, 500, 501] {
            let (result, attempts) = attempt(method, &[Status(status)]);
            assert_eq!((result.unwrap_err().status(), attempts), (Some(status), 1), "{method}");
        }
    }
}

#[test]
fn a_post_or_patch_of_unknown_outcome_is_sent_once_and_says_so() {
    for method in ["POST", "PATCH"] {
        for ending in [
            Lost,
            TooLate,
            BrokenBody,
            Status(408),
            Status(500),
            Status(502),
            Status(503),
            Status(504),
        ] {
            let (result, attempts) = attempt(method, &[ending]);
            let error = result.unwrap_err();
            assert_eq!(attempts, 1, "{method} {ending:?}");
            assert!(error.may_have_been_applied(), "{method} {ending:?}");
            assert!(error.message.contains("look before you repeat"), "{}", error.message);
        }
    }
}

#[test]
fn what_an_earlier_attempt_may_have_done_is_said_whatever_the_last_one_says() {
    for last in [Unsent, Status(429), Status(409), TooLate] {
        let (result, _) = attempt("DELETE", &[Lost, last]);
        assert!(result.unwrap_err().may_have_been_applied(), "{last:?}");
    }
}

#[test]
fn every_method_is_sent_again_when_nothing_was_done() {
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        for ending in [Status(429), Unsent] {
            let (result, attempts) = attempt(method, &[ending, Status(200)]);
            assert!(result.is_ok() && attempts == 2, "{method} {ending:?}");
            let (result, attempts) = attempt(method, &[ending]);
            let error = result.unwrap_err();
            assert!(attempts == 3 && !error.may_have_been_applied(), "{method} {ending:?}");
        }
    }
}

#[test]
fn a_second_delete_that_finds_nothing_has_done_its_work() {
    assert!(attempt("DELETE", &[Lost, Status(404)]).0.is_ok());
    assert!(attempt("DELETE", &[Status(503), Status(404)]).0.is_ok());
    assert_eq!(
        class_of(&attempt("DELETE", &[Status(404)]).0.unwrap_err()),
        "NotFoundError"
    );
    assert_eq!(
        class_of(&attempt("GET", &[Lost, Status(404)]).0.unwrap_err()),
        "NotFoundError"
    );
}

#[test]
fn the_words_of_what_a_second_delete_does_not_find_are_no_failure() {
    let words = json!({ "errors": [{ "code": "NOT_FOUND", "message": "There is no such contact." }] });
    for body in [words, json!("Not found"), json!({})] {
        let world = World::new();
        let client = world.client();
        let made = Rc::new(Cell::new(0));
        world.answer_calls(move |_| {
            made.set(made.get() + 1);
            if made.get() == 1 { lost() } else { reply(404, &body) }
        });
        let deletion = world.call(&client, operation("contacts.delete").id(NO_ID));
        assert_eq!(json_of(&deletion.unwrap().body), Value::Null);
    }
}

#[test]
fn a_second_delete_after_one_that_did_nothing_has_done_nothing_either() {
    for before in [Unsent, Status(429)] {
        assert_eq!(
            class_of(&attempt("DELETE", &[before, Status(404)]).0.unwrap_err()),
            "NotFoundError",
            "{before:?}"
        );
    }
}

#[test]
fn the_number_of_retries_is_an_option() {
    for retries in [0, 1, 5] {
        let world = World::new();
        let client = world.client_of(Setup::settings(Settings {
            max_retries: retries,
            ..Settings::default()
        }));
        let (_, attempts) = attempt_in(&world, &client, "GET", &[Lost]);
        assert_eq!(attempts, retries as usize + 1);
        world.answer_calls(|_| lost());
        world.take_sent();
        let options = CallOptions {
            max_retries: Some(1),
            ..CallOptions::default()
        };
        assert!(world.call_with(&client, call("GET"), options).is_err());
        assert_eq!(world.take_sent().len(), 2, "the call's own option comes first");
    }
}

#[test]
fn delays_are_jittered_from_nothing_to_half_a_second_then_a_second() {
    let world = World::new();
    let client = world.client();
    let mut delays = Vec::new();
    for _ in 0..50 {
        assert!(attempt_in(&world, &client, "GET", &[Status(503)]).0.is_err());
        let told = world.take_events().into_iter().filter_map(|event| match event {
            Event::Retry(retry) => Some(retry.delay_ms),
            _ => None,
        });
        let told: Vec<f64> = told.collect();
        assert_eq!(told.len(), 2);
        delays.push((told[0], told[1]));
        world.advance(Duration::from_secs(10));
    }
    assert!(delays.iter().all(|(first, second)| *first < 500.0 && *second < 1000.0));
    assert!(delays.iter().any(|(first, _)| *first < 100.0) && delays.iter().any(|(first, _)| *first > 400.0));
    assert!(delays.iter().any(|(_, second)| *second > 600.0));
}

fn with_retry_after(status: u16, seconds: &str) -> (World, Client) {
    let world = World::new();
    let limit = limiter::Options {
        adaptive: false,
        ..limiter::Options::default()
    };
    let client = world.client_of(Setup {
        limit,
        ..Setup::default()
    });
    let (seconds, mut first) = (seconds.to_owned(), true);
    world.answer_calls(move |_| {
        let status = if core::mem::take(&mut first) { status } else { 200 };
        reply(status, &json!({})).header("retry-after", &seconds)
    });
    (world, client)
}

#[test]
fn a_retry_after_is_waited_for() {
    for (method, status) in [("GET", 503), ("GET", 429), ("POST", 429), ("PATCH", 429)] {
        let (world, client) = with_retry_after(status, "10");
        assert!(world.call(&client, call(method)).is_ok());
        let took = world.now().as_secs();
        assert!((10..12).contains(&took), "{method} {status}: {took} s");
    }
}

#[test]
fn without_a_wait_that_is_named_the_last_retry_comes_a_window_after_the_first_429() {
    for (hint, longest_wait, expected) in [
        (None, 120, [1, 2, 57]),
        (Some("5"), 120, [5, 5, 5]),
        (None, 30, [1, 2, 4]),
    ] {
        let world = World::new();
        let limit = limiter::Options {
            adaptive: false,
            ..limiter::Options::default()
        };
        let settings = Settings {
            max_retries: 3,
            max_retry_after: Duration::from_secs(longest_wait),
            ..Settings::default()
        };
        let client = world.client_of(Setup {
            settings,
            limit,
            ..Setup::default()
        });
        world.answer_calls(move |_| {
            let refused = reply(429, &json!({}));
            hint.into_iter()
                .fold(refused, |reply, hint| reply.header("retry-after", hint))
        });
        assert!(world.call(&client, call("POST")).is_err());
        let sent = world.take_sent();
        let at: Vec<Duration> = sent.iter().filter(|sent| !sent.is_auth()).map(|sent| sent.at).collect();
        let waits: Vec<u128> = at
            .windows(2)
            .map(|pair| ((pair[1] - pair[0]).as_millis() + 500) / 1_000)
            .collect();
        assert_eq!(waits, expected, "{hint:?} {longest_wait}");
    }
}

#[test]
fn a_retry_after_above_the_longest_accepted_one_fails_at_once() {
    for (method, status, class) in [
        ("GET", 503, "ServerError"),
        ("GET", 429, "RateLimitError"),
        ("POST", 429, "RateLimitError"),
    ] {
        let (world, client) = with_retry_after(status, "121");
        let error = world.error(&client, call(method));
        assert_eq!((class_of(&error), error.status()), (class, Some(status)));
        assert_eq!(refusal_of(&error).retry_after_ms, Some(121_000));
        assert!(
            error.message.ends_with("Wait 121 s and call again."),
            "{}",
            error.message
        );
        let told = world.take_events();
        assert!(
            !told.iter().any(|event| matches!(event, Event::Retry(_))),
            "{method} {status}"
        );
        assert!(world.now() < Duration::from_secs(1), "{method} {status}");
        world.assert_quiet(&client);
    }
}

#[test]
fn a_call_that_meets_a_gate_closed_for_too_long_fails_without_being_sent() {
    let (world, client) = with_retry_after(429, "600");
    assert!(world.call(&client, call("GET")).is_err());
    world.take_sent();
    let error = world.error(&client, call("POST"));
    assert_eq!(
        (class_of(&error), error.may_have_been_applied()),
        ("RateLimitError", false)
    );
    assert!(error.message.contains("was not sent"), "{}", error.message);
    assert!(world.take_sent().is_empty());
}

#[test]
fn the_status_of_a_refusal_counts_although_its_body_is_lost() {
    for status in [400, 404, 409, 500] {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |_| broken_body(reply(status, &json!({}))));
        let error = world.error(&client, call("POST"));
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.may_have_been_applied(), status == 500);
    }
}

fn ending() -> impl Strategy<Value = Ending> {
    let statuses = vec![200, 202, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504];
    prop_oneof![
        proptest::sample::select(statuses).prop_map(Status),
        Just(Lost),
        Just(Unsent),
        Just(TooLate),
        Just(BrokenBody),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_post_or_patch_is_ever_sent_after_one_whose_outcome_is_unknown(
        is_post in any::<bool>(),
        endings in proptest::collection::vec(ending(), 1..6),
    ) {
        let (result, attempts) = attempt(if is_post { "POST" } else { "PATCH" }, &endings);
        let met: Vec<Ending> = (0..attempts).map(|at| endings.get(at).or(endings.last()).copied().unwrap()).collect();
        let unknown = met.iter().position(|ending| ending.is_unknown());
        prop_assert!(unknown.is_none_or(|at| at + 1 == attempts), "{met:?}");
        prop_assert!(attempts <= 4, "two retries, and one more after a 401: {met:?}");
        match result {
            Ok(_) => prop_assert!(matches!(met.last(), Some(Status(200 | 202)))),
            Err(error) => prop_assert_eq!(error.may_have_been_applied(), unknown.is_some(), "{:?}", met),
        }
    }
}
