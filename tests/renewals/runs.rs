//! Runs that are left to end.

use std::{collections::BTreeMap, rc::Rc};

use markmonitor_certs::renewals::{journal::State, run::Event};
use sandbox::{FaultRule, READINGS, Readings};
use serde_json::{Value, json};

use crate::{
    call::call,
    driver::{self, Process, approved, csr_of_key},
    estate::{DAY, Estate, HOUR},
    fixtures::{create, id_of, status_of},
};

fn outcome(ended: &driver::Ended) -> &'static str {
    ended.summary.outcome.as_str()
}

#[test]
fn what_is_due_is_ordered_once_and_delivered() {
    let estate = Estate::new(5, 300);
    let ended = estate.night();
    assert_eq!(outcome(&ended), "renewed", "{}", ended.summary.text);
    assert_eq!(ended.problems(), Vec::<&str>::new());
    assert_eq!(estate.renewals(), [1; 5]);
    assert_eq!(estate.disk.delivered.borrow().len(), 5);
    assert_eq!(estate.disk.told.borrow().len(), 1, "once for all");
    let keys = estate.disk.keys.borrow();
    for delivery in estate.disk.delivered.borrow().iter() {
        assert!(
            keys.contains_key(&delivery.key),
            "the key of what was delivered is there"
        );
    }
    for _ in 0..5 {
        estate.world.advance(DAY);
        let ended = estate.night();
        assert_eq!(outcome(&ended), "nothingDue");
        assert_eq!(json!(ended.summary.cost).to_string(), "0.0", "and not -0");
    }
    assert_eq!(json!(estate.plan().cost).to_string(), "0.0");
    assert_eq!(estate.renewals(), [1; 5], "not again every night");
}

#[test]
fn records_are_published_once_and_old_certificates_revoked_at_the_end() {
    let estate = Estate::new(2, 300);
    let more = json!({ "revokeOld": true, "has": { "dcv": true, "deliver": true } });
    let ended = estate.night_with(more).unwrap();
    assert_eq!(outcome(&ended), "renewed", "{}", ended.summary.text);
    assert_eq!(estate.disk.published.borrow().len(), 2);
    assert_eq!(*estate.disk.unannounced.borrow(), Vec::<String>::new());
    let client = estate.world.client();
    estate.world.advance(HOUR);
    for id in &estate.orders {
        let old = estate.world.value(&client, call("orders.get").id(id));
        assert_eq!(status_of(&old), "DIGI_REVOKED");
    }
}

#[test]
fn what_is_not_delivered_is_tried_again_without_a_new_order() {
    let estate = Estate::new(2, 300);
    estate.disk.undeliverable.borrow_mut().push(estate.orders[0].clone());
    let more = json!({ "revokeOld": true });
    let ended = estate.night_with(more.clone()).unwrap();
    assert_eq!(outcome(&ended), "someFailed");
    assert_eq!(ended.problems(), ["deliver_failed"]);
    let client = estate.world.client();
    let old = estate.world.value(&client, call("orders.get").id(&estate.orders[0]));
    assert_eq!(
        status_of(&old),
        "DIGI_ISSUED",
        "the old one stays until the new one is delivered"
    );
    estate.disk.undeliverable.take();
    estate.world.advance(DAY);
    assert_eq!(outcome(&estate.night_with(more).unwrap()), "renewed");
    assert_eq!(estate.renewals(), [1; 2]);
    assert_eq!(estate.disk.delivered.borrow().len(), 2);
}

#[test]
fn what_is_not_said_to_be_done_has_failed() {
    let has = json!({ "dcv": true, "deliver": true, "renewed": true });
    for answer in [
        json!(null),
        json!({}),
        json!({ "done": null }),
        json!({ "done": "true" }),
    ] {
        for (ask, code) in [
            ("publish", "dcv_failed"),
            ("deliver", "deliver_failed"),
            ("revoke", "revoke_failed"),
            ("hook", "hook_failed"),
        ] {
            let estate = Estate::new(1, 300);
            *estate.disk.instead.borrow_mut() = Some((ask, answer.clone()));
            let ended = estate.night_with(json!({ "revokeOld": true, "has": has })).unwrap();
            assert!(
                ended.problems().contains(&code),
                "{ask} {answer}: {}",
                ended.summary.text
            );
            estate.world.advance(HOUR);
            let old = estate
                .world
                .value(&estate.world.client(), call("orders.get").id(&estate.orders[0]));
            let is_revoked = status_of(&old) == "DIGI_REVOKED";
            // The old one stays until the hook has put the new one to use.
            assert_eq!(is_revoked, ask == "publish", "{ask} {answer}");
        }
    }
}

#[test]
fn nothing_is_ordered_without_a_request_or_by_a_journal_that_cannot_be_read() {
    let estate = Estate::new(1, 300);
    for answer in [json!(null), json!({}), json!({ "csr": "" })] {
        *estate.disk.instead.borrow_mut() = Some(("key", answer));
        estate.world.advance(2 * DAY);
        assert_eq!(estate.night().problems(), ["key_failed"]);
    }
    for answer in [json!({ "held": true }), json!({ "held": true, "entries": [1] })] {
        *estate.disk.instead.borrow_mut() = Some(("lock", answer));
        estate.world.advance(2 * DAY);
        let ended = estate.night();
        assert_eq!((outcome(&ended), ended.problems()), ("locked", vec!["journal_lost"]));
    }
    assert_eq!(estate.renewals(), [0]);
}

