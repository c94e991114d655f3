//! What a request is judged by, beside itself.

use serde::Deserialize;

/// What a request is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct Context {
    /// `SSL_EV_BASIC` …
    pub cert_type: Option<String>,
    /// The order that the request is for.
    pub order: Option<OrderContext>,
    /// Keys that are known to be weak: the SHA-256 of the `SubjectPublicKeyInfo` in hex, or an entry of Debian's
    /// openssl-blacklist.
    pub weak_keys: Vec<String>,
}

/// What an order says about the certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct OrderContext {
    /// `SSL_EV_BASIC` …
    pub cert_type: Option<String>,
    /// The first name.
    pub common_name: Option<String>,
    /// All other names; None when the order does not say.
    pub dns_names: Option<Vec<String>>,
    /// Of the order's organization.
    pub organization_name: Option<String>,
    /// Of the order's organization, two letters.
    pub country: Option<String>,
    /// Whether it is the reissue of an order that exists.
    pub is_reissue: bool,
}
