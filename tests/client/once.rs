//! Changes that are made once, whatever happens: at most one order for each that was wanted.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use futures_util::future::{join_all, pending};
use markmonitor_certs::client::{
    Client, Error, Reply as ChangeReply,
    auth::{Auth, Secret},
    error::{Difference, ErrorKind, TimeoutPhase},
    options::CallOptions,
    orders::OnceOptions,
    platform::{Instant, LocalFuture, Platform},
    store::{MemoryStore, Release, Replace, Store, StoreError},
};
use proptest::prelude::*;
use sandbox::{Drop, FaultRule};
use serde_json::{Value, json};

use crate::{
    call::call,
    fixtures::{
        COMMON_NAME, NO_ID, class_of, create, create_once, create_once_with, id_of, kind_of, new_order,
        new_organization, status_of,
    },
    virtual_platform::{Reply, VirtualPlatform},
    world::{API_KEY, PASSWORD, Setup, USERNAME, World, json as reply, lost},
};

const CREATE: &str = "POST /certs/v1/order";

/// A process: a client that shares nothing with others but the store.
fn process(world: &World, store: &Rc<dyn Store>) -> Client {
    world.client().with_store(Rc::clone(store), "")
}

fn shared(world: &World) -> Rc<dyn Store> {
    let platform: Rc<dyn Platform> = Rc::<VirtualPlatform>::clone(&world.platform);
    Rc::new(MemoryStore::new(platform))
}

fn creations(world: &World) -> usize {
    world.take_lines().iter().filter(|line| *line == CREATE).count()
}

fn wanted() -> Value {
    json!({
        "organizationId": NO_ID, "certType": "SSL_OV_BASIC",
        "cert": { "commonName": "a.example", "csr": "X", "dnsNames": ["www.a.example"] },
    })
}

/// A service that shows what `show` makes of an order that was placed so long ago, and answers the first POST as told.
fn service(
    world: &World,
    first: impl Fn(Value) -> Reply + 'static,
    show: impl Fn(&Value, Duration, bool) -> Option<Value> + 'static,
) {
    let (platform, mut orders) = (Rc::clone(&world.platform), Vec::<(Duration, Value)>::new());
    world.answer_calls(move |sent| {
        let now = platform.now().since(Instant::default());
        if sent.line() == CREATE {
            let mut order = sent.body.clone().unwrap();
            order["id"] = json!(format!("00000000-0000-4000-8000-{:012}", orders.len() + 1));
            order["status"] = json!("CREATED");
            orders.push((now, order.clone()));
            order["cert"] = Value::Null;
            return if orders.len() == 1 {
                first(order)
            } else {
                reply(202, &order)
            };
        }
        let is_list = sent.line() == "GET /certs/v1/order";
        let by_name = sent.query.contains("commonNames=");
        let shown = |(at, order): &(Duration, Value)| show(order, now - *at, by_name);
        if is_list {
            return reply(
                200,
                &json!({ "content": orders.iter().filter_map(shown).collect::<Vec<_>>(), "page": { "totalPages": 1 } }),
            );
        }
        let asked = orders
            .iter()
            .find(|(_, order)| sent.path.ends_with(order["id"].as_str().unwrap()));
        asked.map_or_else(
            || reply(404, &json!({})),
            |(at, order)| reply(200, &show(order, now - *at, false).unwrap_or_default()),
        )
    });
}

/// Without its certificate for three seconds, and not under its name either.
fn late(order: &Value, age: Duration, by_name: bool) -> Option<Value> {
    let mut order = order.clone();
    if age < Duration::from_secs(3) {
        order["cert"] = Value::Null;
    }
    (!by_name || !order["cert"].is_null()).then_some(order)
}

/// The same, of a service that drops comments, and all but the status as long as it has no certificate.
fn bare(order: &Value, age: Duration, by_name: bool) -> Option<Value> {
    let mut order = late(order, age, by_name)?;
    order.as_object_mut().unwrap().remove("comments");
    if order["cert"].is_null() {
        return Some(json!({ "id": order["id"], "status": "CREATED", "cert": null }));
    }
    Some(order)
}

type Show = fn(&Value, Duration, bool) -> Option<Value>;
type First = fn(Value) -> Reply;

#[test]
fn an_order_is_placed_once_whatever_its_creation_was_answered_with() {
    let shows: [(&str, Show); 2] = [("late", late), ("bare", bare)];
    let firsts: [(&str, First); 6] = [
        ("answered", |order| reply(202, &order)),
        ("lost", |_| lost()),
        ("504", |_| reply(504, &json!({}))),
        ("empty", |_| Reply::new(202, "")),
        ("without id", |_| reply(202, &json!({}))),
        ("HTML", |_| Reply::new(202, "<html>")),
    ];
    for (shown, show) in shows {
        for (answered, first) in firsts {
            // The second time by the same client, by another of the process, and by a process that remembers nothing.
            for again in 0..3 {
                let world = World::new();
                service(&world, first, show);
                let store = shared(&world);
                let client = process(&world, &store);
                let made = world.run(create_once(client.clone(), wanted())).unwrap();
                let second = match again {
                    0 => client,
                    1 => process(&world, &store),
                    _ => process(&world, &shared(&world)),
                };
                let found = world.run(create_once(second, wanted())).unwrap();
                assert_eq!(
                    (id_of(&found), creations(&world)),
                    (id_of(&made), 1),
                    "{shown} {answered} {again}"
                );
            }
        }
    }
}

/// A service whose lists are answered by `list` where it has an answer for the query and what was found.
fn listing(world: &World, list: impl Fn(&str, bool) -> Option<Reply> + 'static) {
    let mut orders = Vec::<Value>::new();
    world.answer_calls(move |sent| {
        if sent.line() == CREATE {
            let mut order = sent.body.clone().unwrap();
            order["id"] = json!(format!("00000000-0000-4000-8000-{:012}", orders.len() + 1));
            order["status"] = json!("CREATED");
            orders.push(order.clone());
            return reply(202, &order);
        }
        let found: Vec<&Value> = orders.iter().collect();
        list(&sent.query, found.is_empty())
            .unwrap_or_else(|| reply(200, &json!({ "content": found, "page": { "totalPages": 1 } })))
    });
}

type List = fn(&str, bool) -> Option<Reply>;

