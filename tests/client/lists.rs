//! Lists, page by page (contract 3), and what is found in them.

use std::{cell::RefCell, rc::Rc};

use markmonitor_certs::{
    api::facts::PageInfo,
    client::{Client, lists::Pager, options::CallOptions, orders::Ending},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    call::{Call, call, fields},
    fixtures::{finding_of, id_of, json_of, new_organization},
    virtual_platform::{Reply, START},
    world::{World, json as reply},
};

fn pager_of(client: &Client, call: Call) -> Pager {
    let (endpoint, arguments) = call.parts();
    Pager::new(client.clone(), endpoint, arguments, CallOptions::default()).expect("it lists something")
}

/// All ids of a list, in the order in which they came.
fn walk(world: &World, client: &Client, call: Call) -> Vec<String> {
    let mut pager = pager_of(client, call);
    world.run(async move {
        let mut ids = Vec::new();
        while let Some(page) = pager.next().await.unwrap() {
            ids.extend(page.items().filter_map(|item| item.id().id));
        }
        ids
    })
}

#[test]
fn all_pages_are_gone_through_and_each_item_comes_once() {
    let world = World::new();
    let client = world.client();
    let mut made = Vec::new();
    for number in 0..23 {
        let mut organization = new_organization();
        organization["name"] = json!(format!("Example {number:02}"));
        made.push(id_of(
            &world.value(&client, call("organizations.create").body(organization)),
        ));
    }
    world.take_sent();
    let call = call("organizations.list").filter(json!({ "size": 5, "sort": "name" }));
    assert_eq!(walk(&world, &client, call), made);
    let queries: Vec<String> = world.take_sent().into_iter().map(|sent| sent.query).collect();
    assert_eq!(queries.len(), 5);
    assert_eq!(queries[4], "page=4&size=5&sort=name");
}

#[test]
fn a_walk_may_start_at_a_later_page() {
    let world = World::new();
    let client = world.client();
    (0..3).for_each(|_| drop(world.organization(&client)));
    let call = call("organizations.list").filter(json!({ "page": 1, "size": 2 }));
    assert_eq!(walk(&world, &client, call).len(), 1);
}

#[test]
fn no_body_is_an_empty_list_and_the_end_of_one_that_says_nothing_of_its_end() {
    let items = || json!([{ "id": "a" }, { "id": "b" }]);
    for (first, status, listed) in [
        (None, 204, Some(0)),
        (None, 200, Some(0)),
        (Some(json!({ "content": items() })), 204, Some(2)),
        (Some(json!({ "content": items() })), 400, Some(2)),
        (Some(json!({ "content": items() })), 422, Some(2)),
        (Some(json!({ "content": items() })), 404, Some(2)),
        // More was said to be there.
        (
            Some(json!({ "content": items(), "page": { "totalPages": 2 } })),
            204,
            None,
        ),
        (
            Some(json!({ "content": items(), "page": { "totalPages": 2 } })),
            200,
            None,
        ),
        (
            Some(json!({ "content": items(), "page": { "totalPages": 2 } })),
            400,
            None,
        ),
    ] {
        let world = World::new();
        let client = world.client();
        let said = first.clone();
        world.answer_calls(move |sent| match &first {
            Some(first) if sent.query.starts_with("page=0") => reply(200, first),
            _ if status >= 400 => reply(status, &json!({})),
            _ => Reply::new(status, ""),
        });
        let mut pager = pager_of(&client, call("orders.list").filter(json!({ "size": 2 })));
        let came = world.run(async move {
            let mut came = 0;
            while let Some(page) = pager.next().await.ok()? {
                came += page.items().count();
            }
            Some(came)
        });
        assert_eq!(came, listed, "{status} {said:?}");
    }
}

