//! What comes of a call: its reply, or the error of what it was answered with.

use core::time::Duration;
use std::rc::Rc;

use api::{
    BodyRef, Method, Service, json,
    reply::{BodyKind, NoBody},
};
use serde_json::Value;

use super::{
    Exchange,
    attempt::{Answered, is_success},
    headers, millis,
    refusal::{Asked, beginning, code_of, explain, in_text, whole_seconds},
};
use crate::{
    error::{Error, ErrorCode, ErrorKind, Refusal, RefusedBody},
    events::{Event, EventKind, ResponseInfo},
    platform::whole_millis,
};

/// A success.
#[derive(Clone)]
pub struct Reply {
    /// What the service sent.
    pub body: BodyRef,
    /// How it was answered.
    pub info: ResponseInfo,
}

impl Exchange<'_> {
    /// The reply of a success, held against the form in which the call replies.
    pub(super) fn reply(&self, answered: Answered) -> Result<Reply, Error> {
        let info = self.info(answered.status, &answered.headers);
        self.transport
            .tell(EventKind::Response, || Event::Response(info.clone()));
        // The words of a 404 to a repeated DELETE, which counts as a success, are those of an error.
        let body = answered.body.filter(|_| is_success(answered.status));
        let body = body.unwrap_or_else(|| Rc::new(NoBody));
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

    pub(super) fn too_large(&self, status: u16) -> Error {
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
    pub(super) fn refusal(&self, answered: Answered, code: ErrorCode, is_proxied: bool) -> Error {
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
        let message = explain(
            &self.name(),
            self.asked(is_proxied),
            (info.status, code),
            &problems,
            retry_after,
            may_have_been_applied,
        );
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
        Error::new(code, message, ErrorKind::Api(refusal))
    }

    /// What was asked. Of all that is in paths, ids alone have digits.
    fn asked(&self, is_proxied: bool) -> Asked {
        if is_proxied {
            return Asked::Portal;
        }
        if self.request.path.bytes().any(|octet| octet.is_ascii_digit()) {
            return Asked::Resource;
        }
        Asked::Path(match self.request.service {
            Service::Auth => "authBaseUrl",
            Service::Certs => "certsBaseUrl",
        })
    }

    /// The error of a call that did not get its turn, because a 429 to another asks to wait for too long.
    pub(super) fn gate_closed(&self, wait: Option<Duration>) -> Error {
        let Some(wait) = wait else { return Error::closed() };
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
}

/// What a proxy refuses for itself, under its own code: nothing of the service says so.
pub(super) fn of_proxy(mut error: Error) -> Error {
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

pub(super) fn queue_full() -> Error {
    let message = "Too many calls wait for the rate limit already: let some end first, or raise `rateLimit.maxQueue`.";
    Error::other(ErrorCode::QueueFull, message)
}
