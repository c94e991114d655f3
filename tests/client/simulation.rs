//! Random work in a random world: several clients of one key, with calls, orders, lists, waits, calls given up and clients
//! closed, against a service that drops, delays, refuses, breaks off, counts in any way, and beside a wall clock that jumps.
//!
//! What has to hold whatever happens: no order is placed twice; the service never gets more requests than its limit, as any
//! kind of window counts; every call ends; nothing of it is left; and nothing is said not to be done that was.
//!
//! Each seed is a run of its own. `SIMULATION_SEED=N cargo test --test client simulation` repeats one.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    num::NonZero,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use futures_util::FutureExt;
use markmonitor_certs::client::{
    Client, Error,
    auth::{Auth, Secret},
    limiter::{self, Lane, Priority, RateLimiter, Seat},
    options::{CallOptions, Settings},
    orders::Ending,
    platform::{HttpRequest, Instant, Platform},
    waiting::{Goal, Wait, WaitOptions},
};
use sandbox::{Options, READINGS, RateLimit, Readings, Sandbox, Window};
use serde_json::{Map, Value, json};

use crate::{
    call::{Call, call},
    fixtures::{create_once, id_of, json_of, new_order, new_organization},
    memory::Kept,
    random::Random,
    servers::{KINDS, server},
    virtual_platform::{Reply, VirtualPlatform},
    world::{
        API_KEY, PASSWORD, Setup, Started, World, broken_body, lost, refused_connection, reply_of, request_of, wall,
    },
};

const SECOND: Duration = Duration::from_secs(1);

/// How many runs there are unless the environment says otherwise; `soak` takes more, of seeds that nobody has chosen.
const RUNS: u64 = 300;

#[test]
fn whatever_happens_money_limit_and_every_call_are_kept() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().expect("a number"));
    if let Some(seed) = number("SIMULATION_SEED") {
        Run::new(seed).live();
        return;
    }
    let first = number("PROPTEST_RNG_SEED").unwrap_or(1_u64).wrapping_mul(1_000_000);
    let runs = number("SIMULATION_RUNS").unwrap_or(RUNS);
    let next = AtomicU64::new(0);
    // Runs know nothing of each other: each thread has limits of its own.
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(run) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|run| *run < runs) {
                    Run::new(first.wrapping_add(run)).live();
                }
            });
        }
    });
}

impl Random {
    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }

    fn span(&mut self, most: Duration) -> Duration {
        Duration::from_millis(self.below(u64::try_from(most.as_millis()).unwrap() + 1))
    }
}

/// The service of a run: how it counts. What else of it is open is drawn here too.
fn service(random: &mut Random) -> Options {
    let limit = RateLimit {
        limit: u32::try_from(5 + random.below(40)).unwrap(),
        window_ms: random.of(&[1_000, 10_000, 60_000]),
        window: Some(random.of(&[Window::Fixed, Window::Sliding, Window::Counter, Window::Bucket])),
        retry_after: random.one_in(2),
    };
    Options {
        seed: random.below(1 << 30),
        rate_limit: Some(limit),
        latency_ms: random.below(400),
        readings: readings(random),
        ..Options::default()
    }
}

/// What the service makes of the facts that are open: of each one the usual, or in every sixth run any of them.
fn readings(random: &mut Random) -> Readings {
    let drawn = READINGS.iter().filter_map(|reading| {
        let values: Vec<_> = reading.values.iter().map(|value| value.name).collect();
        random.one_in(6).then(|| (reading.name, random.of(&values)))
    });
    Readings::of(drawn).expect("there are such readings")
}

/// What happens to a request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It never leaves.
    Unsent,
    /// It is lost on its way, or the reply is.
    Lost { is_done: bool },
    /// The reply breaks off.
    Broken,
    /// A gateway answers in the service's place, perhaps after the service has done its work.
    Gateway { status: u16, is_done: bool },
    /// It takes longer than the client waits.
    Slow,
    /// The service refuses it, whatever its limit.
    Refused { retry_after: Option<&'static str> },
}