#[test]
fn an_order_is_placed_once_whatever_a_list_says_that_has_nothing_or_is_asked_by_a_filter() {
    fn is_filtered(query: &str) -> bool {
        ["commonNames=", "statuses=", "sort="]
            .iter()
            .any(|name| query.contains(name))
    }
    let lists: [(&str, List); 7] = [
        ("204", |_, is_empty| is_empty.then(|| Reply::new(204, ""))),
        ("an empty body", |_, is_empty| is_empty.then(|| Reply::new(200, ""))),
        ("404", |_, is_empty| {
            is_empty.then(|| reply(404, &json!({ "errors": [] })))
        }),
        ("404 to filters", |query, _| {
            is_filtered(query).then(|| reply(404, &json!({})))
        }),
        ("400 to filters", |query, _| {
            is_filtered(query).then(|| reply(400, &json!({})))
        }),
        ("422 to filters", |query, _| {
            is_filtered(query).then(|| reply(422, &json!({})))
        }),
        ("400 to statuses", |query, _| {
            query.contains("statuses=").then(|| reply(400, &json!({})))
        }),
    ];
    for (answered, list) in lists {
        let world = World::new();
        listing(&world, list);
        let made = world
            .run(create_once(process(&world, &shared(&world)), wanted()))
            .unwrap();
        // A process that remembers nothing.
        let found = world
            .run(create_once(process(&world, &shared(&world)), wanted()))
            .unwrap();
        assert_eq!((id_of(&found), creations(&world)), (id_of(&made), 1), "{answered}");
    }
    // What may come of a gateway says nothing of orders.
    for answer in [
        (|| Reply::new(404, "<html>no such host")) as fn() -> Reply,
        || Reply::new(404, ""),
        || reply(403, &json!({})),
        || reply(500, &json!({})),
        || reply(200, &json!({})),
    ] {
        let world = World::new();
        listing(&world, move |_, _| Some(answer()));
        assert!(world.run(create_once(world.client(), wanted())).is_err());
        assert_eq!(creations(&world), 0);
    }
}

#[test]
fn two_clients_of_one_process_place_one_order_and_hold_up_no_other_name() {
    let world = World::new();
    service(&world, |order| reply(202, &order), bare);
    let store = shared(&world);
    let clients = [process(&world, &store), process(&world, &store)];
    let both = join_all(clients.map(|client| create_once(client, wanted())));
    let ids: Vec<String> = world.run(both).into_iter().map(|made| id_of(&made.unwrap())).collect();
    assert_eq!((ids[0] == ids[1], creations(&world)), (true, 1));

    // Of one API key, whoever uses it and in whatever way.
    let world = World::new();
    service(&world, |order| reply(202, &order), bare);
    let store = shared(&world);
    let key = || Secret::Text(API_KEY.into());
    let of = |auth: Auth| world.client_of(Setup::auth(auth)).with_store(Rc::clone(&store), "");
    let user = |username: &str| Auth::Password {
        api_key: key(),
        username: username.into(),
        password: Secret::Text(PASSWORD.into()),
        store: None,
    };
    let token = Auth::Token {
        api_key: Secret::Ask(Rc::new(|| Box::pin(async { Ok(API_KEY.to_owned()) }))),
        token: Secret::Text("e30.given.jwt".into()),
    };
    let clients = [of(user(USERNAME)), of(user("another@example.com")), of(token)];
    let all = join_all(clients.map(|client| create_once(client, wanted())));
    let ids: Vec<String> = world.run(all).into_iter().map(|made| id_of(&made.unwrap())).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(creations(&world), 1);

    // One waits for an order that never becomes clear, the other does not wait for it.
    let world = World::new();
    service(&world, |_| lost(), |_, _, _| None);
    let client = process(&world, &shared(&world));
    let mut other = wanted();
    other["cert"]["commonName"] = json!("b.example");
    let stuck = world.start(create_once(client.clone(), wanted()));
    world.run(create_once(client, other)).unwrap();
    assert!(world.now() < Duration::from_secs(2) && stuck.result().is_none());
}

#[test]
fn what_is_unknown_is_not_placed_again_but_by_assuming_so() {
    let world = World::new();
    service(&world, |_| lost(), |_, _, _| None);
    let store = shared(&world);
    let first = world.run(create_once(process(&world, &store), wanted())).unwrap_err();
    assert_eq!(
        (class_of(&first), first.may_have_been_applied()),
        ("ConnectionError", true)
    );
    for _ in 0..2 {
        let begun = world.now();
        let error = world.run(create_once(process(&world, &store), wanted())).unwrap_err();
        let took = (world.now() - begun).as_secs();
        assert!(
            (15..20).contains(&took),
            "{took} s: four looks more where there is nothing"
        );
        assert_eq!(kind_of(&error), ("OutcomeUnknownError", "outcome_unknown"));
        assert!(error.may_have_been_applied());
    }
    let mut in_haste = OnceOptions::default();
    in_haste.call.total_timeout = Some(Duration::from_millis(2500));
    let error = world
        .run(create_once_with(process(&world, &store), wanted(), in_haste))
        .unwrap_err();
    assert_eq!(
        (class_of(&error), error.may_have_been_applied()),
        ("TimeoutError", true)
    );
    assert_eq!(creations(&world), 1);
    let options = OnceOptions {
        assume_not_placed: true,
        ..OnceOptions::default()
    };
    world
        .run(create_once_with(process(&world, &store), wanted(), options))
        .unwrap();
    assert_eq!(creations(&world), 1);
}

#[test]
fn an_order_in_a_status_that_no_filter_knows_is_found_after_a_lost_reply_however_lately_the_newest_were_looked_at() {
    let (world, mut orders) = (World::new(), Vec::<Value>::new());
    world.answer_calls(move |sent| {
        if sent.line() == CREATE {
            let mut order = sent.body.clone().unwrap();
            order["id"] = json!(format!("00000000-0000-4000-8000-{:012}", orders.len() + 1));
            let is_second = orders.len() == 1;
            order["status"] = json!(if is_second { "IN_QUEUE" } else { "CREATED" });
            order["dateCreated"] = json!("2026-01-01T00:00:00Z");
            orders.push(order.clone());
            return if is_second { lost() } else { reply(202, &order) };
        }
        if let Some(order) = orders
            .iter()
            .find(|order| sent.path.ends_with(order["id"].as_str().unwrap()))
        {
            return reply(200, order);
        }
        let is_filtered = ["commonNames=", "statuses="]
            .iter()
            .any(|name| sent.query.contains(name));
        let shown: Vec<&Value> = orders
            .iter()
            .filter(|order| !is_filtered || order["status"] == "CREATED")
            .collect();
        reply(200, &json!({ "content": shown, "page": { "totalPages": 1 } }))
    });
    let client = process(&world, &shared(&world));
    let mut other = wanted();
    other["cert"]["commonName"] = json!("b.example");
    world.run(create_once(client.clone(), other)).unwrap();
    world.take_sent();
    let made = world.run(create_once(client, wanted())).unwrap();
    assert_eq!(
        (id_of(&made).as_str(), creations(&world)),
        ("00000000-0000-4000-8000-000000000002", 1)
    );
}

