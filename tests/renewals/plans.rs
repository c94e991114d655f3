//! What is done about each order, and why.

use markmonitor_certs::{
    client::platform::Platform as _,
    renewals::{
        Plan, estate,
        plan::{RenewalBlock, RenewalItem},
        planning,
    },
};
use sandbox::Readings;
use serde_json::json;

use crate::{
    call::call,
    driver::{self, Asked, Process, csr_of_key},
    estate::{DAY, Estate, HOUR},
    fixtures::id_of,
};

fn item<'a>(plan: &'a Plan, id: &str) -> &'a RenewalItem {
    plan.item(id).unwrap_or_else(|| panic!("{id} is in the plan"))
}

fn action(plan: &Plan, id: &str) -> &'static str {
    item(plan, id).action.as_str()
}

#[test]
fn a_certificate_is_due_when_a_third_of_its_life_is_left() {
    // From 1 January 2026 on a certificate lives 398 days: a third is 132.
    for (days, expected) in [
        (1, "later"),
        (264, "later"),
        (266, "renew"),
        (397, "renew"),
        (399, "ended"),
        (487, "ended"),
        (489, "absent"),
    ] {
        let estate = Estate::new(1, days);
        let plan = estate.plan();
        let action = plan
            .item(&estate.orders[0])
            .map_or("absent", |item| item.action.as_str());
        assert_eq!(action, expected, "after {days} days");
    }
}

#[test]
fn what_falls_due_while_the_account_is_read_is_due_in_the_next_plan() {
    type Is = fn(&Asked) -> bool;
    // Before which ask a day passes in which it falls due.
    let table: [(Is, &str); 3] = [
        (|ask| matches!(ask, Asked::List { what: "orders", .. }), "renew"),
        (
            |ask| {
                matches!(
                    ask,
                    Asked::List {
                        what: "organizations",
                        ..
                    }
                )
            },
            "later",
        ),
        (|ask| matches!(ask, Asked::Prices), "later"),
    ];
    for (at, (is_late, expected)) in table.into_iter().enumerate() {
        let estate = Estate::new(2, 265);
        let process = Process {
            freezes: Some((is_late, DAY)),
            ..estate.process()
        };
        let settings = planning::Settings::default();
        let plan = estate.world.run(async move { driver::plan(&process, settings).await });
        for id in &estate.orders {
            let item = item(&plan, id);
            assert_eq!(item.action.as_str(), expected, "{at}");
            assert_eq!(
                item.request.is_some(),
                expected == "renew",
                "{at}: what is to be ordered is there"
            );
        }
        assert_eq!(action(&estate.plan(), &estate.orders[0]), "renew", "{at}: the next one");
    }
}

#[test]
fn a_policy_may_say_days() {
    let estate = Estate::new(1, 340);
    for (at, expected) in [(30, "later"), (57, "later"), (59, "renew"), (90, "renew")] {
        let plan = estate.plan_with(json!({ "at": at }));
        assert_eq!(action(&plan, &estate.orders[0]), expected, "{at} days before");
    }
}

#[test]
fn days_beyond_half_of_a_life_are_held_back_and_the_plan_says_so() {
    for (days, expected, reason) in [
        (90, "later", "it is due on 2026-06-30"),
        (101, "renew", "99 days are left"),
    ] {
        // 200 days, from 22 March on.
        let estate = Estate::new(0, 80);
        let id = estate.order(&estate.world.client(), "n0.example.com", "SSL_DV_GEOTRUST");
        estate.world.advance(DAY * days);
        let plan = estate.plan_with(json!({ "at": 150 }));
        let item = item(&plan, &id);
        assert_eq!(item.action.as_str(), expected);
        assert!(item.reason.starts_with(reason), "{}", item.reason);
        assert!(
            item.reason.ends_with(", not earlier: half of a life is to be over"),
            "{}",
            item.reason
        );
    }
}

#[test]
fn a_plan_says_what_would_be_ordered_and_what_it_costs() {
    let estate = Estate::new(2, 300);
    let plan = estate.plan();
    let first = item(&plan, &estate.orders[0]);
    let request = first.request.as_ref().expect("an order");
    assert_eq!(request["cert"]["commonName"], "n0.example.com");
    assert_eq!(request["cert"]["csr"], json!(null));
    assert_eq!(request["comments"], format!("[mmc replaces={}]", estate.orders[0]));
    assert_eq!(
        request["contacts"].as_array().unwrap().len(),
        1,
        "the service's own contact has no role"
    );
    assert_eq!(first.price, Some(100.0));
    assert_eq!((plan.cost, plan.counts["renew"]), (Some(200.0), 2));
    assert_eq!(first.days_left, 98);
    assert_eq!(first.reason, "98 of 397 days are left, no more than a third");
    assert_eq!(plan.items, estate.plan().items, "the same twice");
}

