//! Errors: the status first, the body second, and one sentence that a person can act on.

use markmonitor_certs::{
    api::facts::Problem,
    client::{
        Error,
        error::{ErrorKind, RefusedBody},
        limiter,
    },
};
use serde_json::{Value, json};

use crate::{
    call::{call, of},
    fixtures::{NO_ID, body_of, class_of, create, get_order, json_of, kind_of, refusal_of},
    virtual_platform::Reply,
    world::{CERTS, Setup, World, json as reply, refused_connection},
};

/// What a call fails with when the service answers this, again and again.
fn error_of(answer: impl Fn() -> Reply + 'static) -> Error {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| answer());
    world.error(&client, get_order())
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
        assert_eq!(kind_of(&error), (class, code), "{status}");
        let sentence = &error.message;
        let where_ = format!("GET {CERTS}/order/{NO_ID}");
        for part in [where_.as_str(), &status.to_string(), "Because", advice] {
            assert!(sentence.contains(part), "{status}: {sentence:?} lacks {part:?}");
        }
    }
}

#[test]
fn a_path_that_is_not_there_is_looked_for_at_another_address() {
    for call in [
        call("orders.list"),
        call("orders.prices"),
        call("contacts.create").body(json!({})),
    ] {
        for status in [404, 405] {
            let world = World::new();
            let client = world.client();
            world.answer_calls(move |_| reply(status, &json!({})));
            let message = world.error(&client, call.clone()).message.clone();
            assert!(message.contains("Check `certsBaseUrl`"), "{message}");
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
    let refusal = refusal_of(&error);
    assert_eq!(
        (refusal.method, refusal.url.as_str()),
        ("GET", format!("{CERTS}/order/{NO_ID}").as_str())
    );
    assert_eq!((refusal.request_id.as_deref(), refusal.attempts), (Some("r-7"), 1));
    let names: Vec<&str> = refusal.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "x-request-id"], "no cookie");
}

