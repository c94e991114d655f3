//! Fetching and renewing tokens: single flight for all who wait (guide 5.2).

use core::time::Duration;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::FutureExt;

use api::{Arguments, Body, Endpoint, facts, facts::TokenFacts, json, reply::BodyKind};
use finding::FindingCode;

use super::{
    account::{Account, Flight, TokenRenewal},
    life::Need,
};
use crate::{
    auth::{Auth, Secret},
    error::{Error, ErrorCode, ErrorKind},
    events::{Event, EventKind, TokenChange, TokenEvent},
    exchange::{Access, Credentials, Exchange, TokenSource, beginning},
    limiter::Priority,
    options::CallOptions,
    platform::{KeptToken, LocalFuture, whole_millis},
    store::{StoreError, in_time},
};

/// When the present token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct TokenInfo {
    /// When it ends, by the wall clock, in milliseconds since 1970.
    #[cfg_attr(feature = "types", serde(rename = "expiresAt"))]
    pub expires_at: u64,
    /// What is left of it, in milliseconds.
    #[cfg_attr(feature = "types", serde(rename = "remainingMs"), tsify(type = "number"))]
    pub remaining: Duration,
}

impl TokenSource for Rc<Account> {
    fn credentials(&self) -> LocalFuture<Result<Option<Credentials>, Error>> {
        let account = Self::clone(self);
        Box::pin(async move { account.ready_credentials().await })
    }

    fn current(&self) -> Option<Credentials> {
        let current = self.tokens.borrow().credentials();
        current.filter(|_| self.token_need() != Need::RenewFirst)
    }

    fn reject(&self, credentials: &Credentials) -> bool {
        let was_current = self.tokens.borrow_mut().reject(credentials.generation);
        if was_current {
            self.memory.keep_token(None);
            let kind = TokenChange::Expired;
            self.transport
                .tell(EventKind::Token, || Event::Token(TokenEvent { kind }));
        }
        match &self.auth {
            Auth::Password { .. } => true,
            Auth::Token { token, .. } => token.can_change() || self.tokens.borrow().credentials().is_some(),
            Auth::Proxy => false,
        }
    }
}

impl Account {
    /// What a call has to send, fetched or renewed if that is needed; nothing when a proxy adds it.
    pub(crate) async fn ready_credentials(self: &Rc<Self>) -> Result<Option<Credentials>, Error> {
        if matches!(self.auth, Auth::Proxy) {
            return Ok(None);
        }
        match self.token_need() {
            Need::Nothing => {}
            Need::RenewInBackground => drop(self.flight(TokenRenewal::Any)),
            Need::RenewFirst => {
                let renewed = self.flight(TokenRenewal::Any).await;
                // The token held is as good as ever in its last seconds.
                if self.token_need() == Need::RenewFirst {
                    renewed?;
                }
            }
        }
        match self.tokens.borrow().credentials() {
            None => Err(Error::token_cleared()),
            held => Ok(held),
        }
    }

    /// Fetches a token, and shares the flight with everyone who asks for the same meanwhile.
    pub(crate) async fn renew(self: &Rc<Self>, renewal: TokenRenewal) -> Result<TokenInfo, Error> {
        if matches!(self.auth, Auth::Proxy) {
            return Err(Error::no_token());
        }
        self.flight(renewal).await?;
        self.token_info().ok_or_else(Error::token_cleared)
    }

    /// How much is left of the token, if there is one.
    pub(crate) fn token_info(&self) -> Option<TokenInfo> {
        let remaining = self.tokens.borrow().left(self.platform.now())?;
        Some(TokenInfo {
            expires_at: self.platform.wall_clock().saturating_add(whole_millis(remaining)),
            remaining,
        })
    }

    /// Forgets the token, here and in the store, and that a password was refused.
    pub(crate) fn clear_token(self: &Rc<Self>) {
        self.forget_token();
        if let Auth::Password { store: Some(store), .. } = &self.auth {
            self.platform.spawn(store.set(None).map(drop).boxed_local());
        }
    }

