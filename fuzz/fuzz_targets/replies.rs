//! Any octets as the body of a reply that says that all is well, to calls and to those for a token.
#![no_main]

#[path = "service.rs"]
mod service;

use libfuzzer_sys::fuzz_target;
use service::{Answers, ask};

fuzz_target!(|octets: &[u8]| {
    for to_authentication in [false, true] {
        ask(&Answers {
            status: 200,
            headers: vec![("content-type", "application/json")],
            body: octets,
            to_authentication,
        });
    }
});
