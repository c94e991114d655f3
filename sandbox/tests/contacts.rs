use sandbox::DAY;
use serde_json::{Value, json};

use crate::support::{
    APPROVER, Caller, ORGANIZATION, code, contact, expect, organization_with, problems, text, validation_statuses,
};

/// Adds a contact to an organization and gives its id.
fn add(caller: &mut Caller, organization: &Value, types: &[&str]) -> String {
    let mut body = contact(types);
    body["organizationId"] = organization["id"].clone();
    text(&expect(201, &caller.post("/contact", &body)), "/id")
}

fn delete(caller: &mut Caller, id: &str) -> sandbox::Response {
    caller.call("DELETE", &format!("/contact/{id}"), None)
}

fn statuses(caller: &mut Caller, organization: &Value) -> Vec<String> {
    validation_statuses(&caller.get(&format!("/organization/{}", text(organization, "/id"))))
}

#[test]
fn a_contact_is_made_read_changed_and_deleted() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = add(&mut caller, &organization, &[ORGANIZATION]);
    let path = format!("/contact/{id}");
    let read = caller.get(&path);
    assert_eq!(read["organizationId"], organization["id"]);
    assert_eq!(read["username"], "demo@example.com");
    assert_eq!(read["history"][0]["text"], "The contact was created.");
    caller.advance(1_000);
    let changed = expect(
        200,
        &caller.patch(&path, &json!({ "phoneExtension": "12", "email": "new@example.com" })),
    );
    assert_eq!(
        (&changed["phoneExtension"], &changed["email"]),
        (&json!("12"), &json!("new@example.com"))
    );
    assert_eq!(changed["firstName"], read["firstName"]);
    assert_eq!(changed["dateUpdated"], caller.now.to_string());
    assert_eq!(delete(&mut caller, &id).status, 200);
    assert_eq!(caller.call("GET", &path, None).status, 404);
    assert_eq!(delete(&mut caller, &id).status, 404);
}

#[test]
fn all_that_is_wrong_with_a_contact_is_told_at_once() {
    let mut caller = Caller::new();
    let body = json!({ "organizationId": "x", "email": "a@", "contactTypes": "all", "phoneExtension": 1 });
    let expected = [
        ("firstName", "REQUIRED"),
        ("lastName", "REQUIRED"),
        ("jobTitle", "REQUIRED"),
        ("phone", "REQUIRED"),
        ("provider", "REQUIRED"),
        ("organizationId", "INVALID_VALUE"),
        ("email", "INVALID_VALUE"),
        ("phoneExtension", "INVALID_TYPE"),
        ("contactTypes", "INVALID_TYPE"),
    ];
    let mut found = problems(&caller.post("/contact", &body));
    let mut expected = expected.map(|(field, code)| (field.to_owned(), code.to_owned()));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_contact_of_no_organization_cannot_be_made() {
    let mut caller = Caller::new();
    let mut body = contact(&[ORGANIZATION]);
    body["organizationId"] = json!(crate::support::UNKNOWN);
    assert_eq!(caller.post("/contact", &body).status, 404);
}

#[test]
fn a_contact_of_an_active_order_cannot_be_deleted() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    add(&mut caller, &organization, &[ORGANIZATION, APPROVER]);
    let order = caller.order(&organization, "SSL_DV_GEOTRUST", "example.com");
    let id = text(&organization, "/contacts/0/id");
    assert_eq!(code(&delete(&mut caller, &id)), (409, "CONTACT_IN_USE".to_owned()));
    caller.wait_for_certificate(&order);
    assert_eq!(code(&delete(&mut caller, &id)), (409, "CONTACT_IN_USE".to_owned()));
    caller.act(&order, "revoke");
    caller.wait_for_status(&order, "DIGI_REVOKED");
    assert_eq!(delete(&mut caller, &id).status, 200);
}

#[test]
fn the_last_contact_of_an_organization_cannot_be_deleted() {
    let mut caller = Caller::new();
    let body = organization_with("Example Inc.", &[contact(&[ORGANIZATION])]);
    let organization = expect(201, &caller.post("/organization", &body));
    let id = text(&organization, "/contacts/0/id");
    assert_eq!(code(&delete(&mut caller, &id)), (409, "LAST_CONTACT".to_owned()));
    add(&mut caller, &organization, &[ORGANIZATION]);
    assert_eq!(delete(&mut caller, &id).status, 200);
}

