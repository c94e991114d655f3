//! Answers what a plan or a run asks, with the client, the reader and the sandbox: as the facade does, but that a process may
//! end before or after each answer.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::Duration,
};

use markmonitor_certs::{
    client::{
        Client, Error,
        error::ErrorKind,
        lists::Pager,
        options::CallOptions,
        orders::{OnceOptions, actions::OrderRef},
        platform::Platform,
        waiting::{Goal, Wait, WaitOptions},
    },
    pki::{BundleContext, Input, parse_bundle, same_key},
    renewals::{Plan, Planner, Run, journal::State, planning, run::Event, summary::Summary, time::Ms},
};
use serde_json::{Map, Value, json};

use crate::{
    call::{call, fields, of},
    fixtures::{CSR, facts_of, json_of, parsed},
    virtual_platform::VirtualPlatform,
};

pub use markmonitor_certs::renewals::{Ask, Ask as Asked};

/// What outlives a process: its journal, its keys, and what was delivered. Several machines may share it.
#[derive(Default)]
pub struct Disk {
    pub journal: RefCell<Vec<String>>,
    /// Who has the lock, and until when.
    lock: RefCell<Option<(u64, Ms)>>,
    /// The requests of all keys, by the names of the keys.
    pub keys: RefCell<BTreeMap<String, String>>,
    /// The old order, the new one and the new end, in turn.
    pub delivered: RefCell<Vec<Delivery>>,
    /// The orders of each run of the hook of all.
    pub told: RefCell<Vec<Vec<String>>>,
    /// Deliveries of these names fail.
    pub undeliverable: RefCell<Vec<String>>,
    /// This hook of all fails.
    pub broken_hook: Cell<Option<&'static str>>,
    /// What is asked by this name is not done, and answered with this.
    pub instead: RefCell<Option<(&'static str, Value)>>,
    /// Orders for which records were published.
    pub published: RefCell<Vec<String>>,
    /// What was done without an entry that it would be.
    pub unannounced: RefCell<Vec<String>>,
    /// All requests are for this key, as of a signer that keeps it.
    pub kept_key: Cell<Option<u64>>,
    next_key: Cell<u64>,
}

/// The steps of all entries.
pub const ALL: &str = "all";

/// The step that an entry is about.
fn step_of(entry: &str) -> String {
    let entry: Value = serde_json::from_str(entry).expect("an entry");
    entry["step"].as_str().expect("a step").to_owned()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub old: String,
    pub new: String,
    pub key: String,
}

/// When a process ends: at so many answers, before what was asked is done, or after it and before that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash {
    pub at: usize,
    pub after: bool,
}

/// A process.
pub struct Process {
    pub client: Client,
    pub platform: Rc<VirtualPlatform>,
    pub disk: Rc<Disk>,
    pub name: u64,
    pub crash: Option<Crash>,
    /// Effects come before their entries, those of this step or all: what must not be.
    pub careless: Option<&'static str>,
    /// How many answers there were.
    pub answers: Cell<usize>,
    /// It stands still before it does this, until it is woken.
    pub freezes: Option<Freeze>,
    /// A timer ends a moment before its time.
    pub wakes_early: bool,
}

/// Before which ask, and for how long.
pub type Freeze = (fn(&Ask) -> bool, Duration);

/// The process ended before the run did.
#[derive(Debug)]
pub struct Crashed;

/// What came of a run.
pub struct Ended {
    pub summary: Summary,
    pub events: Vec<Event>,
}

impl Ended {
    /// The codes of the problems, in turn.
    pub fn problems(&self) -> Vec<&'static str> {
        let code = |event: &Event| match event {
            Event::Problem(problem) => Some(problem.code.as_str()),
            _ => None,
        };
        self.events.iter().filter_map(code).collect()
    }
}

const LEASE: Ms = 15 * 60_000;

/// Makes a plan.
pub async fn plan(process: &Process, settings: planning::Settings) -> Plan {
    try_plan(process, settings).await.expect("the account can be read")
}

/// Makes a plan; nothing where the account cannot be read.
pub async fn try_plan(process: &Process, settings: planning::Settings) -> Option<Plan> {
    let journal = State::of(process.disk.journal.borrow().iter());
    let planner = RefCell::new(Planner::new(settings, journal));
    let mut ask = planner.borrow_mut().begin(process.now());
    loop {
        if let Ask::Plan(plan) = ask {
            return Some(*plan);
        }
        process.freeze(&ask).await;
        let answer = process
            .answer(&ask, &|page| planner.borrow_mut().page(process.now(), page, &[]))
            .await;
        if answer.get("unreadable").is_some() {
            return None;
        }
        ask = planner.borrow_mut().next(process.now(), &answer);
    }
}

