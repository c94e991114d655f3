//! Waiting for an order or an organization: nobody is told of changes, so they are looked at now and then (guide 8.2).

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use super::{
    client::Client,
    error::{Error, Kind, WaitEnd},
    limiter::Priority,
    options::CallOptions,
    paging::Pager,
    platform::Instant,
};
use crate::api::{
    model::Model,
    orders::{Cert, GetOrder, ListOrders, Order, OrderFilter, OrderStatus, StatusKind},
    organizations::{GetOrganization, Organization, Validation, ValidationType},
    page::Paging,
};

/// What an order is waited for.
pub enum Goal {
    /// Its certificate: the status and the certificate itself.
    Issued,
    /// Another certificate than this one, or than the one first seen.
    Reissued(Option<CertIdentity>),
    /// That it is revoked.
    Revoked,
    /// That it is canceled.
    Canceled,
    /// Whatever the caller says.
    Custom(Box<dyn Fn(&Value) -> bool>),
}

/// What tells a certificate from its reissue (guide 7.4.8.3): the certificate authority's id, and the serial number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertIdentity {
    provider_id: Option<String>,
    serial_number: Option<String>,
}

impl CertIdentity {
    /// The identity of an order's certificate.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        let cert = order.cert.as_ref();
        Self {
            provider_id: cert
                .and_then(|cert: &Cert| cert.provider_id.as_ref())
                .map(ToString::to_string),
            serial_number: cert.and_then(|cert| cert.serial_number.clone()),
        }
    }

    fn differs_from(&self, other: &Self) -> bool {
        let differs = |new: &Option<String>, old: &Option<String>| new.is_some() && new != old;
        differs(&self.provider_id, &other.provider_id) || differs(&self.serial_number, &other.serial_number)
    }
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Reached,
    GoesOn,
    Ended(WaitEnd),
}

impl Goal {
    /// Looks at an order as it is now.
    fn standing(&mut self, order: &Model<Order>) -> Standing {
        let view = &order.view;
        let status = view.status.as_ref();
        let reached = match self {
            Self::Issued => view.is_issued(),
            Self::Reissued(old) => {
                let now = CertIdentity::of(view);
                let issued = view.is_issued();
                let first = old.get_or_insert_with(|| now.clone());
                issued && now.differs_from(first)
            }
            Self::Revoked => status == Some(&OrderStatus::Revoked),
            Self::Canceled => status == Some(&OrderStatus::Canceled),
            Self::Custom(is_reached) => is_reached(&order.json),
        };
        if reached {
            return Standing::Reached;
        }
        match status.map_or(StatusKind::Pending, OrderStatus::kind) {
            StatusKind::Failed => Standing::Ended(WaitEnd::Failed),
            StatusKind::NeedsPerson if !matches!(self, Self::Custom(_)) => Standing::Ended(WaitEnd::NeedsAction),
            StatusKind::Issued | StatusKind::Pending | StatusKind::NeedsPerson => Standing::GoesOn,
        }
    }

    const fn in_words(&self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Reissued(_) => "reissued",
            Self::Revoked => "revoked",
            Self::Canceled => "canceled",
            Self::Custom(_) => "what was waited for",
        }
    }
}

/// How to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitOptions {
    /// How each look is made; its priority is low unless it says otherwise.
    pub call: CallOptions,
    /// Give up after so long.
    pub max_wait: Option<Duration>,
    /// The first time between two looks; each is half as long again as the one before.
    pub min_delay: Duration,
    /// The longest.
    pub max_delay: Duration,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            call: CallOptions::default(),
            max_wait: None,
            min_delay: Duration::from_secs(5),
            max_delay: Duration::from_secs(5 * 60),
        }
    }
}

impl WaitOptions {
    fn look(&self) -> CallOptions {
        CallOptions {
            priority: self.call.priority.or(Some(Priority::Low)),
            ..self.call
        }
    }
}

/// The time between two looks, and the time that is left.
struct Pace {
    options: WaitOptions,
    delay: Duration,
    began: Instant,
}

impl Pace {
    fn new(client: &Client, options: WaitOptions) -> Self {
        Self {
            delay: options.min_delay.min(options.max_delay),
            options,
            began: client.platform.now(),
        }
    }

