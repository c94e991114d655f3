//! No secret leaves: not in an error, an event, a log or a preview, wherever a hostile server or transport puts it.

use std::rc::Rc;

use futures_util::FutureExt;
use markmonitor_certs::{
    api::facts::Problem,
    client::{
        Client, Error,
        auth::{Auth, Secret, TokenStore},
        error::{ErrorKind, Failure, Refusal, RefusedBody},
        options::Settings,
        platform::{BodyError, LocalFuture},
        store::StoreError,
        waiting::{Goal, Wait, WaitOptions},
    },
};
use serde_json::json;

use crate::{
    call::{call, request},
    fixtures::{NO_ID, finding_of, get_order, kind_of},
    virtual_platform::Reply,
    world::{Setup, USERNAME, World, json as reply},
};

const KEY: &str = "CANARY-key-5f3a";
const PASSWORD: &str = "CANARY \"pass\" <word> & more/\\";
const TOKEN: &str = "CANARY.eyJ0b2tlbiI6MX0.sig-nature_";

/// The same in the ways in which servers spell a text.
fn spellings() -> Vec<String> {
    let html = PASSWORD
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let mut all: Vec<String> = [KEY, PASSWORD, TOKEN].map(String::from).into();
    all.extend([json!(PASSWORD).to_string(), html]);
    // As `encodeURIComponent` writes it.
    let encoded = "CANARY%20%22pass%22%20%3Cword%3E%20%26%20more%2F%5C";
    all.extend([
        encoded.into(),
        encoded.replace("%20", "+"),
        encoded.to_ascii_lowercase().replace("canary", "CANARY"),
    ]);
    // Base64 of it, alone and inside of `user:PASSWORD.`.
    all.push("Q0FOQVJZICJwYXNzIiA8d29yZD4gJiBtb3JlL1w=".into());
    all.push("dXNlcjpDQU5BUlkgInBhc3MiIDx3b3JkPiAmIG1vcmUvXC4=".into());
    // In lower case; wrapped, as it is and escaped.
    let (head, tail) = KEY.split_at(9);
    all.extend([
        KEY.to_ascii_lowercase(),
        PASSWORD.to_ascii_uppercase(),
        format!("{head}\r\n\t{tail}"),
        encoded.replace("pass", "pa%0Ass"),
        json!(PASSWORD.replace("pass", "pa\nss")).to_string(),
    ]);
    // UTF-16, in either order of its octets, read as if it were not.
    all.extend([
        TOKEN.chars().flat_map(|char| [char, '\0']).collect(),
        KEY.chars().flat_map(|char| ['\0', char]).collect(),
    ]);
    all
}

fn all_at_once() -> String {
    spellings().join(" | ")
}

fn setup() -> Setup {
    Setup::auth(Auth::Password {
        api_key: Secret::Text(KEY.into()),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: None,
    })
}

/// A client that has shown all three to a service which then answers like this.
fn hostile(answer: impl Fn() -> Reply + 'static) -> (World, Client) {
    let world = World::new();
    let client = world.client_of(setup());
    world.answer(move |sent| {
        let token = json!({ "token": TOKEN, "expiresIn": 5400 });
        Some(if sent.is_auth() { reply(200, &token) } else { answer() })
    });
    (world, client)
}

fn assert_clean(what: &str, text: &str) {
    let lower = text.to_ascii_lowercase();
    for part in ["canary", "key-5f3a", "word>", "word&", "word%", "sig-nature", "more/"] {
        assert!(!lower.contains(part), "{what} holds {part}: {text}");
    }
}

#[test]
fn a_read_only_client_shows_no_secret_of_a_path_that_it_refuses() {
    let settings = Settings {
        read_only: true,
        ..Settings::default()
    };
    let world = World::new();
    let client = world.client_of(Setup { settings, ..setup() });
    let call = || request("POST", &format!("/thing/{KEY}"));
    let refused = world.error(&client, call());
    assert_eq!(finding_of(&refused).0, "read_only");
    assert!(refused.message.contains("POST /thing/***"), "{}", refused.message);
    for error in [refused, client.prepare(call().request()).map(drop).unwrap_err()] {
        assert_clean("the refusal", &all_of(&error));
    }
}

