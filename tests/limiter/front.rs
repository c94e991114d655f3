//! The part that calls wait on: its order, its only timer, and that a call may be dropped at any point.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::future::{Either, join_all, select};
use markmonitor_certs::client::{
    limiter::{GateClosed, Options, Permit, Priority, QueueFull, RateLimiter},
    platform::{Instant, Platform},
};
use proptest::prelude::*;

use crate::{
    at, millis, request, seconds,
    servers::server,
    virtual_platform::{Reply, VirtualPlatform},
};

const PATIENCE: Duration = Duration::from_secs(120);

fn world() -> Rc<VirtualPlatform> {
    VirtualPlatform::new(|_, _| Reply::new(200, ""))
}

fn limiter(platform: &Rc<VirtualPlatform>, limit: u32) -> RateLimiter {
    RateLimiter::new(
        Rc::clone(platform) as _,
        &Options {
            limit,
            max_queue: 10_000,
            ..Options::default()
        },
    )
}

async fn acquire(limiter: RateLimiter, priority: Priority) -> Permit {
    limiter.acquire(priority, None, PATIENCE).unwrap().await.unwrap()
}

/// Makes a call in the background and notes when it was sent.
fn call(platform: &Rc<VirtualPlatform>, limiter: &RateLimiter, priority: Priority, name: &'static str, log: &Log) {
    let (me, limiter, log) = (Rc::clone(platform), limiter.clone(), Rc::clone(log));
    platform.spawn(Box::pin(async move {
        let permit = acquire(limiter, priority).await;
        log.borrow_mut().push((name, me.now()));
        permit.answered();
    }));
    platform.settle();
}

type Log = Rc<RefCell<Vec<(&'static str, Instant)>>>;

#[test]
fn a_burst_of_the_limit_goes_at_once_and_the_next_call_when_a_slot_is_free() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let clock = Rc::clone(&platform);
    platform.run(async move {
        let permits = join_all((0..100).map(|_| acquire(limiter.clone(), Priority::Normal))).await;
        assert_eq!(clock.now(), Instant::default());
        permits.into_iter().for_each(Permit::answered);
        acquire(limiter, Priority::Normal).await.answered();
        assert_eq!(clock.now(), at(millis(60_250 + 600)));
    });
    assert_eq!(platform.timers(), 0);
}

#[test]
fn calls_go_by_priority_and_a_late_high_one_overtakes() {
    let platform = world();
    let limiter = limiter(&platform, 1);
    let log = Log::default();
    call(&platform, &limiter, Priority::Normal, "first", &log);
    call(&platform, &limiter, Priority::Low, "low", &log);
    call(&platform, &limiter, Priority::Normal, "normal", &log);
    platform.advance(seconds(10));
    call(&platform, &limiter, Priority::High, "high", &log);
    platform.advance(seconds(1_000));
    let names: Vec<_> = log.borrow().iter().map(|&(name, _)| name).collect();
    assert_eq!(names, ["first", "high", "normal", "low"]);
}

/// Counts how often a future is asked.
struct Counted<F>(F, Rc<Cell<usize>>);

impl<F: Future + Unpin> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.1.set(self.1.get() + 1);
        Pin::new(&mut self.0).poll(context)
    }
}

#[test]
fn thousands_in_the_queue_keep_one_timer_and_each_is_asked_a_few_times() {
    let platform = world();
    let limiter = limiter(&platform, 500);
    let (polls, served) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    for _ in 0..3_000 {
        let (limiter, polls, served) = (limiter.clone(), Rc::clone(&polls), Rc::clone(&served));
        platform.spawn(Box::pin(async move {
            let waiting = limiter.acquire(Priority::Normal, None, PATIENCE).unwrap();
            Counted(waiting, polls).await.unwrap().answered();
            served.set(served.get() + 1);
        }));
    }
    platform.settle();
    assert_eq!(
        (served.get(), limiter.state().queued, platform.timers()),
        (500, 2_500, 1)
    );
    platform.advance(seconds(7 * 60));
    assert_eq!((served.get(), limiter.state().queued, platform.timers()), (3_000, 0, 0));
    assert!(polls.get() <= 5 * 3_000, "{} polls", polls.get());
}

