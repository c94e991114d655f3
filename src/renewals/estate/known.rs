//! An order, as far as anything is decided by it here.

use std::collections::BTreeSet;

use api::{
    csr_key::readable_key,
    facts::{Date, Fact as _, OrderFacts, OrderStatus},
    marker::Marker,
};
use serde_json::Value;

use crate::{
    policy::{Due, Policy, Revoked, ended_by, life},
    time::{self, Ms},
};

/// What an order is to those who need its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has no certificate yet.
    UnderWay,
    /// It has one, which may have ended.
    InForce,
    /// Its certificate is revoked, or is going to be.
    Revoked,
    /// It ended without a certificate, or its certificate has ended and nobody misses it.
    Over,
}

/// What is known of an order beside what the service shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aside {
    /// When it is due by the caller's function.
    pub due: Option<Ms>,
    /// A journal has not done with it: it counts although its certificate has ended.
    pub is_open: bool,
    /// A caller has asked for it by its id.
    pub is_chosen: bool,
}

/// An order.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// What it is to those who need its certificate.
    pub standing: Standing,
    /// Its status.
    pub status: Option<OrderStatus>,
    /// `SSL_OV_BASIC` …
    pub cert_type: Option<String>,
    /// Whose it is.
    pub organization: Option<String>,
    /// When the service accepted it.
    pub created: Option<Ms>,
    /// The common name as the service shows it.
    pub common_name: Option<String>,
    /// The names beside it, as the service shows them.
    pub dns_names: Vec<String>,
    /// All of them in lower case, the common name first, each once.
    pub names: Vec<String>,
    /// Start of validity.
    pub not_before: Option<Ms>,
    /// How long its certificate lives.
    pub life: Ms,
    /// End of validity.
    pub not_after: Option<Ms>,
    /// From when on it is due.
    pub due: Option<Due>,
    /// What its marker says.
    pub replaces: Option<String>,
    /// The digest of the `onceId` in its marker.
    pub once_id: Option<String>,
    /// Whether it has a marker: it was placed once, by this package.
    pub is_marked: bool,
    /// The key of its CSR; nothing where that is masked. Kept of orders that may be one that is looked for: those that say so,
    /// and those under way.
    pub key: Option<Vec<u8>>,
    /// The order itself, where it is due: what its renewal takes over.
    pub body: Option<Value>,
    /// It has or had a certificate, and its list does not show which, or when that ends.
    pub is_in_part: bool,
}

impl Known {
    /// What an order shows; nothing where it has no id.
    #[must_use]
    pub fn of(order: &Value, now: Ms, policy: &Policy, aside: Aside) -> Option<Self> {
        let is_open = aside.is_open;
        let mut facts = OrderFacts::read(order)?;
        let id = facts.id.take()?;
        let marker = facts.comments.as_deref().and_then(Marker::of);
        let is_marked = marker.is_some();
        let marker = marker.unwrap_or_default();
        let cert = facts.cert.take().unwrap_or_default();
        let not_after = cert.date_valid_until.as_ref().and_then(time::of).or_else(|| {
            let left = cert.days_remaining?;
            Some(now.saturating_add(time::days(left)))
        });
        let not_before = order.get("cert").and_then(|cert| cert.get("dateValidFrom"));
        let not_before = not_before.and_then(Date::read).as_ref().and_then(time::of);
        let dns_names = cert.dns_names.clone().unwrap_or_default();
        let mut seen = BTreeSet::new();
        let all = cert.common_name.iter().chain(&dns_names);
        let names: Vec<String> = all
            .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
            .filter(|name| seen.insert(name.clone()))
            .collect();
        let is_ended_lately = not_after.is_some_and(|end| end > policy.forgotten(now));
        let standing = standing_of(
            facts.status.as_ref(),
            cert.is_revoked_or_to_be(),
            not_after,
            is_open || is_ended_lately,
        );
        let created = facts.date_created.as_ref().and_then(time::of);
        let life = not_after.map_or(0, |end| life(not_before.or(created), end));
        let due = not_after.map(|end| policy.at.due(life, end, aside.due, aside.is_chosen, now));
        let is_wanted = match standing {
            Standing::InForce => due.is_some_and(|due| due.at <= now),
            Standing::Revoked => policy.revoked == Revoked::Replace,
            Standing::UnderWay | Standing::Over => false,
        };
        let may_be_looked_for = marker.replaces.is_some() || standing == Standing::UnderWay || is_open;
        let csr = cert.csr.as_deref().filter(|_| may_be_looked_for);
        let may_have_ended_lately = || created.is_none_or(|created| ended_by(created) > policy.forgotten(now));
        let has_cert = match facts.status {
            Some(OrderStatus::Expired) if may_have_ended_lately() => true,
            Some(
                OrderStatus::ReissueRequestPending
                | OrderStatus::ReissuePendingAtProvider
                | OrderStatus::ReissuePending,
            ) => true,
            _ => matches!(standing, Standing::InForce | Standing::Revoked),
        };
        Some(Self {
            id,
            standing,
            status: facts.status,
            cert_type: facts.cert_type,
            organization: facts.organization_id,
            created,
            is_in_part: has_cert && (not_after.is_none() || cert.common_name.is_none()),
            common_name: cert.common_name,
            dns_names,
            names,
            not_before,
            life,
            not_after,
            due,
            replaces: marker.replaces,
            once_id: marker.id,
            is_marked,
            key: csr.and_then(readable_key),
            body: is_wanted.then(|| order.clone()),
        })
    }

