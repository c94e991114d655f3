//! Any octets as a private key, as what a request is to be like, and as a tree; any text as names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markmonitor_certs::pki::{CsrRequest, GivenKey, Input, Like, asn1_tree};

fuzz_target!(|octets: &[u8]| {
    if let Ok(GivenKey::Plain(key)) = GivenKey::read(&Input::Bytes(octets)) {
        let again = GivenKey::read(&Input::Bytes(&key.pkcs8)).expect("what came out is a key");
        assert!(matches!(again, GivenKey::Plain(again) if again.pkcs8 == key.pkcs8));
    }
    let _ = asn1_tree(&Input::Bytes(octets));
    let like = Like::read(&Input::Bytes(octets)).ok();
    let names: Vec<String> = String::from_utf8_lossy(octets)
        .lines()
        .take(16)
        .map(str::to_owned)
        .collect();
    let lists = ["dnsNames", "ipAddresses", "emailAddresses", "uris", "keyUsage"];
    let lists = lists.into_iter().map(|field| (field.to_owned(), names.clone()));
    for request in [
        CsrRequest::default(),
        CsrRequest {
            lists: lists.collect(),
            ..CsrRequest::default()
        },
    ] {
        if let Ok(content) = request.content(like.clone(), &|host| Some(host.to_lowercase())) {
            let _ = content.refusals();
        }
    }
});
