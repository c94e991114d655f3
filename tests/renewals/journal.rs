//! A journal that was made shorter: what it adds up to.

use proptest::prelude::*;
use renewals::{
    journal::{Entry, State, Step, What},
    time::{DAY, Ms},
};

/// A run for certificates by their numbers: which are renewed by it, and how far each comes.
#[derive(Clone, Debug)]
struct Night {
    renewed: Vec<(u8, bool)>,
    is_told: bool,
    is_ended: bool,
    days: u8,
}

fn night() -> impl Strategy<Value = Night> {
    let renewed = proptest::collection::vec((0..40_u8, proptest::bool::weighted(0.9)), 0..12);
    (renewed, any::<bool>(), proptest::bool::weighted(0.9), 1..20_u8).prop_map(|(renewed, is_told, is_ended, days)| {
        Night {
            renewed,
            is_told,
            is_ended,
            days,
        }
    })
}

/// The entries of these nights, and when the last one is over.
fn entries(nights: &[Night]) -> (Vec<String>, Ms) {
    let mut now = 1_900_000_000_000;
    let mut generations = [0_u16; 40];
    let mut entries = Vec::new();
    let mut add = |at, order: &str, step| {
        let order = order.to_owned();
        entries.push(Entry { at, order, step }.line());
    };
    for night in nights {
        now += Ms::from(night.days) * DAY;
        add(now, "", Step::Run { run: "run".to_owned() });
        for (number, is_done) in &night.renewed {
            let generation = &mut generations[usize::from(*number)];
            let order = format!("{number}-{generation}");
            let new_order = format!("{number}-{}", *generation + 1);
            let what = What {
                common_name: format!("{number}.example.com"),
                ..What::default()
            };
            let csr = "csr".to_owned();
            let steps = [
                Step::Begun { what },
                Step::Keyed { csr, key: None },
                Step::Placing {
                    once_id: format!("{order}.1"),
                    price: Some(100.0),
                },
                Step::Placed { new_order },
                Step::Issued,
                Step::Delivering,
                Step::Delivered,
                Step::Done,
            ];
            let count = if *is_done { steps.len() } else { 4 };
            for step in steps.into_iter().take(count) {
                add(now, &order, step);
            }
            *generation += u16::from(*is_done);
        }
        if night.is_told {
            add(now, "", Step::Told);
        }
        if night.is_ended {
            add(now, "", Step::Ended);
        }
    }
    (entries, now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_journal_that_was_made_shorter_adds_up_to_what_is_not_done_with(
        nights in proptest::collection::vec(night(), 60..80),
    ) {
        let (entries, now) = entries(&nights);
        let whole = State::of(&entries);
        if let Some(kept) = whole.kept(&entries, now) {
            let short = State::of(&kept);
            prop_assert_eq!(short.spent(), whole.spent(), "orders of earlier runs count for the budget of the next one");
            prop_assert_eq!(short.untold().collect::<Vec<_>>(), whole.untold().collect::<Vec<_>>(), "told once");
            for (order, renewal) in whole.renewals() {
                prop_assert!(renewal.state.is_over() || short.get(order) == Some(renewal), "{}", order);
            }
        }
    }
}

#[test]
fn a_journal_is_made_shorter_though_no_hook_of_all_runs() {
    let night = Night {
        renewed: (0..40).map(|number| (number, true)).collect(),
        is_told: false,
        is_ended: true,
        days: 30,
    };
    let (entries, now) = entries(&vec![night; 12]);
    let kept = State::of(&entries).kept(&entries, now).unwrap();
    assert!(kept.len() < entries.len() / 4, "{} of {}", kept.len(), entries.len());
}
