//! What is done next.

use serde_json::Value;

use super::{Code, Pending, Run, Then};
use crate::{
    ask::{Ask, Placed},
    backoff::retry_at,
    estate::Standing,
    journal::{RenewalState, Step},
    planning::request_of,
    time::{Ms, iso},
};

/// How often is published in one run what shows control of domains, where that fails.
const PUBLICATIONS: u32 = 3;
/// After so many orders in a row that could not be placed for a reason that is not theirs, no more are tried.
const IN_VAIN: u32 = 5;
/// Sums of amounts are off by less, for they are no decimal numbers.
const HALF_A_CENT: f64 = 0.005;

impl Run {
    /// The next thing to do.
    pub(super) fn advance(&mut self) -> Ask {
        if self.has_ended {
            return self.done();
        }
        if let Some((id, step)) = self.todo.pop_front() {
            return self.write(&id, step, Then::Go);
        }
        for at in 0..self.order.len() {
            let Some(id) = self.order.get(at).cloned() else { break };
            if self.local.get(&id).is_some_and(|local| local.is_stuck) {
                continue;
            }
            if let Some(ask) = self.work_on(&id) {
                return ask;
            }
        }
        self.publish().unwrap_or_else(|| self.wait())
    }

    /// The next thing to do for one renewal, if there is one now.
    fn work_on(&mut self, id: &str) -> Option<Ask> {
        let renewal = self.state.get(id);
        let state = renewal.map(|renewal| renewal.state);
        if state.is_none_or(|state| !state.has_order() && !state.is_unknown() && !state.is_over()) {
            return self.order(id);
        }
        let is_seen = self.local.get(id).is_some_and(|local| local.is_seen);
        let is_at_hand = self.local.get(id).is_some_and(|local| local.is_at_hand);
        match state? {
            RenewalState::Issued | RenewalState::Checked | RenewalState::Delivering if !is_seen => None,
            RenewalState::Checked | RenewalState::Delivering if is_at_hand => Some(self.deliver(id)),
            RenewalState::Issued | RenewalState::Checked | RenewalState::Delivering => self.download(id),
            // The old one is in use until the hook has put the new one there.
            RenewalState::Delivered | RenewalState::Revoking if self.waits_for_hook(id) => None,
            RenewalState::Delivered | RenewalState::Revoking => Some(self.revoke_old(id)),
            _ => None,
        }
    }

    /// On the way to a new order.
    fn order(&mut self, id: &str) -> Option<Ask> {
        if !self.settings.approved.contains_key(id) && !self.local.get(id).is_some_and(|local| local.is_assumed) {
            return None;
        }
        if let Some(why) = self.why_not(id) {
            let local = self.local(id);
            local.is_stuck = true;
            local.why_not = Some(why.1.clone());
            self.tell(id, why.0, why.1, &Value::Null);
            return None;
        }
        let renewal = self.state.get(id);
        let has_csr = renewal.is_some_and(|renewal| renewal.csr.is_some());
        let keys = renewal.map_or(0, |renewal| renewal.keys);
        match renewal.map(|renewal| renewal.state) {
            // The same request once more: should the first order be there after all, it is found by its key.
            Some(RenewalState::Keyed | RenewalState::Refused) if has_csr => Some(self.place(id)),
            Some(RenewalState::Begun | RenewalState::MakingKey) => {
                let name = self.key_name(id, keys.saturating_add(1));
                let then = Then::Key(id.to_owned(), name.clone());
                Some(self.write(id, Step::MakingKey { name }, then))
            }
            _ => {
                let what = self.item(id)?.what();
                Some(self.write(id, Step::Begun { what }, Then::Go))
            }
        }
    }

    /// Why an order is not placed, in a word and in a sentence.
    fn why_not(&self, id: &str) -> Option<(Code, String)> {
        if let Some(why) = &self.stopped {
            return Some((Code::Stopped, format!("It was not ordered: {why}")));
        }
        let Some(item) = self.item(id).filter(|item| item.request.is_some()) else {
            return Some((
                Code::Incomplete,
                "It was not ordered: its old order cannot be looked at.".into(),
            ));
        };
        if let Some(Some(approved)) = self.settings.approved.get(id)
            && item.price.is_some_and(|price| price > *approved)
        {
            let message = "It was not ordered: it costs more than when the plan was made. Look at a new plan.";
            return Some((Code::PriceChanged, message.into()));
        }
        let (orders, cost) = self.state.spent();
        if self.settings.max_orders.is_some_and(|most| orders >= most) {
            return Some((
                Code::Budget,
                "It was not ordered: so many orders as are allowed were placed.".into(),
            ));
        }
        let most = self.settings.max_cost?;
        match item.price {
            None => Some((
                Code::Budget,
                "It was not ordered: its price is not known, and the cost is limited.".into(),
            )),
            Some(price) if cost + price > most + HALF_A_CENT => Some((
                Code::Budget,
                "It was not ordered: it would cost more than is allowed.".into(),
            )),
            Some(_) => None,
        }
    }

