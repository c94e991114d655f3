//! What the client decides by itself. Each function fails when it decided wrongly.

use std::{collections::BTreeSet, time::Duration};

use markmonitor_certs::{
    api::{Parsed, facts::OrderStatus},
    client::{
        Client, Error,
        auth::{Auth, Secret},
        lists::Pager,
        options::CallOptions,
        orders::{Ending, actions::allowed_actions, renewal_of},
        waiting::{Goal, Wait, WaitOptions},
    },
    pki::{BundleContext, Input, parse_bundle, same_key},
};
use sandbox::{Options, Readings};
use serde_json::{Value, json};

use crate::{
    call::{Call, call, fields, request},
    fixtures::{
        COMMON_NAME, CSR, CSR_OF_NEW_KEY, NO_ID, class_of, create_once, facts_of, id_of, json_of, new_order, parsed,
        person, prices,
    },
    world::{PASSWORD, Setup, USERNAME, World},
};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const DV: &str = "SSL_DV_GEOTRUST";
const CREATE: &str = "POST /certs/v1/order";

/// A client of a service under some readings.
pub struct Here {
    world: World,
    client: Client,
    organization: Value,
}

impl Here {
    pub fn new(readings: Readings) -> Self {
        let world = World::with(Options {
            readings,
            ..Options::default()
        });
        let client = world.client();
        let organization = world.organization(&client);
        Self {
            world,
            client,
            organization,
        }
    }

    fn value(&self, call: Call) -> Value {
        self.world.value(&self.client, call)
    }

