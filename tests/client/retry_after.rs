//! What headers say about the wait after a 429.

use std::time::Duration;

use markmonitor_certs::client::retry_after::{self, retry_after};

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// 2026-01-01T00:00:00Z, a Thursday.
const NOW: u64 = 1_767_225_600_000;

fn read(headers: &[(&str, &str)]) -> Option<Duration> {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    retry_after(&headers, || NOW)
}

#[test]
fn retry_after_in_seconds() {
    assert_eq!(read(&[("retry-after", "61")]), Some(seconds(61)));
    assert_eq!(read(&[("retry-after", " 86400 ")]), Some(seconds(86_400)));
    assert_eq!(read(&[("retry-after", "1.5")]), Some(millis(1_500)));
}

#[test]
fn retry_after_as_a_date_in_each_form_of_rfc_9110() {
    for date in [
        "Thu, 01 Jan 2026 00:01:30 GMT",
        "Thursday, 01-Jan-26 00:01:30 GMT",
        "Thu Jan  1 00:01:30 2026",
    ] {
        assert_eq!(read(&[("retry-after", date)]), Some(seconds(90)), "{date}");
    }
}

#[test]
fn dates_follow_the_calendar() {
    // Each number of days is `date -d … +%s` over 86 400.
    for (date, days) in [
        ("Sat, 28 Feb 2026 00:00:00 GMT", 20_512),
        ("Sun, 01 Mar 2026 00:00:00 GMT", 20_513),
        ("Thu, 31 Dec 2026 00:00:00 GMT", 20_818),
        ("Tue, 29 Feb 2028 00:00:00 GMT", 21_243),
        ("Wed, 01 Mar 2028 00:00:00 GMT", 21_244),
        ("Mon, 01 Mar 2100 00:00:00 GMT", 47_541),
    ] {
        let headers = [("date".to_owned(), date.to_owned())];
        assert_eq!(retry_after::date(&headers), Some(days * 86_400_000), "{date}");
    }
}

#[test]
fn what_cannot_be_read_is_over_or_is_nothing_says_nothing() {
    for value in [
        "3155760000",
        "0",
        "-1",
        "abc",
        "",
        "inf",
        "1e3",
        ".5",
        "1 000",
        "99999999999999999999999999",
        "Wed, 31 Dec 2025 23:59:59 GMT",
        "Thu, 01 Jan 2026 24:00:00 GMT",
        "Thu, 01 Foo 2026 00:01:30 GMT",
        "Thu, 00 Jan 2026 00:01:30 GMT",
        "Thu, 01 Jan 99999999999999999999 00:01:30 GMT",
    ] {
        assert_eq!(read(&[("retry-after", value)]), None, "{value}");
        assert_eq!(
            read(&[("retry-after", value), ("ratelimit-reset", "7")]),
            Some(seconds(7)),
            "{value}"
        );
    }
    assert_eq!(read(&[]), None);
}

#[test]
fn rate_limit_headers_of_every_draft() {
    assert_eq!(
        read(&[("ratelimit", "limit=100, remaining=0, reset=30")]),
        Some(seconds(30))
    );
    assert_eq!(read(&[("ratelimit", "\"default\";r=0;t=31")]), Some(seconds(31)));
    assert_eq!(read(&[("ratelimit-reset", "32")]), Some(seconds(32)));
    assert_eq!(read(&[("x-ratelimit-reset", "33")]), Some(seconds(33)));
    assert_eq!(read(&[("ratelimit", "limit=100")]), None);
}

#[test]
fn x_rate_limit_reset_may_be_a_point_in_time() {
    assert_eq!(read(&[("x-ratelimit-reset", "1767225634")]), Some(seconds(34)));
    assert_eq!(read(&[("x-ratelimit-reset", "1767225635000")]), Some(seconds(35)));
    assert_eq!(read(&[("x-ratelimit-reset", "1767225599")]), None);
}

#[test]
fn retry_after_comes_before_the_others() {
    assert_eq!(
        read(&[
            ("x-ratelimit-reset", "9"),
            ("ratelimit", "reset=8"),
            ("retry-after", "7")
        ]),
        Some(seconds(7))
    );
}
