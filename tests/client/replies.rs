//! What the service sends is what the caller gets, and what this version does not know does no harm.

use markmonitor_certs::{
    api::{
        Body as _, ENDPOINTS, Form, Parsed,
        facts::{OrderStatus, StatusKind},
        renewal::is_of_level,
    },
    client::{ErrorCode, lists::Page, options::CallOptions, orders::renewal_of},
};
use serde_json::{Value, json};

use crate::{
    call::{call, fields, of},
    fixtures::{NO_ID, facts_of, get_order, json_of, prices},
    world::{World, json as reply},
};

/// What a call gives for a body.
fn read(body: Value) -> Value {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| reply(200, &body));
    world.value(&client, get_order())
}

fn page(body: Value) -> Page {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| reply(200, &body));
    Page::of(world.call(&client, call("orders.list")).unwrap(), "content")
}

fn list(body: Value) -> Vec<Value> {
    page(body).items().map(|item| json_of(&item)).collect()
}

#[test]
fn unknown_fields_are_kept_as_they_came_and_in_their_order() {
    let body = json!({ "zeta": [1, { "b": null }], "id": NO_ID, "cert": { "dcvToken": "t" }, "alpha": 1.50 });
    let order = read(body.clone());
    assert_eq!(order.to_string(), body.to_string());
}

#[test]
fn every_call_hands_out_what_the_service_sent() {
    for row in ENDPOINTS.iter().filter(|row| !row.operation.starts_with("tokens.")) {
        let item =
            json!({ "id": NO_ID, "zeta": 1.5, "providerId": 7, "price": null, "alpha": { "beta": [null, "x"] } });
        let body = match row.reply {
            Form::List => json!([item, 7, null]),
            Form::File => json!("PEM"),
            Form::Page { items } => json!({ "new": 1, items: [item, null], "page": { "number": 0, "odd": "x" } }),
            _ => item,
        };
        let world = World::new();
        let client = world.client();
        let sent = body.clone();
        world.answer_calls(move |_| reply(200, &sent));
        let got = world.call(&client, of(row).id(NO_ID).history_id(NO_ID).body(json!({})));
        let got = got.unwrap_or_else(|error| panic!("{}: {error:?}", row.operation)).body;
        match row.reply {
            Form::File => assert_eq!(got.text(), body.to_string(), "{}", row.operation),
            _ => assert_eq!(json_of(&got).to_string(), body.to_string(), "{}", row.operation),
        }
    }
}

#[test]
fn unknown_values_pass_through_and_count_as_pending() {
    let order = read(json!({ "status": "DIGI_THINKING", "certType": "SSL_XV_NEW" }));
    let status = facts_of(&order).status.unwrap();
    assert_eq!((status.as_str(), status.kind()), ("DIGI_THINKING", StatusKind::Pending));
    assert_eq!(order["certType"], "SSL_XV_NEW");
    // Nobody knows what an unknown type demands: its contacts have the type that each needs.
    let old = json!({ "certType": "SSL_XV_NEW", "organizationId": NO_ID, "contacts": [NO_ID], "cert": { "commonName": "a.b" } });
    let renewal = renewal_of(&old, &fields(json!({ "csr": "CSR" }))).unwrap();
    assert_eq!(
        renewal["contacts"][0]["contactTypes"],
        json!([{ "type": "ORGANIZATION_CONTACT" }])
    );
}

#[test]
fn the_words_of_the_service_decide_in_whatever_case_they_come() {
    for (word, spelt) in [
        ("PENDING", true),
        ("Pending", true),
        ("revoked", true),
        ("Revoked", true),
        ("SOON", false),
    ] {
        let order = Parsed::from(json!({ "status": "digi_issued", "cert": { "revokeStatus": word } })).order();
        assert_eq!(order.cert.unwrap().is_revoked_or_to_be(), spelt, "{word}");
    }
    let organization = |role: &str, kind: &str| {
        Parsed::from(json!({
            "contacts": [{ "contactTypes": [{ "type": role }] }],
            "validations": [{ "type": kind, "status": "active" }, { "type": "EV", "status": "Expired" }],
        }))
        .organization()
    };
    let (upper, lower) = (
        organization("ORGANIZATION_CONTACT", "EV"),
        organization("organization_contact", "ev"),
    );
    assert_eq!(upper, lower);
    assert!(!lower.lacks_role("ORGANIZATION_CONTACT"));
    assert!(is_of_level(Some("ssl_dv_geotrust"), "DV"));
}

