//! The certificate of an order: what was asked for, and what was issued.

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ca::{CertificateAuthority, Leaf};
use crate::clock::{DAY, Timestamp};
use crate::words::{AlgorithmHash, DcvMethod, Provider, ServerPlatform};

/// What is asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertRequest {
    pub(crate) common_name: String,
    pub(crate) dns_names: Vec<String>,
    pub(crate) csr: String,
    pub(crate) server_platform: Option<ServerPlatform>,
    pub(crate) algorithm_hash: Option<AlgorithmHash>,
    pub(crate) root_hash: Option<String>,
    pub(crate) organization_units: Vec<String>,
    pub(crate) dcv_method: DcvMethod,
    pub(crate) dcv_emails: Vec<DcvEmail>,
}

/// Where the mail for a name goes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DcvEmail {
    pub(crate) dns_name: String,
    pub(crate) email_domain: Option<String>,
    pub(crate) email: Option<String>,
}

/// How far a revocation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum RevokeStatus {
    Pending,
    Revoked,
}

/// A certificate that was issued.
#[derive(Clone, Debug)]
struct Issued {
    provider_id: u64,
    leaf: Leaf,
    at: Timestamp,
    /// Whether the order shows it already. A moment lies between the status and the certificate.
    is_delivered: bool,
}

/// The certificate of an order.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    id: Uuid,
    pub(crate) request: CertRequest,
    issued: Option<Issued>,
    pub(crate) revoke_status: Option<RevokeStatus>,
    date_created: Timestamp,
    date_updated: Timestamp,
}

impl Certificate {
    pub(crate) fn new(id: Uuid, request: CertRequest, at: Timestamp) -> Self {
        Self {
            id,
            request,
            issued: None,
            revoke_status: None,
            date_created: at,
            date_updated: at,
        }
    }

    /// Issued, and not yet shown.
    pub(crate) fn issue(&mut self, request: CertRequest, provider_id: u64, leaf: Leaf, at: Timestamp) {
        self.request = request;
        self.issued = Some(Issued {
            provider_id,
            leaf,
            at,
            is_delivered: false,
        });
        self.date_updated = at;
    }

    pub(crate) fn deliver(&mut self, at: Timestamp) {
        if let Some(issued) = &mut self.issued {
            issued.is_delivered = true;
            self.date_updated = at;
        }
    }

    pub(crate) fn set_revoke_status(&mut self, status: RevokeStatus, at: Timestamp) {
        self.revoke_status = Some(status);
        self.date_updated = at;
    }

    /// The certificate in PEM, once it can be downloaded.
    pub(crate) fn pem(&self) -> Option<&str> {
        self.issued
            .as_ref()
            .filter(|issued| issued.is_delivered)
            .map(|issued| issued.leaf.pem.as_str())
    }

    /// The last moment of its validity.
    pub(crate) fn valid_until(&self) -> Option<Timestamp> {
        self.issued.as_ref().map(|issued| issued.leaf.not_after)
    }

    pub(super) fn json(&self, provider: Provider, ca: &CertificateAuthority, now: Timestamp) -> Value {
        let mut json = json!(self.request);
        let issued = self.issued.as_ref();
        let leaf = issued.map(|issued| &issued.leaf);
        let pem = self.pem();
        let whole_days = |until: Timestamp| until.since(now).div_euclid(DAY);
        let more = [
            ("provider", json!(provider)),
            ("providerId", json!(issued.map(|issued| issued.provider_id))),
            ("serialNumber", json!(leaf.map(|leaf| &leaf.serial_number))),
            ("revokeStatus", json!(self.revoke_status)),
            ("dateValidFrom", json!(leaf.map(|leaf| leaf.not_before))),
            ("dateValidUntil", json!(leaf.map(|leaf| leaf.not_after))),
            ("daysRemaining", json!(leaf.map(|leaf| whole_days(leaf.not_after)))),
            ("providerDateCreated", json!(issued.map(|issued| issued.at))),
            ("endEntityCert", json!(pem)),
            ("intermediateCert", json!(pem.map(|_| ca.intermediate_pem()))),
            ("rootCert", json!(pem.map(|_| ca.root_pem()))),
            ("dateCreated", json!(self.date_created)),
            ("dateUpdated", json!(self.date_updated)),
        ];
        if let Some(fields) = json.as_object_mut() {
            fields.shift_insert(0, "id".to_owned(), json!(self.id));
            fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
        }
        json
    }
}
