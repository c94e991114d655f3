//! What a client tells of its work. No secret is in any of it.

use serde::Serialize;

/// How a reply was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseInfo {
    /// The status code.
    pub status: u16,
    /// The headers that are fit to be shown, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The service's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The request's method.
    pub method: &'static str,
    /// The request's URL.
    pub url: String,
    /// How often it was sent.
    pub attempts: u32,
    /// How long it waited for slots of the rate limit, in milliseconds.
    pub queued_ms: f64,
    /// From the call to the end of the body, in milliseconds.
    pub duration_ms: f64,
}

/// What happened to the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenEvent {
    /// A new one, for user name and password.
    Authenticated,
    /// A new one, for the old one.
    Refreshed,
    /// The service refused it.
    Expired,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Event {
    /// A request is sent.
    Request {
        /// Its method.
        method: &'static str,
        /// Its URL.
        url: String,
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// A reply was read to its end.
    Response(ResponseInfo),
    /// A request will be sent again.
    Retry {
        /// Its method.
        method: &'static str,
        /// Its URL.
        url: String,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// After so many milliseconds.
        delay_ms: f64,
        /// Why.
        reason: String,
    },
    /// A call waits for the rate limit.
    Throttled {
        /// For at least so many milliseconds.
        wait_ms: f64,
        /// So many calls wait.
        queued: usize,
    },
    /// The token changed.
    Token {
        /// How.
        kind: TokenEvent,
    },
}

impl Event {
    /// The name that listeners know it by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::Response(_) => "response",
            Self::Retry { .. } => "retry",
            Self::Throttled { .. } => "throttled",
            Self::Token { .. } => "token",
        }
    }
}