    fn once(&self, name: &str) -> Value {
        let order = new_order(&self.organization, DV, name);
        let made = self.world.run(create_once(self.client.clone(), order));
        made.unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// An order of that name: found in the lists, whatever the reply to its creation was.
    fn placed(&self, name: &str) -> Value {
        let made = self.value(call("orders.create").body(new_order(&self.organization, DV, name)));
        self.world.advance(40 * SECOND);
        let id = match made.get("id") {
            Some(_) => id_of(&made),
            None => self.ids(call("orders.list")).pop().expect("it is in the list"),
        };
        self.look(&id)
    }

    fn look(&self, id: &str) -> Value {
        self.value(call("orders.get").id(id))
    }

    /// What an order comes to that is waited for.
    fn waited(&self, order: &Value, goal: Goal) -> Result<Value, Error> {
        let (client, id) = (self.client.clone(), id_of(order));
        let options = WaitOptions {
            max_wait: Some(20 * DAY),
            ..WaitOptions::default()
        };
        let waited = self
            .world
            .run(Wait::for_order(client, &id, goal, options).reach(&|_| ()));
        waited.map(|order| json_of(&order))
    }

    fn wait(&self, order: &Value, goal: Goal) -> Value {
        self.waited(order, goal).unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn issued(&self, name: &str) -> Value {
        self.wait(&self.placed(name), Goal::Issued)
    }

    /// All ids of a list, in the order in which they came.
    fn ids(&self, call: Call) -> Vec<String> {
        self.listed(call).unwrap_or_else(|error| panic!("{error:?}"))
    }

    fn listed(&self, call: Call) -> Result<Vec<String>, Error> {
        let (endpoint, arguments) = call.parts();
        let mut pager = Pager::new(self.client.clone(), endpoint, arguments, CallOptions::default()).expect("a list");
        self.world.run(async move {
            let mut ids = Vec::new();
            while let Some(page) = pager.next().await? {
                ids.extend(page.items().filter_map(|item| item.id().id));
            }
            Ok(ids)
        })
    }

    fn act(&self, order: &Value, action: &str, body: Value) {
        self.value(call(&format!("orders.{action}")).id(id_of(order)).body(body));
    }

    fn expiring(&self, days: f64) -> Vec<String> {
        let client = self.client.clone();
        let found = self.world.run(async move {
            client
                .expiring(Ending::Orders, days, fields(json!({})), CallOptions::default())
                .await
        });
        let found = found.unwrap_or_else(|error| panic!("{error:?}"));
        found.iter().map(|order| order.id().id.expect("it has an id")).collect()
    }
}

/// An order is issued once it shows its certificate, and the file that it downloads as is read.
pub fn issued(here: &Here) -> Value {
    let order = here.issued(COMMON_NAME);
    let facts = facts_of(&order);
    assert!(facts.is_issued());
    assert_eq!(facts.status, Some(OrderStatus::Issued));
    for format in ["pem_all", "p7b"] {
        let download = call("orders.download")
            .id(id_of(&order))
            .filter(json!({ "format": format }));
        let file = here.world.call(&here.client, download).unwrap().body;
        let Parsed::Bytes(file) = parsed(&file) else {
            panic!("not a file")
        };
        let bundle = parse_bundle(&Input::from(file.as_slice()), &BundleContext::default()).unwrap();
        assert!(
            same_key(&Input::from(bundle.leaf.pem.as_str()), &Input::from(CSR)).unwrap(),
            "{format}"
        );
    }
    order
}

/// An order is made once, and the same is given back: at once, after a minute, after it was issued.
pub fn made_once(here: &Here) {
    here.world.take_sent();
    here.once("once.example.com");
    let mut given = BTreeSet::new();
    for span in [Duration::ZERO, 60 * SECOND, HOUR] {
        here.world.advance(span);
        given.insert(id_of(&here.once("once.example.com")));
    }
    let made = here.world.take_lines().iter().filter(|line| *line == CREATE).count();
    assert_eq!(
        (made, given.len()),
        (1, 1),
        "orders made, and different ones given back"
    );
}

/// An order that ended is not waited for any longer, and nothing can be done with it.
pub fn ended(here: &Here) {
    for (name, status) in [
        ("rejected.example", OrderStatus::Rejected),
        ("failed.example", OrderStatus::Failed),
    ] {
        let order = here.placed(name);
        let before = here.world.now();
        let waited = here.waited(&order, Goal::Issued);
        assert_eq!(waited.map_err(|error| class_of(&error)), Err("WaitError"), "{name}");
        assert!(here.world.now() - before < DAY, "{name} was waited for all the same");
        assert_eq!(facts_of(&here.look(&id_of(&order))).status, Some(status));
    }
    let canceled = here.placed("never.example");
    here.act(&canceled, "cancel", json!({}));
    let canceled = here.wait(&canceled, Goal::Canceled);
    assert_eq!(allowed_actions(&facts_of(&canceled)), [] as [&str; 0]);
}

/// A reissue ends when the certificate is another one, and a revocation when it is revoked.
pub fn changed(here: &Here) {
    change(here, &here.issued("changes.example.com"));
}

fn change(here: &Here, order: &Value) {
    let goal = Goal::reissued("id", Some(&facts_of(order))).unwrap();
    here.act(order, "reissue", json!({ "cert": { "csr": CSR_OF_NEW_KEY } }));
    let reissued = here.wait(order, goal);
    let certificate = Input::from(reissued["cert"]["endEntityCert"].as_str().unwrap());
    assert!(same_key(&certificate, &Input::from(CSR_OF_NEW_KEY)).unwrap());
    here.act(order, "revoke", json!({}));
    let revoked = here.wait(order, Goal::Revoked);
    assert_eq!(allowed_actions(&facts_of(&revoked)), [] as [&str; 0]);
}

/// Every item of a list comes once, whatever the pages are.
pub fn every_item_once(here: &Here) {
    let mut made: BTreeSet<String> = here.ids(call("contacts.list")).into_iter().collect();
    for number in 0..44 {
        let mut contact = person(&format!("p{number}@example.com"), &["ORGANIZATION_CONTACT"]);
        contact["organizationId"] = here.organization["id"].clone();
        made.insert(id_of(&here.value(call("contacts.create").body(contact))));
    }
    for filter in [json!({}), json!({ "size": 30 }), json!({ "size": 7 })] {
        let listed = here.ids(call("contacts.list").filter(filter.clone()));
        assert_eq!(listed.len(), made.len(), "{filter}");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), made, "{filter}");
    }
}

