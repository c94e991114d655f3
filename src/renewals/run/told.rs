//! What is told of a run: its problems while it is under way, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Code, Event, Pending, Problem, Run, Then};
use crate::{
    ask::Ask,
    journal::{Renewal, RenewalState, Step},
    plan::{RenewalAction, RenewalItem},
    summary::{self, Coming, RenewalOutcome, Status, Summary},
    time::{DAY, Ms, iso},
    urgency::RenewalUrgency,
};

/// A calendar holds so many of what is to come, at most.
const MOST_COMING: usize = 500;

impl Run {
    /// Tells of something that is not as it should be.
    pub(super) fn tell(&mut self, id: &str, code: Code, message: String, error: &Value) {
        let output = error.get("output").and_then(Value::as_str);
        let (common_name, urgency) = self.name_of(id);
        self.events.push(Event::Problem(Box::new(Problem {
            at: iso(self.now),
            order_id: id.to_owned(),
            common_name,
            code,
            message,
            output: output.map(str::to_owned),
            urgency,
            retry_at: self.retry_of(id).filter(|at| *at > self.now).map(iso),
        })));
    }

    /// Whoever asks for certificates earlier than they can be renewed is told of it.
    pub(super) fn note_held_back(&mut self) {
        let items = self.plan.iter().flat_map(|plan| &plan.items);
        let is_held_back = |item: &&RenewalItem| {
            let due = self.planner.estate().order(&item.order_id).and_then(|order| order.due);
            matches!(item.action, RenewalAction::Later | RenewalAction::Renew)
                && due.is_some_and(|due| due.is_held_back)
        };
        let mut held_back = items.filter(is_held_back);
        let Some(first) = held_back.next() else { return };
        let message = format!(
            "`policy.at` asks for {} of the certificates, {} among them, earlier than they are renewed: half of a life has to be \
             over. Choose a later day, or `third`.",
            held_back.count().saturating_add(1),
            first.common_name,
        );
        self.tell("", Code::HeldBack, message, &Value::Null);
    }

    fn name_of(&self, id: &str) -> (String, RenewalUrgency) {
        if let Some(item) = self.item(id) {
            return (item.common_name.clone(), item.urgency);
        }
        let of = |renewal: &Renewal| {
            let what = &renewal.what;
            (what.common_name.clone(), what.urgency(self.now))
        };
        self.state.get(id).map_or((String::new(), RenewalUrgency::None), of)
    }

    /// Nothing is left to do but to say so.
    pub(super) fn finish(&mut self) -> Ask {
        while let Some(what) = self.hooks.pop_front() {
            let is_there = match what {
                "renewed" => self.settings.has.renewed,
                _ => self.settings.has.failed,
            };
            let ids: Vec<String> = if what == "renewed" {
                self.state.untold().cloned().collect()
            } else {
                let failed = self.local.iter().filter(|(_, local)| local.is_stuck);
                failed.map(|(id, _)| id).chain(self.not_in_use()).cloned().collect()
            };
            if is_there && !ids.is_empty() {
                let renewals = ids.iter().filter_map(|id| self.status(id)).collect();
                self.pending = Pending::Hook(what);
                return Ask::Hook { what, renewals };
            }
        }
        if !core::mem::replace(&mut self.has_ended, true) {
            return self.write("", Step::Ended, Then::Go);
        }
        self.done()
    }

    /// The run has ended.
    pub(super) fn done(&mut self) -> Ask {
        self.pending = Pending::Nothing;
        let summary = self.summary();
        self.events.push(Event::Ended {
            at: iso(self.now),
            summary: Box::new(summary.clone()),
        });
        Ask::Done(Box::new(summary))
    }

    /// What was delivered, and may not be in use: what was to run after that failed.
    fn not_in_use(&self) -> impl Iterator<Item = &String> {
        let untold = self.hook_failure.iter().flat_map(|_| self.state.untold());
        untold.filter(|id| self.local.get(*id).is_none_or(|local| !local.is_stuck))
    }

    fn status(&self, id: &str) -> Option<Status> {
        let (renewal, item) = (self.state.get(id), self.item(id));
        let local = self.local.get(id);
        let why_not = local.and_then(|local| local.why_not.clone());
        let what = item.map(RenewalItem::what).or_else(|| Some(renewal?.what.clone()))?;
        let is_in_use = !self.not_in_use().any(|other| other == id);
        let why_not = why_not.or_else(|| self.hook_failure.clone().filter(|_| !is_in_use));
        let is_safe = is_in_use
            && renewal.is_some_and(|renewal| {
                renewal.state.is_over() || matches!(renewal.state, RenewalState::Delivered | RenewalState::Revoking)
            });
        Some(Status {
            order_id: id.to_owned(),
            not_after: iso(what.not_after),
            state: renewal.map(|renewal| renewal.state),
            urgency: if is_safe {
                RenewalUrgency::None
            } else {
                what.urgency(self.now)
            },
            common_name: what.common_name,
            dns_names: what.dns_names,
            new_order_id: renewal.and_then(|renewal| renewal.new_order.clone()),
            once_id: renewal
                .filter(|renewal| renewal.state.is_unknown())
                .and_then(|renewal| renewal.once_id.clone()),
            new_not_after: renewal.and_then(|renewal| renewal.new_not_after).map(iso),
            key: renewal.and_then(|renewal| renewal.key.clone()),
            failures: renewal.map_or(0, |renewal| renewal.failures),
            retry_at: self.retry_of(id).filter(|_| !is_safe).map(iso),
            message: renewal.and_then(|renewal| renewal.message.clone()).or(why_not),
        })
    }

