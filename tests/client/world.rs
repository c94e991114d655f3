//! The world of one test: a clock that jumps, the sandbox as the service, and a log of all that was sent.

use std::{
    cell::{LazyCell, RefCell},
    future::Future,
    rc::Rc,
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{AbortHandle, abortable},
};
use markmonitor_certs::client::{
    Client, Error, Reply as Answer,
    auth::{Auth, Secret, ServiceAccess},
    base_url::BaseUrl,
    events::{Event, EventKind, Listener},
    limiter::{self, RateLimiter},
    options::{CallOptions, Settings},
    platform::{BodyError, HttpRequest, Instant, LogMemory, Memory, Platform},
};
use sandbox::{FaultRule, Options, Request, Response, Sandbox, Timestamp};
use serde_json::{Value, json};

use crate::{
    call::Call,
    fixtures::json_of,
    memory::Kept,
    virtual_platform::{Reply, START, VirtualPlatform},
};

pub const API_KEY: &str = "sandbox-api-key";
pub const USERNAME: &str = "demo@example.com";
pub const PASSWORD: &str = "sandbox-password";
pub const CERTS: &str = "https://api.markmonitor.com/certs/v1";
pub const AUTH: &str = "https://api.markmonitor.com/auth/v1";

/// How long the service takes for each answer.
pub const LATENCY: Duration = Duration::from_millis(50);

/// A request as the service saw it.
#[derive(Clone)]
pub struct Sent {
    pub at: Duration,
    pub method: String,
    pub url: String,
    /// From the first slash after the host, without the query.
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Value>,
}

impl Sent {
    fn of(request: &HttpRequest, at: Instant) -> Self {
        let target = Request::new(request.method, &request.url);
        Self {
            at: at.since(Instant::default()),
            method: request.method.to_owned(),
            url: request.url.clone(),
            path: target.path,
            query: target.query,
            headers: owned(&request.headers),
            body: request
                .body
                .as_deref()
                .map(|body| serde_json::from_str(body).expect("bodies are JSON")),
        }
    }

    /// `GET /certs/v1/order`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(key, _)| key == name);
        let value = named.next().map(|(_, value)| value.as_str());
        assert!(named.next().is_none(), "{name} is sent twice");
        value
    }

    /// Whether it asks for a token.
    pub fn is_auth(&self) -> bool {
        ["/auth/authenticate", "/auth/refresh"]
            .iter()
            .any(|end| self.path.ends_with(end))
    }
}

type MakeSandbox = Box<dyn FnOnce() -> RefCell<Sandbox>>;
type Service = Rc<LazyCell<RefCell<Sandbox>, MakeSandbox>>;
type Script = Box<dyn FnMut(&Sent) -> Option<Reply>>;

/// The world of one test.
pub struct World {
    pub platform: Rc<VirtualPlatform>,
    sandbox: Service,
    script: Rc<RefCell<Script>>,
    sent: Rc<RefCell<Vec<Sent>>>,
    events: Rc<RefCell<Vec<Event>>>,
}

