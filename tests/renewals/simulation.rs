//! An estate over three years, through the rules of 200, 100 and 47 days: with faults, odd readings, processes that end anywhere
//! and others beside them.
//!
//! What has to hold: no name is without a certificate unless that was told before; no renewal has two orders; never more requests
//! than the limit; and the key of every order is there. Each seed is a run of its own:
//! `RENEWALS_SEED=N cargo test --test renewals simulation` repeats one; `RENEWALS_ESTATE` is how many certificates there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};

use markmonitor_certs::{
    client::{
        Client,
        limiter::{self, RateLimiter},
        platform::Platform,
    },
    renewals::run::Event,
};
use sandbox::{Drop, FaultRule, Options, READINGS, Readings};
use serde_json::{Value, json};

use crate::{
    call::call,
    driver::{Crash, Ended, Process},
    estate::{DAY, Estate, HOUR},
    memory::Kept,
    random::Random,
    virtual_platform::VirtualPlatform,
    world::{Setup, World},
};

/// How many certificates there are, and how many days pass between two runs, unless the environment says otherwise.
const ESTATE: u64 = 5;
const PAUSE: u64 = 5;
const DAYS: u64 = 3 * 365 + 200;

/// Readings that tell a client other things of orders. Under some a list shows too little, and each order is looked at alone.
const OPEN: [&str; 9] = [
    "freshCert",
    "freshOrder",
    "createReply",
    "names",
    "statuses",
    "dates",
    "absent",
    "pageForm",
    "revokedOrder",
];

