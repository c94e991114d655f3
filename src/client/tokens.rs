//! Getting and renewing tokens: one flight for all who wait (guide 5.2).

use core::time::Duration;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::{FutureExt, future::Shared};

use super::{
    account::Account,
    error::{Error, Kind},
    events::{Event, TokenEvent},
    exchange::{Access, Exchange},
    limiter::Priority,
    options::{Auth, CallOptions},
    platform::LocalFuture,
    secrets::Secret,
    token::{Credentials, Need},
};
use crate::api::{
    auth::{self, Authenticate, NewToken, Refresh},
    call::{Call, Reply},
};

/// How a flight gets its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewal {
    /// As the client sees fit.
    Any,
    /// With user name and password.
    Authenticate,
    /// With the token held.
    Refresh,
}

/// A renewal under way. It runs by itself: who waits for it may give up without ending it for the others.
pub(super) type Flight = Shared<LocalFuture<Result<(), Error>>>;

/// How much is left of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// When it ends, by the wall clock, in milliseconds since 1970.
    pub expires_at: u64,
    /// What is left of it.
    pub remaining: Duration,
}

impl Account {
    /// What a call has to send, fetched or renewed if that is needed; nothing when a proxy adds it.
    pub(super) async fn credentials(self: &Rc<Self>) -> Result<Option<Credentials>, Error> {
        if matches!(self.connection.auth, Auth::Proxy) {
            return Ok(None);
        }
        match self.token_need() {
            Need::Nothing => {}
            Need::RenewInBackground => drop(self.flight(Renewal::Any)),
            Need::RenewFirst => self.flight(Renewal::Any).await?,
        }
        Ok(self.tokens.borrow().credentials())
    }

    /// What can be sent right now: a long queue may outlive a token.
    pub(super) fn good_credentials(&self) -> Option<Credentials> {
        let current = self.tokens.borrow().credentials();
        current.filter(|_| self.token_need() != Need::RenewFirst)
    }

    /// Forgets a token that the service refused, if it still is the current one. Says whether another can be had.
    pub(super) fn reject_token(&self, credentials: &Credentials) -> bool {
        let was_current = self.tokens.borrow_mut().reject(credentials.generation);
        if was_current {
            self.tell(Event::Token {
                kind: TokenEvent::Expired,
            });
        }
        match &self.connection.auth {
            Auth::Password { .. } => true,
            Auth::Token { token, .. } => token.can_change() || self.tokens.borrow().credentials().is_some(),
            Auth::Proxy => false,
        }
    }

    /// Fetches a token as told, and shares the flight with everyone who asks for the same meanwhile.
    pub(super) async fn renew(self: &Rc<Self>, renewal: Renewal) -> Result<TokenInfo, Error> {
        if matches!(self.connection.auth, Auth::Proxy) {
            return Err(Error::no_token());
        }
        self.flight(renewal).await?;
        self.token_info()
            .ok_or_else(|| Error::other("no_token", "The token was cleared while it was fetched."))
    }

    /// How much is left of the token, if there is one.
    pub(super) fn token_info(&self) -> Option<TokenInfo> {
        let remaining = self.tokens.borrow().left(self.platform.now())?;
        let millis = u64::try_from(remaining.as_millis()).unwrap_or(u64::MAX);
        Some(TokenInfo {
            expires_at: self.platform.wall_clock().saturating_add(millis),
            remaining,
        })
    }

    /// Forgets the token, here and in the store.
    pub(super) fn clear_token(self: &Rc<Self>) {
        self.tokens.borrow_mut().clear();
        if let Auth::Password { store: Some(store), .. } = &self.connection.auth {
            self.platform.spawn(store.set(None).map(drop).boxed_local());
        }
    }

    fn token_need(&self) -> Need {
        self.tokens.borrow().need(self.platform.now())
    }