#[test]
fn a_run_stops_ordering_where_nobody_is_let_in() {
    for (code, stops) in [
        ("unauthorized", true),
        ("token_expired", true),
        ("session_ended", true),
        ("bad_request", false),
        ("invalid", false),
        ("conflict", false),
        ("not_found", false),
    ] {
        let estate = Estate::new(7, 300);
        let error = json!({ "code": code, "message": "no" });
        *estate.disk.instead.borrow_mut() = Some(("place", json!({ "error": error })));
        let problems = estate.night().problems();
        let count = |code: &str| problems.iter().filter(|problem| **problem == code).count();
        let expected = if stops { (1, 6) } else { (7, 0) };
        assert_eq!((count("refused"), count("stopped")), expected, "{code}");
    }
}

#[test]
fn what_cannot_be_put_to_use_is_not_renewed() {
    let estate = Estate::new(2, 300);
    let more = json!({ "has": { "deliver": true, "renewed": true, "failed": true } });
    estate.disk.broken_hook.set(Some("renewed"));
    for (days, expected) in [(1, "someFailed"), (94, "someFailed"), (10, "endNear"), (1, "endNear")] {
        let ended = estate.night_with(more.clone()).unwrap();
        let summary = &ended.summary;
        assert_eq!(summary.outcome.as_str(), expected, "{}", summary.text);
        assert_eq!(ended.problems(), ["hook_failed"]);
        assert_eq!(summary.renewals.len(), 2);
        assert_eq!(
            summary.text.matches("reload ended with 1").count(),
            2,
            "{}",
            summary.text
        );
        assert_eq!(
            summary.text.matches(", ends on 2027-02-").count(),
            2,
            "the old ones are in use: {}",
            summary.text
        );
        assert_eq!(
            estate.disk.told.take().concat().len(),
            2,
            "the hook for what failed knows"
        );
        estate.world.advance(DAY * days);
    }
    estate.disk.broken_hook.set(None);
    assert_eq!(outcome(&estate.night_with(more.clone()).unwrap()), "nothingDue");
    assert_eq!(estate.disk.told.take().concat().len(), 2, "it has run in the end");
    assert_eq!(outcome(&estate.night_with(more).unwrap()), "nothingDue");
    assert_eq!(estate.disk.told.take().len(), 0);
    assert_eq!(estate.renewals(), [1; 2]);
}

#[test]
fn an_order_of_somebody_else_covers_nothing_before_it_has_a_certificate() {
    // Of 398 days, 132 are for the renewal.
    for (days, urgency, expected) in [
        (200, "none", "nothingDue"),
        (280, "due", "waiting"),
        (340, "soon", "waiting"),
        (380, "urgent", "endNear"),
        (397, "ended", "endNear"),
    ] {
        let estate = Estate::new(1, days);
        let client = estate.world.client();
        let mut order = estate.new_order("never.example", "SSL_DV_GEOTRUST");
        order["cert"]["dnsNames"] = json!(["n0.example.com", "www.n0.example.com"]);
        let id = id_of(&estate.world.value(&client, create(order)));
        estate.world.advance(DAY * 3);
        let plan = estate.plan();
        let item = plan.item(&estate.orders[0]).unwrap();
        assert_eq!((item.action.as_str(), item.urgency.as_str()), ("replaced", urgency));
        assert_eq!(item.replaced_by.as_ref(), Some(&id));
        let ended = estate.night();
        assert_eq!(outcome(&ended), expected, "after {days} days: {}", ended.summary.text);
        let says = format!("n0.example.com: the order {id} covers its names, and has no certificate yet");
        assert_eq!(ended.summary.text.contains(&says), urgency != "none");
        assert_eq!(estate.renewals(), [0], "it is not ordered twice");
    }
}

#[test]
fn a_revoked_certificate_is_never_delivered() {
    let estate = Estate::new(1, 300);
    estate.disk.undeliverable.borrow_mut().push(estate.orders[0].clone());
    estate.night();
    let client = estate.world.client();
    let placed = estate.placed();
    let (new, _) = placed.iter().find(|(_, replaced)| replaced.is_some()).unwrap();
    estate.world.value(&client, call("orders.revoke").id(new));
    estate.disk.undeliverable.take();
    estate.world.advance(DAY);
    let ended = estate.night();
    assert_eq!(ended.problems(), ["lost"]);
    assert_eq!(estate.disk.delivered.borrow().len(), 0);
    estate.world.advance(DAY);
    assert_eq!(outcome(&estate.night()), "renewed", "by another order");
    assert_eq!(estate.renewals(), [2]);
}

