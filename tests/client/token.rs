//! The token: fetched once for all, renewed in time, and renewed once when the service refuses it (guide 5.2).

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::{FutureExt, future::join_all};
use markmonitor_certs::client::{
    Client, Error, Reply,
    auth::{Auth, Secret},
    error::ErrorKind,
    events::{Event, TokenChange, TokenEvent},
    options::CallOptions,
};
use sandbox::FaultRule;
use serde_json::json;

use crate::{
    call::call,
    fixtures::{class_of, finding_of, get_order, kind_of, prices as list_prices},
    virtual_platform::Reply as ServedReply,
    world::{API_KEY, LATENCY, PASSWORD, Sent, Setup, USERNAME, World, json as reply, password},
};

const MINUTE: Duration = Duration::from_secs(60);
const AUTHENTICATE: &str = "POST /auth/v1/auth/authenticate";
const REFRESH: &str = "GET /auth/v1/auth/refresh";
const CALL: &str = "GET /certs/v1/order/prices";

fn token_of(sent: &Sent) -> String {
    let value = sent.header("authorization").expect("it carries a token");
    value.strip_prefix("Bearer ").expect("a bearer").to_owned()
}

/// A client that holds a token of that age.
fn with_token_of(age: Duration) -> (World, Client) {
    let world = World::new();
    let client = world.client();
    world.value(&client, list_prices());
    world.advance(age);
    world.take_sent();
    world.take_events();
    (world, client)
}

fn prices(world: &World, client: &Client) {
    world.value(client, list_prices());
}

/// The same call, beside others.
async fn asking(client: Client) -> Result<Reply, Error> {
    client.call(list_prices().request(), CallOptions::default()).await
}

#[test]
fn a_hundred_callers_share_one_authentication() {
    let world = World::new();
    let client = world.client();
    let calls = (0..99).map(|_| asking(client.clone()));
    let replies = world.run(join_all(calls));
    assert!(replies.iter().all(Result::is_ok));
    let lines = world.take_lines();
    assert_eq!(lines.iter().filter(|line| *line == AUTHENTICATE).count(), 1);
    assert_eq!(lines.len(), 100);
}

#[test]
fn with_ten_minutes_left_a_token_is_used_as_it_is() {
    let (world, client) = with_token_of(MINUTE * 79);
    prices(&world, &client);
    assert_eq!(world.take_lines(), [CALL]);
}

#[test]
fn under_ten_minutes_a_token_is_renewed_while_calls_go_on() {
    let (world, client) = with_token_of(MINUTE * 81);
    let before = world.now();
    prices(&world, &client);
    assert_eq!(world.now() - before, LATENCY, "the call did not wait");
    world.advance(MINUTE);
    let sent = world.take_sent();
    let mut lines: Vec<String> = sent.iter().map(Sent::line).collect();
    lines.sort_unstable();
    assert_eq!(lines, [REFRESH, CALL]);
    prices(&world, &client);
    let [now] = world.take_sent().try_into().ok().expect("one call");
    assert_ne!(token_of(&now), token_of(&sent[0]), "the next call has the new token");
    assert_eq!(client.token_info().unwrap().remaining.as_secs() / 60, 88);
}

#[test]
fn under_thirty_seconds_calls_wait_for_the_new_token() {
    let (world, client) = with_token_of(MINUTE * 90 - Duration::from_secs(29));
    prices(&world, &client);
    let sent = world.take_sent();
    assert_eq!(sent.iter().map(Sent::line).collect::<Vec<_>>(), [REFRESH, CALL]);
    assert_ne!(token_of(&sent[0]), token_of(&sent[1]));
}

#[test]
fn a_refresh_that_is_refused_becomes_an_authentication() {
    let (world, client) = with_token_of(MINUTE * 91);
    prices(&world, &client);
    assert_eq!(world.take_lines(), [REFRESH, AUTHENTICATE, CALL]);
}

