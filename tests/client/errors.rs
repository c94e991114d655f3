//! Errors: the status first, the body second, and one sentence that a person can act on.

use markmonitor_certs::{
    api::orders::{CreateOrder, GetOrder, ListOrders},
    client::{
        Error,
        error::{Kind, Refusal},
        limiter,
    },
};
use serde_json::{Value, json};

use crate::{
    fixtures::{NO_ID, create},
    virtual_platform::Reply,
    world::{CERTS, Setup, World, json as reply, refused_connection},
};

fn get() -> GetOrder {
    GetOrder { id: NO_ID.into() }
}

/// What a call fails with when the service answers this, again and again.
fn error_of(answer: impl Fn() -> Reply + 'static) -> Error {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| answer());
    world.call(&client, get()).unwrap_err()
}

fn refusal(error: &Error) -> &Refusal {
    match &error.kind {
        Kind::Api(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn post() -> CreateOrder {
    create(json!({}))
}

#[test]
fn every_status_has_its_class_its_code_and_its_advice() {
    for (status, class, code, advice) in [
        (400, "BadRequestError", "bad_request", "Correct what is named"),
        (401, "AuthenticationError", "unauthorized", "Check API key"),
        (403, "PermissionDeniedError", "permission_denied", "belong together"),
        (404, "NotFoundError", "not_found", "Check the id"),
        (409, "ConflictError", "conflict", "get it again"),
        (429, "RateLimitError", "rate_limited", "Wait"),
        (500, "ServerError", "server_error", "try again later"),
        (502, "ServerError", "server_error", "try again later"),
        (503, "ServerError", "server_error", "try again later"),
        (504, "ServerError", "server_error", "try again later"),
        (599, "ServerError", "server_error", "try again later"),
        (302, "ApiError", "refused", "the service's guide"),
        (405, "ApiError", "refused", "the service's guide"),
        (418, "ApiError", "refused", "the service's guide"),
    ] {
        let error = error_of(move || reply(status, &json!({ "errors": [{ "code": "C", "message": "Because." }] })));
        assert_eq!((error.class(), error.code), (class, code), "{status}");
        let sentence = &error.message;
        let where_ = format!("GET {CERTS}/order/{NO_ID}");
        for part in [where_.as_str(), &status.to_string(), "Because", advice] {
            assert!(sentence.contains(part), "{status}: {sentence:?} lacks {part:?}");
        }
    }
}

#[test]
fn a_refusal_knows_where_it_came_from() {
    let error = error_of(|| {
        reply(404, &json!({}))
            .header("x-request-id", "r-7")
            .header("set-cookie", "session=1")
    });
    let refusal = refusal(&error);
    assert_eq!(
        (refusal.method, refusal.url.as_str()),
        ("GET", format!("{CERTS}/order/{NO_ID}").as_str())
    );
    assert_eq!((refusal.request_id.as_deref(), refusal.attempts), (Some("r-7"), 1));
    let names: Vec<&str> = refusal.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "x-request-id"], "no cookie");
}

#[test]
fn the_problems_of_both_error_bodies_are_read() {
    let problem = |field: Option<&str>, code: Option<&str>, message: Option<&str>| {
        let text = |text: Option<&str>| text.map(str::to_owned);
        markmonitor_certs::api::problem::Problem {
            field: text(field),
            code: text(code),
            message: text(message),
        }
    };
    let validations = json!({ "validations": [
        { "field": "cert.csr", "code": "INVALID", "message": "must be a CSR." }, { "field": "locale" }, null, 7,
    ] });
    let error = error_of(move || reply(400, &validations));
    assert_eq!(
        refusal(&error).problems,
        [
            problem(Some("cert.csr"), Some("INVALID"), Some("must be a CSR.")),
            problem(Some("locale"), None, None)
        ]
    );
    assert!(
        error.message.contains("(cert.csr: must be a CSR; locale)."),
        "{}",
        error.message
    );

    let errors = json!({ "errors": [{ "code": 17, "message": "No." }, "in words"] });
    let error = error_of(move || reply(409, &errors));
    assert_eq!(
        refusal(&error).problems,
        [
            problem(None, Some("17"), Some("No.")),
            problem(None, None, Some("in words"))
        ]
    );

    for body in [
        json!({ "message": "Forbidden" }),
        json!({ "error": "Forbidden", "status": 403 }),
    ] {
        let error = error_of(move || reply(403, &body));
        assert_eq!(refusal(&error).problems, [problem(None, None, Some("Forbidden"))]);
    }
    for body in [
        json!({}),
        json!([]),
        json!(null),
        json!(7),
        json!({ "errors": {}, "validations": "x" }),
    ] {
        let error = error_of(move || reply(409, &body));
        assert_eq!(refusal(&error).problems, []);
    }
}

#[test]
fn a_body_that_is_no_json_keeps_the_status_and_its_first_two_kilobytes() {
    for body in [
        "<html><h1>502 Bad Gateway</h1></html>",
        "",
        "{\"errors\":[{\"code\":\"X",
        "\u{0}\u{1}",
    ] {
        let error = error_of(move || Reply::new(502, body));
        assert_eq!((error.class(), error.status()), ("ServerError", Some(502)));
        assert_eq!(refusal(&error).body, Value::from(body));
    }
    // 2048 falls into the middle of a character, which is left out.
    let long = format!("a{}", "ü".repeat(5000));
    let error = error_of(move || Reply::new(500, long.clone()));
    assert_eq!(refusal(&error).body.as_str().map(str::len), Some(2047));
    let error = error_of(|| Reply::new(500, vec![b'a', 0xff, b'b']));
    assert_eq!(refusal(&error).body, json!("a\u{fffd}b"));
}

#[test]
fn a_success_that_cannot_be_read_is_a_decode_error() {
    for (body, sentence, path) in [
        ("<html>hello</html>", "line 1, column 1", None),
        ("", "empty body", None),
        ("{\"id\":", "line 1, column 6", None),
        ("[]", "expected a JSON object, found a list", Some("$")),
        ("\"text\"", "expected a JSON object, found a text", Some("$")),
    ] {
        let error = error_of(move || Reply::new(200, body));
        assert_eq!((error.class(), error.code), ("DecodeError", "unreadable"), "{body}");
        assert!(
            error.message.contains(sentence) && error.message.contains("status 200"),
            "{}",
            error.message
        );
        let Kind::Decode {
            status,
            body_text,
            path: at,
        } = &error.kind
        else {
            panic!("{error:?}")
        };
        assert_eq!((*status, body_text.as_str(), at.as_deref()), (200, body, path));
    }
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| reply(200, &json!({ "content": { "0": {} } })));
    let error = world.call(&client, ListOrders::default()).unwrap_err();
    let Kind::Decode { path, .. } = &error.kind else {
        panic!("{error:?}")
    };
    assert_eq!(path.as_deref(), Some("$.content"));
}

