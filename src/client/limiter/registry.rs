//! One limiter per origin and API key in a process: the service counts an account's calls, not a client's.

use core::{
    cell::RefCell,
    hash::{Hash, Hasher},
};
use std::{collections::BTreeMap, hash::DefaultHasher, rc::Rc};

use super::{Options, RateLimiter};
use crate::{
    auth::{Auth, Secret, ServiceAccess},
    platform::{LogMemory, Platform},
};

thread_local! {
    /// Kept for good: a limiter that is forgotten forgets what was sent in the last minute.
    static LIMITERS: RefCell<BTreeMap<String, RateLimiter>> = RefCell::default();
}

/// The limiter that all clients share that talk to the same service with the same key under the same limit.
///
/// A key that a function returns is not known yet: those clients share by user name. `service` sets services apart that
/// are not told apart by their address, such as several in memory. `memory` is asked by the limiter's name, which does not
/// show the key.
#[must_use]
pub fn shared_limiter(
    platform: Rc<dyn Platform>,
    access: &ServiceAccess,
    service: &str,
    options: &Options,
    memory: impl FnOnce(&str) -> Rc<dyn LogMemory>,
) -> RateLimiter {
    let account = match &access.auth {
        Auth::Password {
            api_key: Secret::Text(key),
            ..
        }
        | Auth::Token {
            api_key: Secret::Text(key),
            ..
        } => format!("key {key}"),
        Auth::Password { username, .. } => format!("user {username}"),
        Auth::Token { .. } => "token".to_owned(),
        Auth::Proxy => "proxy".to_owned(),
    };
    let name = format!("{} {service} {account} {options:?}", access.certs_base.origin());
    // Keys are secret, and the name is one that others may see.
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let name = format!("{:016x}", hasher.finish());
    LIMITERS.with_borrow_mut(|limiters| {
        limiters
            .entry(name)
            .or_insert_with_key(|name| RateLimiter::remembering(platform, options, memory(name)))
            .clone()
    })
}