#[test]
fn a_renewal_in_the_background_that_failed_is_tried_again_after_thirty_seconds() {
    let (world, client) = with_token_of(MINUTE * 81);
    // The refresh, and the authentication that it falls back to.
    world.fault(FaultRule {
        path: Some("/auth/".into()),
        times: Some(2),
        status: Some(500),
        ..FaultRule::default()
    });
    prices(&world, &client);
    world.advance(Duration::from_secs(20));
    prices(&world, &client);
    world.advance(Duration::from_secs(20));
    prices(&world, &client);
    world.advance(Duration::from_secs(1));
    let refreshes: Vec<u64> = world
        .take_sent()
        .iter()
        .filter(|sent| sent.line() == REFRESH)
        .map(|sent| sent.at.as_secs())
        .collect();
    assert_eq!(refreshes, [81 * 60, 81 * 60 + 40], "{refreshes:?}");
}

#[test]
fn a_401_renews_the_token_once_and_repeats_the_call_once() {
    let (world, client) = with_token_of(Duration::ZERO);
    let mut refusals = 1;
    world.answer_calls(move |_| {
        let status = if refusals > 0 { 401 } else { 200 };
        refusals -= 1;
        reply(status, &json!([]))
    });
    prices(&world, &client);
    assert_eq!(world.take_lines(), [CALL, AUTHENTICATE, CALL]);

    world.answer_calls(|_| {
        reply(
            401,
            &json!({ "errors": [{ "code": "TOKEN_INVALID", "message": "No." }] }),
        )
    });
    let error = world.error(&client, list_prices());
    assert_eq!(world.take_lines(), [CALL, AUTHENTICATE, CALL], "and not a third time");
    assert_eq!(kind_of(&error), ("AuthenticationError", "unauthorized"));
}

#[test]
fn a_403_that_is_for_the_token_is_taken_as_a_401_and_another_is_not() {
    for (problem, renews) in [
        (json!({ "code": "TOKEN_EXPIRED", "message": "No." }), true),
        (json!({ "message": "Jwt is expired" }), true),
        (json!({ "message": "The access token has been revoked." }), true),
        (
            json!({ "code": "FORBIDDEN", "message": "The token lacks the role." }),
            false,
        ),
        (json!({ "message": "The organization is invalid." }), false),
    ] {
        let (world, client) = with_token_of(Duration::ZERO);
        let body = json!({ "errors": [problem] });
        world.answer_calls(move |_| reply(403, &body));
        let error = world.error(&client, list_prices());
        let expected: &[&str] = if renews { &[CALL, AUTHENTICATE, CALL] } else { &[CALL] };
        assert_eq!(world.take_lines(), expected, "{problem}");
        let kind = if renews {
            ("AuthenticationError", "unauthorized")
        } else {
            ("PermissionDeniedError", "permission_denied")
        };
        assert_eq!(kind_of(&error), kind, "{problem}");
    }
}

#[test]
fn only_the_current_token_is_renewed_when_many_calls_are_refused_with_it() {
    let (world, client) = with_token_of(Duration::ZERO);
    let old = Rc::new(RefCell::new(None));
    let mut delay = LATENCY;
    world.answer_calls(move |sent| {
        let token = token_of(sent);
        let old = old.borrow_mut().get_or_insert_with(|| token.clone()).clone();
        // Each refusal arrives later than the one before, the last ones long after the renewal.
        delay += Duration::from_millis(20);
        let status = if token == old { 401 } else { 200 };
        reply(status, &json!([])).after(delay)
    });
    let calls = (0..20).map(|_| asking(client.clone()));
    assert!(world.run(join_all(calls)).iter().all(Result::is_ok));
    let lines = world.take_lines();
    assert_eq!(lines.iter().filter(|line| *line == AUTHENTICATE).count(), 1);
    assert_eq!(lines.len(), 41);
    let expired = Event::Token(TokenEvent {
        kind: TokenChange::Expired,
    });
    assert_eq!(world.take_events().iter().filter(|event| **event == expired).count(), 1);
}

#[test]
fn a_caller_that_gives_up_does_not_end_the_flight_of_the_others() {
    let world = World::new();
    let client = world.client();
    let first = world.start_call(&client, list_prices());
    let second = world.start_call(&client, list_prices());
    first.give_up(&world);
    world.advance(MINUTE);
    assert!(second.result().is_some_and(|result| result.is_ok()));
    assert_eq!(world.take_lines(), [AUTHENTICATE, CALL]);
}

#[test]
fn the_token_of_a_flight_that_nobody_waits_for_is_kept() {
    let world = World::new();
    let client = world.client();
    world.start_call(&client, list_prices()).give_up(&world);
    world.advance(MINUTE);
    assert_eq!(world.take_lines(), [AUTHENTICATE]);
    assert!(client.token_info().is_some());
    world.assert_quiet(&client);
}