#[test]
fn a_page_that_failed_is_asked_for_again() {
    let world = World::new();
    let client = world.client();
    let (asked, mut failed) = (Rc::new(RefCell::new(Vec::new())), false);
    let log = Rc::clone(&asked);
    world.answer_calls(move |sent| {
        log.borrow_mut().push(sent.query.clone());
        if sent.query == "page=1" && !core::mem::replace(&mut failed, true) {
            return reply(403, &json!({}));
        }
        let number = u64::from(sent.query == "page=1");
        reply(200, &json!({ "content": [{ "id": number.to_string() }], "page": { "size": 1, "totalPages": 2, "number": number } }))
    });
    let mut pager = pager_of(&client, call("orders.list"));
    world.run(async move {
        assert!(pager.next().await.unwrap().is_some());
        assert!(pager.next().await.is_err());
        assert!(pager.next().await.unwrap().is_some());
        assert!(pager.next().await.unwrap().is_none());
    });
    assert_eq!(*asked.borrow(), ["page=0", "page=1", "page=1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Brute force: whatever the sizes, and however the service spells its pages, the walk yields the list.
    #[test]
    fn a_walk_yields_the_whole_list_in_its_order(total in 0_usize..40, size in 1_usize..9, form in 0..4) {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |sent| {
            let page = sent.query.split('&').find_map(|pair| pair.strip_prefix("page="));
            let number: usize = page.unwrap().parse().unwrap();
            let items: Vec<Value> = (0..total).skip(number * size).take(size).map(|at| json!({ "id": at.to_string() })).collect();
            let pages = total.div_ceil(size);
            let counts = json!({ "size": size, "totalElements": total, "totalPages": pages, "number": number });
            reply(200, &match form {
                0 => json!({ "content": items, "page": counts }),
                1 => json!({ "content": items, "size": size, "number": number, "last": number + 1 >= pages }),
                2 => json!({ "content": items, "size": size }),
                _ => json!({ "content": items, "totalPages": pages }),
            })
        });
        let expected: Vec<String> = (0..total).map(|at| at.to_string()).collect();
        prop_assert_eq!(walk(&world, &client, call("orders.list")), expected);
    }
}

const DAY: u64 = 24 * 60 * 60 * 1000;

/// The common names that end within so many days, of these orders.
fn expiring(orders: Value, days: f64) -> (World, Vec<String>) {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| reply(200, &orders));
    let found = world.run(async move {
        client
            .expiring(Ending::Orders, days, fields(json!({})), CallOptions::default())
            .await
    });
    let names = found
        .unwrap()
        .iter()
        .map(|order| json_of(order)["cert"]["commonName"].as_str().unwrap().to_owned())
        .collect();
    (world, names)
}

fn issued(name: &str, until: &Value, days_remaining: Option<i64>) -> Value {
    json!({
        "status": "DIGI_ISSUED",
        "cert": { "commonName": name, "dateValidUntil": until, "daysRemaining": days_remaining },
    })
}

#[test]
fn what_ends_soon_is_listed_the_soonest_first() {
    // The clock starts at 2026-01-01T00:00:00Z.
    assert_eq!(START % DAY, 0);
    let orders = json!([
        issued("in 20 days", &json!("2026-01-21T00:00:00Z"), None),
        issued("in 31 days", &json!("2026-02-01T00:00:00Z"), None),
        issued("in 5 days, without a zone", &json!("2026-01-06T00:00:00"), None),
        issued("in 6 days, without a time", &json!("2026-01-07"), None),
        issued("in 4 days, of another zone", &json!("2026-01-05T01:00:00+02:00"), None),
        issued("ended already", &json!("2025-12-30T00:00:00.000+00:00"), None),
        issued("in 10 days, by the service's count", &json!("soon"), Some(10)),
        issued("nobody knows when", &Value::Null, None),
        json!({ "status": "DIGI_REVOKED", "cert": { "commonName": "revoked", "dateValidUntil": "2026-01-02" } }),
        json!({ "status": "DIGI_ISSUED", "cert": null }),
        json!({
            "status": "DIGI_ISSUED",
            "cert": { "commonName": "revoked in fact", "dateValidUntil": "2026-01-02", "revokeStatus": "REVOKED" },
        }),
    ]);
    let (world, names) = expiring(orders, 30.0);
    assert_eq!(
        names,
        [
            "ended already",
            "in 4 days, of another zone",
            "in 5 days, without a zone",
            "in 6 days, without a time",
            "in 10 days, by the service's count",
            "in 20 days",
        ]
    );
    // A bare list does not say that it is all: it is, when the next pages are the same.
    assert_eq!(world.last_sent().query, "statuses=DIGI_ISSUED&page=2");
}

