//! What is done about each order with a certificate.

use super::block::{self, Drafted};
use crate::{
    backoff::retry_at,
    estate::{Estate, Known, Standing},
    journal::{Renewal, RenewalState, State},
    plan::{RenewalAction, RenewalBlock, RenewalItem},
    policy::{At, Policy, Rule, new_life},
    time::{Ms, iso, whole_days},
    urgency::RenewalUrgency,
};

/// What decides beside the order itself.
pub(super) struct Judge<'a> {
    pub(super) estate: &'a Estate,
    pub(super) journal: &'a State,
    pub(super) policy: &'a Policy,
    pub(super) now: Ms,
}

/// The order that takes the place of another one.
struct Successor {
    id: String,
    has_certificate: bool,
}

impl Judge<'_> {
    /// What is done about an order; nothing for one without a certificate.
    pub(super) fn item(&self, known: &Known) -> Option<RenewalItem> {
        if !matches!(known.standing, Standing::InForce | Standing::Revoked) {
            return None;
        }
        let (not_after, due) = (known.not_after?, known.due?.at);
        let successor = self.successor(known);
        let (action, reason) = self.action(known, not_after, due, successor.as_ref());
        // An order may never be issued: until it is, the end of this certificate is as near as if there were none.
        let is_safe = match action {
            RenewalAction::Replaced => successor.as_ref().is_some_and(|successor| successor.has_certificate),
            action => action == RenewalAction::Revoked,
        };
        let is_forgotten = match action {
            // Whoever asks for what has to be done need not see all that ever was.
            RenewalAction::Replaced if is_safe => not_after <= self.now && !self.journal.is_open(&known.id),
            RenewalAction::Replaced | RenewalAction::Ended => not_after <= self.policy.forgotten(self.now),
            _ => false,
        };
        if is_forgotten {
            return None;
        }
        let mut item = RenewalItem {
            order_id: known.id.clone(),
            common_name: known.common_name.clone().unwrap_or_default(),
            dns_names: known.dns_names.clone(),
            cert_type: known.cert_type.clone(),
            organization_id: known.organization.clone(),
            not_before: known.not_before.map(iso),
            not_after: iso(not_after),
            due: iso(due),
            days_left: whole_days(not_after.saturating_sub(self.now)),
            action,
            reason,
            urgency: RenewalUrgency::None,
            blocked_by: None,
            retry_at: None,
            replaced_by: None,
            once_id: None,
            validated_until: None,
            request: None,
            price: None,
            findings: Vec::new(),
            is_revoked: known.standing == Standing::Revoked,
        };
        let renewal = self.journal.get(&known.id);
        match action {
            RenewalAction::Replaced | RenewalAction::Continue => {
                let own = renewal.and_then(|renewal| renewal.new_order.clone());
                item.replaced_by = own
                    .filter(|_| action == RenewalAction::Continue)
                    .or_else(|| successor.map(|successor| successor.id));
            }
            RenewalAction::Renew => self.add_draft(&mut item, known, not_after),
            // A person may say that it was not placed.
            RenewalAction::Unknown => {
                item.request = block::draft(known, self.estate, self.now).request;
                item.price = self.estate.price(known.cert_type.as_deref());
                item.once_id = renewal.and_then(|renewal| renewal.once_id.clone());
            }
            RenewalAction::Retry => item.retry_at = renewal.map(|renewal| iso(retry_at(renewal))),
            RenewalAction::Later | RenewalAction::Revoked | RenewalAction::Ended | RenewalAction::Blocked => {}
        }
        if !is_safe {
            item.urgency = item.what().urgency(self.now);
        }
        Some(item)
    }

    fn action(&self, known: &Known, not_after: Ms, due: Ms, successor: Option<&Successor>) -> (RenewalAction, String) {
        let renewal = self.journal.get(&known.id);
        if let Some((action, reason)) = renewal.and_then(under_way) {
            return (action, reason);
        }
        if let Some(Successor { id, has_certificate }) = successor {
            let is_under_way = if *has_certificate {
                ""
            } else {
                ", and has no certificate yet"
            };
            return (
                RenewalAction::Replaced,
                format!("the order {id} covers its names{is_under_way}"),
            );
        }
        let is_revoked = known.standing == Standing::Revoked;
        if is_revoked && known.body.is_none() {
            return (
                RenewalAction::Revoked,
                "it is revoked, and the policy does not replace it".into(),
            );
        }
        if !is_revoked && self.now < due {
            return (
                RenewalAction::Later,
                format!("it is due on {}{}", block::day(due), held_back(known)),
            );
        }
        if not_after <= self.now && renewal.is_none_or(|renewal| renewal.state.is_over()) {
            return (
                RenewalAction::Ended,
                format!("it has ended, on {}", block::day(not_after)),
            );
        }
        if let Some(renewal) = renewal.filter(|renewal| renewal.failures > 0 && retry_at(renewal) > self.now) {
            let why = renewal.message.as_deref().unwrap_or("it failed");
            return (
                RenewalAction::Retry,
                format!("it failed {} times: {why}", renewal.failures),
            );
        }
        if is_revoked {
            return (RenewalAction::Renew, "it is revoked, and the policy replaces it".into());
        }
        (RenewalAction::Renew, self.why_due(known, not_after))
    }

    fn why_due(&self, known: &Known, not_after: Ms) -> String {
        let (left, life) = (whole_days(not_after.saturating_sub(self.now)), whole_days(known.life));
        if left < 0 {
            return format!("it has ended, on {}", block::day(not_after));
        }
        match self.policy.at {
            At::Named(Rule::Third) => format!("{left} of {life} days are left, no more than a third"),
            At::Named(Rule::Function) => format!(
                "{left} of {life} days are left, and it is due by your function{}",
                held_back(known)
            ),
            At::Days(_) => format!("{left} days are left{}", held_back(known)),
        }
    }

    /// The order that has taken its place, as far as the service shows or the journal knows.
    fn successor(&self, known: &Known) -> Option<Successor> {
        let has_certificate = |order: &Known| order.standing != Standing::UnderWay;
        if let Some(order) = self.estate.replacement(known, self.now, self.policy.parallel) {
            return Some(Successor {
                id: order.id.clone(),
                has_certificate: has_certificate(order),
            });
        }
        let renewal = self.journal.get(&known.id).filter(|renewal| renewal.state.is_over())?;
        let id = renewal.new_order.as_ref()?;
        let Some(order) = self.estate.order(id) else {
            // A list may not show a fresh order yet. Of one that was placed elsewhere nothing else is known: it was looked for
            // by its id, and is gone.
            return renewal.new_not_after.filter(|end| *end > self.now).map(|_| Successor {
                id: id.clone(),
                has_certificate: true,
            });
        };
        order.may_replace(known, self.now).then(|| Successor {
            id: id.clone(),
            has_certificate: has_certificate(order),
        })
    }

    /// The order that would be placed, or why it is not.
    fn add_draft(&self, item: &mut RenewalItem, known: &Known, not_after: Ms) {
        let Drafted {
            request,
            block,
            validated_until,
        } = block::draft(known, self.estate, self.now);
        item.request = request;
        item.price = self.estate.price(known.cert_type.as_deref());
        item.validated_until = validated_until.map(iso);
        let ends = self.now.saturating_add(new_life(known.life, not_after, self.now));
        let early = (ends <= not_after && !item.is_revoked).then(|| {
            let day = block::day(ends);
            let why =
                format!("a new certificate would end on {day}, for they live less by now, and this one ends later");
            (RenewalBlock::TooEarly, why)
        });
        if let Some((block, reason)) = block.or(early) {
            set_blocked(item, block, reason);
        }
    }
}

/// Why it is due later than the policy says.
fn held_back(known: &Known) -> &'static str {
    if known.due.is_some_and(|due| due.is_held_back) {
        ", not earlier: half of a life is to be over"
    } else {
        ""
    }
}

/// Says that an item is blocked, and why.
pub(super) fn set_blocked(item: &mut RenewalItem, block: RenewalBlock, reason: String) {
    item.action = RenewalAction::Blocked;
    item.blocked_by = Some(block);
    item.reason = reason;
}

/// What is done about an order that the journal renews already.
fn under_way(renewal: &Renewal) -> Option<(RenewalAction, String)> {
    let new_order = renewal.new_order.as_deref().unwrap_or_default();
    if renewal.state.is_unknown() {
        let why = "an order may have been placed for it, and nobody knows";
        return Some((RenewalAction::Unknown, why.into()));
    }
    if renewal.state.has_order() {
        let how_far = match renewal.state {
            RenewalState::Placed => "waits for its certificate",
            RenewalState::Delivered | RenewalState::Revoking => "is delivered",
            _ => "is issued, and not delivered",
        };
        return Some((RenewalAction::Continue, format!("the new order {new_order} {how_far}")));
    }
    None
}
