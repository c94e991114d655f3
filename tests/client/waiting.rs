//! Waiting: nobody is told of changes, so an order or an organization is looked at now and then (guide 8.2).

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use markmonitor_certs::{
    api::Body,
    client::{
        Client, Error,
        error::{ErrorKind, WaitReason},
        options::CallOptions,
        waiting::{CertIdentity, Goal, WaitOptions, Watch},
    },
};
use sandbox::FaultRule;
use serde_json::{Value, json};

use crate::{
    call::call,
    fixtures::{NO_ID, class_of, facts_of, id_of, json_of, prices, status_of},
    virtual_platform::Reply,
    world::{Sent, World, json as reply, lost},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn wait_with(world: &World, client: &Client, id: &str, goal: Goal, options: WaitOptions) -> Result<Value, Error> {
    let (client, id) = (client.clone(), id.to_owned());
    let waited = world.run(async move { client.wait_for_order(&id, goal, options, |_| ()).await });
    waited.map(|order| json_of(&order))
}

fn wait(world: &World, client: &Client, order: &Value, goal: Goal) -> Result<Value, Error> {
    wait_with(world, client, &id_of(order), goal, WaitOptions::default())
}

/// Waits against a service that answers with these, the last one again and again.
fn wait_through(replies: Vec<fn() -> Reply>, goal: Goal, options: WaitOptions) -> (World, Result<Value, Error>) {
    let world = World::new();
    let client = world.client();
    let mut number = 0;
    world.answer_calls(move |_| {
        let answer = replies.get(number).or(replies.last()).expect("a reply");
        number += 1;
        answer()
    });
    let result = wait_with(&world, &client, NO_ID, goal, options);
    world.assert_quiet(&client);
    (world, result)
}

fn order(status: &str, cert: Value) -> Reply {
    reply(200, &json!({ "id": NO_ID, "status": status, "cert": cert }))
}

fn issued() -> Reply {
    order("DIGI_ISSUED", json!({ "endEntityCert": "PEM" }))
}

fn pending() -> Reply {
    order("DIGI_PENDING", Value::Null)
}

fn for_at_most(max_wait: Duration) -> WaitOptions {
    WaitOptions {
        max_wait: Some(max_wait),
        ..WaitOptions::default()
    }
}

fn ending(error: &Error) -> (WaitReason, Option<Value>) {
    let ErrorKind::Wait { reason, last } = &error.kind else {
        panic!("{error:?}")
    };
    let code = match reason {
        WaitReason::Failed => "wait_failed",
        WaitReason::NeedsAction => "wait_needs_action",
        WaitReason::Timeout => "wait_timeout",
    };
    assert_eq!((class_of(error), error.code.as_str()), ("WaitError", code));
    (*reason, last.as_ref().map(json_of))
}

#[test]
fn issued_means_the_certificate_too() {
    let (world, result) = wait_through(
        vec![
            pending,
            || order("DIGI_ISSUED", json!({ "endEntityCert": null })),
            || order("DIGI_ISSUED", json!({ "endEntityCert": "" })),
            issued,
        ],
        Goal::Issued,
        WaitOptions::default(),
    );
    assert!(facts_of(&result.unwrap()).is_issued());
    assert_eq!(world.take_sent().len(), 5);
}

#[test]
fn looks_come_after_five_seconds_and_then_half_as_late_again_up_to_five_minutes() {
    let (world, result) = wait_through(vec![pending], Goal::Issued, for_at_most(MINUTE * 60));
    assert_eq!(ending(&result.unwrap_err()).0, WaitReason::Timeout);
    let times: Vec<f64> = world
        .take_sent()
        .iter()
        .filter(|sent| !sent.is_auth())
        .map(|sent| sent.at.as_secs_f64())
        .collect();
    let delays: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0] - 0.05).collect();
    let mut expected = 5.0_f64;
    for delay in &delays[..delays.len() - 1] {
        assert!((delay - expected).abs() < 0.01, "{delays:?}");
        expected = (expected * 1.5).min(300.0);
    }
    assert!(
        delays.iter().filter(|delay| (**delay - 300.0).abs() < 0.01).count() > 5,
        "{delays:?}"
    );
}

