//! When something that failed is tried again: later each time, and sooner when the end is near.

use crate::{
    journal::Renewal,
    time::{DAY, HOUR, MINUTE, Ms},
};

/// An hour after the first failure, then 2, 4 … 24 hours; never more than an eighth of what was left of the certificate when it
/// failed, and no less than ten minutes.
#[must_use]
pub fn retry_at(renewal: &Renewal) -> Ms {
    let doublings = renewal.failures.saturating_sub(1).min(5);
    let pause = HOUR.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(1)).min(DAY);
    let end = if renewal.what.is_revoked {
        renewal.failed_at
    } else {
        renewal.what.not_after
    };
    let left = end.saturating_sub(renewal.failed_at);
    let pause = pause.min(left.div_euclid(8)).max(10 * MINUTE);
    if renewal.failures == 0 {
        return renewal.failed_at;
    }
    renewal.failed_at.saturating_add(pause)
}
