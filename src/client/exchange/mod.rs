//! One call from its first wait to its final reply: token, slot, send, body, and again where that is right.
//!
//! `attempt` sends once, `retry` decides whether once is enough, `refusal` says what the service said. Nothing here knows
//! how a token is fetched: that is an exchange too.

mod access;
mod attempt;
pub mod base_url;
mod headers;
mod refusal;
mod retry;
pub mod retry_after;
mod transport;

use core::{cell::Cell, time::Duration};
use std::rc::Rc;

use api::{
    BodyRef, Method, Request, json,
    reply::{BodyKind, NoBody},
    text::replace,
};
use futures_util::{
    FutureExt,
    future::{Either, select},
};
use serde_json::Value;

pub(crate) use access::{Access, Credentials, TokenSource};
pub(crate) use attempt::http_request;
use attempt::{Answered, Attempt, is_success};
pub(crate) use refusal::beginning;
use refusal::{SIGN_IN, WRONG_CREDENTIALS, code_of, explain, in_text, whole_seconds};
use retry::{Next, Outcome};
pub(crate) use transport::{ServiceClock, Transport};

use crate::{
    error::{Error, ErrorCode, ErrorKind, Refusal, RefusedBody, TimeoutPhase},
    events::{Event, EventKind, ResponseInfo, RetryEvent, SessionChange, SessionEvent, ThrottledEvent},
    limiter::{LONGEST_WAIT, Lane, Permit, Priority, Waiting},
    options::{CallOptions, Settings},
    platform::{Boxed, Instant, Platform, whole_millis},
};

/// The service counts calls per minute.
const LIMIT_WINDOW: Duration = Duration::from_secs(60);
/// A wait of unknown length is told as this.
const LONGEST_SHOWN: Duration = Duration::from_secs(24 * 60 * 60);

/// A success.
#[derive(Clone)]
pub struct Reply {
    /// What the service sent.
    pub body: BodyRef,
    /// How it was answered.
    pub info: ResponseInfo,
}

/// How far a call is, for one who may have to give it up.
#[derive(Default)]
pub(crate) struct Trace {
    /// What it waits for.
    pub(crate) phase: Cell<TimeoutPhase>,
    may_have_been_applied: Cell<bool>,
}

impl Trace {
    /// Whether a change may be made, or have been made, although nothing more is heard of it.
    pub(crate) fn may_be_made(&self) -> bool {
        self.may_have_been_applied.get() || matches!(self.phase.get(), TimeoutPhase::Response | TimeoutPhase::Body)
    }

    /// Nothing came of it.
    pub(crate) fn reset(&self) {
        self.phase.take();
        self.may_have_been_applied.take();
    }
}

