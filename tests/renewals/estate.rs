//! An account with certificates in it.

use std::{cell::Cell, rc::Rc, time::Duration};

use markmonitor_certs::{
    client::Client,
    renewals::{Plan, planning},
};
use sandbox::{Options, Readings};
use serde_json::{Value, json};

use crate::{
    call::call,
    driver::{self, Crash, Crashed, Disk, Ended, Process, approved, csr_of_key},
    fixtures::{create, id_of, new_organization},
    world::World,
};

pub const DAY: Duration = Duration::from_secs(86_400);
pub const HOUR: Duration = Duration::from_secs(3_600);

/// An account, and what its machines share.
pub struct Estate {
    pub world: World,
    pub disk: Rc<Disk>,
    pub organization: Value,
    /// The orders of the beginning.
    pub orders: Vec<String>,
    next: Cell<u64>,
}

/// PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    x509_cert::der::pem::encode_string(label, x509_cert::der::pem::LineEnding::LF, der).expect("PEM")
}

impl Estate {
    /// So many DV certificates, issued at the beginning; and the day then is so many days later.
    pub fn new(count: u64, days_later: u32) -> Self {
        Self::with(count, days_later, Readings::default())
    }

    pub fn with(count: u64, days_later: u32, readings: Readings) -> Self {
        let world = World::with(Options {
            rate_limit: None,
            readings,
            ..Options::default()
        });
        let estate = Self::in_world(world, count);
        // They are 200 days then, from 15 March 2026 on.
        estate.world.advance(DAY * days_later);
        estate.world.take_sent();
        estate
    }

    /// So many DV certificates that are ordered now.
    pub fn in_world(world: World, count: u64) -> Self {
        let client = world.client();
        let organization = world.value(&client, call("organizations.create").body(new_organization()));
        let mut estate = Self {
            world,
            disk: Rc::default(),
            organization,
            orders: Vec::new(),
            next: Cell::new(1_000_000),
        };
        for number in 0..count {
            estate
                .orders
                .push(estate.order(&client, &format!("n{number}.example.com"), "SSL_DV_GEOTRUST"));
        }
        estate
    }

    /// Places an order as a person does.
    pub fn order(&self, client: &Client, name: &str, cert_type: &str) -> String {
        id_of(&self.world.value(client, create(self.new_order(name, cert_type))))
    }

    pub fn new_order(&self, name: &str, cert_type: &str) -> Value {
        self.next.set(self.next.get() + 1);
        let contact = self.organization["contacts"][0]["id"].clone();
        json!({
            "organizationId": self.organization["id"], "certType": cert_type, "locale": "en", "provider": "DIGICERT",
            "contacts": [{
                "id": contact,
                "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }, { "type": "EXTENDED_VALIDATION_APPROVER" }],
            }],
            "cert": {
                "commonName": name, "csr": csr_of_key(self.next.get()), "dnsNames": [format!("www.{name}")],
                "dcvMethod": "DNS_TXT_TOKEN",
            },
        })
    }

    /// A process that has just begun: it knows nothing but what is on the disk.
    pub fn process(&self) -> Process {
        self.next.set(self.next.get() + 1);
        Process {
            client: self.world.client(),
            platform: Rc::clone(&self.world.platform),
            disk: Rc::clone(&self.disk),
            name: self.next.get(),
            crash: None,
            careless: None,
            answers: Cell::new(0),
            freezes: None,
            wakes_early: false,
        }
    }

    pub fn plan(&self) -> Plan {
        self.plan_with(json!({}))
    }

    pub fn plan_with(&self, policy: Value) -> Plan {
        let process = self.process();
        let settings = planning::Settings {
            policy: serde_json::from_value(policy).expect("a policy"),
            ..planning::Settings::default()
        };
        self.world.run(async move { driver::plan(&process, settings).await })
    }