#[test]
fn a_filter_narrows_what_ends_soon() {
    let world = World::new();
    let client = world.client();
    world.issued_order(&client);
    let of = |names: &[&str]| {
        let client = client.clone();
        let filter = fields(json!({ "commonNames": names, "statuses": ["DIGI_ISSUED"] }));
        world
            .run(async move {
                client
                    .expiring(Ending::Orders, 400.0, filter, CallOptions::default())
                    .await
            })
            .unwrap()
            .len()
    };
    assert_eq!((of(&["shop.example.com"]), of(&["other.example.com"])), (1, 0));
}

#[test]
fn validations_that_end_soon_are_listed_the_soonest_first() {
    let world = World::new();
    let client = world.client();
    let until = |name: &str, dates: &[&str]| {
        let validations: Vec<Value> = dates.iter().map(|date| json!({ "dateValidatedUntil": date })).collect();
        json!({ "id": name, "name": name, "validations": validations })
    };
    let organizations = json!([
        until("in 40 days", &["2026-02-10T00:00:00Z"]),
        until("one in 20 days", &["2026-12-01T00:00:00Z", "2026-01-21T00:00:00Z"]),
        until("ended already", &["2025-12-30T00:00:00Z"]),
        until("none", &[]),
        json!({ "name": "followed by another of its type", "validations": [
            { "type": "OV", "dateValidatedUntil": "2026-01-02" }, { "type": "OV", "dateValidatedUntil": "2027-01-02" },
        ] }),
        json!({ "name": "one of its types ends", "validations": [
            { "type": "EV", "dateValidatedUntil": "2026-01-02" }, { "type": "OV", "dateValidatedUntil": "2027-01-02" },
        ] }),
    ]);
    world.answer_calls(move |_| reply(200, &organizations));
    let find = client.clone();
    let found = world.run(async move {
        find.expiring(Ending::Organizations, 30.0, fields(json!({})), CallOptions::default())
            .await
    });
    let names: Vec<Value> = found
        .unwrap()
        .iter()
        .map(|found| json_of(found)["name"].clone())
        .collect();
    assert_eq!(names, ["ended already", "one of its types ends", "one in 20 days"]);
    assert_eq!(world.last_sent().line(), "GET /certs/v1/organization");
}

#[test]
fn now_is_what_the_services_clock_says_whatever_the_local_one_does() {
    let soon = issued("soon", &json!("2031-01-11T00:00:00Z"), None);
    for date in [None, Some("Wed, 01 Jan 2031 00:00:00 GMT")] {
        let world = World::new();
        let client = world.client();
        let orders = json!([soon]);
        world.answer_calls(move |_| {
            let list = reply(200, &orders);
            match date {
                Some(date) => list.header("date", date),
                None => list,
            }
        });
        let found = world.run(async move {
            client
                .expiring(Ending::Orders, 30.0, fields(json!({})), CallOptions::default())
                .await
        });
        // By the local clock it is 2026.
        assert_eq!(found.unwrap().len(), usize::from(date.is_some()));
    }
}

#[test]
fn a_list_is_walked_through_whatever_field_its_items_are_in() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|sent| {
        let number = u64::from(sent.query == "page=1");
        let groups = json!([{ "id": number.to_string(), "name": "Group" }]);
        reply(
            200,
            &json!({ "groups": groups, "page": { "size": 1, "totalPages": 2, "number": number } }),
        )
    });
    assert_eq!(walk(&world, &client, call("groups.list")), ["0", "1"]);
    let urls: Vec<String> = world.take_lines().into_iter().skip(1).collect();
    assert_eq!(urls, ["GET /auth/v1/group", "GET /auth/v1/group"]);
}

#[test]
fn a_page_that_is_given_as_null_is_as_one_that_is_not_given() {
    for filter in [json!({ "page": null }), json!({})] {
        let world = World::new();
        let client = world.client();
        (0..3).for_each(|_| drop(world.organization(&client)));
        let call = call("organizations.list").filter(json!({ "size": 1 })).filter(filter);
        assert_eq!(walk(&world, &client, call).len(), 3);
    }
}

