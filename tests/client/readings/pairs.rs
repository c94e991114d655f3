//! Rows of readings in which each pair of values comes once at least.

use std::collections::BTreeSet;

use sandbox::{READINGS, Reading, Readings};

/// A value of a reading: the places of both in their lists.
type Choice = (usize, usize);

/// A reading and its value.
type Named = (&'static str, &'static str);

/// The rows, without the values that `is_left_out` names. Greedy: each row begins with a pair that
/// no row has yet, and takes for every other reading the value that adds most.
pub fn rows(is_left_out: impl Fn(&str, &str) -> bool) -> Vec<Vec<Named>> {
    let values: Vec<Vec<usize>> = READINGS
        .iter()
        .map(|reading| values_of(reading, &is_left_out))
        .collect();
    let mut missing = BTreeSet::new();
    for (one, of_one) in values.iter().enumerate() {
        for (other, of_other) in values.iter().enumerate().skip(one + 1) {
            for a in of_one {
                missing.extend(of_other.iter().map(|b| ((one, *a), (other, *b))));
            }
        }
    }
    let mut rows = Vec::new();
    while let Some((one, other)) = missing.first().copied() {
        let mut row: Vec<Choice> = vec![one, other];
        for (reading, of_reading) in values.iter().enumerate() {
            if reading == one.0 || reading == other.0 {
                continue;
            }
            let adds = |value: &&usize| {
                let choice = (reading, **value);
                row.iter()
                    .filter(|taken| missing.contains(&pair(**taken, choice)))
                    .count()
            };
            let best = of_reading.iter().max_by_key(adds).expect("a reading has a default");
            row.push((reading, *best));
        }
        for (at, one) in row.iter().enumerate() {
            for other in row.iter().skip(at + 1) {
                missing.remove(&pair(*one, *other));
            }
        }
        rows.push(row.into_iter().map(named).collect());
    }
    rows
}

fn values_of(reading: &Reading, is_left_out: &impl Fn(&str, &str) -> bool) -> Vec<usize> {
    let values = reading.values.iter().enumerate();
    let taken = values.filter(|(_, value)| !is_left_out(reading.name, value.name));
    taken.map(|(at, _)| at).collect()
}

fn pair(one: Choice, other: Choice) -> (Choice, Choice) {
    if one < other { (one, other) } else { (other, one) }
}

fn named((reading, value): Choice) -> Named {
    let reading = &READINGS[reading];
    (reading.name, reading.values[value].name)
}

/// The readings of a row.
pub fn readings(row: &[(&str, &str)]) -> Readings {
    Readings::of(row.iter().copied()).expect("they are in the table")
}
