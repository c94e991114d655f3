//! Texts that are made to be slow: what a portal's user puts into a form, and what comes in a reply, takes time and memory
//! as it is long, and not the square of that, which would hold up all others.

use std::time::{Duration, Instant};

use markmonitor_certs::{
    api::{Arguments, Endpoint},
    client::redaction::Secrets,
};
use serde_json::{Value, json};

/// Far more than a text of this length takes on a busy machine, and far less than its square.
const LENGTH: usize = 60_000;
const PATIENCE: Duration = Duration::from_secs(30);

fn in_time(what: &str, work: impl FnOnce()) {
    let began = Instant::now();
    work();
    let took = began.elapsed();
    assert!(took < PATIENCE, "{what}: {took:?}");
}

/// What escapes, breaks, frames and codes are made of, again and again.
fn texts() -> impl Iterator<Item = (&'static str, String)> {
    let parts = [
        "\0",
        "\n",
        " \n",
        "\\n",
        "%0a",
        "%0D%0A",
        "&#10;",
        "&",
        "%",
        "+",
        "\\",
        "<",
        "%3c",
        "<>",
        "%25",
        "48,",
        "0x",
        "\\x30",
        "PRIVATE KEY",
        "BEGIN PRIVATE KEY ",
        "-",
        "QUFB",
        "A",
        "\"kty\"",
        "CANARY%0a",
        "C\0",
    ];
    parts.into_iter().map(|part| (part, part.repeat(LENGTH / part.len())))
}

fn is_sent(body: &Value) {
    let arguments = Arguments {
        body: Some(body.to_string()),
        ..Arguments::default()
    };
    let request = Endpoint::of("organizations.create").unwrap().request(arguments);
    assert!(request.is_ok(), "{:?}", request.err());
}

#[test]
fn a_body_is_looked_through_for_private_keys_in_the_time_of_its_length() {
    for (part, text) in texts() {
        in_time(part, || is_sent(&json!({ "name": text })));
    }
}

#[test]
fn the_place_of_a_value_is_written_only_where_it_is_told() {
    // Each of so many values has the name before it in its place.
    let name = "n".repeat(LENGTH / 2);
    let long = json!({ &*name: vec![0; LENGTH / 4], "list": vec![json!({ &*name: 0 }); 2] });
    in_time("a long name", || is_sent(&long));
}

#[test]
fn a_reply_is_redacted_in_the_time_of_its_length() {
    let secrets = Secrets::default();
    for secret in ["CANARY-key-5f3a", "correct horse battery staple", "AAAAAAAA"] {
        secrets.remember(secret);
    }
    secrets.remember_token(&"eyJhbGciOiJub25lIn0.".repeat(20));
    for (part, text) in texts() {
        in_time(part, || drop(secrets.redacted(&text)));
    }
}
