//! The options of clients and of calls: as callers give them, and as the client uses them.
//!
//! What a value may be is said by its type here. Each type's complaint continues a sentence that begins with the option's
//! name: "`timeout` must be …".

use core::time::Duration;

use api::{
    given::{Given, Setting},
    options,
};

use super::{
    error::Difference,
    limiter::{self, Lane, Priority},
};

/// A span in milliseconds; infinity is the longest there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "types", derive(tsify::Tsify), tsify(type = "number"))]
pub struct Millis(pub Duration);

impl Setting for Millis {
    fn of(given: Given) -> Result<Self, String> {
        match number(&given) {
            Some(number) if number >= 0.0 => Ok(Self(span(number))),
            _ => Err("must be a number of milliseconds, at least 0".into()),
        }
    }
}

/// A span of so many milliseconds: none for what is not one, one without an end for more than a duration holds.
#[must_use]
pub fn span(millis: f64) -> Duration {
    // A duration counts seconds in 64 bits.
    if millis > 1e22 {
        return Duration::MAX;
    }
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or_default()
}

/// A whole number from `LEAST` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const LEAST: u32>(pub u32);

impl<const LEAST: u32> Setting for Whole<LEAST> {
    fn of(given: Given) -> Result<Self, String> {
        let is_whole = |number: &f64| *number >= f64::from(LEAST) && (number.fract() == 0.0 || number.is_infinite());
        let number = number(&given).filter(is_whole);
        let number = number.ok_or_else(|| format!("must be a whole number, at least {LEAST}"))?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "such casts saturate, and it is not negative"
        )]
        let whole = number as u32;
        Ok(Self(whole))
    }
}

/// A part, above 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(pub f64);

impl Setting for Share {
    fn of(given: Given) -> Result<Self, String> {
        match number(&given) {
            Some(share) if share > 0.0 && share <= 1.0 => Ok(Self(share)),
            _ => Err("must be a number above 0 and at most 1".into()),
        }
    }
}

/// A number of days, or anything else that is counted in parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Days(pub f64);

impl Setting for Days {
    fn of(given: Given) -> Result<Self, String> {
        match number(&given) {
            Some(days) if days >= 0.0 => Ok(Self(days)),
            _ => Err("must be a number of days, at least 0".into()),
        }
    }
}

/// A number; nothing for what is not one.
fn number(given: &Given) -> Option<f64> {
    match given {
        Given::Number(number) if !number.is_nan() => Some(*number),
        _ => None,
    }
}

impl Setting for Priority {
    fn of(given: Given) -> Result<Self, String> {
        Ok(match String::of(given)?.as_str() {
            "high" => Self::High,
            "low" => Self::Low,
            // The type is open: a level that this version does not know is an ordinary one.
            _ => Self::Normal,
        })
    }
}

/// What has to be the same: names with a comma between them, for what lists of callers hold is read in JavaScript.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Same(pub Vec<Difference>);

impl Setting for Same {
    fn of(given: Given) -> Result<Self, String> {
        let of_name = |name: &str| Difference::ALL.into_iter().find(|one| one.as_str() == name);
        let read = match &given {
            Given::Text(names) if names.is_empty() => Some(Vec::new()),
            Given::Text(names) => names.split(',').map(of_name).collect(),
            _ => None,
        };
        read.map(Self).ok_or_else(|| {
            let names = Difference::ALL.map(|one| format!("'{}'", one.as_str()));
            format!("must be a list, each item of which must be one of {}", names.join(", "))
        })
    }
}

impl Setting for Lane {
    fn of(given: Given) -> Result<Self, String> {
        Ok(Self::named(&String::of(given)?))
    }
}

