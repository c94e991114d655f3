//! What a client and a call can be told.

use core::time::Duration;
use std::rc::Rc;

use super::{base_url::BaseUrl, limiter::Priority, platform::LocalFuture, secrets::Secret};

/// Where a token is kept between processes; a failure is a call's failure.
pub trait TokenStore {
    /// The token kept, if there is one.
    fn get(&self) -> LocalFuture<Result<Option<String>, String>>;
    /// Keeps a token, or forgets it.
    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), String>>;
}

/// How the client shows who it is (guide 5).
#[derive(Clone)]
pub enum Auth {
    /// Fetches tokens by itself.
    Password {
        /// The API key.
        api_key: Secret,
        /// The user's name.
        username: String,
        /// The password.
        password: Secret,
        /// Where tokens are kept between processes.
        store: Option<Rc<dyn TokenStore>>,
    },
    /// Uses a token that somebody else fetched.
    Token {
        /// The API key.
        api_key: Secret,
        /// The JWT.
        token: Secret,
    },
    /// A backend adds key and token: the client holds none.
    Proxy,
}

/// What all clients of one account share.
#[derive(Clone)]
pub struct Connection {
    /// How the client shows who it is.
    pub auth: Auth,
    /// The base of the certificate service.
    pub certs_base: BaseUrl,
    /// The base of the authentication service.
    pub auth_base: BaseUrl,
}

/// What can differ between clients of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Each attempt, from when it is sent.
    pub timeout: Duration,
    /// The whole call, with queue, token and retries.
    pub total_timeout: Option<Duration>,
    /// How often a request is sent again.
    pub max_retries: u32,
    /// A longer wait that the service asks for fails the call instead.
    pub max_retry_after: Duration,
    /// Refuse every call that is not a GET.
    pub read_only: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            total_timeout: None,
            max_retries: 2,
            max_retry_after: Duration::from_secs(120),
            read_only: false,
        }
    }
}

/// What one call is told; what it leaves out, the client's settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// Each attempt, from when it is sent.
    pub timeout: Option<Duration>,
    /// The whole call.
    pub total_timeout: Option<Duration>,
    /// How often the request is sent again.
    pub max_retries: Option<u32>,
    /// Its place in the queue of the rate limit.
    pub priority: Option<Priority>,
}
