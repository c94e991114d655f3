//! What the service says about a call that it refused.

use core::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use super::lenient::{self, Label, Lenient, TextOr};

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
///
/// Its own fields are listed and not flattened: serde would copy the whole body to find them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ErrorFacts {
    validations: Listed,
    errors: Listed,
    /// The extension that RFC 7807 shows.
    #[serde(rename = "invalid-params")]
    invalid_params: Listed,
    #[serde(deserialize_with = "lenient::field")]
    error: Option<Entry>,
    #[serde(deserialize_with = "lenient::object")]
    fault: Option<Fields>,
    #[serde(deserialize_with = "lenient::field")]
    field: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    code: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    message: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    detail: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    error_description: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    title: Option<Label>,
}

impl ErrorFacts {
    /// All that is wrong.
    #[must_use]
    pub fn problems(self) -> Vec<Problem> {
        let lists = [self.validations, self.errors, self.invalid_params];
        let listed: Vec<Problem> = lists.into_iter().flat_map(|list| list.0).collect();
        if !listed.is_empty() {
            return listed;
        }
        let inner = self.error.and_then(|error| error.0);
        let inner = inner.or_else(|| self.fault?.problem()).unwrap_or_default();
        let description = text(self.error_description);
        // OAuth has its code in `error`, and the sentence beside it.
        let oauth_code = description.as_ref().and(inner.message.clone());
        let problem = Problem {
            field: text(self.field).or(inner.field),
            code: text(self.code).or(inner.code).or(oauth_code),
            message: [
                text(self.message),
                text(self.detail),
                description,
                inner.message,
                text(self.title),
            ]
            .into_iter()
            .flatten()
            .next(),
        };
        (problem != Problem::default()).then_some(problem).into_iter().collect()
    }
}

fn text(label: Option<Label>) -> Option<String> {
    label.map(|label| label.0).filter(|text| !text.trim().is_empty())
}

/// The fields of a problem, under the names that services give them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(deserialize_with = "lenient::field")]
    field: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    pointer: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    name: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    code: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    message: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    detail: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    reason: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    error: Option<Label>,
    #[serde(deserialize_with = "lenient::field")]
    faultstring: Option<Label>,
}

impl Fields {
    fn problem(self) -> Option<Problem> {
        let first = |labels: Vec<Option<Label>>| labels.into_iter().find_map(text);
        let problem = Problem {
            field: first(vec![self.field, self.pointer, self.name]),
            code: text(self.code),
            message: first(vec![
                self.message,
                self.detail,
                self.reason,
                self.error,
                self.faultstring,
            ]),
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
            TextOr::Text(message) => sentence(message),
            TextOr::Fields(fields) => fields.problem(),
        }))
    }
}

fn sentence(message: String) -> Option<Problem> {
    (!message.trim().is_empty()).then(|| Problem {
        message: Some(message),
        ..Problem::default()
    })
}

/// Problems as a list, or as a map from a field to one or several of them. A sentence in the place of the list is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Listed(Vec<Problem>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Both deserializers that read facts hold the whole value: one that fails inside leaves nothing half read.
        Ok(deserializer.deserialize_any(ListedVisitor).unwrap_or_default())
    }
}

struct ListedVisitor;

impl<'de> Visitor<'de> for ListedVisitor {
    type Value = Listed;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("problems")
    }

    fn visit_str<E>(self, message: &str) -> Result<Listed, E> {
        Ok(Listed(sentence(message.to_owned()).into_iter().collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listed, A::Error> {
        let mut problems = Vec::new();
        while let Some(Lenient(entry)) = list.next_element::<Lenient<Entry>>()? {
            problems.extend(entry.0);
        }
        Ok(Listed(problems))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listed, A::Error> {
        let mut problems = Vec::new();
        while let Some((field, Lenient(entries))) = map.next_entry::<String, Lenient<Entries>>()? {
            problems.extend(entries.0.into_iter().map(|problem| Problem {
                field: Some(problem.field.unwrap_or_else(|| field.clone())),
                ..problem
            }));
        }
        Ok(Listed(one_problem(&problems).map_or(problems, |problem| vec![problem])))
    }
}

/// A map that is no map but a problem itself: `{ code, message }`.
fn one_problem(problems: &[Problem]) -> Option<Problem> {
    let under = |name: &str| {
        let problem = problems.iter().find(|problem| problem.field.as_deref() == Some(name))?;
        problem.message.clone()
    };
    let names = ["field", "code", "message"];
    let is_one = problems
        .iter()
        .all(|problem| problem.field.as_deref().is_some_and(|field| names.contains(&field)));
    (is_one && under("message").is_some()).then(|| Problem {
        field: under("field"),
        code: under("code"),
        message: under("message"),
    })
}

/// What a map has under a field: one entry, or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entries(Vec<Problem>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a problem or a list of them")
    }

    fn visit_str<E>(self, message: &str) -> Result<Entries, E> {
        Ok(Entries(sentence(message.to_owned()).into_iter().collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Entries, A::Error> {
        ListedVisitor.visit_seq(list).map(|list| Entries(list.0))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Entries, A::Error> {
        let fields = Fields::deserialize(MapAccessDeserializer::new(fields))?;
        Ok(Entries(fields.problem().into_iter().collect()))
    }
}
