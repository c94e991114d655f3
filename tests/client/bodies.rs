//! What is read of each body that a service of this kind may send (the table is read from JavaScript values too).

use std::{collections::BTreeMap, time::Duration};

use markmonitor_certs::api::{
    Body, Form, Parsed,
    facts::{
        CertFacts, Date, Fact as _, IdFacts, OrderFacts, OrderStatus, OrganizationFacts, PageFacts, PageInfo, Problem,
        ValidationFacts,
    },
    reply::BodyKind,
};
use serde_json::{Value, json};

const TABLE: &str = include_str!("../bodies.json");
const ID: &str = "1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10";

fn table() -> BTreeMap<String, Parsed> {
    let rows: Vec<Value> = serde_json::from_str(TABLE).unwrap();
    let count = rows.len();
    let row = |row: Value| (row["name"].as_str().unwrap().to_owned(), row["body"].clone().into());
    let table: BTreeMap<_, _> = rows.into_iter().map(row).collect();
    assert_eq!(table.len(), count, "each name is there once");
    table
}

/// Those bodies whose names say that they are of this kind.
fn expect<T: PartialEq + core::fmt::Debug>(read: impl Fn(&Parsed) -> T, expected: Vec<(&str, T)>) {
    let table = table();
    for (name, expected) in expected {
        let body = table.get(name).unwrap_or_else(|| panic!("there is no row {name:?}"));
        assert_eq!(read(body), expected, "{name}");
    }
}

/// What is read where there is something.
#[expect(clippy::unnecessary_wraps, reason = "beside what is read where there is nothing")]
fn text(text: &str) -> Option<String> {
    Some(text.into())
}

#[test]
fn all_facts_of_all_bodies_can_be_read_and_hold_nothing_that_is_not_there() {
    for (name, body) in table() {
        let (order, organization, id, page) = (body.order(), body.organization(), body.id(), body.page());
        let (token, problems) = (body.token().token(), body.error().problems());
        if body.kind() != BodyKind::Object {
            // A list of problems is one of its own.
            let is_problems = name == "an error as a list of problems";
            assert_eq!(order, OrderFacts::default(), "{name}");
            assert_eq!(organization, OrganizationFacts::default(), "{name}");
            assert_eq!((id, page), (IdFacts::default(), PageFacts::default()), "{name}");
            assert_eq!(problems.is_empty(), !is_problems, "{name}");
            assert!(token.is_none() || body.kind() == BodyKind::String, "{name}");
        }
    }
}

#[test]
fn the_same_is_read_of_the_text_of_a_body_with_and_without_a_byte_order_mark() {
    for (name, body) in table() {
        let text = body.text();
        for form in [Form::Object, Form::List, Form::Any] {
            assert_eq!(Parsed::of(text.as_bytes(), form), body, "{name}");
            assert_eq!(
                Parsed::of(format!("\u{feff} {text}\r\n").as_bytes(), form),
                body,
                "{name}"
            );
        }
    }
}

