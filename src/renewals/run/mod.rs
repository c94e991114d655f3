//! A run: what is done next, from the journal, the plan and the answers so far. One thing is asked at a time, and what it was is
//! in the journal before it is done and after it: a run that ends anywhere is continued by the next one.

mod answers;
mod begin;
mod check;
pub mod event;
mod found;
mod pace;
pub mod problem;
mod reply;
pub mod settings;
mod start;
mod told;
mod work;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

pub use event::Event;
pub use problem::{Code, Problem};
pub use settings::{Has, Settings};

use crate::{
    ask::{Ask, Placed},
    journal::{Entry, State, Step},
    plan::{Plan, RenewalItem},
    planning::Planner,
    time::Ms,
};

/// A run.
#[derive(Debug)]
pub struct Run {
    settings: Settings,
    now: Ms,
    state: State,
    planner: Planner,
    plan: Option<Plan>,
    /// The places of the plan's items, by their orders.
    items: BTreeMap<String, usize>,
    /// All that may be worked on, the one that ends first before the others.
    order: Vec<String>,
    /// What only this run knows of each.
    local: BTreeMap<String, Local>,
    /// What is to be written down before anything else is done.
    todo: VecDeque<(String, Step)>,
    pending: Pending,
    events: Vec<Event>,
    /// When certificates are waited for no longer.
    deadline: Ms,
    next_look: Ms,
    delay: Ms,
    searches: u32,
    /// For which look the last one was.
    searched_at: Ms,
    /// The orders that this run placed, or may have, with what they cost.
    placed: BTreeMap<String, Option<f64>>,
    /// How often in a row an order was not placed for a reason that is not its own.
    in_vain: u32,
    /// Why nothing more is placed.
    stopped: Option<String>,
    /// The journal is somebody else's by now.
    is_lost: bool,
    hooks: VecDeque<&'static str>,
    /// Why what runs once for all that was renewed has failed.
    hook_failure: Option<String>,
    has_ended: bool,
}

/// What only this run knows of a renewal.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Local {
    /// The new order was looked at.
    is_seen: bool,
    /// It could be looked at no more in this run.
    is_asked: bool,
    /// It failed in this run, and is left alone for the rest of it.
    is_stuck: bool,
    /// Its certificate was downloaded and checked in this run.
    is_at_hand: bool,
    /// The new order shows its names, and perhaps how control of them is shown.
    shows_cert: bool,
    /// How often that was published in vain.
    in_vain: u32,
    /// A person was told that it has to act.
    is_told: bool,
    /// A person said that the order was not placed.
    is_assumed: bool,
    /// What this run did not even try, and why.
    why_not: Option<String>,
    /// It was delivered by this run.
    is_delivered: bool,
}

/// What an answer is awaited for.
#[derive(Debug)]
enum Pending {
    Start,
    Window,
    Lock,
    Replace(Vec<String>),
    Plan,
    Append(Entry, Then),
    Key(String),
    Place(String),
    Publish(Vec<String>),
    Look(Vec<String>),
    Search,
    Download(String),
    Deliver(String),
    Revoke(String),
    Hook(&'static str),
    Sleep(Ms),
    Nothing,
}

/// What is done when an entry is in the journal.
#[derive(Debug)]
enum Then {
    Go,
    Key(String, String),
    Place(String, String),
    Publish(Vec<String>),
    Deliver(String),
    Revoke(String),
}

impl Run {
    /// A run that has not begun.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let planner = Planner::new(settings.plan.clone(), State::default());
        Self {
            settings,
            now: 0,
            state: State::default(),
            planner,
            plan: None,
            items: BTreeMap::new(),
            order: Vec::new(),
            local: BTreeMap::new(),
            todo: VecDeque::new(),
            pending: Pending::Start,
            events: Vec::new(),
            deadline: 0,
            next_look: 0,
            delay: 0,
            searches: 0,
            searched_at: -1,
            placed: BTreeMap::new(),
            in_vain: 0,
            stopped: None,
            is_lost: false,
            hooks: VecDeque::new(),
            hook_failure: None,
            has_ended: false,
        }
    }

    /// Takes a page of the list that was asked for. Whether the next one is wanted.
    pub fn page(&mut self, now: Ms, page: &Value, due: &[Option<Ms>]) -> bool {
        self.planner.page(now, page, due)
    }

