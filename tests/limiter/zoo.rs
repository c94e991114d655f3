//! An hour of saturation against each kind of server, and proof that the servers would notice a worse rule.
//!
//! The best possible throughput is the limit per window: 100 a minute, 6 000 an hour. It is counted at the server,
//! over an hour that starts five minutes after the first call, when the first burst, which adds a hundred to any
//! rule, no longer tells.

use std::{collections::BTreeMap, time::Duration};

use markmonitor_certs::client::{
    limiter::{Options, rule::TwoWindowRule},
    platform::Instant,
};

use crate::{
    at, millis, seconds,
    servers::{KINDS, Server, server},
    simulation::{Calls, Network, Outcome, Random, Sender, Step, run},
};

const LIMIT: usize = 100;
const WINDOW: Duration = Duration::from_secs(60);
const SLACK: Duration = Duration::from_millis(250);

/// What the network has to do now and then for the worse rules to be found out.
const STALL: Duration = Duration::from_secs(4);

/// All kinds at once: each sees every request, and what one would refuse is counted, not answered.
struct Zoo {
    servers: Vec<(&'static str, Box<dyn Server>)>,
    refused: BTreeMap<&'static str, usize>,
}

impl Zoo {
    fn new(phase: Duration) -> Self {
        let open = |kind| (kind, server(kind, LIMIT as u64, nanos(WINDOW), nanos(phase)));
        Self {
            servers: KINDS.map(open).into(),
            refused: BTreeMap::new(),
        }
    }
}

impl Server for Zoo {
    fn accepts(&mut self, now: u64) -> bool {
        for (kind, server) in &mut self.servers {
            if !server.accepts(now) {
                *self.refused.entry(kind).or_default() += 1;
            }
        }
        true
    }
}

fn saturate(sender: &mut dyn Sender, seed: u64, stall: Duration, end: Duration) -> (Outcome, Zoo) {
    let mut random = Random(seed);
    let mut zoo = Zoo::new(millis(random.below(60_000)));
    let outcome = run(sender, &mut zoo, &mut Network { random, stall }, end);
    (outcome, zoo)
}

#[test]
fn an_hour_of_saturation_earns_no_429_and_97_percent_of_the_best_throughput() {
    for seed in 1..=4 {
        let mut calls = Calls::new(&Options::default(), usize::MAX);
        let (outcome, zoo) = saturate(&mut calls, seed, Duration::ZERO, seconds(65 * 60));
        let served = outcome.accepted_between(seconds(5 * 60), seconds(65 * 60));
        println!("seed {seed}: {served} of 6000 served; of 429: {:?}", zoo.refused);
        assert!(zoo.refused.is_empty(), "seed {seed}: {:?}", zoo.refused);
        assert!(served * 100 >= 6000 * 97, "seed {seed}: {served} of 6000 served");
        assert!(
            outcome.sent[..LIMIT].iter().all(|&at| at == Instant::default()),
            "the first burst waits"
        );
    }
}

#[test]
fn a_network_that_stalls_earns_no_429() {
    for seed in 1..=2 {
        let mut calls = Calls::new(&Options::default(), usize::MAX);
        let (outcome, zoo) = saturate(&mut calls, seed, STALL, seconds(65 * 60));
        let served = outcome.accepted_between(seconds(5 * 60), seconds(65 * 60));
        println!("seed {seed}: {served} of 6000 served; of 429: {:?}", zoo.refused);
        assert!(zoo.refused.is_empty(), "seed {seed}: {:?}", zoo.refused);
    }
}

/// What a rule may know: when requests were sent and when they were answered.
#[derive(Default)]
struct History {
    sent: Vec<u64>,
    answered: Vec<u64>,
}

impl History {
    fn in_flight(&self) -> usize {
        self.sent.len() - self.answered.len()
    }
}

/// Sends as early as a rule over the history says.
struct By<F: Fn(&History) -> Option<u64>> {
    rule: F,
    history: History,
}

impl<F: Fn(&History) -> Option<u64>> Sender for By<F> {
    fn poll(&mut self, now: Instant) -> Step {
        let now = nanos(now.since(Instant::default()));
        match (self.rule)(&self.history) {
            None => Step::Wait,
            Some(free) if free > now => Step::At(at(Duration::from_nanos(free))),
            Some(_) => {
                self.history.sent.push(now);
                Step::Send(self.history.sent.len())
            }
        }
    }

    fn answered(&mut self, _call: usize, now: Instant) {
        self.history.answered.push(nanos(now.since(Instant::default())));
    }

    fn refused(&mut self, _call: usize, _hint: Option<Duration>, _now: Instant) {
        panic!("the zoo refuses nothing");
    }
}

/// Which kinds refuse something within a quarter of an hour, in three seeds, when the network stalls.
fn refusing(rule: impl Fn(&History) -> Option<u64> + Copy) -> Vec<&'static str> {
    let refused = (1..=3).flat_map(|seed| {
        let mut sender = By {
            rule,
            history: History::default(),
        };
        saturate(&mut sender, seed, STALL, seconds(15 * 60)).1.refused
    });
    let by_kind: BTreeMap<_, _> = refused.collect();
    println!("{by_kind:?}");
    by_kind.into_keys().collect()
}

/// The youngest that can still count, aged from the moment at which the slack is over.
fn recent(times: &[u64]) -> Vec<u64> {
    times[times.len().saturating_sub(2 * LIMIT + 50)..]
        .iter()
        .map(|time| time + nanos(SLACK))
        .collect()
}

#[test]
fn the_rule_by_itself_is_refused_by_nobody() {
    let refusing = refusing(|history| {
        let rule = TwoWindowRule {
            window: nanos(WINDOW),
            settled: &recent(&history.answered),
            in_flight: history.in_flight() as u64,
        };
        rule.free_at(LIMIT as u64)
    });
    assert!(refusing.is_empty(), "{refusing:?}");
}

#[test]
fn send_time_in_place_of_response_time_is_refused() {
    let refusing = refusing(|history| {
        let rule = TwoWindowRule {
            window: nanos(WINDOW),
            settled: &recent(&history.sent),
            in_flight: 0,
        };
        rule.free_at(LIMIT as u64)
    });
    assert!(refusing.contains(&"sliding log"), "{refusing:?}");
}

#[test]
fn an_own_fixed_window_is_refused() {
    let refusing = refusing(|history| {
        let Some(opener) = history
            .sent
            .len()
            .checked_sub(LIMIT)
            .filter(|_| history.sent.len() % LIMIT == 0)
        else {
            return Some(0);
        };
        Some(history.sent[opener] + nanos(WINDOW))
    });
    assert!(refusing.contains(&"sliding log"), "{refusing:?}");
}

#[test]
fn the_rule_without_its_guard_is_refused_by_a_sliding_counter() {
    let refusing = refusing(|history| {
        let slots = LIMIT.checked_sub(history.in_flight()).filter(|&slots| slots > 0)?;
        let Some(oldest) = history.answered.len().checked_sub(slots) else {
            return Some(0);
        };
        Some(history.answered[oldest] + nanos(SLACK) + nanos(WINDOW) + 1)
    });
    assert_eq!(refusing, ["sliding counter"]);
}

#[test]
fn a_bucket_of_our_own_is_refused() {
    let refusing = refusing(|history| {
        // Token i is there when the bucket, full at the start and at most full ever after, has it.
        let step = nanos(WINDOW) / LIMIT as u64;
        let sent = history.sent.len() as u64;
        Some(sent.saturating_sub(LIMIT as u64 - 1) * step)
    });
    assert!(refusing.contains(&"fixed window"), "{refusing:?}");
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap()
}