#[test]
fn what_was_replaced_elsewhere_is_renewed_when_nothing_comes_of_that() {
    for (action, status) in [("cancel", "DIGI_CANCELED"), ("reject", "DIGI_REJECTED")] {
        let estate = Estate::new(1, 300);
        estate.world.fault(FaultRule {
            method: Some("POST".into()),
            path: Some("/certs/v1/order".into()),
            status: Some(409),
            times: Some(1),
            ..FaultRule::default()
        });
        assert_eq!(estate.night().problems(), ["refused"]);
        let client = estate.world.client();
        let name = if action == "cancel" {
            "never.example"
        } else {
            "rejected.example"
        };
        let mut order = estate.new_order(name, "SSL_DV_GEOTRUST");
        order["cert"]["dnsNames"] = json!(["n0.example.com", "www.n0.example.com"]);
        let by_hand = id_of(&estate.world.value(&client, create(order)));
        // It shows its names by then.
        estate.world.advance(HOUR / 120);
        let ended = estate.night();
        assert_eq!(outcome(&ended), "waiting", "{}", ended.summary.text);
        let plan = estate.plan();
        assert_eq!(
            plan.item(&estate.orders[0]).unwrap().replaced_by.as_ref(),
            Some(&by_hand)
        );
        if action == "cancel" {
            estate.world.advance(HOUR);
            estate.world.value(&client, call("orders.cancel").id(&by_hand));
        }
        estate.world.advance(DAY);
        let order = estate.world.value(&client, call("orders.get").id(&by_hand));
        assert_eq!(status_of(&order), status);
        let ended = estate.night();
        assert_eq!(outcome(&ended), "renewed", "{status}: {}", ended.summary.text);
        estate.world.advance(DAY);
        assert_eq!(outcome(&estate.night()), "nothingDue");
        assert_eq!(estate.renewals(), [1]);
    }
}

#[test]
fn what_was_renewed_is_renewed_again_when_its_successor_is_revoked() {
    let estate = Estate::new(1, 300);
    assert_eq!(outcome(&estate.night()), "renewed");
    let client = estate.world.client();
    let placed = estate.placed();
    let (new, _) = placed.iter().find(|(_, replaced)| replaced.is_some()).unwrap();
    estate.world.value(&client, call("orders.revoke").id(new));
    estate.world.advance(DAY);
    assert_eq!(outcome(&estate.night()), "renewed");
    assert_eq!(estate.renewals(), [2]);
    estate.world.advance(DAY);
    assert_eq!(outcome(&estate.night()), "nothingDue");
    assert_eq!(estate.renewals(), [2]);
}

#[test]
fn an_old_certificate_is_revoked_when_the_hook_has_put_the_new_one_to_use() {
    for is_broken in [false, true] {
        let estate = Estate::new(2, 300);
        let client = estate.world.client();
        let statuses = || {
            estate.world.advance(HOUR);
            let order = |id| status_of(&estate.world.value(&client, call("orders.get").id(id))).to_owned();
            estate.orders.iter().map(order).collect::<Vec<_>>()
        };
        let more = json!({ "revokeOld": true });
        estate.disk.broken_hook.set(is_broken.then_some("renewed"));
        let ended = estate.night_with(more.clone()).unwrap();
        if is_broken {
            assert_eq!((outcome(&ended), ended.problems()), ("someFailed", vec!["hook_failed"]));
            assert_eq!(statuses(), ["DIGI_ISSUED"; 2], "they are in use");
            estate.disk.broken_hook.set(None);
            let ended = estate.night_with(more.clone()).unwrap();
            assert_eq!(outcome(&ended), "nothingDue", "{}", ended.summary.text);
        } else {
            assert_eq!(outcome(&ended), "renewed", "{}", ended.summary.text);
        }
        assert_eq!(estate.disk.told.take().concat().len(), 2);
        assert_eq!(statuses(), ["DIGI_REVOKED"; 2]);
        assert_eq!(outcome(&estate.night_with(more).unwrap()), "nothingDue");
        assert_eq!((estate.disk.told.take().len(), estate.renewals()), (0, vec![1; 2]));
    }
}

#[test]
fn with_an_entry_that_cannot_be_read_nothing_is_sent() {
    let estate = Estate::new(2, 300);
    let plan = estate.plan();
    estate.disk.undeliverable.borrow_mut().extend(estate.orders.clone());
    estate
        .night_with(json!({ "approved": { estate.orders[0].clone(): 100 } }))
        .unwrap();
    let whole = estate.disk.journal.borrow().clone();
    for (from, to) in [
        ("\"keyed\"", "\"keyex\""),
        ("\"onceId\"", "\"onceIe\""),
        ("\"step\"", "step"),
    ] {
        let damaged = whole.iter().map(|entry| entry.replace(from, to)).collect::<Vec<_>>();
        assert_ne!(damaged, whole);
        let first = damaged.iter().zip(&whole).position(|(one, other)| one != other);
        assert_eq!(State::of(&damaged).unreadable(), first.map(|at| at as u64), "{to}");
        estate.disk.journal.replace(damaged.clone());
        estate.world.take_sent();
        assert!(estate.plan_by(estate.world.client()).is_none(), "{to}");
        let (process, settings) = (estate.process(), estate.settings(&plan, &json!({})));
        let ended = estate.world.run(async move {
            let ended = driver::run(&process, settings).await;
            process.unlock();
            ended
        });
        assert!(ended.is_err(), "{to}");
        assert!(estate.world.take_sent().is_empty(), "{to}");
        assert_eq!(*estate.disk.journal.borrow(), damaged, "{to}");
    }
    estate.disk.journal.replace(whole);
    estate.disk.undeliverable.take();
    estate.world.advance(DAY);
    assert_eq!(outcome(&estate.night()), "renewed");
    assert_eq!(estate.renewals(), [1; 2]);
}

#[test]
fn a_budget_is_never_exceeded() {
    for (budget, orders) in [
        (json!({ "maxOrders": 2 }), 2),
        (json!({ "maxCost": 250 }), 2),
        (json!({ "maxCost": 99.99 }), 0),
        (json!({ "maxOrders": 0 }), 0),
        (json!({ "maxCost": 300, "maxOrders": 9 }), 3),
    ] {
        let estate = Estate::new(5, 300);
        let ended = estate.night_with(budget.clone()).unwrap();
        assert_eq!(estate.renewals().iter().sum::<usize>(), orders, "{budget}");
        assert_eq!(ended.summary.orders, orders);
        assert_eq!(outcome(&ended), "waiting", "{budget}: {}", ended.summary.text);
    }
}