/// Carries a run out.
pub async fn run(process: &Process, settings: Value) -> Result<Ended, Crashed> {
    let settings = serde_json::from_value(settings).expect("settings");
    let run = RefCell::new(Run::new(settings));
    let mut events = Vec::new();
    let mut answer = json!({});
    let mut late: Option<(u64, String)> = None;
    loop {
        let ask = run.borrow_mut().next(process.now(), &answer);
        events.extend(run.borrow_mut().take_events());
        if let Ask::Done(summary) = ask {
            process.unlock();
            return Ok(Ended {
                summary: *summary,
                events,
            });
        }
        process.freeze(&ask).await;
        process.lives(false)?;
        if let Ask::Append { at, entry } = &ask
            && process
                .careless
                .is_some_and(|step| step == ALL || step_of(entry) == step)
        {
            // The entry waits until what it announces is done.
            if let Some((at, entry)) = late.replace((*at, entry.clone())) {
                process.append(at, &entry);
            }
            answer = json!({ "added": true });
            process.lives(true)?;
            continue;
        }
        process.note_unannounced(&ask);
        answer = process
            .answer(&ask, &|page| run.borrow_mut().page(process.now(), page, &[]))
            .await;
        process.lives(true)?;
        if answer.get("unreadable").is_some() {
            // As the facade throws: the run is over.
            return Err(Crashed);
        }
        if let Some((at, entry)) = late.take() {
            process.append(at, &entry);
        }
    }
}

/// Whether a process ends here.
impl Process {
    fn lives(&self, after: bool) -> Result<(), Crashed> {
        let at = self.answers.get();
        if after {
            self.answers.set(at + 1);
        }
        if self.crash == Some(Crash { at, after }) {
            return Err(Crashed);
        }
        Ok(())
    }

    async fn freeze(&self, ask: &Ask) {
        if let Some((is, span)) = self.freezes
            && is(ask)
        {
            self.platform.sleep(span).await;
        }
    }

    pub fn now(&self) -> Ms {
        Ms::try_from(self.platform.wall_clock()).unwrap()
    }

    pub fn unlock(&self) {
        let mut lock = self.disk.lock.borrow_mut();
        if lock.is_some_and(|(owner, _)| owner == self.name) {
            *lock = None;
        }
    }

    /// Whatever cannot be taken back is in the journal before it is done: the last entry of its order says so.
    fn note_unannounced(&self, ask: &Ask) {
        let (step, order) = match ask {
            Ask::Key { order_id, .. } => ("makingKey", order_id),
            Ask::Place { order_id, .. } => ("placing", order_id),
            Ask::Publish { orders } => ("publishing", &orders[0].order_id),
            Ask::Deliver { placed, .. } => ("delivering", &placed.order_id),
            Ask::Revoke { order_id } => ("revoking", order_id),
            _ => return,
        };
        let journal = self.disk.journal.borrow();
        let entries = journal
            .iter()
            .map(|entry| serde_json::from_str::<Value>(entry).expect("an entry"));
        let last = entries.rev().find(|entry| entry["order"] == **order);
        if last.is_none_or(|entry| entry["step"] != step) {
            self.disk.unannounced.borrow_mut().push(step.to_owned());
        }
    }

    fn append(&self, at: u64, entry: &str) -> bool {
        let mut journal = self.disk.journal.borrow_mut();
        let is_next = u64::try_from(journal.len()).unwrap() == at;
        if is_next {
            journal.push(entry.to_owned());
        }
        is_next
    }

