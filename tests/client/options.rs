//! What a client can be told: read-only, previews, other settings, closing.

use std::time::Duration;

use markmonitor_certs::{
    api::{
        call::Call,
        contacts::{CreateContact, DeleteContact, ListContacts},
        orders::{ChangeOrder, DownloadCert, GetOrder, ListPrices, OrderAction},
    },
    client::{
        Error,
        error::Kind,
        options::{Auth, Settings},
    },
};
use serde_json::json;

use crate::{
    fixtures::NO_ID,
    world::{CERTS, Setup, World, json as reply},
};

fn read_only() -> Settings {
    Settings {
        read_only: true,
        ..Settings::default()
    }
}

fn finding(error: &Error) -> &'static str {
    match &error.kind {
        Kind::Validation { findings } => findings[0].code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_read_only_client_sends_nothing_but_gets() {
    let world = World::new();
    let client = world.client_of(Setup::settings(read_only()));
    let change = ChangeOrder {
        id: NO_ID.into(),
        action: OrderAction::Cancel,
        body: json!({}),
    };
    assert_eq!(
        finding(&world.call(&client, CreateContact { contact: json!({}) }).unwrap_err()),
        "read_only"
    );
    assert_eq!(finding(&world.call(&client, change).unwrap_err()), "read_only");
    assert_eq!(
        finding(&world.call(&client, DeleteContact { id: NO_ID.into() }).unwrap_err()),
        "read_only"
    );
    assert!(world.take_lines().is_empty());
    world.value(&client, ListContacts::default());
    assert_eq!(
        world.take_lines(),
        ["POST /auth/v1/auth/authenticate", "GET /certs/v1/contact"]
    );
}

#[test]
fn a_preview_is_the_request_that_would_be_sent_and_nothing_leaves() {
    let world = World::new();
    let client = world.client();
    let call = ChangeOrder {
        id: NO_ID.into(),
        action: OrderAction::UpdateAdditionalEmails,
        body: json!({ "additionalEmails": ["a@example.com"] }),
    };
    let prepared = client.prepare(call.request()).unwrap();
    assert!(world.take_lines().is_empty());
    world.answer_calls(|_| reply(200, &json!({})));
    world.value(&client, call);
    let sent = world.last_sent();
    assert_eq!((prepared.method, prepared.url), (sent.method.clone(), sent.url.clone()));
    assert_eq!(
        prepared.body.map(|body| serde_json::from_str(&body).unwrap()),
        sent.body
    );
    let names = |headers: &[(String, String)]| headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&prepared.headers), names(&sent.headers));
}

#[test]
fn a_preview_refuses_what_a_call_would_refuse() {
    let world = World::new();
    let client = world.client_of(Setup::settings(read_only()));
    let bad = DownloadCert {
        id: "x".into(),
        format: "p7b".into(),
    };
    assert_eq!(finding(&client.prepare(bad.request()).err().unwrap()), "invalid_id");
    let create = CreateContact { contact: json!({}) };
    assert_eq!(finding(&client.prepare(create.request()).err().unwrap()), "read_only");
}

#[test]
fn a_preview_through_a_proxy_shows_no_credentials_for_there_are_none() {
    let world = World::new();
    let client = world.client_of(Setup {
        certs_base: "/api",
        ..Setup::auth(Auth::Proxy)
    });
    let prepared = client.prepare(ListPrices {}.request()).unwrap();
    assert_eq!(prepared.url, "/api/order/prices");
    assert_eq!(prepared.headers, [("accept".to_owned(), "application/json".to_owned())]);
}

#[test]
fn a_client_of_other_settings_shares_token_and_limit() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    let other = client.with_settings(read_only(), None);
    world.value(&client, ListPrices {});
    world.value(&other, ListPrices {});
    assert_eq!(world.take_lines().len(), 3, "one authentication");
    assert_eq!(client.limiter().state().used, other.limiter().state().used);
    assert!(world.call(&other, CreateContact { contact: json!({}) }).is_err());
    assert!(!client.settings().read_only);
}

#[test]
fn a_closed_client_makes_no_further_call_and_ends_those_under_way() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!([])));
    let under_way = world.start_call(&client, ListPrices {});
    client.close();
    assert_eq!(world.call(&client, ListPrices {}).unwrap_err().code, "closed");
    let other = client.with_settings(Settings::default(), None);
    assert_eq!(
        world.call(&other, ListPrices {}).unwrap_err().code,
        "closed",
        "they share the account"
    );
    let asked = client.clone();
    assert_eq!(
        world.run(async move { asked.token().await }).unwrap_err().code,
        "closed"
    );
    let asked = client.clone();
    assert_eq!(
        world.run(async move { asked.authenticate().await }).err().unwrap().code,
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
    let call = GetOrder { id: NO_ID.into() };
    assert_eq!(
        client.prepare(call.request()).unwrap().url,
        format!("/api/markmonitor/order/{NO_ID}")
    );
    let absolute = world.client();
    assert_eq!(
        absolute.prepare(call.request()).unwrap().url,
        format!("{CERTS}/order/{NO_ID}")
    );
}