#[test]
fn a_budget_is_spent_to_its_last_cent() {
    // As floating-point numbers, three times 1.10 are more than 3.30.
    for (price, budget, orders) in [(1.1, 3.3, 3), (1.1, 3.29, 2), (0.1, 0.3, 3), (0.1, 0.29, 2)] {
        let estate = Estate::new(5, 300);
        let prices = json!({ "prices": [{ "certType": "SSL_DV_GEOTRUST", "totalPrice": price }] });
        *estate.disk.instead.borrow_mut() = Some(("prices", prices));
        let ended = estate.night_with(json!({ "maxCost": budget })).unwrap();
        assert_eq!(
            ended.summary.orders, orders,
            "{price} of {budget}: {}",
            ended.summary.text
        );
    }
}

#[test]
fn an_order_that_was_lost_on_its_way_is_unknown_until_a_person_says_so() {
    let estate = Estate::new(1, 300);
    estate.world.fault(FaultRule {
        method: Some("POST".into()),
        path: Some("/certs/v1/order".into()),
        drop: Some(sandbox::Drop::Before),
        times: Some(1),
        ..FaultRule::default()
    });
    for _ in 0..3 {
        let ended = estate.night();
        assert_eq!(outcome(&ended), "someFailed");
        assert_eq!(ended.problems(), ["unknown"]);
        assert_eq!(estate.renewals(), [0]);
        assert!(
            ended
                .summary
                .text
                .contains(&format!("--assume-not-placed {}.1", estate.orders[0]))
        );
        estate.world.advance(DAY);
    }
    for other in [estate.orders[0].clone(), format!("{}.2", estate.orders[0])] {
        let ended = estate.night_with(json!({ "assumeNotPlaced": [other] })).unwrap();
        assert_eq!(
            ended.problems(),
            ["unknown_name", "unknown"],
            "what is said of one is not said of another"
        );
    }
    let name = estate.plan().items[0].once_id.clone();
    let more = json!({ "assumeNotPlaced": [name] });
    assert_eq!(outcome(&estate.night_with(more).unwrap()), "renewed");
    assert_eq!(estate.renewals(), [1]);
}

#[test]
fn an_order_whose_reply_was_lost_is_found() {
    let estate = Estate::new(2, 300);
    estate.world.fault(FaultRule {
        method: Some("POST".into()),
        path: Some("/certs/v1/order".into()),
        drop: Some(sandbox::Drop::After),
        times: Some(2),
        ..FaultRule::default()
    });
    assert_eq!(outcome(&estate.night()), "renewed");
    assert_eq!(estate.renewals(), [1; 2]);
}

#[test]
fn with_a_key_that_is_kept_no_other_order_of_it_is_taken_for_the_one_that_was_lost() {
    const KEY: u64 = 7;
    // What becomes of the order when the reply is lost.
    for drop in [sandbox::Drop::After, sandbox::Drop::Before] {
        for older in ["ended", "canceled", "other name", "other name, under way"] {
            let readings = Readings::of([("freshOrder", "not-listed"), ("endedOrder", "expired")]).expect("readings");
            let estate = Estate::with(0, 0, readings);
            estate.disk.kept_key.set(Some(KEY));
            let client = estate.world.client();
            let order = |name: &str| {
                let mut order = estate.new_order(name, "SSL_DV_GEOTRUST");
                order["cert"]["csr"] = json!(csr_of_key(KEY));
                id_of(&estate.world.value(&client, create(order)))
            };
            let never = |name: &str| {
                let id = order(&format!("{name}.never.example"));
                estate.world.advance(HOUR);
                id
            };
            if older == "ended" {
                order("n0.example.com");
            }
            estate.world.advance(DAY * 270);
            let old = order("n0.example.com");
            estate.world.advance(DAY * 140);
            match older {
                "canceled" => {
                    let canceled = order("n0.example.com");
                    estate.world.value(&client, call("orders.cancel").id(&canceled));
                    estate.world.advance(HOUR);
                }
                "other name" => {
                    order("n1.example.com");
                    estate.world.advance(HOUR);
                }
                "other name, under way" => std::mem::drop(never("n1")),
                _ => {}
            }
            estate.world.fault(FaultRule {
                method: Some("POST".into()),
                path: Some("/certs/v1/order".into()),
                drop: Some(drop),
                times: Some(1),
                ..FaultRule::default()
            });
            let only = json!({ "plan": { "only": ["n0.example.com"] } });
            let count = || {
                let placed = estate.placed();
                placed
                    .iter()
                    .filter(|(_, replaced)| replaced.as_ref() == Some(&old))
                    .count()
            };
            estate
                .night_with(json!({ "plan": { "only": ["n0.example.com"] }, "maxWaitMs": 0 }))
                .unwrap();
            let ended = estate.night_with(only.clone()).unwrap();
            let case = format!("{drop:?}, {older}: {}", ended.summary.text);
            if drop == sandbox::Drop::After {
                assert_eq!(outcome(&ended), "renewed", "{case}");
                assert_eq!(count(), 1, "{case}");
                continue;
            }
            for _ in 0..2 {
                estate.world.advance(DAY);
                let ended = estate.night_with(only.clone()).unwrap();
                assert_eq!(ended.problems(), ["unknown"], "{case}");
                assert_eq!(count(), 0, "{case}");
            }
            let name = format!("{old}.1");
            let more = json!({ "plan": { "only": ["n0.example.com"] }, "assumeNotPlaced": [name] });
            assert_eq!(outcome(&estate.night_with(more).unwrap()), "renewed", "{case}");
            assert_eq!(count(), 1, "{case}");
        }
    }
}

