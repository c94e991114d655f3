//! One log for several processes: each limiter here is a process of its own, with the same store.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::future::{pending, ready};
use markmonitor_certs::client::{
    auth::{Auth, Secret},
    limiter::{Admission, Change, LogStore, Options, Permit, Priority, RateLimiter, Seat, Sharing, Warning},
    platform::{Instant, LocalFuture, Platform},
    store::{self, StoreError},
};

use crate::{
    at,
    memory::Kept,
    millis, request, seconds,
    servers::{KINDS, server},
    virtual_platform::{Reply, START, VirtualPlatform},
};

/// What a store does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    /// Answers after a while.
    Well,
    /// Runs the change twice, as stores do that retry.
    Retrying,
    Failing,
    Silent,
}

struct Store {
    platform: Rc<VirtualPlatform>,
    log: Rc<RefCell<Vec<u64>>>,
    mood: Cell<Mood>,
    updates: Cell<usize>,
}

impl Store {
    fn new(platform: &Rc<VirtualPlatform>, mood: Mood) -> Rc<Self> {
        let platform = Rc::clone(platform);
        Rc::new(Self {
            platform,
            log: Rc::default(),
            mood: Cell::new(mood),
            updates: Cell::default(),
        })
    }
}

impl LogStore for Store {
    fn update(&self, key: &str, mut change: Change) -> LocalFuture<Result<Admission, StoreError>> {
        assert_eq!(key, "the key");
        self.updates.set(self.updates.get() + 1);
        match self.mood.get() {
            Mood::Failing => Box::pin(ready(Err(StoreError("the store is down".to_owned())))),
            Mood::Silent => Box::pin(pending()),
            mood => {
                let (log, there, back) = (
                    Rc::clone(&self.log),
                    self.platform.sleep(millis(2)),
                    Rc::clone(&self.platform),
                );
                Box::pin(async move {
                    there.await;
                    let before = log.borrow().clone();
                    if mood == Mood::Retrying {
                        change(before.clone());
                    }
                    let (after, admission) = change(before);
                    *log.borrow_mut() = after;
                    back.sleep(millis(2)).await;
                    Ok(admission)
                })
            }
        }
    }
}

fn process(platform: &Rc<VirtualPlatform>, store: &Rc<Store>, limit: u32) -> RateLimiter {
    process_of(1, platform, store, limit)
}

/// One of so many that know of each other.
fn process_of(processes: u32, platform: &Rc<VirtualPlatform>, store: &Rc<Store>, limit: u32) -> RateLimiter {
    let options = Options {
        limit,
        ..Options::default()
    };
    limiter(platform, &options, sharing_of(processes, store))
}

fn sharing_of(processes: u32, store: &Rc<Store>) -> Sharing {
    Sharing {
        store: Rc::clone(store) as _,
        key: "the key".to_owned(),
        longest_attempt: seconds(30),
        processes,
    }
}

/// That of a process that nothing else is in.
fn limiter(platform: &Rc<VirtualPlatform>, options: &Options, sharing: Sharing) -> RateLimiter {
    thread_local! {
        static PROCESSES: Cell<usize> = const { Cell::new(0) };
    }
    PROCESSES.set(PROCESSES.get() + 1);
    client_in(PROCESSES.get(), platform, options, sharing)
}

/// That of a client in a process, by the process's number.
fn client_in(process: usize, platform: &Rc<VirtualPlatform>, options: &Options, sharing: Sharing) -> RateLimiter {
    let seat = Seat {
        origin: "https://shared".to_owned(),
        service: process.to_string(),
        salt: String::new(),
        memory: Box::new(|_| Rc::<Kept>::default()),
        sharing: Some(sharing),
    };
    RateLimiter::of_process(Rc::clone(platform) as _, options, seat, &Auth::Proxy)
}

fn acquire(limiter: &RateLimiter) -> impl Future<Output = Permit> + 'static {
    let waiting = limiter.acquire(Priority::Normal, None, Duration::MAX).unwrap();
    async move { waiting.await.unwrap() }
}

