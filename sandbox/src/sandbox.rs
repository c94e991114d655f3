//! The service as one value: a request and the time go in, a response comes out.

use std::collections::BTreeMap;

use crate::auth::{Account, Authority, User};
use crate::call::Call;
use crate::clock::Timestamp;
use crate::faults::{FaultRule, Faults};
use crate::http::{Request, Response};
use crate::limit::{Limiter, RateLimit};
use crate::random::Random;
use crate::readings::{DateHeader, LimitScope, LimitTokens, LimitUnauthorized, Readings, rewrite};
use crate::refusal::Refusal;
use crate::router::{Handler, route};
use crate::world::World;
use crate::{demo, groups, lifecycle};

/// How a sandbox is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// What everything random is drawn from: ids, keys, delays, serial numbers.
    pub seed: u64,
    /// Who may call.
    pub users: Vec<User>,
    /// The rate limit of each API key, if any.
    pub rate_limit: Option<RateLimit>,
    /// How long every response is held back.
    pub latency_ms: u64,
    /// How the facts are taken that are open.
    pub readings: Readings,
    /// Set, the sandbox starts at this time with a world to look at: organizations, contacts, and orders in every status.
    pub demo: Option<Timestamp>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            users: vec![User::default()],
            rate_limit: Some(RateLimit::default()),
            latency_ms: 0,
            readings: Readings::default(),
            demo: None,
        }
    }
}

/// Why a sandbox cannot be made.
#[derive(Debug)]
pub struct SetUpError(String);

impl core::fmt::Display for SetUpError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the sandbox cannot be set up: {}", self.0)
    }
}

impl core::error::Error for SetUpError {}

/// The Markmonitor SSL Certs API in memory.
///
/// It asks no clock and does no I/O: every call says what time it is, and whatever was due by then happens first.
/// Time does not go back; an earlier time counts as the latest one seen.
///
/// ```
/// use sandbox::{Options, Request, Sandbox, Timestamp};
///
/// let mut sandbox = Sandbox::new(Options::default())?;
/// let request = Request::new("POST", "/auth/v1/auth/authenticate")
///     .with_header("x-api-key", "sandbox-api-key")
///     .with_json(&serde_json::json!({ "username": "demo@example.com", "password": "sandbox-password" }));
/// let response = sandbox.handle(&request, Timestamp::from_ms(1_790_000_000_000));
/// assert_eq!(response.status, 200);
/// assert_eq!(response.body_json()["expiresIn"], 5400);
/// # Ok::<(), sandbox::SetUpError>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    options: Options,
    authority: Authority,
    limiters: BTreeMap<Counted, Limiter>,
    faults: Faults,
    world: World,
    now: Timestamp,
}

impl Sandbox {
    /// A new service, empty unless the options ask for a demo.
    ///
    /// # Errors
    /// If its certificate authority or its demo cannot be made, which no seed is known to do.
    pub fn new(options: Options) -> Result<Self, SetUpError> {
        let mut sandbox = Self {
            authority: Authority::new(options.seed, options.users.clone()),
            limiters: BTreeMap::new(),
            faults: Faults::new(options.seed),
            world: World::new(options.seed).map_err(|error| SetUpError(error.to_string()))?,
            now: Timestamp::default(),
            // The demo is not held up by a limit, and its maker knows the usual readings only.
            options: Options {
                rate_limit: None,
                readings: Readings::default(),
                ..options
            },
        };
        let mut ids = Random::new(options.seed, "groups");
        for account in sandbox.authority.accounts() {
            let own = if options.demo.is_some() {
                demo::GROUPS
            } else {
                groups::DEFAULT
            };
            groups::found(&mut sandbox.world, account, &mut ids, own);
        }
        if let Some(now) = options.demo {
            let user = sandbox.users().first().cloned().unwrap_or_default();
            let handle = |request: &Request, at: Timestamp| sandbox.handle(request, at);
            demo::fill(handle, &user, options.seed, now).map_err(SetUpError)?;
            sandbox.advance(now);
        }
        sandbox.options.rate_limit = options.rate_limit;
        sandbox.options.readings = options.readings;
        Ok(sandbox)
    }

    /// Answers a request that arrives now.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Response {
        self.advance(now);
        let mut response = match self.faults.hit(request) {
            None => self.respond(request),
            Some(fault) => fault.answer().unwrap_or_else(|| fault.spoil(self.respond(request))),
        };
        response.delay_ms = response.delay_ms.saturating_add(self.options.latency_ms);
        if self.options.readings.date_header == DateHeader::Sent && response.header("date").is_none() {
            response = response.with_header("date", &self.now.http_date());
        }
        response
    }

    /// Lets time pass without a request.
    pub fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        lifecycle::advance(&mut self.world, self.now);
    }

    /// When something will next happen by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.world.schedule.next()
    }

    /// Makes requests fail from now on.
    pub fn fault(&mut self, rule: FaultRule) {
        self.faults.add(rule);
    }

    /// Ends all faults.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Who may call, the first user first.
    #[must_use]
    pub fn users(&self) -> &[User] {
        self.authority.users()
    }

    fn respond(&mut self, request: &Request) -> Response {
        let readings = self.options.readings;
        let answer = self.answer(request, &readings);
        rewrite(answer.unwrap_or_else(|refusal| refusal.respond(&readings)), &readings)
    }

    fn answer(&mut self, request: &Request, readings: &Readings) -> Result<Response, Refusal> {
        self.count(request, readings)?;
        let (handler, ids) = route(request)?;
        match handler {
            Handler::Authentication(handler) => handler(&mut self.authority, request, self.now, readings),
            Handler::Call(handler) => handler(&mut Call {
                caller: &self.authority.caller(request, self.now, readings)?,
                world: &mut self.world,
                request,
                readings,
                ids,
            }),
        }
    }

    /// Counts the request against the limit that it falls under.
    fn count(&mut self, request: &Request, readings: &Readings) -> Result<(), Refusal> {
        let (Some(config), Some(counted)) = (self.options.rate_limit, self.counted(request, readings)) else {
            return Ok(());
        };
        let limiter = self
            .limiters
            .entry(counted)
            .or_insert_with(|| Limiter::new(config, readings));
        limiter.admit(self.now).map_err(|wait| Refusal::RateLimited {
            retry_after: limiter.retry_after(wait, self.now),
        })
    }

    /// Whose limit the request falls under, if it counts. One that carries no known key gets no further anyway.
    fn counted(&self, request: &Request, readings: &Readings) -> Option<Counted> {
        let for_a_token = matches!(route(request), Ok((Handler::Authentication(_), _)));
        if for_a_token && readings.limit_tokens == LimitTokens::Free {
            return None;
        }
        let caller = self.authority.caller(request, self.now, readings).ok();
        if caller.is_none() && !for_a_token && readings.limit_unauthorized == LimitUnauthorized::Free {
            return None;
        }
        match readings.limit_scope {
            LimitScope::Address => Some(Counted::Address),
            LimitScope::User if caller.is_some() => caller.map(|caller| Counted::User(caller.username)),
            LimitScope::User | LimitScope::Key => self.authority.account_of_key(request).map(Counted::Key),
        }
    }
}

/// Whose requests are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Key(Account),
    User(String),
    Address,
}