    fn token_need(&self) -> Need {
        self.tokens.borrow().need(self.platform.now())
    }

    fn flight(self: &Rc<Self>, renewal: TokenRenewal) -> Flight {
        let under_way = self.flight.borrow().clone();
        if let Some((kind, flight)) = under_way
            && (renewal == TokenRenewal::Any || renewal == kind)
        {
            return flight;
        }
        let (landed, landing) = oneshot::channel();
        let flight = async move { landing.await.unwrap_or_else(|_| Err(Error::interrupted())) }
            .boxed_local()
            .shared();
        self.flight.borrow_mut().replace((renewal, flight.clone()));
        let (account, own) = (Rc::clone(self), flight.clone());
        self.platform.spawn(
            async move {
                let result = account.fetch_token(renewal).await;
                if result.is_err() {
                    account.tokens.borrow_mut().renewal_failed(account.platform.now());
                }
                // One of another kind may have taken its place.
                account.flight.borrow_mut().take_if(|(_, flight)| flight.ptr_eq(&own));
                // Nobody waits for a renewal in the background.
                let _ = landed.send(result);
            }
            .boxed_local(),
        );
        flight
    }

    async fn fetch_token(self: &Rc<Self>, renewal: TokenRenewal) -> Result<(), Error> {
        if renewal == TokenRenewal::Any && self.take_stored_token().await? {
            return Ok(());
        }
        let held = self.tokens.borrow().credentials();
        match (&self.auth, held) {
            (Auth::Proxy, _) => Ok(()),
            (_, Some(held)) if renewal != TokenRenewal::Authenticate => match self.refresh(&held).await {
                Err(error) => self.after_failed_refresh(error, renewal).await,
                refreshed => refreshed,
            },
            (Auth::Password { .. }, _) => self.authenticate(renewal).await,
            (Auth::Token { api_key, token }, _) if renewal != TokenRenewal::Authenticate => {
                self.take_callers_token(api_key, token).await?;
                if renewal == TokenRenewal::Refresh {
                    self.refresh_held().await
                } else {
                    Ok(())
                }
            }
            (Auth::Token { .. }, _) => Err(Error::refused(
                FindingCode::NoPassword,
                "auth",
                "This client was given a token, and has no user name and password to authenticate with.",
            )),
        }
    }

    /// However the refresh failed, a password gets another token. A token that was given is replaced when it was refused.
    async fn after_failed_refresh(self: &Rc<Self>, failed: Error, renewal: TokenRenewal) -> Result<(), Error> {
        match &self.auth {
            Auth::Password { .. } => self.authenticate(renewal).await,
            _ if renewal == TokenRenewal::Refresh || !is_refusal(&failed) => Err(failed),
            Auth::Token { api_key, token } if token.can_change() => self.take_callers_token(api_key, token).await,
            _ => Err(expired(failed)),
        }
    }

    async fn take_callers_token(&self, api_key: &Secret, token: &Secret) -> Result<(), Error> {
        let key = self.remember(api_key.reveal_for_header("apiKey").await?);
        let token = token.reveal_for_header("token").await?;
        self.take_given_token(&key, token);
        Ok(())
    }

    async fn refresh_held(self: &Rc<Self>) -> Result<(), Error> {
        let held = self.tokens.borrow().credentials();
        match held {
            Some(held) => self.refresh(&held).await,
            None => Ok(()),
        }
    }

    async fn refresh(self: &Rc<Self>, held: &Credentials) -> Result<(), Error> {
        let access = Access::Given(held.clone());
        let (token, lifetime) = self.fetch("tokens.refresh", None, access).await?;
        self.take_new_token(&held.api_key, token, lifetime, TokenChange::Refreshed)
            .await;
        Ok(())
    }

