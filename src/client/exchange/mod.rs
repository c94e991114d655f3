//! One call from its first wait to its final reply: token, slot, send, body, and again where that is right.
//!
//! `run` is the loop, `attempt` sends once, `retry` decides whether once is enough, `outcome` is what comes of it, and `refusal`
//! what the service said. Nothing here knows how a token is fetched: that is an exchange too.

mod access;
mod attempt;
mod headers;
mod outcome;
mod refusal;
mod retry;
pub mod retry_after;
mod run;
mod transport;

use core::{cell::Cell, time::Duration};
use std::rc::Rc;

use api::Request;

pub(crate) use access::{Access, Credentials, TokenSource};
pub(crate) use attempt::http_request;
pub use outcome::Reply;
pub(crate) use refusal::{beginning, whole_seconds};
pub(crate) use transport::{ServiceClock, Transport};

use crate::{
    error::TimeoutPhase,
    limiter::{Lane, Priority},
    options::{CallOptions, Settings},
    platform::{Instant, Platform},
};

/// How far a call is, for one who may have to give it up.
#[derive(Default)]
pub(crate) struct Trace {
    /// What it waits for.
    pub(crate) phase: Cell<TimeoutPhase>,
    may_have_been_applied: Cell<bool>,
}

impl Trace {
    /// Whether a change may be made, or have been made, although nothing more is heard of it.
    pub(crate) fn may_be_made(&self) -> bool {
        self.may_have_been_applied.get() || matches!(self.phase.get(), TimeoutPhase::Response | TimeoutPhase::Body)
    }

    /// Nothing came of it.
    pub(crate) fn reset(&self) {
        self.phase.take();
        self.may_have_been_applied.take();
    }
}

/// One call under way.
pub(crate) struct Exchange<'a> {
    transport: &'a Transport,
    platform: Rc<dyn Platform>,
    request: &'a Request,
    access: Access<'a>,
    url: String,
    timeout: Duration,
    total_timeout: Option<Duration>,
    max_retries: u32,
    max_retry_after: Duration,
    max_reply_bytes: u64,
    priority: Priority,
    lane: Option<Lane>,
    began: Instant,
    attempts: Cell<u32>,
    queued: Cell<Duration>,
    trace: Rc<Trace>,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(
        transport: &'a Transport,
        platform: Rc<dyn Platform>,
        settings: &Settings,
        options: CallOptions,
        request: &'a Request,
        access: Access<'a>,
        trace: Rc<Trace>,
    ) -> Self {
        Self {
            url: transport.url(request),
            timeout: options.timeout.unwrap_or(settings.timeout),
            total_timeout: options.total_timeout.or(settings.total_timeout),
            max_retries: options.max_retries.unwrap_or(settings.max_retries),
            max_retry_after: settings.max_retry_after,
            max_reply_bytes: settings.max_reply_bytes,
            priority: options.priority.unwrap_or_default(),
            lane: options.lane,
            began: platform.now(),
            attempts: Cell::default(),
            queued: Cell::default(),
            trace,
            transport,
            platform,
            request,
            access,
        }
    }

    fn name(&self) -> String {
        format!("{} {}", self.request.method.as_str(), self.url)
    }
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
