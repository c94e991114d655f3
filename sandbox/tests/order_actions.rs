use sandbox::{HOUR, MINUTE, SECOND};
use serde_json::{Value, json};

use crate::support::{Caller, EC_RENEWED, EXPLICIT_CURVE, code, expect, problems, text};

/// The refusal of an action that the order's status forbids.
fn not_allowed() -> (u16, String) {
    (409, "STATUS_NOT_ALLOWED".to_owned())
}

/// An order of a common name that is in this status.
fn order_in(caller: &mut Caller, common_name: &str, status: &str) -> String {
    let organization = caller.organization();
    let id = caller.order(&organization, "SSL_DV_GEOTRUST", common_name);
    caller.wait_for_status(&id, status);
    id
}

#[test]
fn an_order_can_be_canceled_while_created_pending_or_waiting_for_pickup_only() {
    for (name, status, is_allowed) in [
        ("example.com", "CREATED", true),
        ("example.com", "DIGI_PENDING", true),
        ("waiting-pickup.example", "DIGI_WAITING_PICKUP", true),
        ("example.com", "DIGI_PROCESSING", false),
        ("example.com", "DIGI_ISSUED", false),
        ("needs-approval.example", "DIGI_NEEDS_APPROVAL", false),
        ("needs-csr.example", "DIGI_NEEDS_CSR", false),
        ("rejected.example", "DIGI_REJECTED", false),
        ("failed.example", "DIGI_FAILED", false),
        ("never.example", "DIGI_EXPIRED", false),
    ] {
        let mut caller = Caller::new();
        let id = order_in(&mut caller, name, status);
        let response = caller.act(&id, "cancel");
        if is_allowed {
            assert_eq!(expect(200, &response)["status"], "DIGI_CANCELED", "{status}");
            caller.advance(24 * HOUR);
            assert_eq!(
                caller.order_status(&id),
                "DIGI_CANCELED",
                "what was scheduled before is void"
            );
            assert_eq!(code(&caller.act(&id, "cancel")), not_allowed());
        } else {
            assert_eq!(code(&response), not_allowed(), "{status}");
        }
    }
}

#[test]
fn a_certificate_is_revoked_for_ever() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let pending = expect(200, &caller.act(&id, "revoke"));
    assert_eq!(
        (&pending["status"], &pending["cert"]["revokeStatus"]),
        (&json!("DIGI_ISSUED"), &json!("PENDING"))
    );
    assert_eq!(code(&caller.act(&id, "revoke")), (409, "ALREADY_REVOKED".to_owned()));
    assert_eq!(code(&caller.act(&id, "reissue")), not_allowed());
    caller.advance(5 * MINUTE);
    let revoked = caller.get(&format!("/order/{id}"));
    assert_eq!(
        (&revoked["status"], &revoked["cert"]["revokeStatus"]),
        (&json!("DIGI_REVOKED"), &json!("REVOKED"))
    );
    for action in ["revoke", "reissue", "cancel"] {
        assert_eq!(code(&caller.act(&id, action)), not_allowed(), "{action}");
    }
    assert_eq!(caller.download(&id, "pem_all").status, 200);
    caller.advance(400 * 24 * HOUR);
    assert_eq!(caller.order_status(&id), "DIGI_REVOKED");
}

#[test]
fn only_an_issued_certificate_can_be_revoked() {
    for (name, status) in [
        ("example.com", "CREATED"),
        ("example.com", "DIGI_PENDING"),
        ("rejected.example", "DIGI_REJECTED"),
    ] {
        let mut caller = Caller::new();
        let id = order_in(&mut caller, name, status);
        assert_eq!(code(&caller.act(&id, "revoke")), not_allowed(), "{status}");
    }
    let mut caller = Caller::new();
    let id = order_in(&mut caller, "example.com", "DIGI_ISSUED");
    assert_eq!(
        code(&caller.act(&id, "revoke")),
        not_allowed(),
        "the certificate is not there yet"
    );
}

