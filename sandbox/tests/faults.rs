use sandbox::{Drop, FaultRule, Options, Request};
use serde_json::json;

use crate::support::{Caller, order};

fn rule(json: serde_json::Value) -> FaultRule {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_fault_with_a_status_answers_in_the_services_place() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
    caller.sandbox.fault(rule(json!({
        "method": "post", "path": "/order", "times": 1, "status": 502, "headers": { "Content-Type": "text/html" }, "body": "<h1>Bad gateway</h1>", "delayMs": 70,
    })));
    assert_eq!(caller.call("GET", "/order", None).status, 200, "another method");
    let response = caller.post("/order", &body);
    assert_eq!(
        (response.status, response.body.as_slice(), response.delay_ms),
        (502, &b"<h1>Bad gateway</h1>"[..], 70)
    );
    assert_eq!(response.header("content-type"), Some("text/html"));
    assert_eq!(caller.get("/order")["page"]["totalElements"], 0, "it had no effect");
    assert_eq!(caller.post("/order", &body).status, 202, "once only");
}

#[test]
fn a_fault_without_a_status_spoils_the_services_own_answer() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    caller.sandbox.fault(rule(
        json!({ "path": "/order", "times": 1, "body": "{\"id\": \"cut", "headers": { "x-odd": "1" } }),
    ));
    let response = caller.post("/order", &order(&organization, "SSL_DV_GEOTRUST", "example.com"));
    assert_eq!(
        (response.status, response.body.as_slice()),
        (202, &b"{\"id\": \"cut"[..])
    );
    assert_eq!(response.header("x-odd"), Some("1"));
    assert_eq!(caller.get("/order")["page"]["totalElements"], 1, "it had its effect");
}

#[test]
fn a_connection_is_cut_before_the_effect_or_after_it() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
    for (drop, orders) in [("before", 0), ("after", 1)] {
        caller
            .sandbox
            .fault(rule(json!({ "method": "POST", "times": 1, "drop": drop })));
        let expected = if drop == "before" { Drop::Before } else { Drop::After };
        assert_eq!(caller.post("/order", &body).drop, Some(expected));
        assert_eq!(caller.get("/order")["page"]["totalElements"], orders, "{drop}");
    }
}

#[test]
fn a_fault_lasts_as_often_as_it_says_or_until_it_is_cleared() {
    let mut caller = Caller::new();
    caller.get("/order");
    caller.sandbox.fault(rule(json!({ "times": 2, "status": 503 })));
    let statuses: Vec<_> = (0..4).map(|_| caller.call("GET", "/order", None).status).collect();
    assert_eq!(statuses, [503, 503, 200, 200]);
    caller.sandbox.fault(rule(json!({ "status": 500 })));
    assert!((0..50).all(|_| caller.call("GET", "/order", None).status == 500));
    caller.sandbox.clear_faults();
    assert_eq!(caller.call("GET", "/order", None).status, 200);
}

#[test]
fn a_fault_by_probability_comes_from_the_seed() {
    let statuses = |seed| {
        let mut caller = Caller::with(Options {
            seed,
            rate_limit: None,
            ..Options::default()
        });
        caller.get("/order");
        caller
            .sandbox
            .fault(rule(json!({ "probability": 0.25, "status": 503 })));
        (0..400)
            .map(|_| caller.call("GET", "/order", None).status)
            .collect::<Vec<_>>()
    };
    let failed = statuses(3).iter().filter(|status| **status == 503).count();
    assert!((60..140).contains(&failed), "{failed}");
    assert_eq!(statuses(3), statuses(3));
    assert_ne!(statuses(3), statuses(4));
}

#[test]
fn every_response_is_held_back_by_the_latency() {
    let mut caller = Caller::with(Options {
        latency_ms: 40,
        ..Options::default()
    });
    assert_eq!(caller.send(&Request::new("GET", "/")).delay_ms, 40);
    caller.sandbox.fault(rule(json!({ "delayMs": 5 })));
    assert_eq!(caller.send(&Request::new("GET", "/")).delay_ms, 45);
}

#[test]
fn a_rule_with_a_word_that_nobody_knows_is_refused() {
    assert!(serde_json::from_value::<FaultRule>(json!({ "stauts": 500 })).is_err());
}
