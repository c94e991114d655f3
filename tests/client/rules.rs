//! The service's own rules, as a caller of this client meets them (guide 5 to 8). The sandbox has them.

use std::time::Duration;

use markmonitor_certs::client::{
    Client, Error,
    lists::Page,
    waiting::{Wait, WaitOptions},
};
use serde_json::{Value, json};

use crate::{
    call::call,
    fixtures::{
        COMMON_NAME, CSR, NO_ID, class_of, create, facts_of, id_of, json_of, new_order, new_organization, person,
        refusal_of, status_of,
    },
    world::World,
};

const MONTH: Duration = Duration::from_secs(31 * 24 * 60 * 60);

fn here() -> (World, Client, Value) {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    (world, client, organization)
}

fn act(world: &World, client: &Client, order: &Value, action: &str, body: Value) -> Result<Value, Error> {
    let call = call(&format!("orders.{action}")).id(id_of(order)).body(body);
    world.call(client, call).map(|reply| json_of(&reply.body))
}

fn code(error: &Error) -> (u16, String) {
    let refusal = refusal_of(error);
    (refusal.status, refusal.problems[0].code.clone().unwrap())
}

#[test]
fn an_organization_needs_at_least_one_contact() {
    let (world, client, _) = here();
    let mut organization = new_organization();
    organization["contacts"] = json!([]);
    let error = world.error(&client, call("organizations.create").body(organization));
    assert_eq!(class_of(&error), "BadRequestError");
    assert!(error.message.contains("contacts"), "{}", error.message);
}

#[test]
fn the_service_adds_its_technical_contact_by_itself() {
    let (_, _, organization) = here();
    let types = organization["contacts"][1]["contactTypes"].clone();
    assert_eq!(types, json!([{ "type": "TECHNICAL_CONTACT" }]));
}

#[test]
fn a_contact_of_an_active_order_cannot_be_deleted() {
    let (world, client, organization) = here();
    world.value(
        &client,
        create(new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME)),
    );
    let contact = id_of(&organization["contacts"][0]);
    let error = world.error(&client, call("contacts.delete").id(contact));
    assert_eq!(code(&error), (409, "CONTACT_IN_USE".into()));
    assert_eq!(class_of(&error), "ConflictError");
}

#[test]
fn the_last_contact_and_the_last_ev_approver_cannot_be_deleted() {
    let (world, client, organization) = here();
    let approver = id_of(&organization["contacts"][0]);
    let error = world.error(&client, call("contacts.delete").id(&approver));
    assert_eq!(code(&error), (409, "LAST_CONTACT".into()));
    let mut contact = person("bob@example.com", &["ORGANIZATION_CONTACT"]);
    contact["organizationId"] = organization["id"].clone();
    let bob = world.value(&client, call("contacts.create").body(contact));
    let error = world.error(&client, call("contacts.delete").id(approver));
    assert_eq!(code(&error), (409, "LAST_EV_APPROVER".into()));
    world.value(&client, call("contacts.delete").id(id_of(&bob)));
}

#[test]
fn changing_an_ev_approver_sends_the_organization_to_validation_again() {
    let (world, client, organization) = here();
    let organization_id = id_of(&organization);
    let (waiting, of) = (client.clone(), organization_id.clone());
    let options = WaitOptions::default();
    world
        .run(Wait::for_organization(waiting, &of, None, options).reach(&|_| ()))
        .unwrap();
    let update = call("contacts.update").id(id_of(&organization["contacts"][0]));
    world.value(&client, update.body(json!({ "lastName": "Byron" })));
    let organization = world.value(&client, call("organizations.get").id(organization_id));
    let validations = organization["validations"].as_array().unwrap();
    let statuses: Vec<&str> = validations.iter().map(status_of).collect();
    assert_eq!(statuses, ["PENDING", "PENDING"]);
}

#[test]
fn a_validation_holds_thirteen_months() {
    let (world, client, organization) = here();
    let organization_id = id_of(&organization);
    let is_pending = || {
        let organization = world.value(&client, call("organizations.get").id(&organization_id));
        organization["validations"][0]["status"] == "PENDING"
    };
    world.advance(Duration::from_secs(24 * 60 * 60));
    assert!(!is_pending());
    world.advance(MONTH * 12);
    assert!(!is_pending());
    world.advance(MONTH + MONTH);
    let history = call("organizations.history.list").id(&organization_id);
    let lines = world.value(&client, history.filter(json!({ "text": "validation was submitted" })));
    assert!(lines["content"].as_array().unwrap().len() > 2, "it was validated again");
}

#[test]
fn an_order_is_accepted_with_202_and_has_no_certificate_yet() {
    let (world, client, organization) = here();
    let call = create(new_order(&organization, "SSL_OV_BASIC", COMMON_NAME));
    let reply = world.call(&client, call).unwrap();
    assert_eq!(reply.info.status, 202);
    let order = json_of(&reply.body);
    assert_eq!(order["cert"], Value::Null);
    assert_eq!(
        order["contacts"][0], organization["contacts"][0]["id"],
        "bare ids in the reply"
    );
}

#[test]
fn only_an_order_that_is_not_issued_can_be_canceled() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_OV_BASIC", COMMON_NAME);
    assert_eq!(
        act(&world, &client, &order, "cancel", json!({})).unwrap()["status"],
        "DIGI_CANCELED"
    );
    let issued = world.issued_order(&client);
    let error = act(&world, &client, &issued, "cancel", json!({})).unwrap_err();
    assert_eq!(code(&error), (409, "STATUS_NOT_ALLOWED".into()));
}

