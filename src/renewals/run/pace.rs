//! When is looked at what is under way.

use api::facts::OrderStatus;

use super::{Event, Pending, Run};
use crate::{
    ask::Ask,
    journal::{Renewal, RenewalState},
    time::iso,
};

/// How often is looked in one run for orders of which nobody knows.
const SEARCHES: u32 = 6;

impl Run {
    /// Looks at what is under way, now or later; ends when there is nothing to wait for, or too long to wait.
    pub(super) fn wait(&mut self) -> Ask {
        let is_in = |id: &String, is: fn(&Renewal) -> bool| {
            let is_left = self.local.get(id).is_none_or(|local| !local.is_stuck);
            is_left && self.state.get(id).is_some_and(is)
        };
        let unseen = |id: &&String| {
            let is_new = self.local.get(*id).is_none_or(|local| !local.is_asked);
            is_new && is_in(id, |renewal| renewal.state.has_order() && renewal.new_order.is_some())
        };
        let waiting = |id: &&String| is_in(id, |renewal| renewal.state == RenewalState::Placed);
        let unknown = |id: &&String| is_in(id, |renewal| renewal.state.is_unknown());
        let searches_left = self.searches < SEARCHES;
        let pending = self.order.iter().filter(waiting).count();
        let lost = self.order.iter().filter(unknown).count();
        let looks: Vec<String> = self
            .order
            .iter()
            .filter(|id| unseen(id) || waiting(id))
            .cloned()
            .collect();
        if self.order.iter().any(|id| unseen(&id)) {
            return self.look(looks);
        }
        let is_worth_waiting = pending > 0 || (lost > 0 && searches_left);
        if !is_worth_waiting || self.now >= self.deadline {
            return self.finish();
        }
        if self.now < self.next_look {
            let until_ms = self.next_look.min(self.deadline);
            self.events.push(Event::Waiting {
                at: iso(self.now),
                orders: pending.saturating_add(lost),
                until_ms,
            });
            self.pending = Pending::Sleep(until_ms);
            return Ask::Sleep { until_ms };
        }
        // Once for each look.
        if lost > 0 && searches_left && self.searched_at != self.next_look {
            self.searched_at = self.next_look;
            self.searches = self.searches.saturating_add(1);
            let names = self.order.iter().filter(unknown).filter_map(|id| self.state.get(id));
            let common_names = names.map(|renewal| renewal.what.common_name.clone()).collect();
            self.pending = Pending::Search;
            let statuses = OrderStatus::under_way().collect();
            return Ask::Search { common_names, statuses };
        }
        if looks.is_empty() {
            self.pause();
            return self.wait();
        }
        self.look(looks)
    }

    fn look(&mut self, ids: Vec<String>) -> Ask {
        let orders = ids.iter().filter_map(|id| self.state.get(id)?.new_order.clone());
        let orders = orders.collect();
        self.pending = Pending::Look(ids);
        Ask::Look { orders }
    }

    /// Sets when is looked next, from the end of a look: half as long again each time.
    pub(super) fn pause(&mut self) {
        self.next_look = self.now.saturating_add(self.delay.max(1));
        let longer = self.delay.saturating_add(self.delay.div_euclid(2)).saturating_add(1);
        self.delay = longer.min(self.settings.max_delay_ms.max(self.settings.min_delay_ms));
    }
}