/// Each form in which services and gateways say why: the field, the code and the sentence, all of which the message shows.
#[test]
fn the_reason_is_found_in_every_form_of_error() {
    type Told<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);
    let table: &[(Value, &[Told<'_>])] = &[
        (
            json!({ "validations": { "cert.csr": "is bad" } }),
            &[(Some("cert.csr"), None, Some("is bad"))],
        ),
        (
            json!({ "validations": { "locale": ["is bad", { "code": "C", "message": "is worse" }] } }),
            &[
                (Some("locale"), None, Some("is bad")),
                (Some("locale"), Some("C"), Some("is worse")),
            ],
        ),
        (
            json!({ "validations": { "cert": { "code": "C", "message": "is bad" } } }),
            &[(Some("cert"), Some("C"), Some("is bad"))],
        ),
        (
            json!({ "errors": { "code": "C", "message": "is bad" } }),
            &[(None, Some("C"), Some("is bad"))],
        ),
        (
            json!({ "errors": { "": ["is bad"] } }),
            &[(Some(""), None, Some("is bad"))],
        ),
        (json!({ "errors": "is bad" }), &[(None, None, Some("is bad"))]),
        (
            json!({ "title": "Conflict", "detail": "is bad", "status": 409 }),
            &[(None, None, Some("is bad"))],
        ),
        (
            json!({ "type": "about:blank", "title": "is bad" }),
            &[(None, None, Some("is bad"))],
        ),
        (
            json!({ "title": "no", "errors": [{ "detail": "is bad", "pointer": "#/age" }] }),
            &[(Some("#/age"), None, Some("is bad"))],
        ),
        (
            json!({ "title": "no", "invalid-params": [{ "name": "age", "reason": "is bad" }] }),
            &[(Some("age"), None, Some("is bad"))],
        ),
        (
            json!({ "fault": { "faultstring": "is bad", "detail": { "errorcode": "E" } } }),
            &[(None, None, Some("is bad"))],
        ),
        (
            json!({ "error": { "code": 7, "message": "is bad" } }),
            &[(None, Some("7"), Some("is bad"))],
        ),
        (
            json!({ "error": "invalid_request", "error_description": "is bad" }),
            &[(None, Some("invalid_request"), Some("is bad"))],
        ),
        (
            json!({ "error": "Forbidden", "message": "is bad" }),
            &[(None, None, Some("is bad"))],
        ),
        (json!("is bad"), &[(None, None, Some("is bad"))]),
    ];
    for (body, told) in table {
        let sent = body.clone();
        let error = error_of(move || reply(409, &sent));
        let refusal = refusal_of(&error);
        let problems = refusal.problems.iter().map(|problem| {
            (
                problem.field.as_deref(),
                problem.code.as_deref(),
                problem.message.as_deref(),
            )
        });
        assert_eq!(problems.collect::<Vec<_>>(), *told, "{body}");
        assert!(error.message.contains("is bad"), "{body}: {}", error.message);
        assert_eq!(body_of(refusal), *body);
    }
    for (text, reason) in [
        ("upstream connect error", "(upstream connect error)"),
        (
            "<!DOCTYPE html><html><head><TITLE lang=\"en\"> 502 Bad Gateway </title>",
            "(502 Bad Gateway)",
        ),
        ("<html><title>", "status 502. "),
        ("<html>\u{e9}</html>", "status 502. "),
        ("two\nlines", "status 502. "),
    ] {
        let error = error_of(move || Reply::new(502, text));
        assert!(error.message.contains(reason), "{text}: {}", error.message);
    }
}

#[test]
fn a_message_names_ten_problems_and_counts_the_others() {
    for (count, end) in [
        (1, "(n0). "),
        (10, "; n9). "),
        (11, "; n9; and 1 more). "),
        (20_000, "; n9; and 19990 more). "),
    ] {
        let problems: Vec<String> = (0..count).map(|number| format!("n{number}")).collect();
        let body = json!({ "errors": problems });
        let error = error_of(move || reply(400, &body));
        assert!(error.message.contains(end), "{}", error.message);
        assert_eq!(refusal_of(&error).problems.len(), count);
    }
}

#[test]
fn the_problems_of_both_error_bodies_are_read() {
    let problem = |field: Option<&str>, code: Option<&str>, message: Option<&str>| {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Problem {
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
        refusal_of(&error).problems,
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
        refusal_of(&error).problems,
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
        assert_eq!(refusal_of(&error).problems, [problem(None, None, Some("Forbidden"))]);
    }
    for body in [
        json!({}),
        json!([]),
        json!(null),
        json!(7),
        json!({ "errors": {}, "validations": 7 }),
    ] {
        let sent = body.clone();
        let error = error_of(move || reply(409, &sent));
        assert_eq!(refusal_of(&error).problems, []);
        assert_eq!(
            body_of(refusal_of(&error)),
            body,
            "the body is what was sent all the same"
        );
    }
}

#[test]
fn the_body_of_a_refusal_is_read_as_json_whatever_a_success_replies_with() {
    let body = json!({ "errors": [{ "code": "NOT_ISSUED", "message": "No certificate yet." }] });
    for row in markmonitor_certs::api::ENDPOINTS
        .iter()
        .filter(|row| !row.operation.starts_with("tokens."))
    {
        let world = World::new();
        let (client, sent) = (world.client(), body.clone());
        world.answer_calls(move |_| reply(409, &sent));
        let error = world.error(&client, of(row).id(NO_ID).history_id(NO_ID).body(json!({})));
        let refusal = refusal_of(&error);
        assert_eq!(
            refusal.problems[0].code.as_deref(),
            Some("NOT_ISSUED"),
            "{}",
            row.operation
        );
        assert_eq!(body_of(refusal), body, "{}", row.operation);
    }
}

#[test]
fn a_body_that_is_not_json_keeps_the_status_and_its_first_two_kilobytes() {
    for body in [
        "<html><h1>502 Bad Gateway</h1></html>",
        "",
        "{\"errors\":[{\"code\":\"X",
        "\u{0}\u{1}",
    ] {
        let error = error_of(move || Reply::new(502, body));
        assert_eq!((class_of(&error), error.status()), ("ServerError", Some(502)));
        assert_eq!(body_of(refusal_of(&error)), Value::from(body));
    }
    let text_of = |error: &Error| match &refusal_of(error).body {
        Some(RefusedBody::Text(text)) => text.clone(),
        _ => panic!("{error:?}"),
    };
    // 2048 falls into the middle of a character, which is left out.
    let long = format!("a{}", "ü".repeat(5000));
    let error = error_of(move || Reply::new(500, long.clone()));
    assert_eq!(text_of(&error).len(), 2047);
    let error = error_of(|| Reply::new(500, vec![b'a', 0xff, b'b']));
    assert_eq!(text_of(&error), "a\u{fffd}b");
}

#[test]
fn a_page_to_log_in_is_not_a_file_of_certificates() {
    let world = World::new();
    let client = world.client();
    let download = || call("orders.download").id(NO_ID).filter(json!({ "format": "pem_all" }));
    for (body, found) in [
        (
            "\u{feff} <!DOCTYPE html><title>Log in</title>",
            "found a web page or XML. It begins: ",
        ),
        ("{\"message\":\"session expired\"}", "found JSON. It begins: "),
        ("", "found an empty body."),
    ] {
        world.answer_calls(move |_| Reply::new(200, body));
        let error = world.error(&client, download());
        assert_eq!(kind_of(&error), ("DecodeError", "unreadable"), "{body}");
        assert!(error.message.contains(found), "{}", error.message);
    }
    for body in [
        "-----BEGIN CERTIFICATE-----",
        "MIIC",
        "0\u{82}",
        "subject=CN = a\n-----BEGIN",
    ] {
        world.answer_calls(move |_| Reply::new(200, body));
        assert_eq!(world.call(&client, download()).unwrap().body.text(), body);
    }
}

#[test]
fn an_empty_reply_is_a_success_of_a_change_that_can_be_fetched_and_of_nothing_else() {
    let world = World::new();
    let client = world.client();
    let (get, post, patch) = (
        call("orders.get").id(NO_ID),
        call("contacts.create").body(json!({})),
        call("orders.cancel").id(NO_ID),
    );
    let made = format!("{CERTS}/contact/{NO_ID}/");
    for (call, has_location, body, is_success) in [
        (&get, false, "", false),
        (&get, true, "", false),
        (&post, false, "", false),
        (&post, true, "", true),
        (&post, true, "<html>", false),
        (&patch, false, "", true),
        (&patch, false, "<html>", false),
    ] {
        let (location, mut first) = (has_location.then(|| made.clone()), true);
        world.answer_calls(move |_| {
            if !core::mem::take(&mut first) {
                return reply(200, &json!({ "id": NO_ID }));
            }
            let empty = Reply::new(201, body);
            location
                .iter()
                .fold(empty, |reply, location| reply.header("location", location))
        });
        let answered = world.call(&client, call.clone());
        assert_eq!(answered.is_ok(), is_success, "{has_location} {body:?}");
        if let Ok(reply) = answered {
            assert_eq!(json_of(&reply.body)["id"], NO_ID);
        }
    }
}

#[test]
fn a_success_that_cannot_be_read_is_a_decode_error() {
    for (body, sentence, path) in [
        ("<html>hello</html>", "expected JSON, found text that is not JSON", None),
        ("", "expected JSON, found an empty body", None),
        ("{\"id\":", "expected JSON, found text that is not JSON", None),
        ("[]", "expected a JSON object, found a list", Some("$")),
        ("\"text\"", "expected a JSON object, found a string", Some("$")),
        ("null", "expected a JSON object, found null", Some("$")),
        ("7", "expected a JSON object, found a number", Some("$")),
        ("true", "expected a JSON object, found a boolean", Some("$")),
    ] {
        let error = error_of(move || Reply::new(200, body));
        assert_eq!(kind_of(&error), ("DecodeError", "unreadable"), "{body}");
        assert!(
            error.message.contains(sentence) && error.message.contains("status 200"),
            "{}",
            error.message
        );
        let ErrorKind::Decode {
            status,
            body_text,
            path: at,
            ..
        } = &error.kind
        else {
            panic!("{error:?}")
        };
        assert_eq!((*status, body_text.as_str(), at.as_deref()), (200, body, path));
    }
    for (operation, body, sentence, at) in [
        (
            "orders.list",
            json!({ "content": { "0": {} } }),
            "expected a list of items, found an object",
            "$.content",
        ),
        (
            "groups.list",
            json!({ "groups": 7 }),
            "expected a list of items, found a number",
            "$.groups",
        ),
        (
            "orders.list",
            json!("page"),
            "expected a page of a list, found a string",
            "$",
        ),
        ("orders.prices", json!({}), "expected a JSON list, found an object", "$"),
    ] {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |_| reply(200, &body));
        let error = world.error(&client, call(operation));
        let ErrorKind::Decode { path, .. } = &error.kind else {
            panic!("{error:?}")
        };
        assert_eq!(path.as_deref(), Some(at));
        assert!(error.message.contains(sentence), "{}", error.message);
    }
}

#[test]
fn an_unreadable_answer_to_a_post_may_have_been_applied() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| Reply::new(202, "<html>"));
    assert!(world.error(&client, create(json!({}))).may_have_been_applied());
}

