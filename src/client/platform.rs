//! The outside world as the client sees it: one small trait, with one implementation for JavaScript and one,
//! for tests, whose clock jumps to the next event.

use core::{future::Future, pin::Pin, time::Duration};

use api::{BodyRef, Form};

/// A future that stays on its thread, as every future does in JavaScript.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// A future behind a pointer: what several wait for is compiled once, and not into each of them.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// In milliseconds.
pub(crate) fn whole_millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A point on a monotonic clock. Never compared with the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    /// The point so long after the clock's origin.
    #[must_use]
    pub const fn from_origin(span: Duration) -> Self {
        Self(span)
    }

    /// The point a span later; the end of time when that is past it.
    #[must_use]
    pub const fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span))
    }

    /// The span since an earlier point; zero when that point is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// A request as it leaves: everything in it is final.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST`, `PATCH`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Absolute, or relative to the page's origin when a same-origin proxy is used.
    pub url: String,
    /// Names in lower case. Holds secrets: never shown as it is.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: Option<String>,
    /// In which form a success replies.
    pub form: Form,
    /// The largest body that is read, in bytes.
    pub limit: u64,
}

/// The head of a reply, and its body still to be read.
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Reads the body to its end. Dropping it gives the rest up.
    pub body: LocalFuture<Result<BodyRef, BodyError>>,
}

/// Why a request got no reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendError {
    /// The transport's own words.
    pub message: String,
    /// Proven to have failed before anything was sent, so that repeating it can do nothing twice.
    pub before_send: bool,
    /// Whether it may get better by itself.
    pub fault: Fault,
}

/// What is known of a connection that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// It may get better by itself.
    #[default]
    Passing,
    /// Nobody knows the host: its name is wrong, or there is no network just now.
    UnknownHost,
    /// The host's certificate is not trusted: that stays so until somebody does something.
    Untrusted,
}

/// Why a reply has no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It broke off; the transport's own words.
    Lost(String),
    /// It is larger than the request's limit.
    TooLarge,
}

/// A token as it outlives what fetched it. Holds secrets: it has no `Debug` on purpose.
#[derive(Clone)]
pub struct KeptToken {
    /// The API key that it belongs to.
    pub api_key: String,
    /// The JWT.
    pub token: String,
    /// When it was received.
    pub received: Instant,
    /// How long it lives from then.
    pub lifetime: Duration,
}

/// What of a client outlives it: its core may break, and the one in its place must neither earn a 429 nor log in again.
pub trait Memory {
    /// The token that was kept last.
    fn token(&self) -> Option<KeptToken>;
    /// Keeps a token, or forgets it.
    fn keep_token(&self, token: Option<&KeptToken>);
}

/// Where a limiter's log outlives it. Moments are nanoseconds of the monotonic clock.
pub trait LogMemory {
    /// The moments at which requests settled, ascending, and how many had not.
    fn restore(&self) -> (Vec<u64>, u64);
    /// So many requests are in flight.
    fn keep_in_flight(&self, count: u64);
    /// A request settled.
    fn keep_settled(&self, at: u64);
    /// The first so many moments do not matter any more.
    fn forget(&self, count: usize);
    /// None matters any more, and nothing more will be kept here.
    fn discard(&self);
}

/// What the client needs of the world.
///
/// Dropping a future that one of these methods returned cancels the work behind it: this is how an aborted or
/// timed-out call ends its request.
pub trait Platform {
    /// Sends a request; ready when the head of the reply has arrived.
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, SendError>>;
    /// Ready after the span.
    fn sleep(&self, span: Duration) -> LocalFuture<()>;
    /// Runs a task that nobody waits for, such as renewing a token in the background.
    fn spawn(&self, task: LocalFuture<()>);
    /// The monotonic clock.
    fn now(&self) -> Instant;
    /// The wall clock, in milliseconds since 1970: for dates in headers and in what people read.
    fn wall_clock(&self) -> u64;
    /// Evenly distributed in 0 ≤ r < 1.
    fn random(&self) -> f64;
}
