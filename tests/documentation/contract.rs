//! `docs/contract.md`: written by hand, but for the tables of readings.

use std::fmt::Write as _;

use sandbox::{FATES, READINGS};

use crate::{is_current, page};

const PAGE: &str = "docs/contract.md";

/// The lines between which a section's readings are.
const START: &str = "<!-- readings: ";
const END: &str = "<!-- end -->";

/// The readings of a section as a table.
fn table(section: &str) -> String {
    let mut table = String::from("| reading | of what | values |\n|---|---|---|\n");
    for reading in READINGS.iter().filter(|reading| reading.section == section) {
        let values = reading.values.iter();
        let values: Vec<_> = values
            .map(|value| format!("`{}`: {}", value.name, value.meaning.replace('|', "\\|")))
            .collect();
        let _ = writeln!(
            table,
            "| `{}` | {} | {} |",
            reading.name,
            reading.fact,
            values.join("<br>")
        );
    }
    table
}

/// The page with its tables as they are now.
fn generated() -> String {
    let written = page(PAGE);
    let mut sections = written.split(START);
    let mut generated = sections.next().unwrap_or_default().to_owned();
    for section in sections {
        let (name, rest) = section.split_once(" -->\n").expect("a start names its section");
        let (_, rest) = rest.split_once(END).expect("what starts ends");
        let _ = write!(generated, "{START}{name} -->\n{}{END}{rest}", table(name));
    }
    generated
}

/// What is written by hand.
fn handwritten() -> String {
    READINGS
        .iter()
        .fold(page(PAGE), |page, reading| page.replace(&table(reading.section), ""))
}

#[test]
fn the_readings_on_the_page_are_current() {
    is_current(PAGE, &generated());
}

#[test]
fn each_reading_is_named_by_its_fact_in_its_own_section() {
    let page = handwritten();
    for reading in READINGS {
        let (_, section) = page
            .split_once(&format!("\n## {}\n", reading.section))
            .expect("the section");
        let section = section.split("\n## ").next().unwrap_or_default();
        assert!(
            section.contains(&format!("`{}`", reading.name)),
            "{} is not in {}",
            reading.name,
            reading.section
        );
    }
}

#[test]
fn the_names_that_choose_what_becomes_of_an_order_are_in_the_guide() {
    let guide = page("docs/guides/testing.md");
    for fate in FATES {
        let (domain, meaning) = (fate.domain, fate.meaning.trim_end_matches('.'));
        let mut letters = meaning.chars();
        let begun: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_lowercase)
            .chain(letters)
            .collect();
        assert!(
            guide.contains(&format!("| `{domain}` | {begun} |")),
            "{domain}: {begun}"
        );
    }
}
