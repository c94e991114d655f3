//! How long a certificate may live, by the day of its issue.

use std::time::Duration;

use der::DateTime;
use x509_cert::time::{Time, Validity};

use crate::clock::{DAY, SECOND, Timestamp};

/// The most days of validity for certificates issued from a day on (Baseline Requirements 6.3.2, ballot SC-081v3).
const LONGEST: [(u64, u64); 3] = [
    (1_868_227_200_000 /* 2029-03-15 */, 47),
    (1_805_068_800_000 /* 2027-03-15 */, 100),
    (1_773_532_800_000 /* 2026-03-15 */, 200),
];

/// The most days before any of them.
const LONGEST_BEFORE: u64 = 398;

/// First and last moment of a certificate issued at this time, in whole seconds. Both ends belong to it.
pub(super) fn of_leaf(at: Timestamp) -> (Timestamp, Timestamp) {
    let days = LONGEST
        .iter()
        .find(|(from, _)| at.ms() >= *from)
        .map_or(LONGEST_BEFORE, |(_, days)| *days);
    let start = at.minus(at.ms().rem_euclid(SECOND));
    (start, start.plus(days.saturating_mul(DAY)).minus(SECOND))
}

/// The same as X.509 has it.
pub(super) fn validity(from: Timestamp, until: Timestamp) -> der::Result<Validity> {
    Ok(Validity::new(time(from)?, time(until)?))
}

fn time(at: Timestamp) -> der::Result<Time> {
    Ok(Time::from(DateTime::from_unix_duration(Duration::from_millis(
        at.ms(),
    ))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_validity_follows_the_baseline_requirements() {
        let days = |issued| {
            let (from, until) = of_leaf(Timestamp::parse(issued).unwrap());
            (until.since(from) + SECOND).div_euclid(DAY)
        };
        assert_eq!(days("2026-03-14T23:59:59.999Z"), 398);
        assert_eq!(days("2026-03-15T00:00:00Z"), 200);
        assert_eq!(days("2027-03-14T23:59:59Z"), 200);
        assert_eq!(days("2027-03-15T00:00:00Z"), 100);
        assert_eq!(days("2029-03-14T23:59:59Z"), 100);
        assert_eq!(days("2029-03-15T00:00:00Z"), 47);
    }
}
