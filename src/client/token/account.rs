//! What all clients of one account share: the transport, the credentials and the token.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::Shared;

use super::{life::TokenState, lockout::Lockout};
use crate::{
    auth::{Auth, ServiceAccess},
    error::{Error, TimeoutPhase},
    events::Listener,
    exchange::{ServiceClock, Transport},
    limiter::RateLimiter,
    options::Settings,
    platform::{LocalFuture, Memory, Platform},
    redaction::Secrets,
};

/// How a flight gets its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRenewal {
    /// As the client sees fit.
    Any,
    /// With user name and password.
    Authenticate,
    /// With the token held.
    Refresh,
}

/// A renewal under way. It runs by itself: who waits for it may give up without ending it for the others.
pub(super) type Flight = Shared<LocalFuture<Result<(), Error>>>;

/// Shared by a client and all that `with_settings` made of it.
pub(crate) struct Account {
    pub(crate) transport: Transport,
    pub(crate) auth: Auth,
    pub(crate) platform: Rc<dyn Platform>,
    /// Those of the first client, for fetching tokens. A flight serves several calls: the total time of none ends it.
    pub(super) settings: Settings,
    pub(super) tokens: RefCell<TokenState>,
    pub(super) lockout: RefCell<Lockout>,
    pub(super) flight: RefCell<Option<(TokenRenewal, Flight)>>,
    pub(super) memory: Rc<dyn Memory>,
    pub(crate) closed: Cell<bool>,
    /// How many calls that change something were made: a list that is read meanwhile moves.
    pub(crate) writes: Cell<u64>,
}

impl Account {
    pub(crate) fn new(
        platform: Rc<dyn Platform>,
        access: ServiceAccess,
        settings: &Settings,
        limiter: RateLimiter,
        listener: Box<dyn Listener>,
        memory: Rc<dyn Memory>,
    ) -> Self {
        let ServiceAccess {
            auth,
            certs_base,
            auth_base,
        } = access;
        let secrets = Secrets::default();
        for secret in auth.known_secrets() {
            secrets.remember(secret);
        }
        let mut tokens = TokenState::default();
        if let Some(kept) = memory.token() {
            secrets.remember(&kept.api_key);
            secrets.remember_token(&kept.token);
            tokens.receive(kept);
        }
        Self {
            transport: Transport {
                certs_base,
                auth_base,
                limiter,
                secrets,
                listener,
                clock: ServiceClock::default(),
            },
            auth,
            platform,
            settings: Settings {
                total_timeout: None,
                ..settings.clone()
            },
            tokens: RefCell::new(tokens),
            lockout: RefCell::default(),
            flight: RefCell::default(),
            memory,
            closed: Cell::default(),
            writes: Cell::default(),
        }
    }

    /// What the calls of this account wait for at present, as far as it shows from the outside.
    pub(crate) fn phase(&self) -> TimeoutPhase {
        if self.flight.borrow().is_some() {
            TimeoutPhase::Token
        } else if self.transport.limiter.state().queued > 0 {
            TimeoutPhase::Queue
        } else {
            TimeoutPhase::Response
        }
    }

    /// Refuses every further call and forgets the token.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.transport.limiter.retire();
        self.forget_token();
    }

    pub(super) fn forget_token(&self) {
        self.tokens.borrow_mut().clear();
        self.lockout.borrow_mut().clear();
        self.memory.keep_token(None);
    }
}
