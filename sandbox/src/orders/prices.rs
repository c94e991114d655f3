//! `GET /order/prices`. The sums are the sandbox's own: they stand for no real price.

use serde_json::{Value, json};

use crate::http::Response;
use crate::words::{CertType, Provider, ValidationType};

/// The price of a year, and of each further name, in whole units of the account's currency.
const fn amounts(cert_type: CertType) -> (u32, u32) {
    match cert_type.validation() {
        ValidationType::Dv => (100, 20),
        ValidationType::Ov => (300, 60),
        ValidationType::Ev => (600, 120),
    }
}

/// The price of one product.
pub(super) fn price_of(cert_type: CertType) -> Value {
    let (year, name) = amounts(cert_type);
    json!({
        "certType": cert_type,
        "provider": Provider::DigiCert,
        "term": 1,
        "totalPrice": year,
        "products": [
            { "product": cert_type, "item": "CERTIFICATE", "price": year },
            { "product": cert_type, "item": "ADDITIONAL_DNS_NAME", "price": name },
        ],
        "errorMessage": null,
    })
}

/// All prices.
pub(crate) fn prices() -> Response {
    Response::json(
        200,
        &CertType::ALL
            .iter()
            .map(|cert_type| price_of(*cert_type))
            .collect::<Vec<_>>(),
    )
}