#[test]
fn the_last_ev_approver_of_an_organization_cannot_be_deleted() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    add(&mut caller, &organization, &[ORGANIZATION]);
    let id = text(&organization, "/contacts/0/id");
    assert_eq!(code(&delete(&mut caller, &id)), (409, "LAST_EV_APPROVER".to_owned()));
    add(&mut caller, &organization, &[APPROVER]);
    assert_eq!(delete(&mut caller, &id).status, 200);
}

#[test]
fn deleting_an_ev_approver_sends_the_organization_to_validation_again() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = add(&mut caller, &organization, &[APPROVER]);
    caller.advance(3 * DAY);
    assert_eq!(statuses(&mut caller, &organization), ["ACTIVE", "ACTIVE"]);
    assert_eq!(delete(&mut caller, &id).status, 200);
    assert_eq!(statuses(&mut caller, &organization), ["PENDING", "PENDING"]);
    caller.advance(3 * DAY);
    assert_eq!(statuses(&mut caller, &organization), ["ACTIVE", "ACTIVE"]);
}

#[test]
fn changing_an_ev_approver_sends_the_organization_to_validation_again() {
    let mut caller = Caller::new();
    let organization = caller.validated_organization();
    let path = format!("/contact/{}", text(&organization, "/contacts/0/id"));
    caller.patch(&path, &json!({}));
    assert_eq!(
        statuses(&mut caller, &organization),
        ["ACTIVE", "ACTIVE"],
        "nothing was changed"
    );
    caller.patch(&path, &json!({ "lastName": "Other" }));
    assert_eq!(statuses(&mut caller, &organization), ["PENDING", "PENDING"]);
}

#[test]
fn changing_a_contact_that_approves_nothing_leaves_validations_alone() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = add(&mut caller, &organization, &[ORGANIZATION]);
    caller.advance(3 * DAY);
    caller.patch(&format!("/contact/{id}"), &json!({ "lastName": "Other" }));
    assert_eq!(delete(&mut caller, &id).status, 200);
    assert_eq!(statuses(&mut caller, &organization), ["ACTIVE", "ACTIVE"]);
}

#[test]
fn a_new_ev_approver_is_validated() {
    let mut caller = Caller::new();
    let body = organization_with("Example Inc.", &[contact(&[ORGANIZATION])]);
    let organization = expect(201, &caller.post("/organization", &body));
    caller.advance(3 * DAY);
    assert_eq!(statuses(&mut caller, &organization), ["ACTIVE"]);
    add(&mut caller, &organization, &[APPROVER]);
    assert_eq!(statuses(&mut caller, &organization), ["ACTIVE", "PENDING"]);
    caller.advance(3 * DAY);
    assert_eq!(statuses(&mut caller, &organization), ["ACTIVE", "ACTIVE"]);
}

#[test]
fn the_technical_contact_can_be_neither_changed_nor_deleted_nor_made() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = text(&organization, "/contacts/1/id");
    assert_eq!(code(&delete(&mut caller, &id)), (409, "TECHNICAL_CONTACT".to_owned()));
    let response = caller.patch(&format!("/contact/{id}"), &json!({ "email": "me@example.com" }));
    assert_eq!(code(&response), (409, "TECHNICAL_CONTACT".to_owned()));
    let mut body = contact(&["TECHNICAL_CONTACT"]);
    body["organizationId"] = organization["id"].clone();
    assert_eq!(problems(&caller.post("/contact", &body)).len(), 1);
}

#[test]
fn a_contact_stays_in_its_organization() {
    let mut caller = Caller::new();
    let (first, second) = (caller.organization(), caller.organization());
    let path = format!("/contact/{}", text(&first, "/contacts/0/id"));
    let response = caller.patch(&path, &json!({ "organizationId": second["id"] }));
    assert_eq!(code(&response), (409, "ORGANIZATION_FIXED".to_owned()));
    assert_eq!(
        caller.patch(&path, &json!({ "organizationId": first["id"] })).status,
        200
    );
}

#[test]
fn the_history_of_a_contact_tells_its_changes() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let id = add(&mut caller, &organization, &[ORGANIZATION]);
    caller.patch(&format!("/contact/{id}"), &json!({ "jobTitle": "Manager" }));
    let history = caller.get(&format!("/contact/{id}/history"));
    let texts: Vec<_> = history["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| text(line, "/text"))
        .collect();
    assert_eq!(texts, ["The contact was created.", "The contact was changed."]);
    let entry = text(&history, "/content/1/id");
    assert_eq!(
        caller.get(&format!("/contact/{id}/history/{entry}")),
        history["content"][1]
    );
}