#[test]
fn an_order_without_a_certificate_may_be_the_one_for_an_hour() {
    // A service that shows one of no name, by whomever it was placed.
    for (created, age, is_in_doubt) in [
        ("2026-01-01T00:00:00Z", 0, true),
        ("2026-01-01T00:00:00Z", 3_500, true),
        ("2026-01-01T00:00:00Z", 3_700, false),
        // The time of day where the service is, and a day without any.
        ("2025-12-31T16:00:00", 3_500, true),
        ("2025-12-31T16:00:00", 18_100, false),
        ("2026-01-01", 133_100, true),
        ("2026-01-01", 133_300, false),
    ] {
        let world = World::new();
        let nameless = json!({
            "id": "00000000-0000-4000-8000-000000000077", "status": "CREATED", "cert": null,
            "dateCreated": created,
        });
        world.answer_calls(move |sent| match sent.line().as_str() {
            CREATE => reply(202, &json!({ "id": NO_ID, "status": "CREATED", "cert": null })),
            "GET /certs/v1/order" if sent.query.contains("commonNames=") => {
                reply(200, &json!({ "content": [], "page": { "totalPages": 1 } }))
            }
            "GET /certs/v1/order" => reply(200, &json!({ "content": [nameless], "page": { "totalPages": 1 } })),
            _ => reply(200, &nameless),
        });
        world.advance(Duration::from_secs(age));
        let made = world.run(create_once(world.client(), wanted()));
        assert_eq!(
            (made.is_err(), creations(&world) == 0),
            (is_in_doubt, is_in_doubt),
            "{age}"
        );
        let took = world.now().as_secs() - age;
        assert_eq!((60..66).contains(&took), is_in_doubt, "{age}: {took} s for all looks");
    }
}

#[test]
fn dates_of_orders_are_held_against_the_services_time_whatever_the_clock_shows() {
    let until = |date: &str| {
        let mut order = wanted();
        order["status"] = json!("DIGI_ISSUED");
        order["cert"]["dateValidUntil"] = json!(date);
        order
    };
    let nameless = |date: &str| json!({ "status": "CREATED", "cert": null, "dateCreated": date });
    let two_days = 48 * 3_600_000;
    for (jump, order, made) in [
        (two_days, until("2026-01-02"), (true, 0)),
        (-two_days, until("2025-12-31"), (true, 1)),
        (two_days, nameless("2025-12-31T23:30:00Z"), (false, 0)),
        (-two_days, nameless("2025-12-31T22:30:00Z"), (true, 1)),
    ] {
        let world = World::new();
        world.platform.jump_wall_clock(jump);
        let mut shown = order.clone();
        shown["id"] = json!("00000000-0000-4000-8000-000000000077");
        world.answer_calls(move |sent| {
            let answer = match sent.line().as_str() {
                CREATE => reply(202, &json!({ "id": NO_ID, "status": "CREATED", "cert": null })),
                "GET /certs/v1/order" if sent.query.contains("commonNames=") && shown["cert"].is_null() => {
                    reply(200, &json!({ "content": [], "page": { "totalPages": 1 } }))
                }
                "GET /certs/v1/order" => reply(200, &json!({ "content": [shown], "page": { "totalPages": 1 } })),
                _ => reply(200, &shown),
            };
            answer.header("date", "Thu, 01 Jan 2026 00:00:00 GMT")
        });
        let is_made = world.run(create_once(world.client(), wanted())).is_ok();
        assert_eq!((is_made, creations(&world)), made, "{jump} {order}");
    }
}

#[test]
fn an_order_that_cannot_be_shown_by_itself_is_unclear_and_one_that_is_refused_an_error() {
    for (status, class) in [(404, "OutcomeUnknownError"), (403, "PermissionDeniedError")] {
        let world = World::new();
        let fresh = json!({ "id": NO_ID, "status": "CREATED", "cert": null, "dateCreated": "2026-01-01T00:00:00Z" });
        world.answer_calls(move |sent| match sent.line().as_str() {
            "GET /certs/v1/order" => reply(200, &json!({ "content": [fresh], "page": { "totalPages": 1 } })),
            _ => reply(status, &json!({})),
        });
        let error = world.run(create_once(world.client(), wanted())).unwrap_err();
        assert_eq!((class_of(&error), creations(&world)), (class, 0), "{status}");
    }
}

#[test]
fn an_order_is_looked_at_by_itself_where_the_list_does_not_show_all_that_it_is_compared_by() {
    type Hides = fn(&mut Value);
    let table: [(&str, Hides, usize); 8] = [
        ("nothing", |_| (), 0),
        ("certType", |order| order["certType"] = Value::Null, 1),
        ("organizationId", |order| order["organizationId"] = Value::Null, 1),
        ("cert", |order| order["cert"] = Value::Null, 1),
        ("commonName", |order| order["cert"]["commonName"] = Value::Null, 1),
        ("dnsNames", |order| order["cert"]["dnsNames"] = Value::Null, 1),
        ("csr", |order| order["cert"]["csr"] = Value::Null, 1),
        (
            "all but its status",
            |order| *order = json!({ "id": NO_ID, "status": "CREATED" }),
            1,
        ),
    ];
    for (hidden, hides, looks) in table {
        let world = World::new();
        let mut order = wanted();
        order["id"] = json!(NO_ID);
        order["status"] = json!("DIGI_PENDING");
        order["dateCreated"] = json!("2026-01-01T00:00:00Z");
        world.answer_calls(move |sent| {
            let mut listed = order.clone();
            hides(&mut listed);
            match sent.line().as_str() {
                "GET /certs/v1/order" => reply(200, &json!({ "content": [listed], "page": { "totalPages": 1 } })),
                _ => reply(200, &order),
            }
        });
        let found = world.run(create_once(world.client(), wanted())).unwrap();
        assert_eq!(id_of(&found), NO_ID, "{hidden}");
        let sent = world.take_lines();
        assert!(!sent.iter().any(|line| line == CREATE), "{hidden}");
        let itself = format!("GET /certs/v1/order/{NO_ID}");
        assert_eq!(sent.iter().filter(|line| **line == itself).count(), looks, "{hidden}");
    }
}

