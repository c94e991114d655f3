//! How waiting ends without its goal.

use api::BodyRef;

use crate::{
    client::Client,
    error::{Error, ErrorCode, ErrorKind, WaitReason},
    platform::Fault,
};

/// Whether a failed look ends the waiting: what will not change by itself does. `was_seen` says that an earlier look
/// succeeded: what was there is not a wrong one.
pub(super) fn is_final(error: &Error, was_seen: bool) -> bool {
    match &error.kind {
        ErrorKind::Api(refusal) => is_lasting(refusal.status),
        ErrorKind::Connection { fault, .. } => match fault {
            Fault::Passing => false,
            Fault::UnknownHost => !was_seen,
            Fault::Untrusted => true,
        },
        ErrorKind::Timeout { .. } | ErrorKind::Decode { .. } => false,
        ErrorKind::Other | ErrorKind::Caused { .. } => match error.code {
            ErrorCode::QueueFull => false,
            // What gives tokens and secrets worked: it is away for a while.
            ErrorCode::TokenStoreFailed | ErrorCode::SecretUnavailable | ErrorCode::Interrupted => !was_seen,
            _ => true,
        },
        ErrorKind::Validation { .. } | ErrorKind::Wait { .. } | ErrorKind::Differs { .. } | ErrorKind::Unknown => true,
    }
}

/// Whether a service that refuses with this status will do so again. A conflict and a lock pass.
pub(super) const fn is_lasting(status: u16) -> bool {
    matches!(status, 300..=499 | 501 | 505) && !matches!(status, 408 | 409 | 421 | 423 | 425 | 429)
}

/// Why something is not where it was waited for.
pub(super) struct Ended<'a> {
    /// What it is, in words: "The order …".
    pub(super) what: &'a str,
    /// What was waited for, in words: "issued".
    pub(super) goal: &'static str,
    pub(super) reason: WaitReason,
    pub(super) status: Option<String>,
    pub(super) last: Option<BodyRef>,
    /// Why the last look failed, if it did.
    pub(super) cause: Option<Error>,
}

impl Ended<'_> {
    /// The error that says so.
    pub(super) fn error(self, client: &Client) -> Error {
        let Self { what, goal, reason, .. } = self;
        let status = self.status.as_deref().unwrap_or("unknown");
        let lacks = if goal == "issued" && status == "DIGI_ISSUED" {
            ", and its certificate is not there yet"
        } else {
            ""
        };
        let failed_look = self
            .cause
            .as_ref()
            .map_or_else(String::new, |cause| format!(" The last look failed: {}", cause.message));
        let (code, message) = match reason {
            WaitReason::Failed => (
                ErrorCode::WaitFailed,
                format!("{what} will not be {goal}: its status is {status}. Look at its history."),
            ),
            WaitReason::NeedsAction => (
                ErrorCode::WaitNeedsAction,
                format!(
                    "{what} continues only when a person acts: its status is {status}. See to that, and wait again."
                ),
            ),
            WaitReason::Timeout => (
                ErrorCode::WaitTimeout,
                format!(
                    "{what} was not {goal} in time: its status is {status}{lacks}. Wait again, or raise `maxWait`.{failed_look}"
                ),
            ),
            WaitReason::LookFailed => (
                ErrorCode::WaitLookFailed,
                format!("{what} cannot be looked at, so nobody can tell whether it is {goal}.{failed_look}"),
            ),
        };
        let error = Error::new(
            code,
            message,
            ErrorKind::Wait {
                reason,
                last: self.last,
                cause: self.cause,
            },
        );
        client.account.transport.secrets.redact_error(error)
    }
}