/// All that an error can show, field by field: a new field does not compile here until it is among them.
fn all_of(error: &Error) -> String {
    let Failure { code, message, kind } = &**error;
    let shown = match kind {
        ErrorKind::Api(refusal) => {
            let Refusal {
                status,
                method,
                url,
                request_id,
                headers,
                body,
                problems,
                attempts,
                may_have_been_applied,
                retry_after_ms,
            } = refusal;
            let body = match body {
                Some(RefusedBody::Json(body)) => body.text(),
                Some(RefusedBody::Text(text)) => text.clone(),
                None => String::new(),
            };
            let problem = |Problem { field, code, message }: &Problem| format!("{field:?} {code:?} {message:?}");
            let problems: Vec<String> = problems.iter().map(problem).collect();
            format!(
                "{status} {method} {url} {request_id:?} {headers:?} {body} {problems:?} {attempts} \
                 {may_have_been_applied} {retry_after_ms:?}"
            )
        }
        ErrorKind::Decode {
            status,
            body_text,
            path,
            ..
        } => format!("{status} {body_text} {path:?}"),
        ErrorKind::Validation { findings } => format!("{findings:?}"),
        ErrorKind::Wait { reason, last, cause } => format!(
            "{reason:?} {:?} {:?}",
            last.as_ref().map(|body| body.text()),
            cause.as_ref().map(all_of)
        ),
        ErrorKind::Caused { cause } => cause.clone(),
        ErrorKind::Differs { order, differences } => format!("{} {differences:?}", order.text()),
        ErrorKind::Connection { .. } | ErrorKind::Timeout { .. } | ErrorKind::Unknown | ErrorKind::Other => {
            String::new()
        }
    };
    format!("{} {message} {shown} {error:?}", code.as_str())
}

fn assert_error_is_clean(error: &Error) {
    let shown = all_of(error);
    assert_clean("the error", &shown);
    assert!(shown.contains("***"), "the test showed it nothing: {shown}");
}

fn assert_events_are_clean(world: &World) {
    let events = world.take_events();
    assert!(!events.is_empty());
    for event in events {
        assert_clean("an event's JSON", &serde_json::to_string(&event).unwrap());
        assert_clean("an event's Debug", &format!("{event:?}"));
    }
}

#[test]
fn an_error_body_that_echoes_secrets_is_redacted_in_its_fields_names_and_values() {
    for status in [400, 401, 403, 404, 409, 429, 500, 503] {
        let (world, client) = hostile(move || {
            let echo = all_at_once();
            let body = json!({
                "validations": [{ "field": echo, "code": echo, "message": echo }],
                "errors": [{ "code": echo, "message": echo }, echo],
                (PASSWORD): { "nested": [[echo]] },
            });
            reply(status, &body)
        });
        assert_error_is_clean(&world.error(&client, get_order()));
        assert_events_are_clean(&world);
    }
}

#[test]
fn an_error_page_that_echoes_secrets_is_redacted_before_it_is_cut() {
    // A secret that ends after the cut would leave its beginning before it.
    for before in [0, 2040, 2044, 2046, 2000] {
        for page in spellings() {
            let (world, client) =
                hostile(move || Reply::new(500, format!("*** {}{page}{}", "x".repeat(before), "y".repeat(4000))));
            assert_error_is_clean(&world.error(&client, get_order()));
        }
    }
}

#[test]
fn a_success_that_cannot_be_read_shows_no_secret() {
    let (world, client) = hostile(|| Reply::new(200, format!("<html>{}", all_at_once())));
    assert_error_is_clean(&world.error(&client, get_order()));
    assert_events_are_clean(&world);
}

#[test]
fn headers_that_echo_secrets_are_left_out_or_redacted() {
    let (world, client) = hostile(|| {
        let echo = all_at_once();
        reply(409, &json!({}))
            .header("x-request-id", &echo)
            .header("location", &format!("https://evil.example/?t={TOKEN}"))
            .header("set-cookie", &echo)
            .header("x-debug", &echo)
            .header(&format!("x-ratelimit-{KEY}"), &echo)
            .header("retry-after", &echo)
    });
    assert_error_is_clean(&world.error(&client, get_order()));
    assert_events_are_clean(&world);
}

