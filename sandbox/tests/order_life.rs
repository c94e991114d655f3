use sandbox::{DAY, HOUR, MINUTE, Options, SECOND};
use serde_json::{Value, json};

use crate::support::{Caller, EXPLICIT_CURVE, code, expect, order, text};

#[test]
fn a_dv_order_is_issued_within_minutes_whatever_its_organization() {
    for seed in 1..20 {
        let mut caller = Caller::with(Options {
            seed,
            rate_limit: None,
            ..Options::default()
        });
        let organization = caller.organization();
        for cert_type in ["SSL_DV_GEOTRUST", "SSL_DV_THAWTE"] {
            let start = caller.now;
            let id = caller.order(&organization, cert_type, "example.com");
            caller.wait_for_certificate(&id);
            let took = caller.now.since(start);
            assert!((20 * SECOND..5 * MINUTE).contains(&took), "seed {seed}: {took} ms");
            assert_eq!(
                caller.statuses_so_far(&id),
                ["DIGI_PENDING", "DIGI_PROCESSING", "DIGI_ISSUED"]
            );
        }
    }
}

#[test]
fn an_ov_order_of_a_validated_organization_is_issued_within_hours() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    for kind in [
        "SSL_OV_BASIC",
        "SSL_OV_SECURESITE",
        "SSL_OV_SECURESITE_PRO",
        "SSL_OV_GEOTRUST_TRUEBIZID",
        "SSL_OV_THAWTE_WEBSERVER",
    ] {
        let start = caller.now;
        let id = caller.order(&organization, kind, "example.com");
        caller.wait_for_certificate(&id);
        assert!((HOUR..5 * HOUR).contains(&caller.now.since(start)), "{kind}");
        assert_eq!(
            caller.statuses_so_far(&id),
            ["DIGI_PENDING", "DIGI_PROCESSING", "DIGI_ISSUED"]
        );
    }
}

#[test]
fn an_ev_order_is_issued_after_its_approver_approved_it() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    for kind in [
        "SSL_EV_BASIC",
        "SSL_EV_SECURESITE",
        "SSL_EV_SECURESITE_PRO",
        "SSL_EV_GEOTRUST_TRUEBIZID",
        "SSL_EV_THAWTE_WEBSERVER",
    ] {
        let start = caller.now;
        let id = caller.order(&organization, kind, "example.com");
        caller.wait_for_certificate(&id);
        assert!((2 * HOUR..DAY).contains(&caller.now.since(start)), "{kind}");
        let history = caller.get(&format!("/order/{id}/history?text=approver+approved"));
        assert_eq!(history["page"]["totalElements"], 1, "{kind}");
        assert!(history["content"][0].get("userName").is_none());
    }
}

#[test]
fn an_order_may_be_placed_while_its_organization_is_pending_and_waits_for_it() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = caller.order(&organization, "SSL_OV_BASIC", "example.com");
    let path = format!("/organization/{}", text(&organization, "/id"));
    caller.wait_for_status(&id, "DIGI_PENDING");
    caller.wait_until(|caller| {
        let is_validated = caller.get(&path)["validations"][0]["status"] == "ACTIVE";
        assert_eq!(caller.order_status(&id), "DIGI_PENDING");
        is_validated
    });
    caller.wait_for_certificate(&id);
}

#[test]
fn a_validation_that_starts_again_holds_up_the_orders_after_it() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    let contact = text(&organization, "/contacts/0/id");
    caller.patch(&format!("/contact/{contact}"), &json!({ "jobTitle": "Director" }));
    let id = caller.order(&organization, "SSL_OV_BASIC", "example.com");
    caller.advance(90 * MINUTE);
    assert_eq!(caller.order_status(&id), "DIGI_PENDING");
    caller.wait_for_certificate(&id);
    assert!(
        crate::support::validation_statuses(&caller.get(&format!("/organization/{}", text(&organization, "/id"))))
            .contains(&"ACTIVE".to_owned())
    );
}

#[test]
fn the_issued_status_shows_a_moment_before_the_certificate() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = caller.order(&organization, "SSL_DV_GEOTRUST", "example.com");
    caller.wait_for_status(&id, "DIGI_ISSUED");
    let order = caller.get(&format!("/order/{id}"));
    for name in ["endEntityCert", "intermediateCert", "rootCert"] {
        assert_eq!(order["cert"][name], Value::Null, "{name}");
    }
    assert!(order["cert"]["serialNumber"].is_string());
    assert_eq!(
        code(&caller.download(&id, "pem_all")),
        (409, "CERTIFICATE_NOT_ISSUED".to_owned())
    );
    caller.advance(10 * SECOND);
    let order = caller.get(&format!("/order/{id}"));
    for name in ["endEntityCert", "intermediateCert", "rootCert"] {
        assert!(
            text(&order["cert"], &format!("/{name}")).starts_with("-----BEGIN CERTIFICATE-----\n"),
            "{name}"
        );
    }
}

