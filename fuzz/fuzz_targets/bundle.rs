//! Any octets as a bundle: put in order, and in the same order when it is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markmonitor_certs::pki::{BundleContext, Input, parse_bundle};

fuzz_target!(|octets: &[u8]| {
    let context = BundleContext {
        now: Some(1_800_000_000),
        csr: None,
    };
    let Ok(bundle) = parse_bundle(&Input::Bytes(octets), &context) else {
        return;
    };
    let again = parse_bundle(&Input::Text(&bundle.pem), &context).expect("our own PEM can be read");
    assert_eq!(again.leaf, bundle.leaf);
    assert_eq!(again.intermediates, bundle.intermediates);
    assert_eq!(again.root, bundle.root);
});
