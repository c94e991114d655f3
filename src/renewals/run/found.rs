//! Whether an order is the one of which nobody knows whether it was placed.

use api::marker::digest;

use crate::{
    estate::{Known, Standing, key_text},
    journal::Renewal,
    time::MINUTE,
};

/// What an order is to a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It was placed for it.
    Own,
    /// Somebody else has ordered the renewal.
    Others,
}

/// Clocks differ by so much at most.
const SLACK: i64 = 10 * MINUTE;

/// What an order is to the renewal of the order `of`: by the name that it was given in its marker, or by its key. Another one
/// that says that it replaces the same, was created since, and shows another key, was placed by somebody else.
pub(super) fn in_order(order: &Known, renewal: &Renewal, of: &str) -> Option<Found> {
    if order.id == of {
        return None;
    }
    let once_id = renewal.once_id.as_deref().map(|name| digest(&[name]));
    let csr = renewal.csr.as_deref().map(key_text);
    if (order.once_id.is_some() && order.once_id == once_id) || (order.csr.is_some() && order.csr == csr) {
        return Some(Found::Own);
    }
    let is_since = order
        .created
        .is_none_or(|created| created >= renewal.placing_at.saturating_sub(SLACK));
    let is_alive = matches!(order.standing, Standing::UnderWay | Standing::InForce);
    let is_others = order.replaces.as_deref() == Some(of) && is_alive && is_since && order.csr.is_some();
    is_others.then_some(Found::Others)
}
