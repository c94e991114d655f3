//! What a request is judged by, beside itself.

use serde::{Deserialize, Deserializer};

use crate::rules::form::{FormCert, OrderForm, OrderOrganization};

/// What a request is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct Context {
    /// `SSL_EV_BASIC` …; the order's, if this is absent.
    pub cert_type: Option<String>,
    /// The order that the request is for.
    #[serde(deserialize_with = "order_in_mind")]
    pub order: Option<OrderForm>,
    /// The organization that the order is for.
    pub organization: Option<OrderOrganization>,
    /// Keys that are known to be weak: the SHA-256 of the `SubjectPublicKeyInfo` in hex, or an entry of Debian's
    /// openssl-blacklist.
    pub weak_keys: Vec<String>,
}

/// As much of an order as a request is held against. Unlike the form that somebody is writing, it is an argument: what is
/// of another type is refused.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
struct OrderInMind {
    cert_type: Option<String>,
    cert: Option<CertInMind>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
struct CertInMind {
    common_name: Option<String>,
    dns_names: Option<Vec<String>>,
}

fn order_in_mind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OrderForm>, D::Error> {
    let order = Option::<OrderInMind>::deserialize(deserializer)?;
    Ok(order.map(|OrderInMind { cert_type, cert }| OrderForm {
        cert_type: cert_type.into(),
        cert: cert
            .map(|CertInMind { common_name, dns_names }| FormCert {
                common_name: common_name.into(),
                dns_names: dns_names.into(),
                ..FormCert::default()
            })
            .into(),
        ..OrderForm::default()
    }))
}
