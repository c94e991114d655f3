//! The service's own rules, as a caller of this client meets them (guide 5 to 8). The sandbox has them.

use std::time::Duration;

use markmonitor_certs::{
    api::{
        certs::ParseCsrs,
        contacts::{CreateContact, DeleteContact, UpdateContact},
        history::{HistoryFilter, ListHistory, Subject},
        model::Model,
        orders::{ChangeOrder, GetOrder, Order, OrderAction},
        organizations::{CreateOrganization, GetOrganization, ListOrganizations, Organization, OrganizationFilter},
        page::Paging,
    },
    client::{Client, Error, error::Kind, waiting::WaitOptions},
};
use serde_json::{Value, json};

use crate::{
    fixtures::{COMMON_NAME, CSR, create, id_of, new_order, new_organization, person, status_of},
    world::World,
};

const MONTH: Duration = Duration::from_secs(31 * 24 * 60 * 60);

fn here() -> (World, Client, Model<Organization>) {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    (world, client, organization)
}

fn act(world: &World, client: &Client, order: &Model<Order>, action: OrderAction, body: Value) -> Result<Value, Error> {
    let id = id_of(order);
    world
        .call(client, ChangeOrder { id, action, body })
        .map(|reply| reply.value.json)
}

fn code(error: &Error) -> (u16, String) {
    let Kind::Api(refusal) = &error.kind else {
        panic!("{error:?}")
    };
    (refusal.status, refusal.problems[0].code.clone().unwrap())
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_organization_needs_at_least_one_contact() {
    let (world, client, _) = here();
    let mut organization = new_organization();
    organization["contacts"] = json!([]);
    let error = world.call(&client, CreateOrganization { organization }).unwrap_err();
    assert_eq!(error.class(), "BadRequestError");
    assert!(error.message.contains("contacts"), "{}", error.message);
}

#[test]
fn the_service_adds_its_technical_contact_by_itself() {
    let (_, _, organization) = here();
    let types = organization.json["contacts"][1]["contactTypes"].clone();
    assert_eq!(types, json!([{ "type": "TECHNICAL_CONTACT" }]));
}

#[test]
fn a_contact_of_an_active_order_cannot_be_deleted() {
    let (world, client, organization) = here();
    world.value(
        &client,
        create(new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME)),
    );
    let contact = id(&organization.json["contacts"][0]);
    let error = world.call(&client, DeleteContact { id: contact }).unwrap_err();
    assert_eq!(code(&error), (409, "CONTACT_IN_USE".into()));
    assert_eq!(error.class(), "ConflictError");
}

#[test]
fn the_last_contact_and_the_last_ev_approver_cannot_be_deleted() {
    let (world, client, organization) = here();
    let approver = id(&organization.json["contacts"][0]);
    let error = world.call(&client, DeleteContact { id: approver.clone() }).unwrap_err();
    assert_eq!(code(&error), (409, "LAST_CONTACT".into()));
    let mut contact = person("bob@example.com", &["ORGANIZATION_CONTACT"]);
    contact["organizationId"] = organization.json["id"].clone();
    let bob = world.value(&client, CreateContact { contact });
    let error = world.call(&client, DeleteContact { id: approver }).unwrap_err();
    assert_eq!(code(&error), (409, "LAST_EV_APPROVER".into()));
    world.value(
        &client,
        DeleteContact {
            id: bob.view.id.unwrap(),
        },
    );
}

#[test]
fn changing_an_ev_approver_sends_the_organization_to_validation_again() {
    let (world, client, organization) = here();
    let organization_id = id(&organization.json);
    let (waiting, of) = (client.clone(), organization_id.clone());
    let options = WaitOptions::default();
    world
        .run(async move { waiting.wait_for_organization(&of, None, options, |_| ()).await })
        .unwrap();
    let call = UpdateContact {
        id: id(&organization.json["contacts"][0]),
        changes: json!({ "lastName": "Byron" }),
    };
    world.value(&client, call);
    let organization = world.value(&client, GetOrganization { id: organization_id });
    let statuses: Vec<_> = organization
        .view
        .validations
        .iter()
        .flatten()
        .map(|one| one.status.as_deref())
        .collect();
    assert_eq!(statuses, [Some("PENDING"), Some("PENDING")]);
}

#[test]
fn a_validation_holds_thirteen_months() {
    let (world, client, organization) = here();
    let organization_id = id(&organization.json);
    let is_pending = || {
        let organization = world.value(
            &client,
            GetOrganization {
                id: organization_id.clone(),
            },
        );
        organization.view.validations.unwrap()[0].status.as_deref() == Some("PENDING")
    };
    world.advance(Duration::from_secs(24 * 60 * 60));
    assert!(!is_pending());
    world.advance(MONTH * 12);
    assert!(!is_pending());
    world.advance(MONTH + MONTH);
    let lines = world.value(
        &client,
        ListHistory {
            subject: Subject::Organization,
            id: organization_id.clone(),
            filter: HistoryFilter {
                text: Some("validation was submitted".into()),
                ..HistoryFilter::default()
            },
            paging: Paging::default(),
        },
    );
    assert!(lines.content.len() > 2, "it was validated again");
}

#[test]
fn an_order_is_accepted_with_202_and_has_no_certificate_yet() {
    let (world, client, organization) = here();
    let call = create(new_order(&organization, "SSL_OV_BASIC", COMMON_NAME));
    let reply = world.call(&client, call).unwrap();
    assert_eq!(reply.info.status, 202);
    assert_eq!(reply.value.json["cert"], Value::Null);
    let contacts = reply.value.view.contacts.unwrap();
    assert_eq!(
        contacts[0],
        id(&organization.json["contacts"][0]),
        "bare ids in the reply"
    );
}

