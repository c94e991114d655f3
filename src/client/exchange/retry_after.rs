//! How long a reply asks us to wait, out of its headers.
//!
//! `Retry-After` (RFC 9110, 10.2.3) first, then the `RateLimit` drafts of the IETF and the older `X-RateLimit-Reset`.
//! A wait that cannot be read, is over, is nothing or longer than ten years says nothing: the next header is asked, and in the end the
//! limiter's own back-off decides. A date is held against the reply's own `Date`, for the local clock may be wrong.

use core::time::Duration;

use api::decimal;

use api::dates::{days_since_1970, seconds_of_day};

/// A service that asks to wait for more than ten years, such as for a century, means something else, and has said nothing.
const BELIEVABLE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Numbers from here on are points in time, in seconds since 1970 (2001-09-09), not spans: 31 years.
const EPOCH_SECONDS: f64 = 1e9;
/// And from here on, in milliseconds since 1970.
const EPOCH_MILLIS: f64 = 1e12;

fn value<'a>(headers: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    let mut values = headers.iter().filter(|(name, _)| name == wanted);
    values.next().map(|(_, value)| value.trim())
}

/// When a reply was made by the service's clock, in milliseconds since 1970.
#[must_use]
pub fn date(headers: &[(String, String)]) -> Option<u64> {
    u64::try_from(http_date(value(headers, "date")?)?.as_millis()).ok()
}

/// The wait that a reply names. Header names are in lower case; `clock` counts where the reply has no date of its own, in
/// milliseconds since 1970.
#[must_use]
pub fn retry_after(headers: &[(String, String)], clock: impl Fn() -> u64) -> Option<Duration> {
    let wait = |name: &str, read: fn(&str, u64) -> Option<Duration>| {
        value(headers, name)
            .and_then(|value| read(value, date(headers).unwrap_or_else(&clock)))
            .filter(|wait| !wait.is_zero() && *wait <= BELIEVABLE)
    };
    wait("retry-after", |value, now| {
        seconds(value).or_else(|| until(http_date(value)?, now))
    })
    .or_else(|| wait("ratelimit", |value, now| number_or_time(reset(value)?, now)))
    .or_else(|| wait("ratelimit-reset", number_or_time))
    .or_else(|| wait("x-ratelimit-reset", number_or_time))
}

/// A span in seconds: digits, perhaps with a fraction, and no sign.
fn seconds(value: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(number(value)?).ok()
}

/// A span, or a point in time when it is too large for one: services differ.
fn number_or_time(value: &str, wall_clock: u64) -> Option<Duration> {
    let number = number(value)?;
    let point = if number >= EPOCH_MILLIS {
        Duration::try_from_secs_f64(number / 1e3)
    } else if number >= EPOCH_SECONDS {
        Duration::try_from_secs_f64(number)
    } else {
        return seconds(value);
    };
    until(point.ok()?, wall_clock)
}

/// The span until a point in time, given since 1970.
fn until(point: Duration, wall_clock: u64) -> Option<Duration> {
    point.checked_sub(Duration::from_millis(wall_clock))
}

fn number(value: &str) -> Option<f64> {
    let plain =
        value.starts_with(|c: char| c.is_ascii_digit()) && value.chars().all(|c| c.is_ascii_digit() || c == '.');
    plain.then(|| decimal(value)).flatten()
}

/// The reset out of `limit=100, remaining=0, reset=30`, or out of the later `"default";r=0;t=30`.
fn reset(value: &str) -> Option<&str> {
    let parameters = value
        .split([',', ';'])
        .filter_map(|parameter| parameter.split_once('='));
    parameters
        .map(|(name, value)| (name.trim(), value.trim()))
        .find(|(name, _)| matches!(*name, "reset" | "t"))
        .map(|(_, value)| value)
}

/// A date of HTTP since 1970, in the three forms that RFC 9110, 5.6.7 requires readers to know:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
fn http_date(value: &str) -> Option<Duration> {
    let words: Vec<&str> = value
        .split([' ', ',', '-', ':'])
        .filter(|word| !word.is_empty())
        .collect();
    #[expect(clippy::match_same_arms, reason = "the names stand in another order")]
    let (day, month, year, [hour, minute, second]) = match *words.as_slice() {
        [_, day, month, year, hour, minute, second, "GMT"] => (day, month, year, [hour, minute, second]),
        [_, month, day, hour, minute, second, year] => (day, month, year, [hour, minute, second]),
        _ => return None,
    };
    let year = match year.parse().ok()? {
        year @ 0..70 => 2000_i64.checked_add(year)?,
        year @ 70..100 => 1900_i64.checked_add(year)?,
        year => year,
    };
    let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month)?.1;
    let days = days_since_1970(year, month, day.parse().ok()?)?;
    let of_day = seconds_of_day(hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?)?;
    let seconds = days.checked_mul(86_400)?.checked_add(of_day)?;
    u64::try_from(seconds).ok().map(Duration::from_secs)
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
