//! What a client and a call are told, read from what the facade passes.

use core::time::Duration;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::{
    convert::{function, get},
    platform::millis,
    rate_limit_store::JsLogStore,
    secret::{JsTokenStore, secret},
};
use crate::client::{
    base_url::BaseUrl,
    error::Error,
    limiter::{self, Priority, RateLimiter, Sharing},
    options::{Auth, CallOptions, Connection, Settings},
    platform::Platform,
    registry::shared_limiter,
};

const CERTS_BASE: &str = "https://api.markmonitor.com/certs/v1";
const AUTH_BASE: &str = "https://api.markmonitor.com/auth/v1";

/// Reads what all clients of an account share.
pub(super) fn connection(options: &JsValue) -> Result<Connection, Error> {
    let allow_insecure = get(options, "allowInsecure").is_truthy();
    let base = |name: &str, default: &str| {
        let text = text(options, name)?;
        BaseUrl::parse(name, text.as_deref().unwrap_or(default), allow_insecure)
    };
    Ok(Connection {
        auth: auth(&get(options, "auth"))?,
        certs_base: base("certsBaseUrl", CERTS_BASE)?,
        auth_base: base("authBaseUrl", AUTH_BASE)?,
    })
}

fn auth(auth: &JsValue) -> Result<Auth, Error> {
    match get(auth, "kind").as_string().as_deref() {
        Some("proxy") => Ok(Auth::Proxy),
        Some("token") => Ok(Auth::Token {
            api_key: secret(auth, "apiKey")?,
            token: secret(auth, "token")?,
        }),
        Some("password") => Ok(Auth::Password {
            api_key: secret(auth, "apiKey")?,
            username: text(auth, "username")?
                .filter(|name| !name.is_empty())
                .ok_or_else(|| Error::refused("invalid_auth", "username", "`auth.username` must be a text."))?,
            password: secret(auth, "password")?,
            store: JsTokenStore::of(auth)?,
        }),
        _ => Err(Error::refused(
            "invalid_auth",
            "auth",
            "`auth` must be `{ apiKey, username, password }`, `{ apiKey, token }` or `'proxy'`.",
        )),
    }
}

/// Reads what can differ between clients; what is left out stays as it was.
pub(super) fn settings(options: &JsValue, was: &Settings) -> Result<Settings, Error> {
    Ok(Settings {
        timeout: span(options, "timeout")?.unwrap_or(was.timeout),
        total_timeout: span(options, "totalTimeout")?.or(was.total_timeout),
        max_retries: count(options, "maxRetries")?.unwrap_or(was.max_retries),
        max_retry_after: span(options, "maxRetryAfter")?.unwrap_or(was.max_retry_after),
        read_only: match get(options, "readOnly") {
            value if value.is_undefined() => was.read_only,
            value => value.is_truthy(),
        },
    })
}

/// Reads what one call is told.
pub(super) fn call_options(options: &JsValue) -> Result<CallOptions, Error> {
    let priority = match text(options, "priority")?.as_deref() {
        None => None,
        Some("high") => Some(Priority::High),
        Some("low") => Some(Priority::Low),
        // The type is open: a level that this version does not know is an ordinary one.
        Some(_) => Some(Priority::Normal),
    };
    Ok(CallOptions {
        timeout: span(options, "timeout")?,
        total_timeout: span(options, "totalTimeout")?,
        max_retries: count(options, "maxRetries")?,
        priority,
    })
}

/// Makes the limiter that the options ask for, or finds the one to share.
pub(super) fn rate_limiter(
    options: &JsValue,
    platform: &Rc<dyn Platform>,
    connection: &Connection,
) -> Result<RateLimiter, Error> {
    let platform = Rc::clone(platform);
    let given = get(options, "rateLimit");
    if given.as_bool() == Some(false) {
        return Ok(RateLimiter::new(platform, &limiter::Options::unlimited()));
    }
    let defaults = limiter::Options::default();
    let limit = limiter::Options {
        limit: count(&given, "limit")?.map_or(defaults.limit, |limit| limit.max(1)),
        window: span(&given, "windowMs")?.unwrap_or(defaults.window),
        slack: span(&given, "slackMs")?.unwrap_or(defaults.slack),
        share: number(&given, "share")?.unwrap_or(defaults.share),
        adaptive: match get(&given, "adaptive") {
            value if value.is_undefined() => defaults.adaptive,
            value => value.is_truthy(),
        },
        max_queue: count(&given, "maxQueue")?
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(defaults.max_queue),
    };
    if !(limit.share > 0.0 && limit.share <= 1.0) {
        let message = "`rateLimit.share` must be above 0 and at most 1.";
        return Err(Error::refused("invalid_option", "rateLimit.share", message));
    }
    let scope = get(&given, "scope");
    match scope.as_string().as_deref() {
        Some("client") => Ok(RateLimiter::new(platform, &limit)),
        Some("process") => Ok(shared_limiter(platform, connection, &service(options), &limit)),
        None if scope.is_undefined() => Ok(shared_limiter(platform, connection, &service(options), &limit)),
        None if function(&scope, "update").is_some() => {
            let longest_attempt = span(options, "timeout")?.unwrap_or(Settings::default().timeout);
            let key = format!("markmonitor-certs {}", connection.certs_base.origin());
            let sharing = Sharing {
                store: Rc::new(JsLogStore::new(scope)),
                key,
                longest_attempt,
            };
            Ok(RateLimiter::shared(platform, &limit, sharing))
        }
        _ => Err(Error::refused(
            "invalid_option",
            "rateLimit.scope",
            "`rateLimit.scope` must be 'client', 'process', or a store with the method `update`.",
        )),
    }
}

/// What sets a service apart that its address does not: the sandbox marks its `fetch` with it.
fn service(options: &JsValue) -> String {
    get(options, "service").as_string().unwrap_or_default()
}

/// Reads a list of texts.
pub(super) fn texts(what: &str, value: &JsValue) -> Result<Vec<String>, Error> {
    let list = Array::is_array(value).then(|| Array::from(value));
    list.and_then(|list| list.iter().map(|item| item.as_string()).collect())
        .ok_or_else(|| Error::refused("invalid_argument", what, format!("{what} must be a list of texts.")))
}

fn text(options: &JsValue, name: &str) -> Result<Option<String>, Error> {
    let value = get(options, name);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    value
        .as_string()
        .map(Some)
        .ok_or_else(|| Error::refused("invalid_option", name, format!("`{name}` must be a text.")))
}

/// Reads a number that is not negative.
pub(super) fn number(options: &JsValue, name: &str) -> Result<Option<f64>, Error> {
    let value = get(options, name);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let number = value.as_f64().filter(|number| *number >= 0.0);
    number.map(Some).ok_or_else(|| {
        Error::refused(
            "invalid_option",
            name,
            format!("`{name}` must be a number, at least 0."),
        )
    })
}

/// Reads a span in milliseconds; infinity is the longest there is.
pub(super) fn span(options: &JsValue, name: &str) -> Result<Option<Duration>, Error> {
    Ok(number(options, name)?.map(|number| {
        if number.is_infinite() {
            Duration::MAX
        } else {
            millis(number)
        }
    }))
}

fn count(options: &JsValue, name: &str) -> Result<Option<u32>, Error> {
    Ok(number(options, name)?.map(|number| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "such casts saturate, and it is not negative"
        )]
        let count = number as u32;
        count
    }))
}