/// A list whose further pages cannot be reached ends with an error, not silently.
pub fn says_what_is_missing(here: &Here) {
    for number in 0..44 {
        let mut contact = person(&format!("p{number}@example.com"), &["ORGANIZATION_CONTACT"]);
        contact["organizationId"] = here.organization["id"].clone();
        here.value(call("contacts.create").body(contact));
    }
    let error = here.listed(call("contacts.list")).unwrap_err();
    assert!(error.message.contains("page"), "{error:?}");
}

/// A certificate is known to end when it does.
pub fn known_to_end(here: &Here) {
    let order = id_of(&here.issued("ends.example.com"));
    assert!(here.expiring(10.0).is_empty(), "it ends in 398 days");
    here.world.advance(390 * DAY);
    assert_eq!(here.expiring(10.0), [order.as_str()]);
}

/// Calls go on for days, with a token refreshed or fetched again.
pub fn calls_go_on(here: &Here) {
    here.world.take_sent();
    for _ in 0..60 {
        here.value(prices());
        here.world.advance(7 * 60 * SECOND);
    }
    here.world.advance(3 * DAY);
    here.value(prices());
    let sent = here.world.take_sent();
    let for_tokens = sent.iter().filter(|sent| sent.is_auth()).count();
    assert!(for_tokens < 60, "{for_tokens} requests for tokens in {}", sent.len());
}

/// An organization is seen to be validated.
pub fn validated(here: &Here) {
    let (client, id) = (here.client.clone(), id_of(&here.organization));
    let wait = Wait::for_organization(client, &id, Some("OV".into()), WaitOptions::default());
    here.world
        .run(wait.reach(&|_| ()))
        .unwrap_or_else(|error| panic!("{error:?}"));
}

/// A call that the service refuses is an error of the class that its status says.
pub fn refused(here: &Here) {
    let missing = here.world.error(&here.client, call("orders.get").id(NO_ID));
    assert_eq!(class_of(&missing), "NotFoundError");
    let invalid = here
        .world
        .error(&here.client, call("contacts.create").body(json!({ "email": "x" })));
    assert_eq!(class_of(&invalid), "BadRequestError");
}

/// More calls than the limit has all get through, none of them refused.
pub fn within_the_limit(here: &Here) {
    here.world.take_events();
    for _ in 0..250 {
        here.value(prices());
    }
    assert_eq!(here.client.limiter().state().throttled, 0);
    // Another program of the same key has used the limit up.
    let other = here.world.client();
    for _ in 0..95 {
        here.world.value(&other, prices());
    }
    let before = here.world.now();
    for _ in 0..20 {
        here.value(prices());
    }
    assert!(here.world.now() - before < HOUR, "{:?}", here.world.now() - before);
}

/// A key that nobody has is an error, and not asked for for ever.
pub fn unknown_key(here: &Here) {
    let auth = Auth::Password {
        api_key: Secret::Text("unknown".into()),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: None,
    };
    let client = here.world.client_of(Setup::auth(auth));
    here.world.take_sent();
    let error = here.world.error(&client, prices());
    let class = class_of(&error);
    assert!(
        ["PermissionDeniedError", "AuthenticationError"].contains(&class),
        "{error:?}"
    );
    assert!(here.world.take_sent().len() < 5);
}

/// A renewal names the contacts that the order had.
pub fn renewed(here: &Here) {
    let order = here.issued("renew.example.com");
    let renewal = renewal_of(&order, &fields(json!({ "csr": CSR }))).unwrap();
    let id = &here.organization["contacts"][0]["id"];
    assert_eq!(&renewal["contacts"][0]["id"], id, "{renewal}");
}

/// What a call sends that is a guess can be sent in another way.
pub fn guesses_can_be_overridden(here: &Here, is_a_list: bool) {
    let parse = |body: Value| here.world.call(&here.client, request("POST", "/cert/parse").body(body));
    assert_eq!(parse(json!({ "csrs": [CSR] })).is_ok(), !is_a_list);
    assert_eq!(parse(json!([CSR])).is_ok(), is_a_list);
}

/// The whole life of an order: made, issued, downloaded, changed, revoked, with tokens that come and go.
pub fn lives(here: &Here) {
    let order = issued(here);
    change(here, &order);
    here.world.advance(3 * DAY);
    here.value(prices());
}
