//! Servers that refuse all the same: their limit is lower than ours, somebody else uses it too, they count what they
//! refuse, or their hints are wrong. Some 429s cannot be helped; they stay few, and every call is served in the end.

use std::{collections::VecDeque, time::Duration};

use markmonitor_certs::client::limiter::Options;

use crate::{
    seconds,
    servers::{Hinting, SecondTenant, Server, SlidingCounter, SlidingLog, server},
    simulation::{Calls, Network, Random, run},
};

const MINUTE: u64 = 60_000_000_000;
const DAY: u64 = 86_400;

/// What serving all calls took.
struct Toll {
    /// Answers of 429 in the first half minute, which the first burst earns: it cannot know.
    first: usize,
    /// And after it.
    later: usize,
    took: Duration,
}

fn serve(name: &str, calls: usize, server: &mut dyn Server) -> Toll {
    let mut sender = Calls::new(&Options::default(), calls);
    let outcome = run(&mut sender, server, &mut Network::steady(Random(7)), seconds(30 * DAY));
    let since_start = |at: &_| markmonitor_certs::client::platform::Instant::since(*at, crate::at(Duration::ZERO));
    let first = outcome
        .refused
        .iter()
        .filter(|at| since_start(at) < seconds(30))
        .count();
    let later = outcome.refused.len() - first;
    let took = outcome.accepted.last().map(since_start).unwrap();
    println!("{name}: {calls} served in {took:.0?}, {first} + {later} of 429");
    assert_eq!(sender.served, calls, "{name}");
    Toll { first, later, took }
}

#[test]
fn a_lower_limit_than_ours_costs_the_first_burst_and_a_429_now_and_then() {
    for (limit, calls) in [(20, 300), (5, 100), (1, 40)] {
        let result = serve(
            &format!("bucket of {limit}"),
            calls,
            &mut *server("bucket", limit, MINUTE, 0),
        );
        assert!(result.first <= 100);
        // At most two for each time that the limit, which rises by one in 12 seconds, has found out the server's: the
        // one that ends its rise, and the first probe after it, which goes early. A limit far too high is halved first.
        assert!(
            result.later as u64 <= 4 + result.took.as_secs() / 48,
            "{} later",
            result.later
        );
        let best = seconds(60 * (calls as u64 - limit) / limit);
        assert!(
            result.took <= best * 5 / 2,
            "{:?} where {best:?} is possible",
            result.took
        );
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
        let result = serve(&format!("{kind}, 30 of 100 go elsewhere"), 3_000, &mut server);
        assert!(result.first + result.later <= 30, "1 %");
        assert!(result.took <= seconds(60 * 3_000 / 70) * 5 / 4);
    }
}

#[test]
fn a_server_that_counts_what_it_refuses_recovers() {
    let (limit, window, counts_refused) = (70, MINUTE, true);
    let mut log = SlidingLog {
        limit,
        window,
        counts_refused,
        log: VecDeque::new(),
    };
    let (phase, current, count, previous) = (MINUTE / 3, 0, 0, 0);
    let mut counter = SlidingCounter {
        limit,
        window,
        phase,
        counts_refused,
        current,
        count,
        previous,
    };
    let servers: [(&str, &mut dyn Server); 2] = [("sliding log", &mut log), ("sliding counter", &mut counter)];
    for (kind, server) in servers {
        let result = serve(&format!("{kind} of 70 that counts what it refuses"), 1_000, server);
        assert!(result.first <= 30 && result.later <= 5);
        assert!(result.took <= seconds(60 * 930 / 70) * 7 / 5);
    }
}

#[test]
fn no_hint_is_bad_enough_to_lose_a_call_or_to_earn_more_429s() {
    let bad = [
        None,
        Some("0"),
        Some("-1"),
        Some("abc"),
        Some("1"),
        Some("61"),
        Some("86400"),
    ];
    // The simulation starts on 2026-01-01 at 0:00.
    let dates = [
        Some("Wed, 31 Dec 2025 23:00:00 GMT"),
        Some("Thu, 01 Jan 2026 00:05:00 GMT"),
    ];
    for hint in bad.into_iter().chain(dates) {
        for limit in [70, 20] {
            let hinted = hint.map(str::to_owned);
            let name = format!("Retry-After: {hint:?}, sliding log of {limit}");
            let mut server = Hinting {
                server: server("sliding log", limit, MINUTE, 0),
                hint: |_| hinted.clone(),
            };
            let result = serve(&name, 500, &mut server);
            // A long wait empties the log, and a burst at a limit that is still too high follows it: one 429 in ten calls.
            assert!(result.first as u64 <= 100 - limit && result.later <= 50, "{name}");
            // Only a wait that the server asks for by name may take long.
            let longest = if hint == Some("86400") {
                seconds(16 * DAY)
            } else {
                seconds(60 * 500 / limit) * 2
            };
            assert!(result.took <= longest, "{name}");
        }
    }
}
