//! What every reply writes alike: dates, and values that there are not.

use serde_json::{Value, json};

use super::table::{Absent, Dates, Readings};
use crate::clock::{HOUR, SECOND, Timestamp};
use crate::http::Response;

/// The response as it is under these readings.
pub(crate) fn rewrite(response: Response, readings: &Readings) -> Response {
    if readings.dates == Dates::default() && readings.absent == Absent::default() {
        return response;
    }
    if response.header("content-type") != Some("application/json") {
        return response;
    }
    let mut body = response.body_json();
    rewrite_value(&mut body, readings);
    Response {
        // It was JSON before, and has text keys only: to write it cannot fail.
        body: serde_json::to_vec(&body).unwrap_or_default(),
        ..response
    }
}

fn rewrite_value(value: &mut Value, readings: &Readings) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite_value(item, readings)),
        Value::Object(fields) => {
            if readings.absent == Absent::LeftOut {
                fields.retain(|_, value| !value.is_null());
            }
            for (name, value) in fields.iter_mut() {
                if value.is_null() && readings.absent == Absent::EmptyText {
                    *value = "".into();
                } else if let Some(date) = date_of(name, value) {
                    *value = write(date, readings.dates);
                } else {
                    rewrite_value(value, readings);
                }
            }
        }
        _ => {}
    }
}

/// The date in a field that holds one, by its name: `dateCreated`, `providerDateCreated`.
fn date_of(name: &str, value: &Value) -> Option<Timestamp> {
    let is_named = name.starts_with("date") || name.contains("Date");
    value.as_str().filter(|_| is_named).and_then(Timestamp::parse)
}

fn write(date: Timestamp, dates: Dates) -> Value {
    let part = |text: &str, length| text.get(..length).unwrap_or_default().to_owned();
    match dates {
        Dates::Utc => date.to_string().into(),
        Dates::Offset => {
            let local = date.minus(HOUR.saturating_mul(7)).to_string();
            format!("{}-07:00", part(&local, 23)).into()
        }
        Dates::WithoutZone => part(&date.to_string(), 19).into(),
        Dates::Day => part(&date.to_string(), 10).into(),
        Dates::EpochMs => date.ms().into(),
        Dates::EpochSeconds => date.ms().div_euclid(SECOND).into(),
        Dates::List => {
            let date = date.date_time();
            let day = [date.year(), date.month().into(), date.day().into()];
            let time = [date.hour().into(), date.minutes().into(), date.seconds().into()];
            json!([day, time].concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_same_moment_in_every_form() {
        let date = Timestamp::parse("2026-03-15T03:04:05.678Z").unwrap();
        for (dates, written) in [
            (Dates::Utc, json!("2026-03-15T03:04:05.678Z")),
            (Dates::Offset, json!("2026-03-14T20:04:05.678-07:00")),
            (Dates::WithoutZone, json!("2026-03-15T03:04:05")),
            (Dates::Day, json!("2026-03-15")),
            (Dates::EpochMs, json!(1_773_543_845_678_u64)),
            (Dates::EpochSeconds, json!(1_773_543_845)),
            (Dates::List, json!([2026, 3, 15, 3, 4, 5])),
        ] {
            assert_eq!(write(date, dates), written);
        }
    }

    #[test]
    fn dates_and_absent_values_are_found_at_every_depth() {
        let readings = Readings::of([("dates", "epoch-s"), ("absent", "left-out")]).unwrap();
        let mut body = json!({ "content": [{ "text": "2026-03-15", "cert": { "csr": null, "dateCreated": "1970-01-02T00:00:00.000Z" } }] });
        rewrite_value(&mut body, &readings);
        assert_eq!(
            body,
            json!({ "content": [{ "text": "2026-03-15", "cert": { "dateCreated": 86_400 } }] })
        );
    }
}
