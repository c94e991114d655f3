//! One attempt of a call: sent, and its reply read to the end.

use core::time::Duration;

use api::{
    BodyRef, Request,
    text::{contains, encode},
};
use futures_util::future::{Either, select};

use super::{Exchange, access::Credentials, retry::Outcome, retry_after::retry_after};
use crate::{
    error::{Error, ErrorCode, ErrorKind, LOOK_FIRST, TimeoutPhase},
    events::{Event, EventKind, RequestEvent},
    limiter::{Permit, Priority, Waiting},
    platform::{BodyError, HttpRequest, HttpResponse, SendError},
};

/// How one attempt ended.
pub(super) enum Attempt {
    /// With a reply.
    Answered(Answered),
    /// With none, or half of one.
    Lost { error: Error, before_send: bool },
    /// With a success that is larger than it may be.
    TooLarge { status: u16 },
}

/// A reply.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// Nothing when it broke off, or is larger than it may be: the status of a refusal says enough.
    pub(super) body: Option<BodyRef>,
    /// The wait that it names.
    pub(super) retry_after: Option<Duration>,
    /// The place in the queue of a call that was refused with a 429.
    pub(super) refused: Option<Waiting>,
}

impl Answered {
    /// Whether it is a 403 that is for the token by what it says: some services refuse so one that has ended.
    pub(super) fn refuses_token(&self) -> bool {
        let is_of_token = |words: &String| {
            let words = words.to_ascii_lowercase();
            let says = |word: &&str| contains(&words, word);
            ["token", "jwt"].iter().any(says) && ["expired", "invalid", "revoked"].iter().any(says)
        };
        let body = self.body.as_ref().filter(|_| self.status == 403);
        let problems = body.map(|body| body.error().problems()).unwrap_or_default();
        problems
            .iter()
            .any(|problem| problem.code.iter().chain(&problem.message).any(is_of_token))
    }
}

impl Exchange<'_> {
    pub(super) async fn attempt(&self, permit: Permit, credentials: Option<&Credentials>) -> Attempt {
        self.trace.phase.set(TimeoutPhase::Response);
        self.attempts.set(self.attempts.get().saturating_add(1));
        self.transport.tell(EventKind::Request, || {
            Event::Request(RequestEvent {
                operation: self.request.operation,
                method: self.request.method.as_str(),
                url: self.url.clone(),
                attempt: self.attempts.get(),
            })
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
        self.transport.clock.learn(&headers, self.platform.now());
        let retry_after = retry_after(&headers, || self.transport.service_time(&*self.platform));
        let refused = if status == 429 {
            Some(permit.refused(retry_after))
        } else {
            permit.answered();
            None
        };
        self.trace.phase.set(TimeoutPhase::Body);
        let body = match select(body, time_is_up).await {
            Either::Left((Ok(body), _)) => Some(body),
            _ if !is_success(status) => None,
            Either::Left((Err(BodyError::TooLarge), _)) => return Attempt::TooLarge { status },
            Either::Left((Err(BodyError::Lost(message)), _)) => {
                return self.lost(&SendError {
                    message,
                    ..SendError::default()
                });
            }
            Either::Right(_) => return self.timed_out(),
        };
        self.note(Outcome::Answered(status));
        Attempt::Answered(Answered {
            status,
            headers,
            body,
            retry_after,
            refused,
        })
    }

    fn timed_out(&self) -> Attempt {
        self.note(Outcome::Lost { before_send: false });
        let applied = self.trace.may_have_been_applied.get();
        Attempt::Lost {
            error: Error::timeout(&self.name(), self.timeout, self.trace.phase.get(), applied),
            before_send: false,
        }
    }

    fn lost(&self, error: &SendError) -> Attempt {
        let before_send = error.before_send;
        self.note(Outcome::Lost { before_send });
        let may_have_been_applied = self.trace.may_have_been_applied.get();
        let advice = if may_have_been_applied {
            LOOK_FIRST
        } else {
            "Check the network and the address, and call again."
        };
        let reason = error.message.trim_end_matches('.');
        let error = Error::new(
            ErrorCode::Connection,
            format!("{} got no reply: {reason}. {advice}", self.name()),
            ErrorKind::Connection {
                may_have_been_applied,
                fault: error.fault,
            },
        );
        Attempt::Lost { error, before_send }
    }

    fn http_request(&self, credentials: Option<&Credentials>) -> HttpRequest {
        let (key, token) = match (&self.access, credentials) {
            (super::Access::ApiKey(key), _) => (Some(key.as_str()), None),
            (_, Some(credentials)) => (Some(credentials.api_key.as_str()), Some(credentials.token.as_str())),
            (_, None) => (None, None),
        };
        let mut request = http_request(self.request, self.url.clone(), self.max_reply_bytes, key, token);
        if self.is_proxied(credentials) && self.priority == Priority::Low {
            request.headers.push(("certs-priority", "low".to_owned()));
        }
        request
    }
}

/// The request as it leaves.
pub(crate) fn http_request(
    request: &Request,
    url: String,
    limit: u64,
    key: Option<&str>,
    token: Option<&str>,
) -> HttpRequest {
    let mut headers = vec![("accept", request.reply.accept().to_owned())];
    if request.body.is_some() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    if let Some(id) = &request.once_id {
        headers.push(("idempotency-key", encode(id)));
    }
    if let Some(key) = key {
        headers.push(("x-api-key", key.to_owned()));
    }
    if let Some(token) = token {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    HttpRequest {
        method: request.method.as_str(),
        url,
        headers,
        body: request.body.clone(),
        form: request.reply,
        limit,
    }
}

pub(super) const fn is_success(status: u16) -> bool {
    matches!(status, 200..300)
}
