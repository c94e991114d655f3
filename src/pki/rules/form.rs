//! An order's form: as much of it as rules look at.
//!
//! A form is what somebody is still writing, so it is read whatever is in it: a field of another type has no value, and a
//! rule says so.

use core::ops::Deref;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// A new order; or one that exists, of which a reissue is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct OrderForm {
    /// The organization that the certificate is for.
    pub organization_id: Field<String>,
    /// Its contacts. In an order that exists they are bare ids, which say nothing here.
    pub contacts: Field<Vec<FormContact>>,
    /// `SSL_EV_BASIC` …
    pub cert_type: Field<String>,
    /// `en` …
    pub locale: Field<String>,
    /// `DIGICERT` …
    pub provider: Field<String>,
    /// A note.
    pub comments: Field<String>,
    /// Who is told of renewals and reissues.
    pub additional_emails: Field<Vec<String>>,
    /// The certificate that is ordered.
    pub cert: Field<FormCert>,
}

/// A contact of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormContact {
    /// Its id.
    pub id: Field<String>,
    /// What it does in this order.
    pub contact_types: Field<Vec<FormContactType>>,
}

/// One of the things that a contact does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FormContactType {
    /// `EXTENDED_VALIDATION_APPROVER` …
    #[serde(rename = "type")]
    pub name: Field<String>,
}

/// The certificate that an order is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormCert {
    /// The first name.
    pub common_name: Field<String>,
    /// All other names.
    pub dns_names: Field<Vec<String>>,
    /// The request, as PEM or base64.
    pub csr: Field<String>,
    /// `NGINX` …
    pub server_platform: Field<String>,
    /// `RSA` or `ECC`.
    pub algorithm_hash: Field<String>,
    /// `SHA_1`, or better nothing.
    pub root_hash: Field<String>,
    /// `DNS_TXT_TOKEN` …
    pub dcv_method: Field<String>,
}

/// What a reissue is to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct ReissueForm {
    /// Who is told of renewals and reissues.
    pub additional_emails: Field<Vec<String>>,
    /// What the new certificate has in place of the old one's.
    pub cert: Field<FormCert>,
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

/// A field of a form: its value, if it has one of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<T> {
    value: Option<T>,
    is_of_another_type: bool,
}

impl<T> Field<T> {
    /// Whether something else is in its place.
    pub(super) const fn is_of_another_type(&self) -> bool {
        self.is_of_another_type
    }
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        None.into()
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        Self {
            value,
            is_of_another_type: false,
        }
    }
}

impl<T> Deref for Field<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Self::Target {
        &self.value
    }
}

/// Only for values that are in memory: what is passed over would leave the reader of a text in the middle of it.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer).map_or(
            Self {
                value: None,
                is_of_another_type: true,
            },
            Self::from,
        ))
    }
}
