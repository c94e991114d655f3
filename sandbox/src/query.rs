//! The query of a request, with the same care as its body.

use uuid::Uuid;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::readings::{Filters, InferredFilters, Readings, SortReading, ValidUntil};
use crate::text::parse_id;
use crate::validate::Checker;

/// The parameters of a query.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    checker: &'a Checker,
    pairs: Vec<(String, String)>,
}

/// What every list takes that is not a filter.
const PAGING: [&str; 3] = ["page", "size", "sort"];
/// The filters whose names are a guess, but for `validUntil`, which has a reading of its own.
const INFERRED: [&str; 3] = ["email", "userId", "text"];

/// What becomes of a parameter.
enum Fate {
    Honoured,
    Ignored,
    Refused,
}

impl Fate {
    fn of(name: &str, readings: &Readings) -> Self {
        if name == "sort" {
            return match readings.sort {
                SortReading::Honoured => Self::Honoured,
                SortReading::Ignored => Self::Ignored,
                SortReading::Refused | SortReading::Unprocessable => Self::Refused,
            };
        }
        if PAGING.contains(&name) {
            return Self::Honoured;
        }
        let as_inferred = match readings.inferred_filters {
            InferredFilters::Honoured => Self::Honoured,
            InferredFilters::Ignored => Self::Ignored,
            InferredFilters::Refused => Self::Refused,
        };
        match (name, readings.valid_until, readings.filters) {
            ("validUntil", ValidUntil::Refused, _) | ("statuses", _, Filters::WithoutStatuses) => Self::Refused,
            ("validUntil", ValidUntil::Ignored, _) | (_, _, Filters::Ignored) => Self::Ignored,
            _ if INFERRED.contains(&name) => as_inferred,
            _ => Self::Honoured,
        }
    }
}

impl<'a> Query<'a> {
    /// The query of a list, as far as the readings have it honoured.
    pub(crate) fn of_list(checker: &'a Checker, call: &Call<'a>) -> Self {
        let mut query = Self::new(checker, call.query());
        query.pairs.retain(|(name, _)| match Fate::of(name, call.readings) {
            Fate::Honoured => true,
            Fate::Ignored => false,
            Fate::Refused => {
                checker.problem(name, "UNKNOWN_PARAMETER", format!("{name} is not known here."));
                false
            }
        });
        query
    }

    /// The query as it is.
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