    /// Waits until the next look. Says no when the time is up.
    async fn next(&mut self, client: &Client) -> bool {
        let mut delay = self.delay;
        if let Some(max_wait) = self.options.max_wait {
            let left = max_wait.saturating_sub(client.platform.now().since(self.began));
            if left.is_zero() {
                return false;
            }
            delay = delay.min(left);
        }
        client.platform.sleep(delay).await;
        self.delay = self.delay.mul_f64(1.5).clamp(
            self.options.min_delay.min(self.options.max_delay),
            self.options.max_delay,
        );
        true
    }

    /// Something changed, so more may follow soon.
    fn restart(&mut self) {
        self.delay = self.options.min_delay.min(self.options.max_delay);
    }
}

/// Whether a failed look ends the waiting: what will not change by itself does.
fn is_final(error: &Error) -> bool {
    match &error.kind {
        Kind::Api(refusal) => matches!(refusal.status, 400 | 401 | 403 | 404),
        Kind::Connection { .. } | Kind::Timeout { .. } | Kind::Decode { .. } | Kind::QueueFull {} => false,
        Kind::Validation { .. } | Kind::Wait { .. } | Kind::Other {} => true,
    }
}

fn ended(what: &str, reason: WaitEnd, status: Option<&str>, goal: &str, last: Option<Value>) -> Error {
    let status = status.unwrap_or("unknown");
    let (code, message) = match reason {
        WaitEnd::Failed => (
            "wait_failed",
            format!("{what} will not be {goal}: its status is {status}. Look at its history."),
        ),
        WaitEnd::NeedsAction => (
            "wait_needs_action",
            format!("{what} goes on only when a person acts: its status is {status}. See to that, and wait again."),
        ),
        WaitEnd::Timeout => (
            "wait_timeout",
            format!("{what} was not {goal} in time: its status is {status}. Wait again, or raise `maxWait`."),
        ),
    };
    Error {
        code,
        message,
        kind: Kind::Wait { reason, last },
    }
}

fn order_ended(id: &str, reason: WaitEnd, goal: &str, last: Option<&Model<Order>>) -> Error {
    let status = last
        .and_then(|order| order.view.status.as_ref())
        .map(OrderStatus::as_str);
    ended(
        &format!("The order {id}"),
        reason,
        status,
        goal,
        last.map(|order| order.json.clone()),
    )
}