const FAULTS: &[Fault] = &[
    Fault::Unsent,
    Fault::Lost { is_done: false },
    Fault::Lost { is_done: true },
    Fault::Broken,
    Fault::Gateway {
        status: 500,
        is_done: true,
    },
    Fault::Gateway {
        status: 502,
        is_done: true,
    },
    Fault::Gateway {
        status: 503,
        is_done: false,
    },
    Fault::Gateway {
        status: 408,
        is_done: true,
    },
    Fault::Slow,
];

const STORM: &[Option<&str>] = &[
    None,
    Some("0"),
    Some("3"),
    Some("90"),
    Some("100000000000"),
    Some("Fri, 31 Dec 9999 23:59:59 GMT"),
];

/// What the service has seen and done.
#[derive(Default)]
struct Record {
    sent: Vec<Instant>,
    /// How many orders were placed, by their common names.
    placed: BTreeMap<String, usize>,
}

/// One run.
struct Run {
    seed: u64,
    random: Random,
    platform: Rc<VirtualPlatform>,
    record: Rc<RefCell<Record>>,
    /// One in so many requests goes wrong; nothing does when it is 0.
    trouble: Rc<Cell<u64>>,
    storm_until: Rc<Cell<Instant>>,
    limit: RateLimit,
    world: World,
    clients: Vec<Client>,
    work: Vec<Work>,
}