#[test]
fn what_an_order_shows_as_an_empty_text_it_does_not_show() {
    for (shows_itself, expected) in [(true, "given back"), (false, "unclear")] {
        for hidden in ["certType", "organizationId", "commonName", "dnsNames", "csr"] {
            let world = World::new();
            let mut order = wanted();
            order["id"] = json!(NO_ID);
            order["status"] = json!("DIGI_PENDING");
            world.answer_calls(move |sent| {
                let mut listed = order.clone();
                if listed.get(hidden).is_some() {
                    listed[hidden] = json!("");
                } else {
                    listed["cert"][hidden] = json!("");
                }
                match sent.line().as_str() {
                    "GET /certs/v1/order" => reply(200, &json!({ "content": [listed], "page": { "totalPages": 1 } })),
                    _ if shows_itself => reply(200, &order),
                    _ => reply(404, &json!({})),
                }
            });
            let made = world.run(create_once(world.client(), wanted()));
            assert_eq!(creations(&world), 0, "{hidden} {expected}");
            if shows_itself || hidden != "csr" {
                assert_eq!(id_of(&made.unwrap()), NO_ID, "{hidden} {expected}");
            } else {
                assert_eq!(kind_of(&made.unwrap_err()).1, "order_unclear");
            }
        }
    }
}

#[test]
fn an_order_that_shows_no_list_of_names_has_none() {
    let world = World::new();
    let mut order = wanted();
    order["id"] = json!(NO_ID);
    order["status"] = json!("DIGI_PENDING");
    order["cert"].as_object_mut().unwrap().remove("dnsNames");
    let without = order.clone();
    world.answer_calls(move |sent| match sent.line().as_str() {
        "GET /certs/v1/order" => reply(200, &json!({ "content": [order], "page": { "totalPages": 1 } })),
        _ => reply(200, &order),
    });
    let error = world.run(create_once(world.client(), wanted())).unwrap_err();
    let ErrorKind::Differs { differences, .. } = &error.kind else {
        panic!("{error:?}")
    };
    assert_eq!(
        differences,
        &[Difference::Names],
        "the added name would never be ordered"
    );
    let found = world.run(create_once(world.client(), without)).unwrap();
    assert_eq!(id_of(&found), NO_ID);
    assert_eq!(creations(&world), 0);
}

#[test]
fn an_order_in_hand_is_given_although_the_store_has_not_remembered_it() {
    let world = World::new();
    service(&world, |order| reply(202, &order), late);
    let platform: Rc<dyn Platform> = Rc::<VirtualPlatform>::clone(&world.platform);
    let store: Rc<dyn Store> = Rc::new(Odd {
        store: MemoryStore::new(platform),
        fails: Cell::new("set"),
        silent: true,
    });
    let mut in_haste = OnceOptions::default();
    in_haste.call.total_timeout = Some(Duration::from_secs(3));
    let made = world.run(create_once_with(process(&world, &store), wanted(), in_haste));
    made.unwrap();
    assert!(world.now() < Duration::from_secs(4));
    assert_eq!(creations(&world), 1);
}

#[test]
fn a_list_that_cannot_be_read_is_not_one_without_the_order() {
    for body in [
        json!({}),
        json!({ "orders": [] }),
        json!({ "_embedded": { "orders": [] } }),
        json!({ "errors": [{ "message": "out of order" }] }),
    ] {
        let world = World::new();
        world.answer_calls(move |_| reply(200, &body));
        let error = world.run(create_once(world.client(), wanted())).err().unwrap();
        assert_eq!(kind_of(&error), ("DecodeError", "unreadable"));
        assert_eq!(creations(&world), 0);
    }
}

#[test]
fn an_item_without_an_id_may_be_the_order() {
    let other = json!({ "id": NO_ID, "status": "DIGI_REJECTED", "cert": null });
    for item in [
        json!({ "orderId": NO_ID, "status": "CREATED" }),
        json!({ "order": { "id": NO_ID, "status": "CREATED" } }),
        json!({ "id": null }),
        json!(NO_ID),
        Value::Null,
    ] {
        for assume_not_placed in [false, true] {
            let world = World::new();
            let (items, shown) = (json!([other, item]), other.clone());
            world.answer_calls(move |sent| match sent.line().as_str() {
                CREATE => reply(202, &json!({ "id": NO_ID, "status": "CREATED" })),
                "GET /certs/v1/order" => reply(200, &json!({ "content": items })),
                _ => reply(200, &shown),
            });
            let options = OnceOptions {
                assume_not_placed,
                ..OnceOptions::default()
            };
            let made = world.run(create_once_with(world.client(), wanted(), options));
            assert_eq!(creations(&world), usize::from(assume_not_placed), "{item}");
            let Err(error) = made else { continue };
            assert_eq!(kind_of(&error), ("DecodeError", "unreadable"), "{item}");
            assert!(!error.may_have_been_applied());
            let ErrorKind::Decode { path, .. } = &error.kind else {
                panic!("{error:?}")
            };
            assert_eq!(path.as_deref(), Some("$.content[1].id"));
        }
    }
}

#[test]
fn an_order_with_its_marker_is_known_at_any_age_although_it_shows_nothing_else() {
    for hours in [0, 2, 24 * 30] {
        let world = World::new();
        let dated = |order: &Value| {
            json!({
                "id": order["id"], "status": "DIGI_PENDING", "cert": null, "comments": order["comments"],
                "dateCreated": "2026-01-01T00:00:00Z",
            })
        };
        service(
            &world,
            |order| reply(202, &order),
            move |order, _, by_name| (!by_name).then(|| dated(order)),
        );
        for _ in 0..2 {
            let store = shared(&world);
            world.run(create_once(process(&world, &store), wanted())).unwrap();
            world.advance(Duration::from_secs(3_600 * hours));
        }
        assert_eq!(creations(&world), 1, "{hours}");
    }
}

