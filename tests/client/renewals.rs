//! The order that renews another (guide 8.5).

use markmonitor_certs::client::{Client, Error, options::CallOptions, orders::OnceOptions};
use serde_json::{Value, json};

use crate::{
    call::{call, fields},
    fixtures::{COMMON_NAME, CSR, CSR_OF_NEW_KEY, create_once, create_once_with, id_of, new_order, person},
    world::World,
};

fn renewal(world: &World, client: &Client, order: &Value, changes: Value) -> Result<Value, Error> {
    let (client, order) = (client.clone(), order.clone());
    world.run(async move { client.renewal(&order, &fields(changes), CallOptions::default()).await })
}

#[test]
fn roles_come_from_the_contacts_themselves() {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    let mut bob = person("bob@example.com", &["ORGANIZATION_CONTACT"]);
    bob["organizationId"] = organization["id"].clone();
    let bob = id_of(&world.value(&client, call("contacts.create").body(bob)));
    let first = id_of(&organization["contacts"][0]);
    // The service adds one of its own.
    let all = world.value(&client, call("contacts.list"));
    let is_technical = |contact: &&Value| contact["contactTypes"][0]["type"] == "TECHNICAL_CONTACT";
    let technical = id_of(all["content"].as_array().unwrap().iter().find(is_technical).unwrap());
    let old = |cert_type: &str| {
        json!({
            "id": "o", "certType": cert_type, "organizationId": organization["id"], "contacts": [first, bob, technical],
            "cert": { "commonName": COMMON_NAME },
        })
    };
    let both = json!([{ "type": "ORGANIZATION_CONTACT" }, { "type": "EXTENDED_VALIDATION_APPROVER" }]);
    let one = json!([{ "type": "ORGANIZATION_CONTACT" }]);
    let contacts =
        |cert_type: &str| renewal(&world, &client, &old(cert_type), json!({ "csr": CSR })).unwrap()["contacts"].clone();
    assert_eq!(
        contacts("SSL_EV_BASIC"),
        json!([{ "id": first, "contactTypes": both }, { "id": bob, "contactTypes": one }])
    );
    assert_eq!(
        contacts("SSL_OV_BASIC"),
        json!([{ "id": first, "contactTypes": one }, { "id": bob, "contactTypes": one }])
    );
    world.take_sent();
    let own = json!([{ "id": first, "contactTypes": one }]);
    let renewed = renewal(
        &world,
        &client,
        &old("SSL_EV_BASIC"),
        json!({ "csr": CSR, "contacts": own }),
    )
    .unwrap();
    assert_eq!(renewed["contacts"], own);
    assert!(world.take_lines().is_empty(), "nobody is asked who was named");
}

#[test]
fn a_renewal_with_the_same_key_is_a_new_order_and_is_placed_once() {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    let once = |order: Value| world.run(create_once(client.clone(), order));
    once(new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME)).unwrap();
    world.advance(core::time::Duration::from_secs(3600));
    let old = once(new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME)).unwrap();
    assert_eq!(old["status"], "DIGI_ISSUED");
    let new = renewal(&world, &client, &old, json!({ "csr": CSR })).unwrap();
    let renewed = once(new.clone()).unwrap();
    assert_ne!(id_of(&renewed), id_of(&old));
    // In a process that remembers nothing, the next night.
    world.advance(core::time::Duration::from_secs(86_400));
    let tomorrow = world.client();
    let again = world.run(create_once(tomorrow.clone(), new)).unwrap();
    assert_eq!(id_of(&again), id_of(&renewed));
    // With a key of its own it is not that order, and not another one either.
    let other_key = renewal(&world, &client, &old, json!({ "csr": CSR_OF_NEW_KEY })).unwrap();
    let error = world
        .run(create_once_with(tomorrow, other_key, OnceOptions::default()))
        .unwrap_err();
    assert_eq!(error.code.as_str(), "order_differs");
}