#[test]
fn a_provider_id_is_a_number_or_a_text() {
    for (id, text) in [(json!(12_345_678_901_u64), "12345678901"), (json!("0017"), "0017")] {
        let order = read(json!({ "cert": { "providerId": id }, "providerId": id }));
        assert_eq!(facts_of(&order).cert.unwrap().provider_id.unwrap().0, text);
        assert_eq!(order["providerId"], id, "and the caller gets it as it is");
    }
}

#[test]
fn a_certificate_may_be_null_and_lists_may_be_absent() {
    let order = read(json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": null }));
    let facts = facts_of(&order);
    assert_eq!(facts.cert, None);
    assert!(!facts.is_issued(), "issued means the certificate too");
    assert_eq!(order.get("contacts"), None);
    let empty = read(json!({ "status": "DIGI_ISSUED", "cert": { "endEntityCert": "" } }));
    assert!(!facts_of(&empty).is_issued());
}

#[test]
fn a_field_of_another_type_counts_as_absent_and_is_kept() {
    let body =
        json!({ "id": [7], "status": ["DIGI_ISSUED"], "contacts": "none", "additionalEmails": null, "price": 12 });
    let order = read(body.clone());
    assert_eq!(order, body);
    let facts = facts_of(&order);
    assert_eq!((facts.id, facts.status), (None, None));
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
    // An empty list may be left out where it is said that nothing is there.
    for nothing in [
        json!({ "page": { "totalElements": 0 } }),
        json!({ "totalPages": 0 }),
        json!({ "content": null, "totalElements": 0 }),
    ] {
        assert_eq!(list(nothing), [] as [Value; 0]);
    }
}

#[test]
fn what_is_no_page_is_not_an_empty_one() {
    for (body, says) in [
        (json!({}), "found none"),
        (json!({ "content": null }), "found null"),
        (json!({ "content": {} }), "found an object"),
        (json!({ "page": { "totalElements": 2 } }), "found none"),
        (
            json!({ "_embedded": { "orders": [] }, "page": { "totalElements": 1 } }),
            "found none",
        ),
        (json!({ "orders": [{ "id": NO_ID }] }), "found none"),
        (
            json!({ "errors": [{ "code": "X", "message": "out of order" }] }),
            "X: out of order",
        ),
        (
            json!({ "status": 500, "title": "Internal", "detail": "out of order" }),
            "out of order",
        ),
        (
            json!({ "content": [], "Errors": [{ "Code": "X", "Message": "out of order" }] }),
            "X: out of order",
        ),
        (
            json!({ "content": [], "status": 503, "error": "out of order" }),
            "out of order",
        ),
        (
            json!({ "content": [], "page": { "totalElements": 0 }, "success": false }),
            "found an error",
        ),
        (
            json!({ "content": [{ "id": NO_ID }], "errors": [{ "message": "a partial result" }] }),
            "a partial result",
        ),
        (json!("none"), "found a string"),
    ] {
        let world = World::new();
        let client = world.client();
        let sent = body.clone();
        world.answer_calls(move |_| reply(200, &sent));
        let error = world
            .run(async move { client.call(call("orders.list").request(), CallOptions::default()).await })
            .err()
            .unwrap();
        assert_eq!(error.code, ErrorCode::Unreadable, "{body}");
        assert!(error.message.contains(says), "{body}: {}", error.message);
    }
}

#[test]
fn an_error_that_comes_with_a_success_is_none_of_what_was_asked_for() {
    for (body, is_error) in [
        (json!({ "errors": [{ "message": "blocked" }] }), true),
        (json!({ "validations": { "csr": ["blocked"] } }), true),
        (json!({ "error": "blocked" }), true),
        (json!({ "fault": { "faultstring": "blocked" } }), true),
        (json!({ "status": 503, "title": "blocked" }), true),
        (json!({ "id": null, "errors": [{ "message": "blocked" }] }), true),
        (json!({ "id": NO_ID, "errors": [{ "message": "an old one" }] }), false),
        (json!({ "status": "CREATED", "errors": [] }), false),
        (json!({ "message": "sent" }), false),
        (json!({ "status": 200, "message": "sent" }), false),
    ] {
        for operation in ["orders.get", "orders.revoke"] {
            let world = World::new();
            let client = world.client();
            let sent = body.clone();
            world.answer_calls(move |_| reply(200, &sent));
            let asked = call(operation).id(NO_ID).request();
            let writes = operation != "orders.get";
            let ended = world.run(async move { client.call(asked, CallOptions::default()).await });
            assert_eq!(ended.is_err(), is_error, "{operation}: {body}");
            if let Err(error) = ended {
                assert_eq!(
                    (error.code, error.may_have_been_applied()),
                    (ErrorCode::Unreadable, writes)
                );
                assert!(error.message.contains("blocked"), "{}", error.message);
            }
        }
    }
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
    let prices = world.value(&client, prices());
    assert_eq!(prices[0]["errorMessage"], "not for you");
    assert_eq!(prices[1]["totalPrice"], 12.5);
}

#[test]
fn any_status_of_success_is_taken() {
    for status in [200, 201, 202, 206, 226] {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |_| reply(status, &json!({ "email": "a@b.c" })));
        let contact = world.value(&client, call("contacts.get").id(NO_ID));
        assert_eq!(contact["email"], "a@b.c");
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
        let read: OrderStatus = OrderStatus::from(status.to_owned());
        assert_eq!((read.kind(), read.as_str()), (kind, status));
        assert!(!matches!(read, OrderStatus::Other(_)), "{status}");
    }
}