#[test]
fn dropping_the_head_of_the_queue_hands_its_turn_on() {
    let platform = world();
    let limiter = limiter(&platform, 1);
    let log = Log::default();
    call(&platform, &limiter, Priority::Normal, "first", &log);
    let (clock, head) = (
        Rc::clone(&platform),
        limiter.acquire(Priority::Normal, None, PATIENCE).unwrap(),
    );
    platform.spawn(Box::pin(async move {
        let given_up = matches!(select(head, pin!(clock.sleep(seconds(30)))).await, Either::Right(_));
        assert!(given_up);
    }));
    platform.settle();
    call(&platform, &limiter, Priority::Normal, "next", &log);
    assert_eq!((limiter.state().queued, platform.timers()), (2, 2));
    platform.advance(seconds(30));
    assert_eq!((limiter.state().queued, platform.timers()), (1, 1));
    platform.advance(seconds(1_000));
    assert_eq!(log.borrow()[1..], [("next", at(millis(120_250)))]);
}

#[test]
fn dropping_a_call_that_was_never_awaited_leaves_the_queue() {
    let platform = world();
    let limiter = limiter(&platform, 1);
    let waiting = limiter.acquire(Priority::Normal, None, PATIENCE).unwrap();
    assert_eq!(limiter.state().queued, 1);
    drop(waiting);
    assert_eq!(limiter.state().queued, 0);
}

#[test]
fn dropping_a_permit_holds_the_slot_from_then_on_and_one_unsent_holds_none() {
    let platform = world();
    let limiter = limiter(&platform, 1);
    let permit = platform.run(acquire(limiter.clone(), Priority::Normal));
    permit.unsent();
    assert_eq!(limiter.state().used, 0);
    let permit = platform.run(acquire(limiter.clone(), Priority::Normal));
    platform.advance(seconds(10));
    drop(permit);
    assert_eq!(limiter.state().next_slot_in, millis(120_250));
}

#[test]
fn a_refused_call_waits_for_the_gate_and_goes_before_those_behind_it() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let log = Log::default();
    let refused = platform
        .run(acquire(limiter.clone(), Priority::Normal))
        .refused(Some(seconds(7)));
    assert_eq!(refused.closed_for(), seconds(7));
    call(&platform, &limiter, Priority::Normal, "behind", &log);
    let (clock, noted) = (Rc::clone(&platform), Rc::clone(&log));
    platform.spawn(Box::pin(async move {
        let permit = refused.await.unwrap();
        noted.borrow_mut().push(("refused", clock.now()));
        permit.answered();
    }));
    platform.advance(seconds(1_000));
    assert_eq!(
        log.borrow().iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["refused", "behind"]
    );
    assert_eq!(limiter.state().throttled, 1);
}

#[test]
fn a_refused_call_that_is_not_awaited_yet_holds_nobody_up() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let log = Log::default();
    let refused = platform.run(acquire(limiter.clone(), Priority::Normal)).refused(None);
    call(&platform, &limiter, Priority::Normal, "behind", &log);
    platform.advance(seconds(1_000));
    assert_eq!(log.borrow().len(), 1);
    platform.run(refused).unwrap().answered();
}

