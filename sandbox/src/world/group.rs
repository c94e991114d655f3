//! The row of a group.

use serde::Serialize;
use uuid::Uuid;

use crate::auth::Account;
use crate::clock::Timestamp;

/// A group of an account, which orders can name.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    pub(crate) id: Uuid,
    #[serde(skip)]
    pub(crate) account: Account,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
}
