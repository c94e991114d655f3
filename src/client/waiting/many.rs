//! Waiting for several orders at once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use api::{BodyRef, facts::OrderStatus};
use serde_json::Map;

use super::{
    Goal, WaitOptions,
    end::{Ended, is_final},
    look::Standing,
    pace::Pace,
};
use crate::{
    client::Client,
    error::{Error, WaitReason},
    options::CallOptions,
    orders::{get_order, list_orders, named},
};

/// How one of several orders settled.
pub struct Settled {
    /// Its id.
    pub id: String,
    /// The order at its goal, or why it did not get there.
    pub result: Result<BodyRef, Error>,
}

/// Several orders that are waited for together, with list calls rather than a look at each.
///
/// The first round goes through the list of orders until each id was seen, which also tells their common names; the
/// later ones ask for those names only. An order that no list shows is looked at by itself, and so are the last few
/// when more pages than orders are left.
pub struct Waits {
    client: Client,
    goals: BTreeMap<String, (Goal, Option<BodyRef>)>,
    options: WaitOptions,
    pace: Option<Pace>,
    settled: VecDeque<Settled>,
}

/// Orders per page, and common names per call: enough to save calls, and short enough for an address.
const AT_ONCE: usize = 50;

impl Waits {
    /// Waits for orders; each id counts once.
    #[must_use]
    pub fn new(client: Client, ids: Vec<String>, goal: impl Fn() -> Goal, options: WaitOptions) -> Self {
        let mut goals = BTreeMap::new();
        for id in ids {
            goals.insert(id.to_ascii_lowercase(), (goal(), None));
        }
        Self {
            client,
            goals,
            options,
            pace: None,
            settled: VecDeque::new(),
        }
    }

    /// The next order that settled; none once all have.
    ///
    /// # Errors
    /// The error of a list call that will not get better by itself.
    pub async fn next(&mut self, seen: &dyn Fn(&BodyRef)) -> Result<Option<Settled>, Error> {
        loop {
            if let Some(settled) = self.settled.pop_front() {
                return Ok(Some(settled));
            }
            if self.goals.is_empty() {
                return Ok(None);
            }
            match &mut self.pace {
                None => self.pace = Some(Pace::new(&self.client, self.options)),
                Some(pace) => {
                    if !pace.next(&self.client).await {
                        self.time_is_up();
                        continue;
                    }
                }
            }
            match self.look(seen).await {
                Err(error) if is_final(&error) => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
    }

    fn time_is_up(&mut self) {
        for (id, (goal, last)) in core::mem::take(&mut self.goals) {
            let what = format!("The order {id}");
            let error = Ended::order(&what, goal.in_words(), WaitReason::Timeout, last).error(&self.client);
            self.settled.push_back(Settled { id, result: Err(error) });
        }
    }

    async fn look(&mut self, seen: &dyn Fn(&BodyRef)) -> Result<(), Error> {
        let mut unseen = BTreeSet::new();
        for id in self.goals.keys() {
            unseen.insert(id.clone());
        }
        for common_names in self.filters() {
            self.look_through(common_names, &mut unseen, seen).await?;
        }
        for id in unseen {
            self.look_at(id, seen).await;
        }
        Ok(())
    }

    /// The lists to go through: by the orders' names, once all are known. An order has none as long as its `cert` is null.
    fn filters(&self) -> Vec<Option<Vec<String>>> {
        let mut found = BTreeSet::new();
        for (_, last) in self.goals.values() {
            let Some(name) = last.as_ref().and_then(common_name) else {
                return vec![None];
            };
            found.insert(name);
        }
        let names: Vec<String> = found.into_iter().collect();
        names.chunks(AT_ONCE).map(|chunk| Some(chunk.to_vec())).collect()
    }

    /// Goes through a list until each order was seen, or until a look at each of the rest is cheaper.
    async fn look_through(
        &mut self,
        common_names: Option<Vec<String>>,
        unseen: &mut BTreeSet<String>,
        seen: &dyn Fn(&BodyRef),
    ) -> Result<(), Error> {
        let mut filter = common_names.map_or_else(Map::new, |names| named(&names));
        filter.insert("size".into(), AT_ONCE.into());
        let mut pager = list_orders(&self.client, filter, self.call_options())?;
        while !unseen.is_empty() {
            let Some(page) = pager.next().await? else { break };
            for order in page.items() {
                let facts = order.order();
                // A list may show less of an order than the order itself does.
                let lacks_certificate = facts.status == Some(OrderStatus::Issued) && !facts.is_issued();
                let id = facts.id.map(|id| id.to_ascii_lowercase());
                if let Some(id) = id.filter(|id| !lacks_certificate && unseen.remove(id)) {
                    seen(&order);
                    self.take(id, order);
                }
            }
            let pages_left = page.info.total_pages.saturating_sub(page.info.number.saturating_add(1));
            if u64::try_from(unseen.len()).is_ok_and(|unseen| unseen < pages_left) {
                break;
            }
        }
        Ok(())
    }

    async fn look_at(&mut self, id: String, seen: &dyn Fn(&BodyRef)) {
        match self.client.call(get_order(&id), self.call_options()).await {
            Ok(reply) => {
                seen(&reply.body);
                self.take(id, reply.body);
            }
            Err(error) if is_final(&error) => {
                self.goals.remove(&id);
                self.settled.push_back(Settled { id, result: Err(error) });
            }
            Err(_) => {}
        }
    }

    fn call_options(&self) -> CallOptions {
        self.pace
            .as_ref()
            .map_or(self.options.call, |pace| pace.look(&self.client))
    }

    fn take(&mut self, id: String, order: BodyRef) {
        let Some((goal, last)) = self.goals.get_mut(&id) else {
            return;
        };
        let result = match goal.standing(&order) {
            Standing::Continues => {
                *last = Some(order);
                return;
            }
            Standing::Reached => Ok(order),
            Standing::Ended(reason) => {
                let what = format!("The order {id}");
                Err(Ended::order(&what, goal.in_words(), reason, Some(order)).error(&self.client))
            }
        };
        self.goals.remove(&id);
        self.settled.push_back(Settled { id, result });
    }
}

fn common_name(order: &BodyRef) -> Option<String> {
    order.order().cert?.common_name
}
