//! What a client's options make: its access and its limiter. Their plain values are read by `given`.

use std::rc::Rc;

use client::{
    Error,
    auth::{Auth, ServiceAccess},
    base_url::BaseUrl,
    limiter::{self, RateLimiter, Seat, Sharing},
    options::{ClientSettings, RateLimitSettings, Settings},
    platform::Platform,
    store::Store,
};
use finding::FindingCode;
use wasm_bindgen::JsValue;

use super::{
    given,
    host::{JsMemory, shared_log},
    hub::HostObject,
    secret::{JsTokenStore, secret},
    store::JsStore,
};
use crate::convert::get;

const CERTS_BASE: &str = "https://api.markmonitor.com/certs/v1";
const AUTH_BASE: &str = "https://api.markmonitor.com/auth/v1";

/// The options of a client that are plain values.
pub(super) fn client_settings(options: &JsValue) -> Result<ClientSettings, Error> {
    given::read("The options", options, &["auth", "rateLimit", "store"])
}

/// What all clients of an account share.
pub(super) fn access(options: &JsValue, settings: &ClientSettings) -> Result<ServiceAccess, Error> {
    let base =
        |name: &str, given: &Option<String>, default: &str| BaseUrl::parse(name, given.as_deref().unwrap_or(default));
    let given_auth = get(options, "auth");
    let is_proxy = get(&given_auth, "kind").as_string().as_deref() == Some("proxy");
    // A proxy serves both services under one path.
    let auth_default = settings.certs_base_url.as_deref().filter(|_| is_proxy);
    let auth_base = base(
        "authBaseUrl",
        &settings.auth_base_url,
        auth_default.unwrap_or(AUTH_BASE),
    )?;
    Ok(ServiceAccess {
        auth: auth(&given_auth, &auth_base)?,
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

/// The origin of the service: the page's own where the base is a path.
fn origin(access: &ServiceAccess) -> String {
    let origin = access.certs_base.origin();
    if !origin.is_empty() {
        return origin;
    }
    let page = get(&get(&js_sys::global(), "location"), "origin").as_string();
    page.unwrap_or_default()
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
    host: &HostObject,
    platform: &Rc<dyn Platform>,
    access: &ServiceAccess,
    settings: &Settings,
) -> Result<RateLimiter, Error> {
    let platform = Rc::clone(platform);
    let wanted = get(options, "rateLimit");
    if wanted.as_bool() == Some(false) {
        return Ok(RateLimiter::new(platform, &limiter::Options::unlimited()));
    }
    // Read as a part of the options, so that the path of what is wrong begins with its name.
    let limit = given::read_at::<RateLimitSettings>("rateLimit", &wanted, &["scope"])?;
    let processes = limit.processes.map_or(1, |processes| processes.0);
    let limit = limit.limiter();
    let scope = get(&wanted, "scope");
    let sharing = JsStore::with(&scope, &["update"]).map(|store| Sharing {
        store: Rc::new(store),
        key: format!("markmonitor-certs {}", access.certs_base.origin()),
        longest_attempt: settings.timeout,
        processes,
    });
    match scope.as_string().as_deref() {
        Some("client") => Ok(RateLimiter::remembering(
            platform,
            &limit,
            JsMemory(host.memory()).own_log(),
        )),
        scope_name if scope_name == Some("process") || scope.is_undefined() || sharing.is_some() => {
            let memory = host.clone();
            let seat = Seat {
                origin: origin(access),
                service: [host.service(), host.store()].into_iter().flatten().collect(),
                salt: host.salt(),
                memory: Box::new(move |name| shared_log(&memory, name)),
                sharing,
            };
            Ok(RateLimiter::of_process(platform, &limit, seat, &access.auth))
        }
        _ => {
            let message = "`rateLimit.scope` must be 'client', 'process', or a store with the method `update`.";
            Err(Error::refused(FindingCode::InvalidOption, "rateLimit.scope", message))
        }
    }
}
