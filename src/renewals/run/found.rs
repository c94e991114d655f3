//! Whether an order is the one of which nobody knows whether it was placed.

use api::{csr_key::readable_key, digest::digest};

use crate::{
    estate::{Known, Standing},
    journal::{Renewal, Step, What},
    time::MINUTE,
};

/// What an order is to a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// It was placed for it.
    Own,
    /// Somebody else has ordered the renewal.
    Others,
}

/// Clocks differ by so much at most.
const SLACK: i64 = 10 * MINUTE;

/// The step that says what was found of an order of which nobody knew.
pub(super) fn found_among<'a>(orders: impl Iterator<Item = &'a Known>, renewal: &Renewal, id: &str) -> Option<Step> {
    let mut others = None;
    for order in orders {
        let new_order = order.id.clone();
        match in_order(order, renewal, id) {
            Some(Found::Own) => return Some(Step::Placed { new_order }),
            Some(Found::Others) => others = Some(Step::Superseded { new_order }),
            None => {}
        }
    }
    others
}

/// What an order is to the renewal of the order `of`: by the name that it was given in its marker, or by its key. A signer may
/// use one key for many orders, so that the key alone says nothing: of an order without a marker, names and date have to be those
/// of this one; what is marked for something else is not it. Another one that says that it replaces the same, was created since,
/// and shows another key, was placed by somebody else.
fn in_order(order: &Known, renewal: &Renewal, of: &str) -> Option<Found> {
    if order.id == of {
        return None;
    }
    let what = &renewal.what;
    let is_since = match order.created {
        Some(created) => created >= renewal.placing_at.saturating_sub(SLACK),
        // Orders that were there before have no certificate that ends later.
        None => order.not_after.is_none_or(|end| end > what.not_after),
    };
    let is_alive = matches!(order.standing, Standing::UnderWay | Standing::InForce);
    let once_id = renewal.once_id.as_deref().map(|name| digest(&[name]));
    if order.once_id.is_some() && order.once_id == once_id && (is_alive || is_since) {
        return Some(Found::Own);
    }
    // What has ended without a certificate may be an earlier try: only its name tells.
    let key = order.key.as_ref().filter(|_| is_alive)?;
    let is_own_key = renewal.csr.as_deref().and_then(readable_key).as_ref() == Some(key);
    match order.replaces.as_deref() {
        // Of an earlier try as well, which is there after all.
        Some(replaced) if replaced == of && is_own_key => Some(Found::Own),
        Some(replaced) => (replaced == of && is_since).then_some(Found::Others),
        None => (is_own_key && is_since && !order.is_marked && is_of_names(order, what)).then_some(Found::Own),
    }
}

/// Whether an order is for these names. A certificate authority may add some.
fn is_of_names(order: &Known, what: &What) -> bool {
    let has = |name: &String| {
        let name = name.trim_end_matches('.');
        order.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    };
    has(&what.common_name) && what.dns_names.iter().all(has)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        estate::Aside,
        journal::State,
        policy::Policy,
        time::{DAY, Ms},
    };

    const CSR: &str = include_str!("../../../tests/client/data/shop.csr");
    const OTHER: &str = include_str!("../../../tests/client/data/shop_new_key.csr");

    /// When the order was sent.
    const SENT: Ms = 20_000 * DAY;

    fn found(order: &Value) -> Option<Found> {
        let entries = [
            json!({ "at": 0, "order": "old", "step": "begun", "commonName": "shop.example.com",
                "dnsNames": ["www.shop.example.com"], "notAfter": SENT + 30 * DAY }),
            json!({ "at": 0, "order": "old", "step": "keyed", "csr": CSR }),
            json!({ "at": SENT, "order": "old", "step": "placing", "onceId": "old.2" }),
        ];
        let journal = State::of(entries.map(|entry| entry.to_string()));
        let aside = Aside {
            is_open: true,
            ..Aside::default()
        };
        let order = Known::of(order, SENT, &Policy::default(), aside).unwrap();
        in_order(&order, journal.get("old").unwrap(), "old")
    }

    #[test]
    fn an_order_is_known_by_its_key_however_it_shows_the_csr() {
        let base64 = |csr: &str| -> String { csr.lines().filter(|line| !line.starts_with('-')).collect() };
        for (csr, expected) in [
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
            assert_eq!(found(&order), expected, "{csr}");
        }
    }

    #[test]
    fn a_key_that_many_orders_have_says_nothing_alone() {
        let own = format!("[mmc once=0 id={} replaces=old]", digest(&["old.2"]));
        let earlier = format!("[mmc once=0 id={} replaces=old]", digest(&["old.1"]));
        let (before, since, later) = (SENT - 30 * DAY, SENT + MINUTE, SENT + 90 * DAY);
        for (fields, expected) in [
            (json!({ "dateCreated": since }), Some(Found::Own)),
            (json!({ "dateCreated": before }), None),
            (json!({}), Some(Found::Own)),
            // An order that was there before, in force or not.
            (json!({ "status": "DIGI_ISSUED", "end": SENT + 20 * DAY }), None),
            (json!({ "status": "DIGI_EXPIRED", "end": SENT - 10 * DAY }), None),
            (
                json!({ "status": "DIGI_EXPIRED", "end": SENT - 10 * DAY, "dateCreated": before }),
                None,
            ),
            (json!({ "status": "DIGI_ISSUED", "end": later }), Some(Found::Own)),
            (
                json!({ "status": "DIGI_ISSUED", "end": later, "dateCreated": before }),
                None,
            ),
            (json!({ "status": "DIGI_CANCELED", "dateCreated": since }), None),
            // Of other names.
            (json!({ "commonName": "SHOP.example.com." }), Some(Found::Own)),
            (json!({ "commonName": "pay.example.com" }), None),
            (json!({ "commonName": null }), None),
            (json!({ "dnsNames": null }), None),
            (
                json!({ "dnsNames": ["WWW.shop.example.com", "shop.example.com"] }),
                Some(Found::Own),
            ),
            (json!({ "dnsNames": ["pay.example.com"] }), None),
            // Marked for this one, for an earlier try of it, or for another.
            (
                json!({ "comments": own, "status": "DIGI_CANCELED", "dateCreated": since }),
                Some(Found::Own),
            ),
            (json!({ "comments": own, "csr": null }), Some(Found::Own)),
            (
                json!({ "comments": own, "status": "DIGI_CANCELED", "dateCreated": before }),
                None,
            ),
            (json!({ "comments": earlier, "dateCreated": before }), Some(Found::Own)),
            (
                json!({ "comments": earlier, "status": "DIGI_CANCELED", "dateCreated": before }),
                None,
            ),
            (
                json!({ "comments": "[mmc once=0 replaces=older]", "dateCreated": since }),
                None,
            ),
            (json!({ "comments": "[mmc once=0]", "dateCreated": since }), None),
            (
                json!({ "comments": "for the shop", "dateCreated": since }),
                Some(Found::Own),
            ),
        ] {
            let mut order = json!({
                "id": "new", "status": "DIGI_PENDING",
                "cert": { "commonName": "shop.example.com", "dnsNames": ["www.shop.example.com"], "csr": CSR },
            });
            for (name, value) in fields.as_object().unwrap() {
                match name.as_str() {
                    "end" => order["cert"]["dateValidUntil"] = value.clone(),
                    "commonName" | "dnsNames" | "csr" => order["cert"][name] = value.clone(),
                    _ => order[name] = value.clone(),
                }
            }
            assert_eq!(found(&order), expected, "{fields}");
        }
    }
}