/// A night by a policy.
fn night_by(estate: &Estate, policy: Value, only: Option<&str>) -> driver::Ended {
    let process = estate.process();
    let settings = json!({ "policy": policy, "only": only.map(|only| [only]) });
    let planned = serde_json::from_value(settings.clone()).expect("settings");
    let plan = estate.world.run(async move { driver::plan(&process, planned).await });
    let (process, settings) = (estate.process(), estate.settings(&plan, &json!({ "plan": settings })));
    let ended = estate.world.run(async move {
        let ended = driver::run(&process, settings).await;
        process.unlock();
        ended
    });
    ended.expect("no process ended")
}

#[test]
fn days_that_are_more_than_a_life_order_nothing_every_night() {
    // Since when there is an order, how long its certificate lives, and the days that are asked for.
    for (since, life, at) in [(1_190, 47, 60), (1_190, 47, 30), (450, 100, 150)] {
        let estate = Estate::new(0, since);
        estate.order(&estate.world.client(), "n0.example.com", "SSL_DV_GEOTRUST");
        let (mut orders, mut told) = (0, 0);
        for _ in 0..life {
            estate.world.advance(DAY);
            let ended = night_by(&estate, json!({ "at": at }), None);
            orders += ended.summary.orders;
            told += ended.problems().len();
            assert!(
                ended.problems().iter().all(|problem| *problem == "held_back"),
                "{:?}",
                ended.problems()
            );
        }
        assert!(
            (1..=2).contains(&orders),
            "{at} days, {orders} orders in a life of {life}"
        );
        assert!(told > 0, "{at}");
    }
}

#[test]
fn an_order_that_is_asked_for_by_its_id_is_renewed_however_young_it_is() {
    let estate = Estate::new(0, 1_190);
    let old = estate.order(&estate.world.client(), "n0.example.com", "SSL_DV_GEOTRUST");
    estate.world.advance(DAY);
    let by = |only: &str| outcome(&night_by(&estate, json!({ "at": 399 }), Some(only)));
    assert_eq!(by("n0.example.com"), "nothingDue", "its successor would have this name");
    assert_eq!(by(&old.to_uppercase()), "renewed");
    estate.world.advance(DAY);
    assert_eq!(by(&old), "nothingDue", "once");
}

#[test]
fn nothing_is_ordered_that_would_end_before_the_old_one() {
    // From 8 March 2027 on, for 200 days; on 10 May a new one lives 100.
    let estate = Estate::new(0, 431);
    let old = estate.order(&estate.world.client(), "n0.example.com", "SSL_DV_GEOTRUST");
    estate.world.advance(DAY * 63);
    let policy = || json!({ "at": 150 });
    assert_eq!(outcome(&night_by(&estate, policy(), None)), "nothingDue");
    let ended = night_by(&estate, policy(), Some(&old));
    assert_eq!((outcome(&ended), ended.problems()), ("someFailed", vec!["blocked"]));
    assert!(
        ended.summary.text.contains("a new certificate would end on 2027-08-1"),
        "{}",
        ended.summary.text
    );
    estate.world.advance(DAY * 88);
    let ended = night_by(&estate, policy(), None);
    assert_eq!(outcome(&ended), "renewed", "{}", ended.summary.text);
    assert_eq!(ended.problems(), ["held_back"]);
}

#[test]
fn a_revoked_certificate_is_replaced_by_one_that_ends_earlier() {
    // From 8 March 2027 on, for 200 days; ten days later a new one lives 100.
    let estate = Estate::new(0, 431);
    let client = estate.world.client();
    let old = estate.order(&client, "n0.example.com", "SSL_DV_GEOTRUST");
    estate.world.advance(DAY * 10);
    estate.world.value(&client, call("orders.revoke").id(&old));
    estate.world.advance(HOUR);
    let policy = || json!({ "revoked": "replace" });
    assert_eq!(
        estate.plan_with(policy()).item(&old).unwrap().urgency.as_str(),
        "urgent"
    );
    let fault = FaultRule {
        method: Some("POST".into()),
        path: Some("/certs/v1/order".into()),
        status: Some(409),
        times: Some(1),
        ..FaultRule::default()
    };
    estate.world.fault(fault);
    let ended = night_by(&estate, policy(), None);
    // Nobody should wait until its end, which is months away.
    assert_eq!((outcome(&ended), ended.problems()), ("endNear", vec!["refused"]));
    assert_eq!(ended.summary.renewals[0].urgency.as_str(), "urgent");
    estate.world.advance(HOUR / 2);
    let ended = night_by(&estate, policy(), None);
    assert_eq!(
        (outcome(&ended), ended.problems()),
        ("renewed", vec![]),
        "{}",
        ended.summary.text
    );
    assert_eq!(estate.disk.delivered.borrow()[0].old, old);
    estate.world.advance(DAY);
    assert_eq!(outcome(&night_by(&estate, policy(), None)), "nothingDue", "once");
}