#[test]
fn the_headers_of_a_success_are_redacted_too() {
    let (world, client) = hostile(|| {
        reply(200, &json!({ "content": [] }))
            .header("server", TOKEN)
            .header("etag", PASSWORD)
    });
    let reply = world.call(&client, call("orders.list")).unwrap();
    assert_clean("the response's description", &format!("{:?}", reply.info));
    assert_events_are_clean(&world);
}

#[test]
fn a_transports_words_are_redacted() {
    for before_send in [true, false] {
        let (world, client) = hostile(move || {
            Reply::failure(
                &format!("redirected to https://evil.example/?{}", all_at_once()),
                before_send,
            )
        });
        assert_error_is_clean(&world.error(&client, get_order()));
        assert_events_are_clean(&world);
    }
    let (world, client) = hostile(|| {
        let mut broken = reply(200, &json!({}));
        if let Ok(head) = &mut broken.outcome {
            head.body = Err(BodyError::Lost(all_at_once()));
        }
        broken
    });
    assert_error_is_clean(&world.error(&client, get_order()));
    assert_events_are_clean(&world);
}

#[test]
fn an_authentication_service_that_echoes_secrets_gives_none_away() {
    // It gave no token that could be known.
    let echo = || all_at_once().replace(TOKEN, "");
    let body = move || json!({ "jwt": echo(), "errors": [{ "message": echo() }] });
    for status in [200, 400, 401, 403, 500] {
        let world = World::new();
        let client = world.client_of(setup());
        world.answer(move |_| Some(reply(status, &body()).header("x-request-id", KEY)));
        let error = world.error(&client, get_order());
        assert_clean("the error", &all_of(&error));
        assert_events_are_clean(&world);
    }
}

#[test]
fn a_token_that_was_replaced_long_ago_and_the_password_are_still_redacted() {
    let world = World::new();
    let client = world.client_of(setup());
    let mut number = 0;
    world.answer(move |sent| {
        number += 1;
        let token = json!({ "token": format!("CANARY-token-{number}"), "expiresIn": 5400 });
        Some(if sent.is_auth() {
            reply(200, &token)
        } else {
            reply(200, &json!({}))
        })
    });
    for _ in 0..19 {
        world.value(&client, get_order());
        world.advance(std::time::Duration::from_secs(85 * 60));
        world.value(&client, get_order());
        world.advance(std::time::Duration::from_secs(60));
    }
    world.answer(move |_| {
        Some(Reply::new(
            500,
            format!("CANARY-token-1 {}", all_at_once()).replace(TOKEN, ""),
        ))
    });
    let error = world.error(&client, get_order());
    assert_error_is_clean(&error);
}

#[test]
fn the_last_order_of_a_wait_that_failed_shows_no_secret() {
    let (world, client) = hostile(|| reply(200, &json!({ "status": "DIGI_FAILED", "comments": all_at_once() })));
    let waiting = client.clone();
    let options = WaitOptions::default();
    let error = world
        .run(Wait::for_order(waiting, NO_ID, Goal::Issued, options).reach(&|_| ()))
        .map(drop)
        .unwrap_err();
    assert_error_is_clean(&error);
}

#[test]
fn a_preview_shows_no_secret_wherever_the_caller_put_it() {
    let world = World::new();
    let client = world.client_of(setup());
    let call = request("POST", "/thing")
        .filter(json!({ "password": PASSWORD }))
        .body(json!({ "comments": format!("{KEY} and {PASSWORD}"), KEY: 1 }));
    let prepared = client.prepare(call.request()).ok().unwrap();
    let shown = format!("{} {:?} {:?}", prepared.url, prepared.headers, prepared.body);
    assert!(!shown.contains("CANARY"), "{shown}");
    let body = serde_json::from_str::<serde_json::Value>(&prepared.body.unwrap()).unwrap();
    assert_eq!(body, json!({ "comments": "*** and ***", "***": 1 }));
}

