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
        auth::{Auth, Secret, TokenStore},
        error::{ErrorKind, WaitReason},
        limiter,
        options::CallOptions,
        platform::{Fault, Instant, LocalFuture, Platform},
        store::StoreError,
        waiting::{Goal, Settled, Wait, WaitOptions},
    },
};
use sandbox::FaultRule;
use serde_json::{Value, json};

use crate::{
    call::call,
    fixtures::{NO_ID, class_of, facts_of, finding_of, get_order, id_of, json_of, prices, status_of},
    virtual_platform::Reply,
    world::{API_KEY, PASSWORD, Sent, Setup, USERNAME, World, json as reply, lost},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn wait_with(world: &World, client: &Client, id: &str, goal: Goal, options: WaitOptions) -> Result<Value, Error> {
    let waited = world.run(Wait::for_order(client.clone(), id, goal, options).reach(&|_| ()));
    waited.map(|order| json_of(&order))
}

fn wait(world: &World, client: &Client, order: &Value, goal: Goal) -> Result<Value, Error> {
    wait_with(world, client, &id_of(order), goal, WaitOptions::default())
}

type Replies = Vec<fn() -> Reply>;

/// Waits against a service that answers with these, the last one again and again.
fn wait_through(replies: Replies, goal: Goal, options: WaitOptions) -> (World, Result<Value, Error>) {
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
    let ErrorKind::Wait { reason, last, .. } = &error.kind else {
        panic!("{error:?}")
    };
    let code = match reason {
        WaitReason::Failed => "wait_failed",
        WaitReason::NeedsAction => "wait_needs_action",
        WaitReason::Timeout => "wait_timeout",
        WaitReason::LookFailed => "wait_look_failed",
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
    let late: fn() -> Reply = || order("DIGI_ISSUED", Value::Null);
    let (_, result) = wait_through(vec![late], Goal::Issued, for_at_most(MINUTE));
    let message = result.unwrap_err().message.clone();
    assert!(
        message.contains("its status is DIGI_ISSUED, and its certificate is not there yet."),
        "{message}"
    );
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
    assert_eq!(world.now() - before, MINUTE);
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
    let pending = world.value(&client, call("orders.reissue").id(id_of(&order)));
    // The second wait starts when all is done, and knows the old certificate.
    for before in [&order, &pending] {
        let goal = Goal::reissued("id", Some(&facts_of(before))).unwrap();
        let reissued = wait(&world, &client, &order, goal).unwrap();
        assert_ne!(reissued["cert"]["serialNumber"], order["cert"]["serialNumber"]);
    }
}

#[test]
fn a_reissue_is_told_by_what_is_known_of_both_certificates() {
    let order = |cert: Value| facts_of(&json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": cert }));
    for unknown in [
        None,
        Some(order(Value::Null)),
        Some(order(json!({ "providerId": "", "endEntityCert": "" }))),
    ] {
        let error = Goal::reissued("ids[3]", unknown.as_ref()).err().unwrap();
        assert_eq!(finding_of(&error), ("invalid_argument", "ids[3]"));
        assert!(error.message.contains("in place of the id"), "{}", error.message);
    }
    let same = json!({ "serialNumber": "1", "endEntityCert": "P E\nM" });
    for (then, is_another) in [
        (
            json!({ "serialNumber": "1", "providerId": 7, "endEntityCert": "P\nE M" }),
            false,
        ),
        (json!({ "serialNumber": "2", "endEntityCert": "P E M" }), true),
        (json!({ "endEntityCert": "OTHER" }), true),
    ] {
        let world = World::new();
        let client = world.client();
        let then = json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": then });
        world.answer_calls(move |_| reply(200, &then));
        let goal = Goal::reissued("id", Some(&order(same.clone()))).unwrap();
        let result = wait_with(&world, &client, NO_ID, goal, for_at_most(MINUTE));
        assert_eq!(result.is_ok(), is_another);
    }
}

#[test]
fn a_reissue_that_fails_ends_the_waiting() {
    let world = World::new();
    let client = world.client();
    let order = world.order(&client, "SSL_DV_GEOTRUST", "reissue-failed.example");
    let order = world.wait(&client, &order, Goal::Issued);
    world.value(&client, call("orders.reissue").id(id_of(&order)));
    let goal = Goal::reissued("id", Some(&facts_of(&order))).unwrap();
    let error = wait(&world, &client, &order, goal).unwrap_err();
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
fn what_cannot_come_any_more_ends_the_waiting_at_once() {
    let revoked: fn() -> Reply = || {
        let cert = json!({ "endEntityCert": "PEM", "revokeStatus": "REVOKED" });
        order("DIGI_ISSUED", cert)
    };
    let in_force: fn() -> Reply = || order("DIGI_ISSUED", json!({ "endEntityCert": "PEM" }));
    let failed = |says_revoked| Some((WaitReason::Failed, says_revoked));
    for (goal, shown, expected) in [
        (Goal::Issued, revoked, failed(true)),
        (Goal::Canceled, in_force, failed(false)),
        // What is there can be waited for all the same.
        (Goal::Revoked, revoked, None),
        (Goal::Issued, in_force, None),
    ] {
        let (_, result) = wait_through(vec![shown], goal, WaitOptions::default());
        let error = result.map(drop).err();
        let how = error.map(|error| (ending(&error).0, error.message.contains("its certificate is revoked")));
        assert_eq!(how, expected);
    }
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
    let wait = Wait::for_order(waiting, &id, goal, options);
    let reached = world.run(async move { wait.reach(&tell).await }).unwrap();
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
    let wait = Wait::for_order(waiting, &id, Goal::Issued, WaitOptions::default());
    let wait = world.start(async move { wait.reach(&|_| ()).await.map(drop) });
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
    let mut watch = Wait::for_changes(client.clone(), &id_of(&order), options);
    let polls = Rc::new(Cell::new(0));
    let count = Rc::clone(&polls);
    let shown = world.run(async move {
        let mut shown = Vec::new();
        while let Some(Settled { result, .. }) = watch.next(&|_| count.set(count.get() + 1)).await {
            let order = json_of(&result.unwrap());
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
    let mut watch = Wait::for_changes(client.clone(), NO_ID, WaitOptions::default());
    world.run(async move {
        let ended = watch.next(&|_| ()).await.unwrap();
        assert_eq!(ended.result.map(drop).unwrap_err().status(), Some(404));
        assert!(watch.next(&|_| ()).await.is_none(), "and yields nothing more");
    });
}

/// Waits for an organization that stays as it is, for at most an hour.
fn organization(fields: Value) -> Result<(), Error> {
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |_| {
        let mut organization = fields.clone();
        organization["id"] = json!(NO_ID);
        reply(200, &organization)
    });
    let wait = Wait::for_organization(client, NO_ID, None, for_at_most(MINUTE * 60));
    world.run(async move { wait.reach(&|_| ()).await.map(drop) })
}

/// Why that wait ends; nothing when it reaches its goal.
fn reason(validations: Value, contacts: Value) -> Option<WaitReason> {
    let error = organization(json!({ "validations": validations, "contacts": contacts })).err();
    error.map(|error| ending(&error).0)
}

#[test]
fn an_organization_is_waited_for_until_it_is_validated() {
    let world = World::new();
    let client = world.client();
    let organization = world.organization(&client);
    let id = id_of(&organization);
    for kind in [Some("OV"), Some("ov"), Some("EV"), None] {
        let options = WaitOptions::default();
        let wait = Wait::for_organization(client.clone(), &id, kind.map(str::to_owned), options);
        let validated = world.run(wait.reach(&|_| ()));
        assert_eq!(json_of(&validated.unwrap())["validations"][0]["status"], "ACTIVE");
    }
    let hours = world.now().as_secs() / 3600;
    assert!((20..=70).contains(&hours), "{hours} h");
}

#[test]
fn a_validation_is_waited_for_as_long_as_something_may_come_of_it() {
    let (failed, needs, never) = (
        Some(WaitReason::Failed),
        Some(WaitReason::NeedsAction),
        Some(WaitReason::Timeout),
    );
    for (status, expected) in [
        ("REJECTED", failed),
        ("FAILED", failed),
        ("CANCELED", failed),
        ("DENIED", failed),
        ("INVALID", failed),
        ("EXPIRED", failed),
        ("ON_HOLD", needs),
        ("STALLED", needs),
        ("ACTION_REQUIRED", needs),
        ("PENDING", never),
        ("SUBMITTED", never),
        ("INACTIVE", never),
        ("NOT_VALIDATED", never),
        ("SOMETHING_NEW", never),
        ("ACTIVE", None),
        ("VALIDATED", None),
        ("COMPLETED", None),
        ("APPROVED", None),
    ] {
        let found = reason(json!([{ "type": "OV", "status": status }]), Value::Null);
        assert_eq!(found, expected, "{status}");
    }
    let of = |validations| reason(validations, Value::Null);
    assert_eq!(of(json!([])), needs, "nobody has submitted it");
    assert_eq!(
        of(json!([{ "status": "ACTIVE" }, { "status": "PENDING" }])),
        never,
        "all of them"
    );
    // The clock starts in 2026.
    assert_eq!(
        of(json!([{ "status": "ACTIVE", "dateValidatedUntil": "2025-12-31" }])),
        failed
    );
    assert_eq!(
        of(json!([{ "status": "ACTIVE", "dateValidatedUntil": "2027-01-31" }])),
        None
    );
    let again = |status| json!([{ "type": "EV", "status": "EXPIRED" }, { "type": "EV", "status": status }]);
    assert_eq!(
        (of(again("PENDING")), of(again("ACTIVE"))),
        (never, None),
        "submitted again"
    );
}

#[test]
fn a_validation_that_lacks_a_contact_has_stalled() {
    let pending = |kind: &str| json!([{ "type": kind, "status": "PENDING" }]);
    let contacts = |types: &[&str]| {
        let types: Vec<Value> = types.iter().map(|name| json!({ "type": name })).collect();
        json!([{ "contactTypes": types }])
    };
    let (contact, approver) = ("ORGANIZATION_CONTACT", "EXTENDED_VALIDATION_APPROVER");
    let (stalled, goes_on) = (Some(WaitReason::NeedsAction), Some(WaitReason::Timeout));
    for (kind, contacts, expected) in [
        ("OV", contacts(&[contact]), goes_on),
        ("OV", contacts(&[approver]), stalled),
        ("EV", contacts(&[contact]), stalled),
        ("EV", contacts(&[contact, approver]), goes_on),
        ("EV", json!([]), goes_on),
        ("EV", json!([{ "email": "ada@example.com" }]), goes_on),
    ] {
        assert_eq!(reason(pending(kind), contacts.clone()), expected, "{kind} {contacts}");
    }
}

/// Why a wait ended: its reason, and its cause in words.
fn cause(error: &Error) -> (WaitReason, String) {
    match &error.kind {
        ErrorKind::Wait { reason, cause, .. } => {
            let cause = cause.as_ref().map(|cause| cause.message.clone()).unwrap_or_default();
            assert!(error.message.contains(&cause), "{}", error.message);
            (*reason, cause)
        }
        _ => panic!("{error:?}"),
    }
}

fn unreachable(fault: Fault, message: &str) -> Reply {
    let mut reply = Reply::failure(message, true);
    if let Err(error) = &mut reply.outcome {
        error.fault = fault;
    }
    reply
}

#[test]
fn a_host_that_cannot_be_reached_ends_the_waiting_at_once_and_says_why() {
    let unknown_host: fn() -> Reply = || unreachable(Fault::UnknownHost, "getaddrinfo ENOTFOUND api.example");
    let untrusted: fn() -> Reply = || unreachable(Fault::Untrusted, "unable to verify the first certificate");
    let cases: [(Replies, &str); 3] = [
        (vec![unknown_host], "ENOTFOUND"),
        (vec![untrusted], "first certificate"),
        (vec![pending, untrusted], "first certificate"),
    ];
    for (replies, says) in cases {
        let (_, result) = wait_through(replies, Goal::Issued, WaitOptions::default());
        let (reason, cause) = cause(&result.unwrap_err());
        assert_eq!(reason, WaitReason::LookFailed);
        assert!(cause.contains(says), "{cause}");
    }
    // A host that was there is not a wrong one: the network is gone for a while.
    let replies = vec![pending, unknown_host, unknown_host, unknown_host, unknown_host, issued];
    assert!(wait_through(replies, Goal::Issued, WaitOptions::default()).1.is_ok());
}

/// A token store that fails during these hours, and is empty else.
struct AwayStore(Rc<dyn Fn() -> bool>);

impl TokenStore for AwayStore {
    fn get(&self) -> LocalFuture<Result<Option<String>, StoreError>> {
        let is_away = (self.0)();
        Box::pin(async move {
            if is_away {
                Err(StoreError("the store restarts".into()))
            } else {
                Ok(None)
            }
        })
    }

    fn set(&self, _token: Option<String>) -> LocalFuture<Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn what_gives_tokens_may_be_away_for_hours_once_an_order_was_seen() {
    for (is_store, code) in [(true, "token_store_failed"), (false, "secret_unavailable")] {
        for (hours, is_reached) in [(1..4, true), (0..4, false)] {
            let world = World::new();
            let platform = Rc::clone(&world.platform);
            let is_away: Rc<dyn Fn() -> bool> = Rc::new(move || {
                let now = platform.now().since(Instant::default());
                hours.contains(&(now.as_secs() / 3600))
            });
            let asked = Rc::clone(&is_away);
            let key = move || -> LocalFuture<Result<String, String>> {
                let is_away = asked();
                Box::pin(async move {
                    if is_away {
                        Err("the vault is sealed".into())
                    } else {
                        Ok(API_KEY.into())
                    }
                })
            };
            let store: Rc<dyn TokenStore> = Rc::new(AwayStore(is_away));
            let client = world.client_of(Setup::auth(Auth::Password {
                api_key: if is_store {
                    Secret::Text(API_KEY.into())
                } else {
                    Secret::Ask(Rc::new(key))
                },
                username: USERNAME.into(),
                password: Secret::Text(PASSWORD.into()),
                store: is_store.then_some(store),
            }));
            let mut tokens = 0;
            world.answer(move |sent| {
                Some(if sent.path.ends_with("/auth/refresh") {
                    reply(500, &json!({}))
                } else if sent.is_auth() {
                    tokens += 1;
                    let token = format!("scripted.token.{tokens}");
                    reply(200, &json!({ "token": token, "expiresIn": 5400 }))
                } else if sent.at < MINUTE * 300 {
                    pending()
                } else {
                    issued()
                })
            });
            let waited = wait_with(&world, &client, NO_ID, Goal::Issued, WaitOptions::default());
            if is_reached {
                assert!(waited.is_ok(), "{code}: {:?}", waited.err());
            } else {
                assert_eq!((waited.unwrap_err().code.as_str(), world.now()), (code, Duration::ZERO));
            }
        }
    }
}

#[test]
fn time_that_is_up_says_what_the_last_look_failed_with() {
    let cases: [(Replies, &str); 4] = [
        (vec![lost], "connection reset"),
        (vec![pending, || reply(500, &json!({}))], "status 500"),
        (vec![pending, lost, pending], ""),
        (vec![|| pending().after(MINUTE * 10)], "while waiting for the reply"),
    ];
    for (replies, says) in cases {
        let options = WaitOptions {
            max_delay: SECOND * 10,
            ..for_at_most(SECOND * 25)
        };
        let (world, result) = wait_through(replies, Goal::Issued, options);
        let (reason, cause) = cause(&result.unwrap_err());
        assert_eq!(reason, WaitReason::Timeout);
        assert!(cause.contains(says) && cause.is_empty() == says.is_empty(), "{cause}");
        assert!(world.now() <= SECOND * 26, "{:?}", world.now());
    }
}

#[test]
fn a_secret_that_never_comes_does_not_outlast_the_wait() {
    let world = World::new();
    let client = world.client_of(Setup::auth(Auth::Token {
        api_key: Secret::Ask(Rc::new(|| Box::pin(core::future::pending()))),
        token: Secret::Text("e30.given.jwt".into()),
    }));
    let error = wait_with(&world, &client, NO_ID, Goal::Issued, for_at_most(MINUTE)).unwrap_err();
    assert_eq!(world.now(), MINUTE);
    assert!(cause(&error).1.contains("waiting for a token"), "{}", error.message);
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

#[test]
fn an_organization_that_shows_no_validation_for_ten_minutes_needs_a_person() {
    // What it shows by the minute of the look, and the minutes within which the waiting ends.
    type Shows = fn(u64) -> Value;
    let table: [(Option<&str>, Shows, core::ops::Range<u64>); 4] = [
        (None, |_| json!([]), 10..16),
        (Some("EV"), |_| json!([{ "type": "OV", "status": "ACTIVE" }]), 10..16),
        // It is submitted in time: what comes of that is waited for.
        (
            None,
            |minute| {
                if minute < 9 {
                    json!([])
                } else {
                    json!([{ "status": "PENDING" }])
                }
            },
            59..61,
        ),
        // One that was there is gone: ten minutes from then.
        (
            None,
            |minute| {
                if (5..20).contains(&minute) {
                    json!([{ "status": "PENDING" }])
                } else {
                    json!([])
                }
            },
            30..41,
        ),
    ];
    for (case, (kind, shows, ends)) in table.into_iter().enumerate() {
        let world = World::new();
        let client = world.client();
        world.answer_calls(move |sent| {
            reply(
                200,
                &json!({ "id": NO_ID, "validations": shows(sent.at.as_secs() / 60) }),
            )
        });
        let wait = Wait::for_organization(client, NO_ID, kind.map(str::to_owned), for_at_most(MINUTE * 60));
        let error = world.run(wait.reach(&|_| ())).map(drop).unwrap_err();
        let minutes = world.now().as_secs() / 60;
        assert!(ends.contains(&minutes), "{case}: {minutes}");
        let expected = if minutes < 59 {
            WaitReason::NeedsAction
        } else {
            WaitReason::Timeout
        };
        assert_eq!(ending(&error).0, expected, "{case}");
    }
}

#[test]
fn a_watch_looks_often_again_after_a_change_of_anything_that_it_shows() {
    let cert = |cert: Value| order("DIGI_PENDING", cert);
    let steps: [fn() -> Value; 4] = [
        || Value::Null,
        || json!({ "endEntityCert": "PEM" }),
        || json!({ "endEntityCert": "PEM", "serialNumber": "01" }),
        || json!({ "endEntityCert": "PEM", "serialNumber": "02" }),
    ];
    let world = World::new();
    let client = world.client();
    world.answer_calls(move |sent| {
        let hour = usize::try_from(sent.at.as_secs() / 3_600).unwrap();
        steps.get(hour).map_or_else(issued, |step| cert(step()))
    });
    let mut watch = Wait::for_changes(client, NO_ID, WaitOptions::default());
    let clock = Rc::clone(&world.platform);
    let shown: Vec<u64> = world.run(async move {
        let mut shown = Vec::new();
        while watch.next(&|_| ()).await.is_some() {
            shown.push(clock.now().since(Instant::default()).as_secs());
        }
        shown
    });
    let hours: Vec<u64> = shown.iter().map(|at| at / 3_600).collect();
    assert_eq!(hours, [0, 1, 2, 3, 4], "each change is shown, and nothing else");
    let looks: Vec<u64> = world
        .take_sent()
        .iter()
        .filter(|sent| !sent.is_auth())
        .map(|sent| sent.at.as_secs())
        .collect();
    for seen in &shown[..4] {
        let next = looks.iter().find(|at| *at > seen).unwrap();
        assert!(next - seen <= 6, "{next} after {seen}");
    }
}

#[test]
fn a_look_that_finds_the_queue_full_is_made_again() {
    let world = World::new();
    let limit = limiter::Options {
        max_queue: 1,
        ..limiter::Options::default()
    };
    let client = world.client_of(Setup {
        limit,
        ..Setup::default()
    });
    world.answer_calls(|_| issued());
    world.call(&client, get_order()).unwrap();
    client.limiter().pause(None);
    let first = world.start_call(&client, get_order());
    let wait = Wait::for_order(client.clone(), NO_ID, Goal::Issued, WaitOptions::default());
    let wait = world.start(async move { wait.reach(&|_| ()).await.map(drop) });
    assert!(wait.result().is_none());
    client.limiter().resume();
    world.advance(MINUTE);
    assert!(first.result().is_some() && wait.result().is_some_and(|ended| ended.is_ok()));
}