/// Servers of every kind that refuse nothing, and what they have accepted so far.
fn every_kind_of_server() -> (Rc<VirtualPlatform>, Rc<Cell<u64>>) {
    const MINUTE: u64 = 60_000_000_000;
    let mut servers = KINDS.map(|kind| (kind, server(kind, 100, MINUTE, MINUTE / 7)));
    let accepted = Rc::new(Cell::new(0));
    let count = Rc::clone(&accepted);
    let platform = VirtualPlatform::new(move |_, now| {
        let now = u64::try_from(now.since(Instant::default()).as_nanos()).unwrap();
        for (kind, server) in &mut servers {
            assert!(server.accepts(now), "{kind} refused at {now}");
        }
        count.set(count.get() + 1);
        Reply::new(200, "").after(millis(100))
    });
    (platform, accepted)
}

/// Twenty callers who call again as soon as they are answered.
fn keep_busy(platform: &Rc<VirtualPlatform>, limiter: &RateLimiter) {
    for _ in 0..20 {
        let (limiter, me) = (limiter.clone(), Rc::clone(platform));
        platform.spawn(Box::pin(async move {
            loop {
                let permit = acquire(&limiter).await;
                me.send(request()).await.unwrap();
                permit.answered();
            }
        }));
    }
}

#[test]
fn three_processes_at_their_fill_earn_no_429_and_share_the_throughput() {
    let (platform, accepted) = every_kind_of_server();
    let store = Store::new(&platform, Mood::Retrying);
    for _ in 0..3 {
        keep_busy(&platform, &process(&platform, &store, 100));
    }
    platform.advance(seconds(5 * 60));
    let before = accepted.get();
    platform.advance(seconds(10 * 60));
    let served = accepted.get() - before;
    println!("{served} of 1000 served, {} updates", store.updates.get());
    assert!(served >= 900, "{served} of 1000 served");
}

#[test]
fn a_number_is_the_time_at_which_its_slot_becomes_free_first_at_the_latest_then_the_real_one() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Well);
    let limiter = process(&platform, &store, 100);
    let permit = platform.run(acquire(&limiter));
    // Asked at 2 ms: 30 s for the attempt, 250 ms of slack, the window.
    assert_eq!(*store.log.borrow(), [START + 2 + 30_000 + 250 + 60_000]);
    platform.advance(millis(500));
    permit.answered();
    drop(platform.run(acquire(&limiter)));
    assert_eq!(store.log.borrow()[0], START + 504 + 250 + 60_000);
}

#[test]
fn what_others_have_sent_is_shown_and_counted_in_an_estimate() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Well);
    let (busy, limiter) = (process(&platform, &store, 20), process(&platform, &store, 20));
    for _ in 0..19 {
        platform.run(acquire(&busy)).answered();
    }
    assert_eq!(limiter.state().used, 0, "nobody has told it yet");
    platform.run(acquire(&limiter)).answered();
    let state = limiter.state();
    assert_eq!((state.used, state.remaining, state.in_flight), (20, 0, 0));
    let estimate = limiter.estimate(1, Priority::Normal, None);
    assert!(estimate > seconds(50) && state.next_slot_in == estimate, "{estimate:?}");
    let began = platform.now();
    platform.run(acquire(&limiter)).answered();
    let waited = platform.now().since(began);
    // A store that has no room is asked again from time to time.
    assert!(
        estimate <= waited && waited < estimate + seconds(4),
        "{waited:?} for {estimate:?}"
    );
}

#[test]
fn the_slots_of_a_process_that_crashed_come_back() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Well);
    let crashed = process(&platform, &store, 1);
    std::mem::forget(platform.run(acquire(&crashed)));
    let limiter = process(&platform, &store, 1);
    platform.run(acquire(&limiter)).answered();
    // With one slot the guard waits until the last one has faded, two windows after it settled.
    assert_eq!(platform.now(), at(millis(2 + 30_000 + 250 + 120_000 + 2 + 2)));
}

#[test]
fn a_store_that_fails_or_stays_silent_loses_no_call() {
    for (mood, wait) in [(Mood::Failing, seconds(0)), (Mood::Silent, seconds(5))] {
        let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
        let store = Store::new(&platform, mood);
        let limiter = process(&platform, &store, 2);
        let permit = platform.run(acquire(&limiter));
        assert_eq!(platform.now(), at(wait), "{mood:?}");
        permit.answered();
        assert_eq!(limiter.state().used, 1, "the own log still applies");
    }
}