#[test]
fn an_order_of_a_status_that_no_filter_asks_for_is_placed_once() {
    // A service may sort, refuse to, or pass over that it is asked to, and show the newest last.
    for status in ["DIGI_VETTING", "digi_pending", "DIGI_ISSUED", ""] {
        for sorting in ["done", "refused", "ignored"] {
            let world = World::new();
            let old = |at: u64| {
                json!({
                    "id": format!("{at:08}-0000-4000-8000-000000000001"), "status": "ISSUED",
                    "cert": { "commonName": format!("{at}.example.net"), "dnsNames": [], "csr": "another" },
                    "dateCreated": format!("2025-01-{:02}T00:00:00Z", at + 1),
                })
            };
            let mut all: Vec<Value> = (0..25).map(old).collect();
            let before = all.len();
            world.answer_calls(move |sent| {
                if sent.line() == CREATE {
                    let order = json!({
                        "id": NO_ID, "status": status, "cert": null, "comments": sent.body.as_ref().unwrap()["comments"],
                        "dateCreated": "2026-01-01T00:00:00Z",
                    });
                    all.push(order.clone());
                    return reply(202, &order);
                }
                let is_asked_for = |order: &&Value| {
                    !sent.query.contains("commonNames=")
                        && (!sent.query.contains("statuses=")
                            || order["status"].as_str().is_some_and(|status| sent.query.contains(&format!("{status},"))))
                };
                let is_sorted = sent.query.contains("sort=");
                if is_sorted && sorting == "refused" {
                    return reply(400, &json!({ "message": "sort" }));
                }
                if sent.line() != "GET /certs/v1/order" {
                    return reply(200, &all[before]);
                }
                let mut shown: Vec<&Value> = all.iter().filter(is_asked_for).collect();
                if is_sorted && sorting == "done" {
                    shown.reverse();
                }
                let number = (0..9).find(|number| sent.query.contains(&format!("page={number}"))).unwrap_or_default();
                let page: Vec<&Value> = shown.iter().skip(number * 10).take(10).copied().collect();
                let counts = json!({ "number": number, "size": 10, "totalElements": shown.len() });
                reply(200, &json!({ "content": page, "page": counts }))
            });
            for _ in 0..2 {
                let store = shared(&world);
                world.run(create_once(process(&world, &store), wanted())).unwrap();
            }
            assert_eq!(creations(&world), 1, "{status}, sorting is {sorting}");
        }
    }
}

#[test]
fn a_fresh_order_is_looked_for_behind_others_of_its_day_where_dates_have_no_time_or_no_zone() {
    for date in ["2026-01-01T15:00:00Z", "2026-01-01T07:00:00", "2026-01-01"] {
        let (world, mut newest_first) = (World::new(), Vec::<Value>::new());
        world.advance(Duration::from_secs(15 * 3_600));
        world.answer_calls(move |sent| {
            if sent.line() == CREATE {
                // Others fill two pages at once.
                let other = |at: usize| {
                    json!({
                        "id": format!("{at:08}-0000-4000-8000-000000000001"), "status": "IN_QUEUE", "dateCreated": date,
                        "cert": { "commonName": format!("{at}.example.net"), "dnsNames": [], "csr": "another" },
                    })
                };
                newest_first.extend((1..=40).map(other));
                let order = json!({
                    "id": NO_ID, "status": "IN_QUEUE", "dateCreated": date, "cert": null,
                    "comments": sent.body.as_ref().unwrap()["comments"],
                });
                newest_first.push(order.clone());
                return reply(202, &order);
            }
            let is_filtered = ["commonNames=", "statuses="]
                .iter()
                .any(|name| sent.query.contains(name));
            let total = if is_filtered { 0 } else { newest_first.len() };
            let number = (0..9)
                .find(|number| sent.query.contains(&format!("page={number}")))
                .unwrap_or_default();
            let page: Vec<&Value> = newest_first.iter().take(total).skip(number * 20).take(20).collect();
            match sent.line().as_str() {
                "GET /certs/v1/order" => {
                    let counts = json!({ "number": number, "size": 20, "totalElements": total });
                    reply(200, &json!({ "content": page, "page": counts }))
                }
                _ => reply(200, newest_first.last().unwrap()),
            }
        });
        for _ in 0..2 {
            let store = shared(&world);
            let made = world.run(create_once(process(&world, &store), wanted())).unwrap();
            assert_eq!(id_of(&made), NO_ID, "{date}");
        }
        assert_eq!(creations(&world), 1, "{date}");
    }
}

#[test]
fn an_order_that_is_in_doubt_when_the_time_is_up_may_be_there() {
    let world = World::new();
    let nameless = json!({ "id": NO_ID, "status": "CREATED", "cert": null, "dateCreated": "2026-01-01T00:00:00Z" });
    world.answer_calls(move |sent| match sent.line().as_str() {
        "GET /certs/v1/order" if sent.query.contains("commonNames=") => reply(200, &json!({ "content": [] })),
        "GET /certs/v1/order" => reply(200, &json!({ "content": [nameless] })),
        _ => reply(200, &nameless),
    });
    let mut in_haste = OnceOptions::default();
    in_haste.call.total_timeout = Some(Duration::from_secs(10));
    let made = world.run(create_once_with(world.client(), wanted(), in_haste));
    let error = made.err().unwrap();
    assert!(error.may_have_been_applied());
    assert!(
        error.message.ends_with(&format!("The order {NO_ID} may be it.")),
        "{}",
        error.message
    );
    assert_eq!(creations(&world), 0);
}

#[test]
fn an_order_whose_id_is_a_number_is_placed_once_by_processes_that_share_nothing() {
    let world = World::new();
    let numbered = |order: &Value| {
        let mut order = order.clone();
        order["id"] = json!(4711);
        order
    };
    service(
        &world,
        move |order| reply(202, &numbered(&order)),
        move |order, _, _| Some(numbered(order)),
    );
    for _ in 0..2 {
        let store = shared(&world);
        let order = world.run(create_once(process(&world, &store), wanted())).unwrap();
        assert_eq!(order["id"], 4711);
    }
    assert_eq!(creations(&world), 1);
}

#[test]
fn an_order_that_the_store_knows_is_found_although_no_list_shows_it() {
    let world = World::new();
    let mut order = wanted();
    order["id"] = json!(NO_ID);
    order["status"] = json!("DIGI_PENDING");
    world.answer_calls(move |sent| match sent.line().as_str() {
        "GET /certs/v1/order" => reply(200, &json!({ "content": [], "page": { "totalPages": 1 } })),
        _ => reply(200, &order),
    });
    let store = shared(&world);
    for _ in 0..2 {
        let begun = world.now();
        let found = world.run(create_once(process(&world, &store), wanted())).unwrap();
        assert_eq!(id_of(&found), NO_ID);
        assert!(world.now() - begun < Duration::from_secs(1), "nothing is in doubt");
    }
    assert_eq!(creations(&world), 1);
}

#[test]
fn an_order_that_was_refused_is_placed_the_next_time() {
    let world = World::new();
    let mut refusals = 1;
    world.answer_calls(move |sent| match sent.line().as_str() {
        CREATE if refusals > 0 => {
            refusals -= 1;
            reply(400, &json!({}))
        }
        CREATE => reply(202, &json!({ "id": NO_ID, "status": "CREATED", "cert": null })),
        _ => reply(200, &json!({ "content": [], "page": { "totalPages": 1 } })),
    });
    let store = shared(&world);
    let refused = world.run(create_once(process(&world, &store), wanted())).unwrap_err();
    assert_eq!(refused.status(), Some(400));
    let begun = world.now();
    assert_eq!(
        id_of(&world.run(create_once(process(&world, &store), wanted())).unwrap()),
        NO_ID
    );
    assert!(world.now() - begun < Duration::from_secs(1), "nothing is in doubt");
    assert_eq!(creations(&world), 2);
}

