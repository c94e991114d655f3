//! What a client sends to a proxy beside the call, and what it makes of the proxy's own refusals.

use std::collections::BTreeSet;

use markmonitor_certs::client::{
    Client,
    auth::Auth,
    events::{Event, SessionChange},
    limiter::Priority,
    options::CallOptions,
};
use serde_json::{Value, json};

use crate::{
    call::{Call, call},
    fixtures::{class_of, kind_of},
    world::{Setup, World, json as reply, lost},
};

const ID: &str = "1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10";

fn here() -> (World, Client) {
    let world = World::new();
    let client = world.client_of(Setup {
        certs_base: "/api/certs",
        auth_base: "/api/certs",
        ..Setup::auth(Auth::Proxy)
    });
    (world, client)
}

fn order() -> Value {
    json!({ "id": ID, "status": "CREATED" })
}

fn keys_of(world: &World) -> Vec<Option<String>> {
    let sent = world.take_sent();
    sent.iter()
        .map(|sent| sent.header("idempotency-key").map(str::to_owned))
        .collect()
}

fn create() -> Call {
    call("orders.create").body(json!({}))
}

fn once(world: &World, client: &Client, call: Call, id: &str) -> Result<(), String> {
    let (client, id) = (client.clone(), id.to_owned());
    let reply = world.run(async move { client.call_once(call.request(), CallOptions::default(), Some(id)).await });
    reply.map(drop).map_err(|error| error.code.as_str().to_owned())
}

#[test]
fn the_user_of_a_page_is_sent_to_those_who_run_the_portal() {
    for status in [403, 404, 405, 413, 421, 500, 502, 503, 504] {
        let (world, client) = here();
        world.answer(move |_| Some(reply(status, &json!({}))));
        for call in [call("orders.get").id(ID), call("orders.list")] {
            let message = world.error(&client, call).message.clone();
            assert!(message.ends_with("Ask those who run the portal."), "{message}");
        }
    }
}

#[test]
fn each_change_has_a_name_of_its_own_and_what_reads_has_none() {
    let (world, client) = here();
    world.answer(|sent| {
        let is_list = sent.line().ends_with("/group");
        Some(reply(200, &if is_list { json!({ "groups": [] }) } else { order() }))
    });
    for _ in 0..20 {
        world.value(&client, create());
    }
    world.value(&client, call("orders.cancel").id(ID));
    let names: BTreeSet<_> = keys_of(&world).into_iter().collect();
    assert_eq!(names.len(), 21);
    assert!(names.iter().flatten().all(|name| name.len() >= 20));
    world.value(&client, call("orders.get").id(ID));
    world.value(&client, call("groups.list"));
    assert_eq!(keys_of(&world), [None, None]);
}

#[test]
fn a_change_that_was_refused_for_the_rate_limit_keeps_its_name() {
    let (world, client) = here();
    let mut left = 2;
    world.answer(move |_| {
        left -= 1;
        Some(if left > 0 {
            reply(429, &json!({}))
        } else {
            reply(200, &order())
        })
    });
    world.value(&client, create());
    let names = keys_of(&world);
    assert_eq!((names.len(), names[0].is_some()), (2, true));
    assert_eq!(names[0], names[1]);
}

#[test]
fn the_name_that_the_caller_gives_is_sent_encoded_and_the_proxy_remembers_it() {
    let (world, client) = here();
    world.answer(|_| Some(lost()));
    let name = "shop 7\r\nx-evil: 1";
    for _ in 0..2 {
        assert_eq!(once(&world, &client, create(), name), Err("connection".into()));
    }
    let sent = Some("shop%207%0D%0Ax-evil%3A%201".to_owned());
    assert_eq!(
        keys_of(&world),
        [sent.clone(), sent],
        "the second is asked of the proxy too"
    );
}

#[test]
fn to_the_service_itself_no_name_is_sent() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &order()));
    once(&world, &client, create(), "shop-7").unwrap();
    assert!(keys_of(&world).iter().all(Option::is_none));
}

#[test]
fn polling_is_named_to_the_proxy_alone() {
    let low = CallOptions {
        priority: Some(Priority::Low),
        ..CallOptions::default()
    };
    let (world, client) = here();
    world.answer(|_| Some(reply(200, &order())));
    world.call_with(&client, call("orders.get").id(ID), low).unwrap();
    assert_eq!(world.last_sent().header("certs-priority"), Some("low"));
    world.value(&client, call("orders.get").id(ID));
    assert_eq!(world.last_sent().header("certs-priority"), None);

    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &order()));
    world.call_with(&client, call("orders.get").id(ID), low).unwrap();
    assert_eq!(world.last_sent().header("certs-priority"), None);
}

#[test]
fn a_session_that_has_ended_is_told_from_a_refused_token() {
    let (world, client) = here();
    world.answer(|_| Some(reply(401, &json!({}))));
    let error = world.error(&client, call("orders.get").id(ID));
    assert_eq!(kind_of(&error), ("SessionEndedError", "session_ended"));
    let told = world.take_events();
    let ended = told
        .iter()
        .filter(|event| matches!(event, Event::Session(session) if session.kind == SessionChange::Ended));
    assert_eq!(ended.count(), 1);

    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(401, &json!({})));
    let error = world.error(&client, call("orders.get").id(ID));
    assert_eq!(class_of(&error), "AuthenticationError");
    assert!(
        !world
            .take_events()
            .iter()
            .any(|event| matches!(event, Event::Session(_)))
    );
}

#[test]
fn what_the_proxy_remembers_of_a_change_is_what_counts() {
    let said = |code: &str| json!({ "errors": [{ "code": code, "message": "…" }] });
    for (status, code, wanted, may_be_done) in [
        (409, "outcome_unknown", ("OutcomeUnknownError", "outcome_unknown"), true),
        (422, "once_id_taken", ("CertsError", "once_id_taken"), false),
        (409, "STATE", ("ConflictError", "conflict"), false),
    ] {
        let (world, client) = here();
        let body = said(code);
        world.answer(move |_| Some(reply(status, &body)));
        let error = world.error(&client, create());
        assert_eq!(
            (kind_of(&error), error.may_have_been_applied()),
            (wanted, may_be_done),
            "{code}"
        );
    }
    // The service's own words are not the proxy's.
    let world = World::new();
    let client = world.client();
    let body = said("outcome_unknown");
    world.answer_calls(move |_| reply(409, &body));
    assert_eq!(class_of(&world.error(&client, create())), "ConflictError");
}