#[test]
fn the_clients_of_one_process_share_its_limit_also_while_the_store_fails() {
    for mood in [Mood::Failing, Mood::Silent, Mood::Well] {
        let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
        let store = Store::new(&platform, mood);
        let options = Options {
            limit: 20,
            ..Options::default()
        };
        // One for each request of a page, for example.
        let client = || {
            client_in(
                usize::MAX - store.mood.get() as usize,
                &platform,
                &options,
                sharing_of(1, &store),
            )
        };
        for _ in 0..20 {
            platform.run(acquire(&client())).answered();
        }
        assert_eq!(client().state().remaining, 0, "{mood:?}");
        platform.run(acquire(&client())).answered();
        assert!(platform.now() >= at(seconds(60)), "{mood:?}");
    }
}

#[test]
fn a_store_that_failed_is_left_alone_for_half_a_minute_and_its_client_is_warned_of_the_cause() {
    for (mood, cause) in [
        (Mood::Failing, "the store is down"),
        (Mood::Silent, "it did not answer within 5 s"),
    ] {
        let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
        let store = Store::new(&platform, mood);
        let limiter = process(&platform, &store, 100);
        for _ in 0..50 {
            platform.run(acquire(&limiter)).answered();
        }
        assert_eq!(store.updates.get(), 1, "{mood:?}");
        let failed_at = platform.now();
        assert!(failed_at <= at(seconds(5)), "one call waits for it, not fifty");
        let warnings = limiter.warnings();
        assert_eq!(warnings, [Warning::StoreFailed(cause.to_owned())]);
        assert!(warnings[0].message().contains(cause));
        assert_eq!(limiter.warnings(), [], "once");
        store.mood.set(Mood::Well);
        platform.advance(seconds(30));
        platform.run(acquire(&limiter)).answered();
        assert_eq!(
            (store.updates.get(), store.log.borrow().len()),
            (2, 51),
            "{mood:?}: it is told what was sent without it"
        );
        assert_eq!(limiter.warnings(), []);
    }
}

#[test]
fn a_call_dropped_while_the_store_is_asked_leaves_the_turn_to_the_next() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Silent);
    let limiter = process(&platform, &store, 2);
    let asking = acquire(&limiter);
    let (me, behind) = (Rc::clone(&platform), acquire(&limiter));
    let granted = Rc::new(Cell::new(None));
    let note = Rc::clone(&granted);
    platform.spawn(Box::pin(async move {
        drop(futures_util::future::select(Box::pin(asking), me.sleep(seconds(1))).await);
    }));
    let clock = Rc::clone(&platform);
    platform.spawn(Box::pin(async move {
        behind.await.answered();
        note.set(Some(clock.now()));
    }));
    platform.settle();
    assert_eq!(store.updates.get(), 1, "one call asks at a time");
    store.mood.set(Mood::Well);
    platform.advance(seconds(2));
    assert_eq!(granted.get(), Some(at(millis(1_004))));
    assert_eq!((limiter.state().in_flight, limiter.state().queued), (0, 0));
}

#[test]
fn processes_that_know_of_each_other_stay_within_the_limit_while_the_store_is_away_and_when_it_is_back() {
    let (platform, accepted) = every_kind_of_server();
    let store = Store::new(&platform, Mood::Well);
    for _ in 0..4 {
        keep_busy(&platform, &process_of(4, &platform, &store, 100));
    }
    let served_in = |minutes: u64| {
        let before = accepted.get();
        platform.advance(seconds(minutes * 60));
        accepted.get() - before
    };
    served_in(5);
    for mood in [Mood::Failing, Mood::Silent] {
        store.mood.set(mood);
        served_in(3);
        assert!(served_in(10) >= 800, "{mood:?}: each has its share");
        store.mood.set(Mood::Well);
        served_in(3);
        assert!(served_in(10) >= 900, "{mood:?}: and all of it again");
    }
}

#[test]
fn a_process_that_knows_of_others_sends_nothing_until_what_they_sent_has_left_the_window() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Failing);
    let limiter = process_of(4, &platform, &store, 8);
    let begun = platform.now();
    for _ in 0..2 {
        platform.run(acquire(&limiter)).answered();
    }
    assert_eq!(platform.now().since(begun), millis(60_000 + 2 * 250));
    platform.run(acquire(&limiter)).answered();
    assert!(
        platform.now().since(begun) >= seconds(120),
        "two of eight are its share"
    );
}

