//! A [`Platform`] without a world: a clock that jumps to the next timer, an executor that runs until nothing moves,
//! and a closure as the server. Days pass in milliseconds, the same in every run.
#![allow(dead_code, reason = "each test crate uses its own part of it")]

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, btree_map::OccupiedEntry},
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_executor::{LocalPool, LocalSpawner};
use futures_util::{future::ready, task::LocalSpawnExt};
use markmonitor_certs::{
    api::{Body, Form, Parsed},
    client::platform::{BodyError, HttpRequest, HttpResponse, Instant, LocalFuture, Platform, SendError},
};

/// The wall clock when the monotonic one starts: 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const START: u64 = 1_767_225_600_000;

/// What the server does with a request.
pub struct Reply {
    /// How long it takes from the send to the head of the reply, or to the failure.
    pub latency: Duration,
    /// How long the body takes after the head.
    pub body_latency: Duration,
    /// What arrives.
    pub outcome: Result<Head, SendError>,
}

/// A reply's head, with the body that follows.
pub struct Head {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Result<Vec<u8>, BodyError>,
}

impl Head {
    /// The body as a request gets it that is this strict.
    fn read(self, form: Form, limit: u64) -> Result<Rc<dyn Body>, BodyError> {
        let bytes = self.body?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
            return Err(BodyError::TooLarge);
        }
        // The form is that of a success: what is refused is refused in JSON.
        let is_success = (200..300).contains(&self.status);
        Ok(Rc::new(Parsed::of(&bytes, if is_success { form } else { Form::Any })))
    }
}

impl Reply {
    /// A reply with a body, at once.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let head = Head {
            status,
            headers: Vec::new(),
            body: Ok(body.into()),
        };
        Self {
            latency: Duration::ZERO,
            body_latency: Duration::ZERO,
            outcome: Ok(head),
        }
    }

    /// A request that fails.
    pub fn failure(message: &str, before_send: bool) -> Self {
        let error = SendError {
            message: message.to_owned(),
            before_send,
            ..SendError::default()
        };
        Self {
            latency: Duration::ZERO,
            body_latency: Duration::ZERO,
            outcome: Err(error),
        }
    }

    pub fn after(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(head) = &mut self.outcome {
            head.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

type Server = Box<dyn FnMut(HttpRequest, Instant) -> Reply>;

/// The world of one test.
pub struct VirtualPlatform {
    me: Weak<Self>,
    now: Cell<Instant>,
    timers: RefCell<BTreeMap<(Instant, u64), Waker>>,
    next_timer: Cell<u64>,
    sending: Cell<usize>,
    /// How far the wall clock is from where it would be, in milliseconds.
    wall_offset: Cell<i64>,
    random: Cell<u64>,
    server: RefCell<Server>,
    pool: RefCell<LocalPool>,
    spawner: LocalSpawner,
}

impl VirtualPlatform {
    /// A world whose server is this closure, called when a request is sent.
    pub fn new(server: impl FnMut(HttpRequest, Instant) -> Reply + 'static) -> Rc<Self> {
        let pool = LocalPool::new();
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            now: Cell::default(),
            timers: RefCell::default(),
            next_timer: Cell::default(),
            sending: Cell::default(),
            wall_offset: Cell::default(),
            random: Cell::new(1),
            server: RefCell::new(Box::new(server)),
            spawner: pool.spawner(),
            pool: RefCell::new(pool),
        })
    }

    /// Runs a future to its end, letting time pass as far as it has to.
    ///
    /// # Panics
    /// When nothing is left that could wake it.
    pub fn run<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> T {
        let result = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&result);
        self.spawn(Box::pin(async move {
            let value = future.await;
            *slot.borrow_mut() = Some(value);
        }));
        loop {
            self.settle();
            if let Some(value) = result.borrow_mut().take() {
                return value;
            }
            assert!(
                self.jump(Instant::from_origin(Duration::MAX)),
                "the future waits for something that never comes"
            );
        }
    }

    /// Lets a span pass, with all that happens in it.
    pub fn advance(&self, span: Duration) {
        let end = self.now.get().after(span);
        self.settle();
        while self.jump(end) {
            self.settle();
        }
        self.now.set(end);
        self.settle();
    }

    /// The machine sleeps: time passes, and nothing happens before it is over.
    pub fn sleep_through(&self, span: Duration) {
        self.now.set(self.now.get().after(span));
        self.advance(Duration::ZERO);
    }

    /// Runs what can run without time passing.
    pub fn settle(&self) {
        self.pool.borrow_mut().run_until_stalled();
    }

    /// How many timers are set.
    pub fn timers(&self) -> usize {
        self.timers.borrow().len()
    }

    /// How many requests are in flight.
    pub fn sending(&self) -> usize {
        self.sending.get()
    }

    /// Moves the wall clock by so many milliseconds: somebody sets it, or it is corrected.
    pub fn jump_wall_clock(&self, millis: i64) {
        self.wall_offset.set(self.wall_offset.get() + millis);
    }

    /// Goes to the next timer unless it is later than that.
    fn jump(&self, latest: Instant) -> bool {
        let due = self
            .timers
            .borrow_mut()
            .first_entry()
            .filter(|timer| timer.key().0 <= latest)
            .map(OccupiedEntry::remove_entry);
        let Some(((at, _), waker)) = due else { return false };
        self.now.set(self.now.get().max(at));
        waker.wake();
        true
    }

    fn timer(&self, span: Duration) -> Timer {
        let id = self.next_timer.get();
        self.next_timer.set(id + 1);
        Timer {
            platform: Weak::clone(&self.me),
            key: (self.now.get().after(span), id),
        }
    }
}

