//! The limiter step by step: who goes first, what a 429 does, what is paused and what is given up.

use markmonitor_certs::client::{
    limiter::{Lane, Limiter, Options, Priority, Ticket, Turn},
    platform::Instant,
};

use crate::{at, millis, seconds};

const START: Instant = Instant::from_origin(std::time::Duration::ZERO);

fn limiter(limit: u32) -> Limiter {
    Limiter::new(&Options {
        limit,
        ..Options::default()
    })
}

/// Grants what can be granted.
fn granted(limiter: &mut Limiter, now: Instant) -> Vec<Ticket> {
    std::iter::from_fn(|| match limiter.poll(now) {
        Turn::Granted(ticket) => Some(ticket),
        Turn::At(_) | Turn::AwaitChange | Turn::Idle => None,
    })
    .collect()
}

/// So many calls join the queue.
fn enter(limiter: &mut Limiter, count: usize, priority: Priority, now: Instant) -> Vec<Ticket> {
    (0..count)
        .map(|_| limiter.enter(priority, Lane::default(), now))
        .collect()
}

/// Sends so many and has them answered at once.
fn serve(limiter: &mut Limiter, count: usize, now: Instant) {
    enter(limiter, count, Priority::High, now);
    let tickets = granted(limiter, now);
    assert_eq!(tickets.len(), count);
    for ticket in tickets {
        limiter.answered(ticket, now);
    }
}

#[test]
fn high_goes_before_normal_before_low_and_each_in_the_order_of_arrival() {
    let mut limiter = limiter(100);
    let low = enter(&mut limiter, 2, Priority::Low, START);
    let normal = enter(&mut limiter, 2, Priority::Normal, START);
    let high = enter(&mut limiter, 2, Priority::High, START);
    assert_eq!(granted(&mut limiter, START), [high, normal, low].concat());
}

#[test]
fn low_stays_behind_normal_however_long_it_has_waited_but_for_one_slot_in_twenty() {
    let mut limiter = limiter(100);
    let polls = enter(&mut limiter, 3, Priority::Low, START);
    let window_later = at(seconds(60));
    limiter.pause(Some(window_later));
    enter(&mut limiter, 97, Priority::Normal, window_later);
    let sent = granted(&mut limiter, window_later);
    let place = |poll| sent.iter().position(|ticket| ticket == poll);
    assert_eq!(
        polls.iter().map(place).collect::<Vec<_>>(),
        [Some(19), Some(39), Some(59)]
    );
}

#[test]
fn low_that_has_not_waited_for_a_window_goes_when_nobody_else_waits() {
    let mut limiter = limiter(100);
    let polls = enter(&mut limiter, 3, Priority::Low, START);
    limiter.pause(Some(at(millis(59_999))));
    enter(&mut limiter, 50, Priority::Normal, START);
    let sent = granted(&mut limiter, at(millis(59_999)));
    assert_eq!(sent[50..], polls);
}

#[test]
fn low_leaves_five_of_100_slots_to_others() {
    let mut limiter = limiter(100);
    enter(&mut limiter, 200, Priority::Low, START);
    let sent = granted(&mut limiter, START);
    assert_eq!(sent.len(), 95);
    enter(&mut limiter, 6, Priority::Normal, START);
    assert_eq!(granted(&mut limiter, START).len(), 5);
    for ticket in sent {
        limiter.leave(ticket, START);
    }
    assert_eq!(granted(&mut limiter, at(seconds(59))), []);
    let later = granted(&mut limiter, at(seconds(70)));
    assert!(!later.is_empty());
}

#[test]
fn low_never_starves_where_every_other_call_finds_a_slot_at_once() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 96, START);
    let poll = enter(&mut limiter, 1, Priority::Low, START)[0];
    // As many callers as the limit allows: they leave no more than the five slots that are kept from polls.
    let sent_before_the_poll = (1..2_000).find(|count| {
        let now = at(millis(count * 620));
        enter(&mut limiter, 1, Priority::Normal, now);
        let sent = granted(&mut limiter, now);
        for &ticket in &sent {
            limiter.answered(ticket, now);
        }
        sent.contains(&poll)
    });
    // A window, twenty of the others, and what a slot takes to become free.
    let longest = (60_000 / 620) + 20 + 2;
    assert!(
        sent_before_the_poll.is_some_and(|count| (60_000 / 620..=longest).contains(&count)),
        "{sent_before_the_poll:?}"
    );
}

