//! That each reading is one: the service does something else under it.

use std::collections::BTreeMap;

use sandbox::{DAY, MINUTE, Options, READINGS, Readings, Request, Response, SECOND, User};
use serde_json::{Value, json};

use crate::support::{Caller, EC_WITH_SANS, ORGANIZATION, contact, order, organization, text};

/// A caller who writes down what comes back.
struct Recorder {
    caller: Caller,
    seen: Vec<String>,
}

impl Recorder {
    fn new(options: Options) -> Self {
        Self {
            caller: Caller::with(options),
            seen: Vec::new(),
        }
    }

    fn note(&mut self, what: &str, response: &Response) {
        let header = |name| response.header(name).unwrap_or_default().to_owned();
        let headers = ["date", "location", "retry-after", "content-type"].map(header);
        let body = String::from_utf8_lossy(&response.body);
        self.seen
            .push(format!("{what}: {} {headers:?} {body}", response.status));
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let response = self.caller.call(method, path, body);
        self.note(&format!("{method} {path}"), &response);
        response
    }

    fn get(&mut self, path: &str) {
        self.call("GET", path, None);
    }

    fn act(&mut self, order: &str, action: &str, body: &Value) {
        self.call("PATCH", &format!("/order/{order}/{action}"), Some(body));
    }

    /// The ids of all orders, however a list has them.
    fn ids(&mut self) -> Vec<String> {
        let list = self.caller.authorized(Request::new("GET", "/certs/v1/order?size=50"));
        let list = self.caller.send(&list).body_json();
        let items = list.as_array().or_else(|| list["content"].as_array());
        items.unwrap().iter().map(|item| text(item, "/id")).collect()
    }
}

/// What a caller sees who does all that a section of docs/contract.md is about.
fn all_of(section: &str, readings: Readings) -> Vec<String> {
    if section == "Limit" {
        return too_much(readings);
    }
    let mut recorder = Recorder::new(Options {
        rate_limit: None,
        readings,
        ..Options::default()
    });
    if section == "Tokens" {
        tokens(&mut recorder);
        return recorder.seen;
    }
    let made = recorder.call("POST", "/organization", Some(&organization("Example Inc.")));
    let organization = made.body_json();
    let id = text(&organization, "/id");
    recorder.caller.advance(4 * DAY);
    recorder.get(&format!("/organization/{id}"));
    contacts(&mut recorder, &organization);
    recorder.call("POST", "/cert/parse", Some(&json!({ "csrs": [EC_WITH_SANS] })));
    if section != "Errors" {
        orders(&mut recorder, &organization);
    }
    recorder.seen
}

fn orders(recorder: &mut Recorder, organization: &Value) {
    for name in ["Shop.example.com", "Shop.example.com", "slow.example", "never.example"] {
        recorder.call("POST", "/order", Some(&order(organization, "SSL_OV_BASIC", name)));
        for query in ["", "?commonNames=shop.example.com"] {
            recorder.get(&format!("/order{query}"));
        }
    }
    recorder.caller.advance(40 * SECOND);
    let ids = recorder.ids();
    let (first, last) = (&ids[0], ids.last().unwrap());
    let domains = json!({ "domains": ["shop.example.com"] });
    recorder.act(first, "validateDomains", &domains);
    recorder.act(last, "cancel", &json!({}));
    recorder.get(&format!("/order/{last}"));
    // The one that is slow is in the midst of it.
    recorder.caller.advance(6 * 60 * MINUTE);
    for query in [
        "size=1&page=0",
        "size=1&page=1",
        "size=1&page=2",
        "size=1&page=3",
        "size=3",
        "size=60",
        "page=9",
    ] {
        recorder.get(&format!("/order?{query}"));
    }
    for query in ["validUntil=2030-01-01", "sort=status", "statuses=DIGI_ISSUED"] {
        recorder.get(&format!("/order?{query}"));
    }
    for id in &ids {
        recorder.get(&format!("/order/{id}"));
    }
    recorder.act(first, "validateDomains", &domains);
    for format in ["p7b", "pem_all"] {
        let file = recorder.caller.download(first, format);
        recorder.note(format, &file);
    }
    recorder.act(first, "revoke", &json!({}));
    recorder.caller.advance(3 * MINUTE);
    recorder.act(first, "reissue", &json!({}));
    recorder.caller.advance(400 * DAY);
    for id in &ids {
        recorder.get(&format!("/order/{id}"));
    }
}

