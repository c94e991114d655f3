//! Each call as it is on the wire: method, path, query, body and headers (guide 5 to 7).

use markmonitor_certs::{
    api::{
        ENDPOINTS, Endpoint, Method, Request, Service,
        row::{Payload, Takes},
    },
    client::{auth::Auth, options::Settings},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{
    call::{Call, call, fields, of, request},
    fixtures::{NO_ID as ID, finding_of, prices},
    world::{API_KEY, AUTH, CERTS, PASSWORD, Sent, Setup, USERNAME, World},
};

const LINE: &str = "11111111-1111-4111-8111-111111111111";

fn made(call: Call) -> Request {
    call.request().unwrap_or_else(|error| panic!("{}", error.message))
}

/// What a call says on the wire: `METHOD path?query`, and its body.
fn wire(call: Call) -> (String, Option<Value>) {
    let request = made(call);
    let mark = if request.query.is_empty() { "" } else { "?" };
    let line = format!("{} {}{mark}{}", request.method.as_str(), request.path, request.query);
    let body = request
        .body
        .map(|body| serde_json::from_str(&body).expect("bodies are JSON"));
    (line, body)
}

fn line(call: Call) -> String {
    let (line, body) = wire(call);
    assert_eq!(body, None, "{line}");
    line
}

/// A call that is given all that its endpoint takes but a body.
fn whole(endpoint: &'static Endpoint) -> Call {
    let sample = |takes| match takes {
        Takes::Text => json!("a,b"),
        Takes::List => json!(["a,b", "c"]),
        Takes::Count(_) => json!(2),
    };
    let query = endpoint
        .parameters()
        .map(|parameter| (parameter.name.to_owned(), sample(parameter.takes)));
    of(endpoint)
        .id(ID)
        .history_id(LINE)
        .filter(Value::Object(query.collect::<Map<_, _>>()))
}

/// What such a call says on the wire. That each row is right is held against `docs/openapi.yaml`, in `tools/types`.
fn line_of(endpoint: &Endpoint) -> String {
    let path = endpoint.path.replace("{id}", ID).replace("{historyId}", LINE);
    let pairs = endpoint.parameters().map(|parameter| match parameter.takes {
        Takes::Text => format!("{}=a%2Cb", parameter.name),
        Takes::List => format!("{}=a%2Cb,c", parameter.name),
        Takes::Count(_) => format!("{}=2", parameter.name),
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{} {path}{mark}{query}", endpoint.method.as_str())
}

#[test]
fn every_call_is_on_the_wire_as_its_row_says() {
    for endpoint in ENDPOINTS {
        let name = endpoint.operation;
        let body = json!({ "ours": [1], "nothing": null });
        let request = made(whole(endpoint).body(body.clone()));
        assert_eq!(
            (request.operation, request.service, request.writes),
            (name, endpoint.service, endpoint.writes)
        );
        let (line, sent) = wire(whole(endpoint).body(body.clone()));
        assert_eq!(line, line_of(endpoint), "{name}");
        let without = whole(endpoint).request().map(|request| request.body);
        let empty = Some("{}".to_owned());
        match endpoint.body {
            Payload::None => assert_eq!((sent, without.unwrap()), (None, None), "{name}"),
            Payload::OrEmpty => assert_eq!((sent, without.unwrap()), (Some(body), empty), "{name}"),
            Payload::Given => {
                assert_eq!(sent, Some(body), "{name}: all of it is sent");
                assert_eq!(
                    finding_of(&without.err().unwrap()),
                    ("invalid_argument", "body"),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn what_changes_nothing_is_known_and_so_is_what_costs() {
    let of =
        |is: fn(&&Endpoint) -> bool| -> Vec<&str> { ENDPOINTS.iter().filter(is).map(|row| row.operation).collect() };
    assert_eq!(of(|row| row.costs), ["orders.create"]);
    assert_eq!(
        of(|row| row.method != Method::Get && !row.writes),
        ["tokens.authenticate", "certs.parse"]
    );
    assert_eq!(of(|row| row.method == Method::Get && row.writes), [] as [&str; 0]);
}

#[test]
fn a_list_that_is_asked_for_nothing_has_no_query() {
    for endpoint in ENDPOINTS.iter().filter(|row| row.method == Method::Get) {
        let nothing: Map<_, _> = endpoint
            .parameters()
            .map(|parameter| (parameter.name.to_owned(), Value::Null))
            .collect();
        for filter in [json!({}), Value::Object(nothing)] {
            let request = made(of(endpoint).id(ID).history_id(LINE).filter(filter));
            assert_eq!(request.query, "", "{}", endpoint.operation);
        }
    }
}

#[test]
fn authenticating_sends_user_name_and_password() {
    let world = World::new();
    world.value(&world.client(), prices());
    let sent = world.take_sent();
    let body = json!({ "username": USERNAME, "password": PASSWORD });
    assert_eq!(
        (sent[0].line(), &sent[0].body),
        ("POST /auth/v1/auth/authenticate".into(), &Some(body))
    );
}

#[test]
fn a_filter_is_encoded() {
    let filter = json!({ "name": "A & B, Inc.", "providerId": 17, "page": 2, "size": 50, "sort": "name,desc" });
    assert_eq!(
        line(call("organizations.list").filter(filter)),
        "GET /organization?name=A%20%26%20B%2C%20Inc.&providerId=17&page=2&size=50&sort=name%2Cdesc"
    );
    assert_eq!(
        line(call("contacts.list").filter(json!({ "email": "a+b@example.com" }))),
        "GET /contact?email=a%2Bb%40example.com"
    );
    for resource in ["organization", "contact", "order"] {
        let list = call(&format!("{resource}s.history.list")).id(ID);
        assert_eq!(
            line(list.filter(json!({ "userId": "ada", "text": "Status changed" }))),
            format!("GET /{resource}/{ID}/history?userId=ada&text=Status%20changed")
        );
    }
}

#[test]
fn csrs_are_parsed_as_a_list_and_the_guess_can_be_overridden() {
    for body in [json!({ "csrs": ["one", "two"] }), json!(["one"])] {
        assert_eq!(
            wire(call("certs.parse").body(body.clone())),
            ("POST /cert/parse".into(), Some(body))
        );
    }
}

#[test]
fn the_lists_of_an_order_filter_are_separated_by_commas() {
    let filter = json!({
        "providerId": "17", "organizationId": ID, "certificateTypes": ["SSL_EV_BASIC", "SSL_NEW"],
        "statuses": ["DIGI_ISSUED", "DIGI_PENDING"], "commonNames": ["a.example", "*.b.example", "odd,name"],
        "validUntil": "2027-01-01", "page": 2, "size": 50, "sort": "name,desc",
    });
    assert_eq!(
        line(call("orders.list").filter(filter)),
        format!(
            "GET /order?providerId=17&organizationId={ID}&certificateTypes=SSL_EV_BASIC,SSL_NEW\
             &statuses=DIGI_ISSUED,DIGI_PENDING&commonNames=a.example,%2A.b.example,odd%2Cname\
             &validUntil=2027-01-01&page=2&size=50&sort=name%2Cdesc"
        )
    );
}

#[test]
fn what_a_filter_cannot_be_is_refused_by_its_name() {
    for (filter, code, field, message) in [
        (
            json!({ "status": ["X"] }),
            "unknown_option",
            "status",
            "`orders.list` knows no `status`: did you mean `statuses`?",
        ),
        (
            json!({ "Size": 5 }),
            "unknown_option",
            "Size",
            "`orders.list` knows no `Size`: did you mean `size`?",
        ),
        (
            json!({ "colour": 5 }),
            "unknown_option",
            "colour",
            "`orders.list` knows no `colour`; it knows providerId, organizationId, certificateTypes, statuses, \
             commonNames, validUntil, page, size, sort.",
        ),
        (
            json!({ "size": "50" }),
            "invalid_argument",
            "size",
            "`size` must be a whole number, at least 1.",
        ),
        (
            json!({ "size": 0 }),
            "invalid_argument",
            "size",
            "`size` must be a whole number, at least 1.",
        ),
        (
            json!({ "size": 1.5 }),
            "invalid_argument",
            "size",
            "`size` must be a whole number, at least 1.",
        ),
        (
            json!({ "page": -1 }),
            "invalid_argument",
            "page",
            "`page` must be a whole number, at least 0.",
        ),
        (
            json!({ "statuses": "X" }),
            "invalid_argument",
            "statuses",
            "`statuses` must be a list of strings.",
        ),
        (
            json!({ "statuses": ["X", 1] }),
            "invalid_argument",
            "statuses",
            "`statuses` must be a list of strings.",
        ),
        (
            json!({ "commonNames": [] }),
            "invalid_argument",
            "commonNames",
            "`commonNames` names nothing: leave it out to ask for all.",
        ),
        (
            json!({ "commonNames": ["", ""] }),
            "invalid_argument",
            "commonNames",
            "`commonNames` names nothing: leave it out to ask for all.",
        ),
        (
            json!({ "organizationId": true }),
            "invalid_argument",
            "organizationId",
            "`organizationId` must be a string.",
        ),
    ] {
        let world = World::new();
        let error = world.error(&world.client(), call("orders.list").filter(filter.clone()));
        assert_eq!(finding_of(&error), (code, field), "{filter}");
        assert_eq!(error.findings()[0].message, message, "{filter}");
        assert_eq!(error.code.class(), "ValidationError");
        assert!(world.take_lines().is_empty(), "{filter}: nothing is sent");
    }
    let takes_none = call("orders.prices").filter(json!({ "page": 0 })).request();
    assert_eq!(finding_of(&takes_none.err().unwrap()), ("unknown_option", "page"));
}

#[test]
fn a_download_names_its_format_and_accepts_its_media_type() {
    for format in ["p7b", "pem_all"] {
        let download = call("orders.download").id(ID).filter(json!({ "format": format }));
        assert_eq!(
            made(download.clone()).reply.accept(),
            "application/x-pkcs7-certificates"
        );
        assert_eq!(line(download), format!("GET /order/{ID}/downloadCert?format={format}"));
    }
    let others = ENDPOINTS.iter().filter(|row| row.operation != "orders.download");
    assert!(others.into_iter().all(|row| row.reply.accept() == "application/json"));
}

fn sent_for(setup: Setup, call: Call) -> Vec<Sent> {
    let world = World::new();
    let client = world.client_of(setup);
    let _ = world.call(&client, call);
    world.take_sent()
}

#[test]
fn the_api_key_is_on_every_call_and_the_token_on_all_but_authenticate() {
    let sent = sent_for(Setup::default(), prices());
    let [authenticate, call] = sent.as_slice() else {
        panic!("{}", sent.len())
    };
    assert_eq!(
        authenticate.url,
        "https://api.markmonitor.com/auth/v1/auth/authenticate"
    );
    assert_eq!(authenticate.header("x-api-key"), Some(API_KEY));
    assert_eq!(authenticate.header("authorization"), None);
    assert_eq!(authenticate.header("content-type"), Some("application/json"));
    assert_eq!(call.url, "https://api.markmonitor.com/certs/v1/order/prices");
    assert_eq!(call.header("x-api-key"), Some(API_KEY));
    assert!(
        call.header("authorization")
            .is_some_and(|value| value.starts_with("Bearer ey"))
    );
    assert_eq!(call.header("accept"), Some("application/json"));
    assert_eq!(call.header("content-type"), None, "there is no body");
}

#[test]
fn no_other_header_is_sent_for_browsers_would_ask_the_service_first() {
    for sent in sent_for(Setup::default(), call("contacts.create").body(json!({}))) {
        for (name, _) in &sent.headers {
            let allowed = ["accept", "authorization", "content-type", "x-api-key"];
            assert!(allowed.contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn a_proxy_gets_neither_key_nor_token() {
    let setup = Setup {
        certs_base: "/api/markmonitor",
        ..Setup::auth(Auth::Proxy)
    };
    let sent = sent_for(setup, call("orders.get").id(ID));
    assert_eq!(sent.len(), 1, "nobody authenticates");
    assert_eq!(sent[0].url, format!("/api/markmonitor/order/{ID}"));
    assert_eq!(sent[0].headers, [("accept".to_owned(), "application/json".to_owned())]);
}

#[test]
fn both_bases_are_options_because_the_guide_writes_them_in_four_ways() {
    for base in [
        "https://api.markmonitor.com/cert/v1",
        "https://certs.markmonitor.com/api/v1/",
        "http://127.0.0.1:8787/certs/v1",
    ] {
        let setup = Setup {
            certs_base: base,
            auth_base: "https://elsewhere.example/a",
            ..Setup::default()
        };
        let world = World::new();
        let client = world.client_of(setup);
        world.answer(|sent| {
            let body = if sent.is_auth() {
                json!({ "token": "t.t.t" })
            } else {
                json!([])
            };
            Some(crate::world::json(200, &body))
        });
        world.value(&client, prices());
        let urls: Vec<String> = world.take_sent().into_iter().map(|sent| sent.url).collect();
        let call = format!("{}/order/prices", base.trim_end_matches('/'));
        assert_eq!(urls, ["https://elsewhere.example/a/auth/authenticate".to_owned(), call]);
    }
}

#[test]
fn groups_are_read_from_the_authentication_service_by_a_read_only_client_too() {
    let world = World::new();
    let client = world.client_of(Setup::settings(Settings {
        read_only: true,
        ..Settings::default()
    }));
    world.answer_calls(|_| crate::world::json(200, &json!({ "groups": [], "page": {} })));
    for call in [
        call("groups.list"),
        request("GET", "/group").service(Service::Auth),
        request("GET", "/group").service(Service::Certs),
        request("GET", "/group"),
    ] {
        world.value(&client, call);
    }
    let sent = world.take_sent();
    let urls: Vec<&str> = sent.iter().skip(1).map(|sent| sent.url.as_str()).collect();
    let (auth, certs) = (format!("{AUTH}/group"), format!("{CERTS}/group"));
    assert_eq!(urls, [&auth, &auth, &certs, &certs]);
    assert!(sent.iter().skip(1).all(|sent| sent.header("authorization").is_some()));
    let error = world.error(&client, request("POST", "/group").service(Service::Auth));
    assert_eq!(finding_of(&error).0, "read_only");
}

#[test]
fn what_is_not_a_uuid_gets_into_no_path() {
    let world = World::new();
    let client = world.client();
    for id in [
        "",
        "7",
        "../organization",
        "00000000-0000-4000-8000-00000000000g",
        &format!("{ID}/cancel"),
        &format!(" {ID}"),
    ] {
        let error = world.error(&client, call("orders.get").id(id));
        assert_eq!(
            (error.code.class(), finding_of(&error)),
            ("ValidationError", ("invalid_id", "id")),
            "{id}"
        );
        let error = world.error(&client, call("orders.history.get").id(ID).history_id(id));
        assert_eq!(finding_of(&error), ("invalid_id", "historyId"), "{id}");
    }
    assert_eq!(world.take_lines(), [] as [&str; 0], "nothing was sent");
}

#[test]
fn an_id_is_taken_in_either_case() {
    let upper = LINE.replace('1', "A");
    assert_eq!(
        line(call("orders.get").id(&upper)),
        format!("GET /order/{}", upper.to_lowercase())
    );
}

fn any(method: &str, path: &str) -> Call {
    request(method, path).filter(json!({ "a b": "c&d", "list": [1, "x,y"], "none": null, "yes": true }))
}

#[test]
fn any_other_call_of_the_service_can_be_made() {
    assert_eq!(
        line(any("get", "/new/thing")),
        "GET /new/thing?a%20b=c%26d&list=1,x%2Cy&yes=true"
    );
    assert_eq!(wire(any("PUT", "/new/thing").body(json!([1]))).1, Some(json!([1])));
}

#[test]
fn a_request_does_not_leave_the_base_address() {
    for path in [
        "",
        "order",
        "//evil.example/x",
        "https://evil.example/",
        "/../auth/v1/auth/refresh",
        "/order/%2e%2E/%2e./auth",
        "/order/.%2e",
        "/order?x=1",
        "/order#x",
        "/order\\..\\x",
        "/or der",
        "/order\r\nx: y",
    ] {
        for service in [Service::Certs, Service::Auth] {
            let refused = any("GET", path).service(service).request().err().expect(path);
            assert_eq!(finding_of(&refused), ("invalid_path", "path"), "{path:?}");
        }
    }
    let refused = any("TRACE", "/order").request().err().expect("TRACE");
    assert_eq!(finding_of(&refused), ("invalid_method", "method"));
}

/// What stands for a text in a query (RFC 3986, 2.1), read back.
fn decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            let digits = core::str::from_utf8(&digits).unwrap();
            decoded.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).unwrap()
}

proptest! {
    #[test]
    fn every_query_value_comes_back_as_it_was(name in ".{0,40}", sort in ".{0,40}") {
        let request = made(call("organizations.list").filter(json!({ "name": name, "sort": sort })));
        prop_assert_eq!(request.method, Method::Get);
        let url = format!("{CERTS}{}?{}", request.path, request.query);
        let query = sandbox::Request::new("GET", &url).query;
        let pairs: Vec<(String, String)> = query
            .split('&')
            .map(|pair| pair.split_once('=').map(|(name, value)| (decoded(name), decoded(value))).unwrap())
            .collect();
        prop_assert_eq!(pairs, [("name".to_owned(), name), ("sort".to_owned(), sort)]);
    }
}

#[test]
fn what_a_caller_gives_is_sent_as_it_is() {
    let order = json!({ "certType": "SSL_OV_BASIC", "skipPrice": true, "cert": { "organizationUnits": ["QA"] } });
    assert_eq!(
        wire(call("orders.create").body(order.clone())),
        ("POST /order".into(), Some(order)),
        "all of it is sent"
    );
    let changes = json!({ "jobTitle": "Director", "aFieldOfTheirs": { "kept": true } });
    let (_, body) = wire(call("contacts.update").id(ID).body(changes.clone()));
    assert_eq!(body.map(fields), Some(fields(changes)));
    let body = json!({ "domains": ["a.example"] });
    let (_, sent) = wire(call("orders.validateDomains").id(ID).body(body.clone()));
    assert_eq!(sent, Some(body), "a body that is given is sent as it is");
}
