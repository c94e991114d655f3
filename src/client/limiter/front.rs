//! The part that calls wait on. No task runs in the background: the call at the head of the queue keeps the only
//! timer, and each one that gets or gives up its turn wakes the next.

use core::{
    cell::{Cell, RefCell},
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};
use std::{
    collections::BTreeMap,
    rc::{Rc, Weak},
};

use super::{
    machine::{Limiter, Options, QueueFull, RateLimitState, Turn},
    queue::{Priority, Ticket},
    shared::{Admission, SharedLog, Sharing},
};
use crate::platform::{Instant, LocalFuture, LogMemory, Platform};

/// A limiter that calls can wait on. Its clones share one log and one queue.
#[derive(Clone)]
pub struct RateLimiter {
    inner: Rc<Inner>,
}

struct Inner {
    platform: Rc<dyn Platform>,
    limiter: RefCell<Limiter>,
    wakers: RefCell<BTreeMap<Ticket, Waker>>,
    listeners: RefCell<Vec<Weak<dyn Fn()>>>,
    shared: Option<Shared>,
}

/// The shared log, asked by one call at a time.
struct Shared {
    log: SharedLog,
    asking: Cell<bool>,
    denied_until: Cell<Option<Instant>>,
}

/// The server said with a 429 that it will not serve for longer than this call would wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateClosed {
    /// How long it will not.
    pub retry_after: Duration,
}

impl RateLimiter {
    /// A limiter of its own.
    #[must_use]
    pub fn new(platform: Rc<dyn Platform>, options: &Options) -> Self {
        Self::over(platform, options, None, None)
    }

    /// A limiter of its own that continues where an earlier one with this memory was.
    #[must_use]
    pub fn remembering(platform: Rc<dyn Platform>, options: &Options, memory: Rc<dyn LogMemory>) -> Self {
        Self::over(platform, options, None, Some(memory))
    }

    /// A limiter whose log is shared with other processes.
    #[must_use]
    pub fn shared(platform: Rc<dyn Platform>, options: &Options, sharing: Sharing) -> Self {
        let log = SharedLog::new(sharing, options.window, options.slack);
        Self::over(
            platform,
            options,
            Some(Shared {
                log,
                asking: Cell::default(),
                denied_until: Cell::default(),
            }),
            None,
        )
    }

    fn over(
        platform: Rc<dyn Platform>,
        options: &Options,
        shared: Option<Shared>,
        memory: Option<Rc<dyn LogMemory>>,
    ) -> Self {
        let limiter = RefCell::new(match memory {
            Some(memory) => Limiter::remembering(options, memory, platform.now()),
            None => Limiter::new(options),
        });
        Self {
            inner: Rc::new(Inner {
                platform,
                limiter,
                wakers: RefCell::default(),
                listeners: RefCell::default(),
                shared,
            }),
        }
    }

    /// Joins the queue; what it returns is ready when the call may be sent. Dropping that leaves the queue.
    ///
    /// A call that meets a gate closed for longer than `max_retry_after` fails with [`GateClosed`], also when that
    /// happens while it waits.
    ///
    /// # Errors
    /// [`QueueFull`].
    pub fn acquire(&self, priority: Priority, max_retry_after: Duration) -> Result<Waiting, QueueFull> {
        let now = self.inner.platform.now();
        let ticket = self.inner.limiter.borrow_mut().enter(priority, now)?;
        self.inner.notify();
        Ok(Waiting {
            inner: Rc::clone(&self.inner),
            ticket,
            max_retry_after,
            stage: Stage::Queued,
        })
    }

    /// What the limiter is doing.
    #[must_use]
    pub fn state(&self) -> RateLimitState {
        self.inner.limiter.borrow().state(self.inner.platform.now())
    }

    /// Sends nothing for a span, or until [`resume`](Self::resume).
    pub fn pause(&self, span: Option<Duration>) {
        let now = self.inner.platform.now();
        self.inner.limiter.borrow_mut().pause(span.map(|span| now.after(span)));
        self.inner.changed(now);
    }

    /// Ends a pause, and the wait after a 429.
    pub fn resume(&self) {
        let now = self.inner.platform.now();
        self.inner.limiter.borrow_mut().resume(now);
        self.inner.changed(now);
    }

    /// Calls a listener after each change of the state, for as long as the caller keeps it.
    pub fn on_change(&self, listener: &Rc<dyn Fn()>) {
        let mut listeners = self.inner.listeners.borrow_mut();
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Rc::downgrade(listener));
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RateLimiter").field(&self.state()).finish()
    }
}