#[test]
fn the_delays_are_options() {
    let options = WaitOptions {
        min_delay: SECOND,
        max_delay: SECOND * 2,
        ..for_at_most(SECOND * 20)
    };
    let (world, _) = wait_through(vec![pending], Goal::Issued, options);
    let looks = world.take_sent().len();
    assert!((11..=14).contains(&looks), "{looks}");
}

#[test]
fn an_order_that_ended_otherwise_ends_the_waiting_with_the_order() {
    let world = World::new();
    let client = world.client();
    for (common_name, status) in [("rejected.example", "DIGI_REJECTED"), ("failed.example", "DIGI_FAILED")] {
        let order = world.order(&client, "SSL_DV_GEOTRUST", common_name);
        let error = wait(&world, &client, &order, Goal::Issued).unwrap_err();
        let (reason, last) = ending(&error);
        assert_eq!((reason, &last.unwrap()["status"]), (WaitReason::Failed, &json!(status)));
        assert!(
            error.message.contains(status) && error.message.contains(&id_of(&order)),
            "{}",
            error.message
        );
    }
}

#[test]
fn an_order_that_needs_a_person_ends_the_waiting() {
    let world = World::new();
    let client = world.client();
    for (common_name, status) in [
        ("needs-approval.example", "DIGI_NEEDS_APPROVAL"),
        ("needs-csr.example", "DIGI_NEEDS_CSR"),
        ("waiting-pickup.example", "DIGI_WAITING_PICKUP"),
    ] {
        let order = world.order(&client, "SSL_DV_GEOTRUST", common_name);
        let error = wait(&world, &client, &order, Goal::Issued).unwrap_err();
        let (reason, last) = ending(&error);
        assert_eq!(
            (reason, &last.unwrap()["status"]),
            (WaitReason::NeedsAction, &json!(status))
        );
    }
}

#[test]
fn time_that_is_up_ends_the_waiting_with_the_last_order() {
    let world = World::new();
    let client = world.client();
    let order = world.order(&client, "SSL_DV_GEOTRUST", "never.example");
    let before = world.now();
    let error = wait_with(&world, &client, &id_of(&order), Goal::Issued, for_at_most(MINUTE * 7)).unwrap_err();
    assert_eq!(ending(&error).0, WaitReason::Timeout);
    assert_eq!(ending(&error).1.unwrap()["status"], "DIGI_PENDING");
    assert!(
        (world.now() - before - MINUTE * 7) < SECOND,
        "the last look is at the end"
    );
}

#[test]
fn a_look_that_waits_in_the_queue_does_not_hold_the_waiting_up() {
    let world = World::new();
    let client = world.client();
    world.answer_calls(|_| pending());
    client.limiter().pause(None);
    let before = world.now();
    let error = wait_with(&world, &client, NO_ID, Goal::Issued, for_at_most(MINUTE)).unwrap_err();
    assert_eq!(ending(&error).0, WaitReason::Timeout);
    assert!(world.now() - before <= MINUTE * 2, "{:?}", world.now() - before);
}

#[test]
fn what_gets_better_by_itself_does_not_end_the_waiting() {
    let (_, result) = wait_through(
        vec![
            || reply(500, &json!({})),
            || reply(502, &json!({})),
            || reply(503, &json!({})),
            || reply(504, &json!({})),
            || reply(429, &json!({})),
            || reply(409, &json!({})),
            || Reply::new(200, "<html>"),
            lost,
            || pending().after(MINUTE * 10),
            pending,
            issued,
        ],
        Goal::Issued,
        WaitOptions::default(),
    );
    assert!(result.is_ok());
}

#[test]
fn what_does_not_ends_it() {
    let finals: [(u16, fn() -> Reply); 4] = [
        (400, || reply(400, &json!({}))),
        (401, || reply(401, &json!({}))),
        (403, || reply(403, &json!({}))),
        (404, || reply(404, &json!({}))),
    ];
    for (status, answer) in finals {
        let (_, result) = wait_through(vec![pending, answer, issued], Goal::Issued, WaitOptions::default());
        // The token of a 401 is renewed, and the call repeated, first.
        if status == 401 {
            assert!(result.is_ok());
            let (_, result) = wait_through(
                vec![pending, answer, answer, issued],
                Goal::Issued,
                WaitOptions::default(),
            );
            assert_eq!(result.unwrap_err().status(), Some(401));
        } else {
            assert_eq!(result.unwrap_err().status(), Some(status));
        }
    }
}