    /// What happened since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        core::mem::take(&mut self.events)
    }

    /// Takes the answer to what was asked last, and asks the next thing. The first answer says nothing.
    pub fn next(&mut self, now: Ms, answer: &Value) -> Ask {
        // Time does not go back: what was decided stays so. Before anything was, the service has not said what time it is.
        self.now = if self.plan.is_some() { now.max(self.now) } else { now };
        match core::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Start => self.start(),
            Pending::Window => self.lock(),
            Pending::Lock => self.locked(answer),
            Pending::Replace(entries) => self.replaced(&entries, answer),
            Pending::Plan => {
                let ask = self.planner.next(self.now, answer);
                self.planning(ask)
            }
            Pending::Append(entry, then) => self.appended(&entry, then, answer),
            Pending::Key(id) => self.keyed(&id, answer),
            Pending::Place(id) => self.placed(&id, answer),
            Pending::Publish(ids) => self.published(&ids, answer),
            Pending::Look(ids) => self.looked(&ids, answer),
            Pending::Search => self.searched(answer),
            Pending::Download(id) => self.downloaded(&id, answer),
            Pending::Deliver(id) => self.delivered(&id, answer),
            Pending::Revoke(id) => self.revoked(&id, answer),
            Pending::Hook(what) => self.hooked(what, answer),
            // A timer may end a moment early, and clocks differ.
            Pending::Sleep(until) => {
                self.now = self.now.max(until);
                self.advance()
            }
            Pending::Nothing => self.done(),
        }
    }

    /// Writes something down, and does the next thing when it is there.
    fn write(&mut self, order: &str, step: Step, then: Then) -> Ask {
        let entry = Entry {
            at: self.now,
            order: order.to_owned(),
            step,
        };
        let text = entry.line();
        let at = self.state.entries();
        self.pending = Pending::Append(entry, then);
        Ask::Append { at, entry: text }
    }

    fn appended(&mut self, entry: &Entry, then: Then, answer: &Value) -> Ask {
        if answer.get("added") != Some(&Value::Bool(true)) {
            // Somebody else writes: nothing more is done, not even what was about to be.
            return self.lost("Somebody else writes the journal: this run has stopped before it did anything more.");
        }
        self.apply(entry);
        match then {
            Then::Go => self.advance(),
            Then::Key(id, name) => self.ask_for_key(id, name),
            Then::Place(id, once_id) => self.ask_to_place(id, once_id),
            Then::Publish(ids) => self.ask_to_publish(ids),
            Then::Deliver(id) => self.ask_to_deliver(id),
            Then::Revoke(id) => {
                let ask = Ask::Revoke { order_id: id.clone() };
                self.pending = Pending::Revoke(id);
                ask
            }
        }
    }

    /// The journal cannot be gone by.
    fn lost(&mut self, message: &str) -> Ask {
        self.is_lost = true;
        self.tell("", Code::JournalLost, message.to_owned(), &Value::Null);
        self.done()
    }

    /// The entry is in the journal: from now on it counts.
    fn apply(&mut self, entry: &Entry) {
        let before = self.state.get(&entry.order).map(|renewal| renewal.state);
        self.state.apply(entry);
        let Some(renewal) = self.state.get(&entry.order) else {
            return;
        };
        if before == Some(renewal.state) {
            return;
        }
        self.events.push(Event::Step {
            at: crate::time::iso(self.now),
            order_id: entry.order.clone(),
            common_name: renewal.what.common_name.clone(),
            state: renewal.state,
            new_order_id: renewal.new_order.clone(),
        });
    }

    fn item(&self, id: &str) -> Option<&RenewalItem> {
        let at = self.items.get(id)?;
        self.plan.as_ref()?.items.get(*at)
    }

    fn local(&mut self, id: &str) -> &mut Local {
        self.local.entry(id.to_owned()).or_default()
    }

    fn placed_of(&self, id: &str) -> Option<Placed> {
        let new_order_id = self.state.get(id)?.new_order.clone()?;
        Some(Placed {
            order_id: id.to_owned(),
            new_order_id,
        })
    }

    /// The renewals whose new orders these are.
    fn renewed_by(&self) -> BTreeMap<String, String> {
        let mut renewed = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (id, renewal) in self.state.renewals() {
            if let Some(new_order) = renewal.new_order.as_ref().filter(|id| seen.insert((*id).clone())) {
                renewed.insert(new_order.clone(), id.clone());
            }
        }
        renewed
    }
}
