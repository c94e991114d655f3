use sandbox::{MINUTE, Options, Request, SECOND, User};
use serde_json::json;

use crate::support::{Caller, code, expect, problems, text};

fn user(name: &str, api_key: &str) -> User {
    User {
        username: name.to_owned(),
        password: "pass".to_owned(),
        api_key: api_key.to_owned(),
    }
}

#[test]
fn the_right_password_gives_a_token_of_ninety_minutes() {
    let mut caller = Caller::new();
    let response = caller.log_in("demo@example.com", "sandbox-password");
    let body = expect(200, &response);
    assert_eq!(body["expiresIn"], 5400);
    assert_eq!(text(&body, "/token").split('.').count(), 3);
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_answered_alike() {
    let mut caller = Caller::new();
    for (username, password) in [
        ("demo@example.com", "wrong"),
        ("nobody@example.com", "sandbox-password"),
    ] {
        assert_eq!(
            code(&caller.log_in(username, password)),
            (401, "INVALID_CREDENTIALS".to_owned())
        );
    }
}

#[test]
fn authentication_names_every_missing_field() {
    let mut caller = Caller::new();
    let request = Request::new("POST", "/auth/v1/auth/authenticate").with_json(&json!({ "password": 1 }));
    let request = request.with_header("x-api-key", "sandbox-api-key");
    let expected = [("username", "REQUIRED"), ("password", "INVALID_TYPE")];
    let expected = expected.map(|(field, code)| (field.to_owned(), code.to_owned()));
    assert_eq!(problems(&caller.send(&request)), expected);
}

#[test]
fn a_token_expires_after_ninety_minutes_to_the_second() {
    let mut caller = Caller::new();
    caller.log_in("demo@example.com", "sandbox-password");
    let request = Request::new("GET", "/certs/v1/order")
        .with_header("x-api-key", "sandbox-api-key")
        .with_header("authorization", &format!("Bearer {}", caller.token));
    caller.advance(90 * MINUTE - SECOND);
    assert_eq!(caller.send(&request).status, 200);
    caller.advance(SECOND);
    assert_eq!(code(&caller.send(&request)), (401, "TOKEN_EXPIRED".to_owned()));
}

#[test]
fn a_refresh_gives_a_new_token_with_a_new_life() {
    let mut caller = Caller::new();
    caller.log_in("demo@example.com", "sandbox-password");
    let old = caller.token.clone();
    caller.advance(60 * MINUTE);
    let refresh = |token: &str| {
        Request::new("GET", "/auth/v1/auth/refresh")
            .with_header("x-api-key", "sandbox-api-key")
            .with_header("authorization", &format!("Bearer {token}"))
    };
    let renewed = expect(200, &caller.send(&refresh(&old)));
    let new = text(&renewed, "/token");
    assert_ne!(old, new);
    assert_eq!(renewed["expiresIn"], 5400);
    caller.advance(60 * MINUTE);
    assert_eq!(code(&caller.send(&refresh(&old))), (401, "TOKEN_EXPIRED".to_owned()));
    assert_eq!(caller.send(&refresh(&new)).status, 200);
}

#[test]
fn a_request_without_a_valid_token_is_not_authorized() {
    let mut caller = Caller::new();
    caller.log_in("demo@example.com", "sandbox-password");
    let (signed, _) = caller.token.rsplit_once('.').unwrap();
    let forged = format!("Bearer {signed}.AAAA");
    let of_another_scheme = format!("Basic {}", caller.token);
    for (authorization, expected) in [
        (None, "TOKEN_MISSING"),
        (Some("Bearer"), "TOKEN_MISSING"),
        (Some(of_another_scheme.as_str()), "TOKEN_MISSING"),
        (Some("Bearer nonsense"), "TOKEN_INVALID"),
        (Some(forged.as_str()), "TOKEN_INVALID"),
    ] {
        let request = Request::new("GET", "/certs/v1/order").with_header("x-api-key", "sandbox-api-key");
        let request = authorization.map_or(request.clone(), |value| {
            request.clone().with_header("authorization", value)
        });
        assert_eq!(
            code(&caller.send(&request)),
            (401, expected.to_owned()),
            "{authorization:?}"
        );
    }
}

#[test]
fn the_api_key_is_missing_401_or_unknown_403_or_of_another_account_403() {
    let users = vec![user("a@example.com", "key-a"), user("b@example.com", "key-b")];
    let mut caller = Caller::with(Options {
        users,
        rate_limit: None,
        ..Options::default()
    });
    caller.api_key = "key-a".to_owned();
    assert_eq!(caller.log_in("a@example.com", "pass").status, 200);
    let bearer = format!("Bearer {}", caller.token);
    for (key, expected) in [
        (None, (401, "API_KEY_MISSING")),
        (Some("nonsense"), (403, "API_KEY_UNKNOWN")),
        (Some("key-b"), (403, "API_KEY_OF_ANOTHER_ACCOUNT")),
    ] {
        let request = Request::new("GET", "/certs/v1/order").with_header("authorization", &bearer);
        let request = key.map_or(request.clone(), |key| request.clone().with_header("x-api-key", key));
        assert_eq!(
            code(&caller.send(&request)),
            (expected.0, expected.1.to_owned()),
            "{key:?}"
        );
    }
    caller.api_key = "key-b".to_owned();
    assert_eq!(
        code(&caller.log_in("a@example.com", "pass")),
        (403, "API_KEY_OF_ANOTHER_ACCOUNT".to_owned())
    );
}

#[test]
fn an_account_sees_its_own_data_only_and_its_users_share_it() {
    let users = ["a", "b", "c"].map(|name| user(name, if name == "c" { "key-c" } else { "key-ab" }));
    let mut caller = Caller::with(Options {
        users: users.to_vec(),
        rate_limit: None,
        ..Options::default()
    });
    caller.api_key = "key-ab".to_owned();
    caller.log_in("a", "pass");
    let organization = caller.organization();
    let path = format!("/organization/{}", text(&organization, "/id"));
    caller.log_in("b", "pass");
    assert_eq!(caller.get(&path)["name"], "Example Inc.");
    caller.api_key = "key-c".to_owned();
    caller.log_in("c", "pass");
    assert_eq!(caller.call("GET", &path, None).status, 404);
    assert_eq!(caller.get("/organization")["page"]["totalElements"], 0);
}
