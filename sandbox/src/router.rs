//! From a path to what it names.

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::orders::Action;
use crate::refusal::Refusal;
use crate::validate::parse_id;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Authenticate,
    Refresh,
    Organizations,
    Organization(Uuid),
    OrganizationHistory(Uuid),
    OrganizationHistoryEntry(Uuid, Uuid),
    Contacts,
    Contact(Uuid),
    ContactHistory(Uuid),
    ContactHistoryEntry(Uuid, Uuid),
    ParseCsrs,
    Orders,
    Order(Uuid),
    Prices,
    Download(Uuid),
    OrderHistory(Uuid),
    OrderHistoryEntry(Uuid, Uuid),
    OrderAction(Uuid, Action),
}

impl Resource {
    /// The methods that it answers.
    pub(crate) const fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Authenticate | Self::ParseCsrs => &["POST"],
            Self::Organizations | Self::Contacts | Self::Orders => &["GET", "POST"],
            Self::Contact(_) => &["GET", "PATCH", "DELETE"],
            Self::OrderAction(..) => &["PATCH"],
            _ => &["GET"],
        }
    }
}

/// Finds what the path names; its method is not looked at. 404 for no such path, 400 for an id that is not a UUID.
pub(crate) fn route(path: &str) -> Result<Resource, Refusal> {
    let unknown = || Refusal::not_found("path");
    let segments: Vec<_> = path
        .split('/')
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let rest = match segments.as_slice() {
        ["auth", "v1", "auth", "authenticate"] => return Ok(Resource::Authenticate),
        ["auth", "v1", "auth", "refresh"] => return Ok(Resource::Refresh),
        // The guide writes the base both ways.
        ["certs" | "cert", "v1", rest @ ..] => rest,
        _ => return Err(unknown()),
    };
    Ok(match rest {
        ["organization"] => Resource::Organizations,
        ["organization", id] => Resource::Organization(uuid("id", id)?),
        ["organization", id, "history"] => Resource::OrganizationHistory(uuid("id", id)?),
        ["organization", id, "history", entry] => {
            Resource::OrganizationHistoryEntry(uuid("id", id)?, uuid("historyId", entry)?)
        }
        ["contact"] => Resource::Contacts,
        ["contact", id] => Resource::Contact(uuid("id", id)?),
        ["contact", id, "history"] => Resource::ContactHistory(uuid("id", id)?),
        ["contact", id, "history", entry] => Resource::ContactHistoryEntry(uuid("id", id)?, uuid("historyId", entry)?),
        ["cert", "parse"] => Resource::ParseCsrs,
        ["order"] => Resource::Orders,
        ["order", "prices"] => Resource::Prices,
        ["order", id] => Resource::Order(uuid("id", id)?),
        ["order", id, "downloadCert"] => Resource::Download(uuid("id", id)?),
        ["order", id, "history"] => Resource::OrderHistory(uuid("id", id)?),
        ["order", id, "history", entry] => Resource::OrderHistoryEntry(uuid("id", id)?, uuid("historyId", entry)?),
        ["order", id, action] => {
            let action = Action::parse(action).ok_or_else(unknown)?;
            Resource::OrderAction(uuid("id", id)?, action)
        }
        _ => return Err(unknown()),
    })
}

fn uuid(field: &str, text: &str) -> Result<Uuid, Refusal> {
    parse_id(text).ok_or_else(|| Refusal::invalid(field, "INVALID_VALUE", format!("{field} must be a UUID.")))
}
