//! What is looked at before it is sent: a new order, a reissue, an action (guide 7.4).

use markmonitor_certs::{
    api::orders::{Order, OrderAction},
    client::{
        Client, Error,
        actions::{OrderRef, change},
        check::{check_order, check_reissue},
        error::Kind,
        options::CallOptions,
    },
    pki::{Finding, Severity},
};
use serde_json::{Value, json};

use crate::{
    fixtures::{COMMON_NAME, CSR, NO_ID, create},
    world::{World, json as reply},
};

fn order() -> Value {
    json!({
        "organizationId": NO_ID, "certType": "SSL_OV_BASIC", "locale": "en", "provider": "DIGICERT",
        "contacts": [{ "id": NO_ID, "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }] }],
        "cert": { "commonName": COMMON_NAME, "csr": CSR, "dnsNames": ["www.shop.example.com"] },
    })
}

/// The order with some fields replaced.
fn with(changes: Value) -> Value {
    let mut order = order();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Object(fields) if name == "cert" => {
                order["cert"].as_object_mut().unwrap().extend(fields.clone());
            }
            _ => order[name] = value.clone(),
        }
    }
    order
}

fn told(findings: &[Finding], severity: Severity) -> Vec<(&'static str, String)> {
    let told = findings.iter().filter(|finding| finding.severity == severity);
    told.map(|finding| (finding.code, finding.field.clone().unwrap()))
        .collect()
}

fn errors(order: Value) -> Vec<(&'static str, String)> {
    told(&check_order(&create(order).order.view), Severity::Error)
}

fn warnings(order: Value) -> Vec<(&'static str, String)> {
    told(&check_order(&create(order).order.view), Severity::Warning)
}

fn at(code: &'static str, field: &str) -> (&'static str, String) {
    (code, field.to_owned())
}

#[test]
fn a_good_order_has_no_finding() {
    assert_eq!(check_order(&create(order()).order.view), []);
}

#[test]
fn all_that_is_required_is_named_at_once() {
    let missing = errors(json!({ "locale": " ", "contacts": [], "cert": { "csr": "" } }));
    let fields = [
        "organizationId",
        "contacts",
        "certType",
        "locale",
        "provider",
        "cert.commonName",
        "cert.csr",
    ];
    assert_eq!(missing, fields.map(|field| at("required", field)));
    assert!(errors(json!({})).contains(&at("required", "cert")));
}

#[test]
fn ids_are_uuids() {
    let contacts = json!([{ "id": "bob" }]);
    assert_eq!(
        errors(with(json!({ "organizationId": "7", "contacts": contacts }))),
        [at("invalid_id", "organizationId"), at("invalid_id", "contacts[0].id")]
    );
}

#[test]
fn an_ev_order_needs_an_approver_and_has_no_wildcard() {
    assert_eq!(
        errors(with(json!({ "certType": "SSL_EV_BASIC" }))),
        [at("ev_approver_missing", "contacts")]
    );
    let contacts = json!([{ "id": NO_ID, "contactTypes": [{ "type": "EXTENDED_VALIDATION_APPROVER" }] }]);
    let ev = json!({ "certType": "SSL_EV_BASIC", "contacts": contacts });
    assert_eq!(errors(with(ev.clone())), []);
    let mut wildcard = with(ev);
    wildcard["cert"]["dnsNames"] = json!(["*.shop.example.com"]);
    assert_eq!(errors(wildcard), [at("ev_wildcard", "cert.dnsNames[0]")]);
}

