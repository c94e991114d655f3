//! Everything that a call can fail with. Each failure knows a stable code, one sentence for people, and the class that
//! it becomes in JavaScript.

use core::{
    fmt,
    ops::{Deref, DerefMut},
    time::Duration,
};

use api::{BodyRef, Reason, Refused, facts::Problem};
use finding::{Finding, FindingCode, Severity};
use serde::Serialize;

mod code;

pub use code::{ErrorCode, TimeoutPhase, WaitReason};

use super::platform::{Fault, whole_millis};

/// A reply that is not a success.
#[derive(Clone)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// The request's method.
    pub method: &'static str,
    /// The request's URL.
    pub url: String,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// The reply's headers that may be shown.
    pub headers: Vec<(String, String)>,
    /// The body: JSON where it is, else the first 2 KB of its text; nothing where there was no reply.
    pub body: Option<RefusedBody>,
    /// What the service says is wrong.
    pub problems: Vec<Problem>,
    /// How often the request was sent.
    pub attempts: u32,
    /// The service may have done it all the same.
    pub may_have_been_applied: bool,
    /// How long the service asks to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// The body of a refusal.
#[derive(Clone)]
pub enum RefusedBody {
    /// JSON, as the platform parsed it.
    Json(BodyRef),
    /// The beginning of a text.
    Text(String),
}

/// What a failure is, with what belongs to its kind.
#[derive(Clone)]
pub enum ErrorKind {
    /// The service answered, and refused.
    Api(Refusal),
    /// No reply, or half of one.
    Connection {
        /// The service may have done it all the same.
        may_have_been_applied: bool,
        /// Whether it may get better by itself.
        fault: Fault,
    },
    /// No reply in time.
    Timeout {
        /// Where the call was.
        phase: TimeoutPhase,
        /// The service may have done it all the same.
        may_have_been_applied: bool,
    },
    /// A success that could not be read.
    Decode {
        /// The status code.
        status: u16,
        /// The first 2 KB.
        body_text: String,
        /// Where in the body.
        path: Option<String>,
        /// It was a change, which the service has made by what it says.
        may_have_been_applied: bool,
    },
    /// Refused before anything was sent.
    Validation {
        /// All that is wrong.
        findings: Vec<Finding>,
    },
    /// Waiting ended without its goal.
    Wait {
        /// Why.
        reason: WaitReason,
        /// What was seen last.
        last: Option<BodyRef>,
        /// Why the last look failed, if it did.
        cause: Option<Error>,
    },
    /// Something of the caller's failed, in its own words.
    Caused {
        /// Its words.
        cause: String,
    },
    /// The order is there, and differs from what is wanted.
    Differs {
        /// The order as it is.
        order: BodyRef,
        /// In what.
        differences: Vec<Difference>,
    },
    /// What was sent before may have been done, and nobody can tell.
    Unknown,
    /// Anything else.
    Other,
}

/// In what an order differs from the one that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum Difference {
    /// The common name and `dnsNames`, taken together.
    Names,
    /// `certType`.
    Type,
    /// `organizationId`.
    Organization,
    /// The key of the CSR.
    Key,
    /// The order that it replaces.
    Replaces,
}

impl Difference {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Names, Self::Type, Self::Organization, Self::Key, Self::Replaces];

    /// As callers name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Type => "type",
            Self::Organization => "organization",
            Self::Key => "key",
            Self::Replaces => "replaces",
        }
    }
}

/// What to do about a call that the service may have done although no success came back.
pub(crate) const LOOK_FIRST: &str = "The service may have done it: look before you repeat it.";

/// A failed call: a pointer, for results hand it on from one floor to the next.
#[derive(Clone)]
pub struct Error(Box<Failure>);

/// What a failed call says.
#[derive(Clone)]
pub struct Failure {
    /// Stable, for programs.
    pub code: ErrorCode,
    /// One sentence, for people: what failed, where, why, what to do.
    pub message: String,
    /// What belongs to its kind.
    pub kind: ErrorKind,
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

/// A body stays out of it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.code)
            .field("message", &self.message)
            .field("findings", &self.findings())
            .finish_non_exhaustive()
    }
}

impl Error {
    /// A failure.
    #[must_use]
    pub fn new(code: ErrorCode, message: String, kind: ErrorKind) -> Self {
        Self(Box::new(Failure { code, message, kind }))
    }

    /// A failure that has nothing but its code and its sentence.
    #[must_use]
    pub fn other(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::new(code, message.into(), ErrorKind::Other)
    }

    /// A failure of something of the caller's, in its own words.
    #[must_use]
    pub fn caused(code: ErrorCode, message: impl Into<String>, cause: String) -> Self {
        Self::new(code, message.into(), ErrorKind::Caused { cause })
    }

