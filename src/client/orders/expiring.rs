//! Which certificates end soon (guide 8.5).

use core::time::Duration;

use api::{
    BodyRef,
    facts::{OrderFacts, OrderStatus},
};
use serde_json::{Map, Value, json};

use super::list_orders;
use crate::{client::Client, dates::seconds_since_1970, error::Error, options::CallOptions};

impl Client {
    /// Issued orders whose certificate ends within so many days, the soonest first. Those that have ended already are
    /// among them: an ended certificate is what most needs a look.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn expiring(
        &self,
        within_days: f64,
        mut filter: Map<String, Value>,
        options: CallOptions,
    ) -> Result<Vec<BodyRef>, Error> {
        filter
            .entry("statuses")
            .or_insert_with(|| json!([OrderStatus::Issued.as_str()]));
        let mut pager = list_orders(self, filter, options)?;
        let mut found = Vec::new();
        while let Some(page) = pager.next().await? {
            let now = self.platform.wall_clock();
            let ending = page
                .items()
                .filter_map(|order| Some((days_left(&order.order(), now)?, order)));
            for (days, order) in ending.filter(|(days, _)| *days <= within_days) {
                let at = found.partition_point(|(before, _): &(f64, BodyRef)| *before <= days);
                found.insert(at, (days, order));
            }
        }
        Ok(found.into_iter().map(|(_, order)| order).collect())
    }
}

/// Days until an order's certificate ends: by its date, or, where that cannot be read, by the service's count.
fn days_left(order: &OrderFacts, wall_clock: u64) -> Option<f64> {
    let cert = order
        .cert
        .as_ref()
        .filter(|_| order.status == Some(OrderStatus::Issued))?;
    let now = Duration::from_millis(wall_clock).as_secs_f64();
    let until = cert
        .date_valid_until
        .as_ref()
        .and_then(|date| seconds_since_1970(&date.0));
    until
        .map(|until| (until - now) / SECONDS_PER_DAY)
        .or(cert.days_remaining)
}

const SECONDS_PER_DAY: f64 = 86_400.0;
