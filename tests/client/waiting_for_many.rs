//! Waiting for many orders together, with list calls rather than a look at each.

use std::time::Duration;

use markmonitor_certs::client::{
    Client, Error,
    error::{ErrorKind, WaitReason},
    waiting::{Goal, Settled, WaitOptions, Waits},
};
use serde_json::{Value, json};

use crate::{
    fixtures::{NO_ID, class_of, create, id_of, json_of, new_order, status_of},
    world::{Sent, World, json as reply},
};

const MINUTE: Duration = Duration::from_secs(60);

fn settle_all(world: &World, client: &Client, ids: Vec<String>, options: WaitOptions) -> Result<Vec<Settled>, Error> {
    let mut waits = Waits::new(client.clone(), ids, || Goal::Issued, options);
    world.run(async move {
        let mut all = Vec::new();
        while let Some(settled) = waits.next(&|_| ()).await? {
            all.push(settled);
        }
        Ok(all)
    })
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
    let settled = settle_all(&world, &client, ids.clone(), WaitOptions::default()).unwrap();
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
    settle_all(&world, &client, ids, options).unwrap();
    let queries: Vec<String> = world.take_sent().into_iter().map(|sent| sent.query).collect();
    assert_eq!(queries[0], "page=0&size=50");
    assert!(queries.len() > 3);
    assert!(
        queries[1..]
            .iter()
            .all(|query| query == "commonNames=a.never.example,never.example&page=0&size=50"),
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
    let settled = settle_all(&world, &client, ids, options).unwrap();
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
        ErrorKind::Wait { reason, last } => (*reason, status_of(&json_of(last.as_ref().unwrap())).to_owned()),
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
    assert_eq!(class_of(error(NO_ID)), "NotFoundError");
    assert_eq!(class_of(error("no id")), "ValidationError");
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
    assert_eq!(
        settle_all(&world, &client, ids, WaitOptions::default()).unwrap().len(),
        3
    );
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
            return reply(200, &json!([slim]));
        }
        reply(
            200,
            &json!({ "id": NO_ID, "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } }),
        )
    });
    let settled = settle_all(&world, &client, vec![NO_ID.into()], WaitOptions::default()).unwrap();
    assert!(settled[0].result.is_ok());
}

#[test]
fn a_list_that_fails_for_a_while_does_not_end_the_waiting_and_one_that_is_forbidden_does() {
    let world = World::new();
    let client = world.client();
    let mut failures = 7;
    world.answer_calls(move |_| {
        failures -= 1;
        if failures > 0 {
            return reply(503, &json!({}));
        }
        reply(
            200,
            &json!([{ "id": NO_ID, "status": "DIGI_ISSUED", "cert": { "endEntityCert": "PEM" } }]),
        )
    });
    assert_eq!(
        settle_all(&world, &client, vec![NO_ID.into()], WaitOptions::default())
            .unwrap()
            .len(),
        1
    );

    world.answer_calls(|_| reply(403, &json!({})));
    let error = settle_all(&world, &client, vec![NO_ID.into()], WaitOptions::default())
        .err()
        .unwrap();
    assert_eq!(class_of(&error), "PermissionDeniedError");
}

#[test]
fn waiting_for_none_ends_at_once() {
    let world = World::new();
    let client = world.client();
    assert_eq!(
        settle_all(&world, &client, Vec::new(), WaitOptions::default())
            .unwrap()
            .len(),
        0
    );
    assert!(world.take_lines().is_empty());
}
