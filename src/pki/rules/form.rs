//! An order's form: as much of it as rules look at.
//!
//! A form is what somebody is still writing, so it is read leniently: a field of another type counts as absent, and an
//! odd item of a list is passed over.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// A new order; or one that exists, of which a reissue is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct OrderForm {
    /// The organization that the certificate is for.
    #[serde(deserialize_with = "lenient")]
    pub organization_id: Option<String>,
    /// Its contacts. In an order that exists they are bare ids, which say nothing here.
    #[serde(deserialize_with = "lenient_list")]
    pub contacts: Option<Vec<FormContact>>,
    /// `SSL_EV_BASIC` …
    #[serde(deserialize_with = "lenient")]
    pub cert_type: Option<String>,
    /// `en` …
    #[serde(deserialize_with = "lenient")]
    pub locale: Option<String>,
    /// `DIGICERT` …
    #[serde(deserialize_with = "lenient")]
    pub provider: Option<String>,
    /// Who is told of renewals and reissues.
    #[serde(deserialize_with = "lenient_list")]
    pub additional_emails: Option<Vec<String>>,
    /// The certificate that is ordered.
    #[serde(deserialize_with = "lenient")]
    pub cert: Option<FormCert>,
}

/// A contact of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormContact {
    /// Its id.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// What it does in this order.
    #[serde(deserialize_with = "lenient_list")]
    pub contact_types: Option<Vec<FormContactType>>,
}

/// One of the things that a contact does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FormContactType {
    /// `EXTENDED_VALIDATION_APPROVER` …
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub name: Option<String>,
}

/// The certificate that an order is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormCert {
    /// The first name.
    #[serde(deserialize_with = "lenient")]
    pub common_name: Option<String>,
    /// All other names.
    #[serde(deserialize_with = "lenient_list")]
    pub dns_names: Option<Vec<String>>,
    /// The request, as PEM or base64.
    #[serde(deserialize_with = "lenient")]
    pub csr: Option<String>,
    /// `NGINX` …
    #[serde(deserialize_with = "lenient")]
    pub server_platform: Option<String>,
    /// `RSA` or `ECC`.
    #[serde(deserialize_with = "lenient")]
    pub algorithm_hash: Option<String>,
    /// `SHA_1`, or better nothing.
    #[serde(deserialize_with = "lenient")]
    pub root_hash: Option<String>,
    /// `DNS_TXT_TOKEN` …
    #[serde(deserialize_with = "lenient")]
    pub dcv_method: Option<String>,
}

/// What a reissue is to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct ReissueForm {
    /// Who is told of renewals and reissues.
    #[serde(deserialize_with = "lenient_list")]
    pub additional_emails: Option<Vec<String>>,
    /// What the new certificate has in place of the old one's.
    #[serde(deserialize_with = "lenient")]
    pub cert: Option<FormCert>,
}

/// The organization that an order is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct OrderOrganization {
    /// As it is registered.
    pub name: Option<String>,
    /// Two letters.
    pub country: Option<String>,
}

/// A value, or nothing where something else is in its place.
struct Lenient<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient(deserializer).map(Self)
    }
}

/// Only for values that are in memory: what is passed over would leave the reader of a text in the middle of it.
#[expect(clippy::unnecessary_wraps, reason = "serde calls it for a result")]
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(T::deserialize(deserializer).ok())
}

fn lenient_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<Vec<T>>, D::Error> {
    let items: Option<Vec<Lenient<T>>> = lenient(deserializer)?;
    Ok(items.map(|items| items.into_iter().filter_map(|Lenient(item)| item).collect()))
}
