//! What all clients of one account share: credentials and token, the rate limit, and who is told of their work.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::lock::Mutex;

use super::{
    events::Event,
    limiter::RateLimiter,
    options::{Connection, Settings},
    platform::Platform,
    secrets::Secrets,
    token::TokenState,
    tokens::{Flight, Renewal},
};

/// Shared by a client and all that `with_settings` made of it.
pub struct Account {
    pub(super) platform: Rc<dyn Platform>,
    pub(super) connection: Connection,
    /// Those of the first client, for fetching tokens. A flight serves several calls: the total time of none ends it.
    pub(super) settings: Settings,
    pub(super) limiter: RateLimiter,
    pub(super) secrets: Secrets,
    pub(super) tokens: RefCell<TokenState>,
    pub(super) flight: RefCell<Option<(Renewal, Flight)>>,
    pub(super) closed: Cell<bool>,
    /// Held while an order is looked for and created.
    pub(super) creating: Mutex<()>,
    listener: Box<dyn Fn(Event)>,
}

impl Account {
    pub(super) fn new(
        platform: Rc<dyn Platform>,
        connection: Connection,
        settings: &Settings,
        limiter: RateLimiter,
        listener: Box<dyn Fn(Event)>,
    ) -> Self {
        Self {
            platform,
            connection,
            settings: Settings {
                total_timeout: None,
                ..settings.clone()
            },
            limiter,
            secrets: Secrets::default(),
            tokens: RefCell::default(),
            flight: RefCell::default(),
            closed: Cell::default(),
            creating: Mutex::default(),
            listener,
        }
    }

    pub(super) fn tell(&self, event: Event) {
        (self.listener)(event);
    }
}
