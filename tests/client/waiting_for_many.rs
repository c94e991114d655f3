//! Waiting for many orders together, with list calls rather than a look at each.

use std::time::Duration;

use markmonitor_certs::client::{
    Client, Error,
    error::{ErrorKind, WaitReason},
    orders::actions::OrderRef,
    waiting::{Goal, Settled, Wait, WaitOptions},
};
use serde_json::{Value, json};

use crate::{
    fixtures::{NO_ID, class_of, create, id_of, json_of, new_order, status_of},
    world::{Sent, World, json as reply},
};

const MINUTE: Duration = Duration::from_secs(60);

fn settle_all(world: &World, client: &Client, ids: Vec<String>, options: WaitOptions) -> Vec<Settled> {
    let orders: Vec<OrderRef> = ids.into_iter().map(OrderRef::by_id).collect();
    let mut wait = Wait::for_orders(client.clone(), &orders, |_, _| Ok(Goal::Issued), options).unwrap();
    world.run(async move {
        let mut all = Vec::new();
        while let Some(settled) = wait.next(&|_| ()).await {
            all.push(settled);
        }
        all
    })
}

/// What a wait for one of them failed with.
fn cause(settled: &Settled) -> &Error {
    match settled.result.as_ref().map(drop).map_err(|error| &error.kind) {
        Err(ErrorKind::Wait { cause: Some(cause), .. }) => cause,
        _ => panic!("{:?}", settled.result.as_ref().map(drop)),
    }
}

fn orders(world: &World, client: &Client, names: impl Iterator<Item = String>) -> Vec<Value> {
    let organization = world.organization(client);
    names
        .map(|name| world.value(client, create(new_order(&organization, "SSL_DV_GEOTRUST", &name))))
        .collect()
}

fn is_list(sent: &Sent) -> bool {
    sent.line() == "GET /certs/v1/order"
}

#[test]
fn sixty_orders_are_waited_for_with_list_calls() {
    let world = World::new();
    let client = world.client();
    let orders = orders(&world, &client, (0..60).map(|number| format!("n{number}.example.com")));
    let ids: Vec<String> = orders.iter().map(id_of).collect();
    world.take_sent();
    let settled = settle_all(&world, &client, ids.clone(), WaitOptions::default());
    let mut found: Vec<String> = settled.iter().map(|settled| settled.id.clone()).collect();
    found.sort_unstable();
    let mut expected = ids;
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(
        settled
            .iter()
            .all(|one| one.result.as_ref().is_ok_and(|order| order.order().is_issued()))
    );
    let sent = world.take_sent();
    let (lists, looks) = (
        sent.iter().filter(|sent| is_list(sent)).count(),
        sent.iter().filter(|sent| !is_list(sent)).count(),
    );
    assert!(lists <= 30, "{lists} list calls");
    assert!(looks < 60, "{looks} looks at single orders");
}

#[test]
fn later_rounds_ask_for_the_names_only() {
    let world = World::new();
    let client = world.client();
    let orders = orders(
        &world,
        &client,
        ["never.example", "a.never.example", "other.example.com"]
            .map(String::from)
            .into_iter(),
    );
    world.advance(MINUTE);
    world.take_sent();
    let ids = orders.iter().take(2).map(id_of).collect();
    let options = WaitOptions {
        max_wait: Some(MINUTE),
        ..WaitOptions::default()
    };
    settle_all(&world, &client, ids, options);
    let queries: Vec<String> = world.take_sent().into_iter().map(|sent| sent.query).collect();
    assert_eq!(queries[0], "page=0&size=200");
    assert!(queries.len() > 3);
    assert!(
        queries[1..]
            .iter()
            .all(|query| query == "commonNames=a.never.example,never.example&page=0&size=200"),
        "{queries:?}"
    );
}

#[test]
fn each_order_settles_in_its_own_way() {
    let world = World::new();
    let client = world.client();
    let names = [
        "good.example.com",
        "rejected.example",
        "needs-approval.example",
        "never.example",
    ];
    let orders = orders(&world, &client, names.map(String::from).into_iter());
    let mut ids: Vec<String> = orders.iter().map(id_of).collect();
    ids.extend([NO_ID.to_owned(), "no id".to_owned(), id_of(&orders[0])]);
    let options = WaitOptions {
        max_wait: Some(MINUTE * 30),
        ..WaitOptions::default()
    };
    let settled = settle_all(&world, &client, ids, options);
    assert_eq!(settled.len(), 6, "an id that is given twice counts once");
    let of = |id: &str| {
        settled
            .iter()
            .find(|settled| settled.id == id)
            .map(|settled| &settled.result)
            .unwrap()
    };
    let error = |id: &str| of(id).as_ref().map(drop).unwrap_err();
    let ending = |id: &str| match &error(id).kind {
        ErrorKind::Wait { reason, last, .. } => (*reason, status_of(&json_of(last.as_ref().unwrap())).to_owned()),
        _ => panic!("{id} ended otherwise"),
    };
    assert_eq!(
        status_of(&json_of(of(&id_of(&orders[0])).as_ref().unwrap())),
        "DIGI_ISSUED"
    );
    assert_eq!(ending(&id_of(&orders[1])), (WaitReason::Failed, "DIGI_REJECTED".into()));
    assert_eq!(
        ending(&id_of(&orders[2])),
        (WaitReason::NeedsAction, "DIGI_NEEDS_APPROVAL".into())
    );
    assert_eq!(ending(&id_of(&orders[3])), (WaitReason::Timeout, "DIGI_PENDING".into()));
    for (id, class) in [(NO_ID, "NotFoundError"), ("no id", "ValidationError")] {
        assert_eq!(
            (class_of(error(id)), error(id).code.as_str()),
            ("WaitError", "wait_look_failed")
        );
        let settled = settled.iter().find(|settled| settled.id == id).unwrap();
        assert_eq!(class_of(cause(settled)), class);
    }
    world.assert_quiet(&client);
}

