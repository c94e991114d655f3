//! What decides about an order (guide 7.4).

use serde_json::Value;

use super::{
    date::Date,
    fact::{Fact, Id, Label, Word, facts},
};

/// Where an order is (guide 7.4.2; the last two are seen, not documented).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderStatus {
    /// Accepted by the service.
    Created,
    /// A reissue was asked for, and the certificate authority has not accepted it yet.
    ReissueRequestPending,
    /// At the certificate authority.
    Pending,
    /// The certificate authority works on the reissue.
    ReissuePendingAtProvider,
    /// The certificate authority could not do the reissue.
    ReissueFailed,
    /// Approved, and worked on by the certificate authority.
    Processing,
    /// Issued: the certificate can be downloaded as soon as the order contains it.
    Issued,
    /// Revoked.
    Revoked,
    /// Canceled.
    Canceled,
    /// Somebody has to approve it first.
    NeedsApproval,
    /// For client certificates: an email with a link was sent.
    WaitingPickup,
    /// Rejected by the certificate authority.
    Rejected,
    /// Expired.
    Expired,
    /// The certificate authority could not do it.
    Failed,
    /// A reissue is pending.
    ReissuePending,
    /// The order lacks a CSR.
    NeedsCsr,
    /// A status that this version does not know.
    Other(String),
}

const STATUSES: [(&str, OrderStatus); 16] = [
    ("CREATED", OrderStatus::Created),
    ("REISSUE_REQUEST_PENDING", OrderStatus::ReissueRequestPending),
    ("DIGI_PENDING", OrderStatus::Pending),
    ("DIGI_REISSUE_PENDING", OrderStatus::ReissuePendingAtProvider),
    ("DIGI_REISSUE_FAILED", OrderStatus::ReissueFailed),
    ("DIGI_PROCESSING", OrderStatus::Processing),
    ("DIGI_ISSUED", OrderStatus::Issued),
    ("DIGI_REVOKED", OrderStatus::Revoked),
    ("DIGI_CANCELED", OrderStatus::Canceled),
    ("DIGI_NEEDS_APPROVAL", OrderStatus::NeedsApproval),
    ("DIGI_WAITING_PICKUP", OrderStatus::WaitingPickup),
    ("DIGI_REJECTED", OrderStatus::Rejected),
    ("DIGI_EXPIRED", OrderStatus::Expired),
    ("DIGI_FAILED", OrderStatus::Failed),
    ("REISSUE_PENDING", OrderStatus::ReissuePending),
    ("DIGI_NEEDS_CSR", OrderStatus::NeedsCsr),
];

/// What a status means to a caller who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Continues by itself; unknown statuses count as this.
    Pending,
    /// Stands still until a person acts.
    NeedsPerson,
    /// Issued.
    Issued,
    /// What was asked for will not come: see [`OrderStatus::has_ended`] for whether the order has ended.
    Failed,
}

impl OrderStatus {
    /// The statuses of orders that have neither ended nor been issued, on the wire.
    pub fn under_way() -> impl Iterator<Item = &'static str> {
        STATUSES
            .iter()
            .filter(|(_, status)| matches!(status.kind(), StatusKind::Pending | StatusKind::NeedsPerson))
            .map(|(wire, _)| *wire)
    }

    /// The value on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(value) => value,
            known => STATUSES
                .iter()
                .find(|(_, status)| status == known)
                .map_or("", |(wire, _)| wire),
        }
    }

    /// What the status means to a caller who waits.
    #[must_use]
    pub const fn kind(&self) -> StatusKind {
        match self {
            Self::Issued => StatusKind::Issued,
            Self::Rejected | Self::Failed | Self::Canceled | Self::Revoked | Self::Expired | Self::ReissueFailed => {
                StatusKind::Failed
            }
            Self::NeedsApproval | Self::NeedsCsr | Self::WaitingPickup => StatusKind::NeedsPerson,
            Self::Created
            | Self::ReissueRequestPending
            | Self::Pending
            | Self::ReissuePendingAtProvider
            | Self::Processing
            | Self::ReissuePending
            | Self::Other(_) => StatusKind::Pending,
        }
    }
}

