//! What the clients of one key have in common: the limiter, the calls that wait for it, and whose options count. It has no
//! clock and no timer: each call brings those of its client.

use core::{
    cell::{Cell, RefCell},
    task::Waker,
    time::Duration,
};
use std::rc::{Rc, Weak};

use super::{
    machine::{Limiter, Options, Pause, Turn},
    queue::{Lane, Ticket},
    shared::SharedLog,
    warning::Warning,
};
use crate::{
    ordered::{Ordered, Place},
    platform::{Instant, Platform},
};

/// After a store has failed, it is left alone for so long.
const REST: Duration = Duration::from_secs(30);

pub(super) type Listeners = Rc<RefCell<Vec<Weak<dyn Fn()>>>>;

/// One limit.
pub(super) struct Limit {
    pub(super) limiter: RefCell<Limiter>,
    pub(super) wakers: RefCell<Ordered<Place, Waker>>,
    pub(super) shared: Option<Shared>,
    members: RefCell<Vec<Weak<Member>>>,
    next_member: Cell<u64>,
    /// Whether listeners are being called, and whether one of them changed something.
    is_telling: Cell<bool>,
    changed_meanwhile: Cell<bool>,
}

/// A log that several processes share, asked by one call at a time.
pub(super) struct Shared {
    pub(super) log: SharedLog,
    pub(super) asking: Cell<bool>,
    pub(super) denied_until: Cell<Option<Instant>>,
    pub(super) rests_until: Cell<Option<Instant>>,
    /// Since the store failed, where the process then has a share alone.
    alone: Cell<Option<Alone>>,
    /// Why the store was not asked, until somebody is told.
    trouble: RefCell<Option<String>>,
}

/// The time without a store.
#[derive(Clone, Copy)]
struct Alone {
    /// Nothing is sent until what the others may have sent before does not count any more.
    silent_until: Instant,
    /// The store is back: until then, others may not have noticed.
    ends_at: Option<Instant>,
}

impl Shared {
    pub(super) fn new(log: SharedLog) -> Self {
        Self {
            log,
            asking: Cell::default(),
            denied_until: Cell::default(),
            rests_until: Cell::default(),
            alone: Cell::default(),
            trouble: RefCell::default(),
        }
    }

    /// The store failed, or did not answer: until it has rested, the own log decides alone. Says whether the call that asked
    /// may go.
    pub(super) fn failed(&self, why: String, now: Instant) -> bool {
        let last = self.rests_until.replace(Some(now.after(REST)));
        self.trouble.replace(Some(why));
        if self.log.processes() <= 1 {
            return true;
        }
        // Who has not asked for that long has not seen whether it was back meanwhile.
        let is_same = last.is_some_and(|last| now < last.after(self.log.forgets_after()));
        let silent_until = match self.alone.get() {
            Some(Alone {
                silent_until,
                ends_at: None,
            }) if is_same => silent_until,
            // Since the store was back, others may have sent more than their share.
            _ => now.after(self.log.forgets_after()),
        };
        self.alone.set(Some(Alone {
            silent_until,
            ends_at: None,
        }));
        false
    }

    /// The store answered. Others ask it again after as long a rest, and tell it then what they sent.
    pub(super) fn answered(&self, now: Instant) {
        if let Some(alone) = self.alone.get().filter(|alone| alone.ends_at.is_none()) {
            let ends_at = Some(now.after(REST).after(self.log.forgets_after()));
            self.alone.set(Some(Alone { ends_at, ..alone }));
        }
    }

    /// What keeps a call back because nobody can be asked.
    fn keeps_back(&self, limiter: &Limiter, now: Instant) -> Option<Turn> {
        let alone = self.alone.get()?;
        if now < alone.silent_until {
            return Some(Turn::At(alone.silent_until));
        }
        if alone.ends_at.is_some_and(|ends_at| now >= ends_at) {
            self.alone.set(None);
            return None;
        }
        let share = limiter.limit(now).checked_div(self.log.processes()).unwrap_or_default();
        match limiter.free_at(share.max(1), now) {
            Some(at) if at <= now => None,
            Some(at) => Some(Turn::At(at)),
            None => Some(Turn::AwaitChange),
        }
    }

    pub(super) fn rests(&self, now: Instant) -> bool {
        self.rests_until.get().is_some_and(|until| now < until)
    }
}

/// A client's part in a limit, for as long as it is kept.
pub(super) struct Member {
    pub(super) limit: Rc<Limit>,
    number: u64,
    /// Whether the limit is one that clients share.
    pub(super) is_seated: bool,
    options: Options,
    /// Whether its options count: those of a closed client do not, although its last calls may still be under way.
    counts: Cell<bool>,
    pub(super) listeners: Listeners,
    /// The limit and the window that its client has been warned of.
    warned: Cell<Option<(u32, Duration)>>,
}

impl Member {
    pub(super) fn new(limit: Rc<Limit>, is_seated: bool, options: Options, listeners: Listeners) -> Rc<Self> {
        let number = limit.next_member.get();
        limit.next_member.set(number.saturating_add(1));
        let member = Rc::new(Self {
            limit,
            number,
            is_seated,
            options,
            counts: Cell::new(true),
            listeners,
            warned: Cell::default(),
        });
        member.limit.members.borrow_mut().push(Rc::downgrade(&member));
        member.limit.agree();
        member
    }

    /// The lane of calls that name none.
    pub(super) const fn lane(&self) -> Lane {
        Lane::of_client(self.number)
    }

    /// Its options count no more.
    pub(super) fn retire(&self) {
        self.counts.set(false);
        self.limit.agree();
        self.limit.wake_head();
    }

