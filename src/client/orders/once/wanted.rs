//! What counts as the same order.

use api::{
    csr_key::{key_of, readable_key},
    digest::digest,
    facts::{CertFacts, Date, OrderFacts, OrderStatus},
    marker::Marker,
};

use super::OnceOptions;
use crate::{error::Difference, ordered::Ordered};

/// An order that is to be there once.
pub(super) struct Wanted {
    pub(super) common_name: Option<String>,
    pub(super) marker: Marker,
    /// In lower case and in order, each once.
    names: Vec<String>,
    cert_type: Option<String>,
    organization: Option<String>,
    key: Option<Vec<u8>>,
    not_before: Option<f64>,
    same: Vec<Difference>,
}

/// What an order is to the one that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It.
    Same,
    /// It, and not as it is wanted.
    Differs(Vec<Difference>),
    /// Another.
    Other,
    /// It does not show enough for anybody to tell.
    Unclear,
}

impl Wanted {
    pub(super) fn of(order: &OrderFacts, options: &OnceOptions) -> Self {
        let no_cert = CertFacts::default();
        let cert = order.cert.as_ref().unwrap_or(&no_cert);
        let comments = order.comments.as_deref().unwrap_or_default();
        let replaces = options.replaces.clone().or_else(|| Marker::of(comments)?.replaces);
        let names = names_of(cert);
        let key = cert.csr.as_deref().map(key_of);
        let text = |field: &Option<String>| field.clone().unwrap_or_default().into_bytes();
        let parts = [
            names.join(",").into_bytes(),
            text(&order.cert_type),
            text(&order.organization_id),
            key.clone().unwrap_or_default(),
            text(&replaces),
        ];
        Self {
            common_name: cert.common_name.as_deref().map(folded),
            marker: Marker {
                once: Some(digest(&parts)),
                id: options.once_id.as_ref().map(|id| digest(&[id])),
                replaces,
            },
            names,
            cert_type: order.cert_type.clone(),
            organization: order.organization_id.clone(),
            key,
            not_before: options.not_before,
            same: options.same.clone(),
        }
    }

    /// Whether an order has a marker that says that it is this one, or may be.
    pub(super) fn is_marked_on(&self, order: &OrderFacts) -> bool {
        let marker = order.comments.as_deref().and_then(Marker::of).unwrap_or_default();
        has_same(marker.once.as_ref(), self.marker.once.as_ref())
            || has_same(marker.id.as_ref(), self.marker.id.as_ref())
            || has_same(marker.replaces.as_ref(), self.marker.replaces.as_ref())
    }

    /// The digest of all that makes the order what it is.
    pub(super) fn digest(&self) -> &str {
        self.marker.once.as_deref().unwrap_or_default()
    }

    /// What an order is to this one, `now` in seconds since 1970. `known` is the id that the service gave this one;
    /// `replaced` is when the order that it replaces was created.
    pub(super) fn is(&self, order: &OrderFacts, known: Option<&str>, replaced: Option<f64>, now: f64) -> Verdict {
        let no_cert = CertFacts::default();
        let cert = order.cert.as_ref().unwrap_or(&no_cert);
        let is_replaced = order.id.is_some() && order.id == self.marker.replaces;
        let is_before =
            |date: Option<f64>, bound: Option<f64>| date.zip(bound).is_some_and(|(date, bound)| date < bound);
        let latest = order.date_created.as_ref().and_then(Date::latest);
        if is_replaced || has_ended(order, cert, now) || is_before(latest, self.not_before) {
            return Verdict::Other;
        }
        let marker = order.comments.as_deref().and_then(Marker::of).unwrap_or_default();
        let is_placed = marker.once.is_some();
        if (order.id.is_some() && order.id.as_deref() == known) || (is_placed && marker.once == self.marker.once) {
            return Verdict::Same;
        }
        let is_same_renewal = has_same(marker.replaces.as_ref(), self.marker.replaces.as_ref());
        if self.marker.replaces.is_some() && !is_same_renewal && (is_placed || is_before(order.created(), replaced)) {
            return Verdict::Other;
        }
        let is_claimed = is_same_renewal || has_same(marker.id.as_ref(), self.marker.id.as_ref());
        let name = cert.common_name.as_deref().map(folded);
        if !is_claimed && name.is_some() && name != self.common_name {
            return Verdict::Other;
        }
        let mut differences = self.differences(order, cert);
        let Some(key) = self.key_shown(cert) else {
            // What the order shows without its key is enough to tell it from others.
            return match (is_claimed, is_placed || !differences.is_empty()) {
                (true, true) => Verdict::Differs(differences),
                (false, true) => Verdict::Other,
                (_, false) => Verdict::Unclear,
            };
        };
        if Some(&key) != self.key.as_ref() {
            if !is_claimed {
                return Verdict::Other;
            }
            if self.same.contains(&Difference::Key) {
                differences.push(Difference::Key);
            }
        }
        if differences.is_empty() {
            Verdict::Same
        } else {
            Verdict::Differs(differences)
        }
    }

