//! A DV, an OV and an EV order from the organization to the renewal (guide 7 and 8), and every call on the way.

use std::time::Duration;

use markmonitor_certs::{
    api::{
        call::Call,
        certs::ParseCsrs,
        contacts::{Contact, ContactFilter, CreateContact, DeleteContact, GetContact, ListContacts, UpdateContact},
        history::{GetHistory, HistoryFilter, ListHistory, Subject},
        model::Model,
        orders::{DownloadCert, ListOrders, ListPrices, Order, OrderAction, OrderFilter, OrderStatus},
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
const DV: &str = "SSL_DV_GEOTRUST";

/// An account in which orders of one type live.
struct Life {
    world: World,
    client: Client,
    organization: Model<Organization>,
    cert_type: &'static str,
}

impl Life {
    fn new(cert_type: &'static str) -> Self {
        let world = World::new();
        let client = world.client();
        let organization = world.organization(&client);
        Self {
            world,
            client,
            organization,
            cert_type,
        }
    }

    fn value<C: Call + 'static>(&self, call: C) -> C::Reply
    where
        C::Reply: 'static,
    {
        self.world.value(&self.client, call)
    }

    fn organization_id(&self) -> String {
        self.organization.view.id.clone().unwrap()
    }

    fn act(&self, order: &Model<Order>, action: OrderAction, body: Option<Value>) -> Model<Order> {
        let (client, order) = (self.client.clone(), OrderRef::Known(Box::new(order.clone())));
        let options = CallOptions::default();
        let done = self
            .world
            .run(async move { client.change_order(&order, action, body, true, options).await });
        done.unwrap_or_else(|error| panic!("{action:?}: {error:?}")).value
    }

    /// A second contact, added and changed.
    fn second_contact(&self) -> Model<Contact> {
        let mut contact = person("bob@example.com", &["ORGANIZATION_CONTACT"]);
        contact["organizationId"] = self.organization.json["id"].clone();
        let id = self.value(CreateContact { contact }).view.id.unwrap();
        let update = UpdateContact {
            id: id.clone(),
            changes: json!({ "jobTitle": "Director" }),
        };
        let bob = self.value(update);
        assert_eq!(bob.view.job_title.as_deref(), Some("Director"));
        assert_eq!(self.value(GetContact { id }), bob);
        bob
    }

    /// Ordered with the check that every order goes through.
    fn order(&self, order: Value) -> Model<Order> {
        let (client, call) = (self.client.clone(), create(order));
        let options = CallOptions::default();
        let reply = self
            .world
            .run(async move { client.create_order(&call, true, options).await })
            .unwrap();
        assert_eq!((reply.info.status, status_of(&reply.value)), (202, "CREATED"));
        reply.value
    }

    fn is_validated(&self, kind: ValidationType) {
        let (client, id, options) = (self.client.clone(), self.organization_id(), WaitOptions::default());
        let waited = self
            .world
            .run(async move { client.wait_for_organization(&id, Some(&kind), options, |_| ()).await });
        waited.unwrap();
    }

    /// Both formats hold the chain, and the certificate is for the CSR's key.
    fn download(&self, order: &Model<Order>) {
        for format in ["pem_all", "p7b"] {
            let file = self.value(DownloadCert {
                id: id_of(order),
                format: format.into(),
            });
            let bundle = parse_bundle(&Input::from(file.0.as_slice()), &BundleContext::default()).unwrap();
            let leaf = Input::from(bundle.leaf.pem.as_str());
            assert_eq!(bundle.leaf.subject.common_name.as_deref(), Some(COMMON_NAME));
            assert_eq!(bundle.intermediates.len(), 1, "{format}");
            assert!(same_key(&leaf, &Input::from(CSR)).unwrap(), "{format}");
        }
    }

    /// What can be done with an issued order and leaves it issued.
    fn small_actions(&self, order: &Model<Order>) {
        self.act(order, OrderAction::SendCertificateEmail, None);
        let emails = json!({ "additionalEmails": ["ops@example.com"] });
        let told = self.act(order, OrderAction::UpdateAdditionalEmails, Some(emails.clone()));
        assert_eq!(told.json["additionalEmails"], emails["additionalEmails"]);
        if self.cert_type != DV {
            let domains = json!({ "domains": [COMMON_NAME] });
            self.act(order, OrderAction::ValidateDomains, Some(domains));
        }
    }

    /// Another certificate of the same order, for a new key and a new name (guide 7.4.8.3).
    fn reissue(&self, order: &Model<Order>) -> Model<Order> {
        let names = ["www.shop.example.com", "api.shop.example.com"];
        let changes = json!({ "cert": { "csr": CSR_OF_NEW_KEY, "dnsNames": names } });
        let pending = self.act(order, OrderAction::Reissue, Some(changes));
        let old = CertIdentity::of(&order.view);
        let reissued = self.world.wait(&self.client, &pending, Goal::Reissued(Some(old)));
        let (before, after) = (&order.json["cert"], &reissued.json["cert"]);
        assert_ne!(before["providerId"], after["providerId"]);
        assert_ne!(before["serialNumber"], after["serialNumber"]);
        assert_eq!(order.json["providerId"], reissued.json["providerId"], "the order's own");
        let certificate = Input::from(reissued.view.end_entity_cert().unwrap());
        assert!(same_key(&certificate, &Input::from(CSR_OF_NEW_KEY)).unwrap());
        let dns = parse_certificate(&certificate).unwrap().subject_alt_names.dns;
        assert!(dns.iter().any(|name| name == names[1]), "{dns:?}");
        reissued
    }

    /// Another order, which does not live to be issued.
    fn cancel_another(&self) {
        let order = self.order(new_order(&self.organization, self.cert_type, "unwanted.example.com"));
        self.world.advance(Duration::from_secs(10));
        let order = self.world.look_at(&self.client, &order);
        self.act(&order, OrderAction::SendDcvEmail, None);
        let canceled = self.act(&order, OrderAction::Cancel, None);
        self.world.wait(&self.client, &canceled, Goal::Canceled);
    }

    /// Renewing is a new order (guide 8.5).
    fn renew(&self, order: &Model<Order>) -> Model<Order> {
        let changes = json!({ "csr": CSR });
        let renewed = self.order(renewal_of(order, changes.as_object().unwrap()).unwrap());
        assert_ne!(id_of(&renewed), id_of(order));
        self.world.wait(&self.client, &renewed, Goal::Issued)
    }

    fn revoke(&self, order: &Model<Order>) {
        let revoking = self.act(order, OrderAction::Revoke, None);
        let revoked = self.world.wait(&self.client, &revoking, Goal::Revoked);
        assert_eq!(revoked.json["cert"]["revokeStatus"], "REVOKED");
        assert_eq!(allowed_actions(&revoked.view), []);
    }

    fn has_history(&self, subject: Subject, id: String) {
        let list = ListHistory {
            subject,
            id: id.clone(),
            filter: HistoryFilter::default(),
            paging: Paging::default(),
        };
        let first = self.value(list).content.remove(0);
        let get = GetHistory {
            subject,
            id,
            history_id: first.view.id.clone().unwrap(),
        };
        assert_eq!(self.value(get), first);
    }

    /// All that was made is found again; of the orders this one is the only one issued.
    fn is_found(&self, order: &Model<Order>) {
        let filter = OrderFilter {
            organization_id: Some(self.organization_id()),
            statuses: Some(vec![OrderStatus::Issued]),
            common_names: Some(vec![COMMON_NAME.into()]),
            ..OrderFilter::default()
        };
        let found = self.value(ListOrders::of(filter)).content;
        assert_eq!(found.iter().map(id_of).collect::<Vec<_>>(), [id_of(order)]);
        let filter = OrganizationFilter {
            name: Some("Example".into()),
            ..OrganizationFilter::default()
        };
        assert_eq!(self.value(ListOrganizations::of(filter)).content.len(), 1);
        let id = self.organization_id();
        assert_eq!(self.value(GetOrganization { id }).json["name"], "Example Inc.");
        let filter = ContactFilter {
            email: Some("bob@example.com".into()),
        };
        assert_eq!(self.value(ListContacts::of(filter)).content.len(), 1);
    }
}

/// The whole life of an order of that type; gives how long its first certificate took.
fn live(cert_type: &'static str) -> Duration {
    let life = Life::new(cert_type);
    let bob = life.second_contact().view.id.unwrap();
    assert_eq!(life.value(ListPrices {}).len(), 12);
    let read = life.value(ParseCsrs {
        csrs: vec![CSR.into()],
        body: None,
    });
    assert_eq!(read[0].view.common_name.as_deref(), Some(COMMON_NAME));

    let before = life.world.now();
    let accepted = life.order(new_order(&life.organization, cert_type, COMMON_NAME));
    assert_eq!(
        accepted.json["cert"],
        Value::Null,
        "the certificate authority has not got it yet"
    );
    let order = life.world.wait(&life.client, &accepted, Goal::Issued);
    let took = life.world.now() - before;
    if cert_type != DV {
        life.is_validated(ValidationType::Ov);
    }
    life.download(&order);
    life.small_actions(&order);

    let reissued = life.reissue(&order);
    life.cancel_another();
    let renewed = life.renew(&reissued);
    life.revoke(&reissued);

    life.has_history(Subject::Organization, life.organization_id());
    life.has_history(Subject::Contact, bob.clone());
    life.has_history(Subject::Order, id_of(&order));
    life.is_found(&renewed);
    life.value(DeleteContact { id: bob });
    assert_eq!(
        life.client.limiter().state().throttled,
        0,
        "never past the service's limit"
    );
    took
}

#[test]
fn a_dv_order_lives_from_its_creation_to_its_renewal() {
    assert!(live(DV) < Duration::from_secs(30 * 60));
}

#[test]
fn an_ov_order_waits_for_its_organization() {
    assert!(live("SSL_OV_BASIC") > Duration::from_secs(2 * 60 * 60));
}

#[test]
fn an_ev_order_takes_days_and_outlives_many_tokens() {
    assert!(live("SSL_EV_BASIC") > DAY);
}
