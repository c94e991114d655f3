//! Any octets as a certificate: decoded, and read again from the PEM that came of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markmonitor_certs::pki::{Input, parse_certificate, same_key};

fuzz_target!(|octets: &[u8]| {
    let Ok(certificate) = parse_certificate(&Input::Bytes(octets)) else {
        return;
    };
    let pem = Input::Text(&certificate.pem);
    assert_eq!(parse_certificate(&pem).expect("our own PEM can be read"), certificate);
    assert!(same_key(&pem, &pem).expect("a certificate has a key"));
});
