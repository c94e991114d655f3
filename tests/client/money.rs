//! An order costs money: none is made twice.

use std::time::Duration;

use futures_util::future::join;
use markmonitor_certs::client::{Client, Error, orders::OnceOptions};
use sandbox::{Drop, FaultRule};
use serde_json::{Value, json};

use crate::{
    call::call,
    fixtures::{
        COMMON_NAME, CSR, CSR_OF_NEW_KEY, class_of, create, create_once, create_once_with, id_of, new_order, status_of,
    },
    virtual_platform::Reply,
    world::{Sent, World, json as reply},
};

const CREATE: &str = "POST /certs/v1/order";
const LIST: &str = "GET /certs/v1/order";

fn here() -> (World, Client, Value) {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    (world, client, organization)
}

fn dv_order(organization: &Value) -> Value {
    new_order(organization, "SSL_DV_GEOTRUST", COMMON_NAME)
}

fn once(world: &World, client: &Client, order: Value) -> Result<Value, Error> {
    world.run(create_once(client.clone(), order))
}

fn creations(world: &World) -> usize {
    world.take_lines().iter().filter(|line| *line == CREATE).count()
}

#[test]
fn an_order_that_is_not_there_is_created() {
    let (world, client, organization) = here();
    let order = once(&world, &client, dv_order(&organization)).unwrap();
    assert_eq!((status_of(&order), creations(&world)), ("CREATED", 1));
}

#[test]
fn an_order_that_is_pending_or_issued_is_found() {
    let (world, client, organization) = here();
    let first = once(&world, &client, dv_order(&organization)).unwrap();
    // At once: it does not show its CSR yet, and is waited for until it does.
    assert_eq!(
        id_of(&once(&world, &client, dv_order(&organization)).unwrap()),
        id_of(&first)
    );
    world.advance(Duration::from_secs(3600));
    let found = once(&world, &client, dv_order(&organization)).unwrap();
    assert_eq!((id_of(&found), status_of(&found)), (id_of(&first), "DIGI_ISSUED"));
    assert_eq!(creations(&world), 1);
}

#[test]
fn an_order_of_another_name_or_csr_or_one_that_has_ended_is_not_the_same() {
    let (world, client, organization) = here();
    let first = once(&world, &client, dv_order(&organization)).unwrap();
    world.advance(Duration::from_secs(10));
    let mut other_csr = dv_order(&organization);
    other_csr["cert"]["csr"] = json!(CSR_OF_NEW_KEY);
    let second = once(&world, &client, other_csr).unwrap();
    assert_ne!(id_of(&second), id_of(&first));
    let other_name = new_order(&organization, "SSL_DV_GEOTRUST", "www.shop.example.com");
    once(&world, &client, other_name).unwrap();
    world.value(&client, call("orders.cancel").id(id_of(&first)));
    let again = once(&world, &client, dv_order(&organization)).unwrap();
    assert_ne!(id_of(&again), id_of(&first));
    assert_eq!(creations(&world), 4);
}

#[test]
fn an_order_whose_creation_was_answered_by_nobody_is_found() {
    let (world, client, organization) = here();
    for fault in [
        FaultRule {
            drop: Some(Drop::After),
            ..FaultRule::default()
        },
        FaultRule {
            body: Some("<html>502</html>".into()),
            ..FaultRule::default()
        },
        FaultRule {
            delay_ms: 60_000,
            ..FaultRule::default()
        },
    ] {
        let mut order = dv_order(&organization);
        order["cert"]["commonName"] = json!(format!("{}.shop.example.com", world.now().as_millis()));
        world.take_sent();
        world.fault(FaultRule {
            method: Some("POST".into()),
            path: Some("/order".into()),
            times: Some(1),
            ..fault
        });
        let made = once(&world, &client, order.clone()).unwrap();
        assert_eq!(creations(&world), 1);
        assert_eq!(id_of(&once(&world, &client, order).unwrap()), id_of(&made));
        assert_eq!(creations(&world), 0);
    }
}

#[test]
fn an_order_of_unknown_outcome_that_is_not_there_is_an_error_and_is_not_made_again() {
    let (world, client, organization) = here();
    world.fault(FaultRule {
        method: Some("POST".into()),
        path: Some("/order".into()),
        times: Some(1),
        drop: Some(Drop::Before),
        ..FaultRule::default()
    });
    let error = once(&world, &client, dv_order(&organization)).unwrap_err();
    assert_eq!(
        (class_of(&error), error.may_have_been_applied()),
        ("ConnectionError", true)
    );
    assert_eq!(creations(&world), 1);
}

