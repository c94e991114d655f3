//! Models are lenient: what the service sends is kept, and what this version does not know does no harm.

use markmonitor_certs::api::{
    contacts::GetContact,
    model::Model,
    orders::{GetOrder, ListOrders, ListPrices, Order, OrderStatus, StatusKind},
};
use serde_json::{Value, json};

use crate::{
    fixtures::NO_ID,
    world::{World, json as reply},
};

/// What a call gives for a body.
fn read(body: Value) -> Model<Order> {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| reply(200, &body));
    world.value(&client, GetOrder { id: NO_ID.into() })
}

fn list(body: Value) -> Vec<Value> {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| reply(200, &body));
    let page = world.value(&client, ListOrders::default());
    page.content.into_iter().map(|order| order.json).collect()
}

#[test]
fn unknown_fields_are_kept_as_they_came_and_in_their_order() {
    let body = json!({ "zeta": [1, { "b": null }], "id": NO_ID, "cert": { "dcvToken": "t" }, "alpha": 1.50 });
    let order = read(body.clone());
    assert_eq!(order.json.to_string(), body.to_string());
}

#[test]
fn unknown_values_pass_through_and_count_as_pending() {
    let order = read(json!({ "status": "DIGI_THINKING", "certType": "SSL_XV_NEW" }));
    let status = order.view.status.unwrap();
    assert_eq!((status.as_str(), status.kind()), ("DIGI_THINKING", StatusKind::Pending));
    let cert_type = order.view.cert_type.unwrap();
    assert_eq!((cert_type.as_str(), cert_type.level()), ("SSL_XV_NEW", None));
}

#[test]
fn a_provider_id_is_a_number_or_a_text() {
    for (id, text) in [(json!(12_345_678_901_u64), "12345678901"), (json!("0017"), "0017")] {
        let order = read(json!({ "providerId": id }));
        assert_eq!(order.view.provider_id.unwrap().0, text);
    }
}

#[test]
fn a_certificate_may_be_null_and_lists_may_be_absent() {
    let order = read(json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": null }));
    assert_eq!(order.view.cert, None);
    assert!(!order.view.is_issued(), "issued means the certificate too");
    assert_eq!(order.view.contacts, None);
    let empty = read(json!({ "status": "DIGI_ISSUED", "cert": { "endEntityCert": "" } }));
    assert!(!empty.view.is_issued());
}

#[test]
fn a_field_of_another_type_counts_as_absent_and_is_kept() {
    let body = json!({ "id": 7, "status": ["DIGI_ISSUED"], "contacts": "none", "additionalEmails": null, "price": 12 });
    let order = read(body.clone());
    assert_eq!(order.json, body);
    assert_eq!(
        (order.view.id, order.view.status, order.view.contacts),
        (None, None, None)
    );
}

#[test]
fn the_three_envelopes_of_a_page_are_understood() {
    let items = json!([{ "id": "a" }, { "id": "b" }]);
    let expected = items.as_array().cloned().unwrap();
    let counts = json!({ "size": 20, "totalElements": 2, "totalPages": 1, "number": 0 });
    assert_eq!(list(json!({ "content": items, "page": counts })), expected);
    let flat = json!({ "content": items, "size": 20, "totalElements": 2, "totalPages": 1, "number": 0, "last": true });
    assert_eq!(list(flat), expected);
    assert_eq!(list(items), expected);
    assert_eq!(list(json!({ "content": null })), [] as [Value; 0]);
    assert_eq!(list(json!({ "page": counts })), [] as [Value; 0]);
}

#[test]
fn one_odd_item_does_not_lose_the_others() {
    let items = json!([{ "id": "a" }, null, 7, "text", { "id": 3, "cert": "x", "history": {} }, { "id": "b" }]);
    assert_eq!(list(json!({ "content": items })), *items.as_array().unwrap());
}

#[test]
fn a_price_may_say_why_there_is_none() {
    let world = World::new();
    let client = world.client();
    let body = json!([{ "certType": "SSL_EV_BASIC", "errorMessage": "not for you" }, { "totalPrice": 12.5 }]);
    world.answer_calls(move |_| reply(200, &body));
    let prices = world.value(&client, ListPrices {});
    assert_eq!(prices[0].view.error_message.as_deref(), Some("not for you"));
    assert_eq!(prices[1].view.total_price, Some(12.5));
}

#[test]
fn any_status_of_success_is_taken() {
    for status in [200, 201, 202, 206, 226] {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |_| reply(status, &json!({ "email": "a@b.c" })));
        let contact = world.value(&client, GetContact { id: NO_ID.into() });
        assert_eq!(contact.view.email.as_deref(), Some("a@b.c"));
    }
}

#[test]
fn every_status_of_the_guide_has_a_kind() {
    use StatusKind::{Failed, Issued, NeedsPerson, Pending};

    for (status, kind) in [
        ("CREATED", Pending),
        ("REISSUE_REQUEST_PENDING", Pending),
        ("REISSUE_PENDING", Pending),
        ("DIGI_PENDING", Pending),
        ("DIGI_REISSUE_PENDING", Pending),
        ("DIGI_PROCESSING", Pending),
        ("DIGI_ISSUED", Issued),
        ("DIGI_REISSUE_FAILED", Failed),
        ("DIGI_REVOKED", Failed),
        ("DIGI_CANCELED", Failed),
        ("DIGI_REJECTED", Failed),
        ("DIGI_EXPIRED", Failed),
        ("DIGI_FAILED", Failed),
        ("DIGI_NEEDS_APPROVAL", NeedsPerson),
        ("DIGI_NEEDS_CSR", NeedsPerson),
        ("DIGI_WAITING_PICKUP", NeedsPerson),
    ] {
        let read: OrderStatus = serde_json::from_value(json!(status)).unwrap();
        assert_eq!(read.kind(), kind, "{status}");
        assert!(!matches!(read, OrderStatus::Other(_)), "{status}");
    }
}
