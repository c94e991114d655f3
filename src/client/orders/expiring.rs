//! What ends soon: certificates (guide 8.5), and the validations of organizations (guide 7.1).

use core::time::Duration;

use api::{
    Arguments, Body, BodyRef,
    facts::{Date, OrderStatus, ValidationFacts},
};
use serde_json::{Map, Value};

use crate::{
    client::{Client, endpoint},
    error::Error,
    lists::Pager,
    options::CallOptions,
};

/// What can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The certificates of issued orders.
    Orders,
    /// The validations of organizations, which hold 13 months.
    Organizations,
}

impl Client {
    /// What ends within so many days by the service's clock, the soonest first. What has ended already is among it: that
    /// most needs a look.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn expiring(
        &self,
        ending: Ending,
        within_days: f64,
        filter: Map<String, Value>,
        options: CallOptions,
    ) -> Result<Vec<BodyRef>, Error> {
        let mut arguments = Arguments {
            query: filter,
            ..Arguments::default()
        };
        let mut adds_status = false;
        let operation = match ending {
            Ending::Orders => {
                if !arguments.query.contains_key("statuses") {
                    let issued = vec![OrderStatus::Issued.as_str()];
                    arguments.query.insert("statuses".into(), issued.into());
                    adds_status = true;
                }
                "orders.list"
            }
            Ending::Organizations => "organizations.list",
        };
        let mut pager = Pager::new(self.clone(), endpoint(operation)?, arguments, options)?;
        let mut page = pager.next().await;
        if adds_status && page.as_ref().is_err_and(Error::refuses_query) {
            // Each order is looked at then.
            pager.leave_out("statuses");
            page = pager.next().await;
        }
        let mut page = page?;
        let mut found = Vec::new();
        while let Some(items) = page.take() {
            let now = Duration::from_millis(self.service_time()).as_secs_f64();
            for mut item in items.items() {
                let mut left = ending.days_left(&*item, now);
                if left.is_none()
                    && let Some(id) = ending.hidden_in(&*item)
                    && let Some(order) = self.shown(&id, options).await?
                {
                    left = ending.days_left(&*order, now);
                    item = order;
                }
                let Some(days) = left.filter(|days| *days <= within_days) else {
                    continue;
                };
                let at = found.partition_point(|(before, _): &(f64, BodyRef)| *before <= days);
                found.insert(at, (days, item));
            }
            page = pager.next().await?;
        }
        Ok(found.into_iter().map(|(_, item)| item).collect())
    }
}

impl Ending {
    /// The id of an order whose certificate a list does not show, or not the end of it.
    fn hidden_in(self, item: &dyn Body) -> Option<String> {
        let order = (self == Self::Orders).then(|| item.order())?;
        let is_revoked = order.is_cert_revoked();
        order
            .id
            .filter(|_| order.status == Some(OrderStatus::Issued) && !is_revoked)
    }

    /// Days until something ends, from now in seconds since 1970: by its date, or, where a certificate's cannot be read,
    /// by the service's count.
    fn days_left(self, item: &dyn Body, now: f64) -> Option<f64> {
        let days_until = |date: &Date| Some((date.seconds()? - now) / SECONDS_PER_DAY);
        match self {
            Self::Orders => {
                let order = item.order();
                let is_in_force = order.status == Some(OrderStatus::Issued) && !order.is_cert_revoked();
                let cert = order.cert.filter(|_| is_in_force)?;
                let by_date = cert.date_valid_until.as_ref().and_then(days_until);
                by_date.or(cert.days_remaining)
            }
            Self::Organizations => {
                let validations = item.organization().validations;
                let days = |check: &ValidationFacts| days_until(check.date_validated_until.as_ref()?);
                // One that ends is followed by another of its type, which counts in its place.
                let of_kind = |check: &ValidationFacts| {
                    let same = |other: &&ValidationFacts| check.kind.is_some() && other.kind == check.kind;
                    let others = validations.iter().filter(same).filter_map(days);
                    others.fold(days(check)?, f64::max).into()
                };
                validations.iter().filter_map(of_kind).reduce(f64::min)
            }
        }
    }
}

const SECONDS_PER_DAY: f64 = 86_400.0;
