//! Clients of one key in one process share one limit, whatever else is said of them.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::Duration,
};

use markmonitor_certs::client::{
    auth::{Auth, Secret},
    limiter::{Options, Permit, Priority, RateLimiter, Seat, Warning},
    platform::{Instant, Platform},
};

use crate::{
    memory::Kept,
    millis, seconds,
    virtual_platform::{Reply, VirtualPlatform},
};

type Memories = Rc<RefCell<BTreeMap<String, Rc<Kept>>>>;

/// A process: its salt sets its limits apart from those of the other tests on this thread.
struct Process {
    platform: Rc<VirtualPlatform>,
    salt: String,
    memories: Memories,
}

thread_local! {
    static PROCESSES: Cell<usize> = const { Cell::new(0) };
}

impl Process {
    fn new() -> Self {
        let number = PROCESSES.get() + 1;
        PROCESSES.set(number);
        Self {
            platform: VirtualPlatform::new(|_, _| Reply::new(200, "")),
            salt: format!("salt {number}"),
            memories: Memories::default(),
        }
    }

    fn client(&self, options: &Options, auth: &Auth) -> RateLimiter {
        self.client_of("https://h", "", options, auth, Rc::clone(&self.platform) as _)
    }

    fn client_of(
        &self,
        origin: &str,
        service: &str,
        options: &Options,
        auth: &Auth,
        platform: Rc<dyn Platform>,
    ) -> RateLimiter {
        let memories = Rc::clone(&self.memories);
        let seat = Seat {
            origin: origin.to_owned(),
            service: service.to_owned(),
            salt: self.salt.clone(),
            memory: Box::new(move |name| {
                let mut memories = memories.borrow_mut();
                Rc::clone(memories.entry(name.to_owned()).or_default()) as _
            }),
            sharing: None,
        };
        RateLimiter::of_process(platform, options, seat, auth)
    }

    /// Makes so many calls and has them answered.
    fn serve(&self, limiter: &RateLimiter, count: u32) {
        for _ in 0..count {
            let waiting = limiter.acquire(Priority::Normal, None, Duration::MAX).unwrap();
            self.platform
                .run(async move { waiting.await.map(Permit::answered) })
                .unwrap();
        }
    }
}

fn text(key: &str) -> Auth {
    Auth::Password {
        api_key: Secret::Text(key.to_owned()),
        username: "user".to_owned(),
        password: Secret::Text("password".to_owned()),
        store: None,
    }
}

fn function() -> Auth {
    Auth::Token {
        api_key: Secret::Ask(Rc::new(|| Box::pin(async { Err("no key".into()) }))),
        token: Secret::Text("token".to_owned()),
    }
}

fn options(limit: u32, window: u64) -> Options {
    Options {
        limit,
        window: seconds(window),
        ..Options::default()
    }
}

#[test]
fn clients_of_one_key_share_a_limit_whatever_else_their_options_say() {
    let others = [
        options(100, 60),
        options(200, 60),
        options(100, 90),
        Options {
            slack: seconds(1),
            ..Options::default()
        },
        Options {
            share: 0.5,
            ..Options::default()
        },
        Options {
            adaptive: false,
            ..Options::default()
        },
        Options {
            max_queue: 3,
            ..Options::default()
        },
    ];
    for other in others {
        let process = Process::new();
        let first = process.client(&Options::default(), &text("key"));
        let second = process.client(&other, &text("key"));
        process.serve(&first, 20);
        process.serve(&second, 10);
        assert_eq!((first.state(), first.state().used), (second.state(), 30), "{other:?}");
    }
}

#[test]
fn other_keys_services_origins_and_salts_are_other_limits_and_so_is_a_proxy() {
    let process = Process::new();
    let platform = || Rc::clone(&process.platform) as Rc<dyn Platform>;
    let options = Options::default();
    let first = process.client(&options, &text("key"));
    process.serve(&first, 5);
    let others = [
        process.client(&options, &text("kez")),
        process.client(&options, &text("")),
        process.client(&options, &Auth::Proxy),
        process.client_of("https://h:1", "", &options, &text("key"), platform()),
        process.client_of("https://h", "a sandbox", &options, &text("key"), platform()),
        process.client_of("https://", "h", &options, &text("key"), platform()),
        Process {
            salt: "another".into(),
            ..Process::new()
        }
        .client(&options, &text("key")),
        RateLimiter::new(platform(), &options),
    ];
    for (number, other) in others.iter().enumerate() {
        assert_eq!(other.state().used, 0, "{number}");
    }
    let proxy = process.client(&options, &Auth::Proxy);
    process.serve(&proxy, 3);
    assert_eq!(others[2].state().used, 3);
}

