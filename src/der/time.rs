//! `UTCTime` and `GeneralizedTime`.

use crate::{error::DerError, reader::Element, tag};

/// A point in time, to the second (RFC 5280, 4.1.2.5).
///
/// ```asn1
/// Time ::= CHOICE {
///     utcTime      UTCTime,                      -- YYMMDDHHMMSSZ, up to 2049
///     generalTime  GeneralizedTime               -- YYYYMMDDHHMMSSZ, from 2050 on
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix: i64,
}

impl Time {
    /// Reads a `UTCTime` or a `GeneralizedTime`.
    pub fn read(element: &Element<'_>) -> Result<Self, DerError> {
        match element.tag {
            // Some write all four digits of the year into the type that has two.
            tag::UTC_TIME if leading_digits(element.content) < 14 => Self::with_year(element, 2),
            tag::UTC_TIME | tag::GENERALIZED_TIME => Self::with_year(element, 4),
            _ => Err(DerError::new("a time", tag::describe(element.tag), element.offset)),
        }
    }

    /// Reads what is a `GeneralizedTime` by its place.
    pub fn generalized(element: &Element<'_>) -> Result<Self, DerError> {
        Self::with_year(element, 4)
    }

    /// Whether it is written as certificates have it (RFC 5280, 4.1.2.5.1 and 4.1.2.5.2): to the second, in UTC.
    #[must_use]
    pub fn is_strict(element: &Element<'_>) -> bool {
        let digits = match element.tag {
            tag::UTC_TIME => 12,
            tag::GENERALIZED_TIME => 14,
            _ => return false,
        };
        let text = element.content;
        leading_digits(text) == digits && text.get(digits..) == Some(b"Z") && !text.ends_with(b"60Z")
    }

    fn with_year(element: &Element<'_>, digits: usize) -> Result<Self, DerError> {
        let text = core::str::from_utf8(element.content).ok();
        let unreadable = || DerError::new("a time", "one that is not written as RFC 5280 has it", element.offset);
        text.and_then(|text| Self::parse(text, digits)).ok_or_else(unreadable)
    }

    /// No field has more than four digits, so that nothing here comes near an overflow.
    #[allow(clippy::arithmetic_side_effects)]
    fn parse(text: &str, year_digits: usize) -> Option<Self> {
        let (year, rest) = text.split_at_checked(year_digits)?;
        let (fields, zone) = rest.split_at_checked(leading_digits(rest.as_bytes()))?;
        let field = |from: usize| fields.get(from..from + 2).map_or(Some(0), number);
        if !matches!(fields.len(), 8 | 10) {
            return None;
        }
        let year = match number(year)? {
            // RFC 5280, 4.1.2.5.1: 50 and above are the years of the last century.
            year if year_digits > 2 => year,
            year @ 50.. => year + 1900,
            year => year + 2000,
        };
        let (month, day, hour, minute, second) = (field(0)?, field(2)?, field(4)?, field(6)?, field(8)?);
        let zone = zone.trim_start_matches(|c: char| matches!(c, '.' | ',') || c.is_ascii_digit());
        let east = match zone.as_bytes() {
            [] | b"Z" => 0,
            [sign @ (b'+' | b'-'), ..] => {
                let minutes = number(zone.get(1..3)?)? * 60 + zone.get(3..5).map_or(Some(0), number)?;
                if *sign == b'+' { minutes } else { -minutes }
            }
            _ => return None,
        };
        let possible = (1..=12).contains(&month) && hour < 24 && minute < 60 && second <= 60;
        let days = days_from_civil(year, month, day);
        // No month has a day 0, and none but seven a 31st.
        if !possible || civil_from_days(days) != (year, month, day) {
            return None;
        }
        let minutes = (days * 24 + hour) * 60 + minute - east;
        Some(Self {
            unix: minutes * 60 + second,
        })
    }

    /// `2026-01-31T12:00:00Z`.
    #[must_use]
    pub fn to_iso(self) -> String {
        let days = self.unix.div_euclid(86_400);
        let second_of_day = self.unix.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (
            second_of_day.div_euclid(3600),
            second_of_day.rem_euclid(3600).div_euclid(60),
            second_of_day.rem_euclid(60),
        );
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|octet| octet.is_ascii_digit()).count()
}

/// A number in at most four digits.
fn number(digits: &str) -> Option<i64> {
    let are_digits = digits.bytes().all(|octet| octet.is_ascii_digit());
    digits.parse().ok().filter(|_| are_digits)
}