#[test]
fn a_revocation_ends_the_reissue_that_is_under_way() {
    for (name, status) in [
        ("example.com", "REISSUE_REQUEST_PENDING"),
        ("example.com", "DIGI_REISSUE_PENDING"),
        ("reissue-failed.example", "DIGI_REISSUE_FAILED"),
        ("reissue-stuck.example", "REISSUE_PENDING"),
    ] {
        let mut caller = Caller::new();
        let organization = caller.organization();
        let id = caller.order(&organization, "SSL_DV_GEOTRUST", name);
        caller.wait_for_certificate(&id);
        let serial = caller.get(&format!("/order/{id}"))["cert"]["serialNumber"].clone();
        expect(200, &caller.act(&id, "reissue"));
        caller.wait_for_status(&id, status);
        expect(200, &caller.act(&id, "revoke"));
        assert_eq!(code(&caller.act(&id, "cancel")), not_allowed(), "{status}");
        caller.wait_for_status(&id, "DIGI_REVOKED");
        caller.advance(10 * 24 * HOUR);
        let after = caller.get(&format!("/order/{id}"));
        assert_eq!(
            (&after["status"], &after["cert"]["serialNumber"]),
            (&json!("DIGI_REVOKED"), &serial)
        );
    }
}

#[test]
fn a_reissue_gives_a_new_certificate_of_the_same_order() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let path = format!("/order/{id}");
    let before = caller.get(&path);
    let changes = json!({ "cert": { "csr": EC_RENEWED, "dnsNames": ["new.example.com"], "serverPlatform": "NGINX" } });
    let requested = expect(200, &caller.patch(&format!("{path}/reissue"), &changes));
    assert_eq!(requested["status"], "REISSUE_REQUEST_PENDING");
    assert_eq!(
        requested["cert"], before["cert"],
        "the old certificate is shown until the new one is issued"
    );
    caller.wait_for_status(&id, "DIGI_REISSUE_PENDING");
    caller.wait_for_status(&id, "DIGI_ISSUED");
    let issued = caller.get(&path);
    assert_eq!(
        issued["cert"]["endEntityCert"],
        Value::Null,
        "the status shows a moment before the certificate"
    );
    caller.wait_for_certificate(&id);
    let after = caller.get(&path);
    assert_eq!(after["providerId"], before["providerId"]);
    for name in ["providerId", "serialNumber", "endEntityCert"] {
        assert_ne!(after["cert"][name], before["cert"][name], "{name}");
    }
    assert_eq!(after["cert"]["id"], before["cert"]["id"]);
    assert_eq!(after["cert"]["commonName"], "example.com");
    assert_eq!(after["cert"]["dnsNames"], json!(["new.example.com"]));
    assert_eq!(
        (&after["cert"]["csr"], &after["cert"]["serverPlatform"]),
        (&json!(EC_RENEWED), &json!("NGINX"))
    );
}

#[test]
fn a_reissue_without_changes_repeats_the_certificate() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let path = format!("/order/{id}");
    let before = caller.get(&path);
    expect(200, &caller.act(&id, "reissue"));
    caller.wait_for_status(&id, "DIGI_REISSUE_PENDING");
    caller.wait_for_certificate(&id);
    let after = caller.get(&path);
    for name in ["csr", "commonName", "dnsNames"] {
        assert_eq!(after["cert"][name], before["cert"][name], "{name}");
    }
    assert_ne!(after["cert"]["providerId"], before["cert"]["providerId"]);
}

#[test]
fn a_reissue_is_checked_like_a_new_order_and_keeps_the_common_name() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let path = format!("/order/{id}/reissue");
    let wrong = json!({ "cert": { "csr": "x", "dnsNames": ["-"], "algorithmHash": "DSA" }, "ignoreOrgCheck": 1, "additionalEmails": ["x"] });
    let mut fields: Vec<_> = problems(&caller.patch(&path, &wrong))
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "additionalEmails[0]",
            "cert.algorithmHash",
            "cert.csr",
            "cert.dnsNames[0]",
            "ignoreOrgCheck"
        ]
    );
    let renamed = json!({ "cert": { "commonName": "other.example.com" } });
    assert_eq!(
        code(&caller.patch(&path, &renamed)),
        (409, "COMMON_NAME_FIXED".to_owned())
    );
    let same = json!({ "cert": { "commonName": "EXAMPLE.com" }, "additionalEmails": ["ops@example.com"] });
    assert_eq!(
        expect(200, &caller.patch(&path, &same))["additionalEmails"],
        json!(["ops@example.com"])
    );
}

