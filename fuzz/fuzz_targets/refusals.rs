//! Any octets as the body of a refusal of any status, which the first two octets choose.
#![no_main]

#[path = "service.rs"]
mod service;

use libfuzzer_sys::fuzz_target;
use service::{Answers, ask};

fuzz_target!(|input: (u16, bool, &[u8])| {
    let (status, to_authentication, body) = input;
    ask(&Answers {
        status: 300 + status % 300,
        headers: vec![("content-type", "application/problem+json")],
        body,
        to_authentication,
    });
});
