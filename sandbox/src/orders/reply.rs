//! Orders as replies show them.

use std::borrow::Cow;

use serde::Serialize;
use uuid::Uuid;

use super::prices::{CertPrice, price_of};
use crate::call::Call;
use crate::clock::{DAY, Timestamp};
use crate::readings::{EndedOrder, FreshCert, Readings, RevokedOrder, Statuses};
use crate::words::{CertType, Provider, Status};
use crate::world::{CertRequest, History, Order, RevokeStatus};

/// An order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderReply<'a> {
    id: Uuid,
    status: Cow<'static, str>,
    cert_type: CertType,
    provider: Provider,
    provider_id: Option<u64>,
    locale: &'a str,
    comments: Option<&'a str>,
    additional_emails: &'a [String],
    renewal_notifications_disabled: bool,
    group_id: Option<&'a str>,
    organization_id: Uuid,
    contacts: &'a [Uuid],
    /// Null until the provider has the order.
    cert: Option<CertReply<'a>>,
    price: Option<CertPrice>,
    history: &'a History,
    date_created: Timestamp,
    date_updated: Timestamp,
}

/// The certificate in an order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertReply<'a> {
    id: Uuid,
    #[serde(flatten)]
    request: &'a CertRequest,
    provider: Provider,
    provider_id: Option<u64>,
    serial_number: Option<&'a str>,
    revoke_status: Option<RevokeStatus>,
    date_valid_from: Option<Timestamp>,
    date_valid_until: Option<Timestamp>,
    days_remaining: Option<u64>,
    provider_date_created: Option<Timestamp>,
    end_entity_cert: Option<&'a str>,
    intermediate_cert: Option<&'a str>,
    root_cert: Option<&'a str>,
    date_created: Timestamp,
    date_updated: Timestamp,
}

impl<'a> OrderReply<'a> {
    pub(super) fn of(order: &'a Order, call: &'a Call<'_>) -> Self {
        let cert = shows_cert(order, call.readings).then(|| CertReply::of(order, call));
        Self {
            id: order.id,
            status: status_of(order, call.readings),
            cert_type: order.cert_type,
            provider: order.provider,
            provider_id: order.provider_id,
            locale: &order.locale,
            comments: order.comments.as_deref(),
            additional_emails: &order.additional_emails,
            renewal_notifications_disabled: order.renewal_notifications_disabled,
            group_id: order.group_id.as_deref(),
            organization_id: order.organization,
            contacts: &order.contacts,
            cert,
            price: order.is_priced.then(|| price_of(order.cert_type)),
            history: &order.history,
            date_created: order.date_created,
            date_updated: order.date_updated,
        }
    }
}

/// Whether the certificate of an order is there to be seen.
pub(super) fn shows_cert(order: &Order, readings: &Readings) -> bool {
    match readings.fresh_cert {
        FreshCert::Later => order.status != Status::Created,
        FreshCert::AtOnce => true,
        FreshCert::UntilIssued => order.certificate.issued.is_some(),
    }
}

/// The word for an order's status.
pub(super) fn status_of(order: &Order, readings: &Readings) -> Cow<'static, str> {
    let status = match order.status {
        Status::Expired if readings.ended_order == EndedOrder::Issued && order.certificate.issued.is_some() => {
            Status::Issued
        }
        Status::Revoked if readings.revoked_order == RevokedOrder::Issued => Status::Issued,
        status => status,
    };
    match (readings.statuses, status) {
        (Statuses::Unseen, Status::Processing) => "DIGI_VETTING".into(),
        (Statuses::British, Status::Canceled) => "DIGI_CANCELLED".into(),
        (Statuses::LowerCase, status) => status.text().to_ascii_lowercase().into(),
        _ => status.text().into(),
    }
}

impl<'a> CertReply<'a> {
    fn of(order: &'a Order, call: &'a Call<'_>) -> Self {
        let (certificate, provider) = (&order.certificate, order.provider);
        let (ca, now) = (&call.world.ca, call.caller.now);
        let issued = certificate.issued.as_ref();
        let leaf = issued.map(|issued| &issued.leaf);
        let pem = certificate.pem();
        let whole_days = |until: Timestamp| until.since(now).div_euclid(DAY);
        Self {
            id: certificate.id,
            request: &certificate.request,
            provider,
            provider_id: issued.map(|issued| issued.provider_id),
            serial_number: leaf.map(|leaf| leaf.serial_number.as_str()),
            revoke_status: certificate.revoke_status,
            date_valid_from: leaf.map(|leaf| leaf.not_before),
            date_valid_until: leaf.map(|leaf| leaf.not_after),
            days_remaining: leaf.map(|leaf| whole_days(leaf.not_after)),
            provider_date_created: issued.map(|issued| issued.at),
            end_entity_cert: pem,
            intermediate_cert: pem.map(|_| ca.intermediate_pem()),
            root_cert: pem.map(|_| ca.root_pem()),
            date_created: certificate.date_created,
            date_updated: certificate.date_updated,
        }
    }
}
