//! Reads the account, list by list, and makes the plan.

use std::collections::{BTreeMap, VecDeque};

use api::facts::{Date, Fact as _, OrderStatus};
use serde_json::{Map, Value};

use super::{
    Settings,
    block::{contact_ids, of_findings},
    judge::{Judge, set_blocked},
    lists::statuses,
};
use crate::{
    ask::Ask,
    estate::{Aside, Estate},
    journal::{RenewalState, State},
    plan::{Plan, RenewalAction, RenewalItem, capacity, end_of},
    policy::ended_by,
    time::{self, Ms, iso},
};

/// Items per page: the largest that a service accepts is not known, so that the first size is asked for until it is refused,
/// and then the next; the last is the service's own.
const SIZES: [Option<u64>; 3] = [Some(200), Some(50), None];
/// So many orders are checked at once.
const CHECKED_AT_ONCE: usize = 100;

/// What is read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Orders,
    /// Those whose certificates have ended, the newest first.
    Ended,
    Organizations,
    Prices,
    Missing,
    Contacts,
    Check,
    End,
}

/// Reads the account, and makes the plan.
#[derive(Debug)]
pub struct Planner {
    settings: Settings,
    journal: State,
    estate: Estate,
    /// When the first page came: all is judged as of then, for of what was not due yet too little is kept to order it again.
    now: Ms,
    stage: Stage,
    /// Which of the sizes is asked for.
    size: usize,
    /// Whether what has ended is asked for in an order.
    is_sorted: bool,
    /// Whether orders are asked for by their statuses.
    is_filtered: bool,
    /// The date of the last order of a list that has an order, as far as it has shown one.
    last_created: Option<Ms>,
    pages: u64,
    items: Vec<RenewalItem>,
    /// Places of items that are to be checked.
    to_check: VecDeque<usize>,
    checking: Vec<usize>,
}

impl Planner {
    /// A planner that knows this journal.
    #[must_use]
    pub fn new(settings: Settings, journal: State) -> Self {
        Self {
            settings,
            journal,
            estate: Estate::default(),
            now: 0,
            stage: Stage::Orders,
            size: 0,
            is_sorted: true,
            is_filtered: true,
            last_created: Some(Ms::MAX),
            pages: 0,
            items: Vec::new(),
            to_check: VecDeque::new(),
            checking: Vec::new(),
        }
    }

    /// What is known of the account by now.
    #[must_use]
    pub const fn estate(&self) -> &Estate {
        &self.estate
    }

    /// Takes a page of the list that was asked for: a list of things. `due` is when each is due by the caller's function.
    /// Whether the next page is wanted.
    pub fn page(&mut self, now: Ms, page: &Value, due: &[Option<Ms>]) -> bool {
        if self.pages == 0 {
            self.now = now;
        }
        self.pages = self.pages.saturating_add(1);
        let things = page.as_array().map(Vec::as_slice).unwrap_or_default();
        for (at, thing) in things.iter().enumerate() {
            match self.stage {
                Stage::Orders | Stage::Ended | Stage::Missing => {
                    let id = thing.get("id").and_then(Value::as_str).unwrap_or_default();
                    let aside = Aside {
                        due: due.get(at).copied().flatten(),
                        is_open: self.journal.is_open(id),
                        is_chosen: self.settings.is_chosen(id),
                    };
                    self.estate.take_order(thing, self.now, &self.settings.policy, aside);
                }
                Stage::Organizations => self.estate.take_organization(thing),
                Stage::Contacts => self.estate.take_contact(thing),
                Stage::Prices | Stage::Check | Stage::End => {}
            }
        }
        self.stage != Stage::Ended || !self.is_all_older(things)
    }

    /// Whether all that follows in the list of what has ended did so too long ago: the orders come as they were asked for, the
    /// newest first, and the last one of these was placed that long ago.
    fn is_all_older(&mut self, orders: &[Value]) -> bool {
        for order in orders {
            let created = order.get("dateCreated").and_then(Date::read);
            let created = created.as_ref().and_then(time::of);
            // A service that sorts in another way does so in all of the list.
            self.last_created = self
                .last_created
                .zip(created)
                .filter(|(last, own)| own <= last)
                .map(|(_, own)| own);
        }
        let forgotten = self.settings.policy.forgotten(self.now);
        self.last_created.is_some_and(|created| ended_by(created) <= forgotten)
    }

