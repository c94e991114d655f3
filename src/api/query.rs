//! Queries: what an endpoint knows of them, and how they are written.

use finding::nearest::{instead_of, is_name};
use serde_json::{Map, Value};

use super::{
    facts::{Count, Fact},
    json,
    refused::{Reason, Refused},
    row::{Endpoint, Parameter, Takes},
    text::encode,
};

/// A query in the making: every value is encoded, and what is absent leaves no trace.
#[derive(Clone, Debug, Default)]
pub struct Query(String);

impl Query {
    /// The query of an endpoint, out of the caller's filter.
    pub(super) fn of(endpoint: &Endpoint, given: &Map<String, Value>) -> Result<Self, Refused> {
        for name in given.keys() {
            if !endpoint.parameters().any(|parameter| parameter.name == name) {
                let known: Vec<&str> = endpoint.parameters().map(|parameter| parameter.name).collect();
                let operation = endpoint.operation;
                if !is_name(name) {
                    let known = known.join(", ");
                    let message = format!("`{operation}` is given a name that is not one; it knows {known}.");
                    return Err(Refused::new(Reason::Name, "filter", message));
                }
                let message = format!("`{operation}` knows no `{name}`{}", instead_of(name, &known));
                return Err(Refused::new(Reason::Name, name, message));
            }
        }
        let mut query = Self::default();
        for parameter in endpoint.parameters() {
            let value = given.get(parameter.name).unwrap_or(&Value::Null);
            if !value.is_null() {
                query = query.with_parameter(parameter, value)?;
            }
        }
        Ok(query)
    }

    fn with_parameter(self, parameter: &Parameter, value: &Value) -> Result<Self, Refused> {
        let Parameter { name, takes } = *parameter;
        let refuse = |wanted: &str| {
            Err(Refused::new(
                Reason::Argument,
                name,
                format!("`{name}` must be {wanted}."),
            ))
        };
        match (takes, value) {
            (Takes::Text, Value::String(_) | Value::Number(_)) => Ok(self.with(name, &text_of(value))),
            (Takes::Text, _) => refuse("a string"),
            (Takes::List, Value::Array(items)) if items.iter().all(Value::is_string) => self.with_list(name, items),
            (Takes::List, _) => refuse("a list of strings"),
            (Takes::Count(least), value) => match Count::read(value).filter(|count| count.0 >= u64::from(least)) {
                Some(count) => Ok(self.with(name, &count.0.to_string())),
                None => refuse(&format!("a whole number, at least {least}")),
            },
        }
    }

    /// Adds `name=value`.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.push(name, &encode(value));
        self
    }

    /// Adds `name=a,b,c`, in which a comma inside a value is encoded and one between values is not. By a list of nothing
    /// everything would be found.
    pub(super) fn with_list(mut self, name: &str, values: &[Value]) -> Result<Self, Refused> {
        let values: Vec<String> = values.iter().map(|value| encode(&text_of(value))).collect();
        if values.iter().all(String::is_empty) {
            let message = format!("`{name}` names nothing: leave it out to ask for all.");
            return Err(Refused::new(Reason::Argument, name, message));
        }
        self.push(name, &values.join(","));
        Ok(self)
    }

    fn push(&mut self, name: &str, encoded: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&encode(name));
        self.0.push('=');
        self.0.push_str(encoded);
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => json::write(other),
    }
}