    fn key_name(&self, id: &str, number: u32) -> String {
        let name = self.item(id).map_or("certificate", |item| &item.common_name);
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') {
                c
            } else {
                '_'
            }
        };
        let name: String = name.chars().map(plain).collect();
        let short: String = id.chars().take(8).map(plain).collect();
        let day = iso(self.now);
        let day: String = day.split('T').next().unwrap_or_default().replace('-', "");
        format!("{name}-{day}-{short}-{number}")
    }

    pub(super) fn ask_for_key(&mut self, id: String, name: String) -> Ask {
        let (common_name, dns_names) = self.item(&id).map_or_else(Default::default, |item| {
            (item.common_name.clone(), item.dns_names.clone())
        });
        self.pending = Pending::Key(id.clone());
        Ask::Key {
            order_id: id,
            name,
            common_name,
            dns_names,
        }
    }

    fn place(&mut self, id: &str) -> Ask {
        let attempts = self.state.get(id).map_or(0, |renewal| renewal.attempts);
        let once_id = format!("{id}.{}", attempts.saturating_add(1));
        let price = self.item(id).and_then(|item| item.price);
        self.placed.insert(once_id.clone(), price);
        let step = Step::Placing {
            once_id: once_id.clone(),
            price,
        };
        self.write(id, step, Then::Place(id.to_owned(), once_id))
    }

    pub(super) fn ask_to_place(&mut self, id: String, once_id: String) -> Ask {
        let csr = self
            .state
            .get(&id)
            .and_then(|renewal| renewal.csr.clone())
            .unwrap_or_default();
        let request = self.item(&id).and_then(|item| item.request.as_ref());
        let order = request.map_or(Value::Null, |request| request_of(request, &csr));
        let assume_not_placed = self.local(&id).is_assumed;
        self.pending = Pending::Place(id.clone());
        Ask::Place {
            order_id: id,
            order,
            once_id,
            assume_not_placed,
        }
    }

    fn download(&mut self, id: &str) -> Option<Ask> {
        let placed = self.placed_of(id)?;
        let csr = self.state.get(id)?.csr.clone().unwrap_or_default();
        self.pending = Pending::Download(id.to_owned());
        Some(Ask::Download { placed, csr })
    }

    fn deliver(&mut self, id: &str) -> Ask {
        if !self.settings.has.deliver {
            self.local(id).is_delivered = true;
            return self.write(id, Step::Delivered, Then::Go);
        }
        self.write(id, Step::Delivering, Then::Deliver(id.to_owned()))
    }

    pub(super) fn ask_to_deliver(&mut self, id: String) -> Ask {
        let key = self.state.get(&id).and_then(|renewal| renewal.key.clone());
        let Some(placed) = self.placed_of(&id) else {
            return self.advance();
        };
        self.pending = Pending::Deliver(id);
        Ask::Deliver { placed, key }
    }

    fn waits_for_hook(&self, id: &str) -> bool {
        self.settings.revoke_old && self.settings.has.renewed && self.state.is_untold(id)
    }

    /// The new certificate is delivered, and in use: the old one is revoked if that is wanted, and not before.
    fn revoke_old(&mut self, id: &str) -> Ask {
        let old = self.planner.estate().order(id);
        let is_revocable =
            old.is_some_and(|old| old.standing == Standing::InForce && old.not_after.is_some_and(|end| end > self.now));
        if !self.settings.revoke_old || !is_revocable {
            return self.write(id, Step::Done, Then::Go);
        }
        self.write(id, Step::Revoking, Then::Revoke(id.to_owned()))
    }

    /// Publishes what shows control of domains, for all that can be at once.
    fn publish(&mut self) -> Option<Ask> {
        if !self.settings.has.dcv {
            return None;
        }
        let can = |id: &&String| {
            let local = self.local.get(*id);
            let renewal = self.state.get(id);
            let is_open = renewal.is_some_and(|renewal| renewal.state == RenewalState::Placed && !renewal.is_published);
            is_open && local.is_some_and(|local| local.shows_cert && !local.is_stuck && local.in_vain < PUBLICATIONS)
        };
        let ids: Vec<String> = self.order.iter().filter(can).cloned().collect();
        let first = ids.first()?.clone();
        // One entry for all: to publish twice does no harm.
        Some(self.write(&first, Step::Publishing, Then::Publish(ids)))
    }

    pub(super) fn ask_to_publish(&mut self, ids: Vec<String>) -> Ask {
        let orders: Vec<Placed> = ids.iter().filter_map(|id| self.placed_of(id)).collect();
        self.pending = Pending::Publish(ids);
        Ask::Publish { orders }
    }

    /// What could not be placed for a reason that is not its own may be a sign that nothing can be.
    pub(super) fn placed_in_vain(&mut self, message: &str) {
        self.in_vain = self.in_vain.saturating_add(1);
        if self.in_vain >= IN_VAIN {
            self.stopped = Some(format!("so many in a row could not be. The last one: {message}"));
        }
    }

    /// When a renewal that failed is tried again.
    pub(super) fn retry_of(&self, id: &str) -> Option<Ms> {
        let renewal = self.state.get(id).filter(|renewal| renewal.failures > 0)?;
        Some(retry_at(renewal))
    }
}
