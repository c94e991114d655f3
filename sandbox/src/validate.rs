//! The check of a request's body: everything that is wrong with it, all at once.

use std::cell::RefCell;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::http::{MAX_BODY, Request};
use crate::refusal::{Problem, Refusal};
use crate::text::{Text, parse_id};

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    problems: RefCell<Vec<Problem>>,
}

impl Checker {
    pub(crate) fn problem(&self, field: &str, code: &'static str, message: impl Into<String>) {
        self.problems.borrow_mut().push(Problem {
            field: field.to_owned(),
            code,
            message: message.into(),
        });
    }

    /// 400 if anything was wrong.
    pub(crate) fn finish(&self) -> Result<(), Refusal> {
        let problems = self.problems.take();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Invalid(problems))
        }
    }
}

/// The body as JSON, or 413, 415 or 400.
pub(crate) fn json_body(request: &Request) -> Result<Value, Refusal> {
    if request.body.len() > MAX_BODY {
        let message = format!("The body is longer than {MAX_BODY} bytes.");
        return Err(Refusal::Error {
            status: 413,
            code: "PAYLOAD_TOO_LARGE",
            message,
        });
    }
    if request.body.is_empty() {
        return Err(Refusal::invalid("body", "REQUIRED", "A JSON body is required."));
    }
    let kind = request
        .header("content-type")
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        let message = "The body must be of type application/json.".to_owned();
        return Err(Refusal::Error {
            status: 415,
            code: "UNSUPPORTED_MEDIA_TYPE",
            message,
        });
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| Refusal::invalid("body", "MALFORMED_JSON", format!("The body is not JSON: {error}.")))
}

/// One object of a body. `null` is the same as absent.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    checker: &'a Checker,
    /// `None` once it was found not to be an object; then its fields are not asked for.
    object: Option<&'a Map<String, Value>>,
    path: String,
}

impl<'a> Fields<'a> {
    /// The body itself.
    pub(crate) fn of_body(checker: &'a Checker, body: &'a Value) -> Self {
        Self::new(checker, body, String::new())
    }

    fn new(checker: &'a Checker, value: &'a Value, path: String) -> Self {
        if !value.is_object() {
            let field = if path.is_empty() { "body" } else { &path };
            checker.problem(field, "INVALID_TYPE", format!("{field} must be an object."));
        }
        Self {
            checker,
            object: value.as_object(),
            path,
        }
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Reports a problem of one of the fields.
    pub(crate) fn problem(&self, name: &str, code: &'static str, message: &str) {
        let field = self.path_of(name);
        self.checker.problem(&field, code, format!("{field} {message}."));
    }

    /// 400 if anything was wrong, here or anywhere else in the body.
    pub(crate) fn finish(&self) -> Result<(), Refusal> {
        self.checker.finish()
    }

    /// Whether the field is there and not null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value as it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object?.get(name).filter(|value| !value.is_null())
    }

    /// Reports the fields that are not there.
    pub(crate) fn require(&self, names: &[&str]) {
        for name in names {
            if self.object.is_some() && !self.has(name) {
                self.problem(name, "REQUIRED", "is required");
            }
        }
    }

    /// A text, empty where it is missing or wrong.
    pub(crate) fn text(&self, name: &str, kind: Text) -> String {
        self.optional_text(name, kind).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(crate) fn optional_text(&self, name: &str, kind: Text) -> Option<String> {
        self.parsed(name, kind.expectation(), |text| {
            kind.accepts(text).then(|| text.to_owned())
        })
    }

    /// A text that means something, such as one of a set of words.
    pub(crate) fn parsed<T>(
        &self,
        name: &str,
        expectation: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.checked(name, |text| parse(text).ok_or(expectation))
    }

    /// A text that somebody else reads, who says what is wrong with it.
    pub(crate) fn checked<T>(&self, name: &str, read: impl Fn(&str) -> Result<T, &'static str>) -> Option<T> {
        let Some(text) = self.get(name)?.as_str() else {
            self.problem(name, "INVALID_TYPE", "must be a text");
            return None;
        };
        read(text)
            .map_err(|expectation| self.problem(name, "INVALID_VALUE", expectation))
            .ok()
    }

    /// An id.
    pub(crate) fn id(&self, name: &str) -> Uuid {
        self.parsed(name, "must be a UUID", parse_id).unwrap_or_default()
    }

    /// True or false.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        if !value.is_boolean() {
            self.problem(name, "INVALID_TYPE", "must be true or false");
        }
        value.as_bool()
    }

    /// The object in a field; an object without fields where there is none.
    pub(crate) fn object(&self, name: &str) -> Fields<'a> {
        match self.get(name) {
            Some(value) => Fields::new(self.checker, value, self.path_of(name)),
            None => Fields {
                checker: self.checker,
                object: None,
                path: self.path_of(name),
            },
        }
    }

    /// The objects of a list.
    pub(crate) fn objects(&self, name: &str) -> Vec<Fields<'a>> {
        let items = self.list(name).unwrap_or_default().iter().enumerate();
        items
            .map(|(index, value)| Fields::new(self.checker, value, self.path_of(&format!("{name}[{index}]"))))
            .collect()
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &str, kind: Text) -> Option<Vec<String>> {
        let expectation = kind.expectation();
        let mut texts = Vec::new();
        for (index, value) in self.list(name)?.iter().enumerate() {
            match value.as_str() {
                None => self.problem(&format!("{name}[{index}]"), "INVALID_TYPE", "must be a text"),
                Some(text) if !kind.accepts(text) => {
                    self.problem(&format!("{name}[{index}]"), "INVALID_VALUE", expectation);
                }
                Some(text) => texts.push(text.to_owned()),
            }
        }
        Some(texts)
    }

    /// Reports a list that is there and empty.
    pub(crate) fn require_items(&self, name: &str) {
        if self.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.problem(name, "REQUIRED", "must have at least one item");
        }
    }

    fn list(&self, name: &str) -> Option<&'a [Value]> {
        let value = self.get(name)?;
        if !value.is_array() {
            self.problem(name, "INVALID_TYPE", "must be a list");
        }
        value.as_array().map(Vec::as_slice)
    }
}