    pub(super) const fn is_retired(&self) -> bool {
        !self.counts.get()
    }

    /// What its client has not been warned of yet.
    pub(super) fn warnings(&self) -> impl Iterator<Item = Warning> {
        let shared = self.limit.shared.as_ref();
        let trouble = shared.and_then(|shared| shared.trouble.take());
        let agreed = self.limit.disagreement();
        let differs = agreed.filter(|agreed| self.warned.replace(Some(*agreed)) != Some(*agreed));
        let differs = differs.map(|(limit, window)| Warning::Differs {
            own: (self.options.own_limit(), self.options.own_window()),
            agreed: (limit, window),
        });
        differs.into_iter().chain(trouble.map(Warning::StoreFailed))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.limit.agree();
    }
}

impl Limit {
    pub(super) fn new(limiter: Limiter, shared: Option<Shared>) -> Rc<Self> {
        Rc::new(Self {
            limiter: RefCell::new(limiter),
            wakers: RefCell::default(),
            shared,
            members: RefCell::default(),
            next_member: Cell::default(),
            is_telling: Cell::default(),
            changed_meanwhile: Cell::default(),
        })
    }

    /// Lets the limiter show what all processes have sent.
    pub(super) fn look(&self, platform: &dyn Platform) {
        if let Some(shared) = &self.shared {
            let seen = shared.log.seen(platform.now(), platform.wall_clock());
            self.limiter.borrow_mut().see(seen);
        }
    }

    /// The options that count.
    fn options(&self) -> Vec<Options> {
        let mut members = self.members.borrow_mut();
        members.retain(|member| member.strong_count() > 0);
        let alive = members.iter().filter_map(Weak::upgrade);
        alive
            .filter(|member| !member.is_retired())
            .map(|member| member.options.clone())
            .collect()
    }

    /// The smallest limit and the longest window of those who take part hold; when nobody does, the last ones.
    fn agree(&self) {
        let strictest = self
            .options()
            .into_iter()
            .reduce(|strictest, options| strictest.strictest(&options));
        if let Some(options) = strictest {
            self.limiter.borrow_mut().set(&options);
            if let Some(shared) = &self.shared {
                shared.log.set(options.own_window(), options.own_slack());
            }
            self.wake_head();
        }
    }

    /// Paused until somebody resumes it, and all who could are closed.
    pub(super) fn is_abandoned(&self) -> bool {
        let pause = self.limiter.borrow().paused();
        pause == Some(Pause::UntilResumed) && self.options().is_empty()
    }

    /// The limit and the window that hold, where clients were given different ones.
    fn disagreement(&self) -> Option<(u32, Duration)> {
        let given = |options: &Options| (options.own_limit(), options.own_window());
        let options = self.options();
        let (first, rest) = options.split_first()?;
        let agreed = rest
            .iter()
            .fold(first.clone(), |agreed, options| agreed.strictest(options));
        let differs = rest.iter().any(|options| given(options) != given(first));
        differs.then(|| given(&agreed))
    }

    /// Something happened that may let the head of the queue go, or another be the head.
    pub(super) fn changed(&self) {
        self.wake_head();
        self.notify();
    }

    pub(super) fn wake_head(&self) {
        let head = self.limiter.borrow().head();
        let waker = head.and_then(|head| self.wakers.borrow().get(&head.place()).cloned());
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(super) fn wake_all(&self) {
        let wakers: Vec<Waker> = self.wakers.borrow().values().cloned().collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Calls the listeners. They may call back, for nothing is borrowed while they run; what they change is told once more
    /// when all were told, and what they change then is not told: otherwise one that pauses would be told for ever.
    pub(super) fn notify(&self) {
        if self.is_telling.replace(true) {
            self.changed_meanwhile.set(true);
            return;
        }
        for _ in 0..2 {
            self.changed_meanwhile.set(false);
            for listener in self.listeners() {
                listener();
            }
            if !self.changed_meanwhile.get() {
                break;
            }
        }
        self.is_telling.set(false);
    }

    fn listeners(&self) -> Vec<Rc<dyn Fn()>> {
        let members: Vec<_> = self.members.borrow().iter().filter_map(Weak::upgrade).collect();
        let of = |member: &Rc<Member>| {
            member
                .listeners
                .borrow()
                .iter()
                .filter_map(Weak::upgrade)
                .collect::<Vec<_>>()
        };
        members.iter().flat_map(of).collect()
    }

    /// The turn of one call: granted only to the head of the queue.
    pub(super) fn turn(&self, ticket: Ticket, now: Instant) -> Option<Turn> {
        let mut limiter = self.limiter.borrow_mut();
        if limiter.head() != Some(ticket) {
            return None;
        }
        if let Some(shared) = &self.shared {
            if shared.asking.get() {
                return Some(Turn::AwaitChange);
            }
            if let Some(until) = shared.denied_until.get().filter(|&until| until > now) {
                return Some(Turn::At(until));
            }
            if let Some(turn) = shared.keeps_back(&limiter, now) {
                return Some(turn);
            }
        }
        Some(limiter.poll(now))
    }

    /// The answer of a call sent arrived, or will not be waited for: its slot counts down from now.
    pub(super) fn settle(&self, slot: Option<u64>, wall_clock: u64) {
        let Some(shared) = &self.shared else { return };
        match slot {
            Some(slot) => {
                shared.log.answered(slot, wall_clock);
                shared.denied_until.set(None);
            }
            None => shared.log.answered_alone(wall_clock),
        }
    }
}
