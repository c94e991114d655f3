//! What a client's options make: its access and its limiter. Their plain values are read by `strict`.

use std::rc::Rc;

use client::{
    Error,
    auth::{Auth, ServiceAccess},
    base_url::BaseUrl,
    limiter::{self, LogStore, RateLimiter, Sharing, shared_limiter},
    options::{ClientSettings, RateLimitSettings, Settings},
    platform::Platform,
    store::{Store, StoredAt},
};
use finding::FindingCode;
use wasm_bindgen::JsValue;

use super::{
    dto::invalid,
    host::Host,
    log_store::JsLogStore,
    secret::{JsTokenStore, secret},
    store::JsStore,
};
use crate::{
    convert::{function, get},
    strict,
};

const CERTS_BASE: &str = "https://api.markmonitor.com/certs/v1";
const AUTH_BASE: &str = "https://api.markmonitor.com/auth/v1";

/// The options of a client that are plain values.
pub(super) fn client_settings(options: &JsValue) -> Result<ClientSettings, Error> {
    strict::read("The options", options, &["auth", "rateLimit", "store"]).map_err(invalid)
}

/// What all clients of an account share.
pub(super) fn access(options: &JsValue, settings: &ClientSettings) -> Result<ServiceAccess, Error> {
    let base =
        |name: &str, given: &Option<String>, default: &str| BaseUrl::parse(name, given.as_deref().unwrap_or(default));
    let auth_base = base("authBaseUrl", &settings.auth_base_url, AUTH_BASE)?;
    Ok(ServiceAccess {
        auth: auth(&get(options, "auth"), &auth_base)?,
        certs_base: base("certsBaseUrl", &settings.certs_base_url, CERTS_BASE)?,
        auth_base,
    })
}

fn auth(auth: &JsValue, base: &BaseUrl) -> Result<Auth, Error> {
    match get(auth, "kind").as_string().as_deref() {
        Some("proxy") => Ok(Auth::Proxy),
        Some("token") => Ok(Auth::Token {
            api_key: secret(auth, "apiKey")?,
            token: secret(auth, "token")?,
        }),
        Some("password") => {
            let username = get(auth, "username").as_string().filter(|name| !name.is_empty());
            let username = username.ok_or_else(|| {
                let message = "`auth.username` must be a string.";
                Error::refused(FindingCode::InvalidAuth, "auth.username", message)
            })?;
            let key = format!("markmonitor-certs token {} {username}", base.origin());
            Ok(Auth::Password {
                api_key: secret(auth, "apiKey")?,
                password: secret(auth, "password")?,
                store: JsTokenStore::of(auth, &key)?,
                username,
            })
        }
        _ => {
            let message = "`auth` must be `{ apiKey, username, password }`, `{ apiKey, token }` or `'proxy'`.";
            Err(Error::refused(FindingCode::InvalidAuth, "auth", message))
        }
    }
}

/// The store for what outlives a client; the facade gives the process's where the caller gives none.
pub(super) fn store(options: &JsValue) -> Result<Rc<dyn Store>, Error> {
    JsStore::of(&get(options, "store")).ok_or_else(|| {
        let message = "`store` must have the methods `get`, `set`, `update` and `lock`.";
        Error::refused(FindingCode::InvalidOption, "store", message)
    })
}

/// Makes the limiter that the options ask for, or finds the one to share.
pub(super) fn rate_limiter(
    options: &JsValue,
    host: &Host,
    platform: &Rc<dyn Platform>,
    access: &ServiceAccess,
    settings: &Settings,
) -> Result<RateLimiter, Error> {
    let platform = Rc::clone(platform);
    let given = get(options, "rateLimit");
    if given.as_bool() == Some(false) {
        return Ok(RateLimiter::new(platform, &limiter::Options::unlimited()));
    }
    // Read as a part of the options, so that the path of what is wrong begins with its name.
    let limit = strict::read_at::<RateLimitSettings>("rateLimit", &given, &["scope"])
        .map_err(invalid)?
        .limiter();
    let scope = get(&given, "scope");
    match scope.as_string().as_deref() {
        Some("client") => Ok(RateLimiter::remembering(platform, &limit, host.memory().own_log())),
        None if function(&scope, "update").is_some() => {
            let store: Rc<dyn LogStore> = match JsStore::of(&scope) {
                Some(store) => Rc::new(StoredAt {
                    store,
                    key: String::new(),
                }),
                None => Rc::new(JsLogStore::new(scope)),
            };
            let sharing = Sharing {
                store,
                key: format!("markmonitor-certs {}", access.certs_base.origin()),
                longest_attempt: settings.timeout,
            };
            Ok(RateLimiter::shared(platform, &limit, sharing))
        }
        scope_name if scope_name == Some("process") || scope.is_undefined() => {
            let memory = |name: &str| host.shared_log(name);
            Ok(shared_limiter(platform, access, &host.service(), &limit, memory))
        }
        _ => {
            let message = "`rateLimit.scope` must be 'client', 'process', or a store with the method `update`.";
            Err(Error::refused(FindingCode::InvalidOption, "rateLimit.scope", message))
        }
    }
}