impl OrderStatus {
    /// Whether there is no certificate in force of the order, nor one to come, by what the status alone says. Of one whose
    /// reissue failed the certificate that was to be replaced is in force.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.kind() == StatusKind::Failed && *self != Self::ReissueFailed
    }
}

/// Words that mean a known one, which the guide spells in another way.
const SPELLINGS: [(&str, OrderStatus); 1] = [("DIGI_CANCELLED", OrderStatus::Canceled)];

impl From<String> for OrderStatus {
    /// The guide's word in whatever case, so that no spelling makes an order wait for ever.
    fn from(value: String) -> Self {
        let mut words = STATUSES.iter().chain(&SPELLINGS);
        let known = words.find(|(wire, _)| wire.eq_ignore_ascii_case(&value));
        known.map_or(Self::Other(value), |(_, status)| status.clone())
    }
}

impl Fact for OrderStatus {
    fn read(value: &Value) -> Option<Self> {
        String::read(value).map(Self::from)
    }
}

facts! {
    /// An order, as far as anything is decided by it.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct OrderFacts {
        /// The resource id.
        pub id: Option<String> = "id" as Id,
        /// Where it is.
        pub status: Option<OrderStatus> = "status",
        /// Whose it is.
        pub organization_id: Option<String> = "organizationId",
        /// `SSL_OV_BASIC` …
        pub cert_type: Option<String> = "certType",
        /// Where the client's marker is.
        pub comments: Option<String> = "comments",
        /// When the service accepted it.
        pub date_created: Option<Date> = "dateCreated",
        /// The certificate; absent early on.
        pub cert: Option<CertFacts> = "cert",
    }
}

facts! {
    /// The certificate inside an order, as far as anything is decided by it.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CertFacts {
        /// CN.
        pub common_name: Option<String> = "commonName",
        /// The names beside it; nothing where they are not shown.
        pub dns_names: Option<Vec<String>> = "dnsNames",
        /// The CSR, PEM.
        pub csr: Option<String> = "csr",
        /// The certificate authority's id; a reissue gets a new one (guide 7.4.8.3).
        pub provider_id: Option<Label> = "providerId",
        /// The serial number.
        pub serial_number: Option<String> = "serialNumber",
        /// The certificate, PEM.
        pub end_entity_cert: Option<String> = "endEntityCert",
        /// `PENDING` or `REVOKED` from when a revocation was asked for; absent or empty else.
        pub revoke_status: Option<String> = "revokeStatus" as Word,
        /// End of validity.
        pub date_valid_until: Option<Date> = "dateValidUntil",
        /// Days until the end, as the service counts them.
        pub days_remaining: Option<f64> = "daysRemaining",
    }
}

impl CertFacts {
    /// Whether it is revoked: from then on nobody may rely on it.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.revoke_status.as_deref() == Some("REVOKED")
    }

    /// Whether it is revoked, or will be, which cannot be taken back: it is not one to keep.
    #[must_use]
    pub fn is_revoked_or_to_be(&self) -> bool {
        self.is_revoked() || self.revoke_status.as_deref() == Some("PENDING")
    }
}

impl OrderFacts {
    /// Whether the order is issued and contains its certificate: the status shows a moment before the certificate does.
    #[must_use]
    pub fn is_issued(&self) -> bool {
        self.status == Some(OrderStatus::Issued) && self.end_entity_cert().is_some()
    }

    /// The certificate, PEM, once it is there.
    #[must_use]
    pub fn end_entity_cert(&self) -> Option<&str> {
        let pem = self.cert.as_ref()?.end_entity_cert.as_deref()?;
        (!pem.is_empty()).then_some(pem)
    }

    /// Whether its certificate is revoked, whatever its status says.
    #[must_use]
    pub fn is_cert_revoked(&self) -> bool {
        self.cert.as_ref().is_some_and(CertFacts::is_revoked)
    }

    /// When the service accepted it, in seconds since 1970.
    #[must_use]
    pub fn created(&self) -> Option<f64> {
        self.date_created.as_ref()?.seconds()
    }

    /// The status in words.
    #[must_use]
    pub fn status_text(&self) -> Option<&str> {
        self.status.as_ref().map(OrderStatus::as_str)
    }
}