impl World {
    /// The service, empty, with the limit that the guide names.
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let options = Options {
            latency_ms: 50,
            ..options
        };
        // Made when it is needed: its certificate authority takes a while.
        let make: MakeSandbox = Box::new(move || Sandbox::new(options).expect("a sandbox can be made").into());
        let sandbox = Rc::new(LazyCell::new(make));
        let script: Rc<RefCell<Script>> = Rc::new(RefCell::new(Box::new(|_| None)));
        let sent = Rc::new(RefCell::new(Vec::new()));
        let platform = VirtualPlatform::new({
            let (sandbox, script, sent) = (Rc::clone(&sandbox), Rc::clone(&script), Rc::clone(&sent));
            move |request, now| {
                let seen = Sent::of(&request, now);
                sent.borrow_mut().push(seen.clone());
                let scripted = (script.borrow_mut())(&seen);
                scripted.unwrap_or_else(|| reply_of(sandbox.borrow_mut().handle(&request_of(request), wall(now))))
            }
        });
        Self {
            sandbox,
            script,
            sent,
            ..Self::over(platform)
        }
    }

    /// A world whose service is the platform's own.
    pub fn over(platform: Rc<VirtualPlatform>) -> Self {
        let make: MakeSandbox = Box::new(|| panic!("the service is the platform's"));
        Self {
            platform,
            sandbox: Rc::new(LazyCell::new(make)),
            script: Rc::new(RefCell::new(Box::new(|_| None))),
            sent: Rc::default(),
            events: Rc::default(),
        }
    }

    /// Answers in the service's place, where the script has an answer.
    pub fn answer(&self, script: impl FnMut(&Sent) -> Option<Reply> + 'static) {
        *self.script.borrow_mut() = Box::new(script);
    }

    /// Answers every call; whoever asks for a token gets a new one.
    pub fn answer_calls(&self, mut script: impl FnMut(&Sent) -> Reply + 'static) {
        let mut tokens = 0;
        self.answer(move |sent| {
            if sent.is_auth() {
                tokens += 1;
                return Some(json(
                    200,
                    &json!({ "token": format!("scripted.token.{tokens}"), "expiresIn": 5400 }),
                ));
            }
            Some(script(sent))
        });
    }

    pub fn fault(&self, rule: FaultRule) {
        self.sandbox.borrow_mut().fault(rule);
    }

    pub fn clear_faults(&self) {
        self.sandbox.borrow_mut().clear_faults();
    }

    pub fn client(&self) -> Client {
        self.client_of(Setup::default())
    }

    /// A client of its own account, which tells this world of its work.
    pub fn client_of(&self, setup: Setup) -> Client {
        let platform: Rc<dyn Platform> = Rc::<VirtualPlatform>::clone(&self.platform);
        let log: Rc<dyn LogMemory> = Rc::<Kept>::clone(&setup.memory);
        let limiter = RateLimiter::remembering(platform, &setup.limit, log);
        self.client_over(setup, limiter)
    }

    /// A client with this limiter.
    pub fn client_over(&self, setup: Setup, limiter: RateLimiter) -> Client {
        let platform: Rc<dyn Platform> = Rc::<VirtualPlatform>::clone(&self.platform);
        let base = |name, text: &str| BaseUrl::parse(name, text).expect("a base");
        let connection = ServiceAccess {
            auth: setup.auth,
            certs_base: base("certsBaseUrl", setup.certs_base),
            auth_base: base("authBaseUrl", setup.auth_base),
        };
        let memory: Rc<dyn Memory> = setup.memory;
        let listener = Box::new(Listening {
            hears: setup.hears,
            events: Rc::clone(&self.events),
        });
        Client::new(platform, connection, setup.settings, limiter, listener, memory)
    }

    /// Runs a future to its end, letting time pass as far as it has to.
    pub fn run<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> T {
        self.platform.run(future)
    }

    /// Starts a future, and lets it run as far as it can without time passing.
    pub fn start<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Started<T> {
        let result = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&result);
        let (future, handle) = abortable(async move {
            let value = future.await;
            *slot.borrow_mut() = Some(value);
        });
        self.platform.spawn(Box::pin(future.map(drop)));
        self.platform.settle();
        Started { result, handle }
    }

    /// Starts a call.
    pub fn start_call(&self, client: &Client, call: Call) -> Started<Result<Answer, Error>> {
        let client = client.clone();
        self.start(async move { client.call(call.request(), CallOptions::default()).await })
    }

    /// Makes a call, with the client's own settings.
    pub fn call(&self, client: &Client, call: Call) -> Result<Answer, Error> {
        self.call_with(client, call, CallOptions::default())
    }

    pub fn call_with(&self, client: &Client, call: Call, options: CallOptions) -> Result<Answer, Error> {
        let client = client.clone();
        self.run(async move { client.call(call.request(), options).await })
    }

    /// What a call that fails says.
    pub fn error(&self, client: &Client, call: Call) -> Error {
        self.call(client, call).map(drop).expect_err("the call fails")
    }

    /// What a call that succeeds replies with.
    pub fn value(&self, client: &Client, call: Call) -> Value {
        let reply = self.call(client, call).unwrap_or_else(|error| panic!("{error:?}"));
        json_of(&reply.body)
    }

    pub fn advance(&self, span: Duration) {
        self.platform.advance(span);
    }

    pub fn now(&self) -> Duration {
        self.platform.now().since(Instant::default())
    }

    /// All that was sent since the last look.
    pub fn take_sent(&self) -> Vec<Sent> {
        self.sent.take()
    }

    /// The last request of those.
    pub fn last_sent(&self) -> Sent {
        self.take_sent().pop().expect("something was sent")
    }

    /// Method and path of all that was sent since the last look.
    pub fn take_lines(&self) -> Vec<String> {
        self.take_sent().iter().map(Sent::line).collect()
    }

    /// All that the clients told since the last look.
    pub fn take_events(&self) -> Vec<Event> {
        self.events.take()
    }

    /// Nothing waits, nothing is in flight, no timer runs.
    pub fn assert_quiet(&self, client: &Client) {
        self.platform.settle();
        let state = client.limiter().state();
        assert_eq!((state.queued, state.in_flight), (0, 0), "the limiter");
        assert_eq!(
            (self.platform.sending(), self.platform.timers()),
            (0, 0),
            "the platform"
        );
    }
}

