//! A request of a known caller, with the world that it is about.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::Caller;
use crate::http::Request;
use crate::readings::{ListBodies, Readings};
use crate::refusal::Refusal;
use crate::validate::json_body;
use crate::world::{Contact, Order, Organization, World};

/// What the handler of an operation is given.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) caller: &'a Caller,
    pub(crate) request: &'a Request,
    /// How the open facts are taken.
    pub(crate) readings: &'a Readings,
    /// The ids in the path.
    pub(crate) ids: Ids,
}

/// The ids in a path, nil where the path has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    /// `{id}`.
    pub(crate) id: Uuid,
    /// `{historyId}`.
    pub(crate) history_id: Uuid,
}

impl Call<'_> {
    /// The body as JSON, or 413, 415 or 400.
    pub(crate) fn body(&self) -> Result<Value, Refusal> {
        json_body(self.request)
    }

    /// A body of one list, by itself or under this name, as an object that has it.
    pub(crate) fn list_body(&self, name: &str) -> Result<Value, Refusal> {
        let body = self.body()?;
        match self.readings.list_bodies {
            ListBodies::Object => Ok(body),
            ListBodies::List if body.is_array() => Ok(json!({ name: body })),
            ListBodies::List => Err(Refusal::invalid("body", "INVALID", "The body must be a list.")),
        }
    }

    pub(crate) fn query(&self) -> &str {
        &self.request.query
    }

    /// An organization of the caller's account.
    pub(crate) fn organization(&self, id: Uuid) -> Result<&Organization, Refusal> {
        let found = self.world.organizations.get(id);
        found
            .filter(|organization| organization.account == self.caller.account)
            .ok_or_else(|| Refusal::not_found("organization"))
    }

    /// A contact of the caller's account.
    pub(crate) fn contact(&self, id: Uuid) -> Result<&Contact, Refusal> {
        let found = self.world.contacts.get(id);
        found
            .filter(|contact| contact.account == self.caller.account)
            .ok_or_else(|| Refusal::not_found("contact"))
    }

    /// An order of the caller's account.
    pub(crate) fn order(&self, id: Uuid) -> Result<&Order, Refusal> {
        let found = self.world.orders.get(id);
        found
            .filter(|order| order.account == self.caller.account)
            .ok_or_else(|| Refusal::not_found("order"))
    }
}