#[test]
fn a_reissue_of_the_new_order_that_failed_loses_no_certificate() {
    let estate = Estate::new(1, 300);
    estate.disk.undeliverable.borrow_mut().push(estate.orders[0].clone());
    estate.night();
    let placed = estate.placed();
    let (new, _) = placed.iter().find(|(_, replaced)| replaced.is_some()).unwrap();
    let client = estate.world.client();
    let mut order = estate.world.value(&client, call("orders.get").id(new));
    order["status"] = json!("DIGI_REISSUE_FAILED");
    let path = format!("/order/{new}");
    estate
        .world
        .answer(move |sent| sent.path.ends_with(&path).then(|| crate::world::json(200, &order)));
    estate.disk.undeliverable.take();
    estate.world.advance(DAY);
    let ended = estate.night();
    assert_eq!(
        (outcome(&ended), ended.problems()),
        ("renewed", vec![]),
        "{}",
        ended.summary.text
    );
    assert_eq!(estate.renewals(), [1]);
}

#[test]
fn a_pause_is_told_of_once_though_it_ends_early() {
    let estate = Estate::new(1, 300);
    let settings = estate.settings(&estate.plan(), &json!({}));
    let process = Process {
        wakes_early: true,
        ..estate.process()
    };
    let ended = estate
        .world
        .run(async move { driver::run(&process, settings).await })
        .expect("no process ended");
    let waits = ended.events.iter().filter_map(|event| match event {
        Event::Waiting { until_ms, .. } => Some(*until_ms),
        _ => None,
    });
    let waits: Vec<_> = waits.collect();
    assert!(waits.len() > 1, "{waits:?}");
    assert!(waits.is_sorted_by(|one, next| one < next), "{waits:?}");
}

#[test]
fn what_was_blocked_is_renewed_when_it_can_be_although_it_has_ended() {
    let estate = Estate::new(0, 1);
    let client = estate.world.client();
    let order = estate.order(&client, "ov.example.com", "SSL_OV_BASIC");
    estate.world.advance(DAY * 395);
    estate.lapse("OV");
    let ended = estate.night();
    assert_eq!(outcome(&ended), "endNear");
    assert_eq!(ended.problems(), ["blocked"]);
    // It takes so long that the certificate ends.
    estate.world.advance(DAY * 5);
    assert_eq!(estate.night().problems(), ["blocked"]);
    estate.world.answer(|_| None);
    estate.world.advance(DAY);
    let ended = estate.night();
    assert_eq!(ended.summary.renewals[0].order_id, order);
    assert_eq!(estate.disk.delivered.borrow().len(), 1, "{}", ended.summary.text);
}

#[test]
fn a_second_run_beside_one_leaves() {
    let estate = Estate::new(2, 300);
    let plan = estate.plan();
    let (one, other) = (estate.process(), estate.process());
    let (first, second) = (estate.settings(&plan, &json!({})), estate.settings(&plan, &json!({})));
    let both = async move {
        let (one, other) = futures_util::future::join(driver::run(&one, first), driver::run(&other, second)).await;
        (one.unwrap(), other.unwrap())
    };
    let (one, other) = estate.world.run(both);
    assert_eq!((outcome(&one), outcome(&other)), ("renewed", "locked"));
    assert_eq!(estate.renewals(), [1; 2]);
}

#[test]
fn a_process_that_stood_still_too_long_does_nothing_more() {
    // It stands still just before each kind of step, longer than its lock holds; another one takes over meanwhile.
    let steps: [fn(&driver::Asked) -> bool; 3] = [
        |ask| matches!(ask, driver::Asked::Append { entry, .. } if entry.contains("placing")),
        |ask| matches!(ask, driver::Asked::Append { entry, .. } if entry.contains("delivering")),
        |ask| matches!(ask, driver::Asked::Append { entry, .. } if entry.contains("keyed")),
    ];
    for is in steps {
        let estate = Estate::new(1, 300);
        let plan = estate.plan();
        let frozen = Process {
            freezes: Some((is, HOUR)),
            ..estate.process()
        };
        let other = estate.process();
        let (first, second) = (estate.settings(&plan, &json!({})), estate.settings(&plan, &json!({})));
        let platform = Rc::clone(&estate.world.platform);
        let both = async move {
            let late = async move {
                use markmonitor_certs::client::platform::Platform as _;
                platform.sleep(HOUR / 2).await;
                driver::run(&other, second).await
            };
            let (one, other) = futures_util::future::join(driver::run(&frozen, first), late).await;
            (one.unwrap(), other.unwrap())
        };
        let (one, other) = estate.world.run(both);
        assert_eq!((outcome(&one), outcome(&other)), ("locked", "renewed"));
        assert_eq!(one.problems(), ["journal_lost"]);
        assert_eq!(estate.renewals(), [1]);
        assert_eq!(estate.disk.delivered.borrow().len(), 1);
    }
}

#[test]
fn what_was_refused_is_tried_again_after_a_while_that_grows() {
    let estate = Estate::new(1, 300);
    for (failures, hours) in [(1, 1), (2, 2), (3, 4)] {
        estate.world.fault(FaultRule {
            method: Some("POST".into()),
            path: Some("/certs/v1/order".into()),
            status: Some(409),
            times: Some(1),
            ..FaultRule::default()
        });
        let ended = estate.night();
        assert_eq!(ended.problems(), ["refused"]);
        assert_eq!(
            (ended.summary.renewals[0].failures, ended.summary.orders),
            (failures, 0)
        );
        estate.world.advance(HOUR * hours - HOUR / 2);
        let plan = estate.plan();
        let item = plan.item(&estate.orders[0]).unwrap();
        assert_eq!(item.action.as_str(), "retry", "{}", item.reason);
        assert_eq!(outcome(&estate.night()), "someFailed", "it is told as long as it lasts");
        estate.world.advance(HOUR);
    }
    assert_eq!(outcome(&estate.night()), "renewed");
    assert_eq!(estate.disk.keys.borrow().len(), 1, "with the same key");
}

