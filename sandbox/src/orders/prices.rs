//! Prices. The sums are the sandbox's own: they stand for no real price.

use serde::Serialize;

use crate::call::Call;
use crate::http::Response;
use crate::refusal::Refusal;
use crate::words::{CertType, Provider, ValidationType};

/// What a certificate type costs, as replies show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CertPrice {
    cert_type: CertType,
    provider: Provider,
    /// In years.
    term: u32,
    total_price: u32,
    products: [PriceItem; 2],
    error_message: Option<String>,
}

/// A part of a price.
#[derive(Serialize)]
struct PriceItem {
    product: CertType,
    item: &'static str,
    price: u32,
}

/// `orders.prices` (guide 7.4.4).
#[allow(clippy::unnecessary_wraps, reason = "all handlers are of one type")]
pub(crate) fn prices(_call: &mut Call<'_>) -> Result<Response, Refusal> {
    let prices: Vec<_> = CertType::ALL.iter().copied().map(price_of).collect();
    Ok(Response::json(200, &prices))
}

/// The price of a certificate type.
pub(super) fn price_of(cert_type: CertType) -> CertPrice {
    let (year, name) = amounts(cert_type);
    let product = |item, price| PriceItem {
        product: cert_type,
        item,
        price,
    };
    CertPrice {
        cert_type,
        provider: Provider::DigiCert,
        term: 1,
        total_price: year,
        products: [product("CERTIFICATE", year), product("ADDITIONAL_DNS_NAME", name)],
        error_message: None,
    }
}

/// The price of a year, and of each further name, in whole units of the account's currency.
const fn amounts(cert_type: CertType) -> (u32, u32) {
    match cert_type.validation() {
        ValidationType::Dv => (100, 20),
        ValidationType::Ov => (300, 60),
        ValidationType::Ev => (600, 120),
    }
}