/// Pauses the limiter once the last look for an order was answered, so that its creation waits in the queue.
fn pause_before_the_creation(world: &World, client: &Client) {
    let limiter = client.limiter().clone();
    world.answer_calls(move |sent| {
        if sent.line() == CREATE {
            return reply(202, &json!({ "id": NO_ID, "status": "CREATED", "cert": null }));
        }
        // The newest are looked at last.
        if sent.query.contains("sort=") {
            limiter.pause(None);
        }
        reply(200, &json!({ "content": [], "page": { "totalPages": 0 } }))
    });
}

#[test]
fn an_order_that_is_given_up_in_the_queue_was_not_sent_and_is_placed_the_next_time() {
    for is_aborted in [false, true] {
        for once_id in [None, Some("order 1".to_owned())] {
            let world = World::new();
            let store = shared(&world);
            let client = process(&world, &store);
            pause_before_the_creation(&world, &client);
            let mut options = OnceOptions {
                once_id,
                ..OnceOptions::default()
            };
            options.call.total_timeout = (!is_aborted).then(|| Duration::from_secs(10));
            let first = world.start(create_once_with(client.clone(), wanted(), options.clone()));
            world.advance(Duration::from_secs(9));
            assert_eq!(client.limiter().state().queued, 1);
            if is_aborted {
                first.give_up(&world);
            } else {
                world.advance(Duration::from_secs(2));
                let error = first.result().unwrap().unwrap_err();
                let ErrorKind::Timeout {
                    phase,
                    may_have_been_applied,
                } = error.kind
                else {
                    panic!("{error:?}")
                };
                assert_eq!((phase, may_have_been_applied), (TimeoutPhase::Queue, false));
                assert!(error.message.contains("10000 ms"), "{}", error.message);
            }
            assert_eq!(creations(&world), 0);
            let begun = world.now();
            let placed = world.run(create_once_with(process(&world, &store), wanted(), options));
            assert_eq!(id_of(&placed.unwrap()), NO_ID);
            assert!(world.now() - begun < Duration::from_secs(1), "nothing is in doubt");
            assert_eq!(creations(&world), 1);
        }
    }
}

#[test]
fn an_order_that_is_given_up_in_flight_may_be_there() {
    for is_aborted in [false, true] {
        let world = World::new();
        service(&world, |_| Reply::new(202, "").after(Duration::from_secs(60)), late);
        let store = shared(&world);
        let mut options = OnceOptions::default();
        options.call.total_timeout = (!is_aborted).then(|| Duration::from_secs(10));
        let first = world.start(create_once_with(process(&world, &store), wanted(), options));
        world.advance(Duration::from_secs(9));
        if is_aborted {
            first.give_up(&world);
        } else {
            world.advance(Duration::from_secs(2));
            assert!(first.result().unwrap().unwrap_err().may_have_been_applied());
        }
        world.run(create_once(process(&world, &store), wanted())).unwrap();
        assert_eq!(creations(&world), 1);
    }
}

/// A store in which the record of an order, which is written after that of its `onceId`, cannot be written once.
struct Contested {
    store: Rc<dyn Store>,
    /// The store fails; else another process is faster.
    fails: bool,
    /// The records that were to be written.
    keys: RefCell<Vec<String>>,
}

impl Store for Contested {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        self.store.get(key)
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.store.set(key, value)
    }

    fn update(&self, key: &str, replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        self.keys.borrow_mut().push(key.to_owned());
        let Some((_, of)) = key.split_once(" once order ") else {
            return self.store.update(key, replace);
        };
        if self.fails {
            return Box::pin(core::future::ready(Err(StoreError("the disk is full".into()))));
        }
        let others = json!({ "of": of, "done": { "id": NO_ID } }).to_string();
        let (set, updated) = (self.store.set(key, Some(others)), self.store.update(key, replace));
        Box::pin(async move {
            set.await?;
            updated.await
        })
    }

    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        self.store.lock(key, lease)
    }
}

#[test]
fn an_order_whose_second_record_cannot_be_written_leaves_no_first_one() {
    for (fails, code) in [(true, "store_failed"), (false, "outcome_unknown")] {
        let world = World::new();
        service(&world, |order| reply(202, &order), bare);
        let contested = Rc::new(Contested {
            store: shared(&world),
            fails,
            keys: RefCell::default(),
        });
        let store: Rc<dyn Store> = Rc::<Contested>::clone(&contested);
        let named = OnceOptions {
            once_id: Some("order 1".into()),
            ..OnceOptions::default()
        };
        let error = world.run(create_once_with(process(&world, &store), wanted(), named));
        assert_eq!(error.unwrap_err().code.as_str(), code);
        let of_id = contested.keys.borrow()[0].clone();
        assert!(of_id.ends_with(" once id order 1"), "{of_id}");
        assert_eq!(world.run(store.get(&of_id)), Ok(None));
        assert_eq!(creations(&world), 0);
    }
}

/// A store whose locks keep nobody out: leases that ended too early.
struct Lockless(Rc<dyn Store>);

impl Store for Lockless {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        self.0.get(key)
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.0.set(key, value)
    }

    fn update(&self, key: &str, replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        self.0.update(key, replace)
    }

    fn lock(&self, _key: &str, _lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        let release: Release = Box::new(|| Box::pin(core::future::ready(Ok(()))));
        Box::pin(core::future::ready(Ok(Some(release))))
    }
}

#[test]
fn of_two_that_have_the_lock_the_one_whose_record_comes_first_sends() {
    for (assume_not_placed, sent) in [(false, 1), (true, 2)] {
        let world = World::new();
        service(&world, |order| reply(202, &order), bare);
        let store: Rc<dyn Store> = Rc::new(Lockless(shared(&world)));
        let options = || OnceOptions {
            assume_not_placed,
            ..OnceOptions::default()
        };
        let both = join_all([(); 2].map(|()| create_once_with(process(&world, &store), wanted(), options())));
        let ended = world.run(both);
        assert_eq!(ended.iter().filter(|made| made.is_ok()).count(), sent);
        assert_eq!(creations(&world), sent);
        for error in ended.into_iter().filter_map(Result::err) {
            assert_eq!(kind_of(&error), ("OutcomeUnknownError", "outcome_unknown"));
        }
    }
}