    fn summary(&self) -> Summary {
        let is_told = |id: &&String| {
            let local = self.local.get(*id);
            let is_delivered = local.is_some_and(|local| local.is_delivered);
            is_delivered || self.state.get(id).is_none_or(|renewal| !renewal.state.is_over())
        };
        let of_this_run: BTreeSet<&String> = self.order.iter().filter(is_told).collect();
        let of_earlier_ones = self.not_in_use().filter(|id| !of_this_run.contains(id));
        let ids = self.order.iter().filter(is_told).chain(of_earlier_ones);
        let renewals = ids.filter_map(|id| self.status(id));
        let renewals: Vec<Status> = renewals.chain(self.left_alone()).collect();
        let outcome = self.outcome(&renewals);
        Summary {
            outcome,
            orders: self.placed.len(),
            cost: self.placed.values().flatten().fold(0.0, |sum, cost| sum + cost),
            metrics: self.metrics(&renewals),
            text: summary::text(outcome, &renewals, self.uncovered()),
            ics: summary::calendar(self.now, &self.coming(&renewals)),
            renewals,
        }
    }

    /// What failed in an earlier run, and is not tried in this one: it is too early, or was when the caller's plan was made.
    fn left_alone(&self) -> impl Iterator<Item = Status> {
        let items = self.plan.iter().flat_map(|plan| &plan.items);
        let left = items.filter(|item| match item.action {
            RenewalAction::Retry => true,
            RenewalAction::Renew => self.state.is_open(&item.order_id),
            _ => false,
        });
        left.filter(|item| !self.order.contains(&item.order_id))
            .filter_map(|item| self.status(&item.order_id))
    }

    /// What is no renewal, and needs a look: what has ended and is not being renewed, and what is due and for which somebody
    /// else has an order under way.
    fn uncovered(&self) -> impl Iterator<Item = &RenewalItem> {
        let items = self.plan.iter().flat_map(|plan| &plan.items);
        items.filter(|item| match item.action {
            RenewalAction::Ended => true,
            RenewalAction::Replaced => item.urgency != RenewalUrgency::None,
            _ => false,
        })
    }

    fn outcome(&self, renewals: &[Status]) -> RenewalOutcome {
        if self.is_lost {
            return RenewalOutcome::Locked;
        }
        let is_open = |status: &Status| {
            !status.state.is_some_and(|state| {
                state.is_over() || matches!(state, RenewalState::Delivered | RenewalState::Revoking)
            })
        };
        let has_failed = |status: &Status| {
            let state = status.state;
            status.failures > 0
                || matches!(state, Some(RenewalState::Blocked))
                || state.is_some_and(RenewalState::is_unknown)
        };
        let urgencies = renewals.iter().map(|status| status.urgency);
        let mut urgencies = urgencies.chain(self.uncovered().map(|item| item.urgency));
        if urgencies.any(|urgency| urgency >= RenewalUrgency::Urgent) {
            RenewalOutcome::EndNear
        } else if self.stopped.is_some() || self.hook_failure.is_some() || renewals.iter().any(has_failed) {
            RenewalOutcome::SomeFailed
        } else if renewals.iter().any(is_open) || self.uncovered().next().is_some() {
            RenewalOutcome::Waiting
        } else if renewals.is_empty() {
            RenewalOutcome::NothingDue
        } else {
            RenewalOutcome::Renewed
        }
    }

    fn metrics(&self, renewals: &[Status]) -> BTreeMap<String, usize> {
        let mut metrics = BTreeMap::new();
        let mut count = |name: String| {
            let count: &mut usize = metrics.entry(name).or_default();
            *count = count.saturating_add(1);
        };
        for item in self.plan.iter().flat_map(|plan| &plan.items) {
            count(format!("action.{}", item.action.as_str()));
        }
        for status in renewals {
            let state = status.state.map_or("notBegun", RenewalState::as_str);
            count(format!("state.{state}"));
            count(format!("urgency.{}", status.urgency.as_str()));
        }
        metrics
    }

    /// What is due next, and what ends.
    fn coming(&self, renewals: &[Status]) -> Vec<Coming> {
        let items = self.plan.iter().flat_map(|plan| &plan.items);
        let later = items.filter(|item| item.action == RenewalAction::Later);
        let mut coming: Vec<Coming> = later
            .map(|item| Coming {
                id: format!("due-{}", item.order_id),
                at: crate::plan::of_text(&item.due),
                what: format!("{} is renewed", item.common_name),
            })
            .collect();
        coming.sort_by_key(|event| event.at);
        coming.truncate(MOST_COMING);
        let at_risk = renewals.iter().filter(|status| status.urgency != RenewalUrgency::None);
        let at_risk = at_risk.map(|status| (&status.order_id, &status.common_name, &status.not_after));
        let uncovered = self.uncovered().filter(|item| item.urgency != RenewalUrgency::Ended);
        let uncovered = uncovered.map(|item| (&item.order_id, &item.common_name, &item.not_after));
        let ends = at_risk.chain(uncovered).take(MOST_COMING);
        coming.extend(ends.map(|(id, name, not_after)| Coming {
            id: format!("end-{id}"),
            at: last_day(crate::plan::of_text(not_after)),
            what: format!("{name} ends, and has no successor yet"),
        }));
        coming
    }
}

/// A day before: then something can still be done.
const fn last_day(end: Ms) -> Ms {
    end.saturating_sub(DAY)
}