/// One call under way.
pub(crate) struct Exchange<'a> {
    transport: &'a Transport,
    platform: Rc<dyn Platform>,
    request: &'a Request,
    access: Access<'a>,
    url: String,
    timeout: Duration,
    total_timeout: Option<Duration>,
    max_retries: u32,
    max_retry_after: Duration,
    max_reply_bytes: u64,
    priority: Priority,
    lane: Option<Lane>,
    began: Instant,
    attempts: Cell<u32>,
    queued: Cell<Duration>,
    trace: Rc<Trace>,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(
        transport: &'a Transport,
        platform: Rc<dyn Platform>,
        settings: &Settings,
        options: CallOptions,
        request: &'a Request,
        access: Access<'a>,
        trace: Rc<Trace>,
    ) -> Self {
        Self {
            url: transport.url(request),
            timeout: options.timeout.unwrap_or(settings.timeout),
            total_timeout: options.total_timeout.or(settings.total_timeout),
            max_retries: options.max_retries.unwrap_or(settings.max_retries),
            max_retry_after: settings.max_retry_after,
            max_reply_bytes: settings.max_reply_bytes,
            priority: options.priority.unwrap_or_default(),
            lane: options.lane,
            began: platform.now(),
            attempts: Cell::default(),
            queued: Cell::default(),
            trace,
            transport,
            platform,
            request,
            access,
        }
    }

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
                    let mut refusal = self.refusal(answered);
                    if code == ErrorCode::SessionEnded {
                        refusal.message = replace(&refusal.message, WRONG_CREDENTIALS, SIGN_IN);
                    }
                    refusal.code = code;
                    return Err(refusal);
                }
                Attempt::Answered(mut answered) => {
                    let bearable = |wait: Duration| wait <= self.max_retry_after;
                    let (status, wait) = (
                        answered.status,
                        answered.retry_after.map(|wait| wait.min(LONGEST_WAIT)),
                    );
                    match (self.next(Outcome::Answered(status), retries), answered.refused.take()) {
                        (Next::WhenAllowed, Some(waiting)) if bearable(waiting.closed_for()) => {
                            let since = *refused_since.get_or_insert_with(|| self.platform.now());
                            // Somebody else may have used up a whole window: who names no wait is asked for the last time
                            // when that is over.
                            let is_last = retries.saturating_add(1) >= self.max_retries;
                            let left = LIMIT_WINDOW.saturating_sub(self.platform.now().since(since));
                            let reason = "the service's rate limit was reached (429)".to_owned();
                            if is_last
                                && answered.retry_after.is_none()
                                && left > waiting.closed_for()
                                && bearable(left)
                            {
                                drop(waiting);
                                again = Some((left, reason));
                            } else {
                                self.tell_retry(waiting.closed_for(), reason);
                                refused_turn = Some(waiting);
                            }
                        }
                        (Next::After(delay), _) if wait.is_none_or(bearable) => {
                            let delay = delay.max(wait.unwrap_or_default());
                            again = Some((delay, format!("the service answered {status}")));
                        }
                        _ => {
                            let is_proxied = self.is_proxied(credentials.as_ref());
                            let error = self.refusal(answered);
                            return Err(if is_proxied { of_proxy(error) } else { error });
                        }
                    }
                }
                Attempt::Lost { error, before_send } => match self.next(Outcome::Lost { before_send }, retries) {
                    Next::After(delay) => again = Some((delay, error.message.clone())),
                    Next::Done | Next::WhenAllowed => return Err(error),
                },
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

    fn next(&self, outcome: Outcome, retries: u32) -> Next {
        let random = self.platform.random();
        // A login makes nothing twice.
        let method = match self.access {
            Access::ApiKey(_) => Method::Get,
            Access::Token(_) | Access::Given(_) => self.request.method,
        };
        retry::next(method, outcome, retries, self.max_retries, random)
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
    const fn is_proxied(&self, credentials: Option<&Credentials>) -> bool {
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
    fn note(&self, outcome: Outcome) {
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

    /// The reply of a success, held against the form in which the call replies.
    fn reply(&self, answered: Answered) -> Result<Reply, Error> {
        let info = self.info(answered.status, &answered.headers);
        self.transport
            .tell(EventKind::Response, || Event::Response(info.clone()));
        let body = answered.body.unwrap_or_else(|| Rc::new(NoBody));
        // A change that is answered by nothing was made all the same: the client fetches what it made or changed.
        let can_be_fetched = self.request.method == Method::Patch || info.location().is_some();
        let is_change = self.request.writes && can_be_fetched && body.kind() == BodyKind::Empty;
        match self.request.reply.check(&*body) {
            Ok(()) => Ok(Reply { body, info }),
            Err(_) if is_change => Ok(Reply { body, info }),
            Err(unreadable) => {
                let body_text = self.transport.secrets.beginning_of(&body.text());
                let begins = match (&unreadable.path, beginning(&body_text)) {
                    (None, begins) if !begins.is_empty() => format!(" It begins: \"{begins}\""),
                    _ => String::new(),
                };
                Err(Error::new(
                    ErrorCode::Unreadable,
                    format!(
                        "{} succeeded with status {}, but its body could not be read: {}.{begins}",
                        self.name(),
                        info.status,
                        unreadable.message
                    ),
                    ErrorKind::Decode {
                        status: info.status,
                        body_text,
                        path: unreadable.path,
                        may_have_been_applied: self.request.writes,
                    },
                ))
            }
        }
    }

    fn too_large(&self, status: u16) -> Error {
        let message = format!(
            "{} succeeded with status {status}, but its body is larger than {} bytes and was not read to its end. Ask for \
             less, or raise `maxReplyBytes`.",
            self.name(),
            self.max_reply_bytes
        );
        Error::new(
            ErrorCode::ReplyTooLarge,
            message,
            ErrorKind::Decode {
                status,
                body_text: String::new(),
                path: None,
                may_have_been_applied: self.request.writes,
            },
        )
    }

    fn info(&self, status: u16, headers: &[(String, String)]) -> ResponseInfo {
        let shown = headers::shown(headers);
        ResponseInfo {
            operation: self.request.operation,
            status,
            request_id: headers::request_id(&shown),
            headers: shown,
            method: self.request.method.as_str(),
            url: self.url.clone(),
            attempts: self.attempts.get(),
            queued_ms: millis(self.queued.get()),
            duration_ms: millis(self.platform.now().since(self.began)),
        }
    }

    /// The error of a reply that is not a success: its status first, its body as far as it can be read.
    fn refusal(&self, answered: Answered) -> Error {
        let info = self.info(answered.status, &answered.headers);
        self.transport
            .tell(EventKind::Response, || Event::Response(info.clone()));
        let retry_after = answered.retry_after;
        let body = answered.body.unwrap_or_else(|| Rc::new(NoBody));
        let (problems, body) = match body.kind() {
            BodyKind::Empty | BodyKind::Text | BodyKind::Bytes => {
                let text = self.transport.secrets.beginning_of(&body.text());
                (in_text(&text).into_iter().collect(), RefusedBody::Text(text))
            }
            BodyKind::String => {
                let text = self.transport.secrets.beginning_of(&body.text());
                let said = json::read(&text).ok();
                let said = said.as_ref().and_then(Value::as_str);
                (said.and_then(in_text).into_iter().collect(), RefusedBody::Json(body))
            }
            _ => (body.error().problems(), RefusedBody::Json(body)),
        };
        let may_have_been_applied = self.trace.may_have_been_applied.get();
        let message = explain(&self.name(), info.status, &problems, retry_after, may_have_been_applied);
        let refusal = Refusal {
            status: info.status,
            method: info.method,
            url: info.url,
            request_id: info.request_id,
            headers: info.headers,
            body: Some(body),
            problems,
            attempts: info.attempts,
            may_have_been_applied,
            retry_after_ms: retry_after.map(whole_millis),
        };
        Error::new(code_of(info.status), message, ErrorKind::Api(refusal))
    }

    /// The error of a call that did not get its turn, because a 429 to another asks to wait for too long.
    fn gate_closed(&self, wait: Duration) -> Error {
        let message = format!(
            "{} was not sent: the service's rate limit was reached, and it asks to wait {} s, longer than \
             `maxRetryAfter`. Call again then.",
            self.name(),
            whole_seconds(wait)
        );
        let refusal = Refusal {
            status: 429,
            method: self.request.method.as_str(),
            url: self.url.clone(),
            request_id: None,
            headers: Vec::new(),
            body: None,
            problems: Vec::new(),
            attempts: self.attempts.get(),
            may_have_been_applied: self.trace.may_have_been_applied.get(),
            retry_after_ms: Some(whole_millis(wait)),
        };
        Error::new(code_of(429), message, ErrorKind::Api(refusal))
    }

    fn name(&self) -> String {
        format!("{} {}", self.request.method.as_str(), self.url)
    }
}

/// What a proxy refuses for itself, under its own code: nothing of the service says so.
fn of_proxy(mut error: Error) -> Error {
    let ErrorKind::Api(refusal) = &error.kind else {
        return error;
    };
    let said = refusal.problems.first().and_then(|problem| problem.code.as_deref());
    match (refusal.status, said) {
        (409, Some("outcome_unknown")) => {
            error.code = ErrorCode::OutcomeUnknown;
            error.kind = ErrorKind::Unknown;
        }
        (422, Some("once_id_taken")) => error.code = ErrorCode::OnceIdTaken,
        _ => {}
    }
    error
}

fn queue_full() -> Error {
    let message = "Too many calls wait for the rate limit already: let some end first, or raise `rateLimit.maxQueue`.";
    Error::other(ErrorCode::QueueFull, message)
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
