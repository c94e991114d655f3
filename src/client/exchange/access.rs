//! With what a request shows who sends it.

use crate::{error::Error, platform::LocalFuture};

/// What a call sends to show who it is. It has no `Debug` on purpose.
#[derive(Clone)]
pub struct Credentials {
    /// The API key.
    pub api_key: String,
    /// The JWT.
    pub token: String,
    /// Which token this is, so that a late 401 for an old one does not throw away its successor.
    pub generation: u64,
}

/// Where tokens come from.
pub trait TokenSource {
    /// What a call has to send, fetched or renewed if that is needed; nothing when a proxy adds it.
    fn credentials(&self) -> LocalFuture<Result<Option<Credentials>, Error>>;
    /// What can be sent right now: a long queue may outlive a token.
    fn current(&self) -> Option<Credentials>;
    /// Forgets a token that the service refused, if it still is the current one. Says whether another can be had.
    fn reject(&self, credentials: &Credentials) -> bool;
}

/// With what a request shows who sends it.
pub enum Access<'a> {
    /// With a token, fetched and renewed as needed; with nothing when a proxy adds it.
    Token(&'a dyn TokenSource),
    /// With the API key alone: authenticating.
    ApiKey(String),
    /// With these: refreshing.
    Given(Credentials),
}