#[test]
fn all_who_share_a_flight_share_its_failure_and_the_next_call_tries_again() {
    let world = World::new();
    let client = world.client_of(Setup::auth(password("wrong")));
    let calls = (0..3).map(|_| asking(client.clone()));
    for result in world.run(join_all(calls)) {
        assert_eq!(class_of(&result.map(drop).unwrap_err()), "AuthenticationError");
    }
    assert_eq!(world.take_lines(), [AUTHENTICATE]);
    client.clear_token();
    assert!(world.call(&client, list_prices()).is_err());
    assert_eq!(world.take_lines(), [AUTHENTICATE]);
}

#[test]
fn a_password_that_was_refused_is_sent_ever_more_seldom() {
    let world = World::new();
    let client = world.client_of(Setup::auth(password("wrong")));
    let mut logins = Vec::new();
    for minute in 0..60 {
        for _ in 0..10 {
            let error = world.error(&client, list_prices());
            assert_eq!(kind_of(&error), ("AuthenticationError", "unauthorized"));
            world.advance(MINUTE / 10);
        }
        logins.extend(world.take_lines().iter().map(|_| minute));
    }
    assert_eq!(logins, [0, 1, 3, 7, 15, 31]);
    let error = world.error(&client, list_prices());
    assert!(error.message.contains("`tokens.clear()`"), "{}", error.message);
    assert!(world.take_lines().is_empty());
    // Who asks for it is not kept from it.
    let asking = client.clone();
    assert!(world.run(async move { asking.authenticate().await }).is_err());
    assert_eq!(world.take_lines(), [AUTHENTICATE]);
    client.clear_token();
    world.error(&client, list_prices());
    assert_eq!(world.take_lines(), [AUTHENTICATE]);
}

#[test]
fn another_password_is_tried_at_once() {
    let world = World::new();
    let passwords = Rc::new(Cell::new("wrong"));
    let source = Rc::clone(&passwords);
    let client = world.client_of(Setup::auth(Auth::Password {
        api_key: Secret::Text(API_KEY.into()),
        username: USERNAME.into(),
        password: Secret::Ask(Rc::new(move || {
            let password = source.get().to_owned();
            async move { Ok(password) }.boxed_local()
        })),
        store: None,
    }));
    world.error(&client, list_prices());
    world.error(&client, list_prices());
    passwords.set(PASSWORD);
    prices(&world, &client);
    assert_eq!(world.take_lines(), [AUTHENTICATE, AUTHENTICATE, CALL]);
}

#[test]
fn a_failed_authentication_is_not_said_to_have_been_applied() {
    for status in [500, 503] {
        let world = World::new();
        let client = world.client();
        world.fault(FaultRule {
            path: Some("authenticate".into()),
            status: Some(status),
            ..FaultRule::default()
        });
        let error = world.error(&client, get_order());
        assert!(!error.may_have_been_applied(), "{}", error.message);
        assert!(!error.message.contains("look before you repeat"), "{}", error.message);
    }
}

fn given(token: &str) -> Setup {
    Setup::auth(Auth::Token {
        api_key: Secret::Text(API_KEY.into()),
        token: Secret::Text(token.into()),
    })
}

/// A token of the sandbox, just made.
fn fresh_token(world: &World) -> String {
    let client = world.client();
    let token = world.run(async move { client.token().await }).unwrap();
    world.take_sent();
    token
}

/// A call with a given token, and one shortly before that ends: the token, its client, and what was sent.
fn refreshed(world: &World) -> (String, Client, Vec<Sent>) {
    let token = fresh_token(world);
    let client = world.client_of(given(&token));
    prices(world, &client);
    world.advance(MINUTE * 90 - Duration::from_secs(20));
    prices(world, &client);
    let sent = world.take_sent();
    (token, client, sent)
}

#[test]
fn a_token_that_was_given_is_used_and_refreshed_in_time() {
    let world = World::new();
    let (token, _, sent) = refreshed(&world);
    assert_eq!(sent.iter().map(Sent::line).collect::<Vec<_>>(), [CALL, REFRESH, CALL]);
    assert_eq!((token_of(&sent[0]), token_of(&sent[1])), (token.clone(), token));
}

