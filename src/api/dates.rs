//! Dates of the service and of HTTP, in seconds since 1970.

use crate::decimal;

/// The days from 1970-01-01 to a day of the Gregorian calendar; nothing for a day that is not one.
///
/// Years are counted from March, so that the leap day is the last of its year.
#[must_use]
pub fn days_since_1970(year: i64, month: u32, day: u32) -> Option<i64> {
    let is_leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month.checked_sub(3)?)
    } else {
        (year.checked_sub(1)?, month.checked_add(9)?)
    };
    let before_month = i64::from(month).checked_mul(153)?.checked_add(2)?.div_euclid(5);
    let leap_days = year
        .div_euclid(4)
        .checked_sub(year.div_euclid(100))?
        .checked_add(year.div_euclid(400))?;
    year.checked_mul(365)?
        .checked_add(leap_days)?
        .checked_add(before_month)?
        .checked_add(i64::from(day))?
        // From 1 March of the year 0 to 1 January 1970, the first day counted as 1.
        .checked_sub(719_469)
}

/// A time of day in seconds. A leap second counts as the one before it.
#[must_use]
pub fn seconds_of_day(hour: u32, minute: u32, second: u32) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = i64::from(hour).checked_mul(60)?.checked_add(i64::from(minute))?;
    minutes.checked_mul(60)?.checked_add(i64::from(second.min(59)))
}

/// Milliseconds since 1970 as a date of ISO 8601; nothing before the year 0 and after 9999.
#[must_use]
pub fn iso(ms: i64) -> Option<String> {
    crate::facts::text_of(ms)
}

/// Reads a date of the service, with or without time and zone; without a zone it counts as UTC (RFC 3339, ISO 8601).
#[must_use]
pub fn seconds_since_1970(date: &str) -> Option<f64> {
    let date = date.trim();
    let (day, time) = match date.split_once(['T', 't', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (date, None),
    };
    let [year, month, day] = numbers(day, '-')?;
    let days = days_since_1970(year.into(), month, day)?;
    let (of_day, fraction) = match time {
        Some(time) => moment(time)?,
        None => (0, 0.0),
    };
    let seconds = days.checked_mul(86_400)?.checked_add(of_day)?;
    u32::try_from(seconds).ok().map(|seconds| f64::from(seconds) + fraction)
}

/// A time of day with its zone, as seconds from midnight UTC, and the part of a second.
fn moment(time: &str) -> Option<(i64, f64)> {
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at_checked(zone)?;
    let (time, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let fraction = decimal(&format!("0.{fraction}"))?;
    let [hour, minute, second] = match time.matches(':').count() {
        1 => {
            let [hour, minute] = numbers(time, ':')?;
            [hour, minute, 0]
        }
        _ => numbers(time, ':')?,
    };
    let east = offset(zone)?;
    let of_day = seconds_of_day(hour, minute, second)?.checked_sub(east)?;
    Some((of_day, fraction))
}

/// How far a zone is east of UTC, in seconds: `Z`, `+02:00`, `+0200`, `+02`, or none.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next() {
        None | Some('Z' | 'z') => return (zone.len() <= 1).then_some(0),
        Some('-') => -1,
        Some(_) => 1,
    };
    let digits: String = zone.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    seconds_of_day(number(hours)?, number(minutes)?, 0)?.checked_mul(sign)
}

/// So many whole numbers between separators.
fn numbers<const COUNT: usize>(text: &str, separator: char) -> Option<[u32; COUNT]> {
    let parts: Option<Vec<u32>> = text.split(separator).map(number).collect();
    parts?.try_into().ok()
}

fn number(text: &str) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use crate::facts::Fact as _;

    use super::*;

    #[test]
    fn days_are_counted_from_1970_over_leap_years() {
        for ((year, month, day), days) in [
            ((1970, 1, 1), 0),
            ((1970, 3, 1), 59),
            ((2000, 2, 29), 11_016),
            ((2100, 3, 1), 47_541),
            ((1969, 12, 31), -1),
        ] {
            assert_eq!(days_since_1970(year, month, day), Some(days), "{year}-{month}-{day}");
        }
        let first = days_since_1970(1999, 12, 31).unwrap();
        let year_2000 = (1..=12).flat_map(|month| (1..=31).filter_map(move |day| days_since_1970(2000, month, day)));
        let year_2000: Vec<i64> = year_2000.collect();
        assert_eq!(year_2000, (first + 1..=first + 366).collect::<Vec<_>>());
    }

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
        for date in [
            "",
            "soon",
            "2026-13-01",
            "2026-02-29",
            "2026-11-31",
            "23.11.2026",
            "2026-11-23T25:00:00",
            "2026-11-23Tx",
            "2026-11-23T12:00:00+9",
            "2026-11-23T12:00:00Zulu",
        ] {
            assert_eq!(seconds_since_1970(date), None, "{date}");
        }
    }

    #[test]
    fn what_facts_read_of_a_date_is_the_moment_that_the_package_reads() {
        let table: serde_json::Value = serde_json::from_str(include_str!("../../tests/dates.json")).unwrap();
        for row in table.as_array().unwrap() {
            let order = serde_json::json!({ "cert": { "dateValidUntil": row["value"] } });
            let order = crate::facts::OrderFacts::read(&order).unwrap();
            let date = order.cert.unwrap().date_valid_until.map(|date| date.0);
            let expected = row["date"].as_str().and_then(seconds_since_1970);
            assert_eq!(
                date.as_deref().and_then(seconds_since_1970),
                expected,
                "{}",
                row["value"]
            );
        }
    }
}
