//! Time as a value. Nothing in this crate asks a clock: the caller says what time it is.

use core::fmt;
use core::time::Duration;

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

    /// Reads `2026-03-15`, `2026-03-15T12:00:00Z` or the latter with a fraction of a second.
    /// A date alone is its last millisecond, so that "until the 15th" holds all of the 15th.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() == 10 {
            let start = format!("{text}T00:00:00Z").parse().ok().map(Self::from_date_time)?;
            return Some(start.plus(DAY.saturating_sub(1)));
        }
        let (seconds, fraction) = match text.strip_suffix('Z')?.split_once('.') {
            Some((seconds, fraction)) => (seconds, fraction),
            None => (text.strip_suffix('Z')?, ""),
        };
        if !fraction.bytes().all(|digit| digit.is_ascii_digit()) || fraction.len() > 9 {
            return None;
        }
        let ms = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        format!("{seconds}Z")
            .parse()
            .ok()
            .map(|date| Self::from_date_time(date).plus(ms))
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
        for bad in [
            "",
            "tomorrow",
            "2026-02-30",
            "2026-03-15T12:00:00",
            "2026-03-15T12:00:00.xZ",
            "Z",
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
