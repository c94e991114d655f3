//! One call from its first wait to its final reply: token, slot, send, body, and again where that is right.

use core::{cell::Cell, time::Duration};
use std::rc::Rc;

use futures_util::future::{Either, select};
use serde_json::Value;

use super::{
    account::Account,
    error::{Error, Kind, LOOK_FIRST, Phase, Refusal},
    events::{Event, ResponseInfo},
    headers,
    limiter::{Permit, Priority, Waiting, hint},
    options::{CallOptions, Settings},
    platform::{HttpRequest, HttpResponse, Instant, Platform, SendError},
    refusal::{beginning_of, code_of, explain},
    retry::{self, Next, Outcome},
    token::Credentials,
};
use crate::api::{
    call::{Base, Method, Request},
    problem::Problem,
};

/// A wait of unknown length is told as this.
const LONGEST_SHOWN: Duration = Duration::from_secs(24 * 60 * 60);

/// With what a request shows who sends it.
pub(super) enum Access {
    /// With the account's token, fetched and renewed as needed; with nothing when a proxy adds it.
    Account,
    /// With the API key alone: authenticating.
    ApiKey(String),
    /// With these: refreshing.
    Credentials(Credentials),
}

/// A success, its body not yet decoded.
pub struct Answer {
    /// How it was answered.
    pub info: ResponseInfo,
    /// The body.
    pub body: Vec<u8>,
}

/// One call under way.
pub(super) struct Exchange<'a> {
    account: &'a Rc<Account>,
    platform: Rc<dyn Platform>,
    request: &'a Request,
    access: Access,
    url: String,
    timeout: Duration,
    total_timeout: Option<Duration>,
    max_retries: u32,
    max_retry_after: Duration,
    priority: Priority,
    began: Instant,
    phase: Cell<Phase>,
    attempts: Cell<u32>,
    queued: Cell<Duration>,
    may_have_been_applied: Cell<bool>,
}

