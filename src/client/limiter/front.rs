//! A client's way to its limit.

use core::{
    cell::{Cell, RefCell},
    fmt,
    time::Duration,
};
use std::rc::Rc;

use api::digest::hash;

use super::{
    limit::{Limit, Listeners, Member},
    machine::{Limiter, Options, RateLimitState},
    permit::{Permit, Waiting},
    queue::{Lane, Priority},
    registry::Seat,
    warning::Warning,
};
use crate::{
    auth::{Auth, Secret},
    platform::{LogMemory, Platform},
};

/// A limiter that calls can wait on. Its clones are one client's; several clients may share one limit.
#[derive(Clone)]
pub struct RateLimiter {
    client: Rc<Owner>,
}

/// The client as its limit knows it. The clock and the timers are the client's own, so that no limit keeps a client's world
/// alive.
struct Owner {
    platform: Rc<dyn Platform>,
    options: Options,
    member: RefCell<Rc<Member>>,
    /// Where the limit is found that clients of one key share.
    seat: Option<Seat>,
    /// Of the key whose limit it has, to know it again by: to find the limit by its name takes ten times as long.
    seated: Cell<Option<u64>>,
}

/// As many calls wait as [`Options::max_queue`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueFull;

impl RateLimiter {
    /// A limiter of its own.
    #[must_use]
    pub fn new(platform: Rc<dyn Platform>, options: &Options) -> Self {
        Self::over(platform, options, Limit::new(Limiter::new(options), None), None)
    }

    /// A limiter of its own that continues where an earlier one with this memory was.
    #[must_use]
    pub fn remembering(platform: Rc<dyn Platform>, options: &Options, memory: Rc<dyn LogMemory>) -> Self {
        let limiter = Limiter::remembering(options, memory, platform.now());
        Self::over(platform, options, Limit::new(limiter, None), None)
    }

    /// The limiter that all clients of this process share that call the same service with the same key. As long as the key is
    /// not known, nothing can be sent: [`join`](Self::join) says which it is.
    #[must_use]
    pub fn of_process(platform: Rc<dyn Platform>, options: &Options, seat: Seat, auth: &Auth) -> Self {
        let alone = Limit::new(Limiter::new(options), None);
        let limiter = Self::over(platform, options, alone, Some(seat));
        match auth {
            Auth::Proxy => limiter.join(None),
            Auth::Password { api_key, .. } | Auth::Token { api_key, .. } => {
                if let Secret::Text(key) = api_key {
                    limiter.join(Some(key));
                }
            }
        }
        limiter
    }

    fn over(platform: Rc<dyn Platform>, options: &Options, limit: Rc<Limit>, seat: Option<Seat>) -> Self {
        let member = Member::new(limit, false, options.clone(), Listeners::default());
        Self {
            client: Rc::new(Owner {
                platform,
                options: options.clone(),
                member: RefCell::new(member),
                seat,
                seated: Cell::default(),
            }),
        }
    }

    /// Says with which key the next request is sent, or with that of a proxy: the limit is that of all clients of this key
    /// from now on. Does nothing for a limiter that is its client's alone.
    pub fn join(&self, key: Option<&str>) {
        let client = &self.client;
        let Some(seat) = &client.seat else { return };
        let seated = Some(hash(&[&seat.salt, key.unwrap_or_default()]));
        if client.seated.replace(seated) == seated {
            return;
        }
        let limit = seat.limit(key, &client.options, client.platform.now());
        let before = self.member();
        if Rc::ptr_eq(&before.limit, &limit) {
            return;
        }
        if !before.is_seated {
            // Until now the account was not known: the pause is for its calls.
            let pause = before.limit.limiter.borrow().paused();
            limit.limiter.borrow_mut().pause_as(pause);
        }
        let member = Member::new(limit, true, client.options.clone(), Rc::clone(&before.listeners));
        if before.is_retired() {
            member.retire();
        }
        client.member.replace(member);
        drop(before);
        self.limit().changed();
    }

    /// Whether a permit is one of this limit's, and not of the account that the client had before.
    #[must_use]
    pub fn granted(&self, permit: &Permit) -> bool {
        permit.is_of(&self.limit())
    }

    /// The window that holds at present.
    #[must_use]
    pub fn window(&self) -> Duration {
        self.limit().limiter.borrow().window()
    }

    fn member(&self) -> Rc<Member> {
        Rc::clone(&self.client.member.borrow())
    }

    fn limit(&self) -> Rc<Limit> {
        Rc::clone(&self.member().limit)
    }

    /// Joins the queue; what it returns is ready when the call may be sent. Dropping that leaves the queue. A call that names
    /// no lane is in its client's.
    ///
    /// A call that meets a gate closed for longer than `max_retry_after` fails with
    /// [`GateClosed`](super::GateClosed), also when that happens while it waits.
    ///
    /// # Errors
    /// [`QueueFull`].
    pub fn acquire(
        &self,
        priority: Priority,
        lane: Option<Lane>,
        max_retry_after: Duration,
    ) -> Result<Waiting, QueueFull> {
        let member = self.member();
        let ticket = {
            let mut limiter = member.limit.limiter.borrow_mut();
            if limiter.queued() >= self.client.options.max_queue.max(1) {
                return Err(QueueFull);
            }
            let lane = lane.unwrap_or(member.lane());
            limiter.enter(priority, lane, self.client.platform.now())
        };
        member.limit.notify();
        let platform = Rc::clone(&self.client.platform);
        Ok(Waiting::new(
            Rc::clone(&member.limit),
            platform,
            ticket,
            max_retry_after,
        ))
    }

    /// What the limiter is doing.
    #[must_use]
    pub fn state(&self) -> RateLimitState {
        let limit = self.limit();
        limit.look(&*self.client.platform);
        limit.limiter.borrow().state(self.client.platform.now())
    }

    /// How long until the last of so many calls made now would be sent: see [`Limiter::estimate`].
    #[must_use]
    pub fn estimate(&self, count: u64, priority: Priority, lane: Option<Lane>) -> Duration {
        let member = self.member();
        let lane = lane.unwrap_or(member.lane());
        member.limit.look(&*self.client.platform);
        let limiter = member.limit.limiter.borrow();
        limiter.estimate(count, priority, lane, self.client.platform.now())
    }

    /// Sends nothing for a span, or until [`resume`](Self::resume).
    pub fn pause(&self, span: Option<Duration>) {
        let now = self.client.platform.now();
        let limit = self.limit();
        limit.limiter.borrow_mut().pause(span.map(|span| now.after(span)));
        limit.changed();
    }

    /// Ends a pause, and the wait after a 429.
    pub fn resume(&self) {
        let limit = self.limit();
        limit.limiter.borrow_mut().resume(self.client.platform.now());
        limit.changed();
    }

    /// Calls a listener after each change of the state, for as long as the caller keeps it.
    ///
    /// It may change the limit itself. That is told once more when all listeners were told of the change before; what they
    /// change then is not told again.
    pub fn on_change(&self, listener: &Rc<dyn Fn()>) {
        let member = self.member();
        let mut listeners = member.listeners.borrow_mut();
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Rc::downgrade(listener));
    }

    /// What this client has not been warned of yet.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        self.member().warnings().collect()
    }

    /// Its client was closed: its options do not bind the others any more.
    pub fn retire(&self) {
        self.member().retire();
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RateLimiter").field(&self.state()).finish()
    }
}