#[test]
fn no_reply_is_a_connection_error_in_the_transports_own_words() {
    let error = error_of(refused_connection);
    assert_eq!(kind_of(&error), ("ConnectionError", "connection"));
    assert!(!error.may_have_been_applied());
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
    world.value(&client, get_order());
    client.limiter().pause(None);
    let waiting: Vec<_> = (0..2).map(|_| world.start_call(&client, get_order())).collect();
    let error = world.error(&client, get_order());
    assert_eq!(kind_of(&error), ("QueueFullError", "queue_full"));
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
fn an_error_holds_what_its_class_has() {
    let error = error_of(|| reply(429, &json!({ "errors": [] })).header("retry-after", "300"));
    assert_eq!(kind_of(&error), ("RateLimitError", "rate_limited"));
    let refusal = refusal_of(&error);
    assert_eq!((refusal.status, refusal.retry_after_ms), (429, Some(300_000)));
    assert_eq!((refusal.may_have_been_applied, refusal.attempts), (false, 1));
    let error = error_of(|| Reply::new(200, "x"));
    let ErrorKind::Decode { status, body_text, .. } = &error.kind else {
        panic!("{error:?}")
    };
    assert_eq!((*status, body_text.as_str()), (200, "x"));
}

#[test]
fn an_operation_that_there_is_not_is_refused() {
    let error = markmonitor_certs::client::endpoint("orders.gett").err().unwrap();
    assert_eq!(kind_of(&error), ("ValidationError", "invalid"));
    assert!(error.message.contains("`orders.gett`"), "{}", error.message);
}
