//! The one loop of waiting.

use core::time::Duration;
use std::collections::VecDeque;

use api::{
    Body, BodyRef,
    facts::{OrderFacts, OrderStatus},
};
use futures_util::future::{Either, select};

use super::{
    Goal, WaitOptions,
    change::Changes,
    end::{Ended, is_final},
    goal::Standing,
    looks::Looks,
    organization::Validations,
    pace::{Pace, Pause},
    round::{Kind, Subject},
};
use crate::{
    client::Client,
    error::{Error, ErrorKind, WaitReason},
    ordered::Ordered,
    orders::actions::OrderRef,
};

/// How one of those that were waited for settled, or has changed.
pub struct Settled {
    /// Its id.
    pub id: String,
    /// What it is at its goal or now, or why it did not get there.
    pub result: Result<BodyRef, Error>,
}

/// Something that is waited for: it is looked at now and then, together with what else the client waits for.
///
/// All that it awaits is in [`Self::next`], and ends when that is dropped.
pub struct Wait {
    client: Client,
    subject: Subject,
    pace: Pace,
    awaited: Ordered<String, Awaited>,
    settled: VecDeque<Settled>,
    /// Whether every error is to be a `Wait` error.
    is_uniform: bool,
}

/// One of those that are waited for.
struct Awaited {
    standing: Box<dyn FnMut(&BodyRef) -> Standing>,
    /// What is waited for, in words: "issued".
    goal: &'static str,
    /// The common name of an order, once it is known: lists can be asked for it.
    name: Option<String>,
    last: Option<BodyRef>,
    /// Why the last look failed, if it did.
    failed: Option<Error>,
}

impl Awaited {
    fn new(goal: &'static str, standing: impl FnMut(&BodyRef) -> Standing + 'static) -> Self {
        Self {
            standing: Box::new(standing),
            goal,
            name: None,
            last: None,
            failed: None,
        }
    }
}

impl Wait {
    fn new(client: Client, subject: Subject, options: WaitOptions) -> Self {
        Self {
            client,
            subject,
            pace: Pace::new(options),
            awaited: Ordered::new(),
            settled: VecDeque::new(),
            is_uniform: false,
        }
    }

    fn awaiting(mut self, id: &str, awaited: Awaited) -> Self {
        self.awaited.insert(id.to_ascii_lowercase(), awaited);
        self
    }

    /// Waits for an order.
    #[must_use]
    pub fn for_order(client: Client, id: &str, goal: Goal, options: WaitOptions) -> Self {
        let awaited = Awaited::new(goal.in_words(), move |order| goal.standing(order));
        Self::new(client, Subject::Order, options).awaiting(id, awaited)
    }

    /// Waits for several orders, each of which settles by itself; one that is given twice counts once. Every error is a
    /// `Wait` error, with what it came of as its cause.
    ///
    /// # Errors
    /// Those of making the goals, for each order by its place.
    pub fn for_orders(
        client: Client,
        orders: &[OrderRef],
        goal: impl Fn(usize, &OrderRef) -> Result<Goal, Error>,
        options: WaitOptions,
    ) -> Result<Self, Error> {
        let mut wait = Self::new(client, Subject::Order, options);
        wait.is_uniform = true;
        for (at, order) in orders.iter().enumerate() {
            let goal = goal(at, order)?;
            let mut awaited = Awaited::new(goal.in_words(), move |order| goal.standing(order));
            awaited.name = order.known.as_ref().and_then(name_of);
            wait = wait.awaiting(&order.id, awaited);
        }
        Ok(wait)
    }

    /// Watches an order: as it is now, then each time its status or its certificate has changed, until it has settled.
    #[must_use]
    pub fn for_changes(client: Client, id: &str, options: WaitOptions) -> Self {
        let mut changes = Changes::default();
        let awaited = Awaited::new("settled", move |order| changes.standing(order));
        Self::new(client, Subject::Order, options).awaiting(id, awaited)
    }

    /// Waits until an organization is validated: for this type, or for every type that it is being validated for.
    #[must_use]
    pub fn for_organization(client: Client, id: &str, validation: Option<String>, options: WaitOptions) -> Self {
        let mut validations = Validations::new(client.clone(), validation);
        let awaited = Awaited::new("validated", move |organization| validations.standing(organization));
        Self::new(client, Subject::Organization, options).awaiting(id, awaited)
    }

    /// The next one that settled, or changed; none once all have settled. `seen` is told of each look.
    pub async fn next(&mut self, seen: &dyn Fn(&BodyRef)) -> Option<Settled> {
        loop {
            if let Some(settled) = self.settled.pop_front() {
                return Some(settled);
            }
            if self.awaited.is_empty() {
                return None;
            }
            let now = self.client.platform.now();
            match self.pace.next(now) {
                Pause::Look(pause) => self.look(pause, seen).await,
                Pause::End(left) => {
                    self.client.platform.sleep(left).await;
                    self.time_is_up();
                }
            }
        }
    }