#[test]
fn a_gate_closed_for_longer_than_a_call_would_wait_fails_it_wherever_it_is() {
    let platform = world();
    let limiter = limiter(&platform, 2);
    let permits = platform.run(join_all((0..2).map({
        let limiter = limiter.clone();
        move |_| acquire(limiter.clone(), Priority::Normal)
    })));
    let [sent, other] = permits.try_into().unwrap_or_else(|_| panic!("two permits"));
    let queued = limiter.acquire(Priority::Normal, None, PATIENCE).unwrap();
    let patient = limiter.acquire(Priority::Normal, None, seconds(100_000)).unwrap();
    let behind = limiter.acquire(Priority::Normal, None, PATIENCE).unwrap();
    let (failed, served) = (Rc::new(RefCell::new(Vec::new())), Rc::new(Cell::new(None)));
    for impatient in [queued, behind] {
        let (note, clock) = (Rc::clone(&failed), Rc::clone(&platform));
        platform.spawn(Box::pin(async move {
            let error = impatient.await.unwrap_err();
            note.borrow_mut().push((error, clock.now()));
        }));
    }
    let (note, clock) = (Rc::clone(&served), Rc::clone(&platform));
    platform.spawn(Box::pin(async move {
        patient.await.unwrap().answered();
        note.set(Some(clock.now()));
    }));
    platform.settle();

    let refused = sent.refused(Some(seconds(86_400)));
    other.answered();
    let closed = GateClosed {
        retry_after: Some(seconds(3_600)),
    };
    assert_eq!(platform.run(refused).unwrap_err(), closed);
    assert_eq!(failed.take(), [(closed, Instant::default()); 2]);
    let late = limiter.acquire(Priority::High, None, PATIENCE).unwrap();
    assert_eq!(platform.run(late).unwrap_err(), closed);
    assert_eq!(limiter.state().queued, 1);
    platform.advance(seconds(90_000));
    assert_eq!(served.take(), Some(at(seconds(3_600))));
}

#[test]
fn a_gate_that_is_closed_for_as_long_as_a_call_would_wait_is_waited_for() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let refused = platform
        .run(acquire(limiter.clone(), Priority::Normal))
        .refused(Some(PATIENCE));
    platform.run(refused).unwrap().answered();
    assert_eq!(platform.now(), at(PATIENCE));
}

#[test]
fn a_probe_that_is_answered_opens_the_gate_for_all() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let refused = platform.run(acquire(limiter.clone(), Priority::Normal)).refused(None);
    platform.run(refused).unwrap().answered();
    let both = join_all((0..2).map(|_| acquire(limiter.clone(), Priority::Normal)));
    let permits = platform.run(both);
    assert_eq!((permits.len(), limiter.state().in_flight), (2, 2));
}

#[test]
fn a_full_queue_refuses_at_once() {
    let platform = world();
    let limiter = RateLimiter::new(
        Rc::clone(&platform) as _,
        &Options {
            limit: 1,
            max_queue: 1,
            ..Options::default()
        },
    );
    let _sent = platform.run(acquire(limiter.clone(), Priority::Normal));
    let _waiting = limiter.acquire(Priority::Normal, None, PATIENCE).unwrap();
    assert_eq!(
        limiter.acquire(Priority::Normal, None, PATIENCE).unwrap_err(),
        QueueFull
    );
}

#[test]
fn an_estimate_is_that_of_the_clients_limit_at_this_moment() {
    let platform = world();
    let limiter = limiter(&platform, 10);
    let estimate = |count| limiter.estimate(count, Priority::Normal, None);
    assert_eq!((estimate(10), estimate(0)), (seconds(0), seconds(0)));
    limiter.pause(Some(seconds(9)));
    platform.advance(seconds(2));
    assert_eq!(estimate(10), seconds(7));
}

#[test]
fn a_pause_holds_calls_back_and_resume_lets_them_go() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let log = Log::default();
    limiter.pause(Some(seconds(5)));
    call(&platform, &limiter, Priority::Normal, "timed", &log);
    platform.advance(seconds(6));
    limiter.pause(None);
    call(&platform, &limiter, Priority::Normal, "untimed", &log);
    assert_eq!(platform.timers(), 0);
    platform.advance(seconds(100));
    limiter.resume();
    platform.settle();
    assert_eq!(
        *log.borrow(),
        [("timed", at(seconds(5))), ("untimed", at(seconds(106)))]
    );
}

#[test]
fn a_listener_hears_each_change_may_look_at_the_state_and_is_forgotten_when_dropped() {
    let platform = world();
    let limiter = limiter(&platform, 100);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (note, watched) = (Rc::clone(&seen), limiter.clone());
    let listener: Rc<dyn Fn()> = Rc::new(move || {
        let state = watched.state();
        note.borrow_mut().push((state.queued, state.in_flight, state.used));
    });
    limiter.on_change(&listener);
    platform.run(acquire(limiter.clone(), Priority::Normal)).answered();
    assert_eq!(*seen.borrow(), [(1, 0, 0), (0, 1, 1), (0, 0, 1)]);
    drop(listener);
    platform.run(acquire(limiter.clone(), Priority::Normal)).answered();
    assert_eq!(seen.borrow().len(), 3);
}