#[test]
fn only_an_issued_order_can_be_reissued() {
    for (name, status) in [
        ("example.com", "CREATED"),
        ("example.com", "DIGI_PENDING"),
        ("failed.example", "DIGI_FAILED"),
    ] {
        let mut caller = Caller::new();
        let id = order_in(&mut caller, name, status);
        assert_eq!(code(&caller.act(&id, "reissue")), not_allowed(), "{status}");
    }
}

#[test]
fn a_pending_reissue_can_be_canceled_and_leaves_the_certificate() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let path = format!("/order/{id}");
    let before = caller.get(&path);
    caller.act(&id, "reissue");
    assert_eq!(
        code(&caller.act(&id, "cancel")),
        not_allowed(),
        "the provider does not have it yet"
    );
    caller.wait_for_status(&id, "DIGI_REISSUE_PENDING");
    assert_eq!(expect(200, &caller.act(&id, "cancel"))["status"], "DIGI_ISSUED");
    caller.advance(HOUR);
    let after = caller.get(&path);
    assert_eq!(after["cert"]["serialNumber"], before["cert"]["serialNumber"]);
    assert_eq!(after["cert"]["endEntityCert"], before["cert"]["endEntityCert"]);
}

#[test]
fn a_reissue_can_fail_and_leaves_the_certificate() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = caller.order(&organization, "SSL_DV_GEOTRUST", "reissue-failed.example");
    caller.wait_for_certificate(&id);
    let before = caller.get(&format!("/order/{id}"));
    caller.act(&id, "reissue");
    caller.wait_for_status(&id, "DIGI_REISSUE_FAILED");
    assert_eq!(
        caller.get(&format!("/order/{id}"))["cert"]["serialNumber"],
        before["cert"]["serialNumber"]
    );
    assert_eq!(code(&caller.act(&id, "reissue")), not_allowed());
    assert_eq!(caller.act(&id, "revoke").status, 200);
}

#[test]
fn an_explicit_curve_fails_a_reissue_within_a_second() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    expect(
        200,
        &caller.patch(
            &format!("/order/{id}/reissue"),
            &json!({ "cert": { "csr": EXPLICIT_CURVE } }),
        ),
    );
    caller.advance(SECOND);
    assert_eq!(caller.order_status(&id), "DIGI_REISSUE_FAILED");
}

#[test]
fn a_reissue_waits_for_the_organization_unless_told_not_to() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    let id = caller.order(&organization, "SSL_OV_BASIC", "example.com");
    caller.wait_for_certificate(&id);
    let contact = text(&organization, "/contacts/0/id");
    caller.patch(&format!("/contact/{contact}"), &json!({ "jobTitle": "Director" }));
    let path = format!("/order/{id}");
    let first = caller.get(&path)["cert"]["providerId"].clone();
    caller.act(&id, "reissue");
    caller.advance(100 * MINUTE);
    assert_eq!(caller.order_status(&id), "DIGI_REISSUE_PENDING");
    assert_eq!(caller.act(&id, "cancel").status, 200);
    caller.patch(&format!("{path}/reissue"), &json!({ "ignoreOrgCheck": true }));
    caller.advance(HOUR);
    assert!(caller.has_certificate(&id));
    assert_ne!(caller.get(&path)["cert"]["providerId"], first);
}

