//! What a client tells of its work. No secret is in any of it.

use serde::Serialize;

/// How a call was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseInfo {
    /// The call's name, such as `orders.get`.
    pub operation: &'static str,
    /// The status code.
    pub status: u16,
    /// The headers that may be shown, names in lower case.
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
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
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
        /// The call's name.
        operation: &'static str,
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
        /// The call's name.
        operation: &'static str,
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

/// What kind of event something is: asked before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// [`Event::Request`].
    Request,
    /// [`Event::Response`].
    Response,
    /// [`Event::Retry`].
    Retry,
    /// [`Event::Throttled`].
    Throttled,
    /// [`Event::Token`].
    Token,
}

impl EventKind {
    /// The name that listeners know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Retry => "retry",
            Self::Throttled => "throttled",
            Self::Token => "token",
        }
    }
}

/// Who is told of a client's work.
pub trait Listener {
    /// Whether anybody listens to such events: none is made otherwise.
    fn hears(&self, kind: EventKind) -> bool;
    /// Tells of an event.
    fn tell(&self, kind: EventKind, event: Event);
}
