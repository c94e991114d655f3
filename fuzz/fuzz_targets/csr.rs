//! Any octets as a request: decoded, judged, and read again from the PEM that came of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markmonitor_certs::pki::{Context, Input, SignatureStatus, inspect_csr, parse_csr};

fuzz_target!(|octets: &[u8]| {
    let Ok(inspection) = inspect_csr(&Input::Bytes(octets), &Context::default()) else {
        return;
    };
    let csr = inspection.conclude(SignatureStatus::Unsupported).csr;
    let again = parse_csr(&Input::Text(&csr.pem)).expect("our own PEM can be read");
    assert_eq!(again, csr);
});
