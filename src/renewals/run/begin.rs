//! What a run begins with: what is to be done of the plan, and what is told of it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Code, Event, Run, Then, found::found_among};
use crate::{
    ask::Ask,
    journal::{Renewal, RenewalState, Step, What},
    plan::{Plan, RenewalAction, RenewalItem},
    time::{Ms, iso},
};

impl Run {
    /// The estate was looked at: what is to be done is known.
    pub(super) fn planned(&mut self, plan: Plan) -> Ask {
        self.items = plan
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| (item.order_id.clone(), at))
            .collect();
        let wanted = |item: &&RenewalItem| {
            let is_approved = self.settings.approved.contains_key(&item.order_id);
            matches!(item.action, RenewalAction::Blocked) || (item.action == RenewalAction::Renew && is_approved)
        };
        let mut order: Vec<(Ms, String)> = plan
            .items
            .iter()
            .filter(wanted)
            .map(|item| (crate::plan::end_of(item), item.order_id.clone()))
            .collect();
        let known: BTreeSet<&String> = order.iter().map(|(_, id)| id).collect();
        let open = self.state.renewals().filter(|(id, renewal)| {
            let is_left = renewal.state.has_order() || renewal.state.is_unknown();
            let What {
                common_name, dns_names, ..
            } = &renewal.what;
            is_left && self.settings.plan.concerns(id, common_name, dns_names) && !known.contains(*id)
        });
        let open: Vec<(Ms, String)> = open.map(|(id, renewal)| (renewal.what.not_after, id.clone())).collect();
        order.extend(open);
        order.sort();
        self.order = order.into_iter().map(|(_, id)| id).collect();
        self.events.push(Event::Started {
            at: iso(self.now),
            renewals: self.order.len(),
        });
        self.plan = Some(plan);
        self.deadline = self.now.saturating_add(self.settings.max_wait_ms);
        self.delay = self.settings.min_delay_ms;
        self.hooks.extend(["renewed", "failed"]);
        self.note_begun_again();
        self.note_unknown_names();
        self.note_held_back();
        self.look_in_estate();
        self.note_blocked();
        self.note_replaced();
        let run = self.settings.run.clone();
        self.write("", Step::Run { run }, Then::Go)
    }

    /// What was done with, and has no successor any more, begins again.
    fn note_begun_again(&mut self) {
        let is_over = |id: &String| self.state.get(id).is_some_and(|renewal| renewal.state.is_over());
        let again = self.order.iter().filter(|id| is_over(id));
        let again = again.filter_map(|id| {
            let item = self.item(id).filter(|item| item.action == RenewalAction::Renew)?;
            Some((id.clone(), Step::Begun { what: item.what() }))
        });
        let again: Vec<(String, Step)> = again.collect();
        self.todo.extend(again);
    }

    /// Who mistypes a name believes that it is ordered now.
    fn note_unknown_names(&mut self) {
        for name in self.settings.assume_not_placed.clone() {
            let is_of = |renewal: &Renewal| renewal.once_id.as_ref() == Some(&name);
            let is_known = self.state.renewals().any(|(_, renewal)| is_of(renewal));
            if !is_known {
                let message = format!("The journal has no order of the name {name}, which was said not to be placed.");
                self.tell("", Code::UnknownName, message, &Value::Null);
            }
        }
    }

    /// Orders of which nobody knows: the estate may show them. Of what it does not show, a person may have said that it is not
    /// there.
    fn look_in_estate(&mut self) {
        for id in self.order.clone() {
            let Some(renewal) = self.state.get(&id).filter(|renewal| renewal.state.is_unknown()) else {
                continue;
            };
            let found = found_among(self.planner.estate().orders(), renewal, &id);
            if let Some(step) = found {
                self.todo.push_back((id, step));
            } else if renewal
                .once_id
                .as_ref()
                .is_some_and(|name| self.settings.assume_not_placed.contains(name))
            {
                self.local(&id).is_assumed = true;
                self.todo.push_back((id, Step::NotPlaced));
            } else {
                let message =
                    "An order for it may have been placed, and nobody knows: it is looked for, and not placed again.";
                self.tell(&id, Code::Unknown, message.to_owned(), &Value::Null);
            }
        }
    }

    /// What is blocked is remembered, so that it is renewed later although its certificate has ended.
    fn note_blocked(&mut self) {
        let Some(plan) = &self.plan else { return };
        let blocked = plan.items.iter().filter(|item| item.action == RenewalAction::Blocked);
        let blocked: Vec<(String, What, String)> = blocked
            .map(|item| (item.order_id.clone(), item.what(), item.reason.clone()))
            .collect();
        for (id, what, message) in blocked {
            self.tell(
                &id,
                Code::Blocked,
                format!("It is due, and is not ordered: {message}."),
                &Value::Null,
            );
            self.local(&id).is_stuck = true;
            let known = self.state.get(&id);
            let is_known = known.is_some_and(|renewal| {
                renewal.state == RenewalState::Blocked && renewal.message.as_ref() == Some(&message)
            });
            if !is_known {
                self.todo.push_back((id, Step::Blocked { what, message }));
            }
        }
    }

    /// What was not ordered here, and has been renewed elsewhere, is done with.
    fn note_replaced(&mut self) {
        let open = self.state.renewals().filter(|(_, renewal)| {
            !renewal.state.has_order() && !renewal.state.is_unknown() && !renewal.state.is_over()
        });
        let replaced = open.filter_map(|(id, _)| {
            let item = self.item(id).filter(|item| item.action == RenewalAction::Replaced)?;
            let new_order = item.replaced_by.clone()?;
            Some((id.clone(), Step::Superseded { new_order }))
        });
        let replaced: Vec<(String, Step)> = replaced.collect();
        self.todo.extend(replaced);
    }
}
