use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Caller, expect, organization, problems, text};

fn ids(page: &Value) -> Vec<String> {
    page["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(row, "/id"))
        .collect()
}

#[test]
fn pages_count_from_zero_hold_twenty_and_together_hold_everything_once() {
    let mut caller = Caller::new();
    for number in 0..45 {
        expect(
            201,
            &caller.post("/organization", &organization(&format!("Company {number}"))),
        );
    }
    let first = caller.get("/organization");
    assert_eq!(
        first["page"],
        json!({ "size": 20, "totalElements": 45, "totalPages": 3, "number": 0 })
    );
    let mut all = Vec::new();
    for page in 0..4 {
        let page = caller.get(&format!("/organization?page={page}"));
        all.extend(ids(&page));
    }
    assert_eq!(all.len(), 45);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 45);
    let seven = caller.get("/organization?size=7&page=6");
    assert_eq!(
        seven["page"],
        json!({ "size": 7, "totalElements": 45, "totalPages": 7, "number": 6 })
    );
    assert_eq!(ids(&seven), all[42..]);
    let beyond = caller.get("/organization?page=2147483647");
    assert_eq!(
        (&beyond["content"], &beyond["page"]["totalElements"]),
        (&json!([]), &json!(45))
    );
}

#[test]
fn a_page_larger_than_the_largest_is_cut_to_it() {
    let mut caller = Caller::new();
    assert_eq!(caller.get("/order?size=100000")["page"]["size"], 200);
}

#[test]
fn paging_that_makes_no_sense_is_a_bad_request_and_all_of_it_is_told() {
    let mut caller = Caller::new();
    let response = caller.call("GET", "/organization?page=-1&size=0&sort=colour&providerId=x", None);
    let fields: BTreeSet<_> = problems(&response).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields.into_iter().collect::<Vec<_>>(),
        ["page", "providerId", "size", "sort"]
    );
    for query in ["page=", "size=1&size=2", "sort=name,up", "sort=,asc", "page=2147483648"] {
        assert_eq!(
            problems(&caller.call("GET", &format!("/organization?{query}"), None)).len(),
            1,
            "{query}"
        );
    }
}

#[test]
fn lists_are_sorted_both_ways_and_by_creation_without_a_word() {
    let mut caller = Caller::new();
    for name in ["b", "C", "a"] {
        caller.post("/organization", &organization(name));
        caller.advance(1_000);
    }
    let mut names = |query: &str| {
        let page = caller.get(&format!("/organization{query}"));
        page["content"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| text(row, "/name"))
            .collect::<Vec<_>>()
            .concat()
    };
    assert_eq!(names(""), "bCa");
    assert_eq!(names("?sort=name"), "abC");
    assert_eq!(names("?sort=name,asc"), "abC");
    assert_eq!(names("?sort=name,desc"), "Cba");
    assert_eq!(names("?sort=dateCreated%2Cdesc"), "aCb");
    assert_eq!(names("?sort=name,desc&size=1&page=1"), "b");
}

#[test]
fn the_name_of_an_organization_is_searched_in_part() {
    let mut caller = Caller::new();
    let ids: Vec<_> = ["Acme", "Acme & Sons", "Other"]
        .map(|name| expect(201, &caller.post("/organization", &organization(name))))
        .to_vec();
    let mut count = |query: &str| caller.get(&format!("/organization?{query}"))["page"]["totalElements"].clone();
    assert_eq!(count("name=acme"), 2);
    assert_eq!(count("name=Acme+%26+Sons"), 1);
    assert_eq!(count("name=nobody"), 0);
    assert_eq!(count(&format!("providerId={}", ids[2]["providerId"])), 1);
    assert_eq!(count(&format!("name=acme&providerId={}", ids[2]["providerId"])), 0);
}

#[test]
fn contacts_are_found_by_their_address() {
    let mut caller = Caller::new();
    caller.organization();
    let mut count = |query: &str| caller.get(&format!("/contact?{query}"))["page"]["totalElements"].clone();
    assert_eq!(count(""), 2);
    assert_eq!(count("email=ADA@example.com"), 1);
    assert_eq!(count("email=ada"), 0);
}

#[test]
fn orders_are_filtered_by_everything_that_the_guide_names() {
    let mut caller = Caller::new();
    let (first, second) = (caller.organization(), caller.organization());
    let issued = caller.order(&first, "SSL_DV_GEOTRUST", "example.com");
    let rejected = caller.order(&first, "SSL_DV_THAWTE", "rejected.example");
    caller.wait_for_certificate(&issued);
    caller.wait_for_status(&rejected, "DIGI_REJECTED");
    let created = caller.order(&second, "SSL_OV_BASIC", "shop.example.com");
    let order = caller.get(&format!("/order/{issued}"));
    let until = text(&order, "/cert/dateValidUntil");
    let (day, _) = until.split_once('T').unwrap();
    let organization = text(&second, "/id");
    for (query, expected) in [
        (String::new(), vec![&issued, &rejected, &created]),
        ("statuses=DIGI_ISSUED".to_owned(), vec![&issued]),
        ("statuses=DIGI_ISSUED,CREATED".to_owned(), vec![&issued, &created]),
        (
            "statuses=DIGI_ISSUED&statuses=CREATED".to_owned(),
            vec![&issued, &created],
        ),
        ("statuses=".to_owned(), vec![&issued, &rejected, &created]),
        (
            "certificateTypes=SSL_DV_THAWTE,SSL_OV_BASIC".to_owned(),
            vec![&rejected, &created],
        ),
        (
            "commonNames=EXAMPLE.com,shop.example.com".to_owned(),
            vec![&issued, &created],
        ),
        ("commonNames=example".to_owned(), vec![]),
        (format!("organizationId={organization}"), vec![&created]),
        (format!("providerId={}", order["providerId"]), vec![&issued]),
        (format!("validUntil={until}"), vec![&issued]),
        (format!("validUntil={day}"), vec![&issued]),
        ("validUntil=2026-06-30".to_owned(), vec![]),
        ("statuses=DIGI_ISSUED&certificateTypes=SSL_OV_BASIC".to_owned(), vec![]),
    ] {
        assert_eq!(
            ids(&caller.get(&format!("/order?{query}"))).iter().collect::<Vec<_>>(),
            expected,
            "{query}"
        );
    }
    for query in [
        "statuses=ISSUED",
        "certificateTypes=SSL",
        "organizationId=7",
        "validUntil=soon",
        "providerId=-1",
    ] {
        assert_eq!(
            problems(&caller.call("GET", &format!("/order?{query}"), None)).len(),
            1,
            "{query}"
        );
    }
}

#[test]
fn the_history_of_an_order_is_paged_too() {
    let mut caller = Caller::new();
    let id = caller.issued_order();
    let all = caller.get(&format!("/order/{id}/history"));
    assert_eq!(all["content"], caller.get(&format!("/order/{id}"))["history"]);
    let last = caller.get(&format!("/order/{id}/history?size=1&sort=dateCreated,desc"));
    assert_eq!(
        last["content"][0],
        all["content"].as_array().unwrap().last().unwrap().clone()
    );
    let entry = text(&last, "/content/0/id");
    assert_eq!(caller.get(&format!("/order/{id}/history/{entry}")), last["content"][0]);
}