#[test]
fn only_an_issued_certificate_can_be_revoked_reissued_and_sent() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_OV_BASIC", COMMON_NAME);
    for action in ["revoke", "reissue", "sendCertificateEmail"] {
        let error = act(&world, &client, &order, action, json!({})).unwrap_err();
        assert_eq!(error.status(), Some(409), "{action:?}");
    }
}

#[test]
fn the_common_name_cannot_change_in_a_reissue() {
    let (world, client, _) = here();
    let order = world.issued_order(&client);
    let body = json!({ "cert": { "commonName": "other.example.com" } });
    let error = act(&world, &client, &order, "reissue", body).unwrap_err();
    assert_eq!(code(&error), (409, "COMMON_NAME_FIXED".into()));
}

#[test]
fn a_pending_reissue_can_be_canceled_and_leaves_the_certificate() {
    let (world, client, _) = here();
    let order = world.issued_order(&client);
    act(&world, &client, &order, "reissue", json!({})).unwrap();
    world.advance(Duration::from_secs(10));
    assert_eq!(status_of(&world.look_at(&client, &order)), "DIGI_REISSUE_PENDING");
    act(&world, &client, &order, "cancel", json!({})).unwrap();
    let order_now = world.look_at(&client, &order);
    assert_eq!(order_now["cert"]["serialNumber"], order["cert"]["serialNumber"]);
    assert!(facts_of(&order_now).is_issued());
}

#[test]
fn dcv_mail_goes_out_while_the_order_is_pending() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_OV_BASIC", COMMON_NAME);
    let error = act(&world, &client, &order, "sendDcvEmail", json!({})).unwrap_err();
    assert_eq!(code(&error), (409, "STATUS_NOT_ALLOWED".into()));
    world.advance(Duration::from_secs(10));
    act(&world, &client, &order, "sendDcvEmail", json!({})).unwrap();
}

#[test]
fn an_ev_order_needs_an_approver() {
    let (world, client, organization) = here();
    let mut order = new_order(&organization, "SSL_EV_BASIC", COMMON_NAME);
    order["contacts"][0]["contactTypes"] = json!([{ "type": "ORGANIZATION_CONTACT" }]);
    let error = world.error(&client, create(order));
    assert_eq!(code(&error), (409, "EV_APPROVER_MISSING".into()));
}

#[test]
fn an_order_for_an_explicit_curve_fails_within_a_second_without_a_reason() {
    let (world, client, organization) = here();
    let mut order = new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME);
    order["cert"]["csr"] = json!(include_str!("data/explicit_curve.csr"));
    let order = world.value(&client, create(order));
    world.advance(Duration::from_secs(1));
    assert_eq!(status_of(&world.look_at(&client, &order)), "DIGI_FAILED");
}

#[test]
fn the_name_filter_of_organizations_matches_more_than_the_exact_name() {
    let (world, client, _) = here();
    let mut organization = new_organization();
    organization["name"] = json!("Example Inc. Holding");
    world.value(&client, call("organizations.create").body(organization));
    let list = call("organizations.list").filter(json!({ "name": "example inc." }));
    assert_eq!(world.value(&client, list)["content"].as_array().unwrap().len(), 2);
}

#[test]
fn pages_count_from_zero() {
    let (world, client, _) = here();
    world.organization(&client);
    let page = |number| {
        let call = call("organizations.list").filter(json!({ "page": number, "size": 1 }));
        Page::of(world.call(&client, call).unwrap(), "content")
    };
    let (first, second) = (page(0), page(1));
    assert_eq!(
        (
            first.info.number,
            first.info.total_pages,
            first.info.told_last(0, false)
        ),
        (0, 2, Some(false))
    );
    assert_eq!(
        (
            second.info.number,
            second.info.total_elements,
            second.info.told_last(1, false)
        ),
        (1, 2, Some(true))
    );
    let only = |page: Page| page.items().map(|item| item.id().id.unwrap()).collect::<Vec<_>>();
    assert_ne!(only(first), only(second));
}

#[test]
fn a_history_line_of_the_system_has_no_user() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_DV_GEOTRUST", COMMON_NAME);
    world.advance(Duration::from_secs(60));
    let lines = world.value(&client, call("orders.history.list").id(id_of(&order)));
    assert_eq!(lines["content"][0]["userName"], crate::world::USERNAME);
    assert_eq!(lines["content"][1].get("userName"), None);
}

#[test]
fn the_services_parser_reads_several_csrs_in_their_order() {
    let (world, client, _) = here();
    let csrs = json!({ "csrs": [include_str!("data/other_name.csr"), CSR] });
    let read = world.value(&client, call("certs.parse").body(csrs));
    let names: Vec<&str> = read
        .as_array()
        .unwrap()
        .iter()
        .map(|csr| csr["commonName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["other.example.com", COMMON_NAME]);
}

#[test]
fn what_is_not_there_is_not_found() {
    let (world, client, _) = here();
    let error = world.error(&client, call("orders.get").id(NO_ID));
    assert_eq!(
        (class_of(&error), code(&error)),
        ("NotFoundError", (404, "NOT_FOUND".into()))
    );
}
