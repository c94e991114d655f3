//! What the service says about a call that it refused.

use serde::Serialize;
use serde_json::Value;

use super::fact::{Fact, Label, facts};

/// One thing that is wrong with a call, in the service's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Problem {
    /// The field of the request that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub field: Option<String>,
    /// The service's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub code: Option<String>,
    /// The service's sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub message: Option<String>,
}

facts! {
    /// An error body: `validations` (400) and `errors` (the rest), and the `message` or `error` that gateways send.
    ///
    /// Its own fields are listed and not flattened: serde would copy the whole body to find them.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct ErrorFacts {
        validations: Vec<Entry> = "validations",
        errors: Vec<Entry> = "errors",
        field: Option<Label> = "field",
        code: Option<Label> = "code",
        message: Option<Label> = "message",
        error: Option<Label> = "error",
    }
}

impl ErrorFacts {
    /// All that is wrong.
    #[must_use]
    pub fn problems(self) -> Vec<Problem> {
        let listed = self.validations.into_iter().chain(self.errors);
        let listed: Vec<Problem> = listed.filter_map(|entry| entry.0).collect();
        if !listed.is_empty() {
            return listed;
        }
        let own = Fields {
            field: self.field,
            code: self.code,
            message: self.message,
            error: self.error,
        };
        own.problem().into_iter().collect()
    }
}

facts! {
    /// The fields of a problem, or of a gateway's error.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    struct Fields {
        field: Option<Label> = "field",
        code: Option<Label> = "code",
        message: Option<Label> = "message",
        error: Option<Label> = "error",
    }
}

impl Fields {
    fn problem(self) -> Option<Problem> {
        let text = |label: Option<Label>| label.map(|label| label.0).filter(|text| !text.is_empty());
        let problem = Problem {
            field: text(self.field),
            code: text(self.code),
            message: text(self.message).or_else(|| text(self.error)),
        };
        (problem != Problem::default()).then_some(problem)
    }
}

/// One entry of a list of problems: an object, or a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry(Option<Problem>);

impl Fact for Entry {
    fn read(value: &Value) -> Option<Self> {
        let problem = match value {
            Value::String(message) => (!message.is_empty()).then(|| Problem {
                message: Some(message.clone()),
                ..Problem::default()
            }),
            _ => Fields::read(value)?.problem(),
        };
        Some(Self(problem))
    }

    fn names(names: &mut Vec<&'static str>) {
        Fields::names(names);
    }
}