#[test]
fn what_failed_is_told_of_though_it_could_not_be_tried_when_the_plan_was_made() {
    let no_key = || Some(("key", json!({ "error": { "message": "the disk is full" } })));
    for (has_failed, later, said) in [
        (true, HOUR * 2, "someFailed"),
        (true, DAY * 90, "endNear"),
        (false, HOUR, "nothingDue"),
    ] {
        let estate = Estate::new(1, if has_failed { 300 } else { 10 });
        *estate.disk.instead.borrow_mut() = no_key();
        estate.night();
        estate.disk.instead.take();
        let plan = estate.plan();
        assert_eq!(approved(&plan), json!({}), "it is not due, or not tried again yet");
        estate.world.advance(later);
        let (process, settings) = (estate.process(), estate.settings(&plan, &json!({})));
        let ended = estate.world.run(async move { driver::run(&process, settings).await });
        let ended = ended.expect("no process ended");
        assert_eq!(outcome(&ended), said, "{}", ended.summary.text);
        let told: Vec<&String> = ended.summary.renewals.iter().map(|status| &status.order_id).collect();
        assert_eq!(told, estate.orders.iter().filter(|_| has_failed).collect::<Vec<_>>());
        assert_eq!(estate.renewals(), [0], "the plan orders nothing");
    }
}

#[test]
fn when_nothing_can_be_placed_no_more_is_tried() {
    let estate = Estate::new(12, 300);
    estate
        .world
        .answer(|sent| (sent.line() == "POST /certs/v1/order").then(crate::world::refused_connection));
    let ended = estate.night();
    assert_eq!(outcome(&ended), "someFailed");
    let count = |code: &str| ended.problems().iter().filter(|problem| **problem == code).count();
    assert_eq!((count("refused"), count("stopped")), (5, 7));
}

#[test]
fn a_run_begins_within_its_window() {
    let estate = Estate::new(1, 300);
    let before = estate.world.now();
    estate
        .night_with(json!({ "windowMs": 3_600_000, "random": 0.75 }))
        .unwrap();
    let first = estate
        .world
        .take_sent()
        .into_iter()
        .map(|sent| sent.at)
        .find(|at| *at > before + HOUR / 2);
    assert!(first.unwrap() >= before + HOUR * 3 / 4);
}

/// The calls of a run for so many certificates that are due, by what is called.
fn calls(count: u64, readings: Readings) -> BTreeMap<String, usize> {
    let estate = Estate::with(count, 300, readings);
    let plan = estate.plan();
    estate.world.take_sent();
    let (process, settings) = (
        estate.process(),
        estate.settings(&plan, &json!({ "has": { "dcv": true, "deliver": true } })),
    );
    let ended = estate
        .world
        .run(async move { driver::run(&process, settings).await })
        .unwrap();
    assert_eq!(outcome(&ended), "renewed", "{}", ended.summary.text);
    let mut calls = BTreeMap::<String, usize>::new();
    for sent in estate.world.take_sent() {
        let filters = [
            ("commonNames", " by name"),
            ("DIGI_EXPIRED", " that ended"),
            ("statuses", " by status"),
        ];
        let filter = filters.iter().find(|(name, _)| sent.query.contains(name));
        let filter = filter.map_or("", |(_, words)| words);
        let last = sent.path.rsplit('/').next().unwrap();
        let of = if last.len() == 36 { "ID" } else { last };
        *calls.entry(format!("{} {of}{filter}", sent.method)).or_default() += 1;
    }
    calls
}

#[test]
fn a_renewal_takes_six_calls_at_most() {
    let calls = calls(100, Readings::default());
    let all: usize = calls.values().sum();
    assert!(all <= 6 * 100, "{all}: {calls:#?}");
    println!("{all} calls for 100 renewals: {calls:#?}");
}

/// `RENEWALS_READINGS=1 cargo test --test renewals every_reading -- --nocapture` prints what docs/renewals.md has; without it
/// more than two are renewed under those of lists alone, which cost calls.
#[test]
fn every_reading_is_renewed_in_so_many_calls() {
    let is_all = std::env::var_os("RENEWALS_READINGS").is_some();
    let costly = ["pageSize", "freshOrder", "listItems"];
    for reading in READINGS {
        for value in reading.values.iter().skip(1) {
            let Ok(readings) = Readings::of([(reading.name, value.name)]) else {
                continue;
            };
            let count = match (is_all, costly.contains(&reading.name)) {
                (true, _) => 100,
                (false, true) => 20,
                (false, false) => 2,
            };
            let calls = calls(count, readings);
            let all: usize = calls.values().sum();
            println!("{}={}: {all} calls for {count}", reading.name, value.name);
            // Each order looked at alone at most, before it is placed and when it is issued; and the estate's lists.
            assert!(
                all <= 8 * usize::try_from(count).unwrap() + 20,
                "{}={}: {calls:#?}",
                reading.name,
                value.name
            );
        }
    }
}

