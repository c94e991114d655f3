//! A caller of the sandbox, with a clock of its own.

use sandbox::{Options, Request, Response, Sandbox, Timestamp};
use serde_json::{Value, json};

pub const RSA: &str = include_str!("../data/rsa.csr");
/// Its names: example.com, san-of-the-csr.example.com, another.example.com.
pub const EC_WITH_SANS: &str = include_str!("../data/ec_with_sans.csr");
/// Of another key than the others.
pub const EC_RENEWED: &str = include_str!("../data/ec_renewed.csr");
/// Its curve is spelled out rather than named.
pub const EXPLICIT_CURVE: &str = include_str!("../data/explicit_curve.csr");
pub const WEAK_RSA: &str = include_str!("../data/weak_rsa.csr");

pub const NOT_AN_ID: &str = "/certs/v1/order/42";
pub const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// Someone with credentials, and the time.
pub struct Caller {
    pub sandbox: Sandbox,
    pub now: Timestamp,
    pub api_key: String,
    pub token: String,
    token_until: Timestamp,
}

impl Caller {
    /// At noon on 2026-06-01, with no rate limit.
    pub fn new() -> Self {
        Self::with(Options {
            rate_limit: None,
            ..Options::default()
        })
    }

    pub fn with(options: Options) -> Self {
        Self::at("2026-06-01T12:00:00Z", options)
    }

    pub fn at(now: &str, options: Options) -> Self {
        Self {
            sandbox: Sandbox::new(options).unwrap(),
            now: Timestamp::parse(now).unwrap(),
            api_key: "sandbox-api-key".to_owned(),
            token: String::new(),
            token_until: Timestamp::default(),
        }
    }

    /// Sends a request as it is.
    pub fn send(&mut self, request: &Request) -> Response {
        self.sandbox.handle(request, self.now)
    }

    pub fn log_in(&mut self, username: &str, password: &str) -> Response {
        let body = json!({ "username": username, "password": password });
        let request = Request::new("POST", "/auth/v1/auth/authenticate")
            .with_json(&body)
            .with_header("x-api-key", &self.api_key);
        let response = self.send(&request);
        if response.status == 200 {
            self.token = text(&response.body_json(), "/token");
            self.token_until = self.now.plus(80 * 60_000);
        }
        response
    }

    /// A request with credentials that are valid.
    pub fn authorized(&mut self, request: Request) -> Request {
        if self.now >= self.token_until {
            self.log_in("demo@example.com", "sandbox-password");
        }
        request
            .with_header("x-api-key", &self.api_key)
            .with_header("Authorization", &format!("Bearer {}", self.token))
    }

