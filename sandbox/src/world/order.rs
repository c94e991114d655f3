//! The row of an order.

use uuid::Uuid;

use super::certificate::{CertRequest, Certificate};
use super::history::History;
use crate::auth::Account;
use crate::clock::Timestamp;
use crate::words::{CertType, Provider, Status};

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
    /// What replies show in its place, and until when.
    pub(crate) shown: Option<(Box<Order>, Timestamp)>,
}

impl Order {
    /// The order as replies show it now.
    pub(crate) fn as_shown(&self, now: Timestamp) -> &Self {
        self.shown
            .as_ref()
            .filter(|(_, until)| now < *until)
            .map_or(self, |(before, _)| before)
    }
}
