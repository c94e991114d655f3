//! What a request is judged by, beside itself.

use serde::Deserialize;

use crate::rules::form::{OrderForm, OrderOrganization};

/// What a request is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct Context {
    /// `SSL_EV_BASIC` …; the order's, if this is absent.
    pub cert_type: Option<String>,
    /// The order that the request is for.
    pub order: Option<OrderForm>,
    /// The organization that the order is for.
    pub organization: Option<OrderOrganization>,
    /// Keys that are known to be weak: the SHA-256 of the `SubjectPublicKeyInfo` in hex, or an entry of Debian's
    /// openssl-blacklist.
    pub weak_keys: Vec<String>,
}