#[test]
fn what_refuses_a_new_token_as_well_does_not_cost_the_others_theirs() {
    for status in [401, 403] {
        let world = World::new();
        let client = world.client();
        world.answer(move |sent| {
            let refusal = || {
                reply(
                    status,
                    &json!({ "errors": [{ "code": "X", "message": "Token invalid for this scope" }] }),
                )
            };
            sent.path.contains("/contact").then(refusal)
        });
        for _ in 0..3 {
            prices(&world, &client);
            world.error(&client, call("contacts.list"));
        }
        let lines = world.take_lines();
        // The first, and one for each refusal.
        assert_eq!(
            lines.iter().filter(|line| line.contains("authenticate")).count(),
            4,
            "{lines:?}"
        );
    }
}

#[test]
fn a_refresh_is_read_in_every_form_that_it_may_have() {
    for form in [
        "as-authenticate",
        "text",
        "json-text",
        "jwt",
        "access-token",
        "snake-case",
    ] {
        let world = World::with(sandbox::Options {
            readings: sandbox::Readings::of([("refresh", form)]).unwrap(),
            ..sandbox::Options::default()
        });
        let (token, client, sent) = refreshed(&world);
        assert_eq!(
            sent.iter().map(Sent::line).collect::<Vec<_>>(),
            [CALL, REFRESH, CALL],
            "{form}"
        );
        assert_ne!(token_of(&sent[2]), token, "{form}");
        let left = client.token_info().unwrap().remaining;
        assert!(left > MINUTE * 80, "{form}: {left:?}");
    }
}

#[test]
fn a_token_without_a_password_that_has_ended_is_an_authentication_error() {
    let world = World::new();
    let token = fresh_token(&world);
    let client = world.client_of(given(&token));
    prices(&world, &client);
    world.advance(MINUTE * 100);
    for _ in 0..2 {
        let error = world.error(&client, list_prices());
        assert_eq!(kind_of(&error), ("AuthenticationError", "token_expired"));
        assert!(
            error.message.contains("give the client a new token"),
            "{}",
            error.message
        );
    }

    // The same for one that had ended before it was given, and for one that is refused later.
    for token in [token, "no.such.token".into()] {
        let client = world.client_of(given(&token));
        let error = world.error(&client, list_prices());
        assert_eq!(kind_of(&error), ("AuthenticationError", "token_expired"));
    }
}

#[test]
fn a_function_that_gives_the_token_is_asked_again_when_its_token_has_ended() {
    let world = World::new();
    let tokens = Rc::new(RefCell::new(vec![fresh_token(&world)]));
    let asked = Rc::new(Cell::new(0));
    let (source, count) = (Rc::clone(&tokens), Rc::clone(&asked));
    let ask = move || {
        count.set(count.get() + 1);
        let token = source.borrow().last().cloned();
        async move { token.ok_or_else(|| "there is none".to_owned()) }.boxed_local()
    };
    let client = world.client_of(Setup::auth(Auth::Token {
        api_key: Secret::Text(API_KEY.into()),
        token: Secret::Ask(Rc::new(ask)),
    }));
    prices(&world, &client);
    prices(&world, &client);
    assert_eq!(asked.get(), 1, "asked when it is needed");
    world.advance(MINUTE * 100);
    let newer = fresh_token(&world);
    tokens.borrow_mut().push(newer.clone());
    prices(&world, &client);
    assert_eq!(asked.get(), 2);
    assert_eq!(token_of(&world.last_sent()), newer);
}

#[test]
fn secrets_may_be_functions_that_are_asked_when_they_are_needed() {
    let world = World::new();
    let asked = Rc::new(Cell::new(0));
    let secret = |text: &'static str| {
        let asked = Rc::clone(&asked);
        Secret::Ask(Rc::new(move || {
            asked.set(asked.get() + 1);
            async move { Ok(text.to_owned()) }.boxed_local()
        }))
    };
    let client = world.client_of(Setup::auth(Auth::Password {
        api_key: secret(API_KEY),
        username: USERNAME.into(),
        password: secret(PASSWORD),
        store: None,
    }));
    assert_eq!(asked.get(), 0);
    prices(&world, &client);
    prices(&world, &client);
    assert_eq!(asked.get(), 2);
}

