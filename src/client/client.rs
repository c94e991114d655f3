//! The client: it makes calls, and nothing leaves it but through [`Client::call`]. This is the edge at which errors are
//! redacted.

use std::rc::Rc;

use api::{Arguments, BodyRef, Endpoint, Form, Method, Request, digest::digest, reply::BodyKind};
use finding::FindingCode;
use futures_util::future::{Either, select};

use super::{
    auth::{Auth, ServiceAccess},
    error::{Error, ErrorCode, ErrorKind},
    events::{Listener, ResponseInfo},
    exchange::{Access, Exchange, Reply, Trace, http_request},
    limiter::RateLimiter,
    newest::Newest,
    options::{CallOptions, Settings},
    platform::{Boxed, HttpRequest, Memory, Platform},
    redaction::MASK,
    store::{MemoryStore, Store},
    token::{Account, TokenInfo, TokenRenewal},
    waiting::Looks,
};

/// Makes calls. Its clones share everything.
#[derive(Clone)]
pub struct Client {
    pub(crate) account: Rc<Account>,
    pub(crate) platform: Rc<dyn Platform>,
    pub(crate) store: Rc<dyn Store>,
    scope: Rc<str>,
    settings: Rc<Settings>,
    /// Where its waits share their looks.
    pub(crate) looks: Rc<Looks>,
    /// What its newest orders showed.
    pub(crate) newest: Rc<Newest>,
}

impl Client {
    /// A client with a token and a listener of its own; the limiter may be shared with others of the same key.
    #[must_use]
    pub fn new(
        platform: Rc<dyn Platform>,
        access: ServiceAccess,
        settings: Settings,
        limiter: RateLimiter,
        listener: Box<dyn Listener>,
        memory: Rc<dyn Memory>,
    ) -> Self {
        let store = Rc::new(MemoryStore::new(Rc::clone(&platform)));
        let account = Account::new(Rc::clone(&platform), access, &settings, limiter, listener, memory);
        Self {
            account: Rc::new(account),
            platform,
            store,
            scope: "".into(),
            settings: Rc::new(settings),
            looks: Rc::default(),
            newest: Rc::default(),
        }
    }

    /// The same client with a store that others share. `service` sets services apart that have the same address, such as
    /// several in memory.
    #[must_use]
    pub fn with_store(mut self, store: Rc<dyn Store>, service: &str) -> Self {
        let origin = self.account.transport.certs_base.origin();
        self.scope = format!("{origin} {service}").into();
        self.store = store;
        self
    }

    /// Where this account has its place in the store. All that have its API key share it, whoever they are.
    ///
    /// # Errors
    /// Those of a function that gives the key.
    pub(crate) async fn place_in_store(&self) -> Result<String, Error> {
        let key = self.account.api_key().await?;
        let digest = digest(&[&self.scope, key.as_str()]);
        Ok(format!("markmonitor-certs {} {digest}", self.scope))
    }

    /// A client with other settings, perhaps on another platform, that shares token, limit and listener.
    #[must_use]
    pub fn with_settings(&self, settings: Settings, platform: Option<Rc<dyn Platform>>) -> Self {
        let platform = platform.unwrap_or_else(|| Rc::clone(&self.platform));
        Self {
            account: Rc::clone(&self.account),
            platform,
            store: Rc::clone(&self.store),
            scope: Rc::clone(&self.scope),
            settings: Rc::new(settings),
            looks: Rc::default(),
            newest: Rc::clone(&self.newest),
        }
    }

