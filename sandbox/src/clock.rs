//! Time as a value. Nothing in this crate asks a clock: the caller says what time it is.

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

use der::DateTime;

/// One second in milliseconds.
pub const SECOND: u64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE: u64 = 60 * SECOND;
/// One hour in milliseconds.
pub const HOUR: u64 = 60 * MINUTE;
/// One day in milliseconds.
pub const DAY: u64 = 24 * HOUR;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last millisecond that an ISO 8601 date of four digits can name.
    const MAX_MS: u64 = 253_402_300_799_999;

    /// The point so many milliseconds after 1970, at most the end of the year 9999.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(if ms > Self::MAX_MS { Self::MAX_MS } else { ms })
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0.div_euclid(SECOND)
    }

    /// This point and so many milliseconds more.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// This point and so many milliseconds less.
    #[must_use]
    pub const fn minus(self, ms: u64) -> Self {
        Self(self.0.saturating_sub(ms))
    }

    /// Milliseconds from `earlier` to this point, nothing if it is the later one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same time of day so many calendar months later; the last day of the month where that day does not exist.
    #[must_use]
    pub fn plus_months(self, months: u64) -> Self {
        let date = self.date_time();
        let months = u64::from(date.year())
            .saturating_mul(12)
            .saturating_add(u64::from(date.month().saturating_sub(1)))
            .saturating_add(months);
        let year = u16::try_from(months.div_euclid(12)).unwrap_or(u16::MAX);
        let month = u8::try_from(months.rem_euclid(12)).unwrap_or(0).saturating_add(1);
        (1..=date.day())
            .rev()
            .find_map(|day| DateTime::new(year, month, day, date.hour(), date.minutes(), date.seconds()).ok())
            .map_or(Self(Self::MAX_MS), |later| {
                Self::from_date_time(later).plus(self.0.rem_euclid(SECOND))
            })
    }

    /// Reads a date or a date with time and offset, as RFC 3339 has them; all before 1970 is 1970.
    /// A date alone is its last millisecond, so that "until the 15th" holds all of the 15th.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_at_checked(10)?;
        let midnight = parse_date(date)?;
        if time.is_empty() {
            return Some(midnight.plus(DAY.saturating_sub(1)));
        }
        let time = time.strip_prefix(['T', 't', ' '])?;
        let (time, offset) = time.split_at_checked(time.find(['Z', 'z', '+', '-'])?)?;
        let at = midnight.plus(parse_time(time)?);
        let minutes = |offset: &str| {
            Some(
                number(offset.get(..2)?, 23)?
                    .saturating_mul(60)
                    .saturating_add(number(minute(offset)?, 59)?),
            )
        };
        match offset.split_at_checked(1)? {
            ("Z" | "z", "") => Some(at),
            ("+", offset) => Some(at.minus(minutes(offset)?.saturating_mul(MINUTE))),
            ("-", offset) => Some(at.plus(minutes(offset)?.saturating_mul(MINUTE))),
            _ => None,
        }
    }

    /// The date as HTTP writes it (RFC 9110, 5.6.7): `Sun, 15 Mar 2026 12:00:00 GMT`.
    #[must_use]
    pub fn http_date(self) -> String {
        let since_1970 = Duration::from_millis(self.0);
        let time = SystemTime::UNIX_EPOCH.checked_add(since_1970);
        httpdate::fmt_http_date(time.unwrap_or(SystemTime::UNIX_EPOCH))
    }

    /// The calendar date and time, in whole seconds.
    #[must_use]
    pub fn date_time(self) -> DateTime {
        DateTime::from_unix_duration(Duration::from_millis(self.0)).unwrap_or(DateTime::INFINITY)
    }

    fn from_date_time(date: DateTime) -> Self {
        Self::from_ms(u64::try_from(date.unix_duration().as_millis()).unwrap_or(Self::MAX_MS))
    }
}

/// `2026-03-15`: its first millisecond.
fn parse_date(date: &str) -> Option<Timestamp> {
    let (year, rest) = date.split_at_checked(4)?;
    let year = number(year, 9_999)?;
    let read = |year: u64| {
        format!("{year:04}{rest}T00:00:00Z")
            .parse()
            .ok()
            .map(Timestamp::from_date_time)
    };
    if year < 1970 {
        // The library begins in 1970. The calendar repeats after 400 years, so an earlier date is checked in a later one.
        return read(year.saturating_add(2_000)).map(|_| Timestamp::default());
    }
    read(year)
}

/// `12:00:00`, perhaps with a fraction of a second: milliseconds since midnight. A leap second is the next minute.
fn parse_time(time: &str) -> Option<u64> {
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let ms = number(format!("{fraction:0<3}").get(..3)?, 999)?;
    let hours = number(time.get(..2)?, 23)?.saturating_mul(HOUR);
    let minutes = number(minute(time.get(..5)?)?, 59)?.saturating_mul(MINUTE);
    let seconds = number(time.get(5..)?.strip_prefix(':')?, 60)?.saturating_mul(SECOND);
    (time.len() == 8).then(|| [hours, minutes, seconds, ms].into_iter().fold(0, u64::saturating_add))
}

/// The minutes of `hh:mm`.
fn minute(text: &str) -> Option<&str> {
    if text.len() == 5 {
        text.get(2..)?.strip_prefix(':')
    } else {
        None
    }
}

/// Digits, and no more than the largest.
fn number(digits: &str, largest: u64) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_number {
        digits.parse().ok().filter(|number| *number <= largest)
    } else {
        None
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date_time();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            date.year(),
            date.month(),
            date.day(),
            date.hour(),
            date.minutes(),
            date.seconds(),
            self.0.rem_euclid(SECOND)
        )
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn reads_and_writes_iso_8601() {
        assert_eq!(at("2026-03-15T12:00:00.250Z").to_string(), "2026-03-15T12:00:00.250Z");
        assert_eq!(at("2026-03-15T12:00:00.5Z").to_string(), "2026-03-15T12:00:00.500Z");
        assert_eq!(at("2026-03-15").to_string(), "2026-03-15T23:59:59.999Z");
        assert_eq!(
            at("2026-03-15T12:00:00.123456789+02:30"),
            at("2026-03-15T09:30:00.123Z")
        );
        assert_eq!(at("2026-03-15t12:00:60-01:00"), at("2026-03-15T13:01:00Z"));
        assert_eq!(at("0515-05-19").ms(), DAY - 1);
        assert_eq!(at("9999-12-31").ms(), 253_402_300_799_999);
        for bad in [
            "",
            "tomorrow",
            "2026-02-30",
            "1900-02-29",
            "2026-3-15",
            "2026-03-15T12:00:00",
            "2026-03-15T12:00Z",
            "2026-03-15T24:00:00Z",
            "2026-03-15T12:00:00.xZ",
            "2026-03-15T12:00:00.Z",
            "2026-03-15T12:00:00+2:00",
            "2026-03-15T12:00:00+0200",
            "2026-03-15T12:00:00ZZ",
            "Z",
            "äöüß-01-01",
        ] {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn adds_calendar_months() {
        assert_eq!(at("2026-03-15T12:00:00Z").plus_months(13), at("2027-04-15T12:00:00Z"));
        assert_eq!(
            at("2026-01-31T00:00:00.007Z").plus_months(13),
            at("2027-02-28T00:00:00.007Z")
        );
        assert_eq!(at("2027-01-31T00:00:00Z").plus_months(13), at("2028-02-29T00:00:00Z"));
        assert_eq!(at("2026-11-30T00:00:00Z").plus_months(1), at("2026-12-30T00:00:00Z"));
    }
}