#[test]
fn a_limit_of_one_serves_low_too() {
    let mut limiter = limiter(1);
    enter(&mut limiter, 1, Priority::Low, START);
    assert_eq!(granted(&mut limiter, START).len(), 1);
}

#[test]
fn a_refused_call_is_the_next_of_its_priority_but_lets_a_higher_one_by() {
    let mut limiter = limiter(100);
    let calls = enter(&mut limiter, 3, Priority::Normal, START);
    let sent = match limiter.poll(START) {
        Turn::Granted(ticket) => ticket,
        turn => panic!("{turn:?}"),
    };
    assert_eq!(limiter.refused(sent, Some(seconds(9)), START), seconds(9));
    assert_eq!(limiter.head(), Some(calls[0]));
    let high = limiter.enter(Priority::High, Lane::default(), START);
    assert_eq!(limiter.head(), Some(high));
}

#[test]
fn a_429_closes_the_gate_and_one_probe_reopens_it() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 10, START);
    enter(&mut limiter, 5, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    assert_eq!(limiter.refused(sent[0], Some(seconds(3)), START), seconds(3));
    assert_eq!(
        limiter.refused(sent[1], None, START),
        seconds(3),
        "sent before the gate closed"
    );
    assert_eq!(
        limiter.refused(sent[2], Some(seconds(7)), START),
        seconds(7),
        "but its hint counts"
    );
    limiter.answered(sent[3], START);
    assert_eq!(
        limiter.poll(START),
        Turn::At(at(seconds(7))),
        "an answer from before ends nothing"
    );
    limiter.resume(START);

    let now = at(seconds(130));
    assert_eq!(granted(&mut limiter, now), [sent[0]], "one probe");
    assert_eq!(limiter.poll(now), Turn::AwaitChange);
    limiter.answered(sent[0], now);
    assert_eq!(granted(&mut limiter, now).len(), 2);
    assert_eq!(limiter.state(now).throttled, 3);
}

#[test]
fn without_a_hint_the_gate_stays_closed_for_1_2_4_up_to_60_seconds() {
    let mut limiter = Limiter::new(&Options {
        adaptive: false,
        ..Options::default()
    });
    enter(&mut limiter, 1, Priority::Normal, START);
    let mut now = START;
    for back_off in [1, 2, 4, 8, 16, 32, 60, 60] {
        let [probe] = granted(&mut limiter, now)[..] else {
            panic!("no probe")
        };
        assert_eq!(limiter.refused(probe, None, now), seconds(back_off));
        assert_eq!(limiter.poll(now), Turn::At(now.after(seconds(back_off))));
        now = now.after(seconds(back_off));
    }
}

#[test]
fn a_hint_that_keeps_being_too_short_does_not_shorten_the_back_off() {
    let mut limiter = Limiter::new(&Options {
        adaptive: false,
        ..Options::default()
    });
    enter(&mut limiter, 1, Priority::Normal, START);
    let mut now = START;
    for closed in [3, 3, 4, 8] {
        let [probe] = granted(&mut limiter, now)[..] else {
            panic!("no probe")
        };
        assert_eq!(limiter.refused(probe, Some(seconds(3)), now), seconds(closed));
        now = now.after(seconds(closed));
    }
}