#[test]
fn a_burst_of_250_against_20_a_second_takes_the_time_that_the_limit_allows_and_5_percent() {
    const SECOND: u64 = 1_000_000_000;
    let mut window = server("sliding counter", 20, SECOND, SECOND / 3);
    let platform = VirtualPlatform::new(move |_, now| {
        let now = u64::try_from(now.since(Instant::default()).as_nanos()).unwrap();
        Reply::new(if window.accepts(now) { 200 } else { 429 }, "").after(millis(5))
    });
    let options = Options {
        limit: 20,
        window: seconds(1),
        slack: millis(0),
        ..Options::default()
    };
    let limiter = RateLimiter::new(Rc::clone(&platform) as _, &options);
    for _ in 0..250 {
        let (me, limiter) = (Rc::clone(&platform), limiter.clone());
        platform.spawn(Box::pin(async move {
            let permit = acquire(limiter, Priority::Normal).await;
            assert_eq!(me.send(request()).await.unwrap().status, 200);
            permit.answered();
        }));
    }
    // 20 at once and 19 in each second after the first: a sliding counter whose phase is not known allows no more.
    let span = millis(1_000 + (250 - 20) * 1_000 / 19);
    platform.advance(span + span / 20);
    assert_eq!((limiter.state().queued, limiter.state().in_flight), (0, 0));
}

#[derive(Clone, Debug)]
struct Plan {
    priority: Priority,
    starts: u64,
    latency: u64,
    given_up_after: Option<u64>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let priority = prop::sample::select(vec![Priority::High, Priority::Normal, Priority::Low]);
    (
        priority,
        0_u64..2_000,
        0_u64..1_500,
        prop::option::weighted(0.3, 0_u64..6_000),
    )
        .prop_map(|(priority, starts, latency, given_up_after)| Plan {
            priority,
            starts,
            latency,
            given_up_after,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn whatever_is_dropped_whenever_every_other_call_is_served_and_nothing_is_left(
        plans in prop::collection::vec(plan(), 1..40),
        refuses_every in 2_usize..12,
        pause in prop::option::of(0_u64..5_000),
    ) {
        let arrived = Cell::new(0_usize);
        let latencies: Vec<_> = plans.iter().map(|plan| millis(plan.latency)).collect();
        let platform = VirtualPlatform::new(move |_, _| {
            arrived.set(arrived.get() + 1);
            let status = if arrived.get().is_multiple_of(refuses_every) { 429 } else { 200 };
            Reply::new(status, "").after(latencies[arrived.get() % latencies.len()])
        });
        let options = Options { limit: 5, window: seconds(1), slack: millis(10), ..Options::default() };
        let limiter = RateLimiter::new(Rc::clone(&platform) as _, &options);
        let ended = Rc::new(Cell::new(0));
        for plan in plans.clone() {
            let (me, limiter, ended) = (Rc::clone(&platform), limiter.clone(), Rc::clone(&ended));
            platform.spawn(Box::pin(async move {
                me.sleep(millis(plan.starts)).await;
                let served = Box::pin(async {
                    let mut permit = acquire(limiter, plan.priority).await;
                    while me.send(request()).await.unwrap().status == 429 {
                        permit = permit.refused(None).await.unwrap();
                    }
                    permit.answered();
                });
                match plan.given_up_after {
                    None => served.await,
                    Some(after) => drop(select(served, me.sleep(millis(after))).await),
                }
                ended.set(ended.get() + 1);
            }));
        }
        if let Some(pause) = pause {
            platform.advance(millis(pause));
            limiter.pause(None);
            platform.advance(seconds(10));
            limiter.resume();
        }
        platform.advance(seconds(3_600));
        let state = limiter.state();
        prop_assert_eq!(ended.get(), plans.len());
        prop_assert_eq!((state.queued, state.in_flight, state.used), (0, 0, 0));
        prop_assert_eq!((platform.timers(), platform.sending()), (0, 0));
    }
}