#[test]
fn a_process_sends_nothing_at_the_beginning_of_every_outage() {
    // The calls between two outages: none, some, and so many that it counts on no outage any more.
    for between in [0, 1, 20] {
        let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
        let store = Store::new(&platform, Mood::Well);
        let (quiet, busy) = (process_of(2, &platform, &store, 8), process_of(2, &platform, &store, 8));
        for outage in 0..3 {
            for _ in 0..7 {
                platform.run(acquire(&busy)).answered();
            }
            store.mood.set(Mood::Failing);
            let begun = platform.now();
            platform.run(acquire(&quiet)).answered();
            let waited = platform.now().since(begun);
            assert!(waited > seconds(60), "{between} calls, outage {outage}: {waited:?}");
            store.mood.set(Mood::Well);
            for _ in 0..between {
                platform.advance(seconds(30));
                platform.run(acquire(&quiet)).answered();
            }
            platform.advance(seconds(300));
            platform.run(acquire(&busy)).answered();
            platform.advance(seconds(300));
        }
    }
}

#[test]
fn a_process_has_the_whole_limit_again_once_the_others_have_heard_of_the_store() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Failing);
    let limiter = process_of(4, &platform, &store, 8);
    let serve = |count: usize| {
        let begun = platform.now();
        for _ in 0..count {
            platform.run(acquire(&limiter)).answered();
        }
        platform.now().since(begun)
    };
    serve(2);
    store.mood.set(Mood::Well);
    platform.advance(seconds(300));
    assert!(serve(3) > seconds(60), "others may not know yet: two of eight");
    // The store's rest, and what the others may have sent alone.
    platform.advance(seconds(300));
    assert!(serve(7) < seconds(1));
}

#[test]
fn the_log_in_the_store_forgets_what_counts_no_more() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Well);
    let limiter = process(&platform, &store, 5);
    let lengths: Vec<usize> = (0..100)
        .map(|_| {
            platform.run(acquire(&limiter)).answered();
            platform.advance(seconds(20));
            store.log.borrow().len()
        })
        .collect();
    assert!(lengths.iter().all(|length| (1..=10).contains(length)), "{lengths:?}");
}

#[test]
fn a_store_of_texts_keeps_the_log_of_all_processes() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let shared: Rc<dyn store::Store> = Rc::new(store::MemoryStore::new(Rc::clone(&platform) as _));
    let process = || {
        let sharing = Sharing {
            store: Rc::new(Rc::clone(&shared)),
            key: "the key".to_owned(),
            longest_attempt: seconds(30),
            processes: 1,
        };
        let options = Options {
            limit: 2,
            ..Options::default()
        };
        limiter(&platform, &options, sharing)
    };
    platform.run(acquire(&process())).answered();
    std::mem::forget(platform.run(acquire(&process())));
    let kept = platform.run(shared.get("the key")).unwrap().unwrap();
    let kept: Vec<u64> = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept, [START + 90_250, START + 90_250]);
    platform.run(acquire(&process())).answered();
    assert!(platform.now() > at(seconds(60)), "two are the limit of all");
}

#[test]
fn the_order_in_which_processes_wrote_their_times_does_not_matter() {
    let times: [u64; 4] = [61_000, 75_000, 90_000, 118_000].map(|time| START + time);
    let granted_at = |log: Vec<u64>| {
        let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
        let store = Store::new(&platform, Mood::Well);
        *store.log.borrow_mut() = log;
        platform.run(acquire(&process(&platform, &store, 3))).answered();
        platform.now()
    };
    let expected = granted_at(times.to_vec());
    assert!(expected > at(seconds(60)));
    let [a, b, c, d] = times;
    for log in [[d, c, b, a], [b, a, d, c], [c, d, a, b], [a, c, b, d]] {
        assert_eq!(granted_at(log.to_vec()), expected, "{log:?}");
    }
}

#[test]
fn a_process_that_stood_still_asks_once_more_and_blames_nobody() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Silent);
    let limiter = process(&platform, &store, 2);
    let (granted, waiting) = (Rc::new(Cell::new(false)), acquire(&limiter));
    let note = Rc::clone(&granted);
    platform.spawn(Box::pin(async move {
        waiting.await.answered();
        note.set(true);
    }));
    platform.settle();
    store.mood.set(Mood::Well);
    platform.sleep_through(seconds(30));
    platform.advance(seconds(1));
    assert_eq!((granted.get(), store.updates.get()), (true, 2));
    assert_eq!(limiter.warnings(), []);
}