#[test]
fn an_order_that_differs_is_refused_with_its_differences() {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    let order = |cert_type: &str, names: Value| {
        let mut order = new_order(&organization, cert_type, COMMON_NAME);
        order["cert"]["dnsNames"] = names;
        order
    };
    let made = world
        .run(create_once(client.clone(), order("SSL_DV_GEOTRUST", json!([]))))
        .unwrap();
    world.advance(Duration::from_secs(3600));
    for (wanted, expected) in [
        (
            order("SSL_DV_GEOTRUST", json!(["www.shop.example.com"])),
            vec![Difference::Names],
        ),
        (order("SSL_OV_BASIC", json!([])), vec![Difference::Type]),
    ] {
        // In a process that remembers nothing.
        let error = world.run(create_once(world.client(), wanted)).unwrap_err();
        let ErrorKind::Differs { order, differences } = &error.kind else {
            panic!("{error:?}")
        };
        assert_eq!(
            (kind_of(&error), differences),
            (("OrderDiffersError", "order_differs"), &expected)
        );
        assert_eq!(order.id().id, Some(id_of(&made)));
    }
    assert_eq!(creations(&world), 1);
}

#[test]
fn the_marker_is_put_into_the_comments_unless_it_is_not_wanted() {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    let mut order = new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME);
    order["comments"] = json!("for the shop");
    let comments = |options: OnceOptions, name: &str| {
        let mut order = order.clone();
        order["cert"]["commonName"] = json!(name);
        let made = world.run(create_once_with(client.clone(), order, options)).unwrap();
        made["comments"].as_str().unwrap().to_owned()
    };
    let marked = comments(OnceOptions::default(), "a.shop.example.com");
    assert!(
        marked.starts_with("for the shop [mmc once=") && marked.len() < 60,
        "{marked}"
    );
    let without = OnceOptions {
        marker: false,
        ..OnceOptions::default()
    };
    assert_eq!(comments(without, "b.shop.example.com"), "for the shop");
}

/// A store that fails at some of its methods, or never answers.
struct Odd {
    store: MemoryStore,
    fails: Cell<&'static str>,
    silent: bool,
}

impl Odd {
    fn or<T: 'static>(
        &self,
        method: &str,
        answer: LocalFuture<Result<T, StoreError>>,
    ) -> LocalFuture<Result<T, StoreError>> {
        if self.fails.get() != method {
            return answer;
        }
        if self.silent {
            return Box::pin(pending());
        }
        Box::pin(core::future::ready(Err(StoreError("the disk is full".into()))))
    }
}

impl Store for Odd {
    fn get(&self, key: &str) -> LocalFuture<Result<Option<String>, StoreError>> {
        self.or("get", self.store.get(key))
    }

    fn set(&self, key: &str, value: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        self.or("set", self.store.set(key, value))
    }

    fn update(&self, key: &str, replace: Replace) -> LocalFuture<Result<(), StoreError>> {
        self.or("update", self.store.update(key, replace))
    }

    fn lock(&self, key: &str, lease: Duration) -> LocalFuture<Result<Option<Release>, StoreError>> {
        self.or("lock", self.store.lock(key, lease))
    }
}

#[test]
fn a_store_that_fails_before_the_send_sends_nothing_and_after_it_fails_no_call() {
    for silent in [false, true] {
        for method in ["lock", "get", "update", "set"] {
            let world = World::new();
            service(&world, |order| reply(202, &order), late);
            let platform: Rc<dyn Platform> = Rc::<VirtualPlatform>::clone(&world.platform);
            let store: Rc<dyn Store> = Rc::new(Odd {
                store: MemoryStore::new(platform),
                fails: Cell::new(method),
                silent,
            });
            let made = world.run(create_once(process(&world, &store), wanted()));
            if method == "set" {
                made.unwrap();
                assert_eq!(creations(&world), 1);
                continue;
            }
            let error = made.unwrap_err();
            let ErrorKind::Caused { cause } = &error.kind else {
                panic!("{error:?}")
            };
            assert_eq!(
                (error.code.as_str(), cause.contains("disk")),
                ("store_failed", !silent),
                "{method}"
            );
            assert!(error.message.contains(method) && !error.may_have_been_applied());
            assert_eq!(creations(&world), 0);
        }
    }
}

fn changed(world: &World, client: &Client, call: crate::call::Call, id: &str) -> Result<ChangeReply, Error> {
    let (client, id) = (client.clone(), Some(id.to_owned()));
    world.run(async move { client.call_once(call.request(), CallOptions::default(), id).await })
}

fn once(world: &World, client: &Client, call: crate::call::Call, id: &str) -> Result<Value, Error> {
    changed(world, client, call, id).map(|reply| crate::fixtures::json_of(&reply.body))
}

#[test]
fn a_change_that_has_a_name_is_made_once_by_whichever_process() {
    let world = World::new();
    let store = shared(&world);
    let new = call("organizations.create").body(new_organization());
    let made = once(&world, &process(&world, &store), new.clone(), "an organization").unwrap();
    let again = once(&world, &process(&world, &store), new, "an organization").unwrap();
    assert_eq!(id_of(&again), id_of(&made));
    let order = create(new_order(&made, "SSL_DV_GEOTRUST", COMMON_NAME));
    let first = once(&world, &process(&world, &store), order.clone(), "an order").unwrap();
    let second = once(&world, &process(&world, &store), order.clone(), "an order").unwrap();
    let other = once(&world, &process(&world, &store), order, "another order").unwrap();
    assert_eq!(
        (id_of(&first) == id_of(&second), id_of(&first) == id_of(&other)),
        (true, false)
    );
    let cancel = call("orders.cancel").id(id_of(&other));
    world.take_sent();
    for _ in 0..2 {
        let canceled = once(&world, &process(&world, &store), cancel.clone(), "a cancelation").unwrap();
        assert_eq!(status_of(&canceled), "DIGI_CANCELED");
    }
    assert_eq!(
        world
            .take_lines()
            .iter()
            .filter(|line| line.starts_with("PATCH"))
            .count(),
        1
    );
    // What leaves nothing is no failure the second time.
    let store = shared(&world);
    world.answer_calls(|sent| {
        if sent.line().starts_with("DELETE") {
            Reply::new(204, "")
        } else {
            reply(200, &json!({ "id": NO_ID }))
        }
    });
    for _ in 0..2 {
        let process = process(&world, &store);
        let deletion = changed(&world, &process, call("contacts.delete").id(NO_ID), "a deletion").unwrap();
        assert!(deletion.body.text().is_empty());
    }
    let update = call("contacts.update")
        .id(NO_ID)
        .body(json!({ "email": "a@example.com" }));
    changed(&world, &process(&world, &store), update, "an update").unwrap();
    let deletions = world.take_lines().into_iter().filter(|line| line.starts_with("DELETE"));
    assert_eq!(deletions.count(), 1);
    let error = once(&world, &process(&world, &store), cancel, "an update").unwrap_err();
    assert_eq!(kind_of(&error), ("CertsError", "once_id_taken"));
}