#[test]
fn orders() {
    let order = |status: Option<&str>, cert: Option<CertFacts>| OrderFacts {
        id: text(ID),
        status: status.map(|status| OrderStatus::from(status.to_owned())),
        cert,
        ..OrderFacts::default()
    };
    let created = |cert| order(Some("CREATED"), cert);
    let issued = |pem| {
        let end_entity_cert: Option<&str> = pem;
        order(
            Some("DIGI_ISSUED"),
            Some(CertFacts {
                end_entity_cert: end_entity_cert.map(str::to_owned),
                ..CertFacts::default()
            }),
        )
    };
    let none = OrderFacts::default();
    expect(
        Parsed::order,
        vec![
            (
                "an order whose certificate is there at once",
                created(Some(CertFacts {
                    common_name: text("shop.example.com"),
                    csr: text("CSR"),
                    ..CertFacts::default()
                })),
            ),
            ("an order whose certificate is null", created(None)),
            ("an order without a certificate", created(None)),
            (
                "an order whose certificate is empty",
                created(Some(CertFacts::default())),
            ),
            ("an order whose certificate is a text", created(None)),
            ("an order whose certificate is a list", created(None)),
            ("an order whose certificate is a number", created(None)),
            ("an order of another status", order(Some("SOMETHING_NEW"), None)),
            ("an order whose status is null", order(None, None)),
            ("an order whose status is an empty text", order(None, None)),
            ("an order whose status is a list", order(None, None)),
            ("an order whose status is a number", order(None, None)),
            (
                "an order whose status is in lower case",
                order(Some("DIGI_ISSUED"), None),
            ),
            (
                "an order whose status is spelt as in Britain",
                order(Some("DIGI_CANCELED"), None),
            ),
            (
                "an order whose id is a number",
                OrderFacts {
                    id: text("7"),
                    ..created(None)
                },
            ),
            ("an order whose id is null", none.clone()),
            ("an order as a list of its fields", none.clone()),
            ("issued, with its certificate", issued(Some("PEM"))),
            ("issued, its certificate null", issued(None)),
            ("issued, its certificate an empty text", issued(None)),
            ("issued, its certificate a number", issued(None)),
            ("a field that is called as no field should be", order(None, None)),
            (
                "absent values as null",
                order(Some("DIGI_PENDING"), Some(CertFacts::default())),
            ),
            ("an empty text", none),
        ],
    );
    expect(
        |body| body.order().is_issued(),
        vec![
            ("an order, whole", true),
            ("issued, with its certificate", true),
            ("issued, its certificate null", false),
            ("issued, its certificate an empty text", false),
            ("an order whose status is in lower case", false),
            ("an order as a list of its fields", false),
        ],
    );
}

#[test]
fn certificates() {
    let cert = |body: &Parsed| body.order().cert.expect("it has one");
    let id = |body: &Parsed| cert(body).provider_id.map(|id| id.0);
    expect(
        id,
        vec![
            ("a provider's id that is a number", text("17")),
            ("a provider's id that is a text", text("0017")),
            // As JavaScript's JSON.parse leaves it.
            (
                "a provider's id that is a number beyond 2^53",
                text("12345678901234567168"),
            ),
            ("a provider's id that is a fraction", text("1.5")),
            ("a provider's id that is a negative number", text("-3")),
            ("a provider's id that is a large number", text("1e+21")),
            ("a provider's id that is a small number", text("1e-7")),
            ("a provider's id that is a boolean", None),
            ("a provider's id that is a null", None),
            ("a provider's id that is a list", None),
            ("a provider's id that is an empty text", text("")),
        ],
    );
    expect(
        |body| (cert(body).serial_number, id(body)),
        vec![
            ("a serial number that is a number", (None, None)),
            ("a provider's id that is a boolean", (text("1"), None)),
        ],
    );
    expect(
        |body| {
            let until = cert(body).date_valid_until;
            (until.and_then(|date| date.seconds()), cert(body).days_remaining)
        },
        vec![
            // 2026-12-31T23:59:59, and an hour before it.
            ("a date with a zone", (Some(1_798_757_999.0), Some(10.0))),
            ("a date without a zone", (Some(1_798_761_599.0), Some(10.0))),
            ("a date in milliseconds", (Some(1_798_761_599.0), Some(10.0))),
            ("a date as a list", (Some(1_798_761_599.0), Some(10.0))),
            ("a date null", (None, Some(10.0))),
            ("a date an empty text", (None, Some(10.0))),
            ("days that remain as a fraction", (None, Some(1.5))),
            ("days that remain as a negative number", (None, Some(-2.0))),
            ("days that remain as a text", (None, None)),
            ("days that remain as a null", (None, None)),
        ],
    );
    let whole = table().remove("an order, whole").unwrap();
    let read = cert(&whole);
    let sent = &json_of(&whole)["cert"];
    for (read, name) in [
        (read.common_name, "commonName"),
        (read.csr, "csr"),
        (read.serial_number, "serialNumber"),
        (read.end_entity_cert, "endEntityCert"),
        (read.provider_id.map(|id| id.0), "providerId"),
    ] {
        let sent = sent[name]
            .as_str()
            .map_or_else(|| sent[name].to_string(), str::to_owned);
        assert_eq!(read, Some(sent), "{name}");
    }
    assert_eq!(read.date_valid_until, Date::read(&sent["dateValidUntil"]));
    assert_eq!(read.days_remaining, Some(364.0));
}