#[test]
fn a_wait_of_centuries_closes_the_gate_for_an_hour_and_then_one_probe_asks() {
    let mut limiter = limiter(100);
    enter(&mut limiter, 3, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    let mut now = START;
    for named in [seconds(3_601), seconds(10_000_000_000), std::time::Duration::MAX] {
        assert_eq!(limiter.refused(sent[0], Some(named), now), seconds(3_600), "{named:?}");
        limiter.refused(sent[1], Some(named), now);
        assert_eq!(limiter.poll(now), Turn::At(now.after(seconds(3_600))));
        now = now.after(seconds(3_600));
        assert_eq!(granted(&mut limiter, now), [sent[0]], "one probe");
        assert_eq!(limiter.poll(now), Turn::AwaitChange);
    }
    limiter.answered(sent[0], now);
    assert_eq!(granted(&mut limiter, now), [sent[1]], "the gate is open");
}

#[test]
fn a_probe_that_is_given_up_is_followed_by_another() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 50, START);
    enter(&mut limiter, 2, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    limiter.refused(sent[0], None, START);
    limiter.refused(sent[1], None, START);
    let now = at(seconds(130));
    assert_eq!(granted(&mut limiter, now), [sent[0]]);
    limiter.leave(sent[0], now);
    assert_eq!(granted(&mut limiter, now), [sent[1]]);
}

#[test]
fn a_429_lowers_the_limit_to_seven_tenths_of_what_passed_and_it_rises_by_one_in_12_seconds() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 80, START);
    enter(&mut limiter, 12, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    limiter.refused(sent[0], None, START);
    assert_eq!(limiter.limit(START), 56);
    limiter.refused(sent[1], None, START);
    assert_eq!(limiter.limit(START), 56, "once per episode");
    for &ticket in &sent[2..] {
        limiter.answered(ticket, START);
    }
    assert_eq!(limiter.limit(START), 63, "of those that were in flight, ten passed");

    let probed = at(seconds(130));
    assert_eq!(limiter.limit(probed), 63, "it does not rise during an episode");
    let [probe] = granted(&mut limiter, probed)[..] else {
        panic!("no probe")
    };
    limiter.answered(probe, probed);
    assert_eq!(limiter.limit(probed.after(millis(11_999))), 63);
    assert_eq!(limiter.limit(probed.after(seconds(12))), 64);
    assert_eq!(limiter.limit(probed.after(seconds(12 * 37))), 100);
    assert_eq!(limiter.limit(probed.after(seconds(12 * 60))), 100);
}

#[test]
fn a_429_halves_the_limit_at_most_never_goes_below_one_and_changes_nothing_when_not_adaptive() {
    for (adaptive, limit, lowered) in [(true, 100, 50), (false, 100, 100), (true, 1, 1)] {
        let mut limiter = Limiter::new(&Options {
            limit,
            adaptive,
            ..Options::default()
        });
        enter(&mut limiter, 1, Priority::Normal, START);
        let sent = granted(&mut limiter, START)[0];
        limiter.refused(sent, None, START);
        assert_eq!(limiter.limit(START), lowered);
    }
}

#[test]
fn a_probe_goes_when_its_wait_is_over_even_where_the_lowered_limit_has_no_room() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 80, START);
    enter(&mut limiter, 1, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    limiter.refused(sent[0], Some(seconds(3)), START);
    assert_eq!(limiter.limit(START), 56);
    assert_eq!(limiter.poll(START), Turn::At(at(seconds(3))));
    assert_eq!(granted(&mut limiter, at(seconds(3))).len(), 1);
}

#[test]
fn a_rising_limit_lets_a_waiting_call_go() {
    let mut limiter = limiter(2);
    enter(&mut limiter, 1, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    limiter.refused(sent[0], None, START);
    let probed = at(seconds(200));
    let [probe] = granted(&mut limiter, probed)[..] else {
        panic!("no probe")
    };
    enter(&mut limiter, 1, Priority::Normal, probed);
    limiter.answered(probe, probed);
    assert_eq!(
        limiter.poll(probed),
        Turn::At(probed.after(seconds(12))),
        "the limit is 1, and 2 then"
    );
    assert_eq!(granted(&mut limiter, probed.after(seconds(12))).len(), 1);
}

#[test]
fn a_pause_holds_everything_until_its_end_or_until_it_is_resumed() {
    let mut limiter = limiter(100);
    enter(&mut limiter, 1, Priority::High, START);
    limiter.pause(Some(at(seconds(5))));
    assert_eq!(limiter.poll(START), Turn::At(at(seconds(5))));
    assert_eq!(limiter.state(START).paused_for, seconds(5));
    limiter.pause(None);
    assert_eq!(limiter.poll(at(seconds(1_000_000))), Turn::AwaitChange);
    assert_eq!(limiter.state(START).paused_for, std::time::Duration::MAX);
    limiter.resume(START);
    assert_eq!(granted(&mut limiter, START).len(), 1);
    limiter.pause(Some(at(seconds(5))));
    enter(&mut limiter, 1, Priority::High, START);
    assert_eq!(granted(&mut limiter, at(seconds(5))).len(), 1);
}

#[test]
fn resume_opens_a_gate_that_a_429_closed_for_a_day() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 50, START);
    enter(&mut limiter, 1, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    limiter.refused(sent[0], Some(seconds(86_400)), START);
    let now = at(seconds(130));
    assert_eq!(granted(&mut limiter, now), []);
    limiter.resume(now);
    assert_eq!(granted(&mut limiter, now), sent);
}

