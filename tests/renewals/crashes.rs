//! A process that ends anywhere: whatever it had done by then, the next ones bring each renewal to its end, with one order.

use std::{
    collections::BTreeSet,
    num::NonZero,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use sandbox::Readings;
use serde_json::{Value, json};

use crate::{
    driver::{self, Crash},
    estate::{DAY, Estate},
};

/// A run that takes every kind of step.
fn all() -> Value {
    json!({ "revokeOld": true, "has": { "dcv": true, "deliver": true, "renewed": true } })
}

/// What may not happen. The renewals of which nobody knows are left.
fn check(estate: &Estate, crash: Crash) -> Result<(), String> {
    let renewals = estate.renewals();
    let delivered = estate.disk.delivered.borrow();
    let keys = estate.disk.keys.borrow();
    for (id, count) in estate.orders.iter().zip(&renewals) {
        if *count > 1 {
            return Err(format!("{crash:?}: {count} orders for {id}"));
        }
    }
    for delivery in delivered.iter() {
        if !keys.contains_key(&delivery.key) {
            return Err(format!("{crash:?}: the key {} is lost", delivery.key));
        }
    }
    Ok(())
}

/// Ends a process there, of a run that renews so many, lets others continue, and says whether a person was needed; nothing
/// where the run ended before.
fn live(crash: Crash, careless: Option<&'static str>, due: u64) -> Result<Option<bool>, String> {
    // No list shows an order at once, nor what is in it before it is issued: nothing but the journal knows of it. Where it is
    // about the records of its domains, it has to show them.
    let mut readings = vec![("freshOrder", "not-listed")];
    readings.extend((careless != Some("publishing")).then_some(("freshCert", "until-issued")));
    let readings = Readings::of(readings).expect("readings");
    let estate = Estate::with(due, 300, readings);
    if !estate.crashed_night(crash, careless, all()) {
        return Ok(None);
    }
    let mut was_unknown = false;
    for night in 0..4 {
        check(&estate, crash)?;
        // The first one at once, as a service manager restarts what has failed.
        let ended = estate.night_with(all()).expect("no process ended");
        let unknown: Vec<String> = ended
            .summary
            .renewals
            .iter()
            .filter_map(|status| status.once_id.clone())
            .collect();
        if !unknown.is_empty() {
            was_unknown = true;
            // It is told, and left alone, until a person has looked.
            assert_eq!(ended.summary.outcome.as_str(), "someFailed");
            assert!(ended.problems().contains(&"unknown"));
            if night == 1 {
                let mut more = all();
                more["assumeNotPlaced"] = json!(unknown);
                estate.night_with(more).expect("no process ended");
            }
        }
        estate.world.advance(DAY / 2);
    }
    check(&estate, crash)?;
    let renewals = estate.renewals();
    let delivered = estate.disk.delivered.borrow();
    let delivered: BTreeSet<&String> = delivered.iter().map(|delivery| &delivery.old).collect();
    if renewals.iter().any(|count| *count != 1) || delivered.len() != renewals.len() {
        return Err(format!("{crash:?}: {renewals:?} orders, {} delivered", delivered.len()));
    }
    let ended = estate.night();
    if ended.summary.outcome.as_str() != "nothingDue" {
        return Err(format!("{crash:?}: {}", ended.summary.text));
    }
    if let Some(step) = estate.disk.unannounced.borrow().first() {
        return Err(format!("{crash:?}: {step} came after what it announces"));
    }
    Ok(Some(was_unknown))
}

/// Ends a process at each of its steps, before it is taken and after it. What went wrong, until that is enough, how many steps
/// there are, and how often a person was needed.
fn everywhere(careless: Option<&'static str>, due: u64, is_enough: fn(&str) -> bool) -> (Vec<String>, usize, usize) {
    let (next, steps, persons) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX), AtomicUsize::new(0));
    let wrong = Mutex::new(Vec::<String>::new());
    // Estates know nothing of each other.
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let (at, after) = (number / 2, number % 2 == 1);
                    let is_shown = wrong.lock().unwrap().iter().any(|wrong| is_enough(wrong));
                    if is_shown || at >= steps.load(Ordering::Relaxed) {
                        break;
                    }
                    match live(Crash { at, after }, careless, due) {
                        Ok(Some(was_unknown)) => drop(persons.fetch_add(was_unknown.into(), Ordering::Relaxed)),
                        Ok(None) => drop(steps.fetch_min(at, Ordering::Relaxed)),
                        Err(error) => wrong.lock().unwrap().push(error),
                    }
                }
            });
        }
    });
    (wrong.into_inner().unwrap(), steps.into_inner(), persons.into_inner())
}

/// For each certificate: between the entry that an order is placed and its send, nobody but a person can tell.
const PERSONS: usize = 2;

#[test]
fn a_process_may_end_before_and_after_every_step() {
    let (wrong, steps, persons) = everywhere(None, 5, |_| false);
    assert_eq!(wrong, Vec::<String>::new());
    assert!(steps > 60, "there are {steps}");
    assert_eq!(persons, 5 * PERSONS);
}

#[test]
fn entries_that_come_after_what_they_announce_are_not_enough() {
    let has_two_orders = |wrong: &str| wrong.contains("2 orders");
    let (wrong, ..) = everywhere(Some(driver::ALL), 2, has_two_orders);
    assert!(wrong.iter().any(|wrong| has_two_orders(wrong)), "{wrong:#?}");
}

#[test]
fn no_entry_may_come_after_the_step_that_follows_it() {
    let announcing = ["makingKey", "placing", "publishing", "delivering", "revoking"];
    // What is checked or delivered without a word is so once more, which does no harm.
    let told = ["keyed", "placed"];
    for step in announcing.into_iter().chain(told) {
        let (wrong, _, persons) = everywhere(Some(step), 2, |_| true);
        assert!(
            !wrong.is_empty() || persons != 2 * PERSONS,
            "nothing shows that {step} comes late"
        );
    }
}
