//! A DV, an OV and an EV order from the organization to the renewal (guide 7 and 8), and every call on the way.

use std::time::Duration;

use markmonitor_certs::{
    api::{
        certs::ParseCsrs,
        contacts::{ContactFilter, CreateContact, DeleteContact, GetContact, ListContacts, UpdateContact},
        history::{GetHistory, HistoryFilter, ListHistory, Subject},
        model::Model,
        orders::{CreateOrder, DownloadCert, ListOrders, ListPrices, Order, OrderAction, OrderFilter, OrderStatus},
        organizations::{GetOrganization, ListOrganizations, Organization, OrganizationFilter, ValidationType},
        page::Paging,
    },
    client::{
        Client,
        actions::{OrderRef, allowed_actions},
        options::CallOptions,
        ordering::renewal_of,
        waiting::{CertIdentity, Goal, WaitOptions},
    },
    pki::{BundleContext, Input, parse_bundle, parse_certificate, same_key},
};
use serde_json::{Value, json};

use crate::{
    fixtures::{COMMON_NAME, CSR, CSR_OF_NEW_KEY, create, id_of, new_order, person, status_of},
    world::World,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn act(world: &World, client: &Client, order: &Model<Order>, action: OrderAction, body: Option<Value>) -> Model<Order> {
    let (client, order) = (client.clone(), OrderRef::Known(Box::new(order.clone())));
    let done = world.run(async move {
        client
            .change_order(&order, action, body, true, CallOptions::default())
            .await
    });
    done.unwrap_or_else(|error| panic!("{action:?}: {error:?}")).value
}

fn validated(world: &World, client: &Client, organization: &Model<Organization>, kind: Option<ValidationType>) {
    let (client, id) = (client.clone(), organization.view.id.clone().unwrap());
    let options = WaitOptions::default();
    let waited = world.run(async move { client.wait_for_organization(&id, kind.as_ref(), options, |_| ()).await });
    waited.unwrap_or_else(|error| panic!("{error:?}"));
}

fn download(world: &World, client: &Client, order: &Model<Order>, format: &str) -> Vec<u8> {
    let call = DownloadCert {
        id: id_of(order),
        format: format.into(),
    };
    world.value(client, call).0
}

/// The whole life of an order of that type; gives how long its first certificate took.
fn live(cert_type: &str) -> Duration {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);

    // A second contact, who will have to go again.
    let mut bob = person("bob@example.com", &["ORGANIZATION_CONTACT"]);
    bob["organizationId"] = organization.json["id"].clone();
    let bob = world.value(&client, CreateContact { contact: bob });
    let bob_id = bob.view.id.clone().unwrap();
    let changes = json!({ "jobTitle": "Director" });
    let changed = world.value(
        &client,
        UpdateContact {
            id: bob_id.clone(),
            changes,
        },
    );
    assert_eq!(changed.view.job_title.as_deref(), Some("Director"));
    assert_eq!(world.value(&client, GetContact { id: bob_id.clone() }), changed);

    // The CSR is read, the order is checked and accepted.
    let read = world.value(&client, ParseCsrs { csrs: vec![CSR.into()] });
    assert_eq!(read[0].view.common_name.as_deref(), Some(COMMON_NAME));
    let ordered_at = world.now();
    let call = create(new_order(&organization, cert_type, COMMON_NAME));
    let reply = {
        let client = client.clone();
        world
            .run(async move { client.create_order(&call, true, CallOptions::default()).await })
            .unwrap()
    };
    assert_eq!((reply.info.status, status_of(&reply.value)), (202, "CREATED"));
    assert_eq!(
        reply.value.json["cert"],
        Value::Null,
        "the certificate authority has not got it yet"
    );

    // It is issued when it holds its certificate.
    let order = world.wait(&client, &reply.value, Goal::Issued);
    let took = world.now() - ordered_at;
    assert!(order.view.is_issued());
    if cert_type != "SSL_DV_GEOTRUST" {
        validated(&world, &client, &organization, Some(ValidationType::Ov));
    }

    // Both formats hold the chain, and the certificate is for the CSR's key.
    for format in ["pem_all", "p7b"] {
        let file = download(&world, &client, &order, format);
        let bundle = parse_bundle(&Input::from(file.as_slice()), &BundleContext::default()).unwrap();
        assert_eq!(
            bundle.leaf.subject.common_name.as_deref(),
            Some(COMMON_NAME),
            "{format}"
        );
        assert_eq!(bundle.intermediates.len(), 1, "{format}");
        let leaf = Input::from(bundle.leaf.pem.as_str());
        assert!(same_key(&leaf, &Input::from(CSR)).unwrap(), "{format}");
    }

    // What can be done with it in between.
    act(&world, &client, &order, OrderAction::SendCertificateEmail, None);
    let emails = json!({ "additionalEmails": ["ops@example.com"] });
    let told = act(
        &world,
        &client,
        &order,
        OrderAction::UpdateAdditionalEmails,
        Some(emails),
    );
    assert_eq!(
        told.view.additional_emails.as_deref(),
        Some(["ops@example.com".to_owned()].as_slice())
    );
    if cert_type != "SSL_DV_GEOTRUST" {
        let domains = json!({ "domains": [COMMON_NAME] });
        act(&world, &client, &order, OrderAction::ValidateDomains, Some(domains));
    }

    // A reissue is another certificate of the same order, for the new key.
    let changes =
        json!({ "cert": { "csr": CSR_OF_NEW_KEY, "dnsNames": ["www.shop.example.com", "api.shop.example.com"] } });
    let pending = act(&world, &client, &order, OrderAction::Reissue, Some(changes));
    let old = CertIdentity::of(&order.view);
    let reissued = world.wait(&client, &pending, Goal::Reissued(Some(old)));
    let (before, after) = (&order.json["cert"], &reissued.json["cert"]);
    assert_ne!(before["providerId"], after["providerId"]);
    assert_ne!(before["serialNumber"], after["serialNumber"]);
    assert_eq!(
        order.json["providerId"], reissued.json["providerId"],
        "the order keeps its own (guide 7.4.8.3)"
    );
    let certificate = Input::from(reissued.view.end_entity_cert().unwrap());
    assert!(same_key(&certificate, &Input::from(CSR_OF_NEW_KEY)).unwrap());
    let names = parse_certificate(&certificate).unwrap().subject_alt_names;
    assert!(names.dns.iter().any(|name| name == "api.shop.example.com"), "{names:?}");

    // Another order is canceled before it is issued.
    let unwanted = world.value(
        &client,
        create(new_order(&organization, cert_type, "unwanted.example.com")),
    );
    world.advance(Duration::from_secs(10));
    let unwanted = world.look_at(&client, &unwanted);
    assert!(
        allowed_actions(&unwanted.view).contains(&OrderAction::SendDcvEmail),
        "{}",
        status_of(&unwanted)
    );
    act(&world, &client, &unwanted, OrderAction::SendDcvEmail, None);
    let canceled = act(&world, &client, &unwanted, OrderAction::Cancel, None);
    world.wait(&client, &canceled, Goal::Canceled);

    // Renewing is a new order (guide 8.5).
    let changes = json!({ "csr": CSR });
    let renewal = renewal_of(&reissued, changes.as_object().unwrap()).unwrap();
    let renewed = {
        let client = client.clone();
        let mut renewal = renewal;
        // The service adds its own technical contact to every order; it can not be named in a new one.
        renewal["contacts"].as_array_mut().unwrap().truncate(1);
        let call = CreateOrder { order: renewal.into() };
        world
            .run(async move { client.create_order(&call, true, CallOptions::default()).await })
            .unwrap()
            .value
    };
    assert_ne!(id_of(&renewed), id_of(&order));
    let renewed = world.wait(&client, &renewed, Goal::Issued);

    // Revoking is for good.
    let revoking = act(&world, &client, &reissued, OrderAction::Revoke, None);
    let revoked = world.wait(&client, &revoking, Goal::Revoked);
    assert_eq!(revoked.json["cert"]["revokeStatus"], "REVOKED");
    assert_eq!(allowed_actions(&revoked.view), []);

    // What happened can be read.
    for (subject, id) in [
        (Subject::Organization, organization.view.id.clone().unwrap()),
        (Subject::Contact, bob_id.clone()),
        (Subject::Order, id_of(&order)),
    ] {
        let list = ListHistory {
            subject,
            id: id.clone(),
            filter: HistoryFilter::default(),
            paging: Paging::default(),
        };
        let lines = world.value(&client, list).content;
        let first = lines.first().unwrap();
        let get = GetHistory {
            subject,
            id,
            history_id: first.view.id.clone().unwrap(),
        };
        assert_eq!(world.value(&client, get), *first);
    }

    // And found again.
    let filter = OrderFilter {
        organization_id: organization.view.id.clone(),
        statuses: Some(vec![OrderStatus::Issued]),
        common_names: Some(vec![COMMON_NAME.into()]),
        ..OrderFilter::default()
    };
    let found = world
        .value(
            &client,
            ListOrders {
                filter,
                paging: Paging::default(),
            },
        )
        .content;
    assert_eq!(found.iter().map(id_of).collect::<Vec<_>>(), [id_of(&renewed)]);
    let filter = OrganizationFilter {
        name: Some("Example".into()),
        ..OrganizationFilter::default()
    };
    assert_eq!(world.value(&client, ListOrganizations::of(filter)).content.len(), 1);
    let id = organization.view.id.clone().unwrap();
    assert_eq!(
        world.value(&client, GetOrganization { id }).view.name.as_deref(),
        Some("Example Inc.")
    );
    let filter = ContactFilter {
        email: Some("bob@example.com".into()),
    };
    assert_eq!(world.value(&client, ListContacts::of(filter)).content.len(), 1);
    assert_eq!(world.value(&client, ListPrices {}).len(), 12);
    world.value(&client, DeleteContact { id: bob_id });

    assert_eq!(client.limiter().state().throttled, 0, "never past the service's limit");
    took
}

#[test]
fn a_dv_order_lives_from_its_creation_to_its_renewal() {
    assert!(live("SSL_DV_GEOTRUST") < Duration::from_secs(30 * 60));
}

#[test]
fn an_ov_order_waits_for_its_organization() {
    assert!(live("SSL_OV_BASIC") > Duration::from_secs(2 * 60 * 60));
}

#[test]
fn an_ev_order_takes_days_and_outlives_many_tokens() {
    assert!(live("SSL_EV_BASIC") > DAY);
}