    /// Plans, and carries it out.
    pub fn night(&self) -> Ended {
        self.night_with(json!({})).expect("no process ended")
    }

    pub fn night_with(&self, more: Value) -> Result<Ended, Crashed> {
        self.night_of(self.process(), more)
    }

    pub fn night_of(&self, process: Process, more: Value) -> Result<Ended, Crashed> {
        let settings = self.settings(&self.plan(), &more);
        self.world.run(async move {
            let ended = driver::run(&process, settings).await;
            // The lock of a process that is no more is nobody's.
            process.unlock();
            ended
        })
    }

    /// What a process plans that has this client; nothing where the account cannot be read.
    pub fn plan_by(&self, client: Client) -> Option<Plan> {
        let process = Process {
            client,
            ..self.process()
        };
        self.world
            .run(async move { driver::try_plan(&process, planning::Settings::default()).await })
    }

    /// A run, and perhaps another one beside it. What came of the first; nothing where its process has ended, or the account
    /// could not be read.
    pub fn nights_of(&self, process: Process, settings: Value, beside: Option<(Process, Value)>) -> Option<Ended> {
        self.world.run(async move {
            let first = async move {
                let ended = driver::run(&process, settings).await;
                process.unlock();
                ended
            };
            let second = async move {
                let (process, settings) = beside?;
                let ended = driver::run(&process, settings).await;
                process.unlock();
                ended.ok()
            };
            let (first, second) = futures_util::future::join(first, second).await;
            let is_other = |ended: &Ended| ended.summary.outcome.as_str() == "locked";
            match first.ok() {
                Some(ended) if is_other(&ended) => second,
                ended => ended,
            }
        })
    }

    /// One that ends before its run does, if it comes so far. How many answers there were.
    pub fn crashed_night(&self, crash: Crash, careless: Option<&'static str>, more: Value) -> bool {
        let process = Process {
            crash: Some(crash),
            careless,
            ..self.process()
        };
        self.night_of(process, more).is_err()
    }

    pub fn settings(&self, plan: &Plan, more: &Value) -> Value {
        self.next.set(self.next.get() + 1);
        let mut settings = json!({
            "run": format!("run {}", self.next.get()), "random": 0.5, "maxWaitMs": 4 * 3_600_000, "minDelayMs": 15_000,
            "maxDelayMs": 300_000, "approved": approved(plan), "has": { "deliver": true, "renewed": true },
        });
        for (name, value) in more.as_object().expect("an object") {
            settings[name] = value.clone();
        }
        settings
    }

    /// From now on the service says that this validation of the organization has lapsed.
    pub fn lapse(&self, kind: &'static str) {
        let mut organization = self.organization.clone();
        organization["validations"] =
            json!([{ "type": kind, "status": "PENDING", "dateValidatedUntil": "2026-01-02T00:00:00Z" }]);
        self.world.answer(move |sent| {
            let is_list = sent.path.ends_with("/organization");
            is_list.then(|| crate::world::json(200, &json!({ "content": [organization] })))
        });
    }

    /// All orders, with the ones that each replaces by its marker.
    pub fn placed(&self) -> Vec<(String, Option<String>)> {
        let client = self.world.client();
        let page = self
            .world
            .value(&client, call("orders.list").filter(json!({ "size": 200 })));
        let content = page["content"].as_array().expect("a page").clone();
        let replaced = |order: &Value| {
            let comments = order["comments"].as_str()?;
            let after = comments.split("replaces=").nth(1)?;
            Some(after.trim_end_matches(']').to_owned())
        };
        content.iter().map(|order| (id_of(order), replaced(order))).collect()
    }

    /// How many orders replace each of the first ones.
    pub fn renewals(&self) -> Vec<usize> {
        let placed = self.placed();
        let count = |id: &String| {
            placed
                .iter()
                .filter(|(_, replaced)| replaced.as_ref() == Some(id))
                .count()
        };
        self.orders.iter().map(count).collect()
    }
}
