//! What the service says about a call that it refused.

use serde::{Deserialize, Deserializer, Serialize};

use super::lenient::{self, Label, TextOr};

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

/// An error body: `validations` (400) and `errors` (the rest), and the `message` or `error` that gateways send.
///
/// Its own fields are listed and not flattened: serde would copy the whole body to find them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ErrorFacts {
    #[serde(deserialize_with = "lenient::items")]
    validations: Vec<Entry>,
    #[serde(deserialize_with = "lenient::items")]
    errors: Vec<Entry>,
    #[serde(deserialize_with = "lenient::field")]
    field: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    code: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    message: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    error: Option<Label>,
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

/// The fields of a problem, or of a gateway's error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "lenient::field")]
    field: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    code: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    message: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    error: Option<Label>,
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

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match TextOr::<Fields>::deserialize(deserializer)? {
            TextOr::Text(message) => (!message.is_empty()).then(|| Problem {
                message: Some(message),
                ..Problem::default()
            }),
            TextOr::Fields(fields) => fields.problem(),
        }))
    }
}