/// How one attempt ended.
enum Attempt {
    /// With a reply.
    Answered {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        refused: Option<Waiting>,
    },
    /// With none, or half of one.
    Lost { error: Error, before_send: bool },
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        account: &'a Rc<Account>,
        platform: Rc<dyn Platform>,
        settings: &Settings,
        options: CallOptions,
        request: &'a Request,
        access: Access,
    ) -> Self {
        let connection = &account.connection;
        let base = match request.base {
            Base::Auth => &connection.auth_base,
            Base::Certs => &connection.certs_base,
        };
        Self {
            url: base.join(&request.path, &request.query),
            timeout: options.timeout.unwrap_or(settings.timeout),
            total_timeout: options.total_timeout.or(settings.total_timeout),
            max_retries: options.max_retries.unwrap_or(settings.max_retries),
            max_retry_after: settings.max_retry_after,
            priority: options.priority.unwrap_or_default(),
            began: platform.now(),
            phase: Cell::new(Phase::Queue),
            attempts: Cell::default(),
            queued: Cell::default(),
            may_have_been_applied: Cell::default(),
            account,
            platform,
            request,
            access,
        }
    }

    /// Runs the call to its end, within its total timeout.
    ///
    /// Dropping the future at any point gives the call up: its slot, its place in the queue, its request in flight.
    pub(super) async fn run(self) -> Result<Answer, Error> {
        let Some(total) = self.total_timeout else {
            return self.attempts().await;
        };
        let time_is_up = self.platform.sleep(total);
        let result = {
            let attempts = core::pin::pin!(self.attempts());
            match select(attempts, time_is_up).await {
                Either::Left((result, _)) => Some(result),
                Either::Right(_) => None,
            }
        };
        result.unwrap_or_else(|| {
            if matches!(self.phase.get(), Phase::Response | Phase::Body) {
                self.note(Outcome::Lost { before_send: false });
            }
            let applied = self.may_have_been_applied.get();
            Err(Error::timeout(
                &self.name(),
                total.as_millis(),
                self.phase.get(),
                applied,
            ))
        })
    }

    async fn attempts(&self) -> Result<Answer, Error> {
        let (mut retries, mut token_renewed, mut refused_turn) = (0_u32, false, None);
        loop {
            let (permit, credentials) = self.ready(refused_turn.take()).await?;
            match self.attempt(permit, credentials.as_ref()).await {
                Attempt::Answered {
                    status, headers, body, ..
                } if self.is_success(status) => {
                    return Ok(self.answer(status, &headers, body));
                }
                Attempt::Answered {
                    status: 401,
                    headers,
                    body,
                    ..
                } => {
                    let code = match self.reject_token(credentials.as_ref()) {
                        Ok(()) if !token_renewed => {
                            token_renewed = true;
                            continue;
                        }
                        Ok(()) => code_of(401),
                        Err(code) => code,
                    };
                    return Err(Error {
                        code,
                        ..self.refusal(401, &headers, &body)
                    });
                }
                Attempt::Answered {
                    status,
                    headers,
                    body,
                    refused,
                } => {
                    let wait = hint::retry_after(&headers, self.platform.wall_clock());
                    let bearable = |wait: Duration| wait <= self.max_retry_after;
                    match (self.next(Outcome::Answered(status), retries), refused) {
                        (Next::WhenAllowed, Some(waiting)) if bearable(waiting.closed_for()) => {
                            self.tell_retry(waiting.closed_for(), "the service's rate limit was reached (429)");
                            refused_turn = Some(waiting);
                        }
                        (Next::After(delay), _) if wait.is_none_or(bearable) => {
                            let reason = format!("the service answered {status}");
                            self.back_off(delay.max(wait.unwrap_or_default()), &reason).await;
                        }
                        _ => return Err(self.refusal(status, &headers, &body)),
                    }
                }
                Attempt::Lost { error, before_send } => match self.next(Outcome::Lost { before_send }, retries) {
                    Next::After(delay) => self.back_off(delay, &error.message).await,
                    Next::Done | Next::WhenAllowed => return Err(error),
                },
            }
            retries = retries.saturating_add(1);
        }
    }

    fn next(&self, outcome: Outcome, retries: u32) -> Next {
        let random = self.platform.random();
        retry::next(self.request.method, outcome, retries, self.max_retries, random)
    }

    /// Waits for a token and for a slot; a call that was refused has its old place.
    async fn ready(&self, mut refused: Option<Waiting>) -> Result<(Permit, Option<Credentials>), Error> {
        loop {
            self.phase.set(Phase::Token);
            let credentials = match &self.access {
                Access::Account => self.account.credentials().await.map_err(Error::while_fetching_token)?,
                Access::ApiKey(_) => None,
                Access::Credentials(given) => Some(given.clone()),
            };
            let permit = self.turn(refused.take()).await?;
            if credentials.is_none() || !matches!(self.access, Access::Account) {
                return Ok((permit, credentials));
            }
            // Perhaps renewed while the call waited for its turn.
            let current = self.account.good_credentials();
            if current.is_some() {
                return Ok((permit, current));
            }
            // The queue was longer than the token's life.
            permit.unsent();
        }
    }

    /// Gives up a token that the service refused. Where no other can be had, says what that means.
    fn reject_token(&self, credentials: Option<&Credentials>) -> Result<(), &'static str> {
        match (&self.access, credentials) {
            (Access::Account, Some(credentials)) if self.account.reject_token(credentials) => Ok(()),
            (Access::Account, Some(_)) => Err("token_expired"),
            _ => Err(code_of(401)),
        }
    }

    async fn turn(&self, refused: Option<Waiting>) -> Result<Permit, Error> {
        let limiter = &self.account.limiter;
        let since = self.platform.now();
        self.phase.set(if refused.is_some() {
            Phase::Backoff
        } else {
            Phase::Queue
        });
        let state = limiter.state();
        if state.queued > 0 || !state.next_slot_in.is_zero() {
            let wait_ms = millis(state.next_slot_in.min(LONGEST_SHOWN));
            self.account.tell(Event::Throttled {
                wait_ms,
                queued: state.queued.saturating_add(usize::from(refused.is_none())),
            });
        }
        let waiting = match refused {
            Some(waiting) => waiting,
            None => limiter
                .acquire(self.priority, self.max_retry_after)
                .map_err(|_| queue_full())?,
        };
        let permit = waiting.await;
        self.queued
            .set(self.queued.get().saturating_add(self.platform.now().since(since)));
        permit.map_err(|closed| self.gate_closed(closed.retry_after))
    }

    async fn attempt(&self, permit: Permit, credentials: Option<&Credentials>) -> Attempt {
        self.phase.set(Phase::Response);
        self.attempts.set(self.attempts.get().saturating_add(1));
        self.account.tell(Event::Request {
            method: self.method(),
            url: self.shown_url(),
            attempt: self.attempts.get(),
        });
        let mut time_is_up = self.platform.sleep(self.timeout);
        let head = match select(self.platform.send(self.http_request(credentials)), &mut time_is_up).await {
            Either::Left((head, _)) => head,
            Either::Right(_) => return self.timed_out(),
        };
        let HttpResponse { status, headers, body } = match head {
            Ok(response) => response,
            Err(error) => {
                if error.before_send {
                    permit.unsent();
                }
                return self.lost(&error);
            }
        };
        let refused = if status == 429 {
            Some(permit.refused(hint::retry_after(&headers, self.platform.wall_clock())))
        } else {
            permit.answered();
            None
        };
        self.phase.set(Phase::Body);
        let body = match select(body, time_is_up).await {
            Either::Left((Ok(body), _)) => body,
            // The status of a refusal says enough without its body; a success without its body is lost.
            _ if !is_success(status) => Vec::new(),
            Either::Left((Err(error), _)) => {
                return self.lost(&SendError {
                    before_send: false,
                    ..error
                });
            }
            Either::Right(_) => return self.timed_out(),
        };
        self.note(Outcome::Answered(status));
        Attempt::Answered {
            status,
            headers,
            body,
            refused,
        }
    }

    fn timed_out(&self) -> Attempt {
        self.note(Outcome::Lost { before_send: false });
        let applied = self.may_have_been_applied.get();
        Attempt::Lost {
            error: Error::timeout(&self.name(), self.timeout.as_millis(), self.phase.get(), applied),
            before_send: false,
        }
    }

    fn lost(&self, error: &SendError) -> Attempt {
        self.note(Outcome::Lost {
            before_send: error.before_send,
        });
        let may_have_been_applied = self.may_have_been_applied.get();
        let advice = if may_have_been_applied {
            LOOK_FIRST
        } else {
            "Check the network and the address, and call again."
        };
        let message = format!(
            "{} got no reply: {}. {advice}",
            self.name(),
            error.message.trim_end_matches('.')
        );
        let kind = Kind::Connection { may_have_been_applied };
        Attempt::Lost {
            error: Error {
                code: "connection",
                message,
                kind,
            },
            before_send: error.before_send,
        }
    }

    /// Remembers when the service may have done what was asked. A token makes nothing that could be made twice.
    fn note(&self, outcome: Outcome) {
        if self.request.base == Base::Certs && retry::may_have_been_applied(self.request.method, outcome) {
            self.may_have_been_applied.set(true);
        }
    }

    async fn back_off(&self, delay: Duration, reason: &str) {
        self.phase.set(Phase::Backoff);
        self.tell_retry(delay, reason);
        self.platform.sleep(delay).await;
    }

    fn tell_retry(&self, delay: Duration, reason: &str) {
        let mut reason = reason.to_owned();
        self.account.secrets.blot(&mut reason);
        self.account.tell(Event::Retry {
            method: self.method(),
            url: self.shown_url(),
            attempt: self.attempts.get(),
            delay_ms: millis(delay),
            reason,
        });
    }

    /// A DELETE that finds nothing after one of unknown outcome has done its work before.
    fn is_success(&self, status: u16) -> bool {
        let was_deleted = self.request.method == Method::Delete && self.may_have_been_applied.get();
        is_success(status) || (status == 404 && was_deleted)
    }

    fn http_request(&self, credentials: Option<&Credentials>) -> HttpRequest {
        let (key, token) = match (&self.access, credentials) {
            (Access::ApiKey(key), _) => (Some(key.as_str()), None),
            (_, Some(credentials)) => (Some(credentials.api_key.as_str()), Some(credentials.token.as_str())),
            (_, None) => (None, None),
        };
        http_request(self.request, self.url.clone(), key, token)
    }

    fn answer(&self, status: u16, headers: &[(String, String)], body: Vec<u8>) -> Answer {
        let info = self.info(status, headers);
        self.account.tell(Event::Response(info.clone()));
        Answer { info, body }
    }

    fn info(&self, status: u16, headers: &[(String, String)]) -> ResponseInfo {
        let mut shown = headers::fit_to_show(headers);
        for (name, value) in &mut shown {
            self.account.secrets.blot(name);
            self.account.secrets.blot(value);
        }
        ResponseInfo {
            status,
            request_id: headers::request_id(&shown),
            headers: shown,
            method: self.method(),
            url: self.shown_url(),
            attempts: self.attempts.get(),
            queued_ms: millis(self.queued.get()),
            duration_ms: millis(self.platform.now().since(self.began)),
        }
    }

    /// The error of a reply that is not a success: its status first, its body as far as it can be read.
    fn refusal(&self, status: u16, headers: &[(String, String)], body: &[u8]) -> Error {
        let info = self.info(status, headers);
        self.account.tell(Event::Response(info.clone()));
        let secrets = &self.account.secrets;
        let body = serde_json::from_slice(body).unwrap_or_else(|_| Value::String(beginning_of(body, secrets)));
        let problems = Problem::all_of(&body);
        let may_have_been_applied = self.may_have_been_applied.get();
        let retry_after = hint::retry_after(headers, self.platform.wall_clock());
        let message = explain(&self.name(), status, &problems, retry_after, may_have_been_applied);
        let refusal = Refusal {
            status,
            method: info.method,
            url: info.url,
            request_id: info.request_id,
            headers: info.headers,
            body,
            problems,
            attempts: info.attempts,
            may_have_been_applied,
            retry_after_ms: retry_after.map(whole_millis),
        };
        Error {
            code: code_of(status),
            message,
            kind: Kind::Api(Box::new(refusal)),
        }
    }

    /// The error of a call that did not get its turn, because a 429 to another asks to wait for too long.
    fn gate_closed(&self, wait: Duration) -> Error {
        let message = format!(
            "{} was not sent: the service's rate limit was reached, and it asks to wait {} s, longer than \
             `maxRetryAfter`. Call again then.",
            self.name(),
            wait.as_secs_f64().ceil()
        );
        let refusal = Refusal {
            status: 429,
            method: self.method(),
            url: self.shown_url(),
            request_id: None,
            headers: Vec::new(),
            body: Value::Null,
            problems: Vec::new(),
            attempts: self.attempts.get(),
            may_have_been_applied: self.may_have_been_applied.get(),
            retry_after_ms: Some(whole_millis(wait)),
        };
        Error {
            code: code_of(429),
            message,
            kind: Kind::Api(Box::new(refusal)),
        }
    }

    fn method(&self) -> &'static str {
        self.request.method.as_str()
    }

    /// The address for people: a caller may have put a secret into its query.
    fn shown_url(&self) -> String {
        let mut url = self.url.clone();
        self.account.secrets.blot(&mut url);
        url
    }

    fn name(&self) -> String {
        format!("{} {}", self.method(), self.shown_url())
    }
}

/// The request as it leaves.
pub(super) fn http_request(request: &Request, url: String, key: Option<&str>, token: Option<&str>) -> HttpRequest {
    let body = request.body.as_ref().map(Value::to_string);
    let mut headers = vec![("accept".to_owned(), request.accept.to_owned())];
    if body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    if let Some(key) = key {
        headers.push(("x-api-key".to_owned(), key.to_owned()));
    }
    if let Some(token) = token {
        headers.push(("authorization".to_owned(), format!("Bearer {token}")));
    }
    HttpRequest {
        method: request.method.as_str().to_owned(),
        url,
        headers,
        body,
    }
}

const fn is_success(status: u16) -> bool {
    matches!(status, 200..300)
}

fn queue_full() -> Error {
    let message = "Too many calls wait for the rate limit already: let some end first, or raise `rateLimit.maxQueue`.";
    Error {
        code: "queue_full",
        message: message.into(),
        kind: Kind::QueueFull {},
    }
}

fn whole_millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
