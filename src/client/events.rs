//! What a client tells of its work. No secret is in any of it.

use api::Request;
use serde::Serialize;

/// How a call was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct ResponseInfo {
    /// The call's name; `request` for one that has none.
    #[cfg_attr(feature = "types", tsify(type = "Operation | 'request'"))]
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The headers that may be shown, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The id that the service gave the request, if it gave one: quote it to the vendor's support.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub request_id: Option<String>,
    /// The method of the request.
    pub method: &'static str,
    /// The address of the request.
    pub url: String,
    /// How many times the request was sent.
    pub attempts: u32,
    /// How long it waited for the rate limit, in milliseconds.
    pub queued_ms: f64,
    /// From the call to the end of the body, in milliseconds.
    pub duration_ms: f64,
}

impl ResponseInfo {
    /// Of a change that was made before, and left nothing to ask for: nothing is sent.
    pub(crate) fn of_nothing_sent(request: &Request) -> Self {
        Self {
            operation: request.operation,
            status: 204,
            headers: Vec::new(),
            request_id: None,
            method: request.method.as_str(),
            url: request.path.clone(),
            attempts: 0,
            queued_ms: 0.0,
            duration_ms: 0.0,
        }
    }

    /// The address of what was made, if the service says it (RFC 9110, 10.2.2).
    pub(crate) fn location(&self) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(name, value)| (name == "location").then_some(value.as_str()))
    }
}

/// A request is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RequestEvent {
    /// The call's name; `request` for one that has none.
    #[cfg_attr(feature = "types", tsify(type = "Operation | 'request'"))]
    pub operation: &'static str,
    /// The method of the request.
    pub method: &'static str,
    /// The address of the request.
    pub url: String,
    /// Which attempt, from 1.
    pub attempt: u32,
}

/// A request will be repeated.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RetryEvent {
    /// The call's name; `request` for one that has none.
    #[cfg_attr(feature = "types", tsify(type = "Operation | 'request'"))]
    pub operation: &'static str,
    /// The method of the request.
    pub method: &'static str,
    /// The address of the request.
    pub url: String,
    /// The attempt that failed, from 1.
    pub attempt: u32,
    /// When it is repeated, in milliseconds from now.
    pub delay_ms: f64,
    /// Why it is repeated, in words.
    pub reason: String,
}

/// A call waits for the rate limit. No 429 is needed for that: `RateLimitState.throttled` counts those.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct ThrottledEvent {
    /// How long the call waits at least, in milliseconds.
    pub wait_ms: f64,
    /// How many calls wait.
    pub queued: usize,
}

/// Something is not as it should be, although no call fails of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct WarningEvent {
    /// What the warning is about, for programs.
    pub code: WarningCode,
    /// What is wrong, and what to do, for people.
    pub message: String,
}

/// What a warning is about. `rate_limit_differs`: clients of one key were given different limits. `rate_limit_store_failed`:
/// the store of the rate limit failed or did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum WarningCode {
    /// Clients of one key were given different limits.
    RateLimitDiffers,
    /// The store of the rate limit failed or did not answer.
    RateLimitStoreFailed,
}

/// The token changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct TokenEvent {
    /// What happened to the token.
    pub kind: TokenChange,
}

/// What happened to the token. `authenticated`: a new one, for user name and password. `refreshed`: a new one, for the old
/// one. `expired`: the service refused it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum TokenChange {
    /// A new one, for user name and password.
    Authenticated,
    /// A new one, for the old one.
    Refreshed,
    /// The service refused it.
    Expired,
}

/// A store of the caller's failed where that ends no call.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct StoreEvent {
    /// The method that failed.
    #[cfg_attr(feature = "types", tsify(type = "'get' | 'set' | 'update' | 'lock' | 'release'"))]
    pub method: &'static str,
    /// With what, in the store's own words.
    pub reason: String,
}

/// The session with the page's own server changed; `auth: 'proxy'` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct SessionEvent {
    /// What happened to the session.
    pub kind: SessionChange,
}

/// What happened to the session. `ended`: the page's own server answered with 401, so its user has to log in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum SessionChange {
    /// The user has to log in again.
    Ended,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// A request is sent.
    Request(RequestEvent),
    /// A reply was read to its end.
    Response(ResponseInfo),
    /// A request will be sent again.
    Retry(RetryEvent),
    /// A call waits for the rate limit.
    Throttled(ThrottledEvent),
    /// The token changed.
    Token(TokenEvent),
    /// Something is not as it should be.
    Warning(WarningEvent),
    /// A store failed.
    Store(StoreEvent),
    /// The session changed.
    Session(SessionEvent),
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
    /// [`Event::Warning`].
    Warning,
    /// [`Event::Store`].
    Store,
    /// [`Event::Session`].
    Session,
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
            Self::Warning => "warning",
            Self::Store => "store",
            Self::Session => "session",
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