fn json_of(body: &Parsed) -> Value {
    match body {
        Parsed::Json(value) => Value::clone(value),
        other => panic!("{other:?}"),
    }
}

#[test]
fn organizations() {
    let validation = |kind: Option<&str>, status: Option<&str>, until: Option<&str>| ValidationFacts {
        kind: kind.map(str::to_owned),
        status: status.map(str::to_owned),
        date_validated_until: until.and_then(|date| Date::read(&json!(date))),
    };
    let empty = || validation(None, None, None);
    expect(
        |body| body.organization().validations,
        vec![
            (
                "an organization, whole",
                vec![
                    validation(Some("OV"), Some("ACTIVE"), Some("2027-02-01T00:00:00Z")),
                    validation(Some("EV"), Some("PENDING"), None),
                ],
            ),
            ("an organization without validations", vec![]),
            ("validations that are null", vec![]),
            ("validations that are empty", vec![]),
            ("validations that are a text", vec![]),
            ("validations that are an object", vec![]),
            (
                "odd validations among others",
                vec![
                    validation(Some("OV"), Some("ACTIVE"), None),
                    empty(),
                    empty(),
                    empty(),
                    empty(),
                    empty(),
                    empty(),
                ],
            ),
        ],
    );
}

/// What is read of a page's place in its list.
#[derive(Debug, PartialEq)]
struct Seen {
    size: u64,
    total_elements: u64,
    total_pages: u64,
    number: u64,
    echoed: Option<u64>,
    last: Option<bool>,
}

fn seen(info: &PageInfo) -> Seen {
    Seen {
        size: info.size,
        total_elements: info.total_elements,
        total_pages: info.total_pages,
        number: info.number,
        echoed: info.echoed,
        last: info.told_last(info.number, false),
    }
}

#[test]
fn pages() {
    let info = |size, total_elements, total_pages, number| Seen {
        size,
        total_elements,
        total_pages,
        number,
        echoed: Some(number),
        last: Some(number + 1 >= total_pages),
    };
    let counted = || info(2, 5, 3, 1);
    // Of two items that say nothing of themselves.
    let uncounted = || Seen {
        echoed: None,
        last: None,
        ..info(2, 2, 1, 0)
    };
    expect(
        |body| seen(&body.page().info(2)),
        vec![
            ("a nested page", counted()),
            ("a flat page", counted()),
            ("a flat page, the last one", info(2, 5, 3, 2)),
            ("a page whose counts are whole but written otherwise", counted()),
            ("a page without counts", uncounted()),
            ("a page whose counts are null", uncounted()),
            ("a page whose counts are texts", uncounted()),
            (
                "a page with some of its counts",
                Seen {
                    last: None,
                    ..info(2, 4, 2, 1)
                },
            ),
            (
                "a page whose counts are null beside flat ones",
                Seen {
                    last: Some(true),
                    ..info(2, 4, 2, 1)
                },
            ),
            (
                "a page whose counts are a number beside flat ones",
                Seen {
                    last: None,
                    ..info(2, 4, 2, 1)
                },
            ),
            (
                "a page whose counts are a list beside flat ones",
                Seen {
                    last: None,
                    ..info(2, 4, 2, 1)
                },
            ),
            ("a page that says it is the last one in words", uncounted()),
            ("a page with fewer items than asked for", info(50, 5, 1, 0)),
            ("a page beside which the number asked for is ignored", info(2, 5, 3, 0)),
            ("a page that is counted from 1", info(2, 5, 3, 3)),
            ("a page of groups", info(20, 1, 1, 0)),
            ("an action answered with {}", uncounted()),
        ],
    );
    expect(
        |body| seen(&body.page().info(0)),
        vec![
            ("an empty page before the last", counted()),
            ("a page of size 0", info(0, 0, 0, 0)),
            ("a page without a list", counted()),
            ("a page whose list is null", counted()),
        ],
    );
    let broken = table().remove("a page whose counts are negative or broken").unwrap();
    let read = broken.page().info(2);
    assert_eq!(
        (read.size, read.total_pages),
        (2, 1),
        "what cannot be a count is not one"
    );
}