/// A service with so many orders, fifty a page; those that are asked for stand last.
fn large_list(world: &World, pages: u64) {
    world.answer_calls(move |sent| {
        if !is_list(sent) {
            let id = sent.path.rsplit('/').next().unwrap();
            return reply(
                200,
                &json!({ "id": id, "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } }),
            );
        }
        let page = sent.query.split('&').find_map(|pair| pair.strip_prefix("page="));
        let number: u64 = page.unwrap().parse().unwrap();
        let item = |at| json!({ "id": format!("00000000-0000-4000-9000-{:012}", number * 50 + at) });
        let content: Vec<_> = (0..50).map(item).collect();
        let counts = json!({ "size": 50, "totalElements": pages * 50, "totalPages": pages, "number": number });
        reply(200, &json!({ "content": content, "page": counts }))
    });
}

#[test]
fn a_few_orders_among_many_are_looked_at_by_themselves() {
    let world = World::new();
    let client = world.client();
    large_list(&world, 200);
    let ids = (0..3)
        .map(|number| format!("00000000-0000-4000-8000-{number:012}"))
        .collect();
    assert_eq!(settle_all(&world, &client, ids, WaitOptions::default()).len(), 3);
    let sent = world.take_sent();
    let calls = sent.iter().filter(|sent| !sent.is_auth()).count();
    assert_eq!(calls, 4, "one page tells that there are 200, and three looks are less");
}

#[test]
fn an_order_that_the_list_shows_without_its_certificate_is_looked_at() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|sent| {
        let slim = json!({ "id": NO_ID, "status": "DIGI_ISSUED" });
        if is_list(sent) {
            return reply(200, &json!({ "content": [slim], "last": true }));
        }
        reply(
            200,
            &json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } }),
        )
    });
    let settled = settle_all(&world, &client, two(), WaitOptions::default());
    assert!(settled.iter().all(|settled| settled.result.is_ok()));
    // Such lists are of no use, and after a while nobody asks for them.
    for _ in 0..10 {
        settle_all(&world, &client, two(), WaitOptions::default());
    }
    let lists = world.take_sent().iter().filter(|sent| is_list(sent)).count();
    assert!((2..=10).contains(&lists), "{lists} lists");
}

#[test]
fn lists_that_are_down_hold_up_no_order_that_is_not() {
    for (orders_are_down, expected) in [(false, true), (true, false)] {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |sent| {
            if is_list(sent) || orders_are_down {
                return reply(500, &json!({}));
            }
            reply(
                200,
                &json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } }),
            )
        });
        let options = WaitOptions {
            max_wait: Some(MINUTE * 30),
            ..WaitOptions::default()
        };
        let many: Vec<String> = (0..40)
            .map(|number| NO_ID.replace("4000", &format!("4{number:03}")))
            .collect();
        let settled = settle_all(&world, &client, many, options);
        assert!(settled.iter().all(|settled| settled.result.is_ok() == expected));
        let looks = world
            .take_sent()
            .iter()
            .filter(|sent| !is_list(sent) && !sent.is_auth())
            .count();
        // Where the service is down, nobody looks at one order after the other.
        assert!(if expected { looks == 40 } else { looks < 400 }, "{looks}");
    }
}

fn two() -> Vec<String> {
    vec![NO_ID.to_owned(), NO_ID.replace("4000", "4001")]
}