#[test]
fn names_are_dns_names() {
    assert_eq!(
        errors(with(
            json!({ "cert": { "dnsNames": ["*.shop.example.com", "xn--bcher-kva.com"] } })
        )),
        []
    );
    for name in [
        "shop_1.example.com",
        "localhost",
        "10.0.0.1",
        "*",
        "a.*.example.com",
        "https://example.com",
        "münchen.de",
    ] {
        let found = errors(with(json!({ "cert": { "dnsNames": ["www.example.com", name] } })));
        assert!(
            found.iter().any(|(_, field)| field == "cert.dnsNames[1]"),
            "{name}: {found:?}"
        );
        let found = errors(with(json!({ "cert": { "commonName": name } })));
        assert!(
            found.iter().any(|(_, field)| field == "cert.commonName"),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn a_name_that_stands_twice_is_a_warning() {
    let order = with(json!({ "cert": { "dnsNames": ["a.example.com", "A.example.com"] } }));
    assert_eq!(warnings(order), [at("duplicate_dns_name", "cert.dnsNames[1]")]);
}

#[test]
fn a_name_of_the_csr_that_the_order_lacks_is_a_warning_for_it_will_not_be_in_the_certificate() {
    let csr = include_str!("data/with_sans.csr");
    let found = check_order(&create(with(json!({ "cert": { "csr": csr } }))).order.view);
    assert_eq!(told(&found, Severity::Warning), [at("order_lacks_name", "cert.csr")]);
    assert!(
        found[0].message.contains("only-in-the-csr.example.com"),
        "{}",
        found[0].message
    );
    let covered = json!({ "cert": { "csr": csr, "dnsNames": ["only-in-the-csr.example.com"] } });
    assert_eq!(warnings(with(covered)), []);
}

#[test]
fn a_common_name_that_differs_from_the_csrs_is_a_warning() {
    let csr = include_str!("data/other_name.csr");
    assert_eq!(
        warnings(with(json!({ "cert": { "csr": csr } }))),
        [at("order_common_name_differs", "cert.csr")]
    );
}

#[test]
fn a_key_that_will_be_refused_is_an_error() {
    let explicit = with(json!({ "cert": { "csr": include_str!("data/explicit_curve.csr") } }));
    assert_eq!(errors(explicit), [at("ec_explicit_parameters", "cert.csr")]);
    let weak = with(json!({ "cert": { "csr": include_str!("data/weak_rsa.csr") } }));
    assert_eq!(errors(weak), [at("rsa_too_small", "cert.csr")]);
    assert_eq!(
        errors(with(json!({ "cert": { "csr": "no CSR" } }))),
        [at("csr_unreadable", "cert.csr")]
    );
}

fn reissue_errors(body: Value) -> Vec<(&'static str, String)> {
    let order = json!({ "status": "DIGI_ISSUED", "cert": { "commonName": COMMON_NAME, "dnsNames": [] } });
    let order = markmonitor_certs::api::model::Model::<Order>::from(order);
    told(&check_reissue(&body, Some(&order.view)), Severity::Error)
}

#[test]
fn a_reissue_cannot_change_the_common_name() {
    assert_eq!(reissue_errors(json!({})), []);
    assert_eq!(
        reissue_errors(json!({ "cert": { "csr": CSR, "commonName": "Shop.Example.com" } })),
        []
    );
    assert_eq!(
        reissue_errors(json!({ "cert": { "commonName": "other.example.com" } })),
        [at("reissue_changes_common_name", "cert.commonName")]
    );
    assert_eq!(
        reissue_errors(json!({ "cert": { "csr": include_str!("data/other_name.csr") } })),
        [at("reissue_changes_common_name", "cert.csr")]
    );
    assert_eq!(
        reissue_errors(json!({ "cert": { "csr": include_str!("data/explicit_curve.csr") } })),
        [at("ec_explicit_parameters", "cert.csr")]
    );
}

fn create_order(world: &World, client: &Client, order: Value, check: bool) -> Result<Value, Error> {
    let (client, call) = (client.clone(), create(order));
    world.run(async move {
        let reply = client.create_order(&call, check, CallOptions::default()).await?;
        Ok(reply.value.json)
    })
}

#[test]
fn what_would_be_refused_is_not_sent_and_all_findings_are_given_at_once() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(202, &json!({ "id": NO_ID })));
    let bad = with(
        json!({ "locale": null, "cert": { "csr": include_str!("data/explicit_curve.csr"), "dnsNames": ["a_b.example.com"] } }),
    );
    let error = create_order(&world, &client, bad.clone(), true).unwrap_err();
    assert_eq!(error.class(), "ValidationError");
    let Kind::Validation { findings } = &error.kind else {
        panic!("{error:?}")
    };
    assert_eq!(findings.len(), 3);
    assert!(
        findings.iter().all(|finding| error.message.contains(&finding.message)),
        "{}",
        error.message
    );
    assert!(world.take_lines().is_empty());
    assert!(
        create_order(&world, &client, bad, false).is_ok(),
        "`check: false` skips it"
    );
}

#[test]
fn a_warning_does_not_stop_an_order() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(202, &json!({ "id": NO_ID })));
    let order = with(json!({ "cert": { "csr": include_str!("data/with_sans.csr") } }));
    assert!(create_order(&world, &client, order, true).is_ok());
}

#[test]
fn an_action_that_the_orders_status_forbids_is_not_sent() {
    let order = OrderRef::of(json!({ "id": NO_ID, "status": "DIGI_ISSUED" })).unwrap();
    let world = World::new();
    let client = world.client();
    let acting = client.clone();
    let options = CallOptions::default();
    let error = world
        .run(async move {
            acting
                .change_order(&order, OrderAction::Cancel, None, true, options)
                .await
        })
        .unwrap_err();
    assert_eq!(error.class(), "ValidationError");
    assert!(world.take_lines().is_empty());
}

#[test]
fn a_reissue_is_checked_unless_told_otherwise() {
    let body = json!({ "cert": { "csr": include_str!("data/weak_rsa.csr") } });
    let order = OrderRef::of(json!(NO_ID)).unwrap();
    assert!(change(&order, OrderAction::Reissue, Some(body.clone()), true).is_err());
    assert!(change(&order, OrderAction::Reissue, Some(body), false).is_ok());
}