    /// Whether it has a certificate that is good now, or will have one.
    pub(super) fn is_coming_or_good(&self, now: Ms) -> bool {
        match self.standing {
            Standing::UnderWay => true,
            Standing::InForce => self.not_after.is_none_or(|end| end > now),
            Standing::Revoked | Standing::Over => false,
        }
    }

    /// Whether it can be the successor of another one. Of one that has ended, one that has ended too may have been it: the last
    /// one is missed then, and not all that came before.
    pub(crate) fn may_replace(&self, other: &Self, now: Ms) -> bool {
        let has_ended = || other.standing == Standing::InForce && other.not_after.is_some_and(|end| end <= now);
        self.is_coming_or_good(now) || (self.standing == Standing::InForce && has_ended())
    }

    /// Whether its certificate ends later than that of another one, or it was ordered later where one of them has no end that
    /// counts: because it has no certificate yet, or because the other one is revoked.
    pub(super) fn is_later_than(&self, other: &Self) -> bool {
        let is_later = |own: Option<Ms>, other: Option<Ms>| own.zip(other).is_some_and(|(own, other)| own > other);
        let is_ordered_later = || is_later(self.created, other.created);
        let ends_later = || is_later(self.not_after, other.not_after);
        match self.standing {
            Standing::UnderWay => is_ordered_later(),
            _ => ends_later() || (other.standing == Standing::Revoked && is_ordered_later()),
        }
    }
}

/// What an order is. `is_missed`: somebody may need its certificate although it has ended.
fn standing_of(status: Option<&OrderStatus>, is_revoked: bool, not_after: Option<Ms>, is_missed: bool) -> Standing {
    if status == Some(&OrderStatus::Revoked) || is_revoked {
        return Standing::Revoked;
    }
    match status {
        Some(OrderStatus::Expired) if is_missed && not_after.is_some() => Standing::InForce,
        Some(status) if status.has_ended() => Standing::Over,
        Some(OrderStatus::Issued | OrderStatus::ReissueFailed) => Standing::InForce,
        _ if not_after.is_some() => Standing::InForce,
        _ => Standing::UnderWay,
    }
}

/// Whether all these names are covered, each by itself or by a wildcard of its last label. All are in lower case.
#[must_use]
pub fn covers(names: &[String], wanted: &[String]) -> bool {
    let has = |name: &str| names.iter().any(|own| own == name);
    wanted.iter().all(|name| {
        let wildcard = || name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        has(name) || wildcard().is_some_and(|wildcard| has(&wildcard))
    })
}