    /// The key of an order, as far as it shows that: a CSR that is masked, or shown in part, says nothing.
    fn key_shown(&self, cert: &CertFacts) -> Option<Vec<u8>> {
        let csr = cert.csr.as_deref()?;
        readable_key(csr).or_else(|| self.key.clone().filter(|key| *key == key_of(csr)))
    }

    /// Whether an order shows all that it is compared by.
    pub(super) fn sees_all_of(&self, order: &OrderFacts) -> bool {
        let shows_all =
            |cert: &CertFacts| cert.common_name.is_some() && cert.dns_names.is_some() && self.key_shown(cert).is_some();
        order.cert_type.is_some() && order.organization_id.is_some() && order.cert.as_ref().is_some_and(shows_all)
    }

    /// In what an order differs, as far as it shows that.
    fn differences(&self, order: &OrderFacts, cert: &CertFacts) -> Vec<Difference> {
        // UUIDs and the words of the service, which may come in capitals or not.
        let differs = |shown: &Option<String>, wanted: &Option<String>| {
            let wanted = wanted.as_deref().unwrap_or_default();
            shown.as_ref().is_some_and(|shown| !shown.eq_ignore_ascii_case(wanted))
        };
        let has_names = cert.common_name.is_some() && cert.dns_names.is_some();
        let all = [
            (Difference::Names, has_names && names_of(cert) != self.names),
            (Difference::Type, differs(&order.cert_type, &self.cert_type)),
            (
                Difference::Organization,
                differs(&order.organization_id, &self.organization),
            ),
        ];
        let counted = all
            .into_iter()
            .filter(|(what, differs)| *differs && self.same.contains(what));
        counted.map(|(what, _)| what).collect()
    }
}

fn has_same(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && one == other
}

/// Whether there is no certificate in force of an order, nor one to come.
fn has_ended(order: &OrderFacts, cert: &CertFacts, now: f64) -> bool {
    let until = cert.date_valid_until.as_ref().and_then(Date::seconds);
    let is_over = order.status == Some(OrderStatus::Issued)
        && until.map_or_else(
            || cert.days_remaining.is_some_and(|days| days < 0.0),
            |until| until <= now,
        );
    order.status.as_ref().is_some_and(OrderStatus::has_ended) || cert.is_revoked_or_to_be() || is_over
}

fn names_of(cert: &CertFacts) -> Vec<String> {
    let mut names = Ordered::new();
    for name in cert.dns_names.iter().flatten().chain(&cert.common_name) {
        names.insert(folded(name), ());
    }
    names.keys().cloned().collect()
}