#[test]
fn a_key_that_a_function_returns_is_joined_as_soon_as_it_is_known() {
    let process = Process::new();
    let first = process.client(&Options::default(), &text("key"));
    process.serve(&first, 20);
    let second = process.client(&options(30, 60), &function());
    assert_eq!(
        (second.state().used, first.state().limit),
        (0, 100),
        "nothing is known of it"
    );
    let changes = Rc::new(Cell::new(0));
    let counted = Rc::clone(&changes);
    let listener: Rc<dyn Fn()> = Rc::new(move || counted.set(counted.get() + 1));
    second.on_change(&listener);
    second.pause(Some(seconds(5)));
    second.join(Some("key"));
    assert_eq!(second.state(), first.state());
    assert_eq!((second.state().used, second.state().limit), (20, 30));
    assert_eq!(
        second.state().paused_for,
        seconds(5),
        "its pause is for the calls of the key"
    );
    assert_eq!(changes.get(), 2, "the pause, and the other limit");
    process.serve(&first, 1);
    assert!(changes.get() > 2);

    // Another key: what is in flight stays with the first.
    let waiting = second.acquire(Priority::Normal, None, Duration::MAX).unwrap();
    let permit = process.platform.run(waiting).unwrap();
    second.join(Some("the next key"));
    assert!(!second.granted(&permit));
    assert_eq!((second.state().used, first.state().in_flight), (0, 1));
    assert_eq!(first.state().limit, 100, "the options of one who left do not bind");
    second.join(Some("key"));
    assert!(second.granted(&permit));
}

#[test]
fn the_smallest_limit_and_the_longest_window_of_those_alive_hold() {
    let process = Process::new();
    let first = process.client(&options(100, 60), &text("key"));
    process.serve(&first, 40);
    let small = process.client(&options(50, 30), &text("key"));
    let long = process.client(&options(80, 120), &text("key"));
    assert_eq!((first.state().limit, first.state().remaining), (50, 10));
    process.serve(&first, 10);
    assert!(first.state().next_slot_in > seconds(119), "{:?}", first.state());
    long.retire();
    assert!(first.state().next_slot_in < seconds(62), "{:?}", first.state());
    drop(small);
    assert_eq!((first.state().limit, first.state().used), (100, 50));
    first.retire();
    drop(long);
    assert_eq!(first.state().limit, 100, "the last one's hold while its calls end");
}

#[test]
fn a_call_that_waits_goes_when_a_smaller_limit_leaves() {
    let process = Process::new();
    let first = process.client(&options(5, 60), &text("key"));
    let small = process.client(&options(1, 60), &text("key"));
    process.serve(&first, 1);
    let waiting = first.acquire(Priority::Normal, None, Duration::MAX).unwrap();
    let served = Rc::new(Cell::new(false));
    let note = Rc::clone(&served);
    process.platform.spawn(Box::pin(async move {
        waiting.await.unwrap().answered();
        note.set(true);
    }));
    process.platform.settle();
    assert!(!served.get());
    small.retire();
    process.platform.settle();
    assert!(served.get());
}

#[test]
fn clients_of_one_limit_take_turns() {
    let process = Process::new();
    let clients = ["many", "few"].map(|_| process.client(&options(100, 60), &text("key")));
    clients[0].pause(None);
    let order = Rc::new(RefCell::new(Vec::new()));
    for client in [0, 0, 0, 0, 0, 1, 1] {
        let waiting = clients[client].acquire(Priority::Normal, None, Duration::MAX).unwrap();
        let order = Rc::clone(&order);
        process.platform.spawn(Box::pin(async move {
            waiting.await.unwrap().answered();
            order.borrow_mut().push(client);
        }));
    }
    clients[0].resume();
    process.platform.settle();
    assert_eq!(*order.borrow(), [0, 1, 0, 1, 0, 0, 0]);
}

#[test]
fn a_longer_window_counts_what_was_sent_under_a_shorter_one() {
    let process = Process::new();
    let first = process.client(&options(100, 1), &text("key"));
    for _ in 0..5 {
        process.serve(&first, 10);
        process.platform.advance(seconds(10));
    }
    assert_eq!(first.state().used, 0);
    let second = process.client(&options(100, 60), &text("key"));
    assert_eq!(second.state().used, 50);
}