#[test]
fn a_reply_to_one_process_frees_a_slot_for_another_long_before_its_latest_time() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Well);
    let (first, second) = (process(&platform, &store, 20), process(&platform, &store, 20));
    let permits: Vec<Permit> = (0..20).map(|_| platform.run(acquire(&first))).collect();
    let (granted, waiting, clock) = (Rc::new(Cell::new(None)), acquire(&second), Rc::clone(&platform));
    let note = Rc::clone(&granted);
    platform.spawn(Box::pin(async move {
        waiting.await.answered();
        note.set(Some(clock.now()));
    }));
    platform.advance(seconds(1));
    permits.into_iter().for_each(Permit::answered);
    // It tells the store when it sends again itself.
    let again = acquire(&first);
    platform.spawn(Box::pin(async move { again.await.answered() }));
    platform.advance(seconds(120));
    assert!(
        granted.get().is_some_and(|at| at < self::at(seconds(75))),
        "{:?}",
        granted.get()
    );
}

#[test]
fn the_longest_window_of_the_clients_of_a_process_is_that_of_the_log_in_the_store_too() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let store = Store::new(&platform, Mood::Well);
    let client = |window, longest_attempt| {
        let options = Options {
            window: seconds(window),
            ..Options::default()
        };
        let sharing = Sharing {
            longest_attempt: seconds(longest_attempt),
            ..sharing_of(1, &store)
        };
        client_in(usize::MAX - 10, &platform, &options, sharing)
    };
    // What stands in the store for the send of a moment ago.
    let number = |limiter: &RateLimiter| {
        let sent = START + whole_millis(&platform) + 2;
        platform.run(acquire(limiter)).unsent();
        store.log.borrow().last().unwrap() - sent
    };
    let first = client(60, 30);
    assert_eq!(number(&first), 60_000 + 30_000 + 250);
    let second = client(120, 40);
    assert_eq!(number(&first), 120_000 + 40_000 + 250);
    second.retire();
    assert_eq!(number(&first), 60_000 + 40_000 + 250);
    // The longest there is.
    let third = client(10 * 86_400, 40);
    assert_eq!(number(&first), 86_400_000 + 40_000 + 250);
    drop(third);
}

fn whole_millis(platform: &VirtualPlatform) -> u64 {
    let now = platform.now().since(Instant::default());
    u64::try_from(now.as_millis()).unwrap()
}

/// A store that grants everything, and knows under which keys.
#[derive(Default)]
struct Keys(RefCell<Vec<String>>);

impl LogStore for Keys {
    fn update(&self, key: &str, mut change: Change) -> LocalFuture<Result<Admission, StoreError>> {
        self.0.borrow_mut().push(key.to_owned());
        let (_, admission) = change(Vec::new());
        Box::pin(ready(Ok(admission)))
    }
}

#[test]
fn each_api_key_has_a_log_of_its_own_in_the_store_which_does_not_show_it() {
    let platform = VirtualPlatform::new(|_, _| Reply::new(200, ""));
    let keys = Rc::<Keys>::default();
    for (process, api_key) in [(1, Some("key a")), (2, Some("key b")), (3, Some("key a")), (4, None)] {
        let seat = Seat {
            origin: "https://keys".to_owned(),
            service: String::new(),
            salt: format!("salt of {process}"),
            memory: Box::new(|_| Rc::<Kept>::default()),
            sharing: Some(Sharing {
                store: Rc::<Keys>::clone(&keys),
                key: "the log".to_owned(),
                longest_attempt: seconds(30),
                processes: 1,
            }),
        };
        let auth = api_key.map_or(Auth::Proxy, |key| Auth::Token {
            api_key: Secret::Text(key.to_owned()),
            token: Secret::Text("token".to_owned()),
        });
        let limiter = RateLimiter::of_process(Rc::clone(&platform) as _, &Options::default(), seat, &auth);
        platform.run(acquire(&limiter)).answered();
    }
    let keys = keys.0.take();
    assert_eq!((&keys[0], keys[3].as_str()), (&keys[2], "the log"));
    assert_ne!(keys[0], keys[1]);
    for key in &keys[..2] {
        let digest = key.strip_prefix("the log ").unwrap();
        assert!(digest.len() == 16 && !key.contains("key a"), "{key}");
    }
}
