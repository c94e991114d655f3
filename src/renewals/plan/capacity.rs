//! How many calls a plan takes, and whether an estate fits the limit at all.

use serde::{Deserialize, Serialize};

use crate::{
    policy::{At, LIVES},
    time::{DAY, Ms},
};

/// Calls for each renewal: two looks for an order that is there already, the order, one download, and what it has of the
/// lists that show when all are issued.
pub const CALLS_FOR_EACH: u64 = 5;

/// The limit of the service: so many calls in so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    /// So many calls …
    pub calls: u32,
    /// … in so many milliseconds.
    pub window_ms: u32,
}

impl Default for Limit {
    /// 100 a minute (guide 4).
    fn default() -> Self {
        Self {
            calls: 100,
            window_ms: 60_000,
        }
    }
}

/// How many calls a plan takes, and whether the estate fits the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalCapacity {
    /// About so many calls carry the plan out.
    pub calls: u64,
    /// So many minutes they take under the limit, at least.
    pub minutes: u64,
    /// The same for the estate, by how long certificates may live.
    pub rules: Vec<RenewalRule>,
}

/// What an estate takes while certificates live so long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RenewalRule {
    /// The most days that a certificate may live.
    pub days: u32,
    /// Renewals a day, rounded up.
    pub renewals_per_day: u64,
    /// Calls a day, one run among them.
    pub calls_per_day: u64,
    /// So many minutes of a day they take under the limit.
    pub minutes_per_day: u64,
    /// Whether that is less than a day.
    pub fits: bool,
}

/// What it takes. `reading`: calls of one look at everything.
pub(crate) fn of(renewals: u64, certificates: u64, reading: u64, at: At, limit: Limit) -> RenewalCapacity {
    let minutes = |calls: u64| {
        let spans = calls.saturating_mul(limit.window_ms.into());
        spans.div_ceil(u64::from(limit.calls.max(1)).saturating_mul(60_000))
    };
    let each = |renewals: u64| renewals.saturating_mul(CALLS_FOR_EACH);
    // A run looks at everything once more than a plan does.
    let calls = each(renewals).saturating_add(reading);
    let rule = |life: Ms| {
        let used = life.saturating_sub(at.left_of(life)).max(DAY);
        let used = u64::try_from(used).unwrap_or(1);
        let day = DAY.unsigned_abs();
        let renewals_per_day = certificates.saturating_mul(day).div_ceil(used);
        let calls_per_day = each(renewals_per_day).saturating_add(reading);
        let minutes_per_day = minutes(calls_per_day);
        RenewalRule {
            days: u32::try_from(life.div_euclid(DAY)).unwrap_or(u32::MAX),
            renewals_per_day,
            calls_per_day,
            minutes_per_day,
            fits: minutes_per_day < 24 * 60,
        }
    };
    RenewalCapacity {
        calls,
        minutes: minutes(calls),
        // What held before is over.
        rules: LIVES.iter().rev().skip(1).map(|(_, life)| rule(*life)).collect(),
    }
}
