//! Everything that a call can fail with. Each failure knows a stable code, one sentence for people, and the class that
//! it becomes in JavaScript.

use serde::Serialize;
use serde_json::Value;

use super::secrets::Secrets;
use crate::{
    api::{call::Refused, problem::Problem},
    pki::{Finding, Severity},
};

/// Where a call stood when its time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Waiting for a slot of the rate limit.
    Queue,
    /// Waiting for a token.
    Token,
    /// Sent, and no reply yet.
    Response,
    /// The reply's head was there, its body not yet.
    Body,
    /// Waiting to try again.
    Backoff,
}

impl Phase {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Queue => "waiting for a slot of the rate limit",
            Self::Token => "waiting for a token",
            Self::Response => "waiting for the reply",
            Self::Body => "reading the reply's body",
            Self::Backoff => "waiting to try again",
        }
    }
}

/// Why waiting ended without its goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WaitEnd {
    /// What was waited for ended otherwise.
    Failed,
    /// The time was up.
    Timeout,
    /// Nothing goes on until a person acts.
    NeedsAction,
}

/// A reply that is not a success.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// The request's method.
    pub method: &'static str,
    /// The request's URL.
    pub url: String,
    /// The service's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The reply's headers that are fit to be shown.
    pub headers: Vec<(String, String)>,
    /// The body: JSON where it is, else the first 2 KB of its text.
    pub body: Value,
    /// What the service says is wrong.
    pub problems: Vec<Problem>,
    /// How often the request was sent.
    pub attempts: u32,
    /// The service may have done it all the same.
    pub may_have_been_applied: bool,
    /// How long the service asks to wait, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// What a failure is, with what belongs to its kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Kind {
    /// The service answered, and refused.
    Api(Box<Refusal>),
    /// No reply, or half of one.
    #[serde(rename_all = "camelCase")]
    Connection {
        /// The service may have done it all the same.
        may_have_been_applied: bool,
    },
    /// No reply in time.
    #[serde(rename_all = "camelCase")]
    Timeout {
        /// Where the call stood.
        phase: Phase,
        /// The service may have done it all the same.
        may_have_been_applied: bool,
    },
    /// A success that could not be read.
    #[serde(rename_all = "camelCase")]
    Decode {
        /// The status code.
        status: u16,
        /// The first 2 KB.
        body_text: String,
        /// Where in the body.
        #[serde(skip_serializing_if = "Option::is_none")]
        path: Option<String>,
    },
    /// Too many calls wait already.
    QueueFull {},
    /// Refused before anything was sent.
    Validation {
        /// All that is wrong.
        findings: Vec<Finding>,
    },
    /// Waiting ended without its goal.
    Wait {
        /// Why.
        reason: WaitEnd,
        /// What was seen last.
        #[serde(skip_serializing_if = "Option::is_none")]
        last: Option<Value>,
    },
    /// Anything else.
    Other {},
}

/// What to do about a call that the service may have done although no success came back.
pub(super) const LOOK_FIRST: &str = "The service may have done it: look before you repeat it.";

/// A failed call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Error {
    /// Stable, for programs.
    pub code: &'static str,
    /// One sentence, for people: what failed, where, why, what to do.
    pub message: String,
    /// What belongs to its kind.
    #[serde(flatten)]
    pub kind: Kind,
}

