//! Any lines as the headers of a reply: one of a few statuses, names that decisions look at, and any value.
#![no_main]

#[path = "service.rs"]
mod service;

use libfuzzer_sys::fuzz_target;
use service::{Answers, ask};

/// What decisions are made by, and what is shown.
const NAMES: [&str; 8] = [
    "date",
    "retry-after",
    "content-type",
    "content-length",
    "x-request-id",
    "ratelimit-reset",
    "x-ratelimit-remaining",
    "location",
];

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let status = [200, 204, 401, 429, 500, 503][usize::from(choice) % 6];
    // A line begins with which header it is.
    let headers = text.lines().filter_map(|line| {
        let (name, value) = line.split_at_checked(1)?;
        let index = name.bytes().next()?;
        Some((NAMES[usize::from(index) % NAMES.len()], value))
    });
    ask(&Answers {
        status,
        headers: headers.take(16).collect(),
        body: b"{}",
        to_authentication: choice >= 128,
    });
});
