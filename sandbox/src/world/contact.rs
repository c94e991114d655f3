//! The row of a contact.

use serde::Serialize;
use uuid::Uuid;

use super::history::History;
use crate::auth::Account;
use crate::clock::Timestamp;
use crate::words::{ContactType, Provider};

/// A contact.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) id: Uuid,
    pub(crate) account: Account,
    pub(crate) organization: Uuid,
    pub(crate) details: ContactDetails,
    /// Who made it; nobody made the technical one.
    pub(crate) username: Option<String>,
    pub(crate) history: History,
    pub(crate) date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
}

/// What a request can say of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactDetails {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) job_title: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) phone_extension: Option<String>,
    pub(crate) provider: Provider,
    pub(crate) contact_types: Vec<TypeObject>,
}

/// A type in the object around it that the service has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TypeObject {
    #[serde(rename = "type")]
    pub(crate) kind: ContactType,
}

impl ContactDetails {
    pub(crate) fn is(&self, kind: ContactType) -> bool {
        self.contact_types.iter().any(|object| object.kind == kind)
    }
}
