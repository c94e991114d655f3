use sandbox::{DAY, HOUR, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    APPROVER, Caller, ORGANIZATION, contact, expect, organization, organization_with, problems, text,
    validation_statuses,
};

#[test]
fn an_organization_needs_a_contact() {
    let mut caller = Caller::new();
    let mut body = organization("Example Inc.");
    body["contacts"] = json!([]);
    assert_eq!(
        problems(&caller.post("/organization", &body)),
        [("contacts".to_owned(), "REQUIRED".to_owned())]
    );
    body.as_object_mut().unwrap().remove("contacts");
    assert_eq!(
        problems(&caller.post("/organization", &body)),
        [("contacts".to_owned(), "REQUIRED".to_owned())]
    );
}

#[test]
fn all_that_is_wrong_with_an_organization_is_told_at_once() {
    let mut caller = Caller::new();
    let body = json!({
        "name": " ",
        "address1": 5,
        "city": "c",
        "state": "s",
        "country": "usa",
        "provider": "OTHER",
        "zipcode": "z".repeat(256),
        "contacts": [{ "firstName": "A", "email": "nobody", "contactTypes": [{ "type": "TECHNICAL_CONTACT" }, {}] }, 7],
    });
    let expected = [
        ("phone", "REQUIRED"),
        ("name", "INVALID_VALUE"),
        ("address1", "INVALID_TYPE"),
        ("country", "INVALID_VALUE"),
        ("zipcode", "INVALID_VALUE"),
        ("provider", "INVALID_VALUE"),
        ("contacts[1]", "INVALID_TYPE"),
        ("contacts[0].lastName", "REQUIRED"),
        ("contacts[0].jobTitle", "REQUIRED"),
        ("contacts[0].phone", "REQUIRED"),
        ("contacts[0].email", "INVALID_VALUE"),
        ("contacts[0].contactTypes[0].type", "INVALID_VALUE"),
        ("contacts[0].contactTypes[1].type", "REQUIRED"),
    ];
    let expected = expected.map(|(field, code)| (field.to_owned(), code.to_owned()));
    assert_eq!(problems(&caller.post("/organization", &body)), expected);
}

#[test]
fn a_new_organization_comes_back_with_ids_and_what_was_sent() {
    let mut caller = Caller::new();
    let sent = organization("Example Inc.");
    let made = expect(201, &caller.post("/organization", &sent));
    for name in [
        "name", "address1", "city", "state", "country", "zipcode", "phone", "provider",
    ] {
        assert_eq!(made[name], sent[name], "{name}");
    }
    for pointer in ["/id", "/contacts/0/id", "/validations/0/id"] {
        assert_eq!(text(&made, pointer).len(), 36, "{pointer}");
    }
    assert_eq!(made["active"], true);
    assert!(made["providerId"].is_u64());
    assert_eq!(made["dateCreated"], caller.now.to_string());
    assert_eq!(caller.get(&format!("/organization/{}", text(&made, "/id"))), made);
}

#[test]
fn a_technical_contact_is_added_by_itself() {
    let mut caller = Caller::new();
    let made = caller.organization();
    let contacts = made["contacts"].as_array().unwrap();
    assert_eq!(contacts.len(), 2);
    assert_eq!(contacts[1]["contactTypes"], json!([{ "type": "TECHNICAL_CONTACT" }]));
    assert_eq!(contacts[1]["username"], Value::Null);
    assert_eq!(contacts[0]["username"], "demo@example.com");
}

#[test]
fn a_new_organization_is_validated_by_itself_for_thirteen_months() {
    let mut caller = Caller::new();
    let made = caller.organization();
    assert_eq!(validation_statuses(&made), ["PENDING", "PENDING"]);
    assert_eq!(made["validations"][0]["dateValidatedUntil"], Value::Null);
    let path = format!("/organization/{}", text(&made, "/id"));
    for number in 0..2 {
        caller.wait_until(|caller| caller.get(&path)["validations"][number]["status"] == "ACTIVE");
        let validated = caller.get(&path);
        let until = text(&validated, &format!("/validations/{number}/dateValidatedUntil"));
        assert_eq!(Timestamp::parse(&until), Some(caller.now.plus_months(13)));
    }
}

