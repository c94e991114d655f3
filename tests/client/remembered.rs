//! What of a client outlives it: the one in its place neither authenticates again nor earns a 429.

use std::{rc::Rc, time::Duration};

use markmonitor_certs::client::{Client, platform::Memory};
use serde_json::json;

use crate::{
    fixtures::{body_of, prices, refusal_of},
    memory::Kept,
    virtual_platform::Reply,
    world::{LATENCY, Sent, Setup, World, json as reply},
};

const MINUTE: Duration = Duration::from_secs(60);
const AUTHENTICATE: &str = "POST /auth/v1/auth/authenticate";

fn with(memory: &Rc<Kept>) -> Setup {
    Setup {
        memory: Rc::clone(memory),
        ..Setup::default()
    }
}

/// So many calls at a time, each of which succeeds in the end.
fn make(world: &World, client: &Client, calls: usize) {
    let calls: Vec<_> = (0..calls).map(|_| world.start_call(client, prices())).collect();
    world.advance(MINUTE * 10);
    assert!(
        calls
            .iter()
            .all(|call| call.result().is_some_and(|result| result.is_ok()))
    );
}

/// A client that is left with some calls answered and some in flight, and what was kept of it then.
fn broken(world: &World) -> (Client, Rc<Kept>) {
    let memory = Rc::<Kept>::default();
    let client = world.client_of(with(&memory));
    let answered: Vec<_> = (0..39).map(|_| world.start_call(&client, prices())).collect();
    world.advance(LATENCY * 3);
    assert!(answered.iter().all(|call| call.result().is_some()));
    for _ in 0..50 {
        let _ = world.start_call(&client, prices());
    }
    assert_eq!(client.limiter().state().in_flight, 50);
    (client, memory.copy())
}

fn authentications(sent: &[Sent]) -> usize {
    sent.iter().filter(|sent| sent.line() == AUTHENTICATE).count()
}

#[test]
fn the_next_client_has_the_token_and_counts_what_the_first_one_sent() {
    let world = World::new();
    let (_first, kept) = broken(&world);
    let next = world.client_of(with(&kept));
    assert!(next.token_info().is_some_and(|info| info.remaining > MINUTE * 89));
    let state = next.limiter().state();
    assert_eq!(
        (state.used, state.in_flight),
        (90, 0),
        "39 calls, their token, and 50 in flight"
    );
    make(&world, &next, 300);
    assert_eq!(next.limiter().state().throttled, 0);
    assert_eq!(authentications(&world.take_sent()), 1);
}

#[test]
fn one_that_remembered_nothing_would_earn_a_429_and_authenticate_again() {
    let world = World::new();
    let (_first, _) = broken(&world);
    let next = world.client_of(with(&Rc::default()));
    make(&world, &next, 300);
    assert!(next.limiter().state().throttled > 0);
    assert_eq!(authentications(&world.take_sent()), 2);
}

#[test]
fn a_client_after_many_others_still_knows_what_all_of_them_sent() {
    let world = World::new();
    let mut memory = Rc::<Kept>::default();
    // Few enough that none waits: those would be sent by a client that is gone.
    for _ in 0..7 {
        let client = world.client_of(with(&memory));
        for _ in 0..12 {
            let _ = world.start_call(&client, prices());
        }
        world.advance(LATENCY * 2);
        let _ = world.start_call(&client, prices());
        memory = memory.copy();
    }
    let last = world.client_of(with(&memory));
    make(&world, &last, 200);
    assert_eq!(last.limiter().state().throttled, 0);
    assert_eq!(authentications(&world.take_sent()), 1);
}

#[test]
fn a_token_that_ended_meanwhile_is_renewed() {
    let world = World::new();
    let (_first, kept) = broken(&world);
    world.advance(MINUTE * 89 + MINUTE * 3 / 4);
    world.take_sent();
    let next = world.client_of(with(&kept));
    world.value(&next, prices());
    assert_eq!(
        world.take_lines(),
        ["GET /auth/v1/auth/refresh", "GET /certs/v1/order/prices"]
    );
}

#[test]
fn secrets_of_the_first_client_are_redacted_by_the_next() {
    let world = World::new();
    let (first, kept) = broken(&world);
    let token = world.run(async move { first.token().await }).unwrap();
    let next = world.client_of(with(&kept));
    let echoed = token.clone();
    world.answer_calls(move |_| Reply::new(500, format!("you sent {echoed}")));
    let error = world.error(&next, prices());
    assert_eq!(body_of(refusal_of(&error)), "you sent ***");
}

#[test]
fn a_token_that_is_refused_cleared_or_closed_is_not_kept() {
    let token_of = |kept: &Rc<Kept>| Memory::token(&**kept).map(|kept| kept.token);
    let ready = || {
        let (world, memory) = (World::new(), Rc::<Kept>::default());
        let client = world.client_of(with(&memory));
        world.value(&client, prices());
        assert!(token_of(&memory).is_some());
        (world, client, memory)
    };
    let (_world, client, memory) = ready();
    client.clear_token();
    assert_eq!(token_of(&memory), None);

    let (_world, client, memory) = ready();
    client.close();
    assert_eq!(token_of(&memory), None);

    let (world, client, memory) = ready();
    let before = token_of(&memory);
    let mut refused = false;
    world.answer_calls(move |_| {
        reply(
            if core::mem::replace(&mut refused, true) {
                200
            } else {
                401
            },
            &json!([]),
        )
    });
    world.value(&client, prices());
    assert_eq!(token_of(&memory).as_deref(), Some("scripted.token.1"));
    assert_ne!(token_of(&memory), before);
}

#[test]
fn a_token_that_arrives_after_its_client_was_closed_is_not_kept() {
    let (world, memory) = (World::new(), Rc::<Kept>::default());
    let client = world.client_of(with(&memory));
    let call = world.start_call(&client, prices());
    client.close();
    world.advance(MINUTE);
    assert!(call.result().is_some_and(|result| result.is_ok()), "it was under way");
    assert!(Memory::token(&*memory).is_none());
}
