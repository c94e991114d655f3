//! Callers take turns: whoever has thousands of calls waiting holds up nobody else.

use markmonitor_certs::client::limiter::{Lane, Limiter, Options, Priority, Ticket, Turn};
use proptest::prelude::*;

use crate::{at, millis, seconds};

fn limiter(limit: u32) -> Limiter {
    Limiter::new(&Options {
        limit,
        ..Options::default()
    })
}

fn lane(name: &str) -> Lane {
    Lane::named(name)
}

/// The next so many that are sent, each answered at once.
fn served(limiter: &mut Limiter, count: usize) -> Vec<Ticket> {
    let mut now = at(seconds(0));
    let mut served = Vec::new();
    while served.len() < count {
        match limiter.poll(now) {
            Turn::Granted(ticket) => {
                limiter.answered(ticket, now);
                served.push(ticket);
            }
            Turn::At(at) => now = at,
            turn @ (Turn::AwaitChange | Turn::Idle) => panic!("{turn:?} after {}", served.len()),
        }
    }
    served
}

#[test]
fn one_call_goes_right_away_although_another_caller_has_3000_waiting() {
    for priority in [Priority::High, Priority::Normal, Priority::Low] {
        let mut limiter = limiter(100);
        let start = at(seconds(0));
        let many: Vec<_> = (0..3_000)
            .map(|_| limiter.enter(priority, lane("report"), start))
            .collect();
        assert_eq!(served(&mut limiter, 150), many[..150]);
        let one = limiter.enter(priority, lane("page"), start);
        assert!(served(&mut limiter, 2).contains(&one), "{priority:?}");
        assert_eq!(
            served(&mut limiter, 100),
            many[151..251],
            "and the others keep their order"
        );
    }
}

#[test]
fn a_lane_that_was_idle_has_saved_up_no_turns_and_lost_none() {
    let mut limiter = limiter(100);
    let start = at(seconds(0));
    let first = limiter.enter(Priority::Normal, lane("a"), start);
    assert_eq!(served(&mut limiter, 1), [first]);
    let many: Vec<_> = (0..100)
        .map(|_| limiter.enter(Priority::Normal, lane("b"), start))
        .collect();
    assert_eq!(served(&mut limiter, 50), many[..50]);
    // Calls that were given up count as if they had never been.
    let given_up: Vec<_> = (0..500)
        .map(|_| limiter.enter(Priority::Normal, lane("a"), start))
        .collect();
    for ticket in given_up {
        limiter.leave(ticket, start);
    }
    let late: Vec<_> = (0..3)
        .map(|_| limiter.enter(Priority::Normal, lane("a"), start))
        .collect();
    let next = served(&mut limiter, 6);
    assert_eq!(next, [many[50], late[0], many[51], late[1], many[52], late[2]]);
}

#[test]
fn a_refused_call_goes_before_those_of_every_lane() {
    let mut limiter = limiter(100);
    let start = at(seconds(0));
    let calls: Vec<_> = ["a", "a", "b"]
        .map(|name| limiter.enter(Priority::Normal, lane(name), start))
        .into();
    let Turn::Granted(sent) = limiter.poll(start) else {
        panic!("a slot is free")
    };
    assert_eq!(sent, calls[0]);
    limiter.refused(sent, None, start);
    limiter.enter(Priority::Normal, lane("c"), start);
    assert_eq!(limiter.head(), Some(sent));
}

#[test]
fn names_that_differ_are_lanes_that_differ() {
    let names = ["", "a", "b", "ab", "ba", "page", "report", "ä"];
    let lanes: std::collections::BTreeSet<_> = names.map(lane).into();
    assert_eq!(lanes.len(), names.len());
    assert_eq!(lane("page"), lane("page"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Between two calls of a lane that always has one waiting, every other lane goes twice at most, once for each of the
    /// two rounds that they are of.
    #[test]
    fn whoever_waits_waits_for_two_turns_of_each_other_lane_at_most(
        sizes in prop::collection::vec(1_usize..40, 1..8),
        arrivals in any::<u64>(),
    ) {
        let mut limiter = limiter(50);
        let mut left: Vec<(usize, usize)> = sizes.iter().copied().enumerate().collect();
        let mut entered: Vec<(usize, Ticket)> = Vec::new();
        let mut seed = arrivals;
        while !left.is_empty() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let index = usize::try_from(seed >> 33).unwrap() % left.len();
            let name = left[index].0;
            entered.push((name, limiter.enter(Priority::Normal, lane(&name.to_string()), at(millis(0)))));
            left[index].1 -= 1;
            left.retain(|(_, count)| *count > 0);
        }
        let order: Vec<usize> = served(&mut limiter, entered.len())
            .iter()
            .map(|ticket| entered.iter().find(|(_, other)| other == ticket).unwrap().0)
            .collect();
        for (name, size) in sizes.iter().enumerate() {
            let places: Vec<usize> = (0..order.len()).filter(|&place| order[place] == name).collect();
            prop_assert_eq!(places.len(), *size);
            for pair in places.windows(2) {
                let between = &order[pair[0] + 1..pair[1]];
                for other in 0..sizes.len() {
                    prop_assert!(between.iter().filter(|&&name| name == other).count() <= 2, "{:?}", order);
                }
            }
        }
    }
}
