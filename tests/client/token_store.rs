//! A store that keeps the token between processes.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::{FutureExt, future::pending};
use markmonitor_certs::client::{
    Client, Error,
    auth::{Auth, Secret, TokenStore},
    error::ErrorKind,
    events::Event,
    platform::LocalFuture,
    store::StoreError,
};

use crate::fixtures::prices;
use crate::world::{API_KEY, PASSWORD, Setup, USERNAME, World};

const MINUTE: Duration = Duration::from_secs(60);
const AUTHENTICATE: &str = "POST /auth/v1/auth/authenticate";
const REFRESH: &str = "GET /auth/v1/auth/refresh";
const CALL: &str = "GET /certs/v1/order/prices";

#[derive(Default)]
struct Store {
    token: RefCell<Option<String>>,
    get_fails: Cell<bool>,
    set_fails: Cell<bool>,
}

impl TokenStore for Store {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        let result = if self.get_fails.get() {
            Err(StoreError(format!("no store for {PASSWORD}")))
        } else {
            Ok(self.token.borrow().clone())
        };
        async move { result }.boxed_local()
    }

    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        let result = if self.set_fails.get() {
            Err(StoreError(format!("no store for {token:?}")))
        } else {
            *self.token.borrow_mut() = token;
            Ok(())
        };
        async move { result }.boxed_local()
    }
}

/// One process: a client of its own account, with the store that all share.
fn process(world: &World, store: &Rc<Store>) -> Client {
    let store: Rc<dyn TokenStore> = Rc::<Store>::clone(store);
    world.client_of(Setup::auth(Auth::Password {
        api_key: Secret::Text(API_KEY.into()),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: Some(store),
    }))
}

fn call(world: &World, client: &Client) -> Result<(), Error> {
    world.call(client, prices()).map(drop)
}

#[test]
fn a_second_process_uses_the_token_of_the_first() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    call(&world, &process(&world, &store)).unwrap();
    assert!(store.token.borrow().is_some());
    world.advance(MINUTE * 30);
    let second = process(&world, &store);
    call(&world, &second).unwrap();
    assert_eq!(world.take_lines(), [AUTHENTICATE, CALL, CALL]);
    let left = second.token_info().unwrap().remaining.as_secs();
    assert!(
        (59 * 60..=60 * 60).contains(&left),
        "what is left of it counts: {left} s"
    );
}

#[test]
fn another_processes_newer_token_is_taken_rather_than_renewing_the_own() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    let (one, other) = (process(&world, &store), process(&world, &store));
    call(&world, &one).unwrap();
    call(&world, &other).unwrap();
    world.advance(MINUTE * 90 - Duration::from_secs(20));
    call(&world, &one).unwrap();
    call(&world, &other).unwrap();
    assert_eq!(world.take_lines(), [AUTHENTICATE, CALL, CALL, REFRESH, CALL, CALL]);
}

#[test]
fn a_stored_token_that_has_ended_is_not_sent() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    call(&world, &process(&world, &store)).unwrap();
    world.advance(MINUTE * 100);
    world.take_sent();
    call(&world, &process(&world, &store)).unwrap();
    assert_eq!(world.take_lines(), [AUTHENTICATE, CALL]);
}

#[test]
fn a_stored_token_that_the_service_refuses_is_not_taken_twice() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    *store.token.borrow_mut() = Some("stale.but.unreadable".into());
    call(&world, &process(&world, &store)).unwrap();
    assert_eq!(world.take_lines(), [CALL, AUTHENTICATE, CALL]);
    assert_ne!(store.token.borrow().as_deref(), Some("stale.but.unreadable"));
}

#[test]
fn what_cannot_be_a_token_is_passed_over() {
    for odd in ["", "a\r\nb: c", "zwölf"] {
        let (world, store) = (World::new(), Rc::<Store>::default());
        *store.token.borrow_mut() = Some(odd.into());
        call(&world, &process(&world, &store)).unwrap();
        assert_eq!(world.take_lines(), [AUTHENTICATE, CALL], "{odd:?}");
    }
}

#[test]
fn a_store_that_fails_to_give_a_token_fails_the_call_with_its_own_words_and_no_secret() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    let client = process(&world, &store);
    store.get_fails.set(true);
    let error = call(&world, &client).unwrap_err();
    assert_eq!(error.code.as_str(), "token_store_failed");
    assert!(error.message.contains("`get`"), "{}", error.message);
    let ErrorKind::Caused { cause } = &error.kind else {
        panic!("{error:?}")
    };
    assert_eq!(cause, "no store for ***");
    assert!(world.take_lines().is_empty());
}

#[test]
fn a_store_that_does_not_keep_a_token_is_told_of_and_fails_no_call() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    let client = process(&world, &store);
    store.set_fails.set(true);
    call(&world, &client).unwrap();
    assert_eq!(world.take_lines(), [AUTHENTICATE, CALL]);
    let told: Vec<Event> = world.take_events();
    let told = told.iter().filter_map(|event| match event {
        Event::Store(event) => Some((event.method, event.reason.as_str())),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [("set", "no store for Some(\"***\")")]);
}

/// Never answers.
struct Silent;

impl TokenStore for Silent {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        pending().boxed_local()
    }

    fn set(&self, _: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        pending().boxed_local()
    }
}

#[test]
fn a_store_that_never_answers_fails_the_call_after_five_seconds() {
    let world = World::new();
    let client = world.client_of(Setup::auth(Auth::Password {
        api_key: Secret::Text(API_KEY.into()),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: Some(Rc::new(Silent)),
    }));
    let error = call(&world, &client).unwrap_err();
    assert_eq!(error.code.as_str(), "token_store_failed");
    assert_eq!(world.now(), Duration::from_secs(5));
}

#[test]
fn forgetting_the_token_forgets_it_in_the_store_too() {
    let (world, store) = (World::new(), Rc::<Store>::default());
    let client = process(&world, &store);
    call(&world, &client).unwrap();
    client.clear_token();
    world.platform.settle();
    assert_eq!(*store.token.borrow(), None);
}

/// Its client is told to forget the token while it is written.
#[derive(Default)]
struct Forgetting(RefCell<Option<Client>>);

impl TokenStore for Forgetting {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        async { Ok(None) }.boxed_local()
    }

    fn set(&self, token: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        if let Some(client) = self.0.borrow().as_ref().filter(|_| token.is_some()) {
            client.clear_token();
        }
        async { Ok(()) }.boxed_local()
    }
}

#[test]
fn a_call_whose_token_is_cleared_while_it_is_stored_is_not_sent_without_one() {
    let world = World::new();
    let store = Rc::new(Forgetting::default());
    let client = world.client_of(Setup::auth(Auth::Password {
        api_key: Secret::Text(API_KEY.into()),
        username: USERNAME.into(),
        password: Secret::Text(PASSWORD.into()),
        store: Some(Rc::clone(&store) as Rc<dyn TokenStore>),
    }));
    store.0.replace(Some(client.clone()));
    let error = call(&world, &client).unwrap_err();
    assert_eq!(error.code.as_str(), "no_token");
    assert_eq!(world.take_lines(), [AUTHENTICATE]);
    store.0.take();
    call(&world, &client).unwrap();
}