/// The options of a client that are plain data. All spans are milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "types", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct ClientSettings {
    /// Default `https://api.markmonitor.com/certs/v1`; outside pages `/certs/v1` below `MARKMONITOR_BASE_URL` where that is set. A
    /// path such as `/api/certs` is one on the page's own origin.
    #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
    pub certs_base_url: Option<String>,
    /// Default `https://api.markmonitor.com/auth/v1`, or `/auth/v1` below `MARKMONITOR_BASE_URL` as for `certsBaseUrl`; with
    /// `auth: 'proxy'` that of `certsBaseUrl`.
    #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
    pub auth_base_url: Option<String>,
    /// Each attempt from when it is sent, in milliseconds; default 30,000.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub timeout: Option<Millis>,
    /// The whole call with queue, token and retries, in milliseconds; default none.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub total_timeout: Option<Millis>,
    /// How often a call that may be repeated is repeated; default 2.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub max_retries: Option<Whole<0>>,
    /// A longer Retry-After throws instead of sleeping, in milliseconds; default 120,000.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub max_retry_after: Option<Millis>,
    /// A longer reply is not read to its end, in bytes; default 64 MB (67,108,864), in Cloudflare's workers 16 MB.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub max_reply_bytes: Option<Whole<1>>,
    /// Refuse every call that is not a GET before it leaves, with a `ValidationError` (`read_only`); logging in is left. Default
    /// false.
    #[cfg_attr(feature = "types", tsify(optional, type = "boolean | undefined"))]
    pub read_only: Option<bool>,
}

/// How the rate limit is kept, as far as it is plain data. All spans are milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "types", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
pub struct RateLimitSettings {
    /// Requests per window; default 100 (guide 4).
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub limit: Option<Whole<1>>,
    /// The window, in milliseconds; default 60,000.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub window_ms: Option<Millis>,
    /// Added to the window, for clocks that differ, in milliseconds; default 250.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub slack_ms: Option<Millis>,
    /// The part of the limit that is this process's, above 0 and at most 1; default 1.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub share: Option<Share>,
    /// Send less after a 429 that this client did not cause, then slowly more, up to `limit`; default true.
    #[cfg_attr(feature = "types", tsify(optional, type = "boolean | undefined"))]
    pub adaptive: Option<bool>,
    /// How many calls may wait; further ones fail with a `QueueFullError`; default 1,000.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub max_queue: Option<Whole<1>>,
    /// With a store as `scope`: how many processes share it; default 1. While the store cannot be asked, each of them waits
    /// for a window, and then uses its part of the limit: all of it, if there is one process.
    #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
    pub processes: Option<Whole<1>>,
}

options!(ClientSettings {
    certs_base_url = "certsBaseUrl",
    auth_base_url = "authBaseUrl",
    timeout = "timeout",
    total_timeout = "totalTimeout",
    max_retries = "maxRetries",
    max_retry_after = "maxRetryAfter",
    max_reply_bytes = "maxReplyBytes",
    read_only = "readOnly",
});

options!(RateLimitSettings {
    limit = "limit",
    window_ms = "windowMs",
    slack_ms = "slackMs",
    share = "share",
    adaptive = "adaptive",
    max_queue = "maxQueue",
    processes = "processes",
});

impl RateLimitSettings {
    /// The limiter's options.
    #[must_use]
    pub fn limiter(&self) -> limiter::Options {
        let defaults = limiter::Options::default();
        limiter::Options {
            limit: self.limit.map_or(defaults.limit, |limit| limit.0),
            window: self.window_ms.map_or(defaults.window, |window| window.0),
            slack: self.slack_ms.map_or(defaults.slack, |slack| slack.0),
            share: self.share.map_or(defaults.share, |share| share.0),
            adaptive: self.adaptive.unwrap_or(defaults.adaptive),
            max_queue: self
                .max_queue
                .and_then(|most| usize::try_from(most.0).ok())
                .unwrap_or(defaults.max_queue),
        }
    }
}

