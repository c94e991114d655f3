//! What an order is waited for, and how far it has come.

use api::{
    BodyRef,
    facts::{OrderFacts, OrderStatus, StatusKind},
};

use super::look::Standing;
use crate::error::WaitReason;

/// What an order is waited for.
pub enum Goal {
    /// Its certificate: the status and the certificate itself.
    Issued,
    /// Another certificate than this one, or than the one first seen.
    Reissued(Option<CertIdentity>),
    /// That it is revoked.
    Revoked,
    /// That it is canceled.
    Canceled,
    /// Whatever the caller says.
    Custom(Box<dyn Fn(&BodyRef) -> bool>),
}

/// What tells a certificate from its reissue (guide 7.4.8.3): the certificate authority's id, and the serial number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertIdentity {
    provider_id: Option<String>,
    serial_number: Option<String>,
}

impl CertIdentity {
    /// The identity of an order's certificate.
    #[must_use]
    pub fn of(order: &OrderFacts) -> Self {
        let cert = order.cert.as_ref();
        Self {
            provider_id: cert.and_then(|cert| cert.provider_id.as_ref()).map(|id| id.0.clone()),
            serial_number: cert.and_then(|cert| cert.serial_number.clone()),
        }
    }

    fn differs_from(&self, other: &Self) -> bool {
        let differs = |new: &Option<String>, old: &Option<String>| new.is_some() && new != old;
        differs(&self.provider_id, &other.provider_id) || differs(&self.serial_number, &other.serial_number)
    }
}

impl Goal {
    /// Looks at an order as it is now.
    pub(super) fn standing(&mut self, order: &BodyRef) -> Standing {
        let facts = order.order();
        let status = facts.status.as_ref();
        let reached = match self {
            Self::Issued => facts.is_issued(),
            Self::Reissued(old) => {
                let now = CertIdentity::of(&facts);
                let issued = facts.is_issued();
                let first = old.get_or_insert_with(|| now.clone());
                issued && now.differs_from(first)
            }
            Self::Revoked => status == Some(&OrderStatus::Revoked),
            Self::Canceled => status == Some(&OrderStatus::Canceled),
            Self::Custom(is_reached) => is_reached(order),
        };
        if reached {
            return Standing::Reached;
        }
        match status.map_or(StatusKind::Pending, OrderStatus::kind) {
            // Its certificate is in force, and can be revoked.
            StatusKind::Failed if matches!(self, Self::Revoked) && status == Some(&OrderStatus::ReissueFailed) => {
                Standing::Continues
            }
            StatusKind::Failed => Standing::Ended(WaitReason::Failed),
            StatusKind::NeedsPerson if matches!(self, Self::Issued | Self::Reissued(_)) => {
                Standing::Ended(WaitReason::NeedsAction)
            }
            StatusKind::Issued | StatusKind::Pending | StatusKind::NeedsPerson => Standing::Continues,
        }
    }

    pub(super) const fn in_words(&self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Reissued(_) => "reissued",
            Self::Revoked => "revoked",
            Self::Canceled => "canceled",
            Self::Custom(_) => "what was waited for",
        }
    }
}