    async fn answer(&self, ask: &Ask, page: &dyn Fn(&Value) -> bool) -> Value {
        if let Some((name, answer)) = &*self.disk.instead.borrow()
            && json!(ask)["ask"] == *name
        {
            return answer.clone();
        }
        match ask {
            Ask::Sleep { until_ms } => {
                let early = Ms::from(self.wakes_early);
                let span = u64::try_from(until_ms - self.now() - early).unwrap_or_default();
                self.platform.sleep(Duration::from_millis(span)).await;
                json!({})
            }
            Ask::Lock => self.lock(),
            Ask::Replace { entries } => {
                self.disk.journal.borrow_mut().clone_from(entries);
                json!({ "replaced": true })
            }
            Ask::Append { at, entry } => json!({ "added": self.append(*at, entry) }),
            Ask::List { what, filter } => self.list(what, filter.clone(), page).await,
            Ask::Get { orders } => {
                for id in orders {
                    if let Ok(order) = self.get(id).await {
                        page(&json!([order]));
                    }
                }
                json!({})
            }
            Ask::Prices => match self.call(call("orders.prices")).await {
                Ok(prices) => json!({ "prices": prices }),
                Err(error) => failure(&error),
            },
            Ask::Check { orders } => json!({ "findings": orders.iter().map(|_| json!([])).collect::<Vec<_>>() }),
            Ask::Key { name, .. } => self.make_key(name),
            Ask::Place {
                order,
                once_id,
                assume_not_placed,
                ..
            } => self.place(order, once_id, *assume_not_placed).await,
            Ask::Publish { orders } => {
                let ids = orders.iter().map(|placed| placed.new_order_id.clone());
                self.disk.published.borrow_mut().extend(ids);
                json!({ "done": true })
            }
            Ask::Look { orders } => self.look(orders).await,
            Ask::Search { common_names, statuses } => self.search(common_names, statuses).await,
            Ask::Download { placed, csr } => self.download(&placed.new_order_id, csr).await,
            Ask::Deliver { placed, key } => {
                if self.disk.undeliverable.borrow().contains(&placed.order_id) {
                    return json!({ "error": { "message": "the hook failed", "output": "permission denied" } });
                }
                self.disk.delivered.borrow_mut().push(Delivery {
                    old: placed.order_id.clone(),
                    new: placed.new_order_id.clone(),
                    key: key.clone().unwrap_or_default(),
                });
                json!({ "done": true })
            }
            Ask::Revoke { order_id } => match self.call(call("orders.revoke").id(order_id)).await {
                Ok(_) => json!({ "done": true }),
                Err(error) => failure(&error),
            },
            Ask::Hook { what, .. } if self.disk.broken_hook.get() == Some(what) => {
                json!({ "error": { "message": "reload ended with 1" } })
            }
            Ask::Hook { renewals, .. } => {
                let ids = renewals.iter().map(|status| status.order_id.clone()).collect();
                self.disk.told.borrow_mut().push(ids);
                json!({ "done": true })
            }
            Ask::Unreadable { .. } => json!({ "unreadable": true }),
            Ask::Plan(_) | Ask::Done(_) => unreachable!("nothing follows"),
        }
    }

    fn lock(&self) -> Value {
        let mut lock = self.disk.lock.borrow_mut();
        if lock.is_some_and(|(owner, until)| owner != self.name && until > self.now()) {
            return json!({ "held": false });
        }
        *lock = Some((self.name, self.now() + LEASE));
        json!({ "held": true, "entries": *self.disk.journal.borrow() })
    }

    /// A request for a key that no other has. Nobody here verifies that it is signed.
    fn make_key(&self, name: &str) -> Value {
        let number = self.disk.next_key.get() + 1;
        self.disk.next_key.set(number);
        let csr = csr_of_key(self.disk.kept_key.get().unwrap_or(number));
        let mut keys = self.disk.keys.borrow_mut();
        if keys.contains_key(name) {
            return json!({ "error": { "message": "a key is never overwritten" } });
        }
        keys.insert(name.to_owned(), csr.clone());
        json!({ "csr": csr, "key": name })
    }

    async fn call(&self, call: crate::call::Call) -> Result<Value, Error> {
        let reply = self.client.call(call.request(), CallOptions::default()).await?;
        Ok(json_of(&reply.body))
    }

    async fn get(&self, id: &str) -> Result<Value, Error> {
        self.call(call("orders.get").id(id)).await
    }

    async fn list(&self, what: &str, filter: Map<String, Value>, page: &dyn Fn(&Value) -> bool) -> Value {
        let (endpoint, mut arguments) = call(&format!("{what}.list")).parts();
        drop(of(endpoint));
        let is_plain = filter.is_empty();
        for (name, value) in filter {
            arguments.query.insert(name, value);
        }
        let pager = Pager::new(self.client.clone(), endpoint, arguments, CallOptions::default());
        let mut pager = pager.expect("a list");
        loop {
            match pager.next().await {
                Ok(Some(found)) => {
                    if !page(&found.items().map(|item| json_of(&item)).collect()) {
                        return json!({});
                    }
                }
                Ok(None) => return json!({}),
                Err(error) if !is_plain && matches!(error.status(), Some(400 | 404 | 422)) => {
                    return json!({ "refused": true });
                }
                Err(_) => return json!({ "unreadable": true }),
            }
        }
    }

