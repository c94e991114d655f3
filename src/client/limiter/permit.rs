//! A call's time in the limiter: waiting for its turn, then holding its slot until the answer. No task runs in the
//! background: the call at the head of the queue keeps the only timer, and each one that gets or gives up its turn wakes the
//! next.

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use std::rc::Rc;

use super::{
    limit::{Limit, Shared},
    machine::Turn,
    queue::Ticket,
    shared::Admission,
};
use crate::platform::{Instant, LocalFuture, Platform};

/// The server said with a 429 that it will not serve for longer than this call would wait; or nobody is left who could end a
/// pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateClosed {
    /// How long it will not; nothing for a pause.
    pub retry_after: Option<Duration>,
}

/// A call in the queue: ready when it may be sent.
#[must_use = "dropping it leaves the queue"]
pub struct Waiting {
    limit: Rc<Limit>,
    platform: Rc<dyn Platform>,
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
    Asking(LocalFuture<Result<Admission, String>>),
    /// Granted, or given up.
    Done,
}

impl Waiting {
    pub(super) fn new(limit: Rc<Limit>, platform: Rc<dyn Platform>, ticket: Ticket, max_retry_after: Duration) -> Self {
        Self {
            limit,
            platform,
            ticket,
            max_retry_after,
            stage: Stage::Queued,
        }
    }

    /// How long the gate is closed at present because of a 429: what is waited at least.
    #[must_use]
    pub fn closed_for(&self) -> Duration {
        self.limit.limiter.borrow().closed_for(self.platform.now())
    }

    fn granted(&mut self, slot: Option<u64>) -> Permit {
        self.stage = Stage::Done;
        self.limit.wakers.borrow_mut().remove(&self.ticket.place());
        self.limit.changed();
        Permit {
            limit: Rc::clone(&self.limit),
            platform: Rc::clone(&self.platform),
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
        self.limit.wakers.borrow_mut().remove(&self.ticket.place());
        if asking {
            self.limit.shared.iter().for_each(|shared| shared.asking.set(false));
            self.limit.limiter.borrow_mut().unsent(self.ticket);
        }
        let now = self.platform.now();
        self.limit.limiter.borrow_mut().leave(self.ticket, now);
        self.limit.changed();
    }

    /// Asks the shared log, which others may not do until it has answered.
    fn ask(&self, shared: &Shared, now: Instant) -> LocalFuture<Result<Admission, String>> {
        shared.asking.set(true);
        let limit = self.limit.limiter.borrow().limit(now);
        Box::pin(shared.log.take(limit, Rc::clone(&self.platform)))
    }

    /// The shared log has no room: back to the head of the queue.
    fn denied(&self, until: u64, now: Instant) {
        let wait = until.saturating_sub(self.platform.wall_clock());
        self.limit.limiter.borrow_mut().unsent(self.ticket);
        if let Some(shared) = &self.limit.shared {
            // A reply to another process frees its slot long before the latest time at which it could.
            let wait = wait.max(1).min(shared.log.asks_again_after());
            shared.denied_until.set(Some(now.after(Duration::from_millis(wait))));
        }
    }
}

impl Future for Waiting {
    type Output = Result<Permit, GateClosed>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let limit = Rc::clone(&this.limit);
        limit
            .wakers
            .borrow_mut()
            .insert(this.ticket.place(), context.waker().clone());
        if matches!(this.stage, Stage::Away) {
            this.stage = Stage::Queued;
            limit.limiter.borrow_mut().rejoin(this.ticket);
            limit.notify();
        }
        loop {
            let now = this.platform.now();
            if let Stage::Asking(ask) = &mut this.stage {
                let admission = ready!(ask.as_mut().poll(context));
                limit.shared.iter().for_each(|shared| shared.asking.set(false));
                this.stage = Stage::Head;
                if admission.is_ok() {
                    limit.shared.iter().for_each(|shared| shared.answered(now));
                }
                match admission {
                    Ok(Admission::Denied(until)) => this.denied(until, now),
                    Ok(Admission::Granted(slot)) => return Poll::Ready(Ok(this.granted(Some(slot)))),
                    Err(why) => {
                        if limit.shared.as_ref().is_none_or(|shared| shared.failed(why, now)) {
                            return Poll::Ready(Ok(this.granted(None)));
                        }
                        limit.limiter.borrow_mut().unsent(this.ticket);
                    }
                }
            }
            let retry_after = limit.limiter.borrow().closed_for(now);
            let is_refused = retry_after > this.max_retry_after;
            if is_refused || limit.is_abandoned() {
                this.give_up();
                return Poll::Ready(Err(GateClosed {
                    retry_after: is_refused.then_some(retry_after),
                }));
            }
            match limit.turn(this.ticket, now) {
                Some(Turn::Granted(_)) => match &limit.shared {
                    Some(shared) if !shared.rests(now) => this.stage = Stage::Asking(this.ask(shared, now)),
                    _ => return Poll::Ready(Ok(this.granted(None))),
                },
                Some(Turn::At(at)) => {
                    if !matches!(this.stage, Stage::Timer(until, _) if until == at) {
                        this.stage = Stage::Timer(at, this.platform.sleep(at.since(now)));
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
                        limit.wake_head();
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
    limit: Rc<Limit>,
    platform: Rc<dyn Platform>,
    ticket: Ticket,
    max_retry_after: Duration,
    slot: Option<u64>,
    sent: bool,
}

impl Permit {
    /// Whether it is a slot of this limit.
    pub(super) fn is_of(&self, limit: &Rc<Limit>) -> bool {
        Rc::ptr_eq(&self.limit, limit)
    }

    /// Any answer but a 429 has arrived.
    pub fn answered(mut self) {
        self.sent = false;
        let now = self.platform.now();
        self.limit.limiter.borrow_mut().answered(self.ticket, now);
        self.limit.settle(self.slot, self.platform.wall_clock());
        self.limit.changed();
    }

    /// A 429 has arrived, with the wait that it named. The gate is closed for all; once it is awaited the
    /// call is back at the head of the queue.
    pub fn refused(mut self, hint: Option<Duration>) -> Waiting {
        self.sent = false;
        let now = self.platform.now();
        let closed_for = self.limit.limiter.borrow().closed_for(now);
        let longer = {
            let mut limiter = self.limit.limiter.borrow_mut();
            let longer = limiter.refused(self.ticket, hint, now) > closed_for;
            limiter.leave(self.ticket, now);
            longer
        };
        self.limit.settle(self.slot, self.platform.wall_clock());
        if longer {
            // Each compares it with the longest wait that it accepts.
            self.limit.wake_all();
        }
        self.limit.changed();
        Waiting {
            limit: Rc::clone(&self.limit),
            platform: Rc::clone(&self.platform),
            ticket: self.ticket,
            max_retry_after: self.max_retry_after,
            stage: Stage::Away,
        }
    }

    /// The request was not sent after all, which is certain: its slot is free again.
    pub fn unsent(mut self) {
        self.sent = false;
        let now = self.platform.now();
        {
            let mut limiter = self.limit.limiter.borrow_mut();
            limiter.unsent(self.ticket);
            limiter.leave(self.ticket, now);
        }
        self.limit.settle(self.slot, self.platform.wall_clock());
        self.limit.changed();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.sent {
            let now = self.platform.now();
            self.limit.limiter.borrow_mut().leave(self.ticket, now);
            self.limit.settle(self.slot, self.platform.wall_clock());
            self.limit.changed();
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