#[test]
fn a_preview_masks_what_it_would_send() {
    let (world, client) = hostile(|| reply(200, &json!({})));
    world.value(&client, get_order());
    let prepared = client.prepare(get_order().request()).unwrap();
    let shown = format!(
        "{} {} {:?} {:?}",
        prepared.method, prepared.url, prepared.headers, prepared.body
    );
    assert_clean("the preview", &shown);
    let header = |name: &str| {
        prepared
            .headers
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(
        (header("x-api-key"), header("authorization")),
        (Some("***"), Some("Bearer ***"))
    );
}

#[test]
fn an_arguments_refusal_shows_nothing_of_the_argument() {
    let (world, client) = hostile(|| reply(200, &json!({})));
    for id in [
        TOKEN,
        "x",
        "-----BEGIN PRIVATE KEY-----\nMIIE",
        "123e4567-e89b-12d3-a456-42661417400g",
    ] {
        let error = world.error(&client, call("orders.get").id(id));
        assert_eq!(kind_of(&error), ("ValidationError", "invalid"), "{id}");
        assert!(!format!("{error:?}").contains(id), "{error:?}");
    }
}

#[test]
fn the_address_of_a_call_shows_no_secret_that_is_in_its_query() {
    let (world, client) = hostile(|| reply(200, &json!({})));
    let call = || request("GET", "/thing").filter(json!({ "token": TOKEN, "password": PASSWORD }));
    world.call(&client, call()).unwrap();
    world.take_events();
    let info = world.call(&client, call()).unwrap().info;
    assert_clean("the response's description", &format!("{info:?}"));
    assert_events_are_clean(&world);
}

#[test]
fn the_error_of_a_call_shows_no_secret_that_is_in_its_query() {
    for answer in [
        (|| reply(404, &json!({}))) as fn() -> Reply,
        || Reply::new(200, "<html>"),
        || Reply::failure("reset", false),
        || reply(200, &json!({})).after(std::time::Duration::from_secs(100)),
        || reply(429, &json!({})).header("retry-after", "600"),
    ] {
        let (world, client) = hostile(answer);
        let call = || call("organizations.list").filter(json!({ "name": format!("{TOKEN} {PASSWORD} {KEY}") }));
        assert_error_is_clean(&world.error(&client, call()));
        // After a 429 that asks to wait for so long, the next is not sent at all.
        assert_error_is_clean(&world.error(&client, call()));
        assert_events_are_clean(&world);
    }
}

#[test]
fn what_a_caller_misspells_shows_no_secret() {
    let (world, client) = hostile(|| reply(200, &json!({})));
    world.value(&client, get_order());
    let error = world.error(&client, call("orders.list").filter(json!({ (TOKEN): 1 })));
    let shown = all_of(&error);
    assert_clean("the error", &shown);
    assert!(shown.contains("a name that is not one"), "{shown}");
}

#[test]
fn what_a_success_holds_is_the_callers_and_is_not_touched() {
    let body = json!({ "comments": all_at_once() });
    let sent = body.clone();
    let (world, client) = hostile(move || reply(200, &sent));
    assert_eq!(world.value(&client, get_order()), body);
}

struct ChattyStore;

impl TokenStore for ChattyStore {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        async { Ok(None) }.boxed_local()
    }

    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        async move { Err(StoreError(format!("cannot keep {token:?} for {PASSWORD}"))) }.boxed_local()
    }
}

#[test]
fn a_store_that_fails_with_the_token_in_its_words_gives_none_away() {
    let world = World::new();
    let client = world.client_of(Setup::auth(Auth::Password {
        api_key: Secret::Text(KEY.into()),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: Some(Rc::new(ChattyStore)),
    }));
    world.answer(|_| Some(reply(200, &json!({ "token": TOKEN }))));
    world.value(&client, get_order());
    assert_events_are_clean(&world);
}

#[test]
fn a_private_key_is_sent_in_no_part_of_a_call() {
    const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    let world = World::new();
    let client = world.client();
    for (name, call) in [
        (
            "query",
            call("orders.list").filter(json!({ "commonNames": ["a.example", PRIVATE_KEY] })),
        ),
        (
            "body",
            call("contacts.create").body(json!({ "firstName": PRIVATE_KEY })),
        ),
        (
            "query of any",
            request("GET", "/thing").filter(json!({ "name": PRIVATE_KEY })),
        ),
        ("body of any", request("POST", "/thing").body(json!([PRIVATE_KEY]))),
    ] {
        let error = world.error(&client, call);
        assert_eq!(finding_of(&error).0, "private_key", "{name}");
        assert!(!error.message.contains("MIGH"), "{}", error.message);
    }
    assert!(world.take_lines().is_empty());
}