#[test]
fn a_later_certificate_or_an_order_under_way_replaces_it() {
    let estate = Estate::new(3, 300);
    let client = estate.world.client();
    // By a person, through the portal, without a marker.
    let under_way = estate.order(&client, "n0.example.com", "SSL_OV_BASIC");
    let issued = estate.order(&client, "n1.example.com", "SSL_DV_GEOTRUST");
    let other = estate.order(&client, "m2.example.com", "SSL_DV_GEOTRUST");
    estate.world.advance(HOUR / 2);
    let plan = estate.plan();
    for (old, new) in [(0, &under_way), (1, &issued)] {
        let item = item(&plan, &estate.orders[old]);
        assert_eq!(
            (item.action.as_str(), item.replaced_by.as_ref()),
            ("replaced", Some(new))
        );
    }
    assert_eq!(action(&plan, &estate.orders[2]), "renew");
    assert_eq!(action(&plan, &issued), "later");
    assert_eq!(action(&plan, &other), "later");
    assert!(plan.item(&under_way).is_none(), "it has no certificate");
    let parallel = estate.plan_with(json!({ "parallel": true }));
    assert_eq!(
        action(&parallel, &estate.orders[1]),
        "renew",
        "nothing says that it was replaced"
    );
}

#[test]
fn a_wildcard_covers_what_is_under_it() {
    let estate = Estate::new(0, 1);
    let client = estate.world.client();
    let mut order = estate.new_order("shop.example.com", "SSL_DV_GEOTRUST");
    order["cert"]["dnsNames"] = json!([]);
    let old = id_of(&estate.world.value(&client, call("orders.create").body(order.clone())));
    estate.world.advance(DAY * 300);
    order["cert"]["commonName"] = json!("*.example.com");
    let new = id_of(&estate.world.value(&client, call("orders.create").body(order)));
    estate.world.advance(HOUR);
    assert_eq!(item(&estate.plan(), &old).replaced_by, Some(new));
}

#[test]
fn a_revoked_certificate_is_replaced_only_if_the_policy_says_so() {
    let estate = Estate::new(1, 10);
    let client = estate.world.client();
    estate.world.value(&client, call("orders.revoke").id(&estate.orders[0]));
    estate.world.advance(HOUR);
    assert_eq!(action(&estate.plan(), &estate.orders[0]), "revoked");
    let plan = estate.plan_with(json!({ "revoked": "replace" }));
    assert_eq!(action(&plan, &estate.orders[0]), "renew");
}

#[test]
fn a_later_certificate_replaces_a_revoked_one_whenever_it_ends() {
    // From 8 March 2027 on, for 200 days; ten days later a new one lives 100.
    let estate = Estate::new(0, 431);
    let client = estate.world.client();
    let [earlier, old] = [(); 2].map(|()| {
        estate.world.advance(HOUR);
        estate.order(&client, "n0.example.com", "SSL_DV_GEOTRUST")
    });
    estate.world.advance(DAY * 10);
    estate.world.value(&client, call("orders.revoke").id(&old));
    estate.world.advance(HOUR);
    let replace = || json!({ "revoked": "replace" });
    assert_eq!(
        action(&estate.plan_with(replace()), &old),
        "renew",
        "it replaced {earlier}"
    );
    let new = estate.order(&client, "n0.example.com", "SSL_DV_GEOTRUST");
    estate.world.advance(HOUR);
    let plan = estate.plan_with(replace());
    assert_eq!(item(&plan, &old).replaced_by, Some(new));
}

#[test]
fn what_cannot_be_ordered_is_blocked_and_says_why() {
    let estate = Estate::new(1, 1);
    let client = estate.world.client();
    let validated = estate.order(&client, "ov.example.com", "SSL_OV_BASIC");
    estate.world.advance(DAY * 300);
    let plan = estate.plan();
    assert_eq!(action(&plan, &validated), "renew");
    assert!(item(&plan, &validated).validated_until.is_some());
    estate.lapse("OV");
    estate.world.advance(DAY * 85);
    let plan = estate.plan();
    let blocked = item(&plan, &validated);
    assert_eq!(
        (blocked.action.as_str(), blocked.urgency.as_str()),
        ("blocked", "urgent")
    );
    assert_eq!(blocked.blocked_by.map(RenewalBlock::as_str), Some("validation_lapsed"));
    assert!(blocked.request.is_some());
    assert_eq!(action(&plan, &estate.orders[0]), "renew", "a DV certificate needs none");
}

