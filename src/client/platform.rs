//! The outside world as the client sees it: one small trait, with one implementation for JavaScript and one,
//! for tests, whose clock jumps to the next event.

use core::{future::Future, pin::Pin, time::Duration};

/// A future that stays on its thread, as every future does in JavaScript.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

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
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: String,
    /// Absolute, or relative to the page's origin when a same-origin proxy is used.
    pub url: String,
    /// Names in lower case. Holds secrets: never shown as it is.
    pub headers: Vec<(String, String)>,
    /// JSON text.
    pub body: Option<String>,
}

/// The head of a reply, and its body still to be read.
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Reads the body to its end. Dropping it gives the rest up.
    pub body: LocalFuture<Result<Vec<u8>, SendError>>,
}

/// Why a request got no reply, or a reply no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    /// The transport's own words.
    pub message: String,
    /// Proven to have failed before anything was sent, so that repeating it can do nothing twice.
    pub before_send: bool,
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