    /// Fetches a token with user name and password: for a call's sake only if they were not refused a moment ago.
    async fn authenticate(self: &Rc<Self>, renewal: TokenRenewal) -> Result<(), Error> {
        let Auth::Password {
            api_key,
            username,
            password,
            ..
        } = &self.auth
        else {
            return Ok(());
        };
        let key = self.remember(api_key.reveal_for_header("apiKey").await?);
        let password = self.remember(password.reveal("password").await?);
        let (name, word) = (username.as_str().into(), password.as_str().into());
        let body = json::write(&json::object([("username", name), ("password", word)]).into());
        let secrets = (key.clone(), password);
        if renewal != TokenRenewal::Authenticate {
            self.lockout.borrow().check(&secrets, self.platform.now())?;
        }
        let access = Access::ApiKey(key.clone());
        let fetched = self.fetch("tokens.authenticate", Some(body), access).await;
        self.lockout.borrow_mut().note(secrets, &fetched, self.platform.now());
        let (token, lifetime) = fetched?;
        self.take_new_token(&key, token, lifetime, TokenChange::Authenticated)
            .await;
        Ok(())
    }

    async fn fetch(
        self: &Rc<Self>,
        operation: &str,
        body: Option<String>,
        access: Access<'_>,
    ) -> Result<(String, Duration), Error> {
        let Some(endpoint) = Endpoint::of(operation) else {
            return Err(Error::interrupted());
        };
        let request = endpoint.request(Arguments {
            body,
            ..Arguments::default()
        })?;
        // With a password in hand, a refresh that fails is not worth a second try.
        let has_another_way = matches!((&self.auth, &access), (Auth::Password { .. }, Access::Given(_)));
        let options = CallOptions {
            priority: Some(Priority::High),
            max_retries: has_another_way.then_some(0),
            ..CallOptions::default()
        };
        let platform = Rc::clone(&self.platform);
        let exchange = Exchange::new(
            &self.transport,
            platform,
            &self.settings,
            options,
            &request,
            access,
            Rc::default(),
        );
        let reply = exchange.run().await.map_err(withheld)?;
        let token = match reply.body.kind() {
            BodyKind::Text => TokenFacts::of_text(&reply.body.text()),
            _ => reply.body.token(),
        };
        token
            .token()
            .ok_or_else(|| self.no_token_in(reply.info.status, &*reply.body))
    }

    /// A reply without a token, of which only a sentence about what is wrong is shown: it may hold a token where nobody looks.
    fn no_token_in(&self, status: u16, body: &dyn Body) -> Error {
        let is_page = body.text().trim_start().starts_with('<');
        let mut said = body
            .error()
            .problems()
            .into_iter()
            .filter_map(|problem| problem.message);
        let said = said.find(|words| is_sentence(words)).unwrap_or_default();
        let body_text = self.transport.secrets.beginning_of(&said);
        let mut told = beginning(&body_text);
        let begins = if is_page {
            "with a page in place of a token: check `authBaseUrl`, and whether something between asks to log in."
        } else if told.is_empty() {
            told = [in_place_of_token(body), "."].concat();
            "but expected a JWT in the field `token`, found "
        } else {
            "without a token, and says: "
        };
        Error::new(
            ErrorCode::Unreadable,
            format!("The authentication service answered {status}, {begins}{told}"),
            ErrorKind::Decode {
                status,
                body_text,
                path: (!is_page).then(|| "$.token".into()),
                may_have_been_applied: false,
            },
        )
    }

    async fn take_new_token(&self, key: &str, token: String, lifetime: Duration, kind: TokenChange) {
        self.take(key, token.clone(), lifetime);
        self.transport
            .tell(EventKind::Token, || Event::Token(TokenEvent { kind }));
        if let Auth::Password { store: Some(store), .. } = &self.auth {
            // The token is in hand: a store that does not keep it costs the next process a login, not this call.
            let kept = in_time(&self.platform, store.set(Some(token))).await;
            if let Err(StoreError(reason)) = kept {
                self.transport.tell_of_store("set", reason);
            }
        }
    }

    /// Takes a token, received now, to be used from now on.
    fn take(&self, key: &str, token: String, lifetime: Duration) {
        self.transport.secrets.remember_token(&token);
        let kept = KeptToken {
            api_key: key.to_owned(),
            token,
            received: self.platform.now(),
            lifetime,
        };
        // A token that arrives after `close()` serves the calls under way, and is not kept.
        if !self.closed.get() {
            self.memory.keep_token(Some(&kept));
        }
        self.tokens.borrow_mut().receive(kept);
    }

