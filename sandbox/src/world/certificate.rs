//! The certificate of an order: what was asked for, and what was issued.

use serde::Serialize;
use uuid::Uuid;

use crate::ca::Leaf;
use crate::clock::Timestamp;
use crate::words::{AlgorithmHash, DcvMethod, ServerPlatform};

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
pub(crate) struct Issued {
    pub(crate) provider_id: u64,
    pub(crate) leaf: Leaf,
    pub(crate) at: Timestamp,
    /// Whether the order shows it already. A moment lies between the status and the certificate.
    is_delivered: bool,
}

/// The certificate of an order.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) id: Uuid,
    pub(crate) request: CertRequest,
    pub(crate) issued: Option<Issued>,
    pub(crate) revoke_status: Option<RevokeStatus>,
    pub(crate) date_created: Timestamp,
    pub(crate) date_updated: Timestamp,
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
}