    /// The client's settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Makes a call.
    ///
    /// # Errors
    /// [`Error`], every secret redacted.
    #[must_use]
    pub fn call(&self, request: Result<Request, Error>, options: CallOptions) -> Boxed<'_, Result<Reply, Error>> {
        self.call_traced(request, options, Rc::default())
    }

    /// The same, for a caller who has to know how far it was when it is given up.
    pub(crate) fn call_traced(
        &self,
        request: Result<Request, Error>,
        options: CallOptions,
        trace: Rc<Trace>,
    ) -> Boxed<'_, Result<Reply, Error>> {
        Box::pin(self.made(request, options, trace))
    }

    async fn made(
        &self,
        request: Result<Request, Error>,
        options: CallOptions,
        trace: Rc<Trace>,
    ) -> Result<Reply, Error> {
        let mut request = self.checked(request)?;
        if request.writes {
            if self.is_proxied() {
                request.once_id.get_or_insert_with(|| self.new_once_id());
            }
            self.account.writes.set(self.account.writes.get().wrapping_add(1));
        }
        let reply = self.sent(&request, options, trace).await?;
        if !request.writes || request.reply != Form::Object || reply.body.has_id() {
            return Ok(reply);
        }
        let last_of = |path: &str| path.trim_end_matches('/').rsplit('/').next().map(str::to_owned);
        let subject = match request.method {
            Method::Patch => request.path.split('/').nth(2).map(str::to_owned),
            // The guide's word for an id (7.1.1) may be the service's as well.
            Method::Post => reply
                .info
                .location()
                .and_then(last_of)
                .or_else(|| Some(reply.body.field("resourceId")?.text().trim_matches('"').to_owned())),
            Method::Get | Method::Put | Method::Delete => None,
        };
        // An address that leads to no resource says no more than none.
        let resource = request.operation.split('.').next().unwrap_or_default();
        let get = subject.as_deref().and_then(|id| {
            endpoint(&format!("{resource}.get"))
                .ok()?
                .request(Arguments::of_id(id))
                .ok()
        });
        match get {
            Some(get) => self.changed(&request, &get, options, reply.info).await,
            // An order that nobody can ask for costs all the same.
            None if !is_nothing(&reply.body) && request.operation != "orders.create" => Ok(reply),
            None => Err(not_fetched(
                &request,
                &reply.info,
                "The reply does not say where it is.",
            )),
        }
    }

    /// Whether a proxy adds what shows who sends it.
    pub(crate) fn is_proxied(&self) -> bool {
        matches!(self.account.auth, Auth::Proxy)
    }

    /// A name for a change that nobody has named: browsers send a request again when a connection ends without a reply, and
    /// the proxy has to know it again. It need not be secret.
    fn new_once_id(&self) -> String {
        let random = || {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is below 2^53, and not negative"
            )]
            let whole = (self.platform.random() * 9_007_199_254_740_992.0) as u64;
            whole
        };
        format!("{:016}{:016}", random(), random())
    }

    async fn sent(&self, request: &Request, options: CallOptions, trace: Rc<Trace>) -> Result<Reply, Error> {
        let exchange = Exchange::new(
            &self.account.transport,
            Rc::clone(&self.platform),
            &self.settings,
            options,
            request,
            Access::Token(&self.account),
            trace,
        );
        let mut reply = self.redacted(exchange.run().await)?;
        self.account.transport.secrets.redact_info(&mut reply.info);
        Ok(reply)
    }

    /// What a change made or changed, where the service says no more than that it was made.
    async fn changed(
        &self,
        change: &Request,
        get: &Request,
        options: CallOptions,
        info: ResponseInfo,
    ) -> Result<Reply, Error> {
        let fetched = self.sent(get, options, Rc::default()).await;
        fetched.map_err(|error| not_fetched(change, &info, &error.message))
    }

    /// The request that a call would send, its secrets masked. Nothing leaves.
    ///
    /// # Errors
    /// As [`Self::call`], as far as that is known without sending.
    pub fn prepare(&self, request: Result<Request, Error>) -> Result<HttpRequest, Error> {
        let request = self.checked(request)?;
        let url = self.account.transport.url(&request);
        let mask = (!matches!(self.account.auth, Auth::Proxy)).then_some(MASK);
        let mut prepared = http_request(&request, url, self.settings.max_reply_bytes, mask, mask);
        self.account.transport.secrets.redact_request(&mut prepared);
        Ok(prepared)
    }

    fn checked(&self, request: Result<Request, Error>) -> Result<Request, Error> {
        self.check_open()?;
        let request = self.redacted(request)?;
        if self.settings.read_only && request.method != Method::Get {
            let message = format!(
                "This client is read-only and does not send {} {}.",
                request.method.as_str(),
                request.path
            );
            return self.redacted(Err(Error::refused(FindingCode::ReadOnly, "readOnly", message)));
        }
        Ok(request)
    }

    fn check_open(&self) -> Result<(), Error> {
        if self.account.closed.get() {
            return Err(Error::closed());
        }
        Ok(())
    }

    /// What leaves the client, without any known secret in its error.
    pub(crate) fn redacted<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| self.account.transport.secrets.redact_error(error))
    }

    /// Fetches a token with user name and password.
    ///
    /// # Errors
    /// As [`Self::call`]; `no_password` when there is none.
    pub async fn authenticate(&self) -> Result<TokenInfo, Error> {
        self.renew(TokenRenewal::Authenticate).await
    }

    /// Fetches a token for the one held.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn refresh(&self) -> Result<TokenInfo, Error> {
        self.renew(TokenRenewal::Refresh).await
    }

    async fn renew(&self, renewal: TokenRenewal) -> Result<TokenInfo, Error> {
        self.check_open()?;
        self.redacted(self.account.renew(renewal).await)
    }

    /// The token, fetched or renewed if that is needed.
    ///
    /// # Errors
    /// As [`Self::call`]; `no_token` when a proxy has it.
    pub async fn token(&self) -> Result<String, Error> {
        self.check_open()?;
        let credentials = self.redacted(self.account.ready_credentials().await)?;
        credentials
            .map(|credentials| credentials.token)
            .ok_or_else(Error::no_token)
    }

    /// Bounds what takes several calls, or waits for a token, by the total timeout. A fetch of a token continues for the
    /// others who wait for it, with the time limits of the client that began it.
    ///
    /// # Errors
    /// Those of the work, and a timeout.
    pub async fn in_time<T>(
        &self,
        what: &str,
        options: CallOptions,
        work: Boxed<'_, Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(total) = options.total_timeout.or(self.settings.total_timeout) else {
            return work.await;
        };
        match select(work, self.platform.sleep(total)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(Error::timeout(what, total, self.account.phase(), false)),
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

    /// The service's time in milliseconds since 1970, as its replies show it; the local one before the first.
    pub(crate) fn service_time(&self) -> u64 {
        self.account.transport.service_time(&*self.platform)
    }

    /// The limiter, to look at and to pause.
    #[must_use]
    pub fn limiter(&self) -> &RateLimiter {
        &self.account.transport.limiter
    }

    /// Refuses every further call; those under way continue.
    pub fn close(&self) {
        self.account.close();
    }
}

/// A change that was made, and of which nothing can be shown.
fn not_fetched(change: &Request, info: &ResponseInfo, why: &str) -> Error {
    Error::new(
        ErrorCode::Unreadable,
        format!(
            "{} {} succeeded with status {}, but its reply does not show what it made or changed, and that could not be \
             fetched. {why}",
            change.method.as_str(),
            info.url,
            info.status,
        ),
        ErrorKind::Decode {
            status: info.status,
            body_text: String::new(),
            path: None,
            may_have_been_applied: true,
        },
    )
}

/// Whether a reply says nothing of what it is about.
fn is_nothing(body: &BodyRef) -> bool {
    body.kind() == BodyKind::Empty || body.text() == "{}"
}

/// The endpoint of that name.
///
/// # Errors
/// `invalid_argument` when there is none.
pub fn endpoint(operation: &str) -> Result<&'static Endpoint, Error> {
    Endpoint::of(operation).ok_or_else(|| {
        let message = format!("There is no operation `{operation}`.");
        Error::refused(FindingCode::InvalidArgument, "operation", message)
    })
}
