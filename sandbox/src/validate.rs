//! The check of a request's body: everything that is wrong with it, all at once.

use std::cell::RefCell;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::http::{MAX_BODY, Request};
use crate::refusal::{Problem, Refusal};

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

/// What a text has to look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// Anything but blanks, at most 255 characters.
    Line,
    /// At most 2000 characters, blank or not.
    Note,
    /// A mail address.
    Email,
    /// A host name, perhaps a wildcard one.
    Domain,
    /// A domain that fits into a common name, which holds 64 characters (RFC 5280, appendix A.1).
    CommonName,
    /// Two capital letters, ISO 3166-1.
    Country,
    /// A language: `en`.
    Locale,
    /// A text that another reader will check.
    Pem,
}

impl Text {
    fn expectation(self) -> &'static str {
        match self {
            Self::Line => "must be a text that is not blank, of at most 255 characters",
            Self::Note => "must be a text of at most 2000 characters",
            Self::Email => "must be a mail address",
            Self::Domain => "must be a domain name",
            Self::CommonName => "must be a domain name of at most 64 characters",
            Self::Country => "must be a country code of two capital letters",
            Self::Locale => "must be a language code such as en",
            Self::Pem => "must be a text of at most 65536 characters",
        }
    }

    fn accepts(self, text: &str) -> bool {
        let longest = |most: usize| text.chars().count() <= most;
        match self {
            Self::Line => longest(255) && !is_blank(text),
            Self::Note => longest(2_000),
            Self::Email => longest(254) && is_email(text),
            Self::Domain => is_domain(text),
            Self::CommonName => longest(64) && is_domain(text),
            Self::Country => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()),
            Self::Pem => longest(65_536),
            Self::Locale => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase()),
        }
    }
}

/// Nothing but white space as ECMAScript has it, so that `\S` in docs/openapi.yaml means the same.
fn is_blank(text: &str) -> bool {
    let is_space = |letter: char| (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{feff}';
    text.chars().all(is_space)
}

fn is_email(text: &str) -> bool {
    let is_local = |letter: u8| letter.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&letter);
    text.split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && local.bytes().all(is_local) && is_host(host))
}

/// A host name, with a wildcard allowed as its whole first label (RFC 6125).
pub(crate) fn is_domain(text: &str) -> bool {
    text.len() <= 253 && is_host(text.strip_prefix("*.").unwrap_or(text))
}

/// At least two labels (RFC 1123). The last one begins with a letter, which tells a name from an IPv4 address.
fn is_host(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(rest, last)| {
        rest.split('.').all(is_label)
            && is_label(last)
            && last.len() >= 2
            && last.starts_with(|letter: char| letter.is_ascii_alphabetic())
    })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The one form of an id: 36 characters with hyphens, in either case.
pub(crate) fn parse_id(text: &str) -> Option<Uuid> {
    if text.len() == 36 {
        Uuid::try_parse(text).ok()
    } else {
        None
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_host_names_with_at_most_one_wildcard_in_front() {
        for good in [
            "example.com",
            "*.example.com",
            "a-b.EXAMPLE.co",
            "xn--bcher-kva.example",
            "1.example",
        ] {
            assert!(is_domain(good), "{good}");
        }
        for bad in [
            "", "example", "*.com.", "a.*.com", "-a.com", "a-.com", "a..com", "1.2.3.4", "a.b", "a_b.com", "ä.com",
            "*.",
        ] {
            assert!(!is_domain(bad), "{bad}");
        }
        assert!(!is_domain(&format!("{}.com", "a".repeat(64))));
    }

    #[test]
    fn mail_addresses_have_two_sides() {
        for good in ["a@b.co", "first.last+tag@mail.example"] {
            assert!(Text::Email.accepts(good), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@b", "a@b@c.co", "a b@c.co", "a@b..co", "a@-b.co"] {
            assert!(!Text::Email.accepts(bad), "{bad}");
        }
    }

    #[test]
    fn an_id_is_a_hyphenated_uuid_and_nothing_else() {
        assert!(parse_id("67e55044-10b1-426f-9247-bb680e5fe0c8").is_some());
        for bad in [
            "",
            "67e5504410b1426f9247bb680e5fe0c8",
            "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
            "67e55044-10b1-426f-9247-bb680e5fe0cg",
        ] {
            assert_eq!(parse_id(bad), None, "{bad}");
        }
    }
}
