use sandbox::{MAX_BODY, Request};
use serde_json::json;

use crate::support::{Caller, NOT_AN_ID, UNKNOWN, code, expect, problems};

#[test]
fn an_unknown_path_is_not_found() {
    let mut caller = Caller::new();
    for path in [
        "/",
        "/certs/v1",
        "/certs/v1/",
        "/certs/v1/orders",
        "/certs/v2/order",
        "/auth/v1/auth",
        "/certs/v1/order/",
    ] {
        let request = Request::new("GET", path);
        let request = caller.authorized(request);
        let expected = if path.ends_with("order/") { 400 } else { 404 };
        assert_eq!(caller.send(&request).status, expected, "{path}");
    }
    assert_eq!(
        code(&caller.patch(&format!("/order/{UNKNOWN}/explode"), &json!({}))).0,
        404
    );
}

#[test]
fn both_spellings_of_the_base_are_one_service() {
    let mut caller = Caller::new();
    let organization = caller.organization();
    let path = format!("/cert/v1/organization/{}", organization["id"].as_str().unwrap());
    let request = caller.authorized(Request::new("GET", &path));
    assert_eq!(expect(200, &caller.send(&request)), organization);
}

#[test]
fn an_id_that_is_not_a_uuid_is_a_bad_request() {
    let mut caller = Caller::new();
    let request = caller.authorized(Request::new("GET", NOT_AN_ID));
    assert_eq!(
        problems(&caller.send(&request)),
        [("id".to_owned(), "INVALID_VALUE".to_owned())]
    );
    let response = caller.call("GET", &format!("/order/{UNKNOWN}/history/7"), None);
    assert_eq!(
        problems(&response),
        [("historyId".to_owned(), "INVALID_VALUE".to_owned())]
    );
}

#[test]
fn an_id_that_nothing_has_is_not_found() {
    let mut caller = Caller::new();
    for path in ["organization", "contact", "order"] {
        let of_history = format!("/{path}/{UNKNOWN}/history/{UNKNOWN}");
        for path in [
            format!("/{path}/{UNKNOWN}"),
            format!("/{path}/{UNKNOWN}/history"),
            of_history,
        ] {
            assert_eq!(
                code(&caller.call("GET", &path, None)),
                (404, "NOT_FOUND".to_owned()),
                "{path}"
            );
        }
    }
    assert_eq!(caller.call("DELETE", &format!("/contact/{UNKNOWN}"), None).status, 404);
    assert_eq!(caller.act(UNKNOWN, "cancel").status, 404);
}

#[test]
fn a_wrong_method_is_answered_with_those_that_are_right() {
    let mut caller = Caller::new();
    for (method, path, allowed) in [
        ("DELETE", "/order".to_owned(), "GET, POST"),
        ("PUT", format!("/contact/{UNKNOWN}"), "GET, PATCH, DELETE"),
        ("POST", format!("/order/{UNKNOWN}/cancel"), "PATCH"),
        ("POST", "/order/prices".to_owned(), "GET"),
        ("GET", "/cert/parse".to_owned(), "POST"),
    ] {
        let response = caller.call(method, &path, None);
        assert_eq!(code(&response), (405, "METHOD_NOT_ALLOWED".to_owned()));
        assert_eq!(response.header("Allow"), Some(allowed), "{path}");
    }
}

#[test]
fn a_body_that_is_not_a_json_object_is_a_bad_request() {
    let mut caller = Caller::new();
    for (body, expected) in [
        ("{", "MALFORMED_JSON"),
        ("", "REQUIRED"),
        ("[]", "INVALID_TYPE"),
        ("\u{0}", "MALFORMED_JSON"),
    ] {
        let request = Request {
            body: body.into(),
            ..Request::new("POST", "/certs/v1/order")
        };
        let request = caller.authorized(request.with_header("content-type", "application/json;charset=utf-8"));
        assert_eq!(
            problems(&caller.send(&request)),
            [("body".to_owned(), expected.to_owned())],
            "{body}"
        );
    }
}

#[test]
fn a_body_of_another_type_is_unsupported() {
    let mut caller = Caller::new();
    for kind in [None, Some("text/plain"), Some("application/jsonp")] {
        let request = Request {
            body: "{}".into(),
            ..Request::new("POST", "/certs/v1/order")
        };
        let request = kind.map_or(request.clone(), |kind| {
            request.clone().with_header("content-type", kind)
        });
        let request = caller.authorized(request);
        assert_eq!(
            code(&caller.send(&request)),
            (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()),
            "{kind:?}"
        );
    }
}

#[test]
fn a_body_that_is_too_long_is_refused_by_its_length() {
    let mut caller = Caller::new();
    let longest = |length| Request {
        body: vec![b' '; length],
        ..Request::new("POST", "/certs/v1/order")
    };
    let request = caller.authorized(longest(MAX_BODY + 1).with_header("content-type", "application/json"));
    assert_eq!(code(&caller.send(&request)), (413, "PAYLOAD_TOO_LARGE".to_owned()));
    let request = caller.authorized(longest(MAX_BODY).with_header("content-type", "application/json"));
    assert_eq!(caller.send(&request).status, 400);
}

#[test]
fn an_action_without_a_body_is_refused_with_a_vague_error() {
    let mut caller = Caller::new();
    let order = caller.issued_order();
    let response = caller.call("PATCH", &format!("/order/{order}/sendCertificateEmail"), None);
    assert_eq!(problems(&response), [("body".to_owned(), "INVALID".to_owned())]);
    assert_eq!(caller.act(&order, "sendCertificateEmail").status, 200);
}

#[test]
fn fields_that_nobody_knows_are_ignored() {
    let mut caller = Caller::new();
    let mut body = crate::support::organization("Example Inc.");
    body["surprise"] = json!({ "deep": [1, 2, 3] });
    body["contacts"][0]["surprise"] = json!(null);
    assert_eq!(caller.post("/organization", &body).status, 201);
}