impl Platform for VirtualPlatform {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, SendError>> {
        let (form, limit) = (request.form, request.limit);
        let reply = (self.server.borrow_mut())(request, self.now.get());
        let arrival = self.timer(reply.latency);
        let flight = Flight::new(&self.me);
        let me = Weak::clone(&self.me);
        Box::pin(async move {
            let _flight = flight;
            arrival.await;
            let mut head = reply.outcome?;
            let (status, headers) = (head.status, core::mem::take(&mut head.headers));
            let read = head.read(form, limit);
            let body: LocalFuture<_> = match me.upgrade().filter(|_| !reply.body_latency.is_zero()) {
                None => Box::pin(ready(read)),
                Some(platform) => {
                    let end = platform.timer(reply.body_latency);
                    Box::pin(async move {
                        end.await;
                        read
                    })
                }
            };
            Ok(HttpResponse { status, headers, body })
        })
    }

    fn sleep(&self, span: Duration) -> LocalFuture<()> {
        Box::pin(self.timer(span))
    }

    fn spawn(&self, task: LocalFuture<()>) {
        self.spawner
            .spawn_local(task)
            .expect("the pool lives as long as the platform");
    }

    fn now(&self) -> Instant {
        self.now.get()
    }

    fn wall_clock(&self) -> u64 {
        let passed =
            u64::try_from(self.now.get().since(Instant::default()).as_millis()).expect("tests end in this age");
        (START + passed).saturating_add_signed(self.wall_offset.get())
    }

    /// An xorshift generator: the same numbers in every run.
    fn random(&self) -> f64 {
        let mut state = self.random.get();
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.random.set(state);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Counts a request for as long as somebody waits for it.
struct Flight(Weak<VirtualPlatform>);

impl Flight {
    fn new(platform: &Weak<VirtualPlatform>) -> Self {
        let flight = Self(Weak::clone(platform));
        flight.count(|sending| sending + 1);
        flight
    }

    fn count(&self, change: impl FnOnce(usize) -> usize) {
        if let Some(platform) = self.0.upgrade() {
            platform.sending.set(change(platform.sending.get()));
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.count(|sending| sending - 1);
    }
}

struct Timer {
    platform: Weak<VirtualPlatform>,
    key: (Instant, u64),
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(platform) = self.platform.upgrade() else {
            return Poll::Pending;
        };
        if platform.now.get() >= self.key.0 {
            return Poll::Ready(());
        }
        platform.timers.borrow_mut().insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(platform) = self.platform.upgrade() {
            platform.timers.borrow_mut().remove(&self.key);
        }
    }
}