    fn flight(self: &Rc<Self>, renewal: Renewal) -> Flight {
        let under_way = self.flight.borrow().clone();
        if let Some((kind, flight)) = under_way
            && (renewal == Renewal::Any || renewal == kind)
        {
            return flight;
        }
        let (landed, landing) = oneshot::channel();
        let flight = async move { landing.await.unwrap_or_else(|_| Err(interrupted())) }
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

    async fn fetch_token(self: &Rc<Self>, renewal: Renewal) -> Result<(), Error> {
        if renewal == Renewal::Any && self.take_stored_token().await? {
            return Ok(());
        }
        let held = self.tokens.borrow().credentials();
        match (&self.connection.auth, held) {
            (Auth::Proxy, _) => Ok(()),
            (_, Some(held)) if renewal != Renewal::Authenticate => {
                let refreshed = self.refresh(&held).await;
                match refreshed {
                    Err(error) if renewal == Renewal::Any && is_refusal(&error) => {
                        self.after_refused_refresh(error).await
                    }
                    other => other,
                }
            }
            (Auth::Password { .. }, _) => self.authenticate().await,
            (Auth::Token { api_key, token }, _) if renewal != Renewal::Authenticate => {
                self.take_callers_token(api_key, token).await?;
                if renewal == Renewal::Refresh {
                    self.refresh_held().await
                } else {
                    Ok(())
                }
            }
            (Auth::Token { .. }, _) => Err(Error::refused(
                "no_password",
                "auth",
                "This client was given a token, and has no user name and password to authenticate with.",
            )),
        }
    }

    async fn after_refused_refresh(self: &Rc<Self>, refused: Error) -> Result<(), Error> {
        match &self.connection.auth {
            Auth::Password { .. } => self.authenticate().await,
            Auth::Token { api_key, token } if token.can_change() => self.take_callers_token(api_key, token).await,
            _ => Err(expired(refused)),
        }
    }

    async fn take_callers_token(&self, api_key: &Secret, token: &Secret) -> Result<(), Error> {
        let key = self.remember(api_key.reveal_for_header("apiKey").await?);
        let token = token.reveal_for_header("token").await?;
        self.take_given_token(key, token);
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
        let access = Access::Credentials(held.clone());
        let token = self.fetch(&Refresh, access).await?;
        self.take_new_token(held.api_key.clone(), token, TokenEvent::Refreshed)
            .await
    }

    async fn authenticate(self: &Rc<Self>) -> Result<(), Error> {
        let Auth::Password {
            api_key,
            username,
            password,
            ..
        } = &self.connection.auth
        else {
            return Ok(());
        };
        let key = self.remember(api_key.reveal_for_header("apiKey").await?);
        let password = self.remember(password.reveal("password").await?);
        let call = Authenticate {
            username: username.clone(),
            password,
        };
        let token = self.fetch(&call, Access::ApiKey(key.clone())).await?;
        self.take_new_token(key, token, TokenEvent::Authenticated).await
    }

    async fn fetch<C: Call<Reply = NewToken>>(self: &Rc<Self>, call: &C, access: Access) -> Result<NewToken, Error> {
        let request = call.request()?;
        let options = CallOptions {
            priority: Some(Priority::High),
            ..CallOptions::default()
        };
        let exchange = Exchange::new(
            self,
            Rc::clone(&self.platform),
            &self.settings,
            options,
            &request,
            access,
        );
        let answer = exchange.run().await?;
        let status = answer.info.status;
        NewToken::read(&answer.body).map_err(|unreadable| Error {
            code: "unreadable",
            message: format!(
                "The authentication service answered {status}, but {}.",
                unreadable.message
            ),
            // The body is withheld: it may hold a token.
            kind: Kind::Decode {
                status,
                body_text: String::new(),
                path: unreadable.path,
            },
        })
    }

    async fn take_new_token(&self, key: String, token: NewToken, kind: TokenEvent) -> Result<(), Error> {
        self.secrets.remember_token(&token.token);
        self.tokens
            .borrow_mut()
            .receive(key, token.token.clone(), token.lifetime, self.platform.now());
        self.tell(Event::Token { kind });
        if let Auth::Password { store: Some(store), .. } = &self.connection.auth {
            store.set(Some(token.token)).await.map_err(|_| store_failed("set"))?;
        }
        Ok(())
    }

    /// Takes the token that another process kept, unless it is one that this account had: that one is used up.
    async fn take_stored_token(self: &Rc<Self>) -> Result<bool, Error> {
        let Auth::Password {
            store: Some(store),
            api_key,
            ..
        } = &self.connection.auth
        else {
            return Ok(false);
        };
        let Some(token) = store.get().await.map_err(|_| store_failed("get"))? else {
            return Ok(false);
        };
        if !auth::is_sendable(&token) || self.secrets.knows(&token) {
            return Ok(false);
        }
        let key = self.remember(api_key.reveal_for_header("apiKey").await?);
        let ended = auth::jwt_expiry(&token).is_some_and(|expiry| expiry <= self.platform.wall_clock());
        if ended {
            self.secrets.remember_token(&token);
        } else {
            self.take_given_token(key, token);
        }
        Ok(!ended)
    }

    /// Takes a token whose receipt nobody here saw: what is left of it is the smaller of what its claims and what
    /// the wall clock say. A wrong wall clock costs one renewal.
    fn take_given_token(&self, key: String, token: String) {
        self.secrets.remember_token(&token);
        let whole = auth::jwt_lifetime(&token).unwrap_or(auth::DEFAULT_LIFETIME);
        let left = auth::jwt_expiry(&token)
            .map(|expiry| Duration::from_millis(expiry.saturating_sub(self.platform.wall_clock())))
            .filter(|left| !left.is_zero());
        let lifetime = left.map_or(whole, |left| left.min(whole));
        self.tokens
            .borrow_mut()
            .receive(key, token, lifetime, self.platform.now());
    }

    fn remember(&self, secret: String) -> String {
        self.secrets.remember(&secret);
        secret
    }
}

fn is_refusal(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| (400..500).contains(&status) && status != 408 && status != 429)
}

/// The same refusal, as what it means to a client that can not authenticate by itself.
fn expired(refused: Error) -> Error {
    Error {
        code: "token_expired",
        message: "The token has expired and could not be refreshed, and there is no password to get another: give the \
                  client a new token."
            .into(),
        ..refused
    }
}

fn store_failed(method: &str) -> Error {
    Error::other(
        "token_store_failed",
        format!("The token store failed at `{method}`: mend it, or leave `tokenStore` out."),
    )
}

fn interrupted() -> Error {
    Error::other("interrupted", "Fetching the token was interrupted: call again.")
}