#[test]
fn a_change_of_unknown_outcome_stays_unknown_under_its_name_and_a_refused_one_is_forgotten() {
    let world = World::new();
    let store = shared(&world);
    let client = process(&world, &store);
    let organization = world.organization(&client);
    let order = create(new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME));
    world.fault(FaultRule {
        method: Some("POST".into()),
        path: Some("/order".into()),
        drop: Some(Drop::Before),
        times: Some(1),
        ..FaultRule::default()
    });
    assert!(
        once(&world, &client, order.clone(), "lost")
            .unwrap_err()
            .may_have_been_applied()
    );
    let error = once(&world, &process(&world, &store), order.clone(), "lost").unwrap_err();
    assert_eq!(kind_of(&error), ("OutcomeUnknownError", "outcome_unknown"));
    let wrong = create(json!({}));
    assert_eq!(
        class_of(&once(&world, &client, wrong, "refused").unwrap_err()),
        "BadRequestError"
    );
    once(&world, &client, order, "refused").unwrap();
}

#[test]
fn a_change_that_is_given_up_before_it_was_sent_can_be_made_under_its_name() {
    for in_flight in [false, true] {
        let world = World::new();
        let store = shared(&world);
        let client = process(&world, &store);
        world.answer_calls(|_| reply(200, &json!({ "id": NO_ID })).after(Duration::from_secs(3)));
        let update = || {
            call("contacts.update")
                .id(NO_ID)
                .body(json!({ "email": "a@example.com" }))
        };
        if !in_flight {
            client.limiter().pause(None);
        }
        let (own, options) = (client.clone(), CallOptions::default());
        let first = world.start(async move {
            own.call_once(update().request(), options, Some("an update".into()))
                .await
        });
        world.advance(Duration::from_secs(2));
        first.give_up(&world);
        client.limiter().resume();
        let again = once(&world, &client, update(), "an update");
        if in_flight {
            assert_eq!(kind_of(&again.unwrap_err()), ("OutcomeUnknownError", "outcome_unknown"));
        } else {
            again.unwrap();
        }
        let updates = world.take_lines().into_iter().filter(|line| line.starts_with("PATCH"));
        assert_eq!(updates.count(), 1);
    }
}

#[test]
fn a_change_that_is_answered_by_nothing_is_made_and_fetched() {
    for body in ["", "{}"] {
        for status in [200, 204] {
            let world = World::new();
            let client = world.client();
            world.answer_calls(move |sent| match sent.method.as_str() {
                "PATCH" => Reply::new(status, body),
                _ => reply(
                    200,
                    &json!({ "id": NO_ID, "status": "DIGI_CANCELED", "firstName": "Ada" }),
                ),
            });
            world.take_sent();
            for operation in ["orders.cancel", "contacts.update"] {
                let changed = world.value(&client, call(operation).id(NO_ID).body(json!({ "firstName": "Ada" })));
                assert_eq!(id_of(&changed), NO_ID, "{operation} {status} {body}");
            }
        }
    }
    let world = World::new();
    let client = world.client();
    world.answer_calls(|sent| match sent.method.as_str() {
        "PATCH" => Reply::new(200, ""),
        _ => reply(403, &json!({})),
    });
    let error = world.error(&client, call("orders.cancel").id(NO_ID));
    assert_eq!(
        (kind_of(&error), error.may_have_been_applied()),
        (("DecodeError", "unreadable"), true)
    );
}

/// What goes wrong with one request of a run, drawn at random; perhaps nothing.
fn fault() -> impl Strategy<Value = Option<FaultRule>> {
    let rule = |method: &str, fault: FaultRule| FaultRule {
        path: Some("/order".into()),
        times: Some(1),
        method: Some(method.into()),
        ..fault
    };
    let kinds = (any::<bool>(), 0_u8..6).prop_map(move |(is_post, kind)| {
        let none = FaultRule::default();
        let fault = match kind {
            0 => FaultRule {
                drop: Some(Drop::After),
                ..none
            },
            1 => FaultRule {
                drop: Some(Drop::Before),
                ..none
            },
            2 => FaultRule {
                status: Some(503),
                ..none
            },
            3 => FaultRule {
                body: Some("<html>".into()),
                ..none
            },
            4 => FaultRule {
                body: Some(String::new()),
                ..none
            },
            _ => FaultRule {
                delay_ms: 60_000,
                ..none
            },
        };
        rule(if is_post { "POST" } else { "GET" }, fault)
    });
    prop::option::of(kinds)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Drops before and after the effect, late and broken answers, double clicks, processes that end in the middle: there is
    /// never more than one order, and nobody claims that there is none when there is one.
    #[test]
    fn there_is_at_most_one_order(
        runs in prop::collection::vec((fault(), any::<bool>(), prop::option::of(0_u64..90_000)), 1..5),
    ) {
        let world = World::new();
        let setup = world.client();
        let organization = world.organization(&setup);
        let store = shared(&world);
        let order = new_order(&organization, "SSL_DV_GEOTRUST", COMMON_NAME);
        let there = || -> Vec<String> {
            let page = world.value(&setup, call("orders.list"));
            page["content"].as_array().unwrap().iter().map(id_of).collect()
        };
        for (fault, twice, ends_after) in runs {
            let before = there();
            if let Some(fault) = fault.clone() {
                world.fault(fault);
            }
            let client = process(&world, &store);
            let clicks = (0..=usize::from(twice)).map(|_| create_once(client.clone(), order.clone()));
            let all = join_all(clicks.collect::<Vec<_>>());
            let made = match ends_after {
                None => world.run(all),
                // The process ends wherever it is by then.
                Some(ends_after) => {
                    let started = world.start(all);
                    world.advance(Duration::from_millis(ends_after));
                    if let Some(made) = started.result() {
                        made
                    } else {
                        started.give_up(&world);
                        Vec::new()
                    }
                }
            };
            world.clear_faults();
            let after = there();
            prop_assert!(after.len() <= 1, "{} orders", after.len());
            let claims_none = |made: &Result<Value, Error>| made.as_ref().is_err_and(|error| !error.may_have_been_applied());
            prop_assert!(made.is_empty() || before.len() == after.len() || !made.iter().all(claims_none), "{made:?}");
            for made in made.into_iter().flatten() {
                prop_assert_eq!(&[id_of(&made)][..], &after[..]);
            }
        }
    }
}
