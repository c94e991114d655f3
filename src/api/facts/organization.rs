//! What decides about an organization (guide 7.1).

use serde::Deserialize;

use super::{date, lenient};

/// An organization, as far as anything is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OrganizationFacts {
    /// Its validations. One holds 13 months (guide 7.1).
    #[serde(deserialize_with = "lenient::objects")]
    pub validations: Vec<ValidationFacts>,
}

/// A validation of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidationFacts {
    /// What it is for: `OV` or `EV`.
    #[serde(rename = "type", deserialize_with = "lenient::field")]
    pub kind: Option<String>,
    /// Where it is, such as `PENDING`.
    #[serde(deserialize_with = "lenient::field")]
    pub status: Option<String>,
    /// Until when it holds.
    #[serde(deserialize_with = "date::field")]
    pub date_validated_until: Option<String>,
}
