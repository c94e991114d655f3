//! Texts that are made to be slow: what a portal's user puts into a form, and what comes in a reply, takes time and memory
//! as it is long, and not the square of that, which would hold up all others.

use std::time::{Duration, Instant};

use markmonitor_certs::{
    api::{Arguments, Endpoint},
    client::redaction::Secrets,
};
use serde_json::{Value, json};

/// Eight times as much takes eight times as long; or 64 times, where each part is looked at with all that follows, which no run
/// of several falls short of by half.
fn grows_as_it(what: &str, time: impl Fn(usize) -> Duration) {
    const TIMES: usize = 8;
    const LENGTH: usize = 4 << 10;
    assert!((0..20).any(|_| time(TIMES * LENGTH) < time(LENGTH) * 32), "{what}");
}

fn time_of(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// What escapes, breaks, frames and codes are made of, again and again.
const PARTS: [&str; 26] = [
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

/// A text that is nothing but a part of it.
fn text_of(part: &str, length: usize) -> String {
    part.repeat(length / part.len())
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
    for part in PARTS {
        grows_as_it(part, |length| {
            let body = json!({ "name": text_of(part, length) });
            time_of(|| is_sent(&body))
        });
    }
}

#[test]
fn the_place_of_a_value_is_written_only_where_it_is_told() {
    // Each of so many values has the name before it in its place.
    grows_as_it("a long name", |length| {
        let name = "n".repeat(length);
        let body = json!({ &*name: vec![0; length], "list": vec![json!({ &*name: 0 }); 2] });
        time_of(|| is_sent(&body))
    });
}

#[test]
fn a_reply_is_redacted_in_the_time_of_its_length() {
    let secrets = Secrets::default();
    for secret in ["CANARY-key-5f3a", "correct horse battery staple", "AAAAAAAA"] {
        secrets.remember(secret);
    }
    secrets.remember_token(&"eyJhbGciOiJub25lIn0.".repeat(20));
    for part in PARTS {
        grows_as_it(part, |length| {
            let text = text_of(part, length);
            time_of(|| drop(secrets.redacted(&text)))
        });
    }
}
