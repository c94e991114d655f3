//! What an order is waited for, and how far it has come.

use api::{
    BodyRef,
    facts::{OrderFacts, OrderStatus, StatusKind},
};
use finding::FindingCode;

use crate::error::{Error, WaitReason};

/// How far something is that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Reached,
    /// Worth telling, and more may follow.
    Changed,
    Continues,
    Ended(WaitReason),
}

/// What an order is waited for.
pub enum Goal {
    /// Its certificate: the status and the certificate itself.
    Issued,
    /// Another certificate than this one.
    Reissued(CertIdentity),
    /// That it is revoked.
    Revoked,
    /// That it is canceled.
    Canceled,
    /// Whatever the caller says.
    Custom(Box<dyn Fn(&BodyRef) -> bool>),
}

/// What tells a certificate from its reissue (guide 7.4.8.3): the certificate authority's id, the serial number, or the
/// certificate itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertIdentity {
    provider_id: Option<String>,
    serial_number: Option<String>,
    pem: Option<String>,
}

impl CertIdentity {
    /// The identity of an order's certificate.
    #[must_use]
    pub fn of(order: &OrderFacts) -> Self {
        let cert = order.cert.as_ref();
        let said = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
        Self {
            provider_id: said(cert.and_then(|cert| cert.provider_id.as_ref()).map(|id| &id.0)),
            serial_number: said(cert.and_then(|cert| cert.serial_number.as_ref())),
            // Services differ in where they break its lines.
            pem: order.end_entity_cert().map(|pem| pem.split_whitespace().collect()),
        }
    }

    /// Whether they are those of two certificates, by what is known of both.
    pub(super) fn differs_from(&self, other: &Self) -> bool {
        let differs = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        differs(&self.provider_id, &other.provider_id)
            || differs(&self.serial_number, &other.serial_number)
            || differs(&self.pem, &other.pem)
    }
}

impl Goal {
    /// That an order is reissued, which has to be known as it was before.
    ///
    /// # Errors
    /// `invalid_argument` when nothing is known of the certificate that is to be replaced.
    pub fn reissued(field: &str, before: Option<&OrderFacts>) -> Result<Self, Error> {
        let known = before
            .map(CertIdentity::of)
            .filter(|known| *known != CertIdentity::default());
        known.map(Self::Reissued).ok_or_else(|| {
            let message = "The goal 'reissued' compares with the certificate that is replaced: pass the order as it was before \
                           the reissue, or as `orders.reissue` returned it, with its `cert`, in place of the id.";
            Error::refused(FindingCode::InvalidArgument, field, message)
        })
    }

    /// Looks at an order as it is now.
    pub(super) fn standing(&self, order: &BodyRef) -> Standing {
        let facts = order.order();
        let status = facts.status.as_ref();
        let reached = match self {
            Self::Issued => facts.is_issued(),
            Self::Reissued(before) => facts.is_issued() && CertIdentity::of(&facts).differs_from(before),
            // The order may say it, or its certificate alone.
            Self::Revoked => status == Some(&OrderStatus::Revoked) || facts.is_cert_revoked(),
            Self::Canceled => status == Some(&OrderStatus::Canceled),
            Self::Custom(is_reached) => is_reached(order),
        };
        if matches!(self, Self::Issued) && facts.is_cert_revoked() {
            return Standing::Ended(WaitReason::Failed);
        }
        if reached {
            return Standing::Reached;
        }
        match status.map_or(StatusKind::Pending, OrderStatus::kind) {
            // Its certificate is in force, and can be revoked.
            StatusKind::Failed if matches!(self, Self::Revoked) && !status.is_some_and(OrderStatus::has_ended) => {
                Standing::Continues
            }
            StatusKind::Failed => Standing::Ended(WaitReason::Failed),
            // What is issued cannot be canceled any more (guide 7.4.8).
            StatusKind::Issued if matches!(self, Self::Canceled) => Standing::Ended(WaitReason::Failed),
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
