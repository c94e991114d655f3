//! The rows of a history.

use serde::Serialize;
use uuid::Uuid;

use crate::clock::Timestamp;

/// One change.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    pub(crate) id: Uuid,
    pub(crate) date_created: Timestamp,
    /// Absent when the system did it (guide 7.1.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    pub(crate) text: String,
}

/// All changes, the oldest first.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct History(Vec<Entry>);

impl History {
    pub(crate) fn push(&mut self, id: Uuid, at: Timestamp, user: Option<&str>, text: impl Into<String>) {
        self.0.push(Entry {
            id,
            date_created: at,
            user_name: user.map(str::to_owned),
            text: text.into(),
        });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }
}
