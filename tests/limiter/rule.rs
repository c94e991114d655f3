//! The rule against brute force, and its proof against the servers themselves, in small whole numbers where every
//! tie and every edge comes up.

use std::collections::BTreeMap;

use markmonitor_certs::client::limiter::rule::TwoWindowRule;
use proptest::prelude::*;

use crate::servers::{KINDS, server};

/// `load(x) + 1 ≤ limit` for every x of half a tick's step, straight from the definition.
fn may_send(settled: &[u64], in_flight: u64, window: u64, limit: u64, now: u64) -> bool {
    let ages: Vec<u64> = settled.iter().map(|settled| now.saturating_sub(*settled) * 2).collect();
    let window = window * 2;
    (0..=window).all(|x| {
        let count = |from: Option<u64>, to: u64| {
            ages.iter()
                .filter(|&&age| from.is_none_or(|from| age > from) && age <= to)
                .count() as u64
        };
        let young = in_flight + count(None, x);
        let old = count(Some(x), x + window);
        (young + 1) * window + old * (window - x) <= limit * window
    })
}

prop_compose! {
    fn log()(window in 1_u64..25, limit in 1_u64..9)(
        mut settled in prop::collection::vec(0_u64..80, 0..16),
        in_flight in 0..=limit,
        window in Just(window),
        limit in Just(limit),
    ) -> (Vec<u64>, u64, u64, u64) {
        settled.sort_unstable();
        (settled, in_flight, window, limit)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_free_moment_is_the_first_at_which_the_definition_allows_one_more((settled, in_flight, window, limit) in log()) {
        let rule = TwoWindowRule { window, settled: &settled, in_flight };
        for now in 0..140 {
            let free = rule.free_at(limit).is_some_and(|free| free <= now);
            prop_assert_eq!(free, may_send(&settled, in_flight, window, limit, now), "at {}", now);
        }
    }

    #[test]
    fn the_load_is_what_the_definition_leaves_no_room_beside((settled, in_flight, window, _) in log()) {
        let rule = TwoWindowRule { window, settled: &settled, in_flight };
        for now in 0..140 {
            let load = rule.load(now);
            prop_assert!(may_send(&settled, in_flight, window, load + 1, now), "room beside {} at {}", load, now);
            prop_assert!(load == 0 || !may_send(&settled, in_flight, window, load, now), "no room for {} at {}", load, now);
        }
    }

    #[test]
    fn what_settled_more_than_two_windows_ago_changes_nothing((settled, in_flight, window, limit) in log(), now in 0_u64..140) {
        let recent: Vec<u64> = settled.iter().copied().filter(|settled| settled + 2 * window >= now).collect();
        let free = |settled: &[u64]| TwoWindowRule { window, settled, in_flight }.free_at(limit).map(|free| free.max(now));
        prop_assert_eq!(free(&settled), free(&recent));
    }

    /// The proof, tried: sent as early as the rule allows, with any latency there and back and no slack at all.
    #[test]
    fn no_server_refuses_what_the_rule_allows(
        kind in prop::sample::select(KINDS.as_slice()),
        window in 1_u64..30,
        limit in 1_u64..7,
        phase in 0_u64..30,
        latencies in prop::collection::vec((0_u64..40, 0_u64..40, 0_u64..12), 60),
    ) {
        let mut server = server(kind, limit, window, phase);
        let mut latencies = latencies.into_iter();
        let (mut settled, mut in_flight) = (Vec::new(), 0);
        // What happens when: arrivals at the server before answers, and both before what is sent.
        let mut events: BTreeMap<(u64, bool, usize), u64> = BTreeMap::new();
        let (mut now, mut sent) = (0, 0);
        loop {
            let free = TwoWindowRule { window, settled: &settled, in_flight }.free_at(limit);
            let next = events.first_key_value().map(|(&(at, ..), _)| at);
            let free = free.map(|free| free.max(now)).filter(|free| next.is_none_or(|next| *free < next));
            if let Some(free) = free {
                // A caller may also be late: the rule must not depend on being asked at once.
                let Some((there, back, late)) = latencies.next() else { break };
                now = next.map_or(free + late, |next| next.min(free + late));
                if free + late <= now {
                    events.insert((now + there, false, sent), back);
                    (in_flight, sent) = (in_flight + 1, sent + 1);
                    continue;
                }
            }
            let Some(((at, answered, id), back)) = events.pop_first() else { continue };
            now = at;
            if answered {
                in_flight -= 1;
                settled.push(now);
            } else {
                prop_assert!(server.accepts(now), "{} refused request {} at {}", kind, id, now);
                events.insert((now + back, true, id), 0);
            }
        }
    }
}

#[test]
fn a_burst_of_the_whole_limit_waits_for_nothing() {
    for in_flight in 0..100 {
        assert_eq!(
            TwoWindowRule {
                window: 60_000,
                settled: &[],
                in_flight
            }
            .free_at(100),
            Some(0)
        );
    }
    assert_eq!(
        TwoWindowRule {
            window: 60_000,
            settled: &[],
            in_flight: 100
        }
        .free_at(100),
        None
    );
}

#[test]
fn after_a_burst_slots_become_free_one_window_later_and_then_evenly() {
    let settled = [1_000; 100];
    let free = |in_flight| {
        TwoWindowRule {
            window: 60_000,
            settled: &settled,
            in_flight,
        }
        .free_at(100)
    };
    assert_eq!(free(0), Some(61_600));
    assert_eq!(free(1), Some(62_200));
    assert_eq!(free(49), Some(91_000));
}