impl Inner {
    /// Something happened that may let the head of the queue go, or another be the head.
    fn changed(&self, now: Instant) {
        self.wake_head(now);
        self.notify();
    }

    fn wake_head(&self, now: Instant) {
        let head = self.limiter.borrow().head(now);
        let waker = head.and_then(|head| self.wakers.borrow().get(&head).cloned());
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn wake_all(&self) {
        let wakers: Vec<Waker> = self.wakers.borrow().values().cloned().collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Listeners may call back: nothing is borrowed while they run.
    fn notify(&self) {
        let listeners: Vec<_> = self.listeners.borrow().iter().filter_map(Weak::upgrade).collect();
        for listener in listeners {
            listener();
        }
    }

    /// The turn of one call: granted only to the head of the queue.
    fn turn(&self, ticket: Ticket, now: Instant) -> Option<Turn> {
        let mut limiter = self.limiter.borrow_mut();
        if limiter.head(now) != Some(ticket) {
            return None;
        }
        if let Some(shared) = &self.shared {
            if shared.asking.get() {
                return Some(Turn::AwaitChange);
            }
            if let Some(until) = shared.denied_until.get().filter(|&until| until > now) {
                return Some(Turn::At(until));
            }
        }
        Some(limiter.poll(now))
    }

    /// The answer of a call sent arrived, or will not be waited for: its slot counts down from now.
    fn settle(&self, slot: Option<u64>) {
        if let (Some(shared), Some(slot)) = (&self.shared, slot) {
            shared.log.answered(slot, self.platform.wall_clock());
            shared.denied_until.set(None);
        }
    }
}

/// A call in the queue: ready when it may be sent.
#[must_use = "dropping it leaves the queue"]
pub struct Waiting {
    inner: Rc<Inner>,
    ticket: Ticket,
    max_retry_after: Duration,
    stage: Stage,
}

enum Stage {
    /// Refused, and nobody waits for it yet: its caller may still read the body. The others do not wait for it either.
    Away,
    /// Others are ahead.
    Queued,
    /// At the head, until something changes.
    Head,
    /// At the head, until a moment or until something changes.
    Timer(Instant, LocalFuture<()>),
    /// Granted here; asking the shared log.
    Asking(LocalFuture<Option<Admission>>),
    /// Granted, or given up.
    Done,
}

impl Waiting {
    /// How long the gate is closed at present because of a 429: what is waited at least.
    #[must_use]
    pub fn closed_for(&self) -> Duration {
        self.inner.limiter.borrow().closed_for(self.inner.platform.now())
    }

    fn granted(&mut self, slot: Option<u64>, now: Instant) -> Permit {
        self.stage = Stage::Done;
        self.inner.wakers.borrow_mut().remove(&self.ticket);
        self.inner.changed(now);
        Permit {
            inner: Rc::clone(&self.inner),
            ticket: self.ticket,
            max_retry_after: self.max_retry_after,
            slot,
            sent: true,
        }
    }

    /// Leaves the queue, from whichever place in it.
    fn give_up(&mut self) {
        let asking = match core::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Done => return,
            Stage::Asking(_) => true,
            Stage::Away | Stage::Queued | Stage::Head | Stage::Timer(..) => false,
        };
        self.inner.wakers.borrow_mut().remove(&self.ticket);
        if asking {
            self.inner.shared.iter().for_each(|shared| shared.asking.set(false));
            self.inner.limiter.borrow_mut().unsent(self.ticket);
        }
        let now = self.inner.platform.now();
        self.inner.limiter.borrow_mut().leave(self.ticket, now);
        self.inner.changed(now);
    }

    /// Asks the shared log, which others may not do until it has answered.
    fn ask(&self, shared: &Shared, now: Instant) -> LocalFuture<Option<Admission>> {
        shared.asking.set(true);
        let limit = self.inner.limiter.borrow().limit(now);
        Box::pin(shared.log.take(limit, Rc::clone(&self.inner.platform)))
    }

    /// The shared log has no room: back to the head of the queue.
    fn denied(&self, until: u64, now: Instant) {
        let wait = until.saturating_sub(self.inner.platform.wall_clock());
        let until = now.after(Duration::from_millis(wait.max(1)));
        self.inner.limiter.borrow_mut().unsent(self.ticket);
        if let Some(shared) = &self.inner.shared {
            shared.denied_until.set(Some(until));
        }
    }
}

impl Future for Waiting {
    type Output = Result<Permit, GateClosed>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let inner = Rc::clone(&this.inner);
        inner.wakers.borrow_mut().insert(this.ticket, context.waker().clone());
        if matches!(this.stage, Stage::Away) {
            this.stage = Stage::Queued;
            inner.limiter.borrow_mut().rejoin(this.ticket);
            inner.notify();
        }
        loop {
            let now = inner.platform.now();
            if let Stage::Asking(ask) = &mut this.stage {
                let admission = ready!(ask.as_mut().poll(context));
                inner.shared.iter().for_each(|shared| shared.asking.set(false));
                this.stage = Stage::Head;
                match admission {
                    Some(Admission::Denied(until)) => this.denied(until, now),
                    Some(Admission::Granted(slot)) => return Poll::Ready(Ok(this.granted(Some(slot), now))),
                    None => return Poll::Ready(Ok(this.granted(None, now))),
                }
            }
            let retry_after = inner.limiter.borrow().closed_for(now);
            if retry_after > this.max_retry_after {
                this.give_up();
                return Poll::Ready(Err(GateClosed { retry_after }));
            }
            match inner.turn(this.ticket, now) {
                Some(Turn::Granted(_)) => match &inner.shared {
                    Some(shared) => this.stage = Stage::Asking(this.ask(shared, now)),
                    None => return Poll::Ready(Ok(this.granted(None, now))),
                },
                Some(Turn::At(at)) => {
                    if !matches!(this.stage, Stage::Timer(until, _) if until == at) {
                        this.stage = Stage::Timer(at, inner.platform.sleep(at.since(now)));
                    }
                    if let Stage::Timer(_, sleep) = &mut this.stage {
                        ready!(sleep.as_mut().poll(context));
                    }
                    // Asked again rather than trusted: timers fire early.
                    this.stage = Stage::Head;
                }
                Some(Turn::AwaitChange | Turn::Idle) => {
                    this.stage = Stage::Head;
                    return Poll::Pending;
                }
                None => {
                    // Whoever is the head now has no timer yet.
                    if !matches!(this.stage, Stage::Queued) {
                        this.stage = Stage::Queued;
                        inner.wake_head(now);
                    }
                    return Poll::Pending;
                }
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("ticket", &self.ticket)
            .finish_non_exhaustive()
    }
}

/// A slot, taken: the call is sent now. Dropping it says that no answer is waited for any more, and that the server
/// may have got the request all the same.
#[must_use = "dropping it says that the call was given up"]
pub struct Permit {
    inner: Rc<Inner>,
    ticket: Ticket,
    max_retry_after: Duration,
    slot: Option<u64>,
    sent: bool,
}

impl Permit {
    /// Any answer but a 429 has arrived.
    pub fn answered(mut self) {
        self.sent = false;
        let now = self.inner.platform.now();
        self.inner.limiter.borrow_mut().answered(self.ticket, now);
        self.inner.settle(self.slot);
        self.inner.changed(now);
    }