#[test]
fn an_order_that_was_accepted_at_an_address_that_leads_nowhere_may_be_there() {
    for address in ["/certs/v1/order", "/certs/v1/order/12345", "about:blank", "::::", ""] {
        let (world, client, organization) = here();
        let accepts = move |sent: &Sent| {
            let is_order = sent.method == "POST" && sent.path.ends_with("/order");
            is_order.then(|| Reply::new(201, "").header("location", address))
        };
        world.answer(accepts);
        let order = dv_order(&organization);
        let error = world.error(&client, create(order.clone()));
        assert!(error.may_have_been_applied(), "{address}: {error:?}");
        let error = once(&world, &client, order).unwrap_err();
        assert!(error.may_have_been_applied(), "{address}: {error:?}");
    }
}

#[test]
fn an_order_that_waits_for_a_token_is_not_there() {
    for (status, login) in [(200, r#"{"token":null}"#), (204, ""), (200, "<html>")] {
        let (world, _, organization) = here();
        let client = world.client();
        world.answer(move |sent| sent.is_auth().then(|| Reply::new(status, login)));
        world.take_sent();
        let named = OnceOptions {
            once_id: Some("order 1".into()),
            ..OnceOptions::default()
        };
        let order = dv_order(&organization);
        let failed = world.run(create_once_with(client.clone(), order.clone(), named.clone()));
        let error = failed.unwrap_err();
        assert_eq!(
            (class_of(&error), error.may_have_been_applied()),
            ("DecodeError", false)
        );
        assert_eq!(creations(&world), 0);
        world.answer(|_| None);
        world.run(create_once_with(client, order, named)).unwrap();
        assert_eq!(creations(&world), 1);
    }
}

#[test]
fn an_order_that_is_refused_is_not_looked_for() {
    let (world, client, organization) = here();
    let mut order = dv_order(&organization);
    order["contacts"][0]["id"] = json!(crate::fixtures::NO_ID);
    world.take_sent();
    assert_eq!(class_of(&once(&world, &client, order).unwrap_err()), "NotFoundError");
    // By name, under way, and the newest.
    assert_eq!(world.take_lines(), [LIST, LIST, LIST, CREATE]);
}

#[test]
fn two_at_a_time_make_one_order() {
    let (world, client, organization) = here();
    let creation = || create_once(client.clone(), dv_order(&organization));
    let (one, other) = world.run(join(creation(), creation()));
    assert_eq!(id_of(&one.unwrap()), id_of(&other.unwrap()));
    assert_eq!(creations(&world), 1);
}

#[test]
fn an_order_is_found_although_the_service_formats_its_csr_again() {
    let world = World::new();
    let client = world.client();
    let body: String = CSR.lines().filter(|line| !line.starts_with('-')).collect();
    let forms = [
        body.clone(),
        format!("-----BEGIN CERTIFICATE REQUEST-----{body}-----END CERTIFICATE REQUEST-----"),
        CSR.replace('\n', "\r\n"),
    ];
    for csr in forms {
        let order =
            json!({ "id": "found", "status": "DIGI_PENDING", "cert": { "commonName": COMMON_NAME, "csr": csr } });
        world.answer_calls(move |_| reply(200, &json!({ "content": [order] })));
        let new = json!({ "cert": { "commonName": COMMON_NAME, "csr": CSR } });
        assert_eq!(id_of(&once(&world, &client, new).unwrap()), "found");
    }
}

#[test]
fn an_order_that_never_shows_its_csr_is_an_error_rather_than_a_second_order() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|sent| {
        let order = json!({ "id": crate::fixtures::NO_ID, "status": "CREATED", "cert": null });
        if sent.line() == "GET /certs/v1/order" {
            return reply(200, &json!([order]));
        }
        reply(200, &order)
    });
    let new = json!({ "cert": { "commonName": COMMON_NAME, "csr": CSR } });
    let error = once(&world, &client, new).unwrap_err();
    assert_eq!(error.code.as_str(), "order_unclear");
    assert_eq!(creations(&world), 0);
    assert!(world.now() < Duration::from_secs(120));
}