/// Something under way.
struct Work {
    name: &'static str,
    /// The common name of the order that it places.
    places: Option<String>,
    task: Started<Result<Value, Error>>,
    /// When it is given up.
    until: Option<Instant>,
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("SIMULATION_SEED={} cargo test --test client simulation", self.seed);
        }
    }
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let options = service(&mut random);
        let limit = options.rate_limit.expect("it has one");
        let mut sandbox = Sandbox::new(options).expect("a sandbox can be made");
        let record = Rc::<RefCell<Record>>::default();
        let trouble = Rc::<Cell<u64>>::default();
        let storm_until = Rc::<Cell<Instant>>::default();
        let (noted, frequency, storm) = (Rc::clone(&record), Rc::clone(&trouble), Rc::clone(&storm_until));
        let mut drawn = Random(random.below(1 << 30));
        let platform = VirtualPlatform::new(move |request, now| {
            let mut record = noted.borrow_mut();
            let fault = if now < storm.get() {
                Some(Fault::Refused {
                    retry_after: drawn.of(STORM),
                })
            } else {
                (frequency.get() > 0 && drawn.one_in(frequency.get())).then(|| drawn.of(FAULTS))
            };
            record.answer(&mut sandbox, request, now, fault)
        });
        let world = World::over(Rc::clone(&platform));
        Self {
            seed,
            random,
            platform,
            record,
            trouble,
            storm_until,
            limit,
            world,
            clients: Vec::new(),
            work: Vec::new(),
        }
    }

    fn live(mut self) {
        self.open_client(true);
        let first = self.clients[0].clone();
        let organization = self
            .world
            .value(&first, call("organizations.create").body(new_organization()));
        let busy = self.random.one_in(3);
        for number in 0..8 + self.random.below(if busy { 120 } else { 25 }) {
            self.happens(number, &organization);
            self.check_ends();
        }
        self.trouble.set(0);
        self.end();
    }

    /// A client; the first has the service's own limit and window, the others what they were given in error.
    fn open_client(&mut self, is_first: bool) {
        let random = &mut self.random;
        let (more, part) = if is_first {
            (0, 1)
        } else {
            (random.below(3) * 50, 1 + random.below(3))
        };
        let options = limiter::Options {
            limit: self.limit.limit + u32::try_from(more).unwrap(),
            window: Duration::from_millis(self.limit.window_ms / part),
            ..limiter::Options::default()
        };
        let key = if random.one_in(2) {
            Secret::Text(API_KEY.to_owned())
        } else {
            Secret::Ask(Rc::new(|| Box::pin(async { Ok(API_KEY.to_owned()) })))
        };
        let auth = Auth::Password {
            api_key: key,
            username: crate::world::USERNAME.to_owned(),
            password: Secret::Text(PASSWORD.to_owned()),
            store: None,
        };
        let seat = Seat {
            origin: "https://api.markmonitor.com".to_owned(),
            service: String::new(),
            salt: format!("run {}", self.seed),
            memory: Box::new(|_| Rc::<Kept>::default()),
            sharing: None,
        };
        let platform = Rc::clone(&self.platform) as Rc<dyn Platform>;
        let limiter = RateLimiter::of_process(platform, &options, seat, &auth);
        let settings = Settings {
            timeout: 20 * SECOND,
            max_retries: u32::try_from(random.below(4)).unwrap(),
            ..Settings::default()
        };
        let setup = Setup {
            auth,
            settings,
            ..Setup::default()
        };
        self.clients.push(self.world.client_over(setup, limiter));
    }

    /// One thing happens, and some time passes.
    fn happens(&mut self, number: u64, organization: &Value) {
        let client = self.random.below(self.clients.len() as u64);
        let client = self.clients[usize::try_from(client).unwrap()].clone();
        match self.random.below(16) {
            0 => self.open_client(false),
            1 if self.clients.len() > 1 => {
                let last = self.clients.pop().expect("there are two");
                last.close();
            }
            2 => self.trouble.set(self.random.of(&[0, 2, 3, 6, 20])),
            3 => {
                let length = self.random.span(100 * SECOND);
                self.storm_until.set(self.platform.now().after(length));
            }
            4 => self
                .platform
                .jump_wall_clock(i64::try_from(self.random.below(20_000_000)).unwrap() - 10_000_000),
            5 => {
                client.limiter().pause(Some(self.random.span(30 * SECOND)));
            }
            6 | 7 => {
                let name = format!("n{number}.example.com");
                let order = new_order(organization, "SSL_DV_GEOTRUST", &name);
                self.start("create", client, Some(name), call("orders.create").body(order));
            }
            8 => {
                let name = format!("n{number}.example.com");
                let order = new_order(organization, "SSL_DV_GEOTRUST", &name);
                self.add("createOnce", Some(name), create_once(client, order));
            }
            9 => {
                let orders = async move {
                    client
                        .expiring(Ending::Orders, 400.0, Map::new(), CallOptions::default())
                        .await
                };
                self.add(
                    "expiring",
                    None,
                    orders.map(|orders| orders.map(|orders| orders.len().into())),
                );
            }
            10 => self.wait(client, organization),
            _ => {
                let list = call("orders.list").filter(json!({ "size": 1 + self.random.below(5) }));
                for _ in 0..=self.random.below(40) {
                    self.start("list", client.clone(), None, list.clone());
                }
            }
        }
        let passes = self.random.of(&[0, 0, 1, 5, 30, 120]);
        let passes = self.random.span(Duration::from_secs(passes));
        self.world.advance(passes);
    }

    /// An order is placed, and waited for in the same task: the wait may be over before it began.
    fn wait(&mut self, client: Client, organization: &Value) {
        let name = format!("w{}.example.com", self.random.below(1 << 30));
        let order = new_order(organization, "SSL_DV_GEOTRUST", &name);
        let options = WaitOptions {
            max_wait: Some(self.random.span(40_000 * SECOND)),
            ..WaitOptions::default()
        };
        self.add("wait", Some(name), async move {
            let placed = client
                .call(call("orders.create").body(order).request(), CallOptions::default())
                .await?;
            let id = id_of(&json_of(&placed.body));
            // What becomes of the wait is no answer to whether the order was placed.
            let waited = Wait::for_order(client, &id, Goal::Issued, options).reach(&|_| ()).await;
            Ok(waited.map_or(Value::Null, |order| json_of(&order)))
        });
    }

    fn start(&mut self, name: &'static str, client: Client, places: Option<String>, call: Call) {
        let options = CallOptions {
            priority: Some(
                self.random
                    .of(&[Priority::High, Priority::Normal, Priority::Normal, Priority::Low]),
            ),
            lane: self.random.of(&[None, Some("a"), Some("b")]).map(Lane::named),
            total_timeout: self.random.one_in(6).then(|| self.random.span(60 * SECOND)),
            ..CallOptions::default()
        };
        self.add(name, places, async move {
            let reply = client.call(call.request(), options).await?;
            Ok(json_of(&reply.body))
        });
    }

    fn add(
        &mut self,
        name: &'static str,
        places: Option<String>,
        task: impl Future<Output = Result<Value, Error>> + 'static,
    ) {
        let until = self
            .random
            .one_in(5)
            .then(|| self.platform.now().after(self.random.span(40 * SECOND)));
        let task = self.world.start(task);
        self.work.push(Work {
            name,
            places,
            task,
            until,
        });
    }

    /// Looks at what has ended, and gives up what was to be given up by now.
    fn check_ends(&mut self) {
        let now = self.platform.now();
        for work in std::mem::take(&mut self.work) {
            match work.task.result() {
                Some(result) => self.check(work.name, work.places.as_deref(), &result),
                None if work.until.is_some_and(|until| until <= now) => work.task.give_up(&self.world),
                None => self.work.push(work),
            }
        }
    }

    fn check(&self, name: &str, places: Option<&str>, result: &Result<Value, Error>) {
        let Some(order) = places else { return };
        let count = self.record.borrow().placed.get(order).copied().unwrap_or_default();
        match result {
            Ok(_) => assert_eq!(count, 1, "{name} of {order} succeeded"),
            Err(error) if !error.may_have_been_applied() => {
                assert_eq!(
                    count, 0,
                    "{name} of {order} was done, and failed as if it had not: {error:?}"
                );
            }
            Err(_) => {}
        }
    }

    fn end(mut self) {
        // The longest wait, and the longest time that a gate stays closed.
        self.world.advance(60_000 * SECOND);
        self.check_ends();
        let left: Vec<_> = self.work.iter().map(|work| work.name).collect();
        assert!(left.is_empty(), "never ended: {left:?}");
        for client in &self.clients {
            self.world.assert_quiet(client);
            assert_eq!(client.limiter().state().used, 0, "a slot is left");
        }
        let record = self.record.borrow();
        for (name, orders) in &record.placed {
            assert_eq!(*orders, 1, "{name}");
        }
        let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap();
        let window = self.limit.window_ms * 1_000_000;
        for kind in KINDS {
            let mut counts = server(kind, self.limit.limit.into(), window, window / 3);
            for at in &record.sent {
                let at = nanos(at.since(Instant::default()));
                assert!(counts.accepts(at), "a {kind} refuses what was sent at {at} ns");
            }
        }
    }
}