#[test]
fn a_secrets_function_that_fails_is_an_error_that_names_it() {
    let world = World::new();
    let client = world.client_of(Setup::auth(Auth::Password {
        api_key: Secret::Ask(Rc::new(|| async { Err("the vault is sealed".into()) }.boxed_local())),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: None,
    }));
    let error = world.error(&client, list_prices());
    assert_eq!(error.code.as_str(), "secret_unavailable");
    assert!(error.message.contains("`apiKey`"), "{}", error.message);
    assert!(matches!(&error.kind, ErrorKind::Caused { cause } if cause == "the vault is sealed"));
}

#[test]
fn a_secret_that_cannot_stand_in_a_header_is_refused() {
    for key in ["", "key\r\nx-admin: yes", "k y", "schlüssel"] {
        let world = World::new();
        let client = world.client_of(Setup::auth(Auth::Password {
            api_key: Secret::Text(key.into()),
            username: USERNAME.into(),
            password: Secret::Text(PASSWORD.into()),
            store: None,
        }));
        let error = world.error(&client, list_prices());
        assert_eq!(finding_of(&error), ("invalid_secret", "apiKey"));
        assert!(world.take_lines().is_empty());
    }
}

#[test]
fn a_queue_that_outlives_the_token_sends_none_that_has_ended() {
    let (world, client) = with_token_of(Duration::ZERO);
    client.limiter().pause(Some(MINUTE * 120));
    let calls: Vec<_> = (0..20).map(|_| world.start_call(&client, list_prices())).collect();
    world.advance(MINUTE * 130);
    assert!(
        calls
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
    let lines = world.take_lines();
    assert_eq!(
        lines.len(),
        22,
        "a refresh that is refused, an authentication, and each call once: {lines:?}"
    );
}

#[test]
fn a_call_in_the_queue_keeps_its_place_when_the_token_is_renewed() {
    let (world, client) = with_token_of(MINUTE * 81);
    let ids: Vec<String> = (0..250)
        .map(|number| format!("00000000-0000-4000-8000-{number:012}"))
        .collect();
    let calls: Vec<_> = ids
        .iter()
        .map(|id| world.start_call(&client, call("orders.get").id(id)))
        .collect();
    world.advance(MINUTE * 4);
    assert!(calls.iter().all(|call| call.result().is_some()));
    let sent = world.take_sent();
    let order: Vec<&str> = sent
        .iter()
        .filter_map(|sent| sent.path.strip_prefix("/certs/v1/order/"))
        .collect();
    assert_eq!(order, ids);
    let old = token_of(&sent[0]);
    assert!(
        sent.iter().rev().take(100).all(|sent| token_of(sent) != old),
        "the last ones have the new token"
    );
}

#[test]
fn a_token_can_be_fetched_shown_and_forgotten() {
    let world = World::new();
    let client = world.client();
    assert_eq!(client.token_info(), None);
    let info = {
        let client = client.clone();
        world.run(async move { client.authenticate().await }).unwrap()
    };
    assert_eq!(info.remaining, MINUTE * 90);
    assert_eq!(info.expires_at, crate::virtual_platform::START + 50 + 90 * 60 * 1000);
    let refreshed = {
        let client = client.clone();
        world.run(async move { client.refresh().await })
    };
    assert!(refreshed.is_ok());
    client.clear_token();
    assert_eq!(client.token_info(), None);
    prices(&world, &client);
    assert_eq!(world.take_lines(), [AUTHENTICATE, REFRESH, AUTHENTICATE, CALL]);
}

#[test]
fn a_flight_that_lands_leaves_the_later_one_of_another_kind_to_be_shared() {
    let (world, client) = with_token_of(Duration::ZERO);
    let renew = |authenticate: bool| {
        let client = client.clone();
        world.start(async move {
            if authenticate {
                client.authenticate().await
            } else {
                client.refresh().await
            }
        })
    };
    let refresh = renew(false);
    world.advance(LATENCY / 2);
    let first = renew(true);
    world.advance(LATENCY * 3 / 4);
    assert!(
        refresh.result().is_some(),
        "the refresh has landed, the authentication has not"
    );
    let second = renew(true);
    world.advance(MINUTE);
    assert!(first.result().is_some_and(|result| result.is_ok()));
    assert!(second.result().is_some_and(|result| result.is_ok()));
    assert_eq!(world.take_lines(), [REFRESH, AUTHENTICATE]);
}

#[test]
fn a_proxy_has_no_token_to_show() {
    let world = World::new();
    let client = world.client_of(Setup::auth(Auth::Proxy));
    let asked = client.clone();
    let error = world.run(async move { asked.token().await }).unwrap_err();
    assert_eq!(class_of(&error), "ValidationError");
    world.answer(|_| Some(reply(401, &json!({}))));
    let error = world.error(&client, list_prices());
    assert_eq!(kind_of(&error), ("SessionEndedError", "session_ended"));
    assert!(error.message.ends_with("sign in again."), "{}", error.message);
    assert_eq!(world.take_lines().len(), 1, "there is nothing to renew");
}

#[test]
fn a_reply_without_a_token_is_not_shown() {
    let world = World::new();
    let client = world.client();
    world.answer(|_| Some(reply(200, &json!({ "sessionToken": "CANARY" }))));
    let error = world.error(&client, list_prices());
    assert_eq!((class_of(&error), error.status()), ("DecodeError", Some(200)));
    assert!(!format!("{error:?}").contains("CANARY"));
}

/// Replies of success to a login without a token, and the words of them that the error has.
#[test]
fn a_login_that_is_refused_with_a_success_says_why_and_is_not_repeated() {
    let long = format!("no {}", "x ".repeat(2_000));
    for (body, words) in [
        (
            json!({ "errors": [{ "code": "LOCKED", "message": "account locked" }] }),
            Some("account locked"),
        ),
        (
            json!({ "message": "Your account is locked." }),
            Some("Your account is locked."),
        ),
        (
            json!({ "errors": { "password": [format!("{PASSWORD} has expired")] } }),
            Some("*** has expired"),
        ),
        (json!({ "errors": [{ "message": long }] }), Some("no x x")),
        (json!({ "sessionToken": "CANARY", "message": "CANARY" }), None),
        (json!({ "message": format!("it is CANARY{}", "y".repeat(40)) }), None),
        (json!({}), None),
    ] {
        let world = World::new();
        let client = world.client();
        world.answer({
            let body = body.clone();
            move |_| Some(reply(200, &body))
        });
        let first = world.error(&client, list_prices());
        let ErrorKind::Decode { body_text, .. } = &first.kind else {
            panic!("{body}: {first:?}")
        };
        assert_eq!(!body_text.is_empty(), words.is_some(), "{body}");
        assert!(
            first.message.contains(words.unwrap_or("found none")),
            "{}",
            first.message
        );
        assert!(
            !first.message.contains("CANARY") && first.message.len() < 300,
            "{}",
            first.message
        );
        let again = world.error(&client, list_prices());
        let logins = if words.is_some() { 1 } else { 2 };
        assert_eq!(world.take_lines().len(), logins, "{body}: {}", again.message);
    }
}

#[test]
fn what_is_in_place_of_a_token_is_said_in_words() {
    for (body, words) in [
        (json!({ "token": 5, "x": "CANARY" }).to_string(), "found a number."),
        (json!({ "token": ["CANARY"] }).to_string(), "found a list."),
        (
            json!({ "token": { "value": "CANARY" } }).to_string(),
            "found an object.",
        ),
        (json!({ "token": null }).to_string(), "found null."),
        (
            json!({ "token": "" }).to_string(),
            "found a string that no header can hold.",
        ),
        (
            json!({ "token": "CANARY\n1" }).to_string(),
            "found a string that no header can hold.",
        ),
        (json!({ "session": "CANARY" }).to_string(), "found none."),
        (json!(["CANARY"]).to_string(), "found a list."),
        (json!("").to_string(), "found a string that no header can hold."),
        ("true".to_owned(), "found a boolean."),
        ("CANARY".to_owned(), "found text that is not JSON."),
        (String::new(), "found an empty body."),
    ] {
        let world = World::new();
        let client = world.client();
        let sent = body.clone();
        world.answer(move |_| Some(ServedReply::new(200, sent.as_str())));
        let error = world.error(&client, list_prices());
        assert_eq!((class_of(&error), error.status()), ("DecodeError", Some(200)), "{body}");
        assert!(error.message.ends_with(words), "{body}: {}", error.message);
        assert!(!format!("{error:?}").contains("CANARY"), "{body}");
    }
}

#[test]
fn nothing_is_shown_of_a_page_in_place_of_a_token_for_it_may_hold_one() {
    let token = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTYwMH0.CANARY";
    for body in [
        format!(" <!doctype html><title>Hotel</title> Room {token}?"),
        format!("<?xml version=\"1.0\"?><login><token>{token}</token></login>"),
        format!("<login><token>{token}</token></login>"),
    ] {
        let world = World::new();
        let client = world.client();
        world.answer(move |_| Some(ServedReply::new(200, body.as_str())));
        let error = world.error(&client, list_prices());
        let ErrorKind::Decode { body_text, path, .. } = &error.kind else {
            panic!("{error:?}")
        };
        assert_eq!((body_text.as_str(), path), ("", &None));
        let message = &error.message;
        assert!(
            message.contains("`authBaseUrl`") && !message.contains("CANARY"),
            "{message}"
        );
        assert_eq!(world.take_lines(), [AUTHENTICATE]);
    }
}

#[test]
fn a_login_that_is_not_there_is_looked_for_at_another_address() {
    for status in [404, 405] {
        let world = World::new();
        let client = world.client();
        world.answer(move |_| Some(ServedReply::new(status, "<html><title>Not here</title>")));
        let error = world.error(&client, list_prices());
        let message = &error.message;
        assert!(
            message.contains("Not here") && message.contains("Check `authBaseUrl`"),
            "{message}"
        );
    }
}

#[test]
fn whoever_asks_for_the_same_shares_a_flight_and_whoever_asks_for_another_has_one_of_its_own() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Asks {
        Call,
        Refresh,
        Authenticate,
    }
    use Asks::{Authenticate, Call, Refresh};
    let ask = |client: &Client, asks: Asks| {
        let client = client.clone();
        async move {
            match asks {
                Call => asking(client).await.map(drop),
                Refresh => client.refresh().await.map(drop),
                Authenticate => client.authenticate().await.map(drop),
            }
        }
    };
    for (first, second, fetched) in [
        (Call, Call, 1),
        (Refresh, Refresh, 1),
        (Refresh, Call, 1),
        (Refresh, Authenticate, 2),
        (Authenticate, Authenticate, 1),
        (Authenticate, Call, 1),
        (Authenticate, Refresh, 2),
        (Call, Authenticate, 2),
        (Call, Refresh, 2),
    ] {
        let (world, client) = with_token_of(MINUTE * 90 - Duration::from_secs(20));
        let both = join_all([first, second].map(|asks| ask(&client, asks)));
        assert!(world.run(both).iter().all(Result::is_ok), "{first:?} {second:?}");
        let sent = world.take_sent();
        let count = sent.iter().filter(|sent| sent.is_auth()).count();
        assert_eq!(count, fetched, "{first:?} {second:?}");
    }
}

