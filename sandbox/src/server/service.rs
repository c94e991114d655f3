//! One sandbox behind one address: its time, its log, and the controls for tests.

use std::collections::VecDeque;

use sandbox::{FaultRule, Options, Request, Response, Sandbox, SetUpError, Timestamp, User};
use serde::{Deserialize, Serialize};

use super::args::{Args, Switch};
use super::cors;
use super::time::Clock;

/// How many requests the log keeps, so that it cannot grow without bound.
const LOGGED: usize = 1_000;

/// A request in the log.
#[derive(Debug, Serialize)]
struct Logged {
    method: String,
    path: String,
    status: u16,
    at: Timestamp,
}

/// The body of `GET /sandbox`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    now: Timestamp,
    next_change: Option<Timestamp>,
    credentials: Option<&'a User>,
}

/// The body of a refusal, as the service itself has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Problems<'a> {
    Validations([Problem<'a>; 1]),
    Errors([Problem<'a>; 1]),
}

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    code: &'a str,
    message: &'a str,
}

/// The sandbox and what belongs to its address.
#[derive(Debug)]
pub(super) struct Service {
    args: Args,
    sandbox: Sandbox,
    clock: Clock,
    log: VecDeque<Logged>,
}

/// The body of `POST /sandbox/advance`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    ms: u64,
}

impl Service {
    pub(super) fn new(args: Args) -> Result<Self, SetUpError> {
        let clock = Clock::new(args.now, args.speed);
        let sandbox = set_up(&args, clock.now())?;
        Ok(Self {
            args,
            sandbox,
            clock,
            log: VecDeque::new(),
        })
    }

    /// Answers a request, be it for the service or for its controls.
    pub(super) fn handle(&mut self, request: &Request) -> Response {
        if request.path == "/sandbox" || request.path.starts_with("/sandbox/") {
            if !cors::is_local(request) {
                let message = "The controls are for this computer: no page of another origin, no other host.";
                return refuse(403, "FORBIDDEN", message);
            }
            return self.control(request);
        }
        let at = self.clock.now();
        let response = self.sandbox.handle(request, at);
        if self.log.len() == LOGGED {
            self.log.pop_front();
        }
        let (method, path) = (request.method.clone(), request.path.clone());
        self.log.push_back(Logged {
            method,
            path,
            status: response.status,
            at,
        });
        response
    }

    fn control(&mut self, request: &Request) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/sandbox") => self.state(),
            ("POST", "/sandbox/advance") => match read::<Advance>(request) {
                Ok(advance) => {
                    self.clock.advance(advance.ms);
                    self.sandbox.advance(self.clock.now());
                    self.state()
                }
                Err(refusal) => refusal,
            },
            ("POST", "/sandbox/faults") => match read::<FaultRule>(request) {
                Ok(rule) => {
                    self.sandbox.fault(rule);
                    self.state()
                }
                Err(refusal) => refusal,
            },
            ("DELETE", "/sandbox/faults") => {
                self.sandbox.clear_faults();
                self.state()
            }
            ("GET", "/sandbox/requests") => reply(200, &self.log),
            ("POST", "/sandbox/reset") => self.reset(),
            _ => refuse(404, "NOT_FOUND", "See --help for what there is."),
        }
    }

    fn state(&self) -> Response {
        let state = State {
            now: self.clock.now(),
            next_change: self.sandbox.next_change(),
            credentials: self.sandbox.users().first(),
        };
        reply(200, &state)
    }

    fn reset(&mut self) -> Response {
        let clock = Clock::new(self.args.now, self.args.speed);
        match set_up(&self.args, clock.now()) {
            Ok(sandbox) => {
                self.sandbox = sandbox;
                self.clock = clock;
                self.log.clear();
                self.state()
            }
            Err(error) => refuse(500, "INTERNAL_SERVER_ERROR", &error.to_string()),
        }
    }
}

fn set_up(args: &Args, now: Timestamp) -> Result<Sandbox, SetUpError> {
    let rate_limit = args.rate_limit.0.map(|mut limit| {
        limit.retry_after = args.retry_after == Switch::On;
        limit
    });
    Sandbox::new(Options {
        seed: args.seed,
        rate_limit,
        latency_ms: args.latency_ms,
        readings: args.chosen(),
        demo: args.demo.then_some(now),
        ..Options::default()
    })
}

fn read<T: serde::de::DeserializeOwned>(request: &Request) -> Result<T, Response> {
    serde_json::from_slice(&request.body).map_err(|error| {
        let problem = Problem {
            field: Some("body"),
            code: "INVALID",
            message: &error.to_string(),
        };
        reply(400, &Problems::Validations([problem]))
    })
}

fn refuse(status: u16, code: &'static str, message: &str) -> Response {
    let problem = Problem {
        field: None,
        code,
        message,
    };
    reply(status, &Problems::Errors([problem]))
}

fn reply(status: u16, body: &impl Serialize) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        // These are our own shapes, with text keys only: to write them cannot fail.
        body: serde_json::to_vec(body).unwrap_or_default(),
        ..Response::default()
    }
}