#[test]
fn a_reissued_order_is_issued_before_and_after_and_what_changes_is_the_certificate() {
    let world = World::new();
    let client = world.client();
    let order = world.issued_order(&client);
    world.value(&client, call("orders.reissue").id(id_of(&order)));
    for goal in [
        Goal::Reissued(None),
        Goal::Reissued(Some(CertIdentity::of(&facts_of(&order)))),
    ] {
        let reissued = wait(&world, &client, &order, goal);
        // The second wait starts when all is done, and knows the old certificate.
        let reissued = reissued.unwrap();
        assert_ne!(reissued["cert"]["serialNumber"], order["cert"]["serialNumber"]);
    }
}

#[test]
fn a_reissue_that_fails_ends_the_waiting() {
    let world = World::new();
    let client = world.client();
    let order = world.order(&client, "SSL_DV_GEOTRUST", "reissue-failed.example");
    let order = world.wait(&client, &order, Goal::Issued);
    world.value(&client, call("orders.reissue").id(id_of(&order)));
    let error = wait(&world, &client, &order, Goal::Reissued(None)).unwrap_err();
    assert_eq!(ending(&error).1.unwrap()["status"], "DIGI_REISSUE_FAILED");

    // Its certificate is in force all the same, and can be revoked.
    world.value(&client, call("orders.revoke").id(id_of(&order)));
    assert_eq!(
        status_of(&wait(&world, &client, &order, Goal::Revoked).unwrap()),
        "DIGI_REVOKED"
    );
}

#[test]
fn an_order_that_waits_for_a_person_can_be_waited_for_to_be_canceled() {
    let (_, result) = wait_through(
        vec![|| order("DIGI_WAITING_PICKUP", Value::Null), || {
            order("DIGI_CANCELED", Value::Null)
        }],
        Goal::Canceled,
        WaitOptions::default(),
    );
    assert!(result.is_ok());
}

#[test]
fn the_caller_can_say_what_is_waited_for_and_see_each_look() {
    let world = World::new();
    let client = world.client();
    let order = world.order(&client, "SSL_OV_BASIC", "shop.example.com");
    let goal = Goal::Custom(Box::new(|order| {
        let order = json_of(order);
        order["status"] == "DIGI_PROCESSING" || order["status"] == "DIGI_ISSUED"
    }));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (looks, waiting, id) = (Rc::clone(&seen), client.clone(), id_of(&order));
    let options = WaitOptions {
        max_delay: SECOND * 10,
        ..WaitOptions::default()
    };
    let tell = move |order: &Rc<dyn Body>| looks.borrow_mut().push(status_of(&json_of(order)).to_owned());
    let reached = world
        .run(async move { waiting.wait_for_order(&id, goal, options, tell).await })
        .unwrap();
    assert_eq!(status_of(&json_of(&reached)), "DIGI_PROCESSING");
    let mut seen = seen.borrow().clone();
    seen.dedup();
    assert_eq!(seen, ["CREATED", "DIGI_PENDING", "DIGI_PROCESSING"]);
}

#[test]
fn looks_leave_the_way_free_for_other_calls() {
    let world = World::new();
    let client = world.client();
    let order = world.order(&client, "SSL_DV_GEOTRUST", "never.example");
    world.take_sent();
    client.limiter().pause(Some(SECOND * 2));
    let (waiting, id) = (client.clone(), id_of(&order));
    let wait = world.start(async move {
        waiting
            .wait_for_order(&id, Goal::Issued, WaitOptions::default(), |_| ())
            .await
            .map(drop)
    });
    let call = world.start_call(&client, prices());
    world.advance(SECOND * 3);
    assert!(call.result().is_some());
    let lines: Vec<String> = world.take_sent().iter().map(Sent::line).collect();
    assert_eq!(
        lines[0], "GET /certs/v1/order/prices",
        "a look has a low priority: {lines:?}"
    );
    wait.give_up(&world);
}