#[test]
fn each_client_is_warned_once_of_what_holds_and_again_when_that_changes() {
    let process = Process::new();
    let first = process.client(&options(100, 60), &text("key"));
    assert_eq!(first.warnings(), []);
    let same = process.client(&options(100, 60), &text("key"));
    assert_eq!((first.warnings(), same.warnings()), (vec![], vec![]));
    let other = process.client(&options(50, 90), &text("key"));
    let differs = |own: (u32, u64), agreed: (u32, u64)| Warning::Differs {
        own: (own.0, seconds(own.1)),
        agreed: (agreed.0, seconds(agreed.1)),
    };
    assert_eq!(first.warnings(), [differs((100, 60), (50, 90))]);
    assert_eq!(first.warnings(), [], "once");
    assert_eq!(other.warnings(), [differs((50, 90), (50, 90))]);
    let third = process.client(&options(20, 60), &text("key"));
    assert_eq!(first.warnings(), [differs((100, 60), (20, 90))]);
    assert_eq!(third.warnings(), [differs((20, 60), (20, 90))]);
    other.retire();
    third.retire();
    assert_eq!(first.warnings(), [], "nobody disagrees any more");
    let message = differs((100, 60), (20, 90)).message();
    assert!(
        message.contains("this one 100 requests per 60000 ms") && message.contains("20 per 90000 ms"),
        "{message}"
    );
}

#[test]
fn a_limit_is_known_by_a_digest_and_never_by_its_key() {
    let process = Process::new();
    let (key, other) = ("a-secret-api-key", "another-secret-key");
    let _first = process.client(&Options::default(), &text(key));
    let _second = process.client(&Options::default(), &text(other));
    let names: Vec<_> = process.memories.borrow().keys().cloned().collect();
    assert_eq!(names.len(), 2);
    for name in names {
        assert_eq!(name.chars().count(), 32, "SHA-256");
        assert!(!name.contains("secret") && !name.contains(&process.salt), "{name}");
    }
}

#[test]
fn ten_thousand_clients_leave_neither_limits_nor_platforms_behind() {
    let process = Process::new();
    let mut worlds = Vec::new();
    for number in 0_u64..10_000 {
        let world = VirtualPlatform::new(|_, _| Reply::new(200, ""));
        // All processes' clocks are one: this one's shows the same time.
        world.advance(process.platform.now().since(Instant::default()));
        worlds.push(Rc::downgrade(&world));
        let auth = text(&number.to_string());
        let limiter = process.client_of("https://h", "", &Options::default(), &auth, Rc::clone(&world) as _);
        let waiting = limiter.acquire(Priority::Normal, None, Duration::MAX).unwrap();
        world.run(async move { waiting.await.map(Permit::answered) }).unwrap();
        process.platform.advance(millis(500));
    }
    assert!(
        worlds.iter().all(|world| world.upgrade().is_none()),
        "a limit keeps a platform"
    );
    let kept = process.memories.borrow();
    let live = kept.values().filter(|memory| !memory.is_discarded()).count();
    // What was sent in the last two minutes counts: 240 limits. Those that are over are looked for when they have doubled.
    assert!((240..=2 * 245).contains(&live), "{live}");
}

#[test]
fn a_limit_whose_client_is_idle_is_kept_for_the_next_client_of_its_key() {
    let process = Process::new();
    let first = process.client(&Options::default(), &text("key"));
    process.serve(&first, 1);
    process.platform.advance(seconds(600));
    for number in 0..100 {
        process.client(&Options::default(), &text(&format!("other {number}")));
    }
    let second = process.client(&Options::default(), &text("key"));
    process.serve(&first, 5);
    assert_eq!(second.state().used, 5);
}

#[test]
fn a_client_made_for_each_request_finds_the_gate_that_the_last_one_closed() {
    let process = Process::new();
    let open = || process.client(&Options::default(), &text("key"));
    let waiting = open().acquire(Priority::Normal, None, Duration::MAX).unwrap();
    drop(process.platform.run(waiting).unwrap().refused(Some(seconds(30))));
    for number in 0..100 {
        process.client(&Options::default(), &text(&format!("other {number}")));
    }
    let next = open();
    assert_eq!((next.state().paused_for, next.state().throttled), (seconds(30), 1));
}

#[test]
fn a_listener_that_pauses_is_told_of_that_once_and_others_hear_of_it() {
    let process = Process::new();
    let limiter = process.client(&Options::default(), &text("key"));
    let (pausing, shown) = (limiter.clone(), limiter.clone());
    let told = Rc::new(Cell::new(0));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (counted, noted) = (Rc::clone(&told), Rc::clone(&seen));
    let pauses: Rc<dyn Fn()> = Rc::new(move || {
        counted.set(counted.get() + 1);
        pausing.pause(Some(millis(50)));
    });
    let watches: Rc<dyn Fn()> = Rc::new(move || noted.borrow_mut().push(shown.state().paused_for));
    limiter.on_change(&watches);
    limiter.on_change(&pauses);
    limiter.pause(Some(seconds(9)));
    assert_eq!(told.get(), 2);
    assert_eq!(*seen.borrow(), [seconds(9), millis(50)]);
    limiter.resume();
    assert_eq!(told.get(), 4, "every change is told afresh");
}
