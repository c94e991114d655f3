//! Cancelling is dropping: wherever a call stands, nothing of it is left behind.

use std::{rc::Rc, time::Duration};

use markmonitor_certs::client::{
    Client, limiter,
    lists::Pager,
    options::CallOptions,
    waiting::{Goal, Wait, WaitOptions},
};
use serde_json::json;

use crate::{
    call::{Call, call, request},
    fixtures::{NO_ID, create_once},
    virtual_platform::Reply,
    world::{Setup, World, json as reply, lost},
};

const STEP: Duration = Duration::from_millis(17);
const SECOND: Duration = Duration::from_secs(1);

fn get() -> Call {
    request("GET", "/thing")
}

fn ready() -> (World, Client) {
    let world = World::new();
    let limit = limiter::Options {
        adaptive: false,
        ..limiter::Options::default()
    };
    let client = world.client_of(Setup {
        limit,
        ..Setup::default()
    });
    let asked = client.clone();
    world.answer_calls(|_| reply(200, &json!({})));
    world.run(async move { asked.token().await }).unwrap();
    (world, client)
}

type Server = Rc<dyn Fn(usize) -> Reply>;

/// Starts the same call again and again, and drops it each time a little later, until it ends by itself.
fn drop_everywhere(name: &str, server: Server) {
    for steps in 0.. {
        let (world, client) = ready();
        let (server, mut number) = (Rc::clone(&server), 0);
        world.answer_calls(move |_| {
            number += 1;
            server(number)
        });
        let call = world.start_call(&client, get());
        world.advance(STEP * steps);
        if call.result().is_some() {
            assert!(steps > 2, "{name} ended after {steps} steps");
            return;
        }
        call.give_up(&world);
        world.assert_quiet(&client);
        assert!(world.now() < SECOND * 300, "{name} does not end");
    }
}

#[test]
fn a_call_can_be_dropped_in_flight_in_its_body_and_in_its_back_off() {
    drop_everywhere("a success", Rc::new(|_| reply(200, &json!({}))));
    drop_everywhere(
        "a body",
        Rc::new(|_| Reply {
            body_latency: SECOND / 5,
            ..reply(200, &json!({}))
        }),
    );
    drop_everywhere("a refusal", Rc::new(|_| reply(503, &json!({}))));
    drop_everywhere("a lost reply", Rc::new(|_| lost()));
    let throttled = |number| {
        let status = if number == 1 { 429 } else { 200 };
        reply(status, &json!({})).header("retry-after", "1")
    };
    drop_everywhere("a 429", Rc::new(throttled));
}

#[test]
fn a_call_can_be_dropped_in_the_queue_and_leaves_its_place_to_the_next() {
    let (world, client) = ready();
    client.limiter().pause(Some(SECOND * 60));
    let calls: Vec<_> = (0..3).map(|_| world.start_call(&client, get())).collect();
    assert_eq!(client.limiter().state().queued, 3);
    let [first, second, third] = calls.try_into().ok().expect("three");
    first.give_up(&world);
    third.give_up(&world);
    assert_eq!(client.limiter().state().queued, 1);
    world.answer_calls(|_| reply(200, &json!({})));
    world.advance(SECOND * 61);
    assert!(second.result().is_some());
    world.assert_quiet(&client);
}

#[test]
fn a_call_can_be_dropped_while_its_token_is_fetched() {
    let world = World::new();
    let client = world.client();
    world.start_call(&client, get()).give_up(&world);
    // The token is fetched to its end, for whoever comes next.
    world.advance(SECOND);
    world.assert_quiet(&client);
    assert_eq!(world.take_sent().len(), 1);
}

#[test]
fn waiting_can_be_dropped_between_two_looks_and_during_one() {
    for at in [SECOND / 100, SECOND * 2] {
        let (world, client) = ready();
        world.answer_calls(|_| reply(200, &json!({ "status": "DIGI_PENDING" })));
        let waiting = client.clone();
        let options = WaitOptions::default();
        let wait = world.start(async move {
            let wait = Wait::for_order(waiting, NO_ID, Goal::Issued, options);
            wait.reach(&|_| ()).await.map(drop)
        });
        world.advance(at);
        wait.give_up(&world);
        world.assert_quiet(&client);
    }
}

#[test]
fn a_walk_through_pages_can_be_dropped() {
    let (world, client) = ready();
    world.answer_calls(|_| reply(200, &json!({ "content": [{}], "last": false, "number": 0 })));
    let walker = client.clone();
    let walk = world.start(async move {
        let (endpoint, arguments) = call("orders.list").parts();
        let mut pager = Pager::new(walker, endpoint, arguments, CallOptions::default())?;
        pager.next().await.map(drop)
    });
    walk.give_up(&world);
    world.assert_quiet(&client);
}

#[test]
fn a_creation_that_is_dropped_lets_the_next_one_look() {
    let (world, client) = ready();
    world.answer_calls(|sent| match sent.method.as_str() {
        "GET" => reply(200, &json!([])),
        _ => reply(202, &json!({ "id": NO_ID })),
    });
    let order = json!({ "cert": { "commonName": "a.example", "csr": "AAAA" } });
    let once = || create_once(client.clone(), order.clone());
    let first = world.start(once());
    let second = world.start(once());
    first.give_up(&world);
    world.advance(SECOND);
    assert!(second.result().is_some_and(|result| result.is_ok()));
    world.assert_quiet(&client);
}

#[test]
fn a_request_that_was_dropped_in_flight_still_counts_for_the_limit() {
    let (world, client) = ready();
    world.answer_calls(|_| reply(200, &json!({})));
    let used = client.limiter().state().used;
    let call = world.start_call(&client, get());
    call.give_up(&world);
    assert_eq!(client.limiter().state().used, used + 1, "the service may have got it");
}
