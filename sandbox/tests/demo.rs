use std::collections::BTreeSet;

use sandbox::{DAY, HOUR, Options, Timestamp};

use crate::support::{Caller, text};

const STATUSES: [&str; 16] = [
    "CREATED",
    "REISSUE_REQUEST_PENDING",
    "DIGI_PENDING",
    "DIGI_REISSUE_PENDING",
    "DIGI_REISSUE_FAILED",
    "DIGI_PROCESSING",
    "DIGI_ISSUED",
    "DIGI_REVOKED",
    "DIGI_CANCELED",
    "DIGI_NEEDS_APPROVAL",
    "DIGI_WAITING_PICKUP",
    "DIGI_REJECTED",
    "DIGI_EXPIRED",
    "DIGI_FAILED",
    "REISSUE_PENDING",
    "DIGI_NEEDS_CSR",
];

fn demo(seed: u64, now: &str) -> Caller {
    let demo = Timestamp::parse(now);
    Caller::at(
        now,
        Options {
            seed,
            demo,
            ..Options::default()
        },
    )
}

#[test]
fn the_demo_has_three_organizations_a_dozen_contacts_and_sixty_orders_in_every_status() {
    for seed in 1..6 {
        let mut caller = demo(seed, "2026-11-23T12:00:00Z");
        for (path, count) in [("organization", 3), ("contact", 12), ("order", 60)] {
            assert_eq!(
                caller.get(&format!("/{path}"))["page"]["totalElements"],
                count,
                "seed {seed}: {path}"
            );
        }
        for hours in [0, 6] {
            caller.advance(hours * HOUR);
            let orders = caller.get("/order?size=100");
            let orders = orders["content"].as_array().unwrap().iter();
            let seen: BTreeSet<_> = orders.map(|order| text(order, "/status")).collect();
            assert_eq!(
                seen,
                STATUSES.map(str::to_owned).into(),
                "seed {seed}, {hours} hours later"
            );
        }
    }
}

#[test]
fn some_certificates_of_the_demo_end_soon() {
    let now = "2026-11-23T12:00:00Z";
    let mut caller = demo(1, now);
    let within = |days: u64| Timestamp::parse(now).unwrap().plus(days * DAY).to_string();
    let mut ending = |days| {
        caller.get(&format!("/order?statuses=DIGI_ISSUED&validUntil={}", within(days)))["page"]["totalElements"].clone()
    };
    assert!(ending(7).as_u64() >= Some(2));
    assert!(ending(30).as_u64() >= Some(5));
    assert_eq!(ending(0), 0);
}

#[test]
fn the_demo_works_at_any_time() {
    for now in ["2024-02-29T23:59:59Z", "2029-06-01T00:00:00Z", "2045-01-01T00:00:00Z"] {
        assert_eq!(demo(1, now).get("/order")["page"]["totalElements"], 60, "{now}");
    }
}