#[test]
fn a_change_whose_reply_is_not_what_it_changed_returns_that() {
    let order = json!({ "id": NO_ID, "status": "CREATED" });
    for said in [
        json!({ "message": "OK" }),
        json!({ "code": 200, "message": "Accepted" }),
        json!({ "status": "SUCCESS" }),
        json!({ "errors": [] }),
        json!({ "data": order }),
        json!({ "id": null, "status": "CREATED" }),
        json!({ "id": "", "status": "CREATED" }),
    ] {
        let world = World::new();
        let (client, whole, words) = (world.client(), order.clone(), said.clone());
        world.answer_calls(move |sent| match sent.method.as_str() {
            "PATCH" => reply(200, &words),
            _ => reply(200, &whole),
        });
        let reissue = call("orders.reissue").id(NO_ID).body(json!({ "cert": {} }));
        assert_eq!(world.value(&client, reissue), order, "{said}");
    }
}

#[test]
fn an_order_that_the_reply_names_in_another_word_is_fetched_and_one_that_it_does_not_name_is_in_doubt() {
    for (said, is_named) in [
        (json!({ "resourceId": NO_ID, "status": "CREATED" }), true),
        (json!({ "id": null, "resourceId": NO_ID }), true),
        (json!({ "status": "CREATED" }), false),
        (json!({ "id": null, "status": "CREATED" }), false),
        (json!({ "id": "", "status": "CREATED" }), false),
        (json!({ "message": "OK" }), false),
    ] {
        let world = World::new();
        let (client, words) = (world.client(), said.clone());
        world.answer_calls(move |sent| match sent.method.as_str() {
            "POST" => reply(202, &words),
            _ => reply(200, &json!({ "id": NO_ID })),
        });
        match world.call(&client, call("orders.create").body(json!({}))) {
            Ok(made) => assert!(is_named && json_of(&made.body)["id"] == NO_ID, "{said}"),
            Err(error) => assert!(!is_named && error.may_have_been_applied(), "{said}: {error:?}"),
        }
    }
}
