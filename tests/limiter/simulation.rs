//! A limiter, a network and a server, event by event. Nothing sleeps: time is a number.

use std::{collections::BTreeMap, time::Duration};

use markmonitor_certs::client::{
    limiter::{Lane, Limiter, Options, Priority, Ticket, Turn},
    platform::Instant,
    retry_after,
};

use crate::{millis, servers::Server};

/// Something that decides when to send: the limiter, or a mutant of it.
pub trait Sender {
    fn poll(&mut self, now: Instant) -> Step;
    fn answered(&mut self, call: usize, now: Instant);
    fn refused(&mut self, call: usize, hint: Option<Duration>, now: Instant);
}

pub enum Step {
    Send(usize),
    At(Instant),
    /// For an answer, or for ever.
    Wait,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    pub sent: Vec<Instant>,
    /// When each request that the server let through reached it.
    pub accepted: Vec<Instant>,
    pub refused: Vec<Instant>,
}

impl Outcome {
    /// How many the server let through in a span of time.
    pub fn accepted_between(&self, from: Duration, to: Duration) -> usize {
        let span = Instant::from_origin(from)..Instant::from_origin(to);
        self.accepted.iter().filter(|at| span.contains(at)).count()
    }
}

enum Event {
    Arrival,
    Answer {
        accepted: bool,
        retry_after: Option<String>,
    },
}

/// Runs until nothing is left to do, or to the end of time.
pub fn run(sender: &mut dyn Sender, server: &mut dyn Server, network: &mut Network, end: Duration) -> Outcome {
    let end = Instant::from_origin(end);
    let mut now = Instant::default();
    let mut outcome = Outcome::default();
    let mut events: BTreeMap<(Instant, usize, usize), Event> = BTreeMap::new();
    let mut count = 0..;
    loop {
        let alarm = loop {
            match sender.poll(now) {
                Step::Send(call) => {
                    outcome.sent.push(now);
                    events.insert(
                        (now.after(network.latency(now)), count.next().unwrap(), call),
                        Event::Arrival,
                    );
                }
                Step::At(at) => break Some(at),
                Step::Wait => break None,
            }
        };
        let next = events.first_key_value().map(|(&(at, ..), _)| at);
        let Some(next_moment) = next.into_iter().chain(alarm).min().filter(|at| *at <= end) else {
            return outcome;
        };
        now = next_moment;
        while let Some(event) = events.first_entry().filter(|event| event.key().0 <= now) {
            let ((_, _, call), event) = event.remove_entry();
            match event {
                Event::Arrival => {
                    let nanos = u64::try_from(now.since(Instant::default()).as_nanos()).unwrap();
                    let accepted = server.accepts(nanos);
                    if accepted {
                        &mut outcome.accepted
                    } else {
                        &mut outcome.refused
                    }
                    .push(now);
                    let retry_after = if accepted { None } else { server.retry_after(nanos) };
                    let answer = Event::Answer { accepted, retry_after };
                    events.insert((now.after(network.latency(now)), count.next().unwrap(), call), answer);
                }
                Event::Answer { accepted: true, .. } => sender.answered(call, now),
                Event::Answer {
                    accepted: false,
                    retry_after,
                } => {
                    let headers: Vec<_> = retry_after
                        .map(|value| ("retry-after".to_owned(), value))
                        .into_iter()
                        .collect();
                    sender.refused(call, retry_after::retry_after(&headers, || wall_clock(now)), now);
                }
            }
        }
    }
}

/// Milliseconds since 1970: the simulation starts on 2026-01-01.
pub fn wall_clock(now: Instant) -> u64 {
    1_767_225_600_000 + u64::try_from(now.since(Instant::default()).as_millis()).unwrap()
}

/// One way through the network: mostly 10 to 190 ms, sometimes seconds, so that requests and answers overtake.
pub struct Network {
    pub random: Random,
    /// Every two minutes all that is on its way stands still for so long, and then arrives together.
    pub stall: Duration,
}

impl Network {
    pub fn steady(random: Random) -> Self {
        Self {
            random,
            stall: Duration::ZERO,
        }
    }

    fn latency(&mut self, now: Instant) -> Duration {
        let usual = millis(10 + self.random.below(180));
        let stray = if self.random.below(200) == 0 {
            millis(self.random.below(10_000))
        } else {
            Duration::ZERO
        };
        let into_stall = now.since(Instant::default()).as_millis() % 120_000;
        let into_stall = millis(u64::try_from(into_stall).unwrap());
        usual + stray + self.stall.saturating_sub(into_stall)
    }
}

/// A linear congruential generator (constants of PCG): the same numbers in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The limiter with so many calls to make, the next one always waiting.
pub struct Calls {
    limiter: Limiter,
    left: usize,
    sent: BTreeMap<usize, Ticket>,
    numbers: BTreeMap<Ticket, usize>,
    pub served: usize,
}

impl Calls {
    pub fn new(options: &Options, calls: usize) -> Self {
        Self {
            limiter: Limiter::new(options),
            left: calls,
            sent: BTreeMap::new(),
            numbers: BTreeMap::new(),
            served: 0,
        }
    }
}

impl Sender for Calls {
    fn poll(&mut self, now: Instant) -> Step {
        if self.left > 0 && self.limiter.head().is_none() {
            self.left -= 1;
            self.limiter.enter(Priority::Normal, Lane::default(), now);
        }
        match self.limiter.poll(now) {
            Turn::Granted(ticket) => {
                let next = self.numbers.len();
                let number = *self.numbers.entry(ticket).or_insert(next);
                self.sent.insert(number, ticket);
                Step::Send(number)
            }
            Turn::At(at) => Step::At(at),
            Turn::AwaitChange | Turn::Idle => Step::Wait,
        }
    }

    fn answered(&mut self, call: usize, now: Instant) {
        self.served += 1;
        self.limiter.answered(self.sent[&call], now);
    }

    fn refused(&mut self, call: usize, hint: Option<Duration>, now: Instant) {
        self.limiter.refused(self.sent[&call], hint, now);
    }
}