#[test]
fn a_list_that_fails_for_a_while_does_not_end_the_waiting_and_one_that_is_forbidden_is_done_without() {
    let world = World::new();
    let client = world.client();
    let mut failures = 7;
    world.answer_calls(move |_| {
        failures -= 1;
        if failures > 0 {
            return reply(503, &json!({}));
        }
        let order = |id: &String| json!({ "id": id, "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } });
        reply(200, &two().iter().map(order).collect())
    });
    assert_eq!(settle_all(&world, &client, two(), WaitOptions::default()).len(), 2);

    world.answer_calls(|sent| {
        if is_list(sent) {
            return reply(403, &json!({}));
        }
        reply(
            200,
            &json!({ "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } }),
        )
    });
    let settled = settle_all(&world, &client, two(), WaitOptions::default());
    assert!(settled.iter().all(|settled| settled.result.is_ok()));

    world.answer_calls(|_| reply(403, &json!({})));
    for settled in settle_all(&world, &client, two(), WaitOptions::default()) {
        assert_eq!(class_of(cause(&settled)), "PermissionDeniedError");
    }
}

/// Orders that are issued after so many minutes, and lists of them as a service would give them.
fn service_of(world: &World, count: u64, issued_after: u64, largest_page: u64) {
    world.answer_calls(move |sent| {
        let minute = sent.at.as_secs() / 60;
        let order = |number: u64| {
            let done = minute >= issued_after;
            let pem = if done { json!("PEM") } else { Value::Null };
            json!({
                "id": format!("00000000-0000-4000-8000-{number:012}"),
                "status": if done { "DIGI_ISSUED" } else { "DIGI_PENDING" },
                "cert": { "commonName": format!("n{number}.example.com"), "endEntityCert": pem },
            })
        };
        if !is_list(sent) {
            let number = sent.path.rsplit('-').next().unwrap().parse().unwrap();
            return reply(200, &order(number));
        }
        let parameter = |name: &str| {
            let mut pairs = sent.query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        let number: u64 = parameter("page").unwrap().parse().unwrap();
        let size: u64 = parameter("size").unwrap().parse::<u64>().unwrap().min(largest_page);
        let all: Vec<u64> = match parameter("commonNames") {
            Some(names) => {
                let number = |name: &str| name.trim_start_matches('n').split('.').next().unwrap().parse().unwrap();
                names.replace("%2C", ",").split(',').map(number).collect()
            }
            None => (0..count).collect(),
        };
        let total = all.len() as u64;
        let on_page = all.iter().skip(usize::try_from(number * size).unwrap());
        let content: Vec<Value> = on_page
            .take(usize::try_from(size).unwrap())
            .map(|number| order(*number))
            .collect();
        let pages = total.div_ceil(size).max(1);
        let counts = json!({ "size": size, "totalElements": total, "totalPages": pages, "number": number });
        reply(200, &json!({ "content": content, "page": counts }))
    });
}

fn id(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

#[test]
fn the_first_look_at_500_of_20_000_orders_goes_by_lists() {
    let world = World::new();
    let client = world.client();
    service_of(&world, 20_000, 0, 1_000);
    let ids = (0..500).map(|number| id(number * 40 + 7)).collect();
    assert_eq!(settle_all(&world, &client, ids, WaitOptions::default()).len(), 500);
    let sent = world.take_sent();
    let looks = sent.iter().filter(|sent| !sent.is_auth() && !is_list(sent)).count();
    assert!(looks < 10 && sent.len() <= 102, "{looks} looks of {}", sent.len());
}

#[test]
fn two_hundred_watches_share_their_lists() {
    let world = World::new();
    let client = world.client();
    service_of(&world, 200, 120, 1_000);
    let watches: Vec<_> = (0..200)
        .map(|number| {
            let mut watch = Wait::for_changes(client.clone(), &id(number), WaitOptions::default());
            let watching = world.start(async move {
                let mut seen = 0;
                while let Some(settled) = watch.next(&|_| ()).await {
                    settled.result.unwrap();
                    seen += 1;
                }
                seen
            });
            // They do not begin all at once.
            world.advance(Duration::from_millis(170));
            watching
        })
        .collect();
    world.advance(MINUTE * 126);
    for watch in &watches {
        assert_eq!(watch.result(), Some(2), "pending, and issued");
    }
    let calls = world.take_sent().len();
    assert!(calls < 500, "{calls} calls of 200 watches in two hours");
    world.assert_quiet(&client);
}

#[test]
fn a_wait_that_is_given_up_leaves_the_round_to_the_others() {
    let world = World::new();
    let client = world.client();
    service_of(&world, 3, 1, 1_000);
    let wait = |number| {
        let wait = Wait::for_order(client.clone(), &id(number), Goal::Issued, WaitOptions::default());
        world.start(async move { wait.reach(&|_| ()).await.map(drop) })
    };
    let [first, second, third] = [wait(0), wait(1), wait(2)];
    // All have looked, and one that was due has called the others to its list.
    world.advance(Duration::from_millis(5_120));
    assert_eq!(world.platform.sending(), 1);
    first.give_up(&world);
    second.give_up(&world);
    assert_eq!(world.platform.sending(), 1);
    world.advance(MINUTE * 3);
    assert!(third.result().is_some_and(|result| result.is_ok()));
    world.assert_quiet(&client);
}

#[test]
fn waiting_for_none_ends_at_once() {
    let world = World::new();
    let client = world.client();
    assert_eq!(settle_all(&world, &client, Vec::new(), WaitOptions::default()).len(), 0);
    assert!(world.take_lines().is_empty());
}