    /// A call refused before anything was sent, for one reason.
    #[must_use]
    pub fn refused(code: FindingCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![Finding::argument(code, field, message)])
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
        Self::new(ErrorCode::Invalid, message, ErrorKind::Validation { findings })
    }

    /// A token was asked for, and a proxy has it.
    #[must_use]
    pub fn no_token() -> Self {
        let message = "With `auth: 'proxy'` the backend has the token; the client has none.";
        Self::refused(FindingCode::NoToken, "auth", message)
    }

    /// A token was forgotten before it was used.
    pub(crate) fn token_cleared() -> Self {
        Self::other(ErrorCode::TokenCleared, "The token was cleared while it was fetched.")
    }

    /// A store that failed at a method before anything was sent that it has to remember; `cause` is in its own words.
    pub(crate) fn no_store(method: &str, cause: String) -> Self {
        let message =
            format!("Nothing was sent: the store failed at `{method}`, and without it nobody can tell what was.");
        Self::caused(ErrorCode::StoreFailed, message, cause)
    }

    /// A call of a client that was closed.
    #[must_use]
    pub fn closed() -> Self {
        Self::other(ErrorCode::Closed, "This client was closed: make a new one.")
    }

    /// What was waited for ended without a word.
    #[must_use]
    pub(crate) fn interrupted() -> Self {
        Self::other(
            ErrorCode::Interrupted,
            "What the call waited for was interrupted: call again.",
        )
    }

    /// A part of something longer, whose time was up.
    #[must_use]
    pub(crate) fn cut_short(what: &str, phase: TimeoutPhase) -> Self {
        Self::new(
            ErrorCode::Timeout,
            format!("{what} was given up while {}, for the time was up.", phase.in_words()),
            ErrorKind::Timeout {
                phase,
                may_have_been_applied: false,
            },
        )
    }

    /// A call given up because its time was up.
    #[must_use]
    pub fn timeout(what: &str, after: Duration, phase: TimeoutPhase, may_have_been_applied: bool) -> Self {
        let look = if may_have_been_applied {
            format!(" {LOOK_FIRST}")
        } else {
            String::new()
        };
        Self::new(
            ErrorCode::Timeout,
            format!(
                "{what} took longer than {} ms and was given up while {}.{look}",
                whole_millis(after),
                phase.in_words()
            ),
            ErrorKind::Timeout {
                phase,
                may_have_been_applied,
            },
        )
    }

    /// The same, as the call sees it that waited for the token.
    #[must_use]
    pub(crate) fn while_fetching_token(mut self) -> Self {
        if let ErrorKind::Timeout { phase, .. } = &mut self.kind {
            *phase = TimeoutPhase::Token;
        }
        self
    }

    /// The status of the service's reply, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.kind {
            ErrorKind::Api(refusal) => Some(refusal.status),
            ErrorKind::Decode { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the service does not take what a list was asked by, or says so that it found nothing.
    pub(crate) fn refuses_query(&self) -> bool {
        matches!(self.status(), Some(400 | 404 | 422))
    }

    /// Whether it may say that a list has nothing: a 404 in JSON.
    pub(crate) fn is_empty_list(&self) -> bool {
        matches!(&self.kind, ErrorKind::Api(refusal) if refusal.status == 404 && matches!(refusal.body, Some(RefusedBody::Json(_))))
    }

    /// What is wrong with a call that was refused before it was sent.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match &self.kind {
            ErrorKind::Validation { findings } => findings,
            _ => &[],
        }
    }

    /// Whether the service may have done what was asked all the same.
    #[must_use]
    pub fn may_have_been_applied(&self) -> bool {
        match &self.kind {
            ErrorKind::Api(refusal) => refusal.may_have_been_applied,
            ErrorKind::Connection {
                may_have_been_applied, ..
            }
            | ErrorKind::Timeout {
                may_have_been_applied, ..
            }
            | ErrorKind::Decode {
                may_have_been_applied, ..
            } => *may_have_been_applied,
            ErrorKind::Unknown => true,
            _ => false,
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let code = match refused.reason {
            Reason::Argument => FindingCode::InvalidArgument,
            Reason::PrivateKey => FindingCode::PrivateKey,
            Reason::Missing => FindingCode::Required,
            Reason::Id => FindingCode::InvalidId,
            Reason::Method => FindingCode::InvalidMethod,
            Reason::Path => FindingCode::InvalidPath,
            Reason::Name => FindingCode::UnknownOption,
        };
        Self::refused(code, refused.field, refused.message)
    }
}
