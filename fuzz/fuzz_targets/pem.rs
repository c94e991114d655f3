//! Any text, as everything that can be asked of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markmonitor_certs::pki::{
    BundleContext, FormCert, Input, OrderForm, check_dns_name, check_order, parse_bundle, parse_certificate, parse_csr,
    same_key,
};

fuzz_target!(|text: &str| {
    let input = Input::Text(text);
    let _ = parse_csr(&input);
    let _ = parse_certificate(&input);
    let _ = parse_bundle(
        &input,
        &BundleContext {
            now: None,
            csr: Some(input),
        },
    );
    let _ = same_key(&input, &input);
    let _ = check_dns_name(text, "name");
    let cert = FormCert {
        dns_names: Some(vec![text.to_owned()]).into(),
        csr: Some(text.to_owned()).into(),
        ..FormCert::default()
    };
    let order = OrderForm {
        cert_type: Some("SSL_EV_BASIC".to_owned()).into(),
        cert: Some(cert).into(),
        ..OrderForm::default()
    };
    let _ = check_order(&order, None);
});