/// All statuses but that of an order whose certificate has ended.
const NOT_ENDED: [&str; 14] = [
    "CREATED",
    "REISSUE_REQUEST_PENDING",
    "DIGI_PENDING",
    "DIGI_REISSUE_PENDING",
    "DIGI_REISSUE_FAILED",
    "DIGI_PROCESSING",
    "DIGI_ISSUED",
    "DIGI_REVOKED",
    "DIGI_CANCELED",
    "DIGI_NEEDS_APPROVAL",
    "DIGI_NEEDS_CSR",
    "DIGI_WAITING_PICKUP",
    "DIGI_REJECTED",
    "DIGI_FAILED",
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn an_estate_lives_through_three_years() {
    let first = number("RENEWALS_SEED")
        .or_else(|| number("PROPTEST_RNG_SEED"))
        .unwrap_or(1);
    let runs = number("RENEWALS_RUNS").unwrap_or(1);
    for seed in first..first + runs {
        eprintln!("RENEWALS_SEED={seed}");
        Life::new(seed).live();
    }
}

struct Life {
    random: Random,
    estate: Estate,
    /// The limit that all processes of the account share, as by a store.
    limiter: RateLimiter,
    names: Vec<String>,
    /// Names that the last run has told of; nothing where each run of the night broke off, which it says of all of them.
    told: Option<BTreeSet<String>>,
    /// Since how many nights nobody knows, by the names of the orders that were tried.
    unknown: BTreeMap<String, u64>,
    /// The orders that the service has a renewal for, as a person saw it last.
    renewed: BTreeSet<String>,
    gaps: usize,
    /// All orders that were ever seen, as they were seen last.
    seen: BTreeMap<String, Shown>,
}

impl Life {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let mut chosen = Vec::new();
        for reading in READINGS.iter().filter(|reading| OPEN.contains(&reading.name)) {
            let value = random.below(u64::try_from(reading.values.len()).unwrap());
            chosen.push((reading.name, reading.values[usize::try_from(value).unwrap()].name));
        }
        eprintln!("{chosen:?}");
        let readings = Readings::of(chosen).expect("readings");
        let count = number("RENEWALS_ESTATE").unwrap_or(ESTATE);
        // The rule of 200 days begins on 15 March.
        let estate = Estate::in_world(
            World::with(Options {
                seed,
                rate_limit: None,
                readings,
                ..Options::default()
            }),
            0,
        );
        estate.world.advance(DAY * 80);
        let platform: Rc<dyn Platform> = Rc::<VirtualPlatform>::clone(&estate.world.platform);
        let limiter = RateLimiter::remembering(platform, &limiter::Options::default(), Rc::<Kept>::default());
        let mut life = Self {
            random,
            estate,
            limiter,
            names: (0..count).map(|number| format!("n{number}.example.com")).collect(),
            told: Some(BTreeSet::new()),
            unknown: BTreeMap::new(),
            renewed: BTreeSet::new(),
            gaps: 0,
            seen: BTreeMap::new(),
        };
        let client = life.client();
        for name in life.names.clone() {
            life.estate.order(&client, &name, "SSL_DV_GEOTRUST");
            // Not all at once: so they are in life.
            let pause = life.random.below(60 * 86_400 / count.max(1));
            life.estate.world.advance(Duration::from_secs(pause));
        }
        life.estate.world.advance(HOUR);
        life
    }

    fn client(&self) -> Client {
        self.estate.world.client_over(Setup::default(), self.limiter.clone())
    }

    fn live(mut self) {
        let nights = DAYS / PAUSE;
        for _ in 0..nights {
            self.estate.world.advance(DAY * u32::try_from(PAUSE).unwrap());
            self.set_faults();
            self.night();
            self.estate.world.clear_faults();
            self.check();
        }
        assert!(
            self.gaps <= self.names.len() * 3,
            "{} gaps were told of, which are many",
            self.gaps
        );
    }

    /// Nothing, little or much goes wrong.
    fn set_faults(&mut self) {
        let world = &self.estate.world;
        let probability = match self.random.below(4) {
            0 => 0.0,
            1 | 2 => 0.01,
            _ => 0.1,
        };
        for drop in [Drop::Before, Drop::After] {
            world.fault(FaultRule {
                probability: Some(probability),
                drop: Some(drop),
                ..FaultRule::default()
            });
        }
        for status in [500, 502, 503] {
            world.fault(FaultRule {
                probability: Some(probability / 2.0),
                status: Some(status),
                ..FaultRule::default()
            });
        }
    }

    /// A run, perhaps one that ends anywhere, and one that continues it, perhaps with another beside it.
    fn night(&mut self) {
        self.told = None;
        for _ in 0..3 {
            let crash = self.random.one_in(3).then(|| Crash {
                at: usize::try_from(self.random.below(120)).unwrap(),
                after: self.random.one_in(2),
            });
            let process = Process {
                client: self.client(),
                crash,
                ..self.estate.process()
            };
            let beside = self.random.one_in(4).then(|| Process {
                client: self.client(),
                ..self.estate.process()
            });
            let Some(plan) = self.estate.plan_by(self.client()) else {
                continue;
            };
            let more = json!({ "assumeNotPlaced": self.known_not_placed() });
            let settings = self.estate.settings(&plan, &more);
            let other = self.estate.settings(&plan, &more);
            let ended = self
                .estate
                .nights_of(process, settings, beside.map(|process| (process, other)));
            if let Some(ended) = ended {
                self.take(&ended);
                break;
            }
        }
    }

    fn take(&mut self, ended: &Ended) {
        let mut told = BTreeSet::new();
        for event in &ended.events {
            if let Event::Problem(problem) = event {
                told.insert(problem.common_name.to_ascii_lowercase());
            }
        }
        let mut still = BTreeMap::new();
        for status in &ended.summary.renewals {
            told.extend((status.failures > 0).then(|| status.common_name.to_ascii_lowercase()));
            if let Some(name) = &status.once_id {
                let nights = self.unknown.get(name).copied().unwrap_or_default();
                still.insert(name.clone(), nights + 1);
            }
        }
        self.unknown = still;
        self.told = Some(told);
    }

    /// What a person finds out who looks at the service for orders of which nobody has known for some nights.
    fn known_not_placed(&self) -> Vec<String> {
        let old = self.unknown.iter().filter(|(_, nights)| **nights >= 2);
        let is_there = |name: &String| name.split('.').next().is_some_and(|id| self.renewed.contains(id));
        old.map(|(name, _)| name.clone())
            .filter(|name| !is_there(name))
            .collect()
    }

    /// Looks at all orders but those that have ended, which were seen before that.
    fn look(&mut self) {
        let world = &self.estate.world;
        let client = world.client();
        for page in 0.. {
            let query = json!({ "size": 200, "page": page, "statuses": NOT_ENDED });
            let reply = world.value(&client, call("orders.list").filter(query));
            let content = reply["content"].as_array().or(reply.as_array()).expect("a page");
            for order in content {
                self.seen.insert(crate::fixtures::id_of(order), Shown::of(order));
            }
            if content.len() < 200 {
                return;
            }
        }
    }

    fn check(&mut self) {
        let sent: Vec<Duration> = self.estate.world.take_sent().iter().map(|sent| sent.at).collect();
        for (at, first) in sent.iter().enumerate() {
            if let Some(hundred_later) = sent.get(at + 100) {
                assert!(
                    *hundred_later - *first >= Duration::from_secs(59),
                    "101 requests within a minute"
                );
            }
        }
        self.look();
        let orders: Vec<&Shown> = self.seen.values().collect();
        self.renewed = orders.iter().filter_map(|order| order.replaces.clone()).collect();
        let mut renewals: BTreeMap<&str, usize> = BTreeMap::new();
        for order in orders.iter().filter(|order| !order.has_failed) {
            *renewals
                .entry(order.replaces.as_deref().unwrap_or_default())
                .or_default() += 1;
        }
        renewals.remove("");
        assert_eq!(
            renewals.values().max().copied().unwrap_or(1),
            1,
            "two orders for one renewal: {renewals:?}"
        );
        let keys: BTreeSet<String> = self.estate.disk.keys.borrow().values().map(|csr| bare(csr)).collect();
        for order in orders.iter().filter(|order| order.replaces.is_some()) {
            assert!(order.csr.as_ref().is_none_or(|csr| keys.contains(csr)), "a key is lost");
        }
        let now = self.estate.world.platform.wall_clock();
        let good = orders
            .iter()
            .filter(|order| order.until.is_some_and(|until| until > now));
        let covered: BTreeSet<String> = good.map(|order| order.name.to_ascii_lowercase()).collect();
        for name in &self.names {
            if !covered.contains(name) {
                let is_told = self.told.as_ref().is_none_or(|told| told.contains(name));
                assert!(is_told, "{name} has no certificate, and nobody was told");
                self.gaps += 1;
            }
        }
    }
}

/// An order as a person sees it.
struct Shown {
    name: String,
    replaces: Option<String>,
    csr: Option<String>,
    until: Option<u64>,
    has_failed: bool,
}

impl Shown {
    fn of(order: &Value) -> Self {
        let facts = crate::fixtures::facts_of(order);
        let cert = facts.cert.unwrap_or_default();
        let comments = facts.comments.unwrap_or_default();
        let replaces = comments.split("replaces=").nth(1);
        let until = cert
            .date_valid_until
            .as_ref()
            .and_then(markmonitor_certs::renewals::time::of);
        Self {
            name: cert.common_name.unwrap_or_default(),
            replaces: replaces.map(|rest| rest.trim_end_matches(']').to_owned()),
            csr: cert.csr.as_deref().filter(|csr| !csr.is_empty()).map(bare),
            until: until.and_then(|until| u64::try_from(until).ok()),
            has_failed: facts
                .status
                .is_some_and(|status| ["DIGI_REJECTED", "DIGI_FAILED", "DIGI_CANCELED"].contains(&status.as_str())),
        }
    }
}

fn bare(csr: &str) -> String {
    csr.lines().filter(|line| !line.starts_with('-')).collect()
}