impl Error {
    /// A failure that has no class of its own.
    #[must_use]
    pub fn other(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            kind: Kind::Other {},
        }
    }

    /// A call refused before anything was sent, for one reason.
    #[must_use]
    pub fn refused(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![Finding {
            severity: Severity::Error,
            code,
            message: message.into(),
            field: Some(field.into()),
            source: None,
        }])
    }

    /// A call refused before anything was sent, for all these reasons.
    #[must_use]
    pub fn invalid(findings: Vec<Finding>) -> Self {
        let sentences: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.message.as_str())
            .collect();
        let message = format!("Nothing was sent, for the call would fail. {}", sentences.join(" "));
        Self {
            code: "invalid",
            message,
            kind: Kind::Validation { findings },
        }
    }

    /// A token was asked for, and a proxy has it.
    #[must_use]
    pub fn no_token() -> Self {
        let message = "With `auth: 'proxy'` the backend has the token; the client has none.";
        Self::refused("no_token", "auth", message)
    }

    /// A call given up because its time was up.
    #[must_use]
    pub fn timeout(what: &str, after_ms: u128, phase: Phase, may_have_been_applied: bool) -> Self {
        let look = if may_have_been_applied {
            format!(" {LOOK_FIRST}")
        } else {
            String::new()
        };
        Self {
            code: "timeout",
            message: format!(
                "{what} took longer than {after_ms} ms and was given up while {}.{look}",
                phase.in_words()
            ),
            kind: Kind::Timeout {
                phase,
                may_have_been_applied,
            },
        }
    }

    /// The same, as the call sees it that waited for the token.
    #[must_use]
    pub(super) fn while_fetching_token(mut self) -> Self {
        if let Kind::Timeout { phase, .. } = &mut self.kind {
            *phase = Phase::Token;
        }
        self
    }

    /// The status of the service's reply, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.kind {
            Kind::Api(refusal) => Some(refusal.status),
            Kind::Decode { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the service may have done what was asked all the same.
    #[must_use]
    pub const fn may_have_been_applied(&self) -> bool {
        match &self.kind {
            Kind::Api(refusal) => refusal.may_have_been_applied,
            Kind::Connection { may_have_been_applied }
            | Kind::Timeout {
                may_have_been_applied, ..
            } => *may_have_been_applied,
            // The service said that it succeeded, and nobody could read of what.
            Kind::Decode { .. } => true,
            _ => false,
        }
    }

    /// The name of the class that it becomes in JavaScript.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match &self.kind {
            // Whatever status it was refused with.
            Kind::Api(_) if self.code == "token_expired" => "AuthenticationError",
            Kind::Api(refusal) => match refusal.status {
                400 => "BadRequestError",
                401 => "AuthenticationError",
                403 => "PermissionDeniedError",
                404 => "NotFoundError",
                409 => "ConflictError",
                429 => "RateLimitError",
                500..=599 => "ServerError",
                _ => "ApiError",
            },
            Kind::Connection { .. } => "ConnectionError",
            Kind::Timeout { .. } => "TimeoutError",
            Kind::Decode { .. } => "DecodeError",
            Kind::QueueFull {} => "QueueFullError",
            Kind::Validation { .. } => "ValidationError",
            Kind::Wait { .. } => "WaitError",
            Kind::Other {} => "CertsError",
        }
    }

    /// The same with every known secret blotted out, wherever a server or a transport put it.
    #[must_use]
    pub fn without(mut self, secrets: &Secrets) -> Self {
        secrets.blot(&mut self.message);
        match &mut self.kind {
            Kind::Api(refusal) => {
                secrets.blot(&mut refusal.url);
                secrets.blot_json(&mut refusal.body);
                for (name, value) in &mut refusal.headers {
                    secrets.blot(name);
                    secrets.blot(value);
                }
                if let Some(id) = &mut refusal.request_id {
                    secrets.blot(id);
                }
                for problem in &mut refusal.problems {
                    for text in [&mut problem.field, &mut problem.code, &mut problem.message]
                        .into_iter()
                        .flatten()
                    {
                        secrets.blot(text);
                    }
                }
            }
            Kind::Decode { body_text, path, .. } => {
                secrets.blot(body_text);
                if let Some(path) = path {
                    secrets.blot(path);
                }
            }
            Kind::Validation { findings } => {
                for finding in findings {
                    secrets.blot(&mut finding.message);
                }
            }
            Kind::Wait { last: Some(last), .. } => secrets.blot_json(last),
            Kind::Connection { .. }
            | Kind::Timeout { .. }
            | Kind::QueueFull {}
            | Kind::Wait { .. }
            | Kind::Other {} => {}
        }
        self
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::refused(refused.code, &refused.field, refused.message)
    }
}