#[test]
fn a_contact_that_is_gone_blocks_the_order() {
    let estate = Estate::new(1, 300);
    let world = &estate.world;
    world.answer(|sent| {
        let is_of_people = sent.path.ends_with("/organization") || sent.path.ends_with("/contact");
        is_of_people.then(|| crate::world::json(200, &json!({ "content": [{ "id": "x", "contacts": [] }] })))
    });
    let plan = estate.plan();
    let blocked = item(&plan, &estate.orders[0]);
    assert_eq!(blocked.blocked_by.map(RenewalBlock::as_str), Some("contact_gone"));
}

#[test]
fn a_plan_says_how_many_calls_it_takes_and_whether_the_estate_fits() {
    let estate = Estate::new(6, 300);
    let capacity = estate.plan().capacity;
    let days: Vec<(u32, u64, bool)> = capacity
        .rules
        .iter()
        .map(|rule| (rule.days, rule.renewals_per_day, rule.fits))
        .collect();
    assert_eq!(days, [(200, 1, true), (100, 1, true), (47, 1, true)]);
    assert!(capacity.calls >= 6 * 5 && capacity.minutes >= 1);
}

#[test]
fn a_plan_is_the_same_whatever_lists_show_of_an_order() {
    let planned = |shown: &str, days: u32| {
        let readings = Readings::of([("listItems", shown), ("endedOrder", "expired")]).expect("readings");
        let estate = Estate::with(3, 150, readings);
        let client = estate.world.client();
        let reissue = call("orders.reissue").id(&estate.orders[0]);
        estate
            .world
            .value(&client, reissue.body(json!({ "cert": { "csr": csr_of_key(7) } })));
        estate.world.advance(DAY * days);
        let plan = estate.plan();
        let items = estate.orders.iter().map(|id| plan.item(id));
        let items = items.map(|item| item.map(|item| (item.action.as_str(), item.not_after.clone())));
        items.collect::<Vec<_>>()
    };
    for days in [0, 40, 70] {
        let whole = planned("whole", days);
        assert!(whole.iter().all(Option::is_some), "{whole:?}");
        for shown in ["without-cert", "without-details"] {
            assert_eq!(planned(shown, days), whole, "{shown}, {days} days");
        }
    }
}

#[test]
fn an_order_is_looked_at_where_its_list_may_hide_a_certificate_that_is_needed() {
    let day = 86_400_000_i64;
    let now = 6_000 * day;
    let policy = serde_json::from_value(json!({})).expect("a policy");
    let (named, ended) = (json!({ "commonName": "n0.example.com" }), now - 100 * day);
    let whole = json!({ "commonName": "n0.example.com", "dateValidUntil": ended });
    let unnamed = json!({ "dateValidUntil": ended });
    // An open order is one that the journal has not done with.
    for (status, age, cert, is_open, is_looked_at) in [
        ("DIGI_ISSUED", 10, json!(null), false, true),
        ("DIGI_ISSUED", 4_000, named.clone(), false, true),
        ("DIGI_ISSUED", 10, whole.clone(), false, false),
        ("DIGI_REISSUE_PENDING", 10, json!(null), false, true),
        ("DIGI_PENDING", 10, json!(null), false, false),
        ("DIGI_CANCELED", 10, json!(null), false, false),
        ("DIGI_EXPIRED", 210, json!(null), false, true),
        ("DIGI_EXPIRED", 210, named, false, true),
        ("DIGI_EXPIRED", 210, whole.clone(), false, false),
        ("DIGI_EXPIRED", 4_000, json!(null), false, false),
        ("DIGI_EXPIRED", 4_000, unnamed.clone(), false, false),
        ("DIGI_EXPIRED", 4_000, unnamed, true, true),
        ("DIGI_EXPIRED", 4_000, whole, true, false),
    ] {
        let order = json!({ "id": "an order", "status": status, "dateCreated": now - age * day, "cert": cert });
        let mut account = estate::Estate::default();
        let aside = estate::Aside {
            is_open,
            ..estate::Aside::default()
        };
        account.take_order(&order, now, &policy, aside);
        assert_eq!(
            !account.shown_in_part().is_empty(),
            is_looked_at,
            "{order}, open: {is_open}"
        );
    }
}

