//! The command line.

use std::fmt::Write as _;

use clap::{Parser, ValueEnum};
use sandbox::{FATES, READINGS, RateLimit, Readings, Timestamp, Window};

/// The Markmonitor SSL Certs API in memory, on 127.0.0.1.
///
/// Use http://127.0.0.1:PORT/auth/v1 and http://127.0.0.1:PORT/certs/v1 as the two base URLs. The API key is
/// `sandbox-api-key`, the user `demo@example.com` and the password `sandbox-password`; they open nothing else.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version, after_help = control())]
pub(crate) struct Args {
    /// The port; 0 takes a free one. The address is printed once it is open.
    #[arg(long, default_value_t = 8787)]
    pub(super) port: u16,

    /// What ids, keys, delays and serial numbers are drawn from.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,

    /// How many seconds of the sandbox pass in one of the clock. The rate limit and the tokens count in them too.
    #[arg(long, default_value_t = 1)]
    pub(super) speed: u32,

    /// Start with three organizations, a dozen contacts and sixty orders in every status.
    #[arg(long)]
    pub(super) demo: bool,

    /// The rate limit as `LIMIT/WINDOW_MS`, perhaps with `/KIND`: fixed, sliding, counter or bucket; or off.
    #[arg(long, default_value = "100/60000", value_parser = parse_rate_limit)]
    pub(super) rate_limit: RateLimitArg,

    /// Whether a 429 has a Retry-After header of seconds.
    #[arg(long, value_enum, default_value_t = Switch::Off)]
    pub(super) retry_after: Switch,

    /// Milliseconds that every response is held back.
    #[arg(long, default_value_t = 0)]
    pub(super) latency_ms: u64,

    /// How many milliseconds of the computer's clock the body of a request may take to arrive.
    #[arg(long, default_value_t = 10_000)]
    pub(super) body_timeout_ms: u64,

    /// The time to start at, such as 2026-03-15T12:00:00Z; seven days ago by default, so that what is issued in the first
    /// seven days is valid on this computer.
    #[arg(long, value_parser = parse_time)]
    pub(super) now: Option<Timestamp>,

    /// How an open fact of the service is taken, such as dates=epoch-ms; may be given for each. See --readings.
    #[arg(long = "reading", value_name = "NAME=VALUE", value_parser = parse_reading)]
    pub(super) reading: Vec<(String, String)>,

    /// List the readings and their values, and end.
    #[arg(long)]
    pub(super) readings: bool,
}

impl Args {
    /// The readings that are chosen. Each was read before.
    pub(super) fn chosen(&self) -> Readings {
        Readings::of(self.reading.iter().map(|(name, value)| (name, value))).unwrap_or_default()
    }
}

/// The table of readings as text.
pub(super) fn list_of_readings() -> String {
    let mut text = String::new();
    for reading in READINGS {
        let _ = writeln!(text, "{}  {}", reading.name, reading.fact);
        for (at, value) in reading.values.iter().enumerate() {
            let is_default = if at == 0 { " (default)" } else { "" };
            let _ = writeln!(text, "    {:<18}{}{is_default}", value.name, value.meaning);
        }
    }
    text
}

/// What help says of the controls and the fates.
fn control() -> String {
    let mut text = CONTROL.to_owned();
    for fate in FATES {
        let _ = write!(text, "\n  {:<28}{}", fate.domain, fate.meaning);
    }
    text
}

const CONTROL: &str = "\
For tests, the sandbox is controlled over HTTP, without credentials:
  GET    /sandbox            time, next change and the credentials
  POST   /sandbox/advance    {\"ms\": 60000}: time passes
  POST   /sandbox/faults     {\"method\", \"path\", \"times\", \"probability\", \"status\", \"headers\", \"body\", \"delayMs\", \"drop\"}:
                             requests with that method and with `path` within their path fail, `times` often. With a status
                             they are answered with it and have no effect; without one, headers and body replace those of
                             the reply. \"drop\": \"before\" or \"after\" cuts the connection before or after the effect.
  DELETE /sandbox/faults     no more faults
  GET    /sandbox/requests   the last 1000 requests: method, path, status, at
  POST   /sandbox/reset      everything as at the start

Control takes no request that a page of another origin sends, or that names another host than this computer.

Common names at or below these domains choose what becomes of an order; every other valid order is issued:";

/// `--rate-limit`, once read.
#[derive(Clone, Copy, Debug)]
pub(super) struct RateLimitArg(pub(super) Option<RateLimit>);

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

fn parse_rate_limit(text: &str) -> Result<RateLimitArg, String> {
    let wrong = || "expected LIMIT/WINDOW_MS or LIMIT/WINDOW_MS/KIND, such as 100/60000/sliding, or off".to_owned();
    if text == "off" {
        return Ok(RateLimitArg(None));
    }
    let mut parts = text.split('/');
    let limit = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
    let window_ms = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
    let window = match parts.next() {
        None => None,
        Some("fixed") => Some(Window::Fixed),
        Some("sliding") => Some(Window::Sliding),
        Some("counter") => Some(Window::Counter),
        Some("bucket") => Some(Window::Bucket),
        Some(_) => return Err(wrong()),
    };
    if parts.next().is_some() || limit == 0 || window_ms == 0 {
        return Err(wrong());
    }
    Ok(RateLimitArg(Some(RateLimit {
        limit,
        window_ms,
        window,
        retry_after: false,
    })))
}

fn parse_reading(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "expected NAME=VALUE, such as dates=epoch-ms".to_owned())?;
    Readings::of([(name, value)]).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), value.to_owned()))
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "expected a time such as 2026-03-15T12:00:00Z".to_owned())
}
