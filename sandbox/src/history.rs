//! What happened to an organization, a contact or an order.

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::http::Response;
use crate::paging::{Key, Paging};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::validate::Checker;

/// One line of a history.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    id: Uuid,
    date_created: Timestamp,
    /// Absent when the system did it (guide 7.1.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    text: String,
}

/// All lines, the oldest first.
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

    /// `GET …/history`: the lines of a user, or with a text in them.
    pub(crate) fn list(&self, query: &str) -> Result<Response, Refusal> {
        let checker = Checker::default();
        let query = Query::new(&checker, query);
        let paging = Paging::of(
            &query,
            &[("dateCreated", |entry: &Entry| {
                Key::Number(Some(entry.date_created.ms()))
            })],
        );
        let user = query.text("userId").map(str::to_owned);
        let text = query.text("text").map(str::to_lowercase);
        checker.finish()?;
        let rows = self.0.iter().filter(|entry| {
            user.as_ref().is_none_or(|user| entry.user_name.as_ref() == Some(user))
                && text
                    .as_ref()
                    .is_none_or(|text| entry.text.to_lowercase().contains(text))
        });
        Ok(paging.respond(rows, |entry| json!(entry)))
    }

    /// `GET …/history/{historyId}`.
    pub(crate) fn entry(&self, id: Uuid) -> Result<Response, Refusal> {
        let entry = self
            .0
            .iter()
            .find(|entry| entry.id == id)
            .ok_or_else(|| Refusal::not_found("history entry"))?;
        Ok(Response::json(200, entry))
    }
}
