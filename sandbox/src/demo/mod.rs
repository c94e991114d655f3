//! A world to look at, made by the service's own calls in the past of the time it is asked for.

mod data;

pub(crate) use data::GROUPS;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::auth::User;
use crate::ca::{self, Subject};
use crate::clock::{DAY, Timestamp};
use crate::http::{Request, Response};
use crate::random::Random;
use data::{BATCHES, Batch, COMPANIES, Company, HOSTS, Then};

/// When the organizations were made: long enough ago that nothing waits for their validation.
const FOUNDED: u64 = 430 * DAY;

/// Something that is still to be done.
enum Task {
    Place(Value, Then),
    Act(String),
}

/// What is to be done, by time; at the same time in the order of the numbers.
type Agenda = BTreeMap<(Timestamp, usize), Task>;

/// Fills an empty service that answers as `handle` does, with requests of this user, all of them before `now`. Fails
/// only if the demo itself is wrong, or the user may not call.
pub(crate) fn fill(
    handle: impl FnMut(&Request, Timestamp) -> Response,
    user: &User,
    seed: u64,
    now: Timestamp,
) -> Result<(), String> {
    let mut demo = Demo {
        handle,
        user,
        token: String::new(),
    };
    let mut made = Vec::new();
    for company in &COMPANIES {
        made.push(demo.call(
            "POST",
            "/certs/v1/organization",
            &organization(company),
            now.minus(FOUNDED),
        )?);
    }
    let key = ca::key(&mut Random::new(seed, "demo key"));
    let mut companies = COMPANIES.iter().zip(&made).cycle();
    let mut hosts = HOSTS.iter().cycle();
    let mut agenda = Agenda::new();
    for batch in &BATCHES {
        for (index, (company, made), host) in (0..batch.count).zip(&mut companies).zip(&mut hosts).map(flat) {
            let common_name = format!("{host}.{}", batch.domain.unwrap_or(company.domain));
            let subject = Subject {
                common_name: common_name.clone(),
                ..Subject::default()
            };
            let csr = ca::request(&key, &subject).map_err(|error| error.to_string())?;
            let age = batch.age.saturating_sub(batch.step.saturating_mul(index));
            let task = Task::Place(order(made, batch, &common_name, &csr), batch.then);
            agenda.insert((now.minus(age), agenda.len()), task);
        }
    }
    demo.work_off(agenda)
}

/// Two pairs as one tuple.
fn flat<A, B, C>(((a, b), c): ((A, B), C)) -> (A, B, C) {
    (a, b, c)
}

/// The service with someone who calls it.
struct Demo<'a, H> {
    handle: H,
    user: &'a User,
    token: String,
}

impl<H: FnMut(&Request, Timestamp) -> Response> Demo<'_, H> {
    fn work_off(&mut self, mut agenda: Agenda) -> Result<(), String> {
        while let Some(((at, number), task)) = agenda.pop_first() {
            match task {
                Task::Place(order, then) => {
                    let placed = self.call("POST", "/certs/v1/order", &order, at)?;
                    if let Then::Act(action, after) = then {
                        let path = format!("/certs/v1/order/{}/{action}", text(&placed, "id"));
                        agenda.insert((at.plus(after), number), Task::Act(path));
                    }
                }
                Task::Act(path) => {
                    self.call("PATCH", &path, &json!({}), at)?;
                }
            }
        }
        Ok(())
    }

    /// Sends a request, with a new token if the last one has expired.
    fn call(&mut self, method: &str, path: &str, body: &Value, at: Timestamp) -> Result<Value, String> {
        let mut response = self.send(method, path, body, at);
        if response.status == 401 {
            let login = json!({ "username": self.user.username, "password": self.user.password });
            let token = self.send("POST", "/auth/v1/auth/authenticate", &login, at).body_json();
            text(&token, "token").clone_into(&mut self.token);
            response = self.send(method, path, body, at);
        }
        let reply = response.body_json();
        if (200..300).contains(&response.status) {
            Ok(reply)
        } else {
            Err(format!("{method} {path}: {} {reply}", response.status))
        }
    }

    fn send(&mut self, method: &str, path: &str, body: &Value, at: Timestamp) -> Response {
        let request = Request::new(method, path)
            .with_header("x-api-key", &self.user.api_key)
            .with_header("authorization", &format!("Bearer {}", self.token))
            .with_json(body);
        (self.handle)(&request, at)
    }
}

fn organization(company: &Company) -> Value {
    let [address1, city, state, country, zipcode] = company.address;
    let people = company.people.iter().enumerate().map(|(index, [first, last])| {
        let organization = json!({ "type": "ORGANIZATION_CONTACT" });
        let approver = json!({ "type": "EXTENDED_VALIDATION_APPROVER" });
        json!({
            "firstName": first,
            "lastName": last,
            "jobTitle": if index == 1 { "Head of IT" } else { "Systems engineer" },
            "email": format!("{}@{}", first.to_ascii_lowercase(), company.domain),
            "phone": "+1 555 0142",
            "contactTypes": if index == 1 { vec![organization, approver] } else { vec![organization] },
        })
    });
    json!({
        "name": company.name,
        "address1": address1,
        "city": city,
        "state": state,
        "country": country,
        "zipcode": zipcode,
        "phone": "+1 555 0140",
        "provider": "DIGICERT",
        "contacts": people.collect::<Vec<_>>(),
    })
}

fn order(organization: &Value, batch: &Batch, common_name: &str, csr: &str) -> Value {
    let contacts = organization["contacts"].as_array().cloned().unwrap_or_default();
    let contacts = contacts
        .iter()
        .take(2)
        .map(|contact| json!({ "id": contact["id"], "contactTypes": contact["contactTypes"] }));
    json!({
        "organizationId": organization["id"],
        "contacts": contacts.collect::<Vec<_>>(),
        "certType": batch.cert_type,
        "locale": "en",
        "provider": "DIGICERT",
        "cert": {
            "commonName": common_name,
            "dnsNames": [common_name],
            "csr": csr,
            "serverPlatform": "NGINX",
            "dcvMethod": "DNS_TXT_TOKEN",
        },
    })
}

/// A text of a reply, empty where there is none.
fn text<'a>(reply: &'a Value, name: &str) -> &'a str {
    reply.get(name).and_then(Value::as_str).unwrap_or_default()
}
