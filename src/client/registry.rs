//! One limiter per origin and API key in a process: the service counts an account's calls, not a client's.

use core::cell::RefCell;
use std::{collections::HashMap, rc::Rc};

use super::{
    limiter::{Options, RateLimiter},
    options::{Auth, Connection},
    platform::Platform,
    secrets::Secret,
};

thread_local! {
    /// Kept for good: a limiter that is forgotten forgets what was sent in the last minute.
    static LIMITERS: RefCell<HashMap<String, RateLimiter>> = RefCell::default();
}

/// The limiter that all clients share that talk to the same service with the same key under the same limit.
///
/// A key that a function gives is not known yet: those clients share by user name. `service` sets services apart that
/// are not told apart by their address, such as several in memory.
#[must_use]
pub fn shared_limiter(
    platform: Rc<dyn Platform>,
    connection: &Connection,
    service: &str,
    options: &Options,
) -> RateLimiter {
    let account = match &connection.auth {
        Auth::Password {
            api_key: Secret::Text(key),
            ..
        }
        | Auth::Token {
            api_key: Secret::Text(key),
            ..
        } => {
            format!("key {key}")
        }
        Auth::Password { username, .. } => format!("user {username}"),
        Auth::Token { .. } => "token".to_owned(),
        Auth::Proxy => "proxy".to_owned(),
    };
    let name = format!("{} {service} {account} {options:?}", connection.certs_base.origin());
    LIMITERS.with_borrow_mut(|limiters| {
        limiters
            .entry(name)
            .or_insert_with(|| RateLimiter::new(platform, options))
            .clone()
    })
}
