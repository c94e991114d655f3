//! Orders and the certificate of each (guide 7.4).

mod actions;
mod certificate;
mod create;
mod list;
mod prices;

pub(crate) use actions::{Action, act};
pub(crate) use certificate::{CertRequest, Certificate, RevokeStatus};
pub(crate) use create::create;
pub(crate) use list::list;
pub(crate) use prices::prices;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::{Account, Caller};
use crate::ca::CertificateAuthority;
use crate::clock::Timestamp;
use crate::history::History;
use crate::http::{Request, Response};
use crate::query::Query;
use crate::refusal::Refusal;
use crate::validate::Checker;
use crate::words::{CertType, Format, Provider, Status};
use crate::world::World;

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: Uuid,
    pub(crate) account: Account,
    pub(crate) status: Status,
    pub(crate) cert_type: CertType,
    pub(crate) provider: Provider,
    /// The provider's number, from when it has the order. A reissue keeps it (guide 7.4.8.3).
    pub(crate) provider_id: Option<u64>,
    pub(crate) locale: String,
    pub(crate) comments: Option<String>,
    pub(crate) additional_emails: Vec<String>,
    pub(crate) renewal_notifications_disabled: bool,
    pub(crate) group_id: Option<String>,
    pub(crate) organization: Uuid,
    pub(crate) contacts: Vec<Uuid>,
    pub(crate) certificate: Certificate,
    /// What a reissue that is on its way asks for, and whether it skips the check of the organization.
    pub(crate) reissue: Option<(CertRequest, bool)>,
    pub(crate) is_priced: bool,
    pub(crate) history: History,
    pub(crate) date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
    /// Counts how often somebody changed its course, to tell events of an earlier one.
    pub(crate) course: u32,
}

impl Order {
    /// The order as replies show it. `cert` is null until the provider has the order.
    pub(crate) fn json(&self, ca: &CertificateAuthority, now: Timestamp) -> Value {
        json!({
            "id": self.id,
            "status": self.status,
            "certType": self.cert_type,
            "provider": self.provider,
            "providerId": self.provider_id,
            "locale": self.locale,
            "comments": self.comments,
            "additionalEmails": self.additional_emails,
            "renewalNotificationsDisabled": self.renewal_notifications_disabled,
            "groupId": self.group_id,
            "organizationId": self.organization,
            "contacts": self.contacts,
            "cert": (self.status != Status::Created).then(|| self.certificate.json(self.provider, ca, now)),
            "price": self.is_priced.then(|| prices::price_of(self.cert_type)),
            "history": self.history,
            "dateCreated": self.date_created,
            "dateUpdated": self.date_updated,
        })
    }
}

/// The order in a response.
pub(crate) fn respond(world: &World, caller: &Caller, id: Uuid, status: u16) -> Result<Response, Refusal> {
    Ok(Response::json(
        status,
        &world.order(id, caller)?.json(&world.ca, caller.now),
    ))
}

/// `GET /order/{id}`.
pub(crate) fn get(world: &World, caller: &Caller, id: Uuid) -> Result<Response, Refusal> {
    respond(world, caller, id, 200)
}

/// The one media type of a download (guide 7.4.5).
const DOWNLOAD_TYPE: &str = "application/x-pkcs7-certificates";

/// `GET /order/{id}/downloadCert`, with a format and the right Accept header.
pub(crate) fn download(world: &World, caller: &Caller, id: Uuid, request: &Request) -> Result<Response, Refusal> {
    let accepted = request.header("accept").unwrap_or_default().split([',', ';']);
    if !accepted
        .into_iter()
        .any(|kind| kind.trim().eq_ignore_ascii_case(DOWNLOAD_TYPE))
    {
        let message = format!("The header Accept: {DOWNLOAD_TYPE} is required.");
        return Err(Refusal::Error {
            status: 406,
            code: "NOT_ACCEPTABLE",
            message,
        });
    }
    let checker = Checker::default();
    let query = Query::new(&checker, &request.query);
    let format = query.parsed("format", "must be p7b or pem_all", Format::parse);
    if query.text("format").is_none() {
        query.problem("format", "REQUIRED", "is required");
    }
    checker.finish()?;
    let order = world.order(id, caller)?;
    let leaf = order.certificate.pem();
    let leaf =
        leaf.ok_or_else(|| Refusal::conflict("CERTIFICATE_NOT_ISSUED", "The certificate has not been issued."))?;
    let file = match format {
        Some(Format::P7b) => world
            .ca
            .p7b(leaf)
            .map_err(|error| Refusal::internal(error.to_string()))?,
        _ => world.ca.pem_all(leaf),
    };
    Ok(Response::with_body(200, DOWNLOAD_TYPE, file.into_bytes()))
}
