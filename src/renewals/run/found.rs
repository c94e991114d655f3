//! Whether an order is the one of which nobody knows whether it was placed.

use api::{csr_key::readable_key, marker::digest};

use crate::{
    estate::{Known, Standing},
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
    let key = renewal.csr.as_deref().and_then(readable_key);
    if (order.once_id.is_some() && order.once_id == once_id) || (order.key.is_some() && order.key == key) {
        return Some(Found::Own);
    }
    let is_since = order
        .created
        .is_none_or(|created| created >= renewal.placing_at.saturating_sub(SLACK));
    let is_alive = matches!(order.standing, Standing::UnderWay | Standing::InForce);
    let is_others = order.replaces.as_deref() == Some(of) && is_alive && is_since && order.key.is_some();
    is_others.then_some(Found::Others)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{journal::State, policy::Policy};

    const CSR: &str = include_str!("../../../tests/client/data/shop.csr");
    const OTHER: &str = include_str!("../../../tests/client/data/shop_new_key.csr");

    #[test]
    fn an_order_is_known_by_its_key_however_it_shows_the_csr() {
        let entries = [
            json!({ "at": 0, "order": "old", "step": "begun", "commonName": "shop.example.com", "notAfter": 1 }),
            json!({ "at": 0, "order": "old", "step": "keyed", "csr": CSR }),
            json!({ "at": 0, "order": "old", "step": "placing", "onceId": "old.1" }),
        ];
        let journal = State::of(entries.map(|entry| entry.to_string()));
        let renewal = journal.get("old").unwrap();
        let base64 = |csr: &str| -> String { csr.lines().filter(|line| !line.starts_with('-')).collect() };
        for (csr, found) in [
            (CSR.to_owned(), Some(Found::Own)),
            (CSR.replace('\n', "\r\n"), Some(Found::Own)),
            (CSR.replace('\n', ""), Some(Found::Own)),
            (base64(CSR), Some(Found::Own)),
            (OTHER.to_owned(), Some(Found::Others)),
            (OTHER.replace('\n', ""), Some(Found::Others)),
            // Masked, or shown in part: nobody can tell whose it is.
            ("***".to_owned(), None),
            ("-----BEGIN CERTIFICATE REQUEST-----***".to_owned(), None),
            (CSR.chars().take(200).collect(), None),
        ] {
            let order = json!({
                "id": "new", "status": "DIGI_PENDING", "comments": "[mmc once=0 replaces=old]", "cert": { "csr": csr },
            });
            let order = Known::of(&order, 0, &Policy::default(), None, true).unwrap();
            assert_eq!(in_order(&order, renewal, "old"), found, "{csr}");
        }
    }
}
