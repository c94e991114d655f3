//! Any octets, and any text, as a paste with several things in it: each has a place in it, and they follow one another.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markmonitor_certs::pki::{Input, inspect_all};

fuzz_target!(|octets: &[u8]| {
    let text = core::str::from_utf8(octets).ok();
    for input in text.map(Input::Text).into_iter().chain([Input::Bytes(octets)]) {
        let found: Vec<_> = inspect_all(&input, Some(1_800_000_000)).collect();
        assert!(!found.is_empty(), "what is nothing is said to be");
        for one in &found {
            assert!(one.place.start <= one.place.end && one.place.end <= octets.len());
            if let Input::Text(text) = input {
                assert!(text.get(one.place.clone()).is_some());
            }
        }
    }
});
