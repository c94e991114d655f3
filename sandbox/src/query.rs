//! The query of a request, with the same care as its body.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::validate::{Checker, parse_id};

/// The parameters of a query.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    checker: &'a Checker,
    pairs: Vec<(String, String)>,
}

impl<'a> Query<'a> {
    pub(crate) fn new(checker: &'a Checker, query: &str) -> Self {
        Self {
            checker,
            pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        }
    }

    pub(crate) fn problem(&self, name: &str, code: &'static str, message: &str) {
        self.checker.problem(name, code, format!("{name} {message}."));
    }

    /// One value; a parameter given twice is a problem, because it is not clear which is meant.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let mut values = self
            .pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            self.problem(name, "INVALID_VALUE", "must be given once");
        }
        first
    }

    /// One value that means something.
    pub(crate) fn parsed<T>(&self, name: &str, expectation: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let parsed = parse(self.text(name)?);
        if parsed.is_none() {
            self.problem(name, "INVALID_VALUE", expectation);
        }
        parsed
    }

    /// A whole number in decimal digits, at least `low` and at most 2147483647.
    pub(crate) fn number(&self, name: &str, low: u32) -> Option<u32> {
        let expectation = if low == 0 {
            "must be a number from 0 to 2147483647"
        } else {
            "must be a number from 1 to 2147483647"
        };
        self.parsed(name, expectation, |text| {
            let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
            let number = if digits { text.parse::<i32>().ok() } else { None };
            number
                .and_then(|number| u32::try_from(number).ok())
                .filter(|number| *number >= low)
        })
    }

    pub(crate) fn id(&self, name: &str) -> Option<Uuid> {
        self.parsed(name, "must be a UUID", parse_id)
    }

    pub(crate) fn date(&self, name: &str) -> Option<Timestamp> {
        self.parsed(
            name,
            "must be a date such as 2026-03-15 or a time such as 2026-03-15T12:00:00Z",
            Timestamp::parse,
        )
    }

    /// A comma-separated list, perhaps over several parameters of the name; an empty one filters nothing.
    pub(crate) fn list<T>(&self, name: &str, expectation: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let values = self
            .pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        let words = values
            .filter(|value| !value.is_empty())
            .flat_map(|value| value.split(','));
        words
            .filter_map(|word| {
                let parsed = parse(word);
                if parsed.is_none() {
                    self.problem(name, "INVALID_VALUE", expectation);
                }
                parsed
            })
            .collect()
    }
}