#[test]
fn only_an_order_that_is_not_issued_can_be_canceled() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_OV_BASIC", COMMON_NAME);
    assert_eq!(
        act(&world, &client, &order, OrderAction::Cancel, json!({})).unwrap()["status"],
        "DIGI_CANCELED"
    );
    let issued = world.issued_order(&client);
    let error = act(&world, &client, &issued, OrderAction::Cancel, json!({})).unwrap_err();
    assert_eq!(code(&error), (409, "STATUS_NOT_ALLOWED".into()));
}

#[test]
fn only_an_issued_certificate_can_be_revoked_reissued_and_sent() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_OV_BASIC", COMMON_NAME);
    for action in [
        OrderAction::Revoke,
        OrderAction::Reissue,
        OrderAction::SendCertificateEmail,
    ] {
        let error = act(&world, &client, &order, action, json!({})).unwrap_err();
        assert_eq!(error.status(), Some(409), "{action:?}");
    }
}

#[test]
fn the_common_name_cannot_change_in_a_reissue() {
    let (world, client, _) = here();
    let order = world.issued_order(&client);
    let body = json!({ "cert": { "commonName": "other.example.com" } });
    let error = act(&world, &client, &order, OrderAction::Reissue, body).unwrap_err();
    assert_eq!(code(&error), (409, "COMMON_NAME_FIXED".into()));
}

#[test]
fn a_pending_reissue_can_be_canceled_and_leaves_the_certificate() {
    let (world, client, _) = here();
    let order = world.issued_order(&client);
    act(&world, &client, &order, OrderAction::Reissue, json!({})).unwrap();
    world.advance(Duration::from_secs(10));
    assert_eq!(status_of(&world.look_at(&client, &order)), "DIGI_REISSUE_PENDING");
    act(&world, &client, &order, OrderAction::Cancel, json!({})).unwrap();
    let order_now = world.look_at(&client, &order);
    assert_eq!(
        order_now.json["cert"]["serialNumber"],
        order.json["cert"]["serialNumber"]
    );
    assert!(order_now.view.is_issued());
}

#[test]
fn dcv_mail_goes_out_while_the_order_is_pending() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_OV_BASIC", COMMON_NAME);
    let error = act(&world, &client, &order, OrderAction::SendDcvEmail, json!({})).unwrap_err();
    assert_eq!(code(&error), (409, "STATUS_NOT_ALLOWED".into()));
    world.advance(Duration::from_secs(10));
    act(&world, &client, &order, OrderAction::SendDcvEmail, json!({})).unwrap();
}

#[test]
fn an_ev_order_needs_an_approver() {
    let (world, client, organization) = here();
    let mut order = new_order(&organization, "SSL_EV_BASIC", COMMON_NAME);
    order["contacts"][0]["contactTypes"] = json!([{ "type": "ORGANIZATION_CONTACT" }]);
    let error = world.call(&client, create(order)).unwrap_err();
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
    world.value(&client, CreateOrganization { organization });
    let filter = OrganizationFilter {
        name: Some("example inc.".into()),
        ..OrganizationFilter::default()
    };
    assert_eq!(
        world
            .value(
                &client,
                ListOrganizations {
                    filter,
                    paging: Paging::default()
                }
            )
            .content
            .len(),
        2
    );
}

#[test]
fn pages_count_from_zero() {
    let (world, client, _) = here();
    world.organization(&client);
    let page = |number| {
        let call = ListOrganizations {
            filter: OrganizationFilter::default(),
            paging: Paging {
                page: Some(number),
                size: Some(1),
                sort: None,
            },
        };
        world.value(&client, call)
    };
    let (first, second) = (page(0), page(1));
    assert_eq!(
        (first.page.number, first.page.total_pages, first.last),
        (0, 2, Some(false))
    );
    assert_eq!(
        (second.page.number, second.page.total_elements, second.last),
        (1, 2, Some(true))
    );
    assert_ne!(first.content[0].view.id, second.content[0].view.id);
}

#[test]
fn a_history_line_of_the_system_has_no_user() {
    let (world, client, _) = here();
    let order = world.order(&client, "SSL_DV_GEOTRUST", COMMON_NAME);
    world.advance(Duration::from_secs(60));
    let call = ListHistory {
        subject: Subject::Order,
        id: id_of(&order),
        filter: HistoryFilter::default(),
        paging: Paging::default(),
    };
    let users: Vec<_> = world
        .value(&client, call)
        .content
        .into_iter()
        .map(|line| line.view.user_name)
        .collect();
    assert_eq!(
        (users[0].as_deref(), users[1].as_deref()),
        (Some(crate::world::USERNAME), None)
    );
}

#[test]
fn the_services_parser_reads_several_csrs_in_their_order() {
    let (world, client, _) = here();
    let csrs = vec![include_str!("data/other_name.csr").to_owned(), CSR.to_owned()];
    let read = world.value(&client, ParseCsrs { csrs, body: None });
    let names: Vec<_> = read.iter().map(|csr| csr.view.common_name.as_deref()).collect();
    assert_eq!(names, [Some("other.example.com"), Some(COMMON_NAME)]);
}

#[test]
fn what_is_not_there_is_not_found() {
    let (world, client, _) = here();
    let error = world
        .call(
            &client,
            GetOrder {
                id: crate::fixtures::NO_ID.into(),
            },
        )
        .unwrap_err();
    assert_eq!(
        (error.class(), code(&error)),
        ("NotFoundError", (404, "NOT_FOUND".into()))
    );
}