#[test]
fn a_journal_that_has_grown_long_keeps_what_still_counts() {
    let estate = Estate::new(3, 300);
    estate.disk.undeliverable.borrow_mut().push(estate.orders[0].clone());
    estate.night();
    let open = estate.disk.journal.borrow().clone();
    // As after years.
    let old = estate
        .disk
        .journal
        .borrow()
        .iter()
        .find(|entry| entry.contains("placed"))
        .cloned()
        .unwrap();
    estate.disk.journal.borrow_mut().splice(
        0..0,
        (0..3_000).map(|_| old.replace("\"order\":\"", "\"order\":\"gone-")),
    );
    estate.world.advance(DAY * 8);
    let ended = estate.night();
    assert_eq!(ended.problems(), ["deliver_failed"]);
    let journal = estate.disk.journal.borrow().clone();
    assert!(journal.len() < open.len() + 10, "{}", journal.len());
    assert!(!journal.iter().any(|entry| entry.contains("gone-")));
    estate.disk.undeliverable.take();
    estate.world.advance(DAY);
    assert_eq!(outcome(&estate.night()), "renewed");
    assert_eq!(estate.renewals(), [1; 3]);
}

#[test]
fn a_summary_is_text_data_a_calendar_and_counts() {
    let estate = Estate::new(3, 300);
    estate.disk.undeliverable.borrow_mut().push(estate.orders[0].clone());
    let summary = estate.night().summary;
    let failed = summary.renewals.iter().find(|status| status.failures > 0).unwrap();
    assert!(
        summary
            .text
            .contains(&format!("{}: delivering, ends on 2027-02-", failed.common_name)),
        "{}",
        summary.text
    );
    for done in summary.renewals.iter().filter(|status| status.failures == 0) {
        let ends = done.new_not_after.as_ref().unwrap().split('T').next().unwrap();
        let line = format!("{}: done, ends on {ends}, new order ", done.common_name);
        assert!(summary.text.contains(&line), "{line} {}", summary.text);
    }
    assert_eq!((summary.orders, summary.metrics["state.delivering"]), (3, 1));
    assert_eq!(summary.metrics["action.renew"], 3);
    for line in summary.ics.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
    }
    assert!(
        summary.ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && summary.ics.ends_with("END:VCALENDAR\r\n")
    );
    let unfolded = summary.ics.replace("\r\n ", "");
    assert!(unfolded.contains(&format!(
        "SUMMARY:{} ends\\, and has no successor yet\r\n",
        failed.common_name
    )));
    assert!(
        unfolded.contains("DTSTART:20270202T"),
        "a day before it ends: {unfolded}"
    );
}

#[test]
fn a_calendar_of_nothing_to_come_is_one_all_the_same() {
    // RFC 5545, 3.6: at least one component.
    let ics = Estate::new(0, 0).night().summary.ics;
    let begun = ics.split("\r\n").filter(|line| line.starts_with("BEGIN:"));
    assert_eq!(
        begun.collect::<Vec<_>>(),
        ["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:STANDARD"]
    );
    for part in ["STANDARD", "VTIMEZONE", "VCALENDAR"] {
        assert!(ics.contains(&format!("\r\nEND:{part}\r\n")), "{ics}");
    }
}

#[test]
fn what_ended_before_the_first_run_is_named_and_not_ordered() {
    for shown in ["expired", "issued"] {
        let readings = Readings::of([("endedOrder", shown)]).expect("there is one");
        let estate = Estate::with(1, 410, readings);
        let ended = estate.night();
        assert_eq!(ended.summary.outcome.as_str(), "endNear");
        let text = &ended.summary.text;
        assert!(text.contains("n0.example.com: it has ended, on 2027-02-0"), "{text}");
        assert_eq!((ended.summary.orders, ended.summary.renewals.len()), (0, 0));
    }
}

#[test]
fn a_run_that_is_for_some_leaves_all_others_alone() {
    let estate = Estate::new(3, 300);
    let client = estate.world.client();
    // One ends without a successor, one is ordered and not delivered: neither is asked for.
    let validated = estate.order(&client, "ov.example.com", "SSL_OV_BASIC");
    estate.disk.undeliverable.borrow_mut().push(estate.orders[0].clone());
    let only = |name: &str| json!({ "plan": { "only": [name] }, "maxOrders": 1 });
    assert_eq!(
        outcome(&estate.night_with(only("n0.example.com")).unwrap()),
        "someFailed"
    );
    estate.world.advance(DAY);
    let ended = estate.night_with(only("N1.example.com")).unwrap();
    assert_eq!(outcome(&ended), "renewed", "{}", ended.summary.text);
    assert_eq!(ended.problems(), Vec::<&str>::new());
    assert_eq!(ended.summary.renewals.len(), 1);
    assert_eq!(
        outcome(&estate.night_with(only("nobody.example.com")).unwrap()),
        "nothingDue"
    );
    assert_eq!(estate.renewals(), [1, 1, 0]);
    estate.disk.undeliverable.take();
    estate.world.advance(DAY * 140);
    estate.lapse("OV");
    assert_eq!(
        outcome(&estate.night_with(only("nobody.example.com")).unwrap()),
        "nothingDue"
    );
    let ended = estate.night();
    assert_eq!(outcome(&ended), "endNear");
    assert!(ended.problems().contains(&"blocked"), "{validated}");
    let delivered = estate.disk.delivered.borrow();
    assert!(
        delivered.iter().any(|delivery| delivery.old == estate.orders[0]),
        "what had been ordered before"
    );
}