#[test]
fn a_wrong_page_is_refused_and_not_replaced() {
    for page in [json!("1"), json!(-1), json!(1.5)] {
        let world = World::new();
        let client = world.client();
        let mut pager = pager_of(&client, call("orders.list").filter(json!({ "page": page })));
        let error = world.run(async move { pager.next().await.map(drop).unwrap_err() });
        assert_eq!(finding_of(&error), ("invalid_argument", "page"), "{page}");
        assert!(world.take_lines().is_empty());
    }
}

#[test]
fn what_lists_nothing_has_no_pages() {
    let client = World::new().client();
    let (endpoint, arguments) = call("orders.prices").parts();
    let error = Pager::new(client, endpoint, arguments, CallOptions::default())
        .err()
        .unwrap();
    assert_eq!(finding_of(&error), ("invalid_argument", "operation"));
    assert!(error.message.contains("`orders.prices`"), "{}", error.message);
}

/// A list of orders that a server keeps, and how it pages.
#[derive(Clone, Copy, Debug)]
struct Paging {
    size: usize,
    /// How it says where it is: whole counts, counts without its number, nothing.
    told: u8,
    /// It counts pages from 1.
    from_one: bool,
    /// The order of its items is not that of their ids.
    shuffled: bool,
}

/// A server whose list loses what is canceled, and gets `more` once the second page was asked for.
fn shrinking(world: &World, paging: Paging, total: usize, more: usize) -> Rc<RefCell<Vec<usize>>> {
    let orders: Rc<RefCell<Vec<usize>>> = Rc::new(RefCell::new((0..total).collect()));
    if paging.shuffled {
        orders.borrow_mut().sort_by_key(|at| at * 7 % 11);
    }
    let (list, mut more) = (Rc::clone(&orders), (total..total + more).collect::<Vec<_>>());
    world.answer_calls(move |sent| {
        let mut list = list.borrow_mut();
        if let Some(id) = sent.path.strip_suffix("/cancel").and_then(|path| path.rsplit('/').next()) {
            list.retain(|at| id_at(*at) != id);
            return reply(200, &json!({ "id": id, "status": "DIGI_CANCELED" }));
        }
        let page = sent.query.split('&').find_map(|pair| pair.strip_prefix("page="));
        let asked: usize = page.unwrap().parse().unwrap();
        let number = asked.saturating_sub(usize::from(paging.from_one));
        if number > 0 {
            list.append(&mut more);
        }
        let items: Vec<Value> = (list.iter().skip(number * paging.size).take(paging.size))
            .map(|at| json!({ "id": id_at(*at) }))
            .collect();
        let pages = list.len().div_ceil(paging.size);
        let shown = number + usize::from(paging.from_one);
        reply(200, &match paging.told {
            0 => json!({ "content": items, "page": { "size": paging.size, "totalElements": list.len(), "totalPages": pages, "number": shown } }),
            1 => json!({ "content": items, "totalPages": pages, "totalElements": list.len() }),
            _ => json!({ "content": items }),
        })
    });
    orders
}

fn id_at(at: usize) -> String {
    format!("00000000-0000-4000-8000-{at:012}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whoever cancels what a list gives gets every order once, however the service pages.
    #[test]
    fn canceling_while_iterating_skips_nothing(
        total in 0_usize..40, more in 0_usize..4, size in 1_usize..9, told in 0_u8..3, from_one in any::<bool>(), shuffled in any::<bool>(), every in 1_usize..4
    ) {
        let world = World::new();
        let client = world.client();
        let paging = Paging { size, told, from_one, shuffled };
        let left = shrinking(&world, paging, total, more);
        let mut pager = pager_of(&client, call("orders.list").filter(json!({ "statuses": ["DIGI_PENDING"] })));
        let given = world.run(async move {
            let mut given = Vec::new();
            while let Some(page) = pager.next().await.unwrap() {
                for item in page.items() {
                    let id = item.id().id.unwrap();
                    given.push(id.clone());
                    if given.len() % every == 0 {
                        client.call(call("orders.cancel").id(id).request(), CallOptions::default()).await.unwrap();
                    }
                }
            }
            given
        });
        let mut once = given.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), given.len(), "none comes twice");
        for at in 0..total {
            prop_assert!(given.contains(&id_at(at)), "{} is missing of {:?}", at, given);
        }
        for at in left.borrow().iter().filter(|at| **at < total) {
            prop_assert!(given.contains(&id_at(*at)));
        }
    }
}