#[test]
fn what_ended_without_a_successor_is_listed_for_a_while_whatever_its_order_shows() {
    for shown in ["expired", "issued"] {
        let readings = Readings::of([("endedOrder", shown)]).expect("readings");
        // One is renewed in time by this package, one by a person, one not at all.
        let estate = Estate::with(3, 300, readings);
        let client = estate.world.client();
        let plan = estate.plan();
        let mut own = estate.settings(&plan, &json!({}));
        let approved = json!({ estate.orders[0].clone(): 100.0 });
        own["approved"] = approved;
        let process = estate.process();
        estate
            .world
            .run(async move { driver::run(&process, own).await })
            .expect("it ends");
        estate.order(&client, "n1.example.com", "SSL_DV_GEOTRUST");
        estate.world.advance(DAY * 120);
        let plan = estate.plan();
        let known: Vec<&str> = estate
            .orders
            .iter()
            .map(|id| plan.item(id).map_or("absent", |item| item.action.as_str()))
            .collect();
        assert_eq!(known, ["absent", "absent", "ended"], "{shown}");
        let ended = item(&plan, &estate.orders[2]);
        assert_eq!((ended.urgency.as_str(), plan.counts["ended"]), ("ended", 1));
        assert!(
            ended.reason.starts_with("it has ended, on 2027-02-0"),
            "{}",
            ended.reason
        );
        for (days, count) in [(15, 0), (30, 1), (0, 0)] {
            assert_eq!(
                estate.plan_with(json!({ "ended": days })).counts["ended"],
                count,
                "{shown}, {days} days"
            );
        }
        assert_eq!(estate.night().summary.outcome.as_str(), "endNear");
        // Their successors are renewed, and end: of each name the last one is missed, and not all that came before.
        estate.world.advance(DAY * 30);
        estate.night();
        estate.world.advance(DAY * 120);
        let plan = estate.plan();
        let ended = plan
            .items
            .iter()
            .map(|item| (item.action.as_str(), item.not_after.get(..7).unwrap()));
        assert_eq!(ended.collect::<Vec<_>>(), [("ended", "2027-07"); 2], "{shown}");
    }
}

#[test]
fn of_what_ended_no_more_pages_are_read_than_may_show_what_is_listed() {
    for (sort, pages) in [("dateCreated", 3), ("another", 8), ("refused", 8)] {
        let estate = Estate::new(0, 1);
        // Four orders a day for 400 days, the certificates 47 days long: all have ended, the last ones today.
        let now = estate.world.platform.wall_clock() + 3000 * 86_400_000;
        estate.world.advance(DAY * 3000);
        let orders: Vec<serde_json::Value> = (0..1_600_u64)
            .map(|number| {
                let day = number / 4;
                let end = now - day * 86_400_000;
                json!({
                    "id": format!("order {number}"), "status": "DIGI_EXPIRED", "dateCreated": end - 47 * 86_400_000,
                    "cert": { "commonName": format!("n{number}.example.com"), "dateValidUntil": end },
                })
            })
            .collect();
        let asked = std::rc::Rc::new(std::cell::Cell::new(0));
        let count = std::rc::Rc::clone(&asked);
        estate.world.answer(move |sent| {
            if !sent.path.ends_with("/order") || !sent.query.contains("DIGI_EXPIRED") {
                return None;
            }
            let is_sorted = sent.query.contains("sort=dateCreated");
            if is_sorted && sort == "refused" {
                return Some(crate::world::json(400, &json!({ "message": "sort" })));
            }
            count.set(count.get() + 1);
            let page = sent
                .query
                .split('&')
                .find_map(|part| part.strip_prefix("page=")?.parse().ok())
                .unwrap_or(0);
            let mut orders = orders.clone();
            if !is_sorted || sort == "another" {
                orders.reverse();
            }
            let content: Vec<_> = orders.into_iter().skip(page * 200).take(200).collect();
            let info = json!({ "size": 200, "totalElements": 1_600, "totalPages": 8, "number": page });
            Some(crate::world::json(200, &json!({ "content": content, "page": info })))
        });
        assert_eq!(estate.plan().counts["ended"], 360, "{sort}");
        assert_eq!(asked.get(), pages, "{sort}");
    }
}
