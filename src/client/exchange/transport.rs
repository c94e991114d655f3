//! What all exchanges of an account share: where the service is, the rate limit, the secrets, and who is told.

use api::{Request, Service};

use super::base_url::BaseUrl;
use crate::{
    events::{Event, EventKind, Listener, StoreEvent},
    limiter::RateLimiter,
    redaction::Secrets,
};

/// The account's side of every exchange.
pub struct Transport {
    pub(crate) certs_base: BaseUrl,
    pub(crate) auth_base: BaseUrl,
    pub(crate) limiter: RateLimiter,
    pub(crate) secrets: Secrets,
    pub(crate) listener: Box<dyn Listener>,
}

impl Transport {
    /// The address of a request.
    pub(crate) fn url(&self, request: &Request) -> String {
        let base = match request.service {
            Service::Auth => &self.auth_base,
            Service::Certs => &self.certs_base,
        };
        base.join(&request.path, &request.query)
    }

    /// Tells of an event, which is made only if somebody listens and leaves without secrets.
    pub(crate) fn tell(&self, kind: EventKind, event: impl FnOnce() -> Event) {
        if !self.listener.hears(kind) {
            return;
        }
        let mut event = event();
        match &mut event {
            Event::Request(request) => self.secrets.redact(&mut request.url),
            Event::Response(info) => self.secrets.redact_info(info),
            Event::Retry(retry) => {
                self.secrets.redact(&mut retry.url);
                self.secrets.redact(&mut retry.reason);
            }
            Event::Store(store) => self.secrets.redact(&mut store.reason),
            Event::Throttled(_) | Event::Token(_) => {}
        }
        self.listener.tell(kind, event);
    }

    /// Tells of a store that failed where that ends no call.
    pub(crate) fn tell_of_store(&self, method: &'static str, reason: String) {
        self.tell(EventKind::Store, || Event::Store(StoreEvent { method, reason }));
    }
}