#[test]
fn an_unreadable_answer_to_a_post_may_have_been_applied() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| Reply::new(202, "<html>"));
    assert!(world.call(&client, post()).unwrap_err().may_have_been_applied());
}

#[test]
fn no_reply_is_a_connection_error_in_the_transports_own_words() {
    let error = error_of(refused_connection);
    assert_eq!(
        (error.class(), error.code, error.may_have_been_applied()),
        ("ConnectionError", "connection", false)
    );
    assert!(
        error.message.contains("connection refused") && error.message.contains("Check the network"),
        "{}",
        error.message
    );
}

#[test]
fn a_queue_that_is_full_is_an_error_of_its_own() {
    let world = World::new();
    let limit = limiter::Options {
        max_queue: 2,
        ..limiter::Options::default()
    };
    let client = world.client_of(Setup {
        limit,
        ..Setup::default()
    });
    world.answer_calls(|_| reply(200, &json!({})));
    world.call(&client, get()).unwrap();
    client.limiter().pause(None);
    let waiting: Vec<_> = (0..2).map(|_| world.start_call(&client, get())).collect();
    let error = world.call(&client, get()).unwrap_err();
    assert_eq!((error.class(), error.code), ("QueueFullError", "queue_full"));
    assert!(error.message.contains("rateLimit.maxQueue"), "{}", error.message);
    client.limiter().resume();
    world.platform.advance(std::time::Duration::from_secs(1));
    assert!(
        waiting
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
}

#[test]
fn an_error_as_javascript_gets_it_holds_what_its_class_has() {
    let error = error_of(|| reply(429, &json!({ "errors": [] })).header("retry-after", "300"));
    let plain = serde_json::to_value(&error).unwrap();
    assert_eq!(plain["code"], "rate_limited");
    assert_eq!(
        (&plain["status"], &plain["retryAfterMs"]),
        (&json!(429), &json!(300_000))
    );
    assert_eq!(
        (&plain["mayHaveBeenApplied"], &plain["attempts"]),
        (&json!(false), &json!(1))
    );
    let error = error_of(|| Reply::new(200, "x"));
    let plain = serde_json::to_value(&error).unwrap();
    assert_eq!((&plain["bodyText"], &plain["status"]), (&json!("x"), &json!(200)));
}