    /// Takes the token that another process kept, unless it is one that this account had: that one is used up.
    async fn take_stored_token(self: &Rc<Self>) -> Result<bool, Error> {
        let Auth::Password {
            store: Some(store),
            api_key,
            ..
        } = &self.auth
        else {
            return Ok(false);
        };
        let kept = in_time(&self.platform, store.get()).await;
        let Some(token) = kept.map_err(store_failed)? else {
            return Ok(false);
        };
        if !facts::is_sendable(&token) || self.transport.secrets.knows(&token) {
            return Ok(false);
        }
        let key = self.remember(api_key.reveal_for_header("apiKey").await?);
        let ended = facts::jwt_expiry(&token).is_some_and(|expiry| expiry <= self.service_time());
        if ended {
            self.transport.secrets.remember_token(&token);
        } else {
            self.take_given_token(&key, token);
        }
        Ok(!ended)
    }

    /// Takes a token whose receipt nobody here saw: what is left of it is the smaller of what its claims and what
    /// the service's time say. A wrong wall clock costs one renewal.
    fn take_given_token(&self, key: &str, token: String) {
        let whole = facts::jwt_lifetime(&token).unwrap_or(facts::DEFAULT_LIFETIME);
        let left = facts::jwt_expiry(&token)
            .map(|expiry| Duration::from_millis(expiry.saturating_sub(self.service_time())))
            .filter(|left| !left.is_zero());
        self.take(key, token, left.map_or(whole, |left| left.min(whole)));
    }

    fn service_time(&self) -> u64 {
        self.transport.service_time(&*self.platform)
    }

    /// The API key; empty where a proxy adds it.
    ///
    /// # Errors
    /// Those of a function that gives it.
    pub(crate) async fn api_key(&self) -> Result<String, Error> {
        let held = self.tokens.borrow().credentials();
        match (&self.auth, held) {
            (Auth::Proxy, _) => Ok(String::new()),
            (_, Some(held)) => Ok(held.api_key),
            (Auth::Password { api_key, .. } | Auth::Token { api_key, .. }, None) => {
                Ok(self.remember(api_key.reveal_for_header("apiKey").await?))
            }
        }
    }

    fn remember(&self, secret: String) -> String {
        self.transport.secrets.remember(&secret);
        secret
    }
}

/// The store's own words are kept. They may hold a secret, which is known: it is masked when they leave.
fn store_failed(StoreError(cause): StoreError) -> Error {
    let message = "The token store failed at `get`: fix it, or leave `tokenStore` out.";
    Error::caused(ErrorCode::TokenStoreFailed, message, cause)
}

fn is_refusal(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| (400..500).contains(&status) && status != 408 && status != 429)
}

/// The same refusal, as what it means to a client that cannot authenticate by itself.
fn expired(mut refused: Error) -> Error {
    refused.code = ErrorCode::TokenExpired;
    refused.message =
        "The token has expired and could not be refreshed, and there is no password to get another: give the \
                       client a new token."
            .into();
    refused
}

/// What is where a token should be.
fn in_place_of_token(body: &dyn Body) -> &'static str {
    match (body.kind(), body.field("token").map(|token| token.kind())) {
        (_, Some(BodyKind::String)) | (BodyKind::String, _) => "a string that no header can hold",
        (BodyKind::Object, None) => "none",
        (kind, None) | (_, Some(kind)) => kind.in_words(),
    }
}

/// Words, none of which is as long as a token.
fn is_sentence(text: &str) -> bool {
    text.contains(' ') && text.split(' ').all(|word| word.len() < 32)
}

/// The same failure to read a reply without any of the reply, which may contain a token.
fn withheld(mut error: Error) -> Error {
    if let ErrorKind::Decode { body_text, .. } = &mut error.kind {
        body_text.clear();
    }
    error
}
