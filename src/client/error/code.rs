//! The stable names of what went wrong, and where a call or a wait was then.

use serde::{Serialize, Serializer};

/// Where a call was when its time was up: waiting for a slot of the rate limit (`queue`), a token, the `response`, its `body`,
/// the next attempt (`backoff`), or another call that creates an order of the same name (`turn`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum TimeoutPhase {
    /// Waiting for a slot of the rate limit.
    #[default]
    Queue,
    /// Waiting for a token.
    Token,
    /// Waiting for the reply.
    Response,
    /// Reading the reply's body.
    Body,
    /// Waiting to try again.
    Backoff,
    /// Waiting for another that creates an order of the same name.
    Turn,
}

impl TimeoutPhase {
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Queue => "waiting for a slot of the rate limit",
            Self::Token => "waiting for a token",
            Self::Response => "waiting for the reply",
            Self::Body => "reading the reply's body",
            Self::Backoff => "waiting to try again",
            Self::Turn => "waiting for another that creates an order of the same name",
        }
    }
}

/// Why waiting ended without its goal: it cannot come any more (`failed`), `maxWait` passed (`timeout`), a person has to do
/// something first (`needsAction`), or it could not be looked at, which does not get better by itself (`lookFailed`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum WaitReason {
    /// It cannot come any more.
    Failed,
    /// `maxWait` passed.
    Timeout,
    /// A person has to do something first.
    NeedsAction,
    /// It could not be looked at, and that does not get better by itself.
    LookFailed,
}

/// Declares the codes: each once, with the class of its error and what it means.
macro_rules! codes {
    ($($(#[doc = $says:literal])* $name:ident = $code:literal of $class:literal,)*) => {
        /// A stable name of what went wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "types", derive(tsify::Tsify))]
        pub enum ErrorCode {
            $($(#[doc = $says])* #[cfg_attr(feature = "types", serde(rename = $code))] $name,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The JavaScript class of errors with this code.
            #[must_use]
            pub const fn class(self) -> &'static str {
                match self {
                    $(Self::$name => $class,)*
                }
            }

            /// What it means.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($says),*),)*
                }
            }
        }
    };
}

codes! {
    /// 400: the service refused the request's content.
    BadRequest = "bad_request" of "BadRequestError",
    /// 401: the API key, the user or the token was not accepted.
    Unauthorized = "unauthorized" of "AuthenticationError",
    /// 401 with `auth: 'proxy'`: the session with the page's own server has ended, or nobody is logged in.
    SessionEnded = "session_ended" of "SessionEndedError",
    /// The token has expired, and no other can be fetched.
    TokenExpired = "token_expired" of "AuthenticationError",
    /// 403: the user may not do this.
    PermissionDenied = "permission_denied" of "PermissionDeniedError",
    /// 404: there is no such resource, or it is another account's.
    NotFound = "not_found" of "NotFoundError",
    /// 409: the request does not fit the present state.
    Conflict = "conflict" of "ConflictError",
    /// 429: too many requests, and waiting was not possible or not allowed.
    RateLimited = "rate_limited" of "RateLimitError",
    /// 5xx: the service failed.
    ServerError = "server_error" of "ServerError",
    /// Any other status.
    Refused = "refused" of "ApiError",
    /// There is no reply, or half of one.
    Connection = "connection" of "ConnectionError",
    /// `timeout` or `totalTimeout` passed.
    Timeout = "timeout" of "TimeoutError",
    /// The service answered with success, and the body is not what it has to be.
    Unreadable = "unreadable" of "DecodeError",
    /// The service answered with success, and the body is larger than `maxReplyBytes`.
    ReplyTooLarge = "reply_too_large" of "DecodeError",
    /// More calls are waiting for the rate limit than `maxQueue` allows.
    QueueFull = "queue_full" of "QueueFullError",
    /// Refused before it was sent; `findings` says why.
    Invalid = "invalid" of "ValidationError",
    /// What was waited for cannot come any more.
    WaitFailed = "wait_failed" of "WaitError",
    /// What was waited for needs a person first.
    WaitNeedsAction = "wait_needs_action" of "WaitError",
    /// What was waited for did not come in time.
    WaitTimeout = "wait_timeout" of "WaitError",
    /// What was waited for could not be looked at, which does not get better by itself; `cause` says why.
    WaitLookFailed = "wait_look_failed" of "WaitError",
    /// The client was closed.
    Closed = "closed" of "CertsError",
    /// Fetching the token was interrupted.
    Interrupted = "interrupted" of "CertsError",
    /// The token was cleared while it was fetched.
    TokenCleared = "no_token" of "CertsError",
    /// There is an order that may be the one to create, and does not show enough for anybody to tell.
    OrderUnclear = "order_unclear" of "OutcomeUnknownError",
    /// What was sent before under this `onceId`, or for this order, may have been done, and nobody can tell.
    OutcomeUnknown = "outcome_unknown" of "OutcomeUnknownError",
    /// The order to create is there, and differs from what is wanted; `differences` says in what.
    OrderDiffers = "order_differs" of "OrderDiffersError",
    /// The `onceId` was used for another call before.
    OnceIdTaken = "once_id_taken" of "CertsError",
    /// A list does not get further: the service sends a page again that was there before.
    ListRepeats = "list_repeats" of "CertsError",
    /// A function given in `auth` failed, or returned no string.
    SecretUnavailable = "secret_unavailable" of "CertsError",
    /// The token store failed; `cause` says with what.
    TokenStoreFailed = "token_store_failed" of "CertsError",
    /// The store failed before anything was sent; `cause` says with what.
    StoreFailed = "store_failed" of "CertsError",
    /// The WebAssembly could not be loaded or compiled.
    WasmLoadFailed = "wasm_load_failed" of "CertsError",
    /// Nobody said where the WebAssembly is.
    WasmNotProvided = "wasm_not_provided" of "CertsError",
    /// A bug in this package: please report it.
    Internal = "internal" of "InternalError",
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
