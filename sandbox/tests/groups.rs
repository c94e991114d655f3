use sandbox::{Options, Request, Timestamp, User};
use serde_json::Value;

use crate::support::{Caller, expect, order, problems, text};

/// The groups that a caller sees.
fn groups(caller: &mut Caller, query: &str) -> Value {
    let request = caller.authorized(Request::new("GET", &format!("/auth/v1/group{query}")));
    expect(200, &caller.send(&request))
}

fn names(page: &Value) -> Vec<String> {
    let groups = page["groups"].as_array().unwrap();
    groups.iter().map(|group| text(group, "/name")).collect()
}

fn demo() -> Caller {
    let now = "2026-11-23T12:00:00Z";
    let options = Options {
        demo: Timestamp::parse(now),
        ..Options::default()
    };
    Caller::at(now, options)
}

#[test]
fn an_account_has_a_group() {
    let page = groups(&mut Caller::new(), "");
    assert_eq!(names(&page), ["Default"]);
    for field in ["id", "description", "dateCreated", "dateUpdated"] {
        assert!(!text(&page, &format!("/groups/0/{field}")).is_empty());
    }
}

#[test]
fn groups_come_in_pages_under_a_name_of_their_own() {
    let mut caller = demo();
    let all = groups(&mut caller, "?sort=name,desc");
    assert!(all.get("content").is_none());
    assert_eq!(names(&all), ["Web", "Mail", "Internal"]);
    let second = groups(&mut caller, "?sort=name,desc&size=2&page=1");
    assert_eq!(names(&second), ["Internal"]);
    assert_eq!(second["page"]["totalElements"], 3);
    assert_eq!(second["page"]["totalPages"], 2);
    let request = caller.authorized(Request::new("GET", "/auth/v1/group?size=0&sort=id"));
    let fields: Vec<_> = problems(&caller.send(&request))
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, ["size", "sort"]);
}

#[test]
fn groups_are_listed_to_those_who_may_call() {
    let mut caller = Caller::new();
    let request = Request::new("GET", "/auth/v1/group");
    assert_eq!(caller.send(&request).status, 401);
    let request = request.with_header("x-api-key", "sandbox-api-key");
    assert_eq!(caller.send(&request).status, 401);
}

#[test]
fn accounts_have_groups_of_their_own() {
    let other = User {
        username: "other@example.com".to_owned(),
        password: "other-password".to_owned(),
        api_key: "other-api-key".to_owned(),
    };
    let mut caller = Caller::with(Options {
        users: vec![User::default(), other],
        ..Options::default()
    });
    let first = groups(&mut caller, "");
    caller.api_key = "other-api-key".to_owned();
    caller.log_in("other@example.com", "other-password");
    let second = groups(&mut caller, "");
    assert_eq!(names(&first), names(&second));
    assert_ne!(text(&first, "/groups/0/id"), text(&second, "/groups/0/id"));
}

#[test]
fn an_order_names_its_group() {
    let mut caller = Caller::new();
    let group = text(&groups(&mut caller, ""), "/groups/0/id");
    let organization = caller.organization();
    let mut body = order(&organization, "SSL_DV_GEOTRUST", "example.com");
    body["groupId"] = group.clone().into();
    let placed = expect(202, &caller.post("/order", &body));
    assert_eq!(text(&placed, "/groupId"), group);
}
