//! Points in time and spans, in whole milliseconds since 1970.

use api::{dates, facts::Date};

/// Milliseconds; a point in time counts from 1970.
pub type Ms = i64;

/// One minute.
pub const MINUTE: Ms = 60_000;
/// One hour.
pub const HOUR: Ms = 3_600_000;
/// One day.
pub const DAY: Ms = 86_400_000;

/// A point in time as a date of ISO 8601.
#[must_use]
pub fn iso(ms: Ms) -> String {
    dates::iso(ms).unwrap_or_default()
}

/// A date of the service.
#[must_use]
pub fn of(date: &Date) -> Option<Ms> {
    date.seconds().map(|seconds| whole(seconds * 1000.0))
}

/// A number of days, which need not be whole.
#[must_use]
pub fn days(days: f64) -> Ms {
    whole(days * 86_400_000.0)
}

/// Whole days of a span, as people count them: what is left of the last one does not count.
#[must_use]
pub const fn whole_days(span: Ms) -> i64 {
    span.div_euclid(DAY)
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
const fn whole(number: f64) -> Ms {
    number as Ms
}
