//! What all exchanges of an account share: where the service is, the rate limit, the secrets, and who is told.

use core::cell::Cell;

use api::{Request, Service};

use super::retry_after;
use crate::{
    base_url::BaseUrl,
    events::{Event, EventKind, Listener, StoreEvent, WarningCode, WarningEvent},
    limiter::{RateLimiter, Warning},
    platform::{Instant, Platform, whole_millis},
    redaction::Secrets,
};

/// The account's side of every exchange.
pub struct Transport {
    pub(crate) certs_base: BaseUrl,
    pub(crate) auth_base: BaseUrl,
    pub(crate) limiter: RateLimiter,
    pub(crate) secrets: Secrets,
    pub(crate) listener: Box<dyn Listener>,
    pub(crate) clock: ServiceClock,
}

/// The service's clock, as its last reply showed it (RFC 9110, 6.6.1): dates of the service are held against it, for the
/// local wall clock may be wrong, and may jump.
#[derive(Default)]
pub(crate) struct ServiceClock(Cell<Option<(u64, Instant)>>);

impl ServiceClock {
    /// Learns from a reply that arrived now.
    pub(crate) fn learn(&self, headers: &[(String, String)], now: Instant) {
        if let Some(date) = retry_after::date(headers) {
            self.0.set(Some((date, now)));
        }
    }
}

impl Transport {
    /// The service's time in milliseconds since 1970: the local one as long as no reply has shown its date.
    pub(crate) fn service_time(&self, platform: &dyn Platform) -> u64 {
        let Some((date, at)) = self.clock.0.get() else {
            return platform.wall_clock();
        };
        date.saturating_add(whole_millis(platform.now().since(at)))
    }

    /// The address of a request.
    pub(crate) fn url(&self, request: &Request) -> String {
        let base = match request.service {
            Service::Auth => &self.auth_base,
            Service::Certs => &self.certs_base,
        };
        base.join(&request.path, &request.query)
    }

    /// Tells of what the limiter warns of.
    pub(crate) fn warn(&self) {
        if !self.listener.hears(EventKind::Warning) {
            return;
        }
        for warning in self.limiter.warnings() {
            let code = match &warning {
                Warning::Differs { .. } => WarningCode::RateLimitDiffers,
                Warning::StoreFailed(_) => WarningCode::RateLimitStoreFailed,
            };
            let message = warning.message();
            self.tell(EventKind::Warning, || Event::Warning(WarningEvent { code, message }));
        }
    }

    /// Tells of an event, which is made only if somebody listens and leaves without secrets.
    pub(crate) fn tell(&self, kind: EventKind, event: impl FnOnce() -> Event) {
        if self.listener.hears(kind) {
            self.tell_redacted(kind, event());
        }
    }

    fn tell_redacted(&self, kind: EventKind, mut event: Event) {
        match &mut event {
            Event::Request(request) => self.secrets.redact(&mut request.url),
            Event::Response(info) => self.secrets.redact_info(info),
            Event::Retry(retry) => {
                self.secrets.redact(&mut retry.url);
                self.secrets.redact(&mut retry.reason);
            }
            Event::Warning(warning) => self.secrets.redact(&mut warning.message),
            Event::Store(store) => self.secrets.redact(&mut store.reason),
            Event::Throttled(_) | Event::Token(_) | Event::Session(_) => {}
        }
        self.listener.tell(kind, event);
    }

    /// Tells of a store that failed where that ends no call.
    pub(crate) fn tell_of_store(&self, method: &'static str, reason: String) {
        self.tell(EventKind::Store, || Event::Store(StoreEvent { method, reason }));
    }
}