fn contacts(recorder: &mut Recorder, organization: &Value) {
    recorder.get("/contact?email=nobody@example.com");
    recorder.call("POST", "/contact", Some(&json!({ "email": "x" })));
    let only = text(organization, "/contacts/0/id");
    recorder.call("DELETE", &format!("/contact/{only}"), None);
    let mut bob = contact(&[ORGANIZATION]);
    bob["organizationId"] = organization["id"].clone();
    let bob = recorder.call("POST", "/contact", Some(&bob)).body_json();
    let id = text(&bob, "/id");
    recorder.call("DELETE", &format!("/contact/{id}"), None);
    recorder.call("DELETE", &format!("/contact/{id}"), None);
}

fn tokens(recorder: &mut Recorder) {
    let login = recorder.caller.log_in("demo@example.com", "sandbox-password");
    recorder.note("log in", &login);
    for what in ["refresh", "refresh again"] {
        let refresh = recorder.caller.authorized(Request::new("GET", "/auth/v1/auth/refresh"));
        let reply = recorder.caller.send(&refresh);
        recorder.note(what, &reply);
    }
    let list = recorder
        .caller
        .authorized(Request::new("GET", "/certs/v1/order?size=1"));
    let reply = recorder.caller.send(&list);
    recorder.note("after the refresh", &reply);
    for (name, value) in [("authorization", "Bearer x.y.z"), ("x-api-key", "unknown")] {
        let mut wrong = list.clone();
        wrong.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        let reply = recorder.caller.send(&wrong.with_header(name, value));
        recorder.note(name, &reply);
    }
}

/// Which of too many requests get through, and what the others are told.
fn too_much(readings: Readings) -> Vec<String> {
    let user = |name: &str, api_key: &str| User {
        username: name.to_owned(),
        password: name.to_owned(),
        api_key: api_key.to_owned(),
    };
    let users = [user("one", "a"), user("two", "a"), user("three", "b")];
    let mut recorder = Recorder::new(Options {
        users: users.to_vec(),
        readings,
        ..Options::default()
    });
    recorder.caller.advance(30 * SECOND);
    let mut callers = Vec::new();
    for User {
        username,
        password,
        api_key,
    } in users
    {
        recorder.caller.api_key.clone_from(&api_key);
        let login = recorder.caller.log_in(&username, &password).body_json();
        callers.push((api_key, text(&login, "/token")));
    }
    for span in [0, 29 * SECOND, 2 * SECOND, 29 * SECOND, 45 * SECOND] {
        recorder.caller.advance(span);
        for (key, token) in &callers {
            let send = |recorder: &mut Recorder, bearer: &str| {
                let request = Request::new("GET", "/certs/v1/nothing")
                    .with_header("x-api-key", key)
                    .with_header("authorization", &format!("Bearer {bearer}"));
                let reply = recorder.caller.send(&request);
                recorder.note(key, &reply);
            };
            send(&mut recorder, "x.y.z");
            for _ in 0..60 {
                send(&mut recorder, token);
            }
        }
    }
    recorder.seen
}

#[test]
fn the_service_does_something_else_under_every_reading() {
    let mut usual = BTreeMap::new();
    let mut same = Vec::new();
    for reading in READINGS {
        let usual = usual
            .entry(reading.section)
            .or_insert_with(|| all_of(reading.section, Readings::default()));
        for value in reading.values.iter().skip(1) {
            let readings = Readings::of([(reading.name, value.name)]).unwrap();
            if *usual == all_of(reading.section, readings) {
                same.push(format!("{}={}", reading.name, value.name));
            }
        }
    }
    assert_eq!(same, [] as [String; 0]);
}
