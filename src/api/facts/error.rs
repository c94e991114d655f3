//! What the service says about a call that it refused.

use serde::Serialize;
use serde_json::{Map, Value};

use super::fact::{Fact, Label};

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

/// An error body. The service sends `validations` (400) and `errors` (the rest), each a list or a map by field; gateways
/// send a sentence in one of several fields (RFC 9457, OAuth, Apigee's `fault`, `{ error: { message } }`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorFacts {
    problems: Vec<Problem>,
    /// It has what only an error body has, and not merely a sentence.
    is_error: bool,
}

impl ErrorFacts {
    /// All that is wrong.
    #[must_use]
    pub fn problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The first problem in words, of what is nothing but an error body: some gateways send one with a success.
    #[must_use]
    pub(crate) fn instead(self) -> Option<String> {
        if !self.is_error {
            return None;
        }
        let problem = self.problems.into_iter().next().unwrap_or_default();
        let words = [problem.code, problem.message]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        Some(words.join(": ").chars().take(LONGEST_WORDS).collect())
    }
}

/// As much of a sentence of the service's is in one of ours.
const LONGEST_WORDS: usize = 300;

/// No name is named, for in a map the names are the fields that are wrong: an error body is read whole.
impl Fact for ErrorFacts {
    fn read(value: &Value) -> Option<Self> {
        let Some(fields) = value.as_object() else {
            let items = value.as_array()?.iter().filter(|item| item.is_object());
            return Some(Self {
                problems: items.filter_map(one).collect(),
                is_error: false,
            });
        };
        let mut problems = all_listed(fields);
        if problems.is_empty() {
            let inner = ["error", "data"]
                .iter()
                .filter_map(|name| named(fields, name)?.as_object());
            problems = inner.flat_map(all_listed).collect();
        }
        let is_status = |status: &Value| status.as_f64().is_some_and(|status| (400.0..600.0).contains(&status));
        let is_error = ["validations", "errors", "error", "fault"]
            .iter()
            .filter_map(|name| named(fields, name))
            .any(|value| !listed(value).is_empty())
            || named(fields, "status").is_some_and(is_status)
            || named(fields, "success") == Some(&Value::Bool(false));
        // RFC 9457 has the reason beside its extensions.
        if problems.is_empty() || named(fields, "detail").is_some() {
            problems.extend(own(fields));
        }
        Some(Self { problems, is_error })
    }
}

/// A field, however its name is capitalized.
fn named<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut all = fields.iter();
    all.find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// The problems in the lists of a body. RFC 7807 shows the third; the others are seen of services of this kind.
fn all_listed(fields: &Map<String, Value>) -> Vec<Problem> {
    let lists = [
        "validations",
        "errors",
        "invalid-params",
        "fieldErrors",
        "details",
        "messages",
    ];
    let lists = lists.iter().filter_map(|name| named(fields, name));
    lists.flat_map(listed).collect()
}

/// The one problem that the fields of the body itself name.
fn own(fields: &Map<String, Value>) -> Option<Problem> {
    let inner = ["error", "fault"]
        .iter()
        .filter_map(|name| named(fields, name))
        .find_map(one);
    let inner = inner.unwrap_or_default();
    let text = |name: &str| text(named(fields, name));
    let description = text("error_description");
    // OAuth has its code in `error`, and the sentence beside it.
    let oauth_code = description.as_ref().and(inner.message.clone());
    let message = [
        text("message"),
        text("detail"),
        description,
        inner.message,
        text("description"),
        text("reason"),
        text("exception"),
        text("title"),
    ];
    some(Problem {
        field: text("field").or(inner.field),
        code: text("code").or(inner.code).or(oauth_code),
        message: message.into_iter().flatten().next(),
    })
}

fn text(value: Option<&Value>) -> Option<String> {
    Label::read(value?)
        .map(|label| label.0)
        .filter(|text| !text.trim().is_empty())
}

fn some(problem: Problem) -> Option<Problem> {
    (problem != Problem::default()).then_some(problem)
}

/// A sentence, or an object with the fields of a problem under the names that services give them.
fn one(value: &Value) -> Option<Problem> {
    let Some(fields) = value.as_object() else {
        let message = value.is_string().then(|| text(Some(value))).flatten();
        return some(Problem {
            message,
            ..Problem::default()
        });
    };
    let first = |names: &[&str]| names.iter().find_map(|name| text(named(fields, name)));
    some(Problem {
        field: first(&["field", "pointer", "name"]),
        code: first(&["code"]),
        message: first(&[
            "message",
            "defaultMessage",
            "detail",
            "reason",
            "description",
            "error",
            "faultstring",
        ]),
    })
}

/// Problems as a list, or as a map from a field to one or several of them; or a sentence, or one problem, in its place.
fn listed(value: &Value) -> Vec<Problem> {
    match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        Value::Object(fields) if is_problem(fields) => one(value).into_iter().collect(),
        Value::Object(fields) => fields.iter().flat_map(|(field, value)| under(field, value)).collect(),
        _ => one(value).into_iter().collect(),
    }
}

/// Whether a map is no map but a problem itself: `{ code, message }`.
fn is_problem(fields: &Map<String, Value>) -> bool {
    let is_text = |name: &str| text(fields.get(name)).is_some();
    let mut names = fields.keys().map(String::as_str);
    is_text("message") && names.all(|name| ["field", "code", "message"].contains(&name) && is_text(name))
}

/// What a map has under a field.
fn under(field: &str, value: &Value) -> Vec<Problem> {
    let items = value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice);
    let of_field = |problem: Problem| Problem {
        field: Some(problem.field.unwrap_or_else(|| field.to_owned())),
        ..problem
    };
    items.iter().filter_map(one).map(of_field).collect()
}