#[test]
fn a_renewal_in_the_background_goes_before_the_calls_that_wait() {
    let (world, client) = with_token_of(MINUTE * 81);
    client.limiter().pause(None);
    let calls: Vec<_> = (0..3).map(|_| world.start_call(&client, list_prices())).collect();
    client.limiter().resume();
    world.advance(MINUTE);
    assert!(
        calls
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
    assert_eq!(world.take_lines(), [REFRESH, CALL, CALL, CALL]);
}

#[test]
fn only_what_a_service_says_of_a_password_keeps_it_from_being_sent() {
    for (status, is_kept_back) in [
        (400, true),
        (401, true),
        (403, true),
        (404, false),
        (409, false),
        (422, true),
        (423, true),
        (500, false),
        (503, false),
    ] {
        let world = World::new();
        let client = world.client();
        world.fault(FaultRule {
            path: Some("authenticate".into()),
            status: Some(status),
            ..FaultRule::default()
        });
        assert_eq!(world.error(&client, list_prices()).status(), Some(status));
        world.clear_faults();
        world.take_sent();
        assert_eq!(world.call(&client, list_prices()).is_err(), is_kept_back, "{status}");
        assert_eq!(world.take_lines().is_empty(), is_kept_back, "{status}");
    }
}

/// A client whose token a function gives, and how often that was asked.
fn asked_for_tokens(world: &World, tokens: &[String]) -> (Client, Rc<Cell<usize>>) {
    let asked = Rc::new(Cell::new(0));
    let (count, tokens) = (Rc::clone(&asked), tokens.to_vec());
    let ask = move || {
        let token = tokens[count.get().min(tokens.len() - 1)].clone();
        count.set(count.get() + 1);
        async move { Ok(token) }.boxed_local()
    };
    let client = world.client_of(Setup::auth(Auth::Token {
        api_key: Secret::Text(API_KEY.into()),
        token: Secret::Ask(Rc::new(ask)),
    }));
    (client, asked)
}

#[test]
fn a_refresh_that_was_asked_for_takes_the_given_token_first_and_no_other_when_it_fails() {
    let world = World::new();
    let token = fresh_token(&world);
    let (client, asked) = asked_for_tokens(&world, core::slice::from_ref(&token));
    let asking = client.clone();
    assert!(world.run(async move { asking.refresh().await }).is_ok());
    let sent = world.last_sent();
    assert_eq!(
        (sent.line(), token_of(&sent), asked.get()),
        (REFRESH.to_owned(), token, 1)
    );

    world.fault(FaultRule {
        path: Some("refresh".into()),
        status: Some(403),
        ..FaultRule::default()
    });
    let asking = client.clone();
    let error = world.run(async move { asking.refresh().await }).unwrap_err();
    assert_eq!((error.status(), asked.get()), (Some(403), 1));
    assert_ne!(error.code.as_str(), "token_expired");
}

#[test]
fn a_given_token_has_expired_only_when_its_refresh_is_refused() {
    for (status, is_refusal) in [
        (400, true),
        (403, true),
        (404, true),
        (499, true),
        (408, false),
        (429, false),
        (500, false),
    ] {
        let world = World::new();
        let (first, second) = (fresh_token(&world), fresh_token(&world));
        let fixed = world.client_of(given(&first));
        let (changing, asked) = asked_for_tokens(&world, &[first, second]);
        prices(&world, &fixed);
        prices(&world, &changing);
        world.advance(MINUTE * 100);
        world.fault(FaultRule {
            path: Some("refresh".into()),
            status: Some(status),
            ..FaultRule::default()
        });
        let error = world.error(&fixed, list_prices());
        assert_eq!(error.code.as_str() == "token_expired", is_refusal, "{status}");
        assert_eq!(error.status(), Some(status));
        let _ = world.call(&changing, list_prices());
        assert_eq!(asked.get() > 1, is_refusal, "{status}");
    }
}

#[test]
fn a_client_that_was_given_a_token_does_not_authenticate() {
    let world = World::new();
    let token = fresh_token(&world);
    let client = world.client_of(given(&token));
    prices(&world, &client);
    world.take_sent();
    let asking = client.clone();
    let error = world.run(async move { asking.authenticate().await }).unwrap_err();
    assert_eq!(finding_of(&error), ("no_password", "auth"));
    assert!(world.take_lines().is_empty());
}

#[test]
fn a_401_is_answered_by_whatever_other_token_there_is() {
    let world = World::new();
    let old = "the.old.token";
    world.answer(move |sent| {
        let is_old = token_of(sent) == old;
        Some(match (sent.is_auth(), is_old) {
            (true, _) => reply(200, &json!({ "token": "a.new.token", "expiresIn": 5400 })),
            (false, true) => reply(401, &json!({})).after(Duration::from_secs(1)),
            (false, false) => reply(200, &json!([])),
        })
    });
    // One that was refreshed while the call was under way; and one that a function has.
    let fixed = world.client_of(given(old));
    let call = world.start_call(&fixed, list_prices());
    let asking = fixed.clone();
    world.run(async move { asking.refresh().await }).unwrap();
    world.advance(MINUTE);
    assert!(call.result().is_some_and(|result| result.is_ok()));
    let (changing, asked) = asked_for_tokens(&world, &[old.into(), "another.one.yet".into()]);
    prices(&world, &changing);
    assert_eq!(asked.get(), 2);
    // Where there is no other, nothing is tried.
    let fixed = world.client_of(given(old));
    world.take_sent();
    assert_eq!(
        kind_of(&world.error(&fixed, list_prices())),
        ("AuthenticationError", "token_expired")
    );
    assert_eq!(world.take_lines(), [CALL]);
}
