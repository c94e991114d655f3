//! How long calls would take, beside how long they take.

use std::time::Duration;

use markmonitor_certs::client::{
    limiter::{Lane, Limiter, Options, Priority, Turn},
    platform::Instant,
};
use proptest::prelude::*;

use crate::{at, millis, seconds};

const START: Instant = Instant::from_origin(Duration::ZERO);

fn lane(number: u64) -> Lane {
    Lane::named(&number.to_string())
}

fn estimate(limiter: &Limiter, count: u64, now: Instant) -> Duration {
    limiter.estimate(count, Priority::Normal, lane(0), now)
}

/// Makes so many calls, whose replies come at once, and says how long it takes until the last is sent.
fn takes(limiter: &mut Limiter, count: u64, priority: Priority, lane: Lane, start: Instant) -> Duration {
    let mine: Vec<_> = (0..count).map(|_| limiter.enter(priority, lane, start)).collect();
    let (mut now, mut left) = (start, mine.len());
    if left == 0 {
        return Duration::ZERO;
    }
    loop {
        match limiter.poll(now) {
            Turn::Granted(ticket) => {
                limiter.answered(ticket, now);
                left -= usize::from(mine.contains(&ticket));
                if left == 0 {
                    return now.since(start);
                }
            }
            Turn::At(at) => now = at,
            turn @ (Turn::AwaitChange | Turn::Idle) => panic!("{turn:?}"),
        }
    }
}

#[test]
fn the_first_hundred_take_no_time_and_the_next_a_window() {
    let limiter = Limiter::new(&Options::default());
    for (count, least, most) in [
        (0, 0, 0),
        (1, 0, 0),
        (100, 0, 0),
        (101, 60, 62),
        (200, 60, 125),
        (1_000, 540, 620),
    ] {
        let estimate = estimate(&limiter, count, START);
        assert!(
            (seconds(least)..=seconds(most)).contains(&estimate),
            "{count}: {estimate:?}"
        );
    }
    let unlimited = Limiter::new(&Options::unlimited());
    assert_eq!(estimate(&unlimited, 1_000_000, START), Duration::ZERO);
}

#[test]
fn a_million_calls_are_counted_with_the_mean_pace() {
    let limiter = Limiter::new(&Options::default());
    let estimate = estimate(&limiter, 1_000_000, START);
    let least = seconds(60 * (1_000_000 / 100 - 1));
    assert!(estimate >= least && estimate <= least.mul_f64(1.03), "{estimate:?}");
    assert!(self::estimate(&limiter, u64::MAX, START) > estimate);
}

#[test]
fn pause_and_gate_count_and_a_pause_without_an_end_is_for_ever() {
    let mut limiter = Limiter::new(&Options::default());
    limiter.pause(Some(at(seconds(7))));
    assert_eq!(estimate(&limiter, 1, START), seconds(7));
    limiter.pause(None);
    assert_eq!(estimate(&limiter, 1, START), Duration::MAX);
    assert_eq!(estimate(&limiter, 0, START), Duration::ZERO);
    limiter.resume(START);
    let ticket = limiter.enter(Priority::Normal, lane(0), START);
    assert_eq!(limiter.poll(START), Turn::Granted(ticket));
    limiter.refused(ticket, Some(seconds(20)), START);
    limiter.leave(ticket, START);
    assert_eq!(estimate(&limiter, 1, START), seconds(20));
}

#[test]
fn calls_of_others_count_by_turns_and_those_of_lower_priority_hardly() {
    let mut limiter = Limiter::new(&Options::default());
    for _ in 0..1_000 {
        limiter.enter(Priority::Normal, lane(1), START);
    }
    assert_eq!(estimate(&limiter, 50, START), Duration::ZERO);
    let behind = limiter.estimate(50, Priority::Normal, lane(1), START);
    assert!(behind > seconds(500), "{behind:?}");
    assert_eq!(limiter.estimate(100, Priority::High, lane(1), START), Duration::ZERO);
    assert!(limiter.estimate(1, Priority::Low, lane(0), START) + seconds(60) > behind);
}

#[test]
fn polls_take_one_slot_in_twenty_from_ordinary_calls_and_none_from_others() {
    let mut limiter = Limiter::new(&Options::default());
    for _ in 0..100 {
        limiter.enter(Priority::Low, lane(1), START);
    }
    assert_eq!(estimate(&limiter, 96, START), Duration::ZERO);
    assert!(estimate(&limiter, 97, START) > seconds(60));
    assert_eq!(limiter.estimate(100, Priority::High, lane(0), START), Duration::ZERO);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn an_estimate_is_what_calls_take_whose_replies_come_at_once(
        limit in 1_u32..30,
        sent in 0_u64..40,
        waiting in prop::collection::vec((0_u64..4, prop::sample::select(vec![Priority::High, Priority::Normal])), 0..60),
        passed in 0_u64..3_000,
        paused in prop::option::of(0_u64..5_000),
        refused in prop::option::of(0_u64..20_000),
        count in 1_u64..120,
    ) {
        let options = Options { limit, window: seconds(1), slack: millis(10), ..Options::default() };
        let mut limiter = Limiter::new(&options);
        let mut now = START;
        for passed in [0, 200, passed] {
            now = now.after(takes(&mut limiter, sent, Priority::Normal, lane(9), now));
            now = now.after(millis(passed));
        }
        if let Some(refused) = refused {
            // A probe that is answered ends the episode: what is left of it is a limit that rises.
            let ticket = limiter.enter(Priority::High, lane(9), now);
            if limiter.poll(now) == Turn::Granted(ticket) {
                limiter.refused(ticket, None, now);
                now = now.after(seconds(10));
                prop_assert_eq!(limiter.poll(now), Turn::Granted(ticket));
                limiter.answered(ticket, now);
            } else {
                limiter.leave(ticket, now);
            }
            now = now.after(millis(refused));
        }
        if let Some(paused) = paused {
            limiter.pause(Some(now.after(millis(paused))));
        }
        for (number, priority) in waiting {
            limiter.enter(priority, lane(number), now);
        }
        let estimate = limiter.estimate(count, Priority::Normal, lane(0), now);
        prop_assert_eq!(estimate, takes(&mut limiter, count, Priority::Normal, lane(0), now));
    }
}