#[test]
fn after_thirteen_months_validation_starts_again_by_itself() {
    let mut caller = Caller::new();
    let made = caller.validated_organization();
    let path = format!("/organization/{}", text(&made, "/id"));
    let lapse = Timestamp::parse(&text(&made, "/validations/0/dateValidatedUntil")).unwrap();
    caller.now = lapse.minus(1);
    assert_eq!(caller.get(&path)["validations"][0]["status"], "ACTIVE");
    caller.advance(1);
    assert_eq!(caller.get(&path)["validations"][0]["status"], "PENDING");
    caller.advance(2 * DAY);
    assert_eq!(caller.get(&path)["validations"][0]["status"], "ACTIVE");
}

#[test]
fn an_organization_without_an_approver_is_validated_for_ov_only() {
    let mut caller = Caller::new();
    let body = organization_with("Example Inc.", &[contact(&[ORGANIZATION])]);
    let made = expect(201, &caller.post("/organization", &body));
    let types: Vec<_> = made["validations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| text(check, "/type"))
        .collect();
    assert_eq!(types, ["OV"]);
}

#[test]
fn an_organization_without_an_organization_contact_is_not_validated_until_it_has_one() {
    let mut caller = Caller::new();
    let body = organization_with("Example Inc.", &[contact(&[APPROVER])]);
    let made = expect(201, &caller.post("/organization", &body));
    let path = format!("/organization/{}", text(&made, "/id"));
    caller.advance(30 * DAY);
    assert_eq!(validation_statuses(&caller.get(&path)), ["PENDING", "PENDING"]);
    let mut body = contact(&[ORGANIZATION]);
    body["organizationId"] = made["id"].clone();
    assert_eq!(caller.post("/contact", &body).status, 201);
    caller.advance(3 * DAY);
    assert_eq!(validation_statuses(&caller.get(&path)), ["ACTIVE", "ACTIVE"]);
}

#[test]
fn history_tells_who_did_what_and_names_nobody_for_the_system() {
    let mut caller = Caller::new();
    let made = caller.validated_organization();
    let path = format!("/organization/{}/history", text(&made, "/id"));
    let all = caller.get(&path);
    let lines = all["content"].as_array().unwrap();
    let of_user = lines
        .iter()
        .find(|line| line["text"] == "The organization was created.")
        .unwrap();
    assert_eq!(of_user["userName"], "demo@example.com");
    let of_system = lines
        .iter()
        .find(|line| line["text"] == "OV validation was completed.")
        .unwrap();
    assert!(of_system.get("userName").is_none());
    let single = caller.get(&format!("{path}/{}", text(of_system, "/id")));
    assert_eq!(&single, of_system);
    let by_text = caller.get(&format!("{path}?text=VALIDATION+was+completed"));
    assert_eq!(by_text["page"]["totalElements"], 2);
    let by_user = caller.get(&format!("{path}?userId=demo%40example.com"));
    assert!(
        by_user["content"]
            .as_array()
            .unwrap()
            .iter()
            .all(|line| line["userName"] == "demo@example.com")
    );
    assert_eq!(caller.get(&format!("{path}?userId=nobody"))["page"]["totalElements"], 0);
}

#[test]
fn validation_takes_hours_and_not_forever() {
    let mut caller = Caller::new();
    let made = caller.organization();
    let path = format!("/organization/{}", text(&made, "/id"));
    caller.advance(HOUR);
    assert_eq!(validation_statuses(&caller.get(&path)), ["PENDING", "PENDING"]);
    caller.advance(3 * DAY);
    assert_eq!(validation_statuses(&caller.get(&path)), ["ACTIVE", "ACTIVE"]);
}
