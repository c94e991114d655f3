//! A world to look at, made by the service's own calls in the past of the time it is asked for.

use serde_json::{Value, json};

use crate::ca::{self, Subject};
use crate::clock::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use crate::http::{Request, Response};
use crate::random::Random;
use crate::sandbox::Sandbox;

/// An organization and its people.
struct Company {
    name: &'static str,
    address: [&'static str; 5],
    domain: &'static str,
    /// First and last name; the second one approves EV orders, too.
    people: [[&'static str; 2]; 3],
}

const COMPANIES: [Company; 3] = [
    Company {
        name: "Example Industries Inc.",
        address: ["1 Main Street", "Meridian", "Idaho", "US", "83642"],
        domain: "industries.example",
        people: [["Ada", "Reyes"], ["Noah", "Okafor"], ["Mina", "Larsen"]],
    },
    Company {
        name: "Muster Handel GmbH",
        address: ["Hauptstrasse 12", "Berlin", "Berlin", "DE", "10115"],
        domain: "handel.example",
        people: [["Jonas", "Weber"], ["Lena", "Vogt"], ["Emre", "Aydin"]],
    },
    Company {
        name: "Northwind Sample Ltd",
        address: ["8 Harbour Road", "Leeds", "West Yorkshire", "GB", "LS1 4DY"],
        domain: "northwind.example",
        people: [["Grace", "Hall"], ["Oliver", "Shaw"], ["Priya", "Nair"]],
    },
];

/// What is done with a demo order after it was placed.
#[derive(Clone, Copy)]
enum Then {
    Nothing,
    /// So long after it was placed.
    Act(&'static str, u64),
}

/// Orders of one kind.
struct Batch {
    count: u64,
    /// The first was placed so long ago, each further one `step` less.
    age: u64,
    step: u64,
    cert_type: &'static str,
    /// The domain in place of the company's, to choose a fate.
    domain: Option<&'static str>,
    then: Then,
}

const fn batch(
    count: u64,
    age: u64,
    step: u64,
    cert_type: &'static str,
    domain: Option<&'static str>,
    then: Then,
) -> Batch {
    Batch {
        count,
        age,
        step,
        cert_type,
        domain,
        then,
    }
}

/// Sixty orders. Those placed about as long ago as a certificate lives end soon.
#[rustfmt::skip] // A table is read by its columns.
const BATCHES: [Batch; 21] = [
    batch(6, 199 * DAY, 9 * DAY, "SSL_OV_BASIC", None, Then::Nothing),
    batch(5, 194 * DAY, 12 * DAY, "SSL_DV_GEOTRUST", None, Then::Nothing),
    batch(6, 150 * DAY, 21 * DAY, "SSL_OV_SECURESITE", None, Then::Nothing),
    batch(5, 120 * DAY, 20 * DAY, "SSL_EV_BASIC", None, Then::Nothing),
    batch(5, 40 * DAY, 7 * DAY, "SSL_DV_THAWTE", None, Then::Nothing),
    batch(3, 420 * DAY, 5 * DAY, "SSL_DV_GEOTRUST", None, Then::Nothing),
    batch(3, 90 * DAY, 10 * DAY, "SSL_DV_GEOTRUST", None, Then::Act("revoke", DAY)),
    batch(3, 60 * DAY, 10 * DAY, "SSL_OV_BASIC", None, Then::Act("cancel", MINUTE)),
    batch(2, 50 * DAY, 3 * DAY, "SSL_OV_SECURESITE_PRO", Some("rejected.example"), Then::Nothing),
    batch(2, 45 * DAY, 3 * DAY, "SSL_DV_THAWTE", Some("failed.example"), Then::Nothing),
    batch(2, 9 * HOUR, HOUR, "SSL_OV_GEOTRUST_TRUEBIZID", Some("needs-approval.example"), Then::Nothing),
    batch(1, 5 * HOUR, HOUR, "SSL_DV_GEOTRUST", Some("slow.example"), Then::Nothing),
    batch(2, 8 * DAY, DAY, "SSL_DV_GEOTRUST", Some("needs-csr.example"), Then::Nothing),
    batch(2, 6 * DAY, DAY, "SSL_DV_THAWTE", Some("waiting-pickup.example"), Then::Nothing),
    batch(2, 12 * DAY, DAY, "SSL_DV_GEOTRUST", Some("reissue-failed.example"), Then::Act("reissue", HOUR)),
    batch(2, 11 * DAY, DAY, "SSL_DV_GEOTRUST", Some("reissue-stuck.example"), Then::Act("reissue", HOUR)),
    batch(2, 30 * HOUR, 10 * HOUR, "SSL_EV_SECURESITE", Some("never.example"), Then::Nothing),
    batch(2, 50 * MINUTE, 15 * MINUTE, "SSL_OV_THAWTE_WEBSERVER", None, Then::Nothing),
    batch(2, HOUR, SECOND, "SSL_DV_THAWTE", None, Then::Act("reissue", HOUR - 15 * SECOND)),
    batch(2, 1_500, 100, "SSL_DV_GEOTRUST", None, Then::Nothing),
    batch(1, HOUR, SECOND, "SSL_DV_GEOTRUST", None, Then::Act("reissue", HOUR - SECOND)),
];

/// The subdomains of the orders, in turn.
const HOSTS: [&str; 12] = [
    "www", "shop", "api", "mail", "login", "cdn", "portal", "status", "docs", "vpn", "intranet", "pay",
];

/// When the organizations were made: long enough ago that nothing waits for their validation.
const FOUNDED: u64 = 430 * DAY;

/// Fills an empty sandbox, so that all has happened by `now`. Calls fail only if the demo itself is wrong, which a test tells.
pub(crate) fn fill(sandbox: &mut Sandbox, seed: u64, now: Timestamp) -> Result<(), String> {
    let mut demo = Demo {
        sandbox,
        token: String::new(),
    };
    let mut companies = Vec::new();
    for company in &COMPANIES {
        companies.push(demo.call(
            "POST",
            "/certs/v1/organization",
            &organization(company),
            now.minus(FOUNDED),
        )?);
    }
    let mut calls = Vec::new();
    let mut number = 0_usize;
    let key = ca::key(&mut Random::new(seed, "demo key"));
    for batch in &BATCHES {
        for index in 0..batch.count {
            let age = batch.age.saturating_sub(batch.step.saturating_mul(index));
            let position = number.checked_rem(COMPANIES.len()).unwrap_or_default();
            let (Some(company), Some(made)) = (COMPANIES.get(position), companies.get(position)) else {
                continue;
            };
            let host = HOSTS
                .get(number.checked_rem(HOSTS.len()).unwrap_or_default())
                .copied()
                .unwrap_or("www");
            let common_name = format!("{host}.{}", batch.domain.unwrap_or(company.domain));
            let subject = Subject {
                common_name: common_name.clone(),
                ..Subject::default()
            };
            let csr = ca::request(&key, &subject).map_err(|error| error.to_string())?;
            calls.push((now.minus(age), order(made, batch, &common_name, &csr), batch.then));
            number = number.saturating_add(1);
        }
    }
    demo.place(calls, now)
}

/// The sandbox with someone who calls it.
struct Demo<'a> {
    sandbox: &'a mut Sandbox,
    token: String,
}

impl Demo<'_> {
    /// Places the orders and does what is to be done with them, in the order of time.
    fn place(&mut self, orders: Vec<(Timestamp, Value, Then)>, now: Timestamp) -> Result<(), String> {
        let mut agenda: std::collections::BTreeMap<(Timestamp, usize), (Value, Option<Then>)> = orders
            .into_iter()
            .enumerate()
            .map(|(number, (at, order, then))| ((at, number), (order, Some(then))))
            .collect();
        while let Some(((at, number), (body, then))) = agenda.pop_first() {
            match then {
                Some(then) => {
                    let placed = self.call("POST", "/certs/v1/order", &body, at)?;
                    if let Then::Act(action, after) = then {
                        let path = json!(format!("/certs/v1/order/{}/{action}", text(&placed, "id")));
                        agenda.insert((at.plus(after), number), (path, None));
                    }
                }
                None => {
                    self.call("PATCH", body.as_str().unwrap_or_default(), &json!({}), at)?;
                }
            }
        }
        self.sandbox.advance(now);
        Ok(())
    }

    fn call(&mut self, method: &str, path: &str, body: &Value, at: Timestamp) -> Result<Value, String> {
        let mut response = self.send(method, path, body, at);
        if response.status == 401 {
            let user = self.sandbox.users().first().cloned().unwrap_or_default();
            let login = json!({ "username": user.username, "password": user.password });
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
        let key = self
            .sandbox
            .users()
            .first()
            .map(|user| user.api_key.clone())
            .unwrap_or_default();
        let request = Request::new(method, path)
            .with_header("x-api-key", &key)
            .with_header("authorization", &format!("Bearer {}", self.token))
            .with_json(body);
        self.sandbox.handle(&request, at)
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
