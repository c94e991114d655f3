//! The client: it makes calls, and nothing leaves it but through [`Client::call`].

use std::rc::Rc;

use futures_util::future::{Either, select};

use super::{
    account::Account,
    error::{Error, Kind, Phase},
    events::{Event, ResponseInfo},
    exchange::{Access, Answer, Exchange, http_request},
    limiter::RateLimiter,
    options::{Auth, CallOptions, Connection, Settings},
    platform::{HttpRequest, Platform},
    refusal::beginning_of,
    secrets::MASK,
    tokens::{Renewal, TokenInfo},
};
use crate::api::call::{Call, Method, Refused, Reply as _, Request, Unreadable};

/// A value, and how it was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply<T> {
    /// What the service said.
    pub value: T,
    /// How.
    pub info: ResponseInfo,
}

/// Makes calls. Its clones share everything.
#[derive(Clone)]
pub struct Client {
    pub(super) account: Rc<Account>,
    pub(super) platform: Rc<dyn Platform>,
    settings: Rc<Settings>,
}

impl Client {
    /// A client with a token and a listener of its own; the limiter may be shared with others of the same key.
    #[must_use]
    pub fn new(
        platform: Rc<dyn Platform>,
        connection: Connection,
        settings: Settings,
        limiter: RateLimiter,
        listener: Box<dyn Fn(Event)>,
    ) -> Self {
        let account = Rc::new(Account::new(
            Rc::clone(&platform),
            connection,
            &settings,
            limiter,
            listener,
        ));
        Self {
            account,
            platform,
            settings: Rc::new(settings),
        }
    }

    /// A client with other settings, perhaps on another platform, that shares token, limit and listener.
    #[must_use]
    pub fn with_settings(&self, settings: Settings, platform: Option<Rc<dyn Platform>>) -> Self {
        let platform = platform.unwrap_or_else(|| Rc::clone(&self.platform));
        Self {
            account: Rc::clone(&self.account),
            platform,
            settings: Rc::new(settings),
        }
    }

    /// What this client was told.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Makes a call.
    ///
    /// # Errors
    /// [`Error`], with every secret blotted out.
    pub async fn call<C: Call>(&self, call: &C, options: CallOptions) -> Result<Reply<C::Reply>, Error> {
        let answer = self.send(call.request(), options).await?;
        self.decode(answer, C::Reply::read)
    }

    /// Sends the request of a call and gives its answer, not yet decoded.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn send(&self, request: Result<Request, Refused>, options: CallOptions) -> Result<Answer, Error> {
        let request = self.checked(request)?;
        let platform = Rc::clone(&self.platform);
        let exchange = Exchange::new(
            &self.account,
            platform,
            &self.settings,
            options,
            &request,
            Access::Account,
        );
        exchange
            .run()
            .await
            .map_err(|error| error.without(&self.account.secrets))
    }

    /// Decodes an answer.
    ///
    /// # Errors
    /// A `Decode` error when it is not what the call replies with.
    pub fn decode<T>(
        &self,
        answer: Answer,
        read: impl FnOnce(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<Reply<T>, Error> {
        let Answer { info, body } = answer;
        match read(&body) {
            Ok(value) => Ok(Reply { value, info }),
            Err(unreadable) => Err(self.unreadable(&info, &body, unreadable)),
        }
    }

    fn unreadable(&self, info: &ResponseInfo, body: &[u8], unreadable: Unreadable) -> Error {
        let error = Error {
            code: "unreadable",
            message: format!(
                "{} {} succeeded with status {}, but its body could not be read: {}.",
                info.method, info.url, info.status, unreadable.message
            ),
            kind: Kind::Decode {
                status: info.status,
                body_text: beginning_of(body, &self.account.secrets),
                path: unreadable.path,
            },
        };
        error.without(&self.account.secrets)
    }

    /// The request that a call would send, its secrets masked. Nothing leaves.
    ///
    /// # Errors
    /// As [`Self::call`], as far as that is known without sending.
    pub fn prepare(&self, request: Result<Request, Refused>) -> Result<HttpRequest, Error> {
        let request = self.checked(request)?;
        let url = self.account.connection.certs_base.join(&request.path, &request.query);
        let mask = (!matches!(self.account.connection.auth, Auth::Proxy)).then_some(MASK);
        Ok(http_request(&request, url, mask, mask))
    }

    fn checked(&self, request: Result<Request, Refused>) -> Result<Request, Error> {
        self.open()?;
        let request = request.map_err(|refused| Error::from(refused).without(&self.account.secrets))?;
        if self.settings.read_only && request.method != Method::Get {
            let message = format!(
                "This client is read-only and does not send {} {}.",
                request.method.as_str(),
                request.path
            );
            return Err(Error::refused("read_only", "readOnly", message));
        }
        Ok(request)
    }

    fn open(&self) -> Result<(), Error> {
        if self.account.closed.get() {
            return Err(Error::other("closed", "This client was closed: make a new one."));
        }
        Ok(())
    }

    /// Fetches a token with user name and password.
    ///
    /// # Errors
    /// As [`Self::call`]; `no_password` when there is none.
    pub async fn authenticate(&self) -> Result<TokenInfo, Error> {
        self.renew(Renewal::Authenticate).await
    }

    /// Fetches a token for the one held.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn refresh(&self) -> Result<TokenInfo, Error> {
        self.renew(Renewal::Refresh).await
    }

    async fn renew(&self, renewal: Renewal) -> Result<TokenInfo, Error> {
        self.open()?;
        self.account
            .renew(renewal)
            .await
            .map_err(|error| error.without(&self.account.secrets))
    }

    /// The token, fetched or renewed if that is needed.
    ///
    /// # Errors
    /// As [`Self::call`]; `no_token` when a proxy has it.
    pub async fn token(&self) -> Result<String, Error> {
        self.open()?;
        let credentials = self
            .account
            .credentials()
            .await
            .map_err(|error| error.without(&self.account.secrets))?;
        credentials
            .map(|credentials| credentials.token)
            .ok_or_else(Error::no_token)
    }

    /// Bounds how long a caller waits for a token, by its total timeout. The fetch itself goes on for the others who
    /// wait for it, with the time limits of the client that began it.
    ///
    /// # Errors
    /// Those of the waiting, and a timeout in the phase `token`.
    pub async fn in_time<T>(
        &self,
        options: CallOptions,
        waiting: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(total) = options.total_timeout.or(self.settings.total_timeout) else {
            return waiting.await;
        };
        match select(core::pin::pin!(waiting), self.platform.sleep(total)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(Error::timeout(
                "Fetching the token",
                total.as_millis(),
                Phase::Token,
                false,
            )),
        }
    }

    /// How much is left of the token, if there is one.
    #[must_use]
    pub fn token_info(&self) -> Option<TokenInfo> {
        self.account.token_info()
    }

    /// Forgets the token, here and in the store.
    pub fn clear_token(&self) {
        self.account.clear_token();
    }

    /// The limiter, to look at and to pause.
    #[must_use]
    pub fn limiter(&self) -> &RateLimiter {
        &self.account.limiter
    }

    /// Refuses every further call; those under way go on.
    pub fn close(&self) {
        self.account.closed.set(true);
        self.account.tokens.borrow_mut().clear();
    }
}