#[test]
fn a_reissue_that_was_canceled_while_it_waited_does_not_come_back() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    let id = caller.order(&organization, "SSL_OV_BASIC", "example.com");
    caller.wait_for_certificate(&id);
    let contact = text(&organization, "/contacts/0/id");
    caller.patch(&format!("/contact/{contact}"), &json!({ "jobTitle": "Director" }));
    for _ in 0..3 {
        caller.act(&id, "reissue");
        caller.wait_for_status(&id, "DIGI_REISSUE_PENDING");
        caller.act(&id, "cancel");
    }
    caller.act(&id, "reissue");
    caller.advance(100 * HOUR);
    let issued = caller.get(&format!("/order/{id}/history?text=Status+changed+to+DIGI_ISSUED"));
    assert_eq!(
        issued["page"]["totalElements"], 2,
        "once at first, once by the last reissue"
    );
}

#[test]
fn the_dcv_mail_is_sent_again_while_pending_only() {
    let mut caller = Caller::new();
    let id = order_in(&mut caller, "example.com", "DIGI_PENDING");
    expect(200, &caller.act(&id, "sendDcvEmail"));
    caller.wait_for_certificate(&id);
    assert_eq!(code(&caller.act(&id, "sendDcvEmail")), not_allowed());
    caller.act(&id, "reissue");
    caller.wait_for_status(&id, "DIGI_REISSUE_PENDING");
    expect(200, &caller.act(&id, "sendDcvEmail"));
    let lines = caller.get(&format!("/order/{id}/history?text=DCV+mail&userId=demo@example.com"));
    assert_eq!(lines["page"]["totalElements"], 2);
}

#[test]
fn the_certificate_is_sent_by_mail_once_there_is_one() {
    let mut caller = Caller::new();
    let id = order_in(&mut caller, "example.com", "DIGI_PENDING");
    assert_eq!(code(&caller.act(&id, "sendCertificateEmail")), not_allowed());
    caller.wait_for_certificate(&id);
    expect(200, &caller.act(&id, "sendCertificateEmail"));
}

#[test]
fn additional_emails_are_replaced() {
    let mut caller = Caller::new();
    let id = order_in(&mut caller, "example.com", "CREATED");
    let path = format!("/order/{id}/updateAdditionalEmails");
    let changed = expect(
        200,
        &caller.patch(
            &path,
            &json!({ "additionalEmails": ["a@example.com", "b@example.com"] }),
        ),
    );
    assert_eq!(changed["additionalEmails"], json!(["a@example.com", "b@example.com"]));
    assert_eq!(
        expect(200, &caller.patch(&path, &json!({ "additionalEmails": [] })))["additionalEmails"],
        json!([])
    );
    assert_eq!(
        problems(&caller.patch(&path, &json!({}))),
        [("additionalEmails".to_owned(), "REQUIRED".to_owned())]
    );
}

#[test]
fn domains_of_an_ov_or_ev_order_are_sent_to_validation() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let ov = caller.order(&organization, "SSL_OV_BASIC", "example.com");
    let dv = caller.order(&organization, "SSL_DV_GEOTRUST", "example.com");
    let path = |id: &str| format!("/order/{id}/validateDomains");
    let domains = json!({ "domains": ["www.example.com"] });
    expect(200, &caller.patch(&path(&ov), &domains));
    assert_eq!(
        caller.get(&format!("/order/{ov}/history?text=OV+validation"))["page"]["totalElements"],
        1
    );
    assert_eq!(
        code(&caller.patch(&path(&dv), &domains)),
        (409, "CERT_TYPE_NOT_ALLOWED".to_owned())
    );
    let foreign = json!({ "domains": ["www.example.com", "other.example.org"] });
    assert_eq!(
        code(&caller.patch(&path(&ov), &foreign)),
        (409, "DOMAIN_NOT_IN_ORDER".to_owned())
    );
    for (body, expected) in [(json!({}), "REQUIRED"), (json!({ "domains": [] }), "REQUIRED")] {
        assert_eq!(
            problems(&caller.patch(&path(&ov), &body)),
            [("domains".to_owned(), expected.to_owned())]
        );
    }
}