/// Days since 1970-01-01 of a day of the Gregorian calendar. Years are counted from March, so that the day that
/// leap years add comes last, and in eras of 400 years, which all have 146,097 days.
#[allow(clippy::arithmetic_side_effects)]
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let from_march = (month + 9).rem_euclid(12);
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (from_march * 153 + 2).div_euclid(5) + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era.div_euclid(4) - year_of_era.div_euclid(100) + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse. The times that are read have four-digit years, so that nothing here comes near an overflow.
#[allow(clippy::arithmetic_side_effects)]
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era.div_euclid(1460) + day_of_era.div_euclid(36_524)
        - day_of_era.div_euclid(146_096))
    .div_euclid(365);
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era.div_euclid(4) - year_of_era.div_euclid(100));
    let from_march = (5 * day_of_year + 2).div_euclid(153);
    let day = day_of_year - (153 * from_march + 2).div_euclid(5) + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use crate::{reader::Reader, tag};

    use super::Time;

    #[test]
    fn times_are_read_and_written() {
        let read = |text: &str| {
            let digits = if text.len() > 13 { 4 } else { 2 };
            Time::parse(text, digits).map(Time::to_iso)
        };
        assert_eq!(read("700101000000Z").as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(read("491231235959Z").as_deref(), Some("2049-12-31T23:59:59Z"));
        assert_eq!(read("500101000000Z").as_deref(), Some("1950-01-01T00:00:00Z"));
        assert_eq!(read("20240229120000Z").as_deref(), Some("2024-02-29T12:00:00Z"));
        assert_eq!(read("99991231235959Z").as_deref(), Some("9999-12-31T23:59:59Z"));
        assert_eq!(read("20200101013000.5Z").as_deref(), Some("2020-01-01T01:30:00Z"));
        assert_eq!(
            Time::parse("2001010130+0100", 2).map(Time::to_iso).as_deref(),
            Some("2020-01-01T00:30:00Z")
        );
        assert_eq!(read("201301000000Z"), None);
        for impossible in [
            "260230000000Z",
            "270229000000Z",
            "260431000000Z",
            "20260931000000Z",
            "260100000000Z",
        ] {
            assert_eq!(read(impossible), None, "{impossible}");
        }
        assert_eq!(read("hello"), None);
    }

    #[test]
    fn each_part_of_a_time_has_its_bounds() {
        let utc = |text: &str| Time::parse(text, 2).map(Time::to_iso);
        for (text, iso) in [
            ("2601010000Z", "2026-01-01T00:00:00Z"),
            ("261231235960Z", "2027-01-01T00:00:00Z"),
            ("260101000000", "2026-01-01T00:00:00Z"),
            ("260101000000-0130", "2026-01-01T01:30:00Z"),
            ("260101000000+01", "2025-12-31T23:00:00Z"),
            ("260101000000,123Z", "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(iso), "{text}");
        }
        for text in [
            "260001000000Z",
            "261301000000Z",
            "260100000000Z",
            "260132000000Z",
            "260101240000Z",
            "260101006000Z",
            "260101000061Z",
            "26010100000Z",
            "26010100Z",
            "2601010000001Z",
            "2a0101000000Z",
            "260101000000X",
            "260101000000+",
            "260101000000+0x",
            "260101000000+01xx",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
        assert_eq!(
            Time::parse("20000229000000Z", 4).map(|time| time.unix),
            Some(951_782_400)
        );
        assert_eq!(
            Time::parse("19000301000000Z", 4).map(|time| time.unix),
            Some(-2_203_891_200)
        );
        assert_eq!(
            Time::parse("00000301000000Z", 4).map(Time::to_iso).as_deref(),
            Some("0000-03-01T00:00:00Z")
        );
    }

    #[test]
    fn the_year_has_two_or_four_digits_by_its_type_and_by_their_number() {
        let read = |tag: u8, text: &str| {
            let length = u8::try_from(text.len()).expect("it is short");
            let encoded = [&[tag, length], text.as_bytes()].concat();
            let element = Reader::new(&encoded).any("a time").expect("it is whole");
            Time::read(&element).map(Time::to_iso).ok()
        };
        let time = Some("2026-01-31T12:00:00Z".to_owned());
        assert_eq!(read(tag::UTC_TIME, "260131120000Z"), time);
        assert_eq!(read(tag::UTC_TIME, "20260131120000Z"), time);
        assert_eq!(read(tag::GENERALIZED_TIME, "20260131120000Z"), time);
        assert_eq!(read(tag::GENERALIZED_TIME, "260131120000Z"), None);
        assert_eq!(read(tag::NULL, "260131120000Z"), None);
    }
}