#[test]
fn a_list_whose_page_is_ignored_ends_with_an_error() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| {
        let content = json!([{ "id": "a" }, { "id": "b" }]);
        reply(
            200,
            &json!({ "content": content, "page": { "size": 2, "totalElements": 5, "totalPages": 3, "number": 0 } }),
        )
    });
    let mut pager = pager_of(&client, call("orders.list"));
    world.run(async move {
        assert_eq!(pager.next().await.unwrap().unwrap().items().count(), 2);
        let error = pager.next().await.map(drop).unwrap_err();
        assert_eq!(error.code.as_str(), "list_repeats");
        assert!(pager.next().await.unwrap().is_none());
    });
}

#[test]
fn a_page_is_whole_when_it_has_the_usual_form_and_nothing_that_came_before() {
    let usual = |ids: &[&str], number: u64| {
        let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({ "content": items, "page": { "size": 2, "totalElements": 4, "totalPages": 2, "number": number } })
    };
    let other = json!({ "content": [{ "id": "a" }], "page": { "totalPages": 1, "number": 0 } });
    let table = [
        (
            "usual",
            vec![usual(&["a", "b"], 0), usual(&["c", "d"], 1)],
            vec![(true, 2, vec![]), (true, 2, vec![])],
        ),
        (
            "repeats",
            vec![usual(&["a", "b"], 0), usual(&["c", "b"], 1)],
            vec![(true, 2, vec![]), (false, 2, vec![1])],
        ),
        ("incomplete", vec![other], vec![(false, 1, vec![])]),
        ("bare", vec![json!([{ "id": "a" }])], vec![(false, 1, vec![])]),
    ];
    for (name, replies, expected) in table {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |sent| {
            let page = sent.query.split('&').find_map(|pair| pair.strip_prefix("page="));
            let number: usize = page.map_or(0, |page| page.parse().unwrap());
            reply(200, replies.get(number).unwrap_or(&json!([])))
        });
        let mut pager = pager_of(&client, call("orders.list"));
        let count = expected.len();
        let seen = world.run(async move {
            let mut seen = Vec::new();
            while seen.len() < count
                && let Some(page) = pager.next().await.unwrap()
            {
                let content = page.content().map_or(0, |content| content.count());
                seen.push((page.is_whole(), content, page.repeated().to_vec()));
            }
            seen
        });
        assert_eq!(seen, expected, "{name}");
    }
}

#[test]
fn the_service_says_in_one_of_three_ways_that_a_page_is_the_last() {
    let info = |last, told_pages, told_size, told_total| PageInfo {
        last,
        told_pages,
        told_size,
        told_total,
        ..PageInfo::default()
    };
    let nothing = info(None, None, None, None);
    for (info, number, from_one, expected) in [
        (nothing.clone(), 0, false, None),
        (info(Some(false), Some(1), None, None), 5, false, Some(false)),
        (info(Some(true), Some(9), None, None), 0, false, Some(true)),
        (info(None, Some(2), None, None), 0, false, Some(false)),
        (info(None, Some(2), None, None), 1, false, Some(true)),
        (info(None, Some(2), None, None), 1, true, Some(false)),
        (info(None, Some(2), None, None), 2, true, Some(true)),
        (info(None, None, Some(10), Some(20)), 0, false, Some(false)),
        (info(None, None, Some(10), Some(20)), 1, false, Some(true)),
        (info(None, None, Some(10), Some(21)), 1, false, Some(false)),
        (info(None, None, Some(10), Some(20)), 1, true, Some(false)),
        (info(None, None, Some(1), Some(1)), 0, false, Some(true)),
        (info(None, None, Some(0), Some(20)), 9, false, None),
        (info(None, None, Some(10), None), 9, false, None),
    ] {
        assert_eq!(
            info.told_last(number, from_one),
            expected,
            "{info:?} {number} {from_one}"
        );
    }
}