    async fn place(&self, order: &Value, once_id: &str, assume_not_placed: bool) -> Value {
        let options = OnceOptions {
            once_id: Some(once_id.to_owned()),
            assume_not_placed,
            ..OnceOptions::default()
        };
        let placed = self
            .client
            .create_order_once(facts_of(order), order.to_string(), options)
            .await;
        match placed {
            Ok(once) => {
                let kind = if once.placed { "placed" } else { "givenBack" };
                json!({ "kind": kind, "order": json_of(&once.order) })
            }
            Err(error) => match &error.kind {
                ErrorKind::Differs { order, differences } => {
                    let differences: Vec<String> = differences
                        .iter()
                        .map(|what| format!("{what:?}").to_lowercase())
                        .collect();
                    json!({ "kind": "differs", "order": json_of(order), "differences": differences })
                }
                _ if error.may_have_been_applied() => json!({ "kind": "unknown", "message": error.message }),
                _ => failure(&error),
            },
        }
    }

    async fn look(&self, ids: &[String]) -> Value {
        let orders: Vec<OrderRef> = ids.iter().map(OrderRef::by_id).collect();
        let goal = |_: usize, _: &OrderRef| Ok(Goal::Custom(Box::new(|_| true)));
        let wait = Wait::for_orders(self.client.clone(), &orders, goal, WaitOptions::default());
        let mut wait = wait.expect("a wait");
        let (mut seen, mut missing) = (Vec::new(), Vec::new());
        while let Some(settled) = wait.next(&|_| ()).await {
            match settled.result {
                Ok(order) => seen.push(json_of(&order)),
                Err(error) => missing.push(json!({ "id": settled.id, "message": error.message })),
            }
        }
        json!({ "orders": seen, "missing": missing })
    }

    async fn search(&self, names: &[String], statuses: &[&str]) -> Value {
        let found = RefCell::new(Vec::new());
        let take = |page: &Value| {
            let orders = page.as_array().into_iter().flatten().cloned();
            found.borrow_mut().extend(orders);
            true
        };
        self.list("orders", fields(json!({ "commonNames": names })), &take)
            .await;
        self.list("orders", fields(json!({ "statuses": statuses })), &take)
            .await;
        json!({ "orders": found.take() })
    }

    async fn download(&self, id: &str, csr: &str) -> Value {
        let download = call("orders.download").id(id).filter(json!({ "format": "pem_all" }));
        let reply = match self.client.call(download.request(), CallOptions::default()).await {
            Ok(reply) => reply,
            Err(error) => return failure(&error),
        };
        let markmonitor_certs::api::Parsed::Bytes(bytes) = parsed(&reply.body) else {
            panic!("a file");
        };
        assert!(reply.body.id().id.is_none());
        let bundle = parse_bundle(&Input::Bytes(bytes), &BundleContext::default()).expect("a bundle");
        let leaf = bundle.leaf;
        json!({
            "leaf": { "notBefore": leaf.not_before, "notAfter": leaf.not_after, "dnsNames": leaf.subject_alt_names.dns },
            "findings": [],
            "sameKey": same_key(&Input::Text(csr), &Input::Text(&leaf.pem)).expect("keys"),
        })
    }
}

fn failure(error: &Error) -> Value {
    json!({ "error": { "type": error.code.class(), "code": error.code.as_str(), "message": error.message } })
}

/// A request for a key of this number: a point that is on no curve, which nobody here minds.
pub fn csr_of_key(number: u64) -> String {
    let base64: String = CSR.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = markmonitor_certs::api::base64::decode(&base64).expect("base64");
    let at = der.windows(3).position(|part| part == [0x42, 0, 4]).expect("a point") + 3;
    der[at..at + 8].copy_from_slice(&number.to_be_bytes());
    crate::estate::pem("CERTIFICATE REQUEST", &der)
}

/// The ids of the orders that a plan would place.
pub fn approved(plan: &Plan) -> Value {
    let items = plan.items.iter().filter(|item| item.action.as_str() == "renew");
    let approved: Map<String, Value> = items.map(|item| (item.order_id.clone(), json!(item.price))).collect();
    approved.into()
}
