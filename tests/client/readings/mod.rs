//! Every reading of the service is survived: what the client decides by itself is right under each (docs/contract.md).
//!
//! Each decision has a test under every value of the readings that could mislead it, one value at a time; and orders live
//! under rows of readings in which each pair of values comes once.
#![allow(
    clippy::print_stdout,
    reason = "a test that fails shows what it printed: under which readings"
)]

mod decisions;
mod pairs;

use sandbox::{READINGS, Readings};

use decisions::Here;

/// What is decided otherwise under a reading, and has a test of its own: the decision, the reading and the value.
const OTHERWISE: &[(&str, &str, &str)] = &[("every item once", "page", "first")];

/// Runs a decision under each value of the readings of these sections that is not the default. The last line that was
/// printed names the one that failed.
fn under_each(name: &str, sections: &[&str], decide: impl Fn(&Here)) {
    decide(&Here::new(Readings::default()));
    for reading in READINGS.iter().filter(|reading| sections.contains(&reading.section)) {
        for value in reading.values.iter().skip(1) {
            if !OTHERWISE.contains(&(name, reading.name, value.name)) {
                println!("{}={}", reading.name, value.name);
                let readings = Readings::of([(reading.name, value.name)]).unwrap();
                decide(&Here::new(readings));
            }
        }
    }
}

#[test]
fn an_order_is_issued_when_it_shows_its_certificate() {
    under_each("issued", &["Orders", "Actions", "Values"], |here| {
        drop(decisions::issued(here));
    });
}

#[test]
fn a_reissue_and_a_revocation_are_seen_to_be_done() {
    under_each("changed", &["Orders", "Actions", "Values"], decisions::changed);
}

#[test]
fn an_order_is_made_once() {
    under_each("made once", &["Orders", "Pages", "Values"], decisions::made_once);
}

#[test]
fn an_order_that_has_ended_is_not_waited_for() {
    under_each("ended", &["Orders", "Actions", "Values"], decisions::ended);
}

#[test]
fn a_renewal_names_the_contacts_of_its_order() {
    under_each("renewed", &["Orders", "Values"], decisions::renewed);
}

#[test]
fn a_certificate_is_known_to_end_when_it_does() {
    under_each("expiring", &["Orders", "Pages", "Values"], decisions::known_to_end);
}

#[test]
fn every_item_of_a_list_comes_once() {
    under_each("every item once", &["Pages"], decisions::every_item_once);
}

#[test]
fn calls_go_on_whatever_becomes_of_tokens() {
    under_each("tokens", &["Tokens"], decisions::calls_go_on);
}

#[test]
fn an_unknown_key_is_not_asked_with_for_ever() {
    under_each("unknown key", &["Tokens", "Errors"], decisions::unknown_key);
}

#[test]
fn an_organization_is_seen_to_be_validated() {
    under_each("validated", &["Values"], decisions::validated);
}

#[test]
fn a_refusal_is_the_error_of_its_status() {
    under_each("refused", &["Errors"], decisions::refused);
}

#[test]
fn a_list_that_cannot_be_read_to_its_end_says_so() {
    decisions::says_what_is_missing(&Here::new(Readings::of([("page", "first")]).unwrap()));
}

#[test]
fn calls_keep_within_the_limit_however_it_is_counted() {
    under_each("limit", &["Limit"], decisions::within_the_limit);
}

#[test]
fn a_guess_of_what_is_sent_can_be_overridden() {
    for (value, is_a_list) in [("object", false), ("list", true)] {
        let here = Here::new(Readings::of([("listBodies", value)]).unwrap());
        decisions::guesses_can_be_overridden(&here, is_a_list);
    }
}

#[test]
fn what_is_not_survived_yet_is_a_reading() {
    for (_, name, value) in OTHERWISE {
        assert!(Readings::of([(name, value)]).is_ok(), "{name}={value}");
    }
}

#[test]
fn an_order_lives_under_every_pair_of_readings() {
    let is_left_out = |name: &str, value: &str| {
        let of_life = ["issued", "changed", "tokens"];
        OTHERWISE
            .iter()
            .any(|row| of_life.contains(&row.0) && (row.1, row.2) == (name, value))
    };
    for row in pairs::rows(is_left_out) {
        let unusual = row.iter().filter(|(name, value)| !is_default(name, value));
        println!(
            "{}",
            unusual
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join(" ")
        );
        decisions::lives(&Here::new(pairs::readings(&row)));
    }
}

fn is_default(name: &str, value: &str) -> bool {
    READINGS
        .iter()
        .any(|reading| reading.name == name && reading.default_value() == value)
}
