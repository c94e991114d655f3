//! The command line.

use clap::{Parser, ValueEnum};
use sandbox::{RateLimit, Timestamp, Window};

/// The Markmonitor SSL Certs API in memory, on 127.0.0.1.
///
/// Use http://127.0.0.1:PORT/auth/v1 and http://127.0.0.1:PORT/certs/v1 as the two base URLs. The API key is
/// `sandbox-api-key`, the user `demo@example.com` and the password `sandbox-password`; they open nothing else.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version, after_help = CONTROL)]
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

    /// The rate limit as `LIMIT/WINDOW_MS/KIND` with a kind of fixed, sliding, counter or bucket; or off.
    #[arg(long, default_value = "100/60000/sliding", value_parser = parse_rate_limit)]
    pub(super) rate_limit: RateLimitArg,

    /// Whether a 429 has a Retry-After header.
    #[arg(long, value_enum, default_value_t = Switch::Off)]
    pub(super) retry_after: Switch,

    /// Milliseconds that every response is held back.
    #[arg(long, default_value_t = 0)]
    pub(super) latency_ms: u64,

    /// The time to start at, such as 2026-03-15T12:00:00Z; the computer's own by default.
    #[arg(long, value_parser = parse_time)]
    pub(super) now: Option<Timestamp>,
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

Common names choose what becomes of an order; every other valid order is issued:
  rejected.example, failed.example, needs-approval.example (approved after a day), slow.example (a day in
  DIGI_PROCESSING), needs-csr.example, waiting-pickup.example, never.example (these three expire), reissue-failed.example,
  reissue-stuck.example, and all names below them.";

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
    let wrong = || "expected LIMIT/WINDOW_MS/KIND, such as 100/60000/sliding, or off".to_owned();
    if text == "off" {
        return Ok(RateLimitArg(None));
    }
    let mut parts = text.split('/');
    let limit = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
    let window_ms = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
    let window = match parts.next() {
        Some("fixed") => Window::Fixed,
        Some("sliding") => Window::Sliding,
        Some("counter") => Window::Counter,
        Some("bucket") => Window::Bucket,
        _ => return Err(wrong()),
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

fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "expected a time such as 2026-03-15T12:00:00Z".to_owned())
}
