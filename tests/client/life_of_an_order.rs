//! A DV, an OV and an EV order from the organization to the renewal (guide 7 and 8), and every call on the way.

use std::time::Duration;

use markmonitor_certs::{
    api::Parsed,
    client::{
        Client, endpoint,
        options::CallOptions,
        orders::actions::{allowed_actions, check_allowed},
        waiting::{Goal, Wait, WaitOptions},
    },
    pki::{BundleContext, Input, OrderForm, Severity, check_order, parse_bundle, parse_certificate, same_key},
};
use serde_json::{Value, json};

use crate::{
    call::{Call, call, fields},
    fixtures::{
        COMMON_NAME, CSR, CSR_OF_NEW_KEY, create, facts_of, id_of, json_of, new_order, parsed, person, prices,
        status_of,
    },
    given::Json,
    world::World,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const DV: &str = "SSL_DV_GEOTRUST";

/// An account in which orders of one type live.
struct Life {
    world: World,
    client: Client,
    organization: Value,
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

    fn value(&self, call: Call) -> Value {
        self.world.value(&self.client, call)
    }

    /// All items of a list that is short enough for one page.
    fn items(&self, call: Call) -> Vec<Value> {
        self.value(call)["content"].as_array().unwrap().clone()
    }

    fn organization_id(&self) -> String {
        id_of(&self.organization)
    }

    /// Does something with an order in hand, whose status allows it.
    fn act(&self, order: &Value, action: &str, body: Option<Value>) -> Value {
        let operation = format!("orders.{action}");
        check_allowed(endpoint(&operation).unwrap(), Some(&facts_of(order))).unwrap();
        let call = call(&operation).id(id_of(order));
        self.value(match body {
            Some(body) => call.body(body),
            None => call,
        })
    }

    /// A second contact, added and changed.
    fn second_contact(&self) -> Value {
        let mut contact = person("bob@example.com", &["ORGANIZATION_CONTACT"]);
        contact["organizationId"] = self.organization["id"].clone();
        let id = id_of(&self.value(call("contacts.create").body(contact)));
        let changes = json!({ "jobTitle": "Director" });
        let bob = self.value(call("contacts.update").id(&id).body(changes));
        assert_eq!(bob["jobTitle"], "Director");
        assert_eq!(self.value(call("contacts.get").id(id)), bob);
        bob
    }

    /// Ordered with the check that every order goes through.
    fn order(&self, order: Value) -> Value {
        let form = OrderForm::read(&Json(Some(&order)), "order").unwrap();
        let found = check_order(&form, None).conclude(None).findings;
        assert!(
            found.iter().all(|finding| finding.severity != Severity::Error),
            "{found:?}"
        );
        let reply = self.world.call(&self.client, create(order)).unwrap();
        let order = json_of(&reply.body);
        assert_eq!((reply.info.status, status_of(&order)), (202, "CREATED"));
        order
    }

    fn is_validated(&self, kind: &'static str) {
        let (client, id, options) = (self.client.clone(), self.organization_id(), WaitOptions::default());
        let waited = self
            .world
            .run(Wait::for_organization(client, &id, Some(kind.into()), options).reach(&|_| ()));
        waited.unwrap();
    }

    /// Both formats hold the chain, and the certificate is for the CSR's key.
    fn download(&self, order: &Value) {
        for format in ["pem_all", "p7b"] {
            let download = call("orders.download").id(id_of(order));
            let reply = self
                .world
                .call(&self.client, download.filter(json!({ "format": format })));
            let body = reply.unwrap().body;
            let Parsed::Bytes(file) = parsed(&body) else {
                panic!("{}", body.text())
            };
            let bundle = parse_bundle(&Input::from(file.as_slice()), &BundleContext::default()).unwrap();
            let leaf = Input::from(bundle.leaf.pem.as_str());
            assert_eq!(bundle.leaf.subject.common_name.as_deref(), Some(COMMON_NAME));
            assert_eq!(bundle.intermediates.len(), 1, "{format}");
            assert!(same_key(&leaf, &Input::from(CSR)).unwrap(), "{format}");
        }
    }

    /// What can be done with an issued order and leaves it issued.
    fn small_actions(&self, order: &Value) {
        self.act(order, "sendCertificateEmail", None);
        let emails = json!({ "additionalEmails": ["ops@example.com"] });
        let told = self.act(order, "updateAdditionalEmails", Some(emails.clone()));
        assert_eq!(told["additionalEmails"], emails["additionalEmails"]);
        if self.cert_type != DV {
            let domains = json!({ "domains": [COMMON_NAME] });
            self.act(order, "validateDomains", Some(domains));
        }
    }

    /// Another certificate of the same order, for a new key and a new name (guide 7.4.8.3).
    fn reissue(&self, order: &Value) -> Value {
        let names = ["www.shop.example.com", "api.shop.example.com"];
        let changes = json!({ "cert": { "csr": CSR_OF_NEW_KEY, "dnsNames": names } });
        let pending = self.act(order, "reissue", Some(changes));
        let reissued = self.world.wait(
            &self.client,
            &pending,
            Goal::reissued("id", Some(&facts_of(order))).unwrap(),
        );
        let (before, after) = (&order["cert"], &reissued["cert"]);
        assert_ne!(before["providerId"], after["providerId"]);
        assert_ne!(before["serialNumber"], after["serialNumber"]);
        assert_eq!(order["providerId"], reissued["providerId"], "the order's own");
        let certificate = Input::from(reissued["cert"]["endEntityCert"].as_str().unwrap());
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
        self.act(&order, "sendDcvEmail", None);
        let canceled = self.act(&order, "cancel", None);
        self.world.wait(&self.client, &canceled, Goal::Canceled);
    }

    /// Renewing is a new order (guide 8.5).
    fn renew(&self, order: &Value) -> Value {
        let (client, old, changes) = (self.client.clone(), order.clone(), fields(json!({ "csr": CSR })));
        let renewal = (self.world).run(async move { client.renewal(&old, &changes, CallOptions::default()).await });
        let renewed = self.order(renewal.unwrap());
        assert_ne!(id_of(&renewed), id_of(order));
        self.world.wait(&self.client, &renewed, Goal::Issued)
    }

    fn revoke(&self, order: &Value) {
        let revoking = self.act(order, "revoke", None);
        let revoked = self.world.wait(&self.client, &revoking, Goal::Revoked);
        assert_eq!(revoked["cert"]["revokeStatus"], "REVOKED");
        assert_eq!(allowed_actions(&facts_of(&revoked)), [] as [&str; 0]);
    }

    fn has_history(&self, of: &str, id: &str) {
        let lines = self.items(call(&format!("{of}.history.list")).id(id));
        let get = call(&format!("{of}.history.get")).id(id).history_id(id_of(&lines[0]));
        assert_eq!(self.value(get), lines[0]);
    }

    /// All that was made is found again; of the orders this one is the only one issued.
    fn is_found(&self, order: &Value) {
        let filter = json!({
            "organizationId": self.organization_id(), "statuses": ["DIGI_ISSUED"], "commonNames": [COMMON_NAME],
        });
        let found = self.items(call("orders.list").filter(filter));
        assert_eq!(found.iter().map(id_of).collect::<Vec<_>>(), [id_of(order)]);
        let named = call("organizations.list").filter(json!({ "name": "Example" }));
        assert_eq!(self.items(named).len(), 1);
        let organization = self.value(call("organizations.get").id(self.organization_id()));
        assert_eq!(organization["name"], "Example Inc.");
        let reached = call("contacts.list").filter(json!({ "email": "bob@example.com" }));
        assert_eq!(self.items(reached).len(), 1);
    }
}

/// The whole life of an order of that type; returns how long its first certificate took.
fn live(cert_type: &'static str) -> Duration {
    let life = Life::new(cert_type);
    let bob = id_of(&life.second_contact());
    assert_eq!(life.value(prices()).as_array().unwrap().len(), 12);
    let read = life.value(call("certs.parse").body(json!({ "csrs": [CSR] })));
    assert_eq!(read[0]["commonName"], COMMON_NAME);

    let before = life.world.now();
    let accepted = life.order(new_order(&life.organization, cert_type, COMMON_NAME));
    assert_eq!(
        accepted["cert"],
        Value::Null,
        "the certificate authority has not got it yet"
    );
    let order = life.world.wait(&life.client, &accepted, Goal::Issued);
    let took = life.world.now() - before;
    if cert_type != DV {
        life.is_validated("OV");
    }
    life.download(&order);
    life.small_actions(&order);

    let reissued = life.reissue(&order);
    life.cancel_another();
    let renewed = life.renew(&reissued);
    life.revoke(&reissued);

    life.has_history("organizations", &life.organization_id());
    life.has_history("contacts", &bob);
    life.has_history("orders", &id_of(&order));
    life.is_found(&renewed);
    life.value(call("contacts.delete").id(bob));
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
