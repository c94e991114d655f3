//! Which certificates end soon (guide 8.5).

use core::time::Duration;

use api::{
    BodyRef,
    facts::{OrderFacts, OrderStatus},
};
use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime, PrimitiveDateTime, format_description::well_known::Iso8601};

use super::list_orders;
use crate::{client::Client, error::Error, options::CallOptions};

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
            found.extend(ending.filter(|(days, _)| *days <= within_days));
        }
        found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
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
    let until = cert.date_valid_until.as_deref().and_then(seconds_since_1970);
    until
        .map(|until| (until - now) / SECONDS_PER_DAY)
        .or(cert.days_remaining)
}

const SECONDS_PER_DAY: f64 = 86_400.0;

/// Reads a date of the service, with or without time and zone; without a zone it counts as UTC.
fn seconds_since_1970(date: &str) -> Option<f64> {
    let date = date.trim().replacen(' ', "T", 1);
    let moment = OffsetDateTime::parse(&date, &Iso8601::PARSING)
        .or_else(|_| PrimitiveDateTime::parse(&date, &Iso8601::PARSING).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| Date::parse(&date, &Iso8601::PARSING).map(|day| day.midnight().assume_utc()));
    u32::try_from(moment.ok()?.unix_timestamp()).ok().map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_and_without_time_and_zone() {
        for date in [
            "2026-11-23T12:00:00Z",
            "2026-11-23T12:00:00.000+00:00",
            "2026-11-23T14:00:00+02:00",
            "2026-11-23T14:00:00+0200",
            "2026-11-23T12:00:00",
            "2026-11-23 12:00:00",
            "2026-11-23T12:00",
        ] {
            assert_eq!(seconds_since_1970(date), Some(1_795_435_200.0), "{date}");
        }
        assert_eq!(seconds_since_1970("2026-11-23"), Some(1_795_392_000.0));
        for date in ["", "soon", "2026-13-01", "23.11.2026"] {
            assert_eq!(seconds_since_1970(date), None, "{date}");
        }
    }
}