#[test]
fn a_call_given_up_in_flight_holds_its_slot_for_a_window_from_then() {
    let mut limiter = limiter(2);
    enter(&mut limiter, 3, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    assert_eq!(sent.len(), 2);
    assert_eq!(limiter.poll(START), Turn::AwaitChange);
    limiter.leave(sent[0], at(seconds(10)));
    limiter.leave(sent[0], at(seconds(50)));
    assert_eq!(limiter.state(at(seconds(10))).in_flight, 1);
    // Two windows: with a limit of 2 the guard leaves room for one beside one in flight when nothing fades any more.
    assert_eq!(
        limiter.poll(at(seconds(10))),
        Turn::At(at(millis(10_000 + 250 + 120_000)))
    );
}

#[test]
fn a_call_given_up_in_the_queue_and_one_not_sent_hold_nothing() {
    let mut limiter = limiter(1);
    let calls = enter(&mut limiter, 2, Priority::Normal, START);
    limiter.leave(calls[0], START);
    assert_eq!(granted(&mut limiter, START), [calls[1]]);
    limiter.unsent(calls[1]);
    assert_eq!(limiter.state(START).used, 0);
    assert_eq!(granted(&mut limiter, START), [calls[1]]);
    limiter.unsent(calls[1]);
    limiter.leave(calls[1], START);
    assert_eq!(limiter.poll(START), Turn::Idle);
}

#[test]
fn the_state_adds_up() {
    let mut limiter = limiter(100);
    serve(&mut limiter, 40, START);
    enter(&mut limiter, 70, Priority::Normal, START);
    let sent = granted(&mut limiter, START);
    let state = limiter.state(START);
    assert_eq!((state.limit, state.used, state.remaining), (100, 100, 0));
    assert_eq!((state.in_flight, state.queued, state.throttled), (60, 10, 0));
    assert_eq!(
        (state.next_slot_in, state.paused_for),
        (millis(60_250 + 1_500), seconds(0))
    );
    for ticket in sent {
        limiter.answered(ticket, START);
    }
    let state = limiter.state(at(seconds(1_000)));
    assert_eq!((state.used, state.remaining, state.next_slot_in), (0, 100, seconds(0)));
}

#[test]
fn a_share_is_a_part_of_the_limit_and_never_nothing() {
    for (share, own) in [
        (1.0, 100),
        (0.29, 29),
        (0.333, 33),
        (0.001, 1),
        (0.0, 1),
        (2.0, 100),
        (f64::NAN, 100),
    ] {
        let limiter = Limiter::new(&Options {
            share,
            ..Options::default()
        });
        assert_eq!(limiter.limit(START), own, "{share}");
    }
}

#[test]
fn without_a_limit_every_call_goes_at_once_but_a_429_still_closes_the_gate() {
    let mut limiter = Limiter::new(&Options::unlimited());
    enter(&mut limiter, 5_000, Priority::Low, START);
    let sent = granted(&mut limiter, START);
    assert_eq!(sent.len(), 5_000);
    assert_eq!(limiter.state(START).in_flight, 5_000);
    limiter.refused(sent[0], Some(seconds(3)), START);
    assert_eq!(limiter.poll(START), Turn::At(at(seconds(3))));
    assert_eq!(limiter.limit(START), u32::MAX, "nothing is there to be lowered");
}

#[test]
fn options_out_of_bounds_are_brought_into_them() {
    let forever = std::time::Duration::MAX;
    let options = Options {
        limit: 0,
        window: forever,
        slack: forever,
        max_queue: 0,
        ..Options::default()
    };
    let mut limiter = Limiter::new(&options);
    enter(&mut limiter, 1, Priority::Normal, START);
    let sent = granted(&mut limiter, START)[0];
    limiter.answered(sent, START);
    enter(&mut limiter, 1, Priority::Normal, START);
    assert_eq!(limiter.poll(START), Turn::At(at(seconds(3 * 86_400))));
}

#[test]
fn what_two_agree_on_is_the_stricter_of_each_option() {
    let first = Options {
        limit: 80,
        window: seconds(30),
        slack: seconds(1),
        adaptive: false,
        max_queue: 7,
        ..Options::default()
    };
    let second = Options {
        limit: 100,
        window: seconds(90),
        slack: seconds(0),
        share: 0.5,
        adaptive: true,
        max_queue: 3,
    };
    let agreed = Options {
        limit: 50,
        window: seconds(90),
        slack: seconds(1),
        share: 1.0,
        adaptive: true,
        max_queue: 7,
    };
    assert_eq!(first.strictest(&second), agreed);
    assert_eq!(second.strictest(&first), agreed);
    assert!(!first.strictest(&first).adaptive);
}

#[test]
fn it_is_over_when_nothing_waits_is_paused_counts_or_is_lowered() {
    type Before = fn(&mut Limiter);
    // 120 s, and the slack: what a longer window of another client would count.
    let table: [(&str, Before, Option<u64>); 7] = [
        ("nothing happened", |_| (), Some(0)),
        (
            "a call waits",
            |limiter| drop(enter(limiter, 1, Priority::Normal, START)),
            None,
        ),
        (
            "a request is in flight",
            |limiter| {
                enter(limiter, 1, Priority::Normal, START);
                granted(limiter, START);
            },
            None,
        ),
        (
            "a pause has an end",
            |limiter| limiter.pause(Some(at(millis(5_000)))),
            Some(5_000),
        ),
        ("a pause has none", |limiter| limiter.pause(None), None),
        (
            "a request was answered",
            |limiter| serve(limiter, 1, START),
            Some(120_251),
        ),
        (
            "the limit was lowered to half",
            |limiter| {
                enter(limiter, 1, Priority::Normal, START);
                let sent = granted(limiter, START)[0];
                limiter.refused(sent, None, START);
                let probed = at(seconds(1));
                assert_eq!(granted(limiter, probed), [sent]);
                limiter.answered(sent, probed);
            },
            Some(1_000 + 50 * 12_000),
        ),
    ];
    for (case, before, over_at) in table {
        let mut limiter = limiter(100);
        before(&mut limiter);
        let is_over = |time: u64| limiter.is_over(at(millis(time)));
        match over_at {
            Some(time) => {
                assert!(time == 0 || !is_over(time - 1), "{case}");
                assert!(is_over(time) && is_over(time + 1), "{case}");
            }
            None => assert!(!is_over(1_000_000_000), "{case}"),
        }
    }
}

#[test]
fn a_gate_is_not_over_before_a_probe_was_answered() {
    let mut limiter = Limiter::new(&Options {
        adaptive: false,
        ..Options::default()
    });
    enter(&mut limiter, 1, Priority::Normal, START);
    let sent = granted(&mut limiter, START)[0];
    limiter.refused(sent, None, START);
    limiter.leave(sent, START);
    assert!(!limiter.is_over(at(seconds(1_000_000))));
}

#[test]
fn a_poll_that_was_due_and_was_not_sent_still_is() {
    let mut limiter = limiter(100);
    let [poll] = enter(&mut limiter, 1, Priority::Low, START)[..] else {
        panic!("one poll")
    };
    let now = at(seconds(60));
    let calls = enter(&mut limiter, 40, Priority::Normal, now);
    for expected in [&calls[..19], &[poll]].concat() {
        assert_eq!(limiter.poll(now), Turn::Granted(expected));
    }
    limiter.unsent(poll);
    assert_eq!(limiter.head(), Some(poll));
}
