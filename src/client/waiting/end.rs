//! How waiting ends without its goal.

use api::{Body, BodyRef};

use crate::{
    client::Client,
    error::{Error, ErrorCode, ErrorKind, WaitReason},
};

/// Whether a failed look ends the waiting: what will not change by itself does.
pub(super) fn is_final(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::Api(refusal) => matches!(refusal.status, 400 | 401 | 403 | 404),
        ErrorKind::Connection { .. } | ErrorKind::Timeout { .. } | ErrorKind::Decode { .. } => false,
        ErrorKind::Other => error.code != ErrorCode::QueueFull,
        ErrorKind::Validation { .. }
        | ErrorKind::Wait { .. }
        | ErrorKind::Caused { .. }
        | ErrorKind::Differs { .. }
        | ErrorKind::Unknown => true,
    }
}

/// Why something is not where it was waited for.
pub(super) struct Ended<'a> {
    pub(super) what: &'a str,
    pub(super) goal: &'a str,
    pub(super) reason: WaitReason,
    pub(super) status: Option<String>,
    pub(super) last: Option<BodyRef>,
}

impl<'a> Ended<'a> {
    /// The end of waiting for an order.
    pub(super) fn order(what: &'a str, goal: &'a str, reason: WaitReason, last: Option<BodyRef>) -> Self {
        Self {
            what,
            goal,
            reason,
            status: last.as_deref().and_then(order_status),
            last,
        }
    }

    /// The error that says so.
    pub(super) fn error(self, client: &Client) -> Error {
        let Self { what, goal, reason, .. } = self;
        let status = self.status.as_deref().unwrap_or("unknown");
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
                format!("{what} was not {goal} in time: its status is {status}. Wait again, or raise `maxWait`."),
            ),
        };
        let error = Error {
            code,
            message,
            kind: ErrorKind::Wait {
                reason,
                last: self.last,
            },
        };
        client.account.transport.secrets.redact_error(error)
    }
}

/// The status of an order in words.
pub(super) fn order_status(order: &dyn Body) -> Option<String> {
    order.order().status_text().map(str::to_owned)
}
