//! The loop: waits for a token and a slot, sends, and again as long as `retry` says so.

use core::time::Duration;

use api::Method;
use futures_util::{
    FutureExt,
    future::{Either, select},
};

use super::{
    Exchange, Reply,
    access::{Access, Credentials},
    attempt::{Attempt, is_success},
    millis,
    outcome::{of_proxy, queue_full},
    refusal::code_of,
    retry::{self, Ended, Next, Outcome, Policy},
};
use crate::{
    error::{Error, ErrorCode, TimeoutPhase},
    events::{Event, EventKind, RetryEvent, SessionChange, SessionEvent, ThrottledEvent},
    limiter::{Permit, Waiting},
    platform::Boxed,
};

/// A wait of unknown length is told as this.
const LONGEST_SHOWN: Duration = Duration::from_secs(24 * 60 * 60);

impl<'a> Exchange<'a> {
    /// Runs the call to its end, within its total timeout.
    ///
    /// Dropping the future at any point gives the call up: its slot, its place in the queue, its request in flight.
    pub(crate) fn run(self) -> Boxed<'a, Result<Reply, Error>> {
        Box::pin(self.in_time())
    }

    async fn in_time(self) -> Result<Reply, Error> {
        // Behind a pointer: it would be compiled into each place that awaits it.
        let attempts: Boxed<'_, _> = Box::pin(self.attempts());
        let Some(total) = self.total_timeout else {
            return attempts.await;
        };
        let time_is_up = self.platform.sleep(total);
        if let Either::Left((result, _)) = select(attempts, time_is_up).await {
            return result;
        }
        let applied = self.request.writes && self.trace.may_be_made();
        Err(Error::timeout(&self.name(), total, self.trace.phase.get(), applied))
    }

    async fn attempts(&self) -> Result<Reply, Error> {
        let (mut retries, mut token_renewed, mut refused_turn) = (0_u32, false, None);
        let mut refused_since = None;
        loop {
            let (permit, credentials) = self.ready(refused_turn.take()).await?;
            let mut again = None;
            match self.attempt(permit, credentials.as_ref()).await {
                Attempt::Answered(answered) if self.is_success(answered.status) => return self.reply(answered),
                Attempt::Answered(answered)
                    if answered.status == 401 || (credentials.is_some() && answered.refuses_token()) =>
                {
                    // What refuses a token that is new as well says nothing of it: others can go on with it.
                    let code = if token_renewed {
                        ErrorCode::Unauthorized
                    } else {
                        match self.reject_token(credentials.as_ref()) {
                            Ok(()) => {
                                token_renewed = true;
                                continue;
                            }
                            Err(code) => code,
                        }
                    };
                    return Err(self.refusal(answered, code, self.is_proxied(credentials.as_ref())));
                }
                Attempt::Answered(mut answered) => {
                    let (status, waiting) = (answered.status, answered.refused.take());
                    let mut ended = Ended::of(Outcome::Answered(status), retries);
                    ended.named = answered.retry_after;
                    if let Some(waiting) = &waiting {
                        let now = self.platform.now();
                        ended.closed_for = waiting.closed_for();
                        ended.refused_for = now.since(*refused_since.get_or_insert(now));
                    }
                    let reason = || match status {
                        429 => "the service's rate limit was reached (429)".to_owned(),
                        _ => format!("the service answered {status}"),
                    };
                    match (self.next(&ended), waiting) {
                        (Next::WhenAllowed, Some(waiting)) => {
                            self.tell_retry(ended.closed_for, reason());
                            refused_turn = Some(waiting);
                        }
                        (Next::After(delay), _) => again = Some((delay, reason())),
                        (Next::Done | Next::WhenAllowed, _) => {
                            let is_proxied = self.is_proxied(credentials.as_ref());
                            let error = self.refusal(answered, code_of(status), is_proxied);
                            return Err(if is_proxied { of_proxy(error) } else { error });
                        }
                    }
                }
                Attempt::Lost { error, before_send } => {
                    match self.next(&Ended::of(Outcome::Lost { before_send }, retries)) {
                        Next::After(delay) => again = Some((delay, error.message.clone())),
                        Next::Done | Next::WhenAllowed => return Err(error),
                    }
                }
                Attempt::TooLarge { status } => return Err(self.too_large(status)),
            }
            if let Some((delay, reason)) = again {
                self.trace.phase.set(TimeoutPhase::Backoff);
                self.tell_retry(delay, reason);
                self.platform.sleep(delay).await;
            }
            retries = retries.saturating_add(1);
        }
    }

    fn next(&self, ended: &Ended) -> Next {
        let policy = Policy {
            // A login makes nothing twice.
            method: match self.access {
                Access::ApiKey(_) => Method::Get,
                Access::Token(_) | Access::Given(_) => self.request.method,
            },
            max_retries: self.max_retries,
            max_retry_after: self.max_retry_after,
            window: self.transport.limiter.window(),
        };
        retry::next(&policy, ended, self.platform.random())
    }

    /// Waits for a token and for a slot; a call that was refused has its old place.
    async fn ready(&self, mut refused: Option<Waiting>) -> Result<(Permit, Option<Credentials>), Error> {
        loop {
            self.trace.phase.set(TimeoutPhase::Token);
            let (source, credentials) = match &self.access {
                Access::Token(source) => {
                    let credentials = source.credentials().await.map_err(Error::while_fetching_token)?;
                    (Some(source), credentials)
                }
                Access::ApiKey(_) => (None, None),
                Access::Given(given) => (None, Some(given.clone())),
            };
            self.transport.limiter.join(self.key(credentials.as_ref()));
            let permit = self.turn(refused.take()).await?;
            // Perhaps renewed while the call waited for its turn; nothing when the queue was longer than the token's life.
            let current = match source.filter(|_| credentials.is_some()) {
                Some(source) => source.current(),
                None => credentials.clone(),
            };
            if current.is_some() == credentials.is_some() {
                self.transport.limiter.join(self.key(current.as_ref()));
                if self.transport.limiter.granted(&permit) {
                    return Ok((permit, current));
                }
            }
            permit.unsent();
        }
    }

    /// The key that a request is sent with, unless a proxy adds it.
    fn key<'b>(&'b self, credentials: Option<&'b Credentials>) -> Option<&'b str> {
        match &self.access {
            Access::ApiKey(key) => Some(key),
            Access::Token(_) | Access::Given(_) => credentials.map(|credentials| credentials.api_key.as_str()),
        }
    }

    /// Gives up a token that the service refused. Where no other can be had, says what that means.
    fn reject_token(&self, credentials: Option<&Credentials>) -> Result<(), ErrorCode> {
        match (&self.access, credentials) {
            (Access::Token(source), Some(credentials)) if source.reject(credentials) => Ok(()),
            (Access::Token(_), Some(_)) => Err(ErrorCode::TokenExpired),
            (Access::Token(_), None) => {
                let kind = SessionChange::Ended;
                self.transport
                    .tell(EventKind::Session, || Event::Session(SessionEvent { kind }));
                Err(ErrorCode::SessionEnded)
            }
            _ => Err(ErrorCode::Unauthorized),
        }
    }

    /// Whether a proxy adds what shows who sends it.
    pub(super) const fn is_proxied(&self, credentials: Option<&Credentials>) -> bool {
        matches!((&self.access, credentials), (Access::Token(_), None))
    }

    async fn turn(&self, refused: Option<Waiting>) -> Result<Permit, Error> {
        self.trace.phase.set(if refused.is_some() {
            TimeoutPhase::Backoff
        } else {
            TimeoutPhase::Queue
        });
        let limiter = &self.transport.limiter;
        self.transport.warn();
        let mut waiting = match refused {
            Some(waiting) => waiting,
            None => limiter
                .acquire(self.priority, self.lane, self.max_retry_after)
                .map_err(|_| queue_full())?,
        };
        // Most calls find a slot at once: nothing is measured or told of them.
        if let Some(permit) = (&mut waiting).now_or_never() {
            return permit.map_err(|closed| self.gate_closed(closed.retry_after));
        }
        self.transport.tell(EventKind::Throttled, || {
            let state = limiter.state();
            Event::Throttled(ThrottledEvent {
                wait_ms: millis(state.next_slot_in.min(LONGEST_SHOWN)),
                queued: state.queued,
            })
        });
        let since = self.platform.now();
        let permit = waiting.await;
        let waited = self.platform.now().since(since);
        self.queued.set(self.queued.get().saturating_add(waited));
        permit.map_err(|closed| self.gate_closed(closed.retry_after))
    }

    /// Remembers when the service may have done what was asked.
    pub(super) fn note(&self, outcome: Outcome) {
        if retry::may_have_been_applied(self.request.writes, outcome) {
            self.trace.may_have_been_applied.set(true);
        }
    }

    fn tell_retry(&self, delay: Duration, reason: String) {
        self.transport.tell(EventKind::Retry, || {
            Event::Retry(RetryEvent {
                operation: self.request.operation,
                method: self.request.method.as_str(),
                url: self.url.clone(),
                attempt: self.attempts.get(),
                delay_ms: millis(delay),
                reason,
            })
        });
    }

    /// A DELETE that finds nothing after one of unknown outcome has done its work before.
    fn is_success(&self, status: u16) -> bool {
        let was_deleted = self.request.method == Method::Delete && self.trace.may_have_been_applied.get();
        is_success(status) || (status == 404 && was_deleted)
    }
}