#[test]
fn forms() {
    const PAGE: Form = Form::Page { items: "content" };
    let is = |form: Form| {
        move |body: &Parsed| {
            form.check(body)
                .err()
                .map(|unreadable| unreadable.path.unwrap_or_default())
        }
    };
    let refused = |path: &str| Some(path.to_owned());
    expect(
        is(PAGE),
        vec![
            ("a nested page", None),
            ("a flat page", None),
            ("a bare list", None),
            ("an empty bare list", None),
            ("a page without a list", refused("$.content")),
            ("a page whose list is null", refused("$.content")),
            ("a page whose list is an object", refused("$.content")),
            ("a page whose list is a text", refused("$.content")),
            ("an error as a sentence", refused("$")),
            ("an action answered with null", refused("$")),
        ],
    );
    expect(
        is(Form::Object),
        vec![
            ("an order, whole", None),
            ("an action answered with {}", None),
            ("an action answered with null", refused("$")),
            ("an action answered with true", refused("$")),
            ("a bare list", refused("$")),
        ],
    );
    expect(
        is(Form::List),
        vec![
            ("prices", None),
            ("a parsed CSR", None),
            ("an empty bare list", None),
            ("an order, whole", refused("$")),
        ],
    );
    for body in table().values() {
        assert_eq!(Form::Any.check(body), Ok(()));
    }
}