#[test]
fn a_watch_shows_each_change_until_the_order_has_settled() {
    let world = World::new();
    let client = world.client();
    let order = world.order(&client, "SSL_DV_GEOTRUST", "shop.example.com");
    world.fault(FaultRule {
        path: Some("/order/".into()),
        status: Some(503),
        times: Some(1),
        ..FaultRule::default()
    });
    let options = WaitOptions {
        max_delay: SECOND,
        min_delay: SECOND,
        ..WaitOptions::default()
    };
    let mut watch = Watch::new(client.clone(), id_of(&order), options);
    let polls = Rc::new(Cell::new(0));
    let count = Rc::clone(&polls);
    let shown = world.run(async move {
        let mut shown = Vec::new();
        while let Some(order) = watch.next(&|_| count.set(count.get() + 1)).await.unwrap() {
            let order = json_of(&order);
            shown.push((
                status_of(&order).to_owned(),
                facts_of(&order).end_entity_cert().is_some(),
            ));
        }
        shown
    });
    let status = |name: &str, has_certificate| (name.to_owned(), has_certificate);
    assert_eq!(
        shown,
        [
            status("CREATED", false),
            status("DIGI_PENDING", false),
            status("DIGI_PROCESSING", false),
            status("DIGI_ISSUED", false),
            status("DIGI_ISSUED", true),
        ]
    );
    assert!(polls.get() > shown.len());
}

#[test]
fn a_watch_ends_with_the_error_of_a_look_that_will_not_get_better() {
    let world = World::new();
    let client = world.client();
    world.organization(&client);
    let mut watch = Watch::new(client.clone(), NO_ID.into(), WaitOptions::default());
    world.run(async move {
        assert_eq!(watch.next(&|_| ()).await.map(drop).unwrap_err().status(), Some(404));
        assert!(watch.next(&|_| ()).await.unwrap().is_none(), "and yields nothing more");
    });
}

fn organization(validations: Value) -> Result<(), Error> {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| reply(200, &json!({ "id": NO_ID, "validations": validations })));
    let options = for_at_most(MINUTE);
    world.run(async move {
        client
            .wait_for_organization(NO_ID, None, options, |_| ())
            .await
            .map(drop)
    })
}

#[test]
fn an_organization_is_waited_for_until_it_is_validated() {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    let id = id_of(&organization);
    for kind in [Some("OV"), Some("EV"), None] {
        let (waiting, id) = (client.clone(), id.clone());
        let options = WaitOptions::default();
        let validated = world.run(async move { waiting.wait_for_organization(&id, kind, options, |_| ()).await });
        assert_eq!(json_of(&validated.unwrap())["validations"][0]["status"], "ACTIVE");
    }
    let hours = world.now().as_secs() / 3600;
    assert!((20..=70).contains(&hours), "{hours} h");
}

#[test]
fn a_validation_that_is_refused_ends_the_waiting_and_one_of_an_odd_status_does_not() {
    for status in ["REJECTED", "FAILED", "CANCELED", "DENIED", "INVALID"] {
        let error = organization(json!([{ "type": "OV", "status": status }])).unwrap_err();
        assert_eq!(ending(&error).0, WaitReason::Failed, "{status}");
    }
    for status in [
        "PENDING",
        "SUBMITTED",
        "INACTIVE",
        "EXPIRED",
        "NOT_VALIDATED",
        "SOMETHING_NEW",
    ] {
        let error = organization(json!([{ "type": "OV", "status": status }])).unwrap_err();
        assert_eq!(ending(&error).0, WaitReason::Timeout, "{status}");
    }
    for status in ["ACTIVE", "VALIDATED", "COMPLETED", "APPROVED"] {
        assert!(
            organization(json!([{ "type": "OV", "status": status }])).is_ok(),
            "{status}"
        );
    }
    assert!(
        organization(json!([{ "status": "ACTIVE" }, { "status": "PENDING" }])).is_err(),
        "all of them"
    );
    assert!(organization(json!([])).is_err());
}

#[test]
fn a_time_limit_of_the_call_is_one_of_each_look() {
    let options = WaitOptions {
        call: CallOptions {
            total_timeout: Some(SECOND),
            ..CallOptions::default()
        },
        ..WaitOptions::default()
    };
    let (_, result) = wait_through(vec![|| pending().after(SECOND * 5), issued], Goal::Issued, options);
    assert!(result.is_ok());
}
