//! A limiter that continues where an earlier one was, and one that has nothing to remember.

use std::{collections::BTreeMap, rc::Rc};

use markmonitor_certs::client::{
    limiter::{Lane, Limiter, Options, Permit, Priority, RateLimiter, Ticket, Turn},
    platform::{Instant, LogMemory},
};
use proptest::prelude::*;

use crate::{
    at,
    memory::Kept,
    millis, seconds,
    virtual_platform::{Reply, VirtualPlatform},
};

fn log(kept: &Rc<Kept>) -> Rc<dyn LogMemory> {
    Rc::<Kept>::clone(kept)
}

/// What happens to a limiter.
#[derive(Clone, Copy, Debug)]
enum Step {
    Enter,
    /// An answer to one of the requests in flight.
    Answer(usize),
    GiveUp(usize),
    Unsent(usize),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Enter),
        2 => (0_usize..9).prop_map(Step::Answer),
        1 => (0_usize..9).prop_map(Step::GiveUp),
        1 => (0_usize..9).prop_map(Step::Unsent),
        2 => (0_u64..3_000).prop_map(Step::Pass),
    ]
}

struct Life {
    limiter: Limiter,
    sent: Vec<Ticket>,
    now: Instant,
}

impl Life {
    fn step(&mut self, step: Step) {
        let Self { limiter, sent, now } = self;
        let mut take = |at: usize| (!sent.is_empty()).then(|| sent.remove(at % sent.len()));
        match step {
            Step::Enter => drop(limiter.enter(Priority::Normal, Lane::default(), *now)),
            Step::Answer(at) => take(at).into_iter().for_each(|ticket| limiter.answered(ticket, *now)),
            Step::GiveUp(at) => take(at).into_iter().for_each(|ticket| limiter.leave(ticket, *now)),
            Step::Unsent(at) => take(at).into_iter().for_each(|ticket| limiter.unsent(ticket)),
            Step::Pass(span) => *now = now.after(millis(span)),
        }
        while let Turn::Granted(ticket) = self.limiter.poll(self.now) {
            self.sent.push(ticket);
        }
    }

    /// When so many more calls are sent that nothing is answered.
    fn sends_at(&mut self, calls: usize) -> Vec<Option<Instant>> {
        for _ in 0..calls {
            self.limiter.enter(Priority::Normal, Lane::default(), self.now);
        }
        let mut moments = Vec::new();
        while moments.len() < calls {
            match self.limiter.poll(self.now) {
                Turn::Granted(_) => moments.push(Some(self.now)),
                Turn::At(at) => self.now = at,
                Turn::AwaitChange | Turn::Idle => moments.push(None),
            }
        }
        moments
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is kept says as much as the limiter itself knew, with all that was in flight counted from now on.
    #[test]
    fn a_limiter_continues_as_if_its_predecessor_had_given_up_what_it_had_in_flight(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let options = Options { limit: 5, window: seconds(1), slack: millis(10), ..Options::default() };
        let kept = Rc::<Kept>::default();
        let limiter = Limiter::remembering(&options, log(&kept), Instant::default());
        let mut life = Life { limiter, sent: Vec::new(), now: at(seconds(100)) };
        for step in steps {
            life.step(step);
        }

        let limiter = Limiter::remembering(&options, log(&kept.copy()), life.now);
        let mut next = Life { limiter, sent: Vec::new(), now: life.now };
        // The predecessor's queue is gone with it: its calls were rejected.
        while let Some(head) = life.limiter.head() {
            life.limiter.leave(head, life.now);
        }
        for ticket in core::mem::take(&mut life.sent) {
            life.limiter.leave(ticket, life.now);
        }
        let (old, new) = (life.limiter.state(life.now), next.limiter.state(life.now));
        prop_assert_eq!((new.limit, new.used, new.remaining), (old.limit, old.used, old.remaining));
        prop_assert_eq!((new.in_flight, new.next_slot_in), (0, old.next_slot_in));
        prop_assert_eq!(next.sends_at(7), life.sends_at(7));
    }
}

#[test]
fn what_is_kept_does_not_grow_for_ever() {
    let kept = Rc::<Kept>::default();
    let options = Options {
        limit: 5,
        window: seconds(1),
        ..Options::default()
    };
    let limiter = Limiter::remembering(&options, log(&kept), Instant::default());
    let mut life = Life {
        limiter,
        sent: Vec::new(),
        now: Instant::default(),
    };
    let mut lengths = BTreeMap::new();
    for second in 0..100 {
        (0..5).for_each(|_| life.step(Step::Enter));
        (0..5).for_each(|_| life.step(Step::Answer(0)));
        life.step(Step::Pass(1_000));
        lengths.insert(second, kept.log_length());
    }
    assert!(lengths.values().all(|length| (1..=20).contains(length)), "{lengths:?}");
}

#[test]
fn two_limiters_with_one_memory_and_nothing_in_flight_are_one() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let kept = Rc::<Kept>::default();
    let open = || RateLimiter::remembering(Rc::clone(&platform) as _, &Options::default(), log(&kept));
    let first = open();
    for _ in 0..40 {
        let waiting = first.acquire(Priority::Normal, None, seconds(1)).unwrap();
        platform
            .run(async move { waiting.await.map(Permit::answered) })
            .unwrap();
    }
    platform.advance(seconds(7));
    assert_eq!((first.state().used, first.state().remaining), (40, 60));
    assert_eq!(open().state(), first.state());
}

#[test]
fn without_a_limit_no_log_is_kept() {
    let kept = Rc::<Kept>::default();
    let start = Instant::default();
    let mut limiter = Limiter::remembering(&Options::unlimited(), log(&kept), start);
    for _ in 0..1_000 {
        let ticket = limiter.enter(Priority::Normal, Lane::default(), start);
        assert_eq!(limiter.poll(start), Turn::Granted(ticket));
        assert_eq!(limiter.state(start).used, 1, "the one in flight");
        limiter.answered(ticket, start);
    }
    assert_eq!((limiter.state(start).used, kept.log_length()), (0, 0));
    assert_eq!(limiter.state(start).next_slot_in, seconds(0));
}