#[test]
fn what_was_deleted_or_a_few_words_are_no_error_and_an_error_is_one() {
    for (body, is_success) in [
        ("", true),
        ("{}", true),
        ("deleted", true),
        ("true", true),
        (r#"{"id":"a","error":"none"}"#, true),
        (r#"{"deleted":true}"#, true),
        ("<html><title>Login</title>", false),
        (r#"{"errors":[{"code":"C1","message":"It is of an order"}]}"#, false),
        (r#"{"status":409,"error":"Conflict"}"#, false),
        (r#"{"success":false,"message":"no"}"#, false),
    ] {
        let read = Form::Nothing.check(&Parsed::of(body.as_bytes(), Form::Nothing));
        assert_eq!(read.is_ok(), is_success, "{body}: {read:?}");
    }
}

fn problem(field: &str, code: &str, message: &str) -> Problem {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Problem {
        field: text(field),
        code: text(code),
        message: text(message),
    }
}

#[test]
fn errors() {
    expect(
        |body| body.error().problems(),
        vec![
            (
                "an error as a list of validations",
                vec![
                    problem("cert.csr", "INVALID", "must be a CSR."),
                    problem("locale", "", ""),
                ],
            ),
            (
                "an error as a map of validations",
                vec![
                    problem("cert.csr", "", "must be a CSR"),
                    problem("locale", "", "is missing"),
                ],
            ),
            (
                "an error as a list",
                vec![problem("", "NOT_FOUND", "There is no such order.")],
            ),
            ("an error whose code is a number", vec![problem("", "17", "No.")]),
            (
                "an error as a list of sentences",
                vec![problem("", "", "No."), problem("", "", "Not at all.")],
            ),
            (
                "an error as validations and errors",
                vec![problem("a", "", "1"), problem("", "B", "2")],
            ),
            ("an error with odd entries", vec![problem("", "C", "")]),
            ("an error whose list is a text", vec![problem("", "", "No.")]),
            ("an error whose list is an object", vec![problem("", "X", "No.")]),
            ("an error whose lists are empty", vec![]),
            ("an error whose lists are null", vec![problem("", "", "No.")]),
            (
                "an error as RFC 9457 has it",
                vec![problem("", "", "The order is not issued.")],
            ),
            (
                "an error of RFC 9457 with a code and a message beside it",
                vec![problem("", "STATUS_NOT_ALLOWED", "The order is not issued.")],
            ),
            ("an error of a gateway", vec![problem("", "", "Forbidden")]),
            ("an error of another gateway", vec![problem("", "", "Forbidden")]),
            (
                "an error of a gateway with both",
                vec![problem("", "403", "No access to this stage.")],
            ),
            (
                "an error as OAuth has it",
                vec![problem("", "invalid_token", "The token has expired.")],
            ),
            (
                "an error as OAuth has it in text",
                vec![problem("", "invalid_token", "The token has expired.")],
            ),
            ("an error whose names are capitalized", vec![problem("", "X", "No.")]),
            ("an error with a list within it", vec![problem("", "", "bad phone")]),
            ("an error within data", vec![problem("locale", "", "is missing")]),
            (
                "an error as an exception",
                vec![problem("", "", "java.lang.IllegalStateException")],
            ),
            ("an error of Apigee", vec![problem("", "", "Invalid ApiKey")]),
            (
                "an error of RFC 9457 with its fields",
                vec![
                    problem("#/age", "", "must be a positive integer"),
                    problem("#/color", "", "must be green"),
                    problem("", "", "Two fields are wrong."),
                ],
            ),
            (
                "an error as a list of problems",
                vec![problem("name", "", "is taken"), problem("", "", "No.")],
            ),
            (
                "an error with a reason beside its list",
                vec![problem("f", "", "is wrong")],
            ),
            ("an error with a description", vec![problem("", "E1", "Not now.")]),
            (
                "an error with invalid parameters",
                vec![problem("age", "", "must be positive")],
            ),
            (
                "an error as a map from a field to problems",
                vec![
                    problem("cert", "C", "No."),
                    problem("locale", "", "a"),
                    problem("locale", "", "b"),
                ],
            ),
            ("an error as a map to what says nothing", vec![]),
            ("an error as a sentence", vec![]),
            ("an error as a page of HTML in a text", vec![]),
            ("an error as a number", vec![]),
        ],
    );
}

#[test]
fn tokens() {
    const OWN: &str = "e30.eyJpYXQiOjEwMDAsImV4cCI6MTYwMH0.sig";
    let token = |token: &str, seconds: f64| Some((token.to_owned(), Duration::from_secs_f64(seconds)));
    expect(
        |body| body.token().token(),
        vec![
            ("a token", token("a.b.c", 5400.0)),
            ("a token with its own life", token(OWN, 600.0)),
            ("a token with two lives", token(OWN, 30.0)),
            ("a token as a text", token(OWN, 600.0)),
            ("a token as a text that tells nothing", token("opaque", 5400.0)),
            ("a token called jwt", token("a.b.c", 5400.0)),
            ("a token behind its scheme", token("a.b.c", 5400.0)),
            ("a token with the end of a line", token("a.b.c", 5400.0)),
            ("a token called accessToken", token("a.b.c", 5400.0)),
            ("a token whose life is a text", token("a.b.c", 45.0)),
            ("a token whose life is a fraction", token("a.b.c", 1.5)),
            ("a token whose life is null", token("a.b.c", 5400.0)),
            ("a token whose life is negative", token("a.b.c", 5400.0)),
            ("a token whose life is 0", token("a.b.c", 5400.0)),
            ("a token whose life is not a number", token("a.b.c", 5400.0)),
            ("a token that is null", None),
            ("a token that is a number", None),
            ("a token that is empty", None),
            ("a token that would be a second header", None),
            ("a token in an object", None),
            ("a token in a list", None),
        ],
    );
}

#[test]
fn what_is_not_json_is_a_text_or_nothing() {
    for (bytes, parsed) in [
        (b"".as_slice(), Parsed::Empty),
        (b" \r\n", Parsed::Empty),
        (b"\xef\xbb\xbf", Parsed::Empty),
        (b"<html>", Parsed::Text("<html>".into())),
        (b"\xef\xbb\xbf<html>", Parsed::Text("<html>".into())),
        (b"{\"id\":", Parsed::Text("{\"id\":".into())),
        (b"M\xfcnchen", Parsed::Text("M\u{fffd}nchen".into())),
        (
            b"{\"city\":\"M\xfcnchen\"}",
            Parsed::from(json!({ "city": "M\u{fffd}nchen" })),
        ),
    ] {
        assert_eq!(Parsed::of(bytes, Form::Any), parsed, "{bytes:?}");
        let file = if bytes.is_empty() {
            Parsed::Empty
        } else {
            Parsed::Bytes(bytes.to_vec())
        };
        assert_eq!(Parsed::of(bytes, Form::File), file, "a file is what it is");
    }
}