#[test]
fn an_explicit_curve_fails_the_order_within_a_second_and_without_a_reason() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let mut body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
    body["cert"]["csr"] = json!(EXPLICIT_CURVE);
    let id = text(&expect(202, &caller.post("/order", &body)), "/id");
    assert_eq!(caller.order_status(&id), "CREATED");
    caller.advance(SECOND);
    let order = caller.get(&format!("/order/{id}"));
    assert_eq!(order["status"], "DIGI_FAILED");
    assert!(!order.to_string().contains("curve"));
}

#[test]
fn common_names_choose_other_fates() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    for (name, path) in [
        ("rejected.example", &["DIGI_PENDING", "DIGI_REJECTED"][..]),
        ("www.failed.example", &["DIGI_FAILED"]),
        ("never.example", &["DIGI_PENDING", "DIGI_EXPIRED"]),
        ("a.b.needs-csr.example", &["DIGI_NEEDS_CSR", "DIGI_EXPIRED"]),
        ("waiting-pickup.example", &["DIGI_WAITING_PICKUP", "DIGI_EXPIRED"]),
        (
            "*.needs-approval.example",
            &["DIGI_NEEDS_APPROVAL", "DIGI_PENDING", "DIGI_PROCESSING", "DIGI_ISSUED"],
        ),
        ("slow.example", &["DIGI_PENDING", "DIGI_PROCESSING", "DIGI_ISSUED"]),
        (
            "notrejected.example",
            &["DIGI_PENDING", "DIGI_PROCESSING", "DIGI_ISSUED"],
        ),
        (
            "rejected.example.com",
            &["DIGI_PENDING", "DIGI_PROCESSING", "DIGI_ISSUED"],
        ),
    ] {
        let mut body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
        body["cert"]["commonName"] = json!(name);
        let id = text(&expect(202, &caller.post("/order", &body)), "/id");
        caller.wait_for_status(&id, path.last().unwrap());
        assert_eq!(caller.statuses_so_far(&id), path, "{name}");
    }
}

#[test]
fn an_order_expires_with_its_certificate() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let order = caller.get(&format!("/order/{id}"));
    let until = sandbox::Timestamp::parse(&text(&order, "/cert/dateValidUntil")).unwrap();
    caller.now = until;
    assert_eq!(caller.order_status(&id), "DIGI_ISSUED");
    assert_eq!(caller.get(&format!("/order/{id}"))["cert"]["daysRemaining"], 0);
    caller.advance(SECOND);
    assert_eq!(caller.order_status(&id), "DIGI_EXPIRED");
}

#[test]
fn days_remaining_count_down() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let path = format!("/order/{id}");
    let first = caller.get(&path)["cert"]["daysRemaining"].as_u64().unwrap();
    assert_eq!(first, 199);
    caller.advance(30 * DAY);
    assert_eq!(caller.get(&path)["cert"]["daysRemaining"], first - 30);
}

#[test]
fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    let world = |seed| {
        let mut caller = Caller::with(Options {
            seed,
            rate_limit: None,
            ..Options::default()
        });
        let id = caller.issued_order();
        caller.get(&format!("/order/{id}"))
    };
    assert_eq!(world(5), world(5));
    let (one, other) = (world(5), world(6));
    for pointer in [
        "/id",
        "/cert/serialNumber",
        "/cert/rootCert",
        "/cert/providerDateCreated",
    ] {
        assert_ne!(one.pointer(pointer), other.pointer(pointer), "{pointer}");
    }
}

#[test]
fn a_jump_in_time_gives_the_same_as_many_steps() {
    let finish = |steps: u64| {
        let mut caller = Caller::new();
        let organization = caller.organization();
        let id = caller.order(&organization, "SSL_EV_BASIC", "example.com");
        for _ in 0..steps {
            caller.advance((30 * DAY).div_euclid(steps));
        }
        caller.get(&format!("/order/{id}"))
    };
    assert_eq!(finish(1), finish(1_000));
}

#[test]
fn time_does_not_go_back() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let later = caller.now;
    caller.now = later.minus(HOUR);
    assert_eq!(caller.order_status(&id), "DIGI_ISSUED");
}
