//! Dates in the forms in which services write them, read as text of ISO 8601.

use serde_json::Value;

use super::fact::Fact;
use crate::dates::seconds_since_1970;

/// A date as text: text passes as it is, numbers and lists become text. Nothing is read of what is empty or not a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Date(pub(crate) String);

/// In seconds: as far behind UTC as the last place on earth is.
const HALF_DAY: f64 = 43_200.0;

impl Date {
    /// The moment, in seconds since 1970; nothing of what is not a date.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        seconds_since_1970(&self.0)
    }

    /// The last moment that it may be, in seconds since 1970: without a zone it is the time of any place on earth, and
    /// without a time any of the day, without seconds any of the minute, without parts of a second any of that.
    #[must_use]
    pub fn latest(&self) -> Option<f64> {
        let Some((_, time)) = self.0.split_once(['T', 't', ' ']) else {
            return Some(self.seconds()? + 3.0 * HALF_DAY);
        };
        let zone = time.find(['Z', 'z', '+', '-']);
        let clock = zone.and_then(|at| time.get(..at)).unwrap_or(time);
        let left = match clock.bytes().filter(|octet| *octet == b':').count() {
            _ if clock.contains(['.', ',']) => 0.0,
            2 => 0.999,
            _ => 59.999,
        };
        let of_zone = if zone.is_some() { 0.0 } else { HALF_DAY };
        Some(self.seconds()? + left + of_zone)
    }
}

impl Fact for Date {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => {
                let text = text.trim();
                // Java's ZonedDateTime names the zone behind the offset.
                let text = text.split_once('[').map_or(text, |(date, _)| date);
                match text.parse() {
                    // Year, month and day without a hyphen: as seconds it would be in the years before 1974.
                    Ok(number @ 10_000_000..=99_999_999) if text.len() == 8 => Some(of_digits(number)),
                    Ok(number) => of_number(number),
                    Err(_) if text.is_empty() => None,
                    Err(_) => Some(Self(text.to_owned())),
                }
            }
            Value::Number(number) => of_number(whole(number.as_f64()?)),
            Value::Array(parts) => of_parts(parts),
            _ => None,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and drops parts of a millisecond"
)]
const fn whole(number: f64) -> i64 {
    number as i64
}

/// Seconds since 1970 up to the year 5138, and milliseconds from 1973 on: nothing here lies so far off.
fn of_number(number: i64) -> Option<Date> {
    let is_in_seconds = number.unsigned_abs() < 100_000_000_000;
    if !is_in_seconds {
        return text_of(number).map(Date);
    }
    // It may be any part of that second.
    let text = text_of(number.saturating_mul(1_000))?;
    Some(Date([text.strip_suffix(".000Z")?, "Z"].concat()))
}

fn of_digits(number: i64) -> Date {
    let (year, rest) = (number.div_euclid(10_000), number.rem_euclid(10_000));
    let (month, day) = (rest.div_euclid(100), rest.rem_euclid(100));
    Date(format!("{year:04}-{month:02}-{day:02}"))
}

/// Year, month, day, and perhaps hour, minute and second, in no zone that they name; a part of a second is dropped.
fn of_parts(parts: &[Value]) -> Option<Date> {
    let parts: Vec<i64> = parts
        .iter()
        .map(|part| part.as_f64().map(whole))
        .collect::<Option<_>>()?;
    let [year, month, day, ref time @ ..] = *parts.as_slice() else {
        return None;
    };
    let day = format!("{year:04}-{month:02}-{day:02}");
    if time.is_empty() {
        return Some(Date(day));
    }
    let of_day = |at: usize| time.get(at).copied().unwrap_or_default();
    let (hour, minute, second) = (of_day(0), of_day(1), of_day(2));
    Some(Date(format!("{day}T{hour:02}:{minute:02}:{second:02}")))
}