    /// Calls a path under the certificate base.
    pub fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let request = Request::new(method, &format!("/certs/v1{path}"));
        let request = match body {
            Some(body) => request.with_json(body),
            None => request,
        };
        let request = self.authorized(request);
        self.send(&request)
    }

    pub fn get(&mut self, path: &str) -> Value {
        expect(200, &self.call("GET", path, None))
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Response {
        self.call("POST", path, Some(body))
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> Response {
        self.call("PATCH", path, Some(body))
    }

    pub fn act(&mut self, order: &str, action: &str) -> Response {
        self.patch(&format!("/order/{order}/{action}"), &json!({}))
    }

    pub fn download(&mut self, order: &str, format: &str) -> Response {
        let path = format!("/certs/v1/order/{order}/downloadCert?format={format}");
        let request = Request::new("GET", &path).with_header("accept", "application/x-pkcs7-certificates");
        let request = self.authorized(request);
        self.send(&request)
    }

    pub fn advance(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        self.sandbox.advance(self.now);
    }

    /// Lets time jump from event to event until the condition holds.
    pub fn wait_until(&mut self, mut holds: impl FnMut(&mut Self) -> bool) {
        for _ in 0..2_000 {
            if holds(self) {
                return;
            }
            let next = self.sandbox.next_change().expect("something is still to happen");
            self.now = self.now.max(next);
        }
        panic!("it never happened");
    }

    pub fn organization(&mut self) -> Value {
        expect(201, &self.post("/organization", &organization("Example Inc.")))
    }

    /// An organization whose validations are done.
    pub fn validated_organization(&mut self) -> Value {
        let id = text(&self.organization(), "/id");
        let path = format!("/organization/{id}");
        self.wait_until(|caller| {
            validation_statuses(&caller.get(&path))
                .iter()
                .all(|status| status == "ACTIVE")
        });
        self.get(&path)
    }

    /// Places a valid order and gives its id.
    pub fn order(&mut self, organization: &Value, cert_type: &str, common_name: &str) -> String {
        text(
            &expect(202, &self.post("/order", &order(organization, cert_type, common_name))),
            "/id",
        )
    }

    /// An order whose certificate can be downloaded.
    pub fn issued_order(&mut self) -> String {
        let organization = self.organization();
        let id = self.order(&organization, "SSL_DV_GEOTRUST", "example.com");
        self.wait_for_certificate(&id);
        id
    }

    pub fn wait_for_certificate(&mut self, order: &str) {
        self.wait_until(|caller| caller.order_status(order) == "DIGI_ISSUED" && caller.has_certificate(order));
    }

    pub fn wait_for_status(&mut self, order: &str, status: &str) {
        self.wait_until(|caller| caller.order_status(order) == status);
    }

    pub fn order_status(&mut self, order: &str) -> String {
        text(&self.get(&format!("/order/{order}")), "/status")
    }

    pub fn has_certificate(&mut self, order: &str) -> bool {
        self.get(&format!("/order/{order}"))
            .pointer("/cert/endEntityCert")
            .is_some_and(Value::is_string)
    }

    /// The statuses that an order's history names, in their order.
    pub fn statuses_so_far(&mut self, order: &str) -> Vec<String> {
        let order = self.get(&format!("/order/{order}"));
        let lines = order["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| text(line, "/text"));
        lines
            .filter_map(|line| {
                Some(
                    line.strip_prefix("Status changed to ")?
                        .trim_end_matches('.')
                        .to_owned(),
                )
            })
            .collect()
    }
}

/// The body of a response of this status.
#[track_caller]
pub fn expect(status: u16, response: &Response) -> Value {
    assert_eq!(response.status, status, "{}", String::from_utf8_lossy(&response.body));
    response.body_json()
}

/// The text at a JSON pointer.
#[track_caller]
pub fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no text at {pointer} of {value}"))
        .to_owned()
}

/// The code of an error, whichever of the two bodies it has.
#[track_caller]
pub fn code(response: &Response) -> (u16, String) {
    let body = response.body_json();
    let pointer = if response.status == 400 {
        "/validations/0/code"
    } else {
        "/errors/0/code"
    };
    (response.status, text(&body, pointer))
}

/// Every field that a 400 complains of, with its code.
#[track_caller]
pub fn problems(response: &Response) -> Vec<(String, String)> {
    let body = expect(400, response);
    let problems = body["validations"].as_array().unwrap();
    assert!(problems.iter().all(|problem| !text(problem, "/message").is_empty()));
    problems
        .iter()
        .map(|problem| (text(problem, "/field"), text(problem, "/code")))
        .collect()
}

pub fn validation_statuses(organization: &Value) -> Vec<String> {
    organization["validations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|validation| text(validation, "/status"))
        .collect()
}

pub fn contact(types: &[&str]) -> Value {
    json!({
        "firstName": "Ada",
        "lastName": "Reyes",
        "jobTitle": "Engineer",
        "email": "ada@example.com",
        "phone": "+1 555 0101",
        "provider": "DIGICERT",
        "contactTypes": types.iter().map(|kind| json!({ "type": kind })).collect::<Vec<_>>(),
    })
}

pub const ORGANIZATION: &str = "ORGANIZATION_CONTACT";
pub const APPROVER: &str = "EXTENDED_VALIDATION_APPROVER";

/// An organization with one contact, who is an EV approver too.
pub fn organization(name: &str) -> Value {
    organization_with(name, &[contact(&[ORGANIZATION, APPROVER])])
}

pub fn organization_with(name: &str, contacts: &[Value]) -> Value {
    json!({
        "name": name,
        "address1": "1 Main Street",
        "city": "Meridian",
        "state": "Idaho",
        "country": "US",
        "zipcode": "83642",
        "phone": "+1 555 0100",
        "provider": "DIGICERT",
        "contacts": contacts,
    })
}

/// A valid order for the first contact of an organization.
pub fn order(organization: &Value, cert_type: &str, common_name: &str) -> Value {
    json!({
        "organizationId": organization["id"],
        "contacts": [{ "id": organization["contacts"][0]["id"], "contactTypes": organization["contacts"][0]["contactTypes"] }],
        "certType": cert_type,
        "locale": "en",
        "provider": "DIGICERT",
        "cert": { "commonName": common_name, "dnsNames": [format!("www.{common_name}")], "csr": EC_WITH_SANS },
    })
}
