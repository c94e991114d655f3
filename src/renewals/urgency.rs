//! How near the end of a certificate is.

use crate::{time::Ms, words::words};

words! {
    /// How near the end of a certificate is that has no successor.
    RenewalUrgency {
        /// It is not due.
        None = "none",
        /// It is due.
        Due = "due",
        /// Half of the time is over that there was for it.
        Soon = "soon",
        /// Less than a fifth of it is left, or it is revoked and to be replaced.
        Urgent = "urgent",
        /// It has ended.
        Ended = "ended",
    }
}

/// How near the end of a certificate is that has no successor.
#[must_use]
pub fn urgency(due: Ms, not_after: Ms, now: Ms) -> RenewalUrgency {
    let span = not_after.saturating_sub(due);
    let left = not_after.saturating_sub(now);
    if left <= 0 {
        RenewalUrgency::Ended
    } else if now < due {
        RenewalUrgency::None
    } else if left.saturating_mul(5) < span {
        RenewalUrgency::Urgent
    } else if left.saturating_mul(2) < span {
        RenewalUrgency::Soon
    } else {
        RenewalUrgency::Due
    }
}
