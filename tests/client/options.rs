//! The options of a client: read-only, previews, other settings, closing.

use std::time::Duration;

use markmonitor_certs::{
    api::{ENDPOINTS, Method},
    client::{Error, auth::Auth, options::Settings},
};
use serde_json::json;

use crate::{
    call::{Call, call, of},
    fixtures::{NO_ID, finding_of, get_order, prices},
    world::{CERTS, Setup, World, json as reply},
};

fn read_only() -> Settings {
    Settings {
        read_only: true,
        ..Settings::default()
    }
}

fn create_contact() -> Call {
    call("contacts.create").body(json!({}))
}

fn finding(error: &Error) -> &'static str {
    finding_of(error).0
}

#[test]
fn a_read_only_client_sends_nothing_but_gets() {
    let world = World::new();
    let client = world.client_of(Setup::settings(read_only()));
    for row in ENDPOINTS {
        let call = of(row).id(NO_ID).history_id(NO_ID).body(json!({}));
        if row.method == Method::Get {
            assert!(client.prepare(call.request()).is_ok(), "{}", row.operation);
        } else {
            let error = world.error(&client, call);
            assert_eq!(finding_of(&error), ("read_only", "readOnly"), "{}", row.operation);
        }
    }
    assert!(world.take_lines().is_empty());
    world.value(&client, call("contacts.list"));
    assert_eq!(
        world.take_lines(),
        ["POST /auth/v1/auth/authenticate", "GET /certs/v1/contact"]
    );
}

#[test]
fn a_preview_is_the_request_that_would_be_sent_and_nothing_leaves() {
    let world = World::new();
    let client = world.client();
    let call = call("orders.updateAdditionalEmails")
        .id(NO_ID)
        .body(json!({ "additionalEmails": ["a@example.com"] }));
    let prepared = client.prepare(call.clone().request()).unwrap();
    assert!(world.take_lines().is_empty());
    world.answer_calls(|_| reply(200, &json!({ "id": NO_ID })));
    world.value(&client, call);
    let sent = world.last_sent();
    assert_eq!((prepared.method, &prepared.url), (sent.method.as_str(), &sent.url));
    assert_eq!(
        prepared.body.map(|body| serde_json::from_str(&body).unwrap()),
        sent.body
    );
    let prepared: Vec<&str> = prepared.headers.iter().map(|(name, _)| *name).collect();
    let sent: Vec<&str> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(prepared, sent);
}

#[test]
fn a_preview_refuses_what_a_call_would_refuse() {
    let world = World::new();
    let client = world.client_of(Setup::settings(read_only()));
    let bad = call("orders.download").id("x").filter(json!({ "format": "p7b" }));
    assert_eq!(finding(&client.prepare(bad.request()).err().unwrap()), "invalid_id");
    assert_eq!(
        finding(&client.prepare(create_contact().request()).err().unwrap()),
        "read_only"
    );
}

#[test]
fn a_preview_through_a_proxy_shows_no_credentials_for_there_are_none() {
    let world = World::new();
    let client = world.client_of(Setup {
        certs_base: "/api",
        ..Setup::auth(Auth::Proxy)
    });
    let prepared = client.prepare(prices().request()).unwrap();
    assert_eq!(prepared.url, "/api/order/prices");
    assert_eq!(prepared.headers, [("accept", "application/json".to_owned())]);
}

#[test]
fn a_client_of_other_settings_shares_token_and_limit() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    let other = client.with_settings(read_only(), None);
    world.value(&client, prices());
    world.value(&other, prices());
    assert_eq!(world.take_lines().len(), 3, "one authentication");
    assert_eq!(client.limiter().state().used, other.limiter().state().used);
    assert!(world.call(&other, create_contact()).is_err());
    assert!(!client.settings().read_only);
}

#[test]
fn a_closed_client_makes_no_further_call_and_ends_those_under_way() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    let under_way = world.start_call(&client, prices());
    client.close();
    assert_eq!(world.error(&client, prices()).code.as_str(), "closed");
    let other = client.with_settings(Settings::default(), None);
    assert_eq!(
        world.error(&other, prices()).code.as_str(),
        "closed",
        "they share the account"
    );
    let asked = client.clone();
    assert_eq!(
        world.run(async move { asked.token().await }).unwrap_err().code.as_str(),
        "closed"
    );
    let asked = client.clone();
    assert_eq!(
        world
            .run(async move { asked.authenticate().await })
            .err()
            .unwrap()
            .code
            .as_str(),
        "closed"
    );
    world.advance(Duration::from_secs(1));
    assert!(under_way.result().is_some_and(|result| result.is_ok()));
}

#[test]
fn a_path_on_the_pages_own_origin_is_a_base_as_good_as_an_address() {
    let world = World::new();
    let client = world.client_of(Setup {
        certs_base: "/api/markmonitor/",
        auth_base: "/api/auth",
        ..Setup::default()
    });
    assert_eq!(
        client.prepare(get_order().request()).unwrap().url,
        format!("/api/markmonitor/order/{NO_ID}")
    );
    let absolute = world.client();
    assert_eq!(
        absolute.prepare(get_order().request()).unwrap().url,
        format!("{CERTS}/order/{NO_ID}")
    );
}