impl Record {
    fn answer(&mut self, sandbox: &mut Sandbox, request: HttpRequest, now: Instant, fault: Option<Fault>) -> Reply {
        match fault {
            Some(Fault::Unsent) => return refused_connection(),
            Some(Fault::Lost { is_done: false }) => {
                self.sent.push(now);
                return lost();
            }
            _ => self.sent.push(now),
        }
        if let Some(Fault::Refused { retry_after }) = fault {
            let reply = Reply::new(429, "").after(SECOND);
            return match retry_after {
                Some(wait) => reply.header("retry-after", wait),
                None => reply,
            };
        }
        if let Some(Fault::Gateway { status, is_done: false }) = fault {
            return Reply::new(status, "<html>").after(SECOND);
        }
        let reply = self.handle(sandbox, request, now);
        match fault {
            Some(Fault::Lost { .. }) => lost(),
            Some(Fault::Broken) => broken_body(reply),
            Some(Fault::Gateway { status, .. }) => Reply::new(status, "<html>").after(SECOND),
            Some(Fault::Slow) => reply.after(70 * SECOND),
            _ => reply,
        }
    }

    /// The service does what it is asked.
    fn handle(&mut self, sandbox: &mut Sandbox, request: HttpRequest, now: Instant) -> Reply {
        let places = (request.method == "POST" && request.url.ends_with("/certs/v1/order")).then(|| {
            let body: Value = serde_json::from_str(request.body.as_deref().unwrap_or_default()).expect("JSON");
            body["cert"]["commonName"].as_str().expect("a name").to_owned()
        });
        let response = sandbox.handle(&request_of(request), wall(now));
        assert_ne!(response.status, 429, "the service's own limit is exceeded");
        if let Some(name) = places.filter(|_| (200..300).contains(&response.status)) {
            *self.placed.entry(name).or_default() += 1;
        }
        reply_of(response)
    }
}