impl Client {
    /// Waits until an order has reached its goal. `seen` is told of each look.
    ///
    /// # Errors
    /// A `Wait` error when it ended otherwise, needs a person, or took longer than `max_wait`; the error of a look
    /// that will not get better by itself.
    pub async fn wait_for_order(
        &self,
        id: &str,
        mut goal: Goal,
        options: WaitOptions,
        seen: impl Fn(&Value),
    ) -> Result<Model<Order>, Error> {
        let call = GetOrder { id: id.to_owned() };
        let mut pace = Pace::new(self, options);
        let mut last = None;
        loop {
            match self.call(&call, options.look()).await {
                Ok(reply) => {
                    let order = last.insert(reply.value);
                    seen(&order.json);
                    match goal.standing(order) {
                        Standing::Reached => return Ok(order.clone()),
                        Standing::Ended(reason) => return Err(order_ended(id, reason, goal.in_words(), Some(order))),
                        Standing::GoesOn => {}
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
            if !pace.next(self).await {
                return Err(order_ended(id, WaitEnd::Timeout, goal.in_words(), last.as_ref()));
            }
        }
    }

    /// Waits until an organization is validated: for this type, or for every type that it is being validated for.
    ///
    /// # Errors
    /// As [`Self::wait_for_order`].
    pub async fn wait_for_organization(
        &self,
        id: &str,
        validation: Option<&ValidationType>,
        options: WaitOptions,
        seen: impl Fn(&Value),
    ) -> Result<Model<Organization>, Error> {
        let call = GetOrganization { id: id.to_owned() };
        let mut pace = Pace::new(self, options);
        let mut last: Option<Model<Organization>> = None;
        let failure = |reason, last: Option<&Model<Organization>>| {
            let status = last.and_then(|organization| validation_status(&organization.view, validation));
            let last_json = last.map(|organization| organization.json.clone());
            ended(
                &format!("The organization {id}"),
                reason,
                status,
                "validated",
                last_json,
            )
        };
        loop {
            match self.call(&call, options.look()).await {
                Ok(reply) => {
                    let organization = last.insert(reply.value);
                    seen(&organization.json);
                    match validation_standing(&organization.view, validation) {
                        Standing::Reached => return Ok(organization.clone()),
                        Standing::Ended(reason) => return Err(failure(reason, Some(organization))),
                        Standing::GoesOn => {}
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
            if !pace.next(self).await {
                return Err(failure(WaitEnd::Timeout, last.as_ref()));
            }
        }
    }
}

fn wanted<'a>(
    organization: &'a Organization,
    wanted: Option<&'a ValidationType>,
) -> impl Iterator<Item = &'a Validation> {
    let all = organization.validations.iter().flatten();
    all.filter(move |validation| wanted.is_none_or(|wanted| validation.type_.as_ref() == Some(wanted)))
}

fn validation_status<'a>(organization: &'a Organization, validation: Option<&'a ValidationType>) -> Option<&'a str> {
    wanted(organization, validation).find_map(|validation| validation.status.as_deref())
}

/// The guide names no status but that it may be pending, so these are read by their words: *inferred*.
fn validation_standing(organization: &Organization, validation: Option<&ValidationType>) -> Standing {
    let mut all = wanted(organization, validation).peekable();
    if all.peek().is_none() {
        return Standing::GoesOn;
    }
    let standing = |validation: &Validation| {
        let status = validation.status.as_deref().unwrap_or_default().to_ascii_uppercase();
        let says = |words: &[&str]| words.iter().any(|word| status.contains(word));
        if says(&["REJECT", "FAIL", "CANCEL", "DENIED"]) {
            Standing::Ended(WaitEnd::Failed)
        } else if !says(&["PENDING", "EXPIRED", "IN_PROGRESS", "SUBMITTED"])
            && (validation.date_validated_until.is_some() || says(&["VALID", "ACTIVE", "APPROVED", "COMPLETE"]))
        {
            Standing::Reached
        } else {
            Standing::GoesOn
        }
    };
    let standings: Vec<Standing> = all.map(standing).collect();
    let not_reached = standings.iter().filter(|standing| **standing != Standing::Reached);
    not_reached
        .copied()
        .min_by_key(|standing| *standing == Standing::GoesOn)
        .unwrap_or(Standing::Reached)
}

/// An order that was watched, as it changes.
pub struct Watch {
    client: Client,
    id: String,
    options: WaitOptions,
    pace: Option<Pace>,
    last: Option<Model<Order>>,
    over: bool,
}

impl Watch {
    /// Watches an order.
    #[must_use]
    pub fn new(client: Client, id: String, options: WaitOptions) -> Self {
        Self {
            client,
            id,
            options,
            pace: None,
            last: None,
            over: false,
        }
    }

    /// The order now, then each time its status or its certificate has changed; none once it has settled.
    ///
    /// # Errors
    /// As [`Client::wait_for_order`].
    pub async fn next(&mut self, seen: &dyn Fn(&Value)) -> Result<Option<Model<Order>>, Error> {
        if self.over {
            return Ok(None);
        }
        let result = self.change(seen).await;
        self.over = match &result {
            Ok(Some(order)) => has_settled(&order.view),
            Ok(None) | Err(_) => true,
        };
        result
    }

    async fn change(&mut self, seen: &dyn Fn(&Value)) -> Result<Option<Model<Order>>, Error> {
        let call = GetOrder { id: self.id.clone() };
        let first = self.pace.is_none();
        let pace = self.pace.get_or_insert_with(|| Pace::new(&self.client, self.options));
        if !first {
            pace.restart();
        }
        let mut look_now = first;
        loop {
            if !look_now && !pace.next(&self.client).await {
                return Err(order_ended(&self.id, WaitEnd::Timeout, "settled", self.last.as_ref()));
            }
            look_now = false;
            match self.client.call(&call, self.options.look()).await {
                Ok(reply) => {
                    let order = reply.value;
                    seen(&order.json);
                    if self
                        .last
                        .as_ref()
                        .is_none_or(|last| has_changed(&last.view, &order.view))
                    {
                        self.last = Some(order.clone());
                        return Ok(Some(order));
                    }
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(_) => {}
            }
        }
    }
}

fn has_changed(last: &Order, now: &Order) -> bool {
    last.status != now.status
        || last.end_entity_cert() != now.end_entity_cert()
        || CertIdentity::of(last) != CertIdentity::of(now)
}

fn has_settled(order: &Order) -> bool {
    let failed = order
        .status
        .as_ref()
        .is_some_and(|status| status.kind() == StatusKind::Failed);
    failed || order.is_issued()
}

/// How one of several orders settled.
pub struct Settled {
    /// Its id.
    pub id: String,
    /// The order at its goal, or why it did not get there.
    pub result: Result<Model<Order>, Error>,
}

/// Several orders that are waited for together, with list calls rather than a look at each.
///
/// The first round goes through the list of orders until each id was seen, which also tells their common names; the
/// later ones ask for those names only. An order that no list shows is looked at by itself.
pub struct Waits {
    client: Client,
    goals: BTreeMap<String, (Goal, Option<Model<Order>>)>,
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
        let goals = ids
            .into_iter()
            .map(|id| (id.to_ascii_lowercase(), (goal(), None)))
            .collect();
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
    pub async fn next(&mut self, seen: &dyn Fn(&Value)) -> Result<Option<Settled>, Error> {
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
            let error = order_ended(&id, WaitEnd::Timeout, goal.in_words(), last.as_ref());
            self.settled.push_back(Settled { id, result: Err(error) });
        }
    }

    async fn look(&mut self, seen: &dyn Fn(&Value)) -> Result<(), Error> {
        let mut unseen: Vec<String> = self.goals.keys().cloned().collect();
        let mut names: Vec<String> = self
            .goals
            .values()
            .filter_map(|(_, last)| common_name(last.as_ref()?))
            .collect();
        names.sort_unstable();
        names.dedup();
        let filters: Vec<Option<Vec<String>>> = if self.goals.values().all(|(_, last)| last.is_some()) {
            names.chunks(AT_ONCE).map(|chunk| Some(chunk.to_vec())).collect()
        } else {
            vec![None]
        };
        for common_names in filters {
            let paging = Paging {
                size: u64::try_from(AT_ONCE).ok(),
                ..Paging::default()
            };
            let call = ListOrders {
                filter: OrderFilter {
                    common_names,
                    paging,
                    ..OrderFilter::default()
                },
            };
            let mut pager = Pager::new(self.client.clone(), call, self.options.look());
            while !unseen.is_empty() {
                let Some(page) = pager.next().await? else { break };
                for order in page.value.content {
                    let Some(id) = order.view.id.as_ref().map(|id| id.to_ascii_lowercase()) else {
                        continue;
                    };
                    if let Some(at) = unseen.iter().position(|other| *other == id) {
                        unseen.swap_remove(at);
                        seen(&order.json);
                        self.take(id, order);
                    }
                }
            }
        }
        for id in unseen {
            match self
                .client
                .call(&GetOrder { id: id.clone() }, self.options.look())
                .await
            {
                Ok(reply) => {
                    seen(&reply.value.json);
                    self.take(id, reply.value);
                }
                Err(error) if is_final(&error) => {
                    self.goals.remove(&id);
                    self.settled.push_back(Settled { id, result: Err(error) });
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, id: String, order: Model<Order>) {
        let Some((goal, last)) = self.goals.get_mut(&id) else {
            return;
        };
        let result = match goal.standing(&order) {
            Standing::GoesOn => {
                *last = Some(order);
                return;
            }
            Standing::Reached => Ok(order),
            Standing::Ended(reason) => Err(order_ended(&id, reason, goal.in_words(), Some(&order))),
        };
        self.goals.remove(&id);
        self.settled.push_back(Settled { id, result });
    }
}

fn common_name(order: &Model<Order>) -> Option<String> {
    order.view.cert.as_ref()?.common_name.clone()
}