/// Milliseconds since 1970 as a date of ISO 8601, from the year 0 to 9999.
///
/// The calendar day is found as Howard Hinnant's `civil_from_days` does: years begin in March, in eras of 400.
pub(crate) fn text_of(ms: i64) -> Option<String> {
    let (days, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let days = days.checked_add(719_468)?;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leaps = of_era
        .div_euclid(1_460)
        .checked_add(of_era.div_euclid(146_096))?
        .checked_sub(of_era.div_euclid(36_524))?;
    let year_of_era = of_era.checked_sub(leaps)?.div_euclid(365);
    let before_year = year_of_era
        .checked_mul(365)?
        .checked_add(year_of_era.div_euclid(4))?
        .checked_sub(year_of_era.div_euclid(100))?;
    let of_year = of_era.checked_sub(before_year)?;
    let march_month = of_year.checked_mul(5)?.checked_add(2)?.div_euclid(153);
    let before_month = march_month.checked_mul(153)?.checked_add(2)?.div_euclid(5);
    let day = of_year.checked_sub(before_month)?.checked_add(1)?;
    let month = if march_month < 10 {
        march_month.checked_add(3)?
    } else {
        march_month.checked_sub(9)?
    };
    let year = era
        .checked_mul(400)?
        .checked_add(year_of_era)?
        .checked_add(i64::from(month <= 2))?;
    let (seconds, ms) = (of_day.div_euclid(1_000), of_day.rem_euclid(1_000));
    let (minutes, second) = (seconds.div_euclid(60), seconds.rem_euclid(60));
    let (hour, minute) = (minutes.div_euclid(60), minutes.rem_euclid(60));
    (0..=9_999)
        .contains(&year)
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(date: &str) -> Option<String> {
        Date::read(&serde_json::from_str(date).unwrap()).map(|date| date.0)
    }

    #[test]
    fn the_last_moment_of_a_date_is_that_of_what_it_leaves_out() {
        let first = 1_773_543_845.0;
        for (written, left) in [
            ("1773543845678", 0.678),
            ("1773543845", 0.999),
            (r#""2026-03-15T03:04:05.5Z""#, 0.5),
            (r#""2026-03-15T03:04:05Z""#, 0.999),
            (r#""2026-03-15T03:04:05+00:00""#, 0.999),
            (r#""2026-03-15T03:04Z""#, 59.999 - 5.0),
            (r#""2026-03-15 03:04:05""#, 43_200.999),
            ("[2026,3,15,3,4,5]", 43_200.999),
            (r#""2026-03-15""#, 129_600.0 - 11_045.0),
            ("[2026,3,15]", 129_600.0 - 11_045.0),
        ] {
            let date = Date::read(&serde_json::from_str(written).unwrap()).unwrap();
            assert_eq!(
                date.latest().map(|latest| ((latest - first) * 1e3).round()),
                Some(left * 1e3),
                "{written}"
            );
        }
    }

    #[test]
    fn a_date_is_read_in_every_form_that_services_write() {
        for (written, read_as) in [
            (r#""2026-03-15T12:00:00Z""#, "2026-03-15T12:00:00Z"),
            (r#"" 2026-03-15 ""#, "2026-03-15"),
            (r#""soon""#, "soon"),
            ("1773543845678", "2026-03-15T03:04:05.678Z"),
            (r#""1773543845678""#, "2026-03-15T03:04:05.678Z"),
            ("1773543845", "2026-03-15T03:04:05Z"),
            ("1773543845.9", "2026-03-15T03:04:05Z"),
            ("951782400", "2000-02-29T00:00:00Z"),
            ("4107542399", "2100-02-28T23:59:59Z"),
            ("0", "1970-01-01T00:00:00Z"),
            ("[2026,3,15,3,4,5]", "2026-03-15T03:04:05"),
            ("[2026,3,15,3,4,5,678000000]", "2026-03-15T03:04:05"),
            ("[2026,3,15,3,4]", "2026-03-15T03:04:00"),
            ("[2026,3,15]", "2026-03-15"),
        ] {
            assert_eq!(read(written).as_deref(), Some(read_as), "{written}");
        }
        for none in [
            "null",
            r#""""#,
            r#"" ""#,
            "true",
            "{}",
            "[]",
            "[2026,3]",
            r#"["2026"]"#,
            "1e300",
            "-1e300",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