/// A name as names are compared: the dot of the root at its end says nothing.
fn folded(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use api::{Body as _, Parsed, dates::seconds_since_1970};
    use serde_json::{Value, json};

    use super::*;

    const CSR: &str = include_str!("../../../../tests/client/data/shop.csr");
    const OTHER: &str = include_str!("../../../../tests/client/data/shop_new_key.csr");
    /// 2026-01-01T00:00:00Z
    const NOW: f64 = 1_767_225_600.0;

    fn facts(order: Value) -> OrderFacts {
        Parsed::from(order).order()
    }

    /// The order that is wanted, as it is shown, with these fields in place of its own.
    #[expect(clippy::needless_pass_by_value, reason = "`json!` makes values")]
    fn shown(fields: Value) -> Value {
        let mut order = json!({
            "id": "o", "status": "DIGI_PENDING", "certType": "T", "organizationId": "org",
            "cert": { "commonName": "shop.example.com", "dnsNames": ["www.shop.example.com"], "csr": CSR },
        });
        for (name, value) in fields.as_object().unwrap() {
            match value {
                Value::Object(inner) if order[name].is_object() => {
                    for (name, value) in inner {
                        order["cert"][name] = value.clone();
                    }
                }
                value => order[name] = value.clone(),
            }
        }
        order
    }

    fn options() -> OnceOptions {
        OnceOptions::default()
    }

    fn verdict(options: &OnceOptions, order: Value) -> Verdict {
        let wanted = Wanted::of(&facts(shown(json!({}))), options);
        wanted.is(&facts(order), None, Some(NOW - 1000.0), NOW)
    }

    #[test]
    fn what_counts_is_data() {
        use Difference::{Key, Names, Organization, Type};
        use Verdict::{Other, Same, Unclear};
        let differs = |what: Difference| Verdict::Differs(vec![what]);
        let body: String = CSR.lines().filter(|line| !line.starts_with('-')).collect();
        let marked = |text: &str| json!({ "cert": null, "comments": format!("for the shop {text}") });
        let own = Wanted::of(&facts(shown(json!({}))), &options()).marker.to_string();
        for (fields, expected) in [
            (json!({}), Same),
            (json!({ "status": "SOMETHING_NEW" }), Same),
            (json!({ "status": "DIGI_REISSUE_FAILED" }), Same),
            (
                json!({ "status": "DIGI_ISSUED", "cert": { "dateValidUntil": "2026-02-01" } }),
                Same,
            ),
            (json!({ "cert": { "csr": body } }), Same),
            (json!({ "cert": { "csr": CSR.replace('\n', "\r\n") } }), Same),
            (
                json!({ "cert": { "csr": CSR.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST") } }),
                Same,
            ),
            // A list without all names says nothing of them.
            (json!({ "cert": { "dnsNames": null } }), Same),
            (json!({ "cert": { "commonName": "Shop.Example.COM" } }), Same),
            (json!({ "cert": { "commonName": "shop.example.com." } }), Same),
            (
                json!({ "cert": { "dnsNames": ["WWW.shop.example.com", "shop.example.com"] } }),
                Same,
            ),
            (json!({ "cert": { "dnsNames": [] } }), differs(Names)),
            (
                json!({ "cert": { "dnsNames": ["www.shop.example.com", "a.example"] } }),
                differs(Names),
            ),
            (json!({ "certType": "t", "organizationId": "ORG" }), Same),
            (json!({ "certType": "U" }), differs(Type)),
            (json!({ "organizationId": "another" }), differs(Organization)),
            (json!({ "cert": { "csr": OTHER } }), Other),
            (json!({ "cert": { "commonName": "www.example.com" } }), Other),
            (json!({ "status": "DIGI_CANCELED" }), Other),
            (json!({ "status": "DIGI_CANCELED", "cert": null }), Other),
            (
                json!({ "status": "DIGI_ISSUED", "cert": { "dateValidUntil": "2025-12-31" } }),
                Other,
            ),
            (
                json!({ "status": "DIGI_ISSUED", "cert": { "daysRemaining": -1 } }),
                Other,
            ),
            (json!({ "cert": { "revokeStatus": "PENDING" } }), Other),
            (json!({ "cert": { "revokeStatus": "revoked" } }), Other),
            (json!({ "cert": null }), Unclear),
            (json!({ "cert": { "csr": null } }), Unclear),
            (json!({ "cert": { "csr": "***" } }), Unclear),
            (json!({ "cert": { "csr": CSR.get(..200) } }), Unclear),
            (json!({ "cert": { "csr": CSR.replace('\n', "\\n") } }), Unclear),
            (json!({ "cert": null, "certType": "U" }), Other),
            (marked(&own), Same),
            (marked("[mmc once=0000000000000000]"), Other),
        ] {
            assert_eq!(verdict(&options(), shown(fields.clone())), expected, "{fields}");
        }
        let lenient = OnceOptions {
            same: vec![Key],
            ..options()
        };
        assert_eq!(
            verdict(&lenient, shown(json!({ "certType": "U", "cert": { "dnsNames": [] } }))),
            Same
        );
    }

    #[test]
    fn a_renewal_is_not_its_predecessor() {
        use Verdict::{Differs, Other, Same};
        let renewal = OnceOptions {
            replaces: Some("old".into()),
            ..options()
        };
        for (fields, expected) in [
            (json!({ "id": "old" }), Other),
            (json!({ "dateCreated": "2025-12-31T23:00:00Z" }), Other),
            (json!({ "dateCreated": "2025-12-31T23:50:00Z" }), Same),
            (json!({ "comments": "[mmc once=0000000000000000]" }), Other),
            (
                json!({ "comments": "[mmc once=0000000000000000 replaces=older]" }),
                Other,
            ),
            (
                json!({ "comments": "[mmc once=0000000000000000 replaces=old]", "cert": { "csr": OTHER } }),
                Differs(vec![Difference::Key]),
            ),
        ] {
            assert_eq!(verdict(&renewal, shown(fields.clone())), expected, "{fields}");
        }
        let from = |date: f64| OnceOptions {
            not_before: Some(date),
            ..options()
        };
        let old = shown(json!({ "dateCreated": "2025-06-01T00:00:00Z", "status": "DIGI_ISSUED" }));
        assert_eq!(verdict(&from(NOW - 86_400.0), old.clone()), Other);
        assert_eq!(verdict(&from(0.0), old), Same);
        // From 15:00 on.
        let bound = seconds_since_1970("2025-12-31T15:00:00Z").unwrap_or_default();
        for (date, expected) in [
            ("2025-12-31T15:00:00Z", Same),
            ("2025-12-31T14:59:59Z", Other),
            ("2025-12-31T07:00:00-08:00", Same),
            ("2025-12-31T15:30:00+01:00", Other),
            ("2025-12-31T07:00:00", Same),
            ("2025-12-31T02:59:59", Other),
            ("2025-12-31", Same),
            ("2025-12-30", Other),
        ] {
            let dated = shown(json!({ "dateCreated": date, "status": "DIGI_ISSUED" }));
            assert_eq!(verdict(&from(bound), dated), expected, "{date}");
        }
        // Within a second that the service shows no part of.
        let of_second = shown(json!({ "dateCreated": "2025-12-31T15:00:00Z", "status": "DIGI_ISSUED" }));
        assert_eq!(verdict(&from(bound + 0.5), of_second), Same);
        let of_day = shown(json!({ "dateCreated": [2025, 12, 31], "status": "DIGI_ISSUED" }));
        assert_eq!(verdict(&from(bound), of_day), Same);
    }

    #[test]
    fn the_marker_of_an_order_tells_it_from_every_other() {
        let digest_of = |order: Value, options: &OnceOptions| Wanted::of(&facts(order), options).digest().to_owned();
        let renewal = OnceOptions {
            replaces: Some("old".into()),
            ..options()
        };
        let mut digests = BTreeSet::from([digest_of(shown(json!({})), &renewal)]);
        for fields in [
            json!({}),
            json!({ "certType": "U" }),
            json!({ "organizationId": "another" }),
            json!({ "cert": { "csr": OTHER } }),
            json!({ "cert": { "dnsNames": [] } }),
        ] {
            assert!(digests.insert(digest_of(shown(fields.clone()), &options())), "{fields}");
        }
        assert_eq!(
            digest_of(shown(json!({ "comments": "something", "id": "x" })), &options()),
            digest_of(shown(json!({})), &options())
        );
    }
}