/// Keeps the events of the kinds that it hears.
struct Listening {
    hears: fn(EventKind) -> bool,
    events: Rc<RefCell<Vec<Event>>>,
}

impl Listener for Listening {
    fn hears(&self, kind: EventKind) -> bool {
        (self.hears)(kind)
    }

    fn tell(&self, kind: EventKind, event: Event) {
        assert!((self.hears)(kind), "nobody listens to {kind:?}");
        self.events.borrow_mut().push(event);
    }
}

/// A future under way.
pub struct Started<T> {
    result: Rc<RefCell<Option<T>>>,
    handle: AbortHandle,
}

impl<T> Started<T> {
    /// Drops the future where it stands.
    pub fn give_up(self, world: &World) {
        self.handle.abort();
        world.platform.settle();
        assert!(self.result.borrow().is_none(), "it had ended before");
    }

    /// What it has come to, if it has ended.
    pub fn result(&self) -> Option<T> {
        self.result.take()
    }
}

/// How a client is made.
pub struct Setup {
    pub auth: Auth,
    pub certs_base: &'static str,
    pub auth_base: &'static str,
    pub settings: Settings,
    pub limit: limiter::Options,
    /// Which events somebody listens to.
    pub hears: fn(EventKind) -> bool,
    pub memory: Rc<Kept>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            auth: password(PASSWORD),
            certs_base: CERTS,
            auth_base: AUTH,
            settings: Settings::default(),
            limit: limiter::Options::default(),
            hears: |_| true,
            memory: Rc::default(),
        }
    }
}

impl Setup {
    pub fn auth(auth: Auth) -> Self {
        Self {
            auth,
            ..Self::default()
        }
    }

    pub fn settings(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }
}

pub fn password(password: &str) -> Auth {
    Auth::Password {
        api_key: Secret::Text(API_KEY.into()),
        username: USERNAME.into(),
        password: Secret::Text(password.into()),
        store: None,
    }
}

pub fn json(status: u16, body: &Value) -> Reply {
    Reply::new(status, body.to_string())
        .header("content-type", "application/json")
        .after(LATENCY)
}

pub fn wall(now: Instant) -> Timestamp {
    let passed = u64::try_from(now.since(Instant::default()).as_millis()).expect("tests end in this age");
    Timestamp::from_ms(START + passed)
}

pub fn request_of(request: HttpRequest) -> Request {
    Request {
        headers: owned(&request.headers),
        body: request.body.unwrap_or_default().into_bytes(),
        ..Request::new(request.method, &request.url)
    }
}

fn owned(headers: &[(&'static str, String)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&'static str, String)| ((*name).to_owned(), value.clone());
    headers.iter().map(owned).collect()
}

pub fn reply_of(response: Response) -> Reply {
    let latency = Duration::from_millis(response.delay_ms);
    if response.drop.is_some() {
        return Reply::failure("the connection was cut", false).after(latency);
    }
    let reply = Reply::new(response.status, response.body).after(latency);
    response
        .headers
        .iter()
        .fold(reply, |reply, (name, value)| reply.header(name, value))
}

/// The error of a connection that was never made.
pub fn refused_connection() -> Reply {
    Reply::failure("connection refused", true)
}

/// The error of a connection that broke, nobody knows when.
pub fn lost() -> Reply {
    Reply::failure("connection reset", false).after(LATENCY)
}

/// A body that breaks off after its head has arrived.
pub fn broken_body(mut reply: Reply) -> Reply {
    if let Ok(head) = &mut reply.outcome {
        head.body = Err(BodyError::Lost("the body broke off".into()));
    }
    reply
}