    /// The first ask.
    pub fn begin(&mut self, now: Ms) -> Ask {
        self.now = now;
        self.unreadable().unwrap_or_else(|| self.list())
    }

    /// What nobody can read may be an order that was placed.
    fn unreadable(&self) -> Option<Ask> {
        let entry = self.journal.unreadable()?;
        Some(Ask::Unreadable { entry })
    }

    /// Takes an answer, and asks the next thing.
    pub fn next(&mut self, now: Ms, answer: &Value) -> Ask {
        if let Some(ask) = self.unreadable() {
            return ask;
        }
        if self.pages == 0 {
            self.now = now;
        }
        let is_refused = answer.get("refused") == Some(&Value::Bool(true));
        // The sizes have been found out by then.
        if is_refused && self.stage == Stage::Ended && core::mem::replace(&mut self.is_sorted, false) {
            // All of it is gone through.
            self.last_created = None;
            return self.list();
        }
        if is_refused && self.size.saturating_add(1) < SIZES.len() {
            self.size = self.size.saturating_add(1);
            return self.list();
        }
        // Or nothing is of these statuses, which a service may answer in the same way.
        if is_refused && core::mem::replace(&mut self.is_filtered, false) {
            self.size = 0;
            return self.list();
        }
        match self.stage {
            // What has ended is in a list of all.
            Stage::Orders if self.settings.policy.ended > 0.0 && self.is_filtered => self.go(Stage::Ended),
            Stage::Orders | Stage::Ended => self.go(Stage::Organizations),
            Stage::Organizations => self.go(Stage::Prices),
            Stage::Prices => {
                self.estate.take_prices(answer.get("prices").unwrap_or(&Value::Null));
                self.go(Stage::Missing)
            }
            Stage::Missing => self.go(Stage::Contacts),
            Stage::Contacts => {
                self.judge();
                self.go(Stage::Check)
            }
            Stage::Check => {
                self.take_findings(answer);
                self.go(Stage::Check)
            }
            Stage::End => self.plan(),
        }
    }

    fn go(&mut self, stage: Stage) -> Ask {
        self.stage = stage;
        match stage {
            Stage::Orders | Stage::Ended | Stage::Organizations => self.list(),
            Stage::Prices => Ask::Prices,
            Stage::Missing => {
                let orders = self.missing();
                if orders.is_empty() {
                    return self.go(Stage::Contacts);
                }
                Ask::Get { orders }
            }
            Stage::Contacts => {
                if self.has_all_contacts() {
                    self.judge();
                    return self.go(Stage::Check);
                }
                self.list()
            }
            Stage::Check => self.check(),
            Stage::End => self.plan(),
        }
    }

    fn list(&self) -> Ask {
        let mut filter = Map::new();
        let what = match self.stage {
            Stage::Organizations => "organizations",
            Stage::Contacts => "contacts",
            Stage::Ended => {
                if self.is_filtered {
                    filter.insert("statuses".into(), [OrderStatus::Expired.as_str()].to_vec().into());
                }
                if self.is_sorted {
                    filter.insert("sort".into(), "dateCreated,desc".into());
                }
                "orders"
            }
            _ => {
                if self.is_filtered {
                    filter.insert("statuses".into(), statuses().into());
                }
                "orders"
            }
        };
        if let Some(size) = SIZES.get(self.size).copied().flatten() {
            filter.insert("size".into(), size.into());
        }
        Ask::List { what, filter }
    }