    /// A 429 has arrived, with the wait that it named ([`hint::retry_after`](super::hint::retry_after)). The gate is
    /// closed for all; once it is awaited the call is back at the head of the queue.
    pub fn refused(mut self, hint: Option<Duration>) -> Waiting {
        self.sent = false;
        let now = self.inner.platform.now();
        let closed_for = self.inner.limiter.borrow().closed_for(now);
        let longer = {
            let mut limiter = self.inner.limiter.borrow_mut();
            let longer = limiter.refused(self.ticket, hint, now) > closed_for;
            limiter.leave(self.ticket, now);
            longer
        };
        self.inner.settle(self.slot);
        if longer {
            // Each compares it with the longest wait that it accepts.
            self.inner.wake_all();
        }
        self.inner.changed(now);
        let (inner, max_retry_after) = (Rc::clone(&self.inner), self.max_retry_after);
        Waiting {
            inner,
            ticket: self.ticket,
            max_retry_after,
            stage: Stage::Away,
        }
    }

    /// The request was not sent after all, which is certain: its slot is free again.
    pub fn unsent(mut self) {
        self.sent = false;
        let now = self.inner.platform.now();
        {
            let mut limiter = self.inner.limiter.borrow_mut();
            limiter.unsent(self.ticket);
            limiter.leave(self.ticket, now);
        }
        self.inner.settle(self.slot);
        self.inner.changed(now);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.sent {
            let now = self.inner.platform.now();
            self.inner.limiter.borrow_mut().leave(self.ticket, now);
            self.inner.settle(self.slot);
            self.inner.changed(now);
        }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("ticket", &self.ticket)
            .finish_non_exhaustive()
    }
}