/// Declares options of a call: its own, and those that every call has.
macro_rules! call_settings {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty = $option:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[cfg_attr(feature = "types", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
        pub struct $name {
            /// Each attempt from when it is sent, in milliseconds; default as the client's.
            #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
            pub timeout: Option<Millis>,
            /// The whole call with queue, token and retries, in milliseconds; default as the client's.
            #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
            pub total_timeout: Option<Millis>,
            /// How often to repeat a call that may be repeated; default as the client's.
            #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
            pub max_retries: Option<Whole<0>>,
            /// The place in the queue; default `normal`. `low` is for polling: behind every `normal` call, but for one slot in
            /// twenty.
            #[cfg_attr(feature = "types", tsify(optional, type = "'high' | 'normal' | 'low' | (string & {}) | undefined"))]
            pub priority: Option<Priority>,
            /// Whose call it is, by any name: callers take turns in the queue, so that one with thousands of calls holds up
            /// no other. Default: the calls of each client are one caller's.
            #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
            pub lane: Option<Lane>,
            $($(#[$field_meta])* pub $field: $type,)*
        }

        options!($name {
            timeout = "timeout",
            total_timeout = "totalTimeout",
            max_retries = "maxRetries",
            priority = "priority",
            lane = "lane",
            $($field = $option,)*
        });

        impl $name {
            /// The part that every call has.
            #[must_use]
            pub fn call(&self) -> CallOptions {
                CallOptions {
                    timeout: self.timeout.map(|span| span.0),
                    total_timeout: self.total_timeout.map(|span| span.0),
                    max_retries: self.max_retries.map(|most| most.0),
                    priority: self.priority,
                    lane: self.lane,
                }
            }
        }
    };
}

call_settings! {
    /// The options of one call that are plain data. All spans are milliseconds.
    pub struct CallSettings {
        /// Your name for this one change, new for each: it is put into the client's `store` before anything is sent. The
        /// same call with the same name is not sent a second time, by whichever process: it returns what came of the first,
        /// or throws an `OutcomeUnknownError`. Calls that only read ignore it.
        #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
        pub once_id: Option<String> = "onceId",
    }
}

call_settings! {
    /// The options of `orders.createOnce` that are plain data. All spans are milliseconds.
    pub struct OnceSettings {
        /// Your name for this order, as the `onceId` of other calls; the marker is made from it as well.
        #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
        pub once_id: Option<String> = "onceId",
        /// Create the order although one of unknown outcome may be there. Default false.
        #[cfg_attr(feature = "types", tsify(optional, type = "boolean | undefined"))]
        pub assume_not_placed: Option<bool> = "assumeNotPlaced",
        /// Whether `comments` gets a short marker, such as `[mmc once=4f3a0c19d2b7e685]`, by which the order is found
        /// again. Default true.
        #[cfg_attr(feature = "types", tsify(optional, type = "boolean | undefined"))]
        pub marker: Option<bool> = "marker",
        /// The id of the order that this one replaces: neither that one nor any order before it counts as the same.
        #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
        pub replaces: Option<String> = "replaces",
        /// Orders that were created before this date do not count as the same; an ISO date.
        #[cfg_attr(feature = "types", tsify(optional, type = "string | undefined"))]
        pub not_before: Option<String> = "notBefore",
        /// What an order must have in common with this one to count as the same: `names`, `type`, `organization`, `key` (of the CSR)
        /// and `replaces` (the order that it replaces). Default all.
        #[cfg_attr(feature = "types", tsify(optional, type = "Difference[] | undefined"))]
        pub same: Option<Same> = "same",
    }
}

call_settings! {
    /// The options of waiting that are plain data. All spans are milliseconds.
    pub struct WaitSettings {
        /// How long to wait before a `WaitError` with the reason `timeout` is thrown, in milliseconds; default without an end.
        #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
        pub max_wait: Option<Millis> = "maxWait",
        /// The first pause between two polls, in milliseconds; default 5,000.
        #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
        pub min_delay: Option<Millis> = "minDelay",
        /// The longest pause between two polls, in milliseconds; default 300,000.
        #[cfg_attr(feature = "types", tsify(optional, type = "number | undefined"))]
        pub max_delay: Option<Millis> = "maxDelay",
    }
}

call_settings! {
    /// The options of `orders.expiring` and `organizations.expiring` that are plain data. All spans are milliseconds.
    pub struct ExpiringSettings {
        /// How many days from now.
        #[cfg_attr(feature = "types", tsify(type = "number"))]
        pub within_days: Option<Days> = "withinDays",
    }
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
    /// The largest reply that is read, in bytes.
    pub max_reply_bytes: u64,
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
            max_reply_bytes: 64 * 1024 * 1024,
            read_only: false,
        }
    }
}

impl Settings {
    /// These settings, with what the options say.
    #[must_use]
    pub fn with(&self, options: &ClientSettings) -> Self {
        Self {
            timeout: options.timeout.map_or(self.timeout, |span| span.0),
            total_timeout: options.total_timeout.map(|span| span.0).or(self.total_timeout),
            max_retries: options.max_retries.map_or(self.max_retries, |most| most.0),
            max_retry_after: options.max_retry_after.map_or(self.max_retry_after, |span| span.0),
            max_reply_bytes: options
                .max_reply_bytes
                .map_or(self.max_reply_bytes, |most| most.0.into()),
            read_only: options.read_only.unwrap_or(self.read_only),
        }
    }
}

/// The options of one call; what they leave out, the client's settings say.
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
    /// Whose call it is: callers take turns in the queue.
    pub lane: Option<Lane>,
}