    /// Orders to look at one by one: those that their list shows in part, those of the journal that no list shows, and those that
    /// have taken the place of one, and may have ended without a certificate.
    fn missing(&self) -> Vec<String> {
        let wanted = self.journal.renewals().filter_map(|(id, renewal)| match renewal.state {
            RenewalState::Superseded => renewal.new_order.as_ref().filter(|_| self.estate.order(id).is_some()),
            state => (!state.is_over()).then_some(id),
        });
        let unseen = wanted.filter(|id| self.estate.order(id).is_none()).cloned();
        let mut missing = self.estate.shown_in_part();
        missing.extend(unseen);
        missing
    }

    fn has_all_contacts(&self) -> bool {
        let wanted = self.estate.orders().filter_map(|order| order.body.as_ref());
        let mut contacts = wanted.flat_map(contact_ids);
        contacts.all(|id| self.estate.roles(id).is_some())
    }

    /// Decides about each order.
    fn judge(&mut self) {
        let judge = Judge {
            estate: &self.estate,
            journal: &self.journal,
            policy: &self.settings.policy,
            now: self.now,
        };
        let items = self.estate.orders().filter_map(|order| judge.item(order));
        let is_wanted = |item: &RenewalItem| {
            self.settings
                .concerns(&item.order_id, &item.common_name, &item.dns_names)
        };
        let mut items: Vec<RenewalItem> = items.filter(is_wanted).collect();
        items.sort_by_cached_key(|item| (end_of(item), item.order_id.clone()));
        let is_drafted = |(at, item): (usize, &RenewalItem)| (item.action == RenewalAction::Renew).then_some(at);
        self.to_check = items.iter().enumerate().filter_map(is_drafted).collect();
        self.items = items;
    }

    /// Asks for what is wrong with the next new orders, which have no CSR yet: the key is made later.
    fn check(&mut self) -> Ask {
        let count = self.to_check.len().min(CHECKED_AT_ONCE);
        self.checking = self.to_check.drain(..count).collect();
        if self.checking.is_empty() {
            return self.go(Stage::End);
        }
        let request = |at: &usize| self.items.get(*at)?.request.clone();
        let orders = self.checking.iter().map(|at| request(at).unwrap_or_default());
        Ask::Check {
            orders: orders.collect(),
        }
    }

    fn take_findings(&mut self, answer: &Value) {
        let findings = answer.get("findings").and_then(Value::as_array);
        for (at, found) in self.checking.iter().zip(findings.into_iter().flatten()) {
            let Some(item) = self.items.get_mut(*at) else { continue };
            // That it has none.
            let is_about_csr = |finding: &&Value| {
                let field = finding.get("field").and_then(Value::as_str);
                field.is_some_and(|field| field.starts_with("cert.csr"))
            };
            let found = found.as_array().into_iter().flatten();
            item.findings = found.filter(|finding| !is_about_csr(finding)).cloned().collect();
            if let Some((block, reason)) = of_findings(&item.findings) {
                set_blocked(item, block, reason);
            }
        }
    }

    fn plan(&mut self) -> Ask {
        let items = core::mem::take(&mut self.items);
        let mut counts: BTreeMap<&'static str, usize> =
            RenewalAction::ALL.iter().map(|action| (action.as_str(), 0)).collect();
        for item in &items {
            let count = counts.entry(item.action.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        let ordered = || items.iter().filter(|item| item.action == RenewalAction::Renew);
        // Not `sum()`, which makes -0 of nothing.
        let cost = ordered().try_fold(0.0, |sum, item| Some(sum + item.price?));
        let renewals = u64::try_from(ordered().count()).unwrap_or(u64::MAX);
        let replaced = [RenewalAction::Replaced, RenewalAction::Revoked, RenewalAction::Ended];
        let certificates = items.iter().filter(|item| !replaced.contains(&item.action)).count();
        let certificates = u64::try_from(certificates).unwrap_or(u64::MAX);
        // The prices are one more.
        let reading = self.pages.saturating_add(1);
        let Settings { policy, limit, .. } = &self.settings;
        Ask::Plan(Box::new(Plan {
            made_at: iso(self.now),
            counts,
            cost,
            capacity: capacity::of(renewals, certificates, reading, policy.at, *limit),
            policy: policy.clone(),
            only: self.settings.only.clone(),
            items,
        }))
    }
}
