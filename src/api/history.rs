//! The history of an organization, a contact or an order: one line for each change (guide 7.1.4, 7.2.6, 7.4.6).

use serde::Deserialize;

use super::{
    call::{Call, Method, Query, Refused, Request},
    id::ResourceId,
    model::{Model, view},
    page::{Page, Paging},
};

view! {
    /// One change of a resource.
    pub struct History {
        /// The line's own id.
        id: String = "id",
        /// When it was written, ISO 8601.
        date_created: String = "dateCreated",
        /// Who made the change; absent when the system did.
        user_name: String = "userName",
        /// What changed, in words.
        text: String = "text",
    }
}

/// What has a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// An organization.
    Organization,
    /// A contact.
    Contact,
    /// An order.
    Order,
}

impl Subject {
    const fn path(self) -> &'static str {
        match self {
            Self::Organization => "/organization",
            Self::Contact => "/contact",
            Self::Order => "/order",
        }
    }
}

/// Which history lines to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct HistoryFilter {
    /// Those of one user. *Inferred*: the guide names the filter, not the parameter.
    pub user_id: Option<String>,
    /// Those whose text holds this. *Inferred*, as above.
    pub text: Option<String>,
}

/// `GET /{resource}/{id}/history` (guide 7.1.4, 7.2.6, 7.4.6).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListHistory {
    /// What has the history.
    pub subject: Subject,
    /// Its id.
    pub id: String,
    /// Which lines.
    #[serde(default)]
    pub filter: HistoryFilter,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}

impl Call for ListHistory {
    type Reply = Page<History>;

    fn request(&self) -> Result<Request, Refused> {
        let id = ResourceId::of("id", &self.id)?;
        let query = Query::default()
            .with("userId", self.filter.user_id.as_ref())
            .with("text", self.filter.text.as_ref());
        Ok(
            Request::new(Method::Get, format!("{}/{id}/history", self.subject.path()))
                .with_query(self.paging.add_to(query)),
        )
    }
}

/// `GET /{resource}/{id}/history/{historyId}` (guide 7.1.5, 7.2.7, 7.4.7).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetHistory {
    /// What has the history.
    pub subject: Subject,
    /// Its id.
    pub id: String,
    /// The line's id.
    pub history_id: String,
}

impl Call for GetHistory {
    type Reply = Model<History>;

    fn request(&self) -> Result<Request, Refused> {
        let id = ResourceId::of("id", &self.id)?;
        let line = ResourceId::of("historyId", &self.history_id)?;
        Ok(Request::new(
            Method::Get,
            format!("{}/{id}/history/{line}", self.subject.path()),
        ))
    }
}