    /// Waits for what is the only one.
    ///
    /// # Errors
    /// A `Wait` error when it ended otherwise, needs a person, cannot be reached, or took longer than `max_wait`; the
    /// service's refusal of a look that will not get better by itself.
    pub async fn reach(mut self, seen: &dyn Fn(&BodyRef)) -> Result<BodyRef, Error> {
        match self.next(seen).await {
            Some(settled) => settled.result,
            None => Err(Error::interrupted()),
        }
    }

    async fn look(&mut self, pause: Duration, seen: &dyn Fn(&BodyRef)) {
        let wanted = self
            .awaited
            .iter()
            .map(|(id, awaited)| (id.clone(), awaited.name.clone()));
        let kind = Kind {
            subject: self.subject,
            call: self.pace.call(),
        };
        let client = self.client.clone();
        let round = Looks::look(client, kind, wanted.collect(), pause);
        let left = self.pace.left(self.client.platform.now());
        let round = match left {
            None => round.await,
            Some(left) => match select(round, self.client.platform.sleep(left)).await {
                Either::Left((round, _)) => round,
                Either::Right(_) => return self.look_took_too_long(),
            },
        };
        let ids: Vec<String> = self.awaited.keys().cloned().collect();
        for id in ids {
            if let Some(outcome) = round.outcome(&id) {
                self.take(id, outcome, seen);
            }
        }
    }

    fn take(&mut self, id: String, outcome: Result<BodyRef, Error>, seen: &dyn Fn(&BodyRef)) {
        let Some(awaited) = self.awaited.get_mut(&id) else {
            return;
        };
        let body = match outcome {
            Ok(body) => body,
            Err(error) => {
                if is_final(&error, awaited.last.is_some()) {
                    self.settle(id, Err((WaitReason::LookFailed, Some(error))));
                } else {
                    awaited.failed = Some(error);
                }
                return;
            }
        };
        seen(&body);
        awaited.failed = None;
        if self.subject == Subject::Order {
            awaited.name = name_of(&body.order()).or(awaited.name.take());
        }
        awaited.last = Some(BodyRef::clone(&body));
        match (awaited.standing)(&body) {
            Standing::Continues => {}
            Standing::Changed => {
                self.pace.restart();
                self.settled.push_back(Settled { id, result: Ok(body) });
            }
            Standing::Reached => self.settle(id, Ok(body)),
            Standing::Ended(reason) => self.settle(id, Err((reason, None))),
        }
    }

    fn settle(&mut self, id: String, how: Result<BodyRef, (WaitReason, Option<Error>)>) {
        let Some(awaited) = self.awaited.remove(&id) else {
            return;
        };
        let result = how.map_err(|(reason, cause)| match cause {
            // What the service says of the call itself is the call's error, where one thing alone is waited for.
            Some(error) if !self.is_uniform && !matches!(error.kind, ErrorKind::Connection { .. }) => error,
            cause => {
                let what = format!("The {} {id}", self.subject.in_words());
                let ended = Ended {
                    what: &what,
                    goal: awaited.goal,
                    reason,
                    status: awaited.last.as_deref().and_then(|last| self.subject.status(last)),
                    last: awaited.last,
                    cause: cause.or(awaited.failed),
                };
                ended.error(&self.client)
            }
        });
        self.settled.push_back(Settled { id, result });
    }

    fn time_is_up(&mut self) {
        let ids: Vec<String> = self.awaited.keys().cloned().collect();
        for id in ids {
            self.settle(id, Err((WaitReason::Timeout, None)));
        }
    }

    /// The time is up, and a look has not ended: what it waited for is the cause, unless an earlier one failed already.
    fn look_took_too_long(&mut self) {
        let phase = self.client.account.phase();
        let ids: Vec<String> = self.awaited.keys().cloned().collect();
        for id in ids {
            if let Some(awaited) = self.awaited.get_mut(&id) {
                let what = format!("A look at the {} {id}", self.subject.in_words());
                awaited.failed.get_or_insert_with(|| Error::cut_short(&what, phase));
            }
        }
        self.time_is_up();
    }
}

impl Subject {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Organization => "organization",
        }
    }

    fn status(self, body: &dyn Body) -> Option<String> {
        match self {
            Self::Order => {
                let order = body.order();
                let status = order.status_text()?;
                // The status alone would not say why it will not be issued.
                let is_revoked = order.is_cert_revoked() && order.status == Some(OrderStatus::Issued);
                Some(if is_revoked {
                    format!("{status}, and its certificate is revoked")
                } else {
                    status.to_owned()
                })
            }
            Self::Organization => {
                let validations = body.organization().validations.into_iter();
                let words =
                    validations.map(|check| [check.kind, check.status].into_iter().flatten().collect::<Vec<_>>());
                let words: Vec<String> = words.map(|words| words.join(" ")).collect();
                (!words.is_empty()).then(|| words.join(", "))
            }
        }
    }
}

fn name_of(order: &OrderFacts) -> Option<String> {
    order.cert.as_ref()?.common_name.clone()
}
