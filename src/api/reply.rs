//! Replies: in which form they come, and how they are looked at without being rebuilt.

use std::{any::Any, borrow::Cow, rc::Rc};

use serde::Serialize;
use serde_json::Value;

use super::facts::{
    ContactFacts, ErrorFacts, Fact, IdFacts, Items, OrderFacts, OrganizationFacts, PageFacts, TokenFacts,
};

/// What a success replies with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// A JSON object.
    Object,
    /// A JSON list.
    List,
    /// One page of a list.
    Page {
        /// The field that holds the items.
        items: &'static str,
    },
    /// A file, as it is.
    File,
    /// Nothing that matters.
    Nothing,
    /// Whatever comes: JSON as such, anything else as text.
    Any,
}

impl Form {
    /// The media type to ask for.
    #[must_use]
    pub const fn accept(self) -> &'static str {
        match self {
            Self::File => "application/x-pkcs7-certificates",
            _ => "application/json",
        }
    }

    /// Holds a reply against the form.
    ///
    /// # Errors
    /// [`Unreadable`] when the call does not reply with that.
    pub fn check(self, body: &dyn Body) -> Result<(), Unreadable> {
        let kind = body.kind();
        let unexpected = |expected: &str| {
            Err(Unreadable {
                message: format!("expected {expected}, found {}", kind.in_words()),
                path: kind.is_json().then(|| "$".into()),
            })
        };
        match self {
            Self::Any => Ok(()),
            // What was deleted may come back, or a few words.
            Self::Nothing => match kind {
                BodyKind::Text => what_else(&body.text()).map_or(Ok(()), |other| {
                    Err(Unreadable {
                        message: format!("expected nothing, found {other}"),
                        path: None,
                    })
                }),
                BodyKind::Object => said_instead(body).map_or(Ok(()), |words| Err(unexpected_error("nothing", &words))),
                _ => Ok(()),
            },
            Self::File if matches!(kind, BodyKind::Bytes) => match what_else(&body.text()) {
                Some(other) => Err(Unreadable {
                    message: format!("expected a file of certificates, found {other}"),
                    path: None,
                }),
                None => Ok(()),
            },
            Self::File => unexpected("a file"),
            // With nothing in it, some services send nothing.
            Self::Page { .. } if matches!(kind, BodyKind::Empty) => Ok(()),
            _ if matches!(kind, BodyKind::Empty | BodyKind::Text) => unexpected("JSON"),
            Self::Object if matches!(kind, BodyKind::Object) => match said_instead(body) {
                Some(words) => Err(unexpected_error("what was asked for", &words)),
                None => Ok(()),
            },
            Self::Object => unexpected("a JSON object"),
            Self::List if matches!(kind, BodyKind::List) => Ok(()),
            Self::List => unexpected("a JSON list"),
            Self::Page { items } => match (kind, body.field(items).map(|content| content.kind())) {
                (BodyKind::List, _) => Ok(()),
                (BodyKind::Object, Some(BodyKind::List)) => match said_beside(body, items) {
                    Some(words) => Err(unexpected_error("a page of a list", &words)),
                    None => Ok(()),
                },
                // Some services leave out what is empty.
                (BodyKind::Object, None | Some(BodyKind::Null)) if body.page().says_nothing_is_there() => Ok(()),
                (BodyKind::Object, found) => Err(match said_instead(body) {
                    Some(words) => unexpected_error("a page of a list", &words),
                    None => Unreadable {
                        message: format!(
                            "expected a list of items, found {}",
                            found.map_or("none", BodyKind::in_words)
                        ),
                        path: Some(format!("$.{items}")),
                    },
                }),
                _ => unexpected("a page of a list"),
            },
        }
    }
}

/// What an error body says that came with a success: whatever the service has, has an id.
fn said_instead(body: &dyn Body) -> Option<String> {
    if body.has_id() {
        return None;
    }
    body.error().instead()
}

/// What is said to be wrong beside the items of a list, which may not be all of them then.
fn said_beside(body: &dyn Body, items: &str) -> Option<String> {
    let count = |name| body.field(name).map_or(0, |list| list.count());
    (count(items) == 0 || count("errors") > 0).then(|| said_instead(body))?
}

fn unexpected_error(expected: &str, words: &str) -> Unreadable {
    Unreadable {
        message: if words.is_empty() {
            format!("expected {expected}, found an error")
        } else {
            format!("expected {expected}, found an error: {words}")
        },
        path: Some("$".into()),
    }
}

/// What a text is that cannot be certificates: neither PEM nor base64 nor DER begins like this. A captive portal and a
/// session that has ended answer with 200 and a page to log in.
#[must_use]
pub fn what_else(text: &str) -> Option<&'static str> {
    match text
        .trim_start_matches(|char: char| char == '\u{feff}' || char.is_whitespace())
        .chars()
        .next()?
    {
        '<' => Some("a web page or XML"),
        '{' | '[' => Some("JSON"),
        _ => None,
    }
}

/// A successful reply whose body is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// One sentence: what was expected and what was found.
    pub message: String,
    /// Where in the body, when it is JSON.
    pub path: Option<String>,
}

/// What a body is, or a value in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// There is none.
    Empty,
    /// Text that is not JSON.
    Text,
    /// The bytes of a file.
    Bytes,
    /// JSON's null.
    Null,
    /// A JSON boolean.
    Boolean,
    /// A JSON number.
    Number,
    /// A JSON string.
    String,
    /// A JSON list.
    List,
    /// A JSON object.
    Object,
}

impl BodyKind {
    const fn is_json(self) -> bool {
        !matches!(self, Self::Empty | Self::Text | Self::Bytes)
    }

    /// How a sentence calls it.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Empty => "an empty body",
            Self::Text => "text that is not JSON",
            Self::Bytes => "a file",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// A reply's body, or a value in it, as the platform parsed it. Callers get the very same value; decisions read facts.
pub trait Body {
    /// What it is.
    fn kind(&self) -> BodyKind;
    /// The platform's own value, to be handed to the caller.
    fn as_any(&self) -> &dyn Any;
    /// A field of an object; nothing for what is not there.
    fn field(&self, _name: &str) -> Option<BodyRef> {
        None
    }
    /// Whether it names an `id`, as whatever the service has does: asked of each reply.
    fn has_id(&self) -> bool {
        self.id().id.is_some()
    }
    /// How many items a list has; 0 for what is not a list.
    fn count(&self) -> usize {
        0
    }
    /// An item of a list.
    fn item(&self, _at: usize) -> Option<BodyRef> {
        None
    }
    /// Its text: as it came for text, as JSON for what was JSON, and of a file at least its beginning.
    fn text(&self) -> String {
        String::new()
    }
    /// A copy in which every text, names included, went through `redact`; nothing where that changes none.
    fn redacted(&self, _redact: &dyn Fn(&str) -> Option<String>) -> Option<BodyRef> {
        None
    }

    /// The value as far as facts are read of it: of its objects, at any depth, the fields of these names or more; all of
    /// them where none is named.
    fn value(&self, _names: &[&'static str]) -> Cow<'_, Value> {
        Cow::Owned(Value::Null)
    }
    /// What decides about an order.
    fn order(&self) -> OrderFacts {
        read(&|names| self.value(names))
    }
    /// What decides about an organization.
    fn organization(&self) -> OrganizationFacts {
        read(&|names| self.value(names))
    }
    /// What decides about a contact.
    fn contact(&self) -> ContactFacts {
        read(&|names| self.value(names))
    }
    /// By which id an item is known again.
    fn id(&self) -> IdFacts {
        read(&|names| self.value(names))
    }
    /// By which id each item of a list is known again.
    fn ids(&self) -> Vec<IdFacts> {
        let ids: Items<IdFacts> = read(&|names| self.value(names));
        ids.0
    }
    /// Where a page is in its list.
    fn page(&self) -> PageFacts {
        read(&|names| self.value(names))
    }
    /// A new token.
    fn token(&self) -> TokenFacts {
        read(&|names| self.value(names))
    }
    /// What the service says is wrong.
    fn error(&self) -> ErrorFacts {
        read(&|names| self.value(names))
    }
}

/// Reads facts out of what holds the fields of some names. What cannot be read at all holds none.
fn read<'a, T: Fact + Default>(value: &dyn Fn(&[&'static str]) -> Cow<'a, Value>) -> T {
    let mut names = Vec::new();
    T::names(&mut names);
    T::read(&value(&names)).unwrap_or_default()
}

/// The body of a reply that has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBody;

impl Body for NoBody {
    fn kind(&self) -> BodyKind {
        BodyKind::Empty
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A body that several hold: the caller gets the very value that decisions were read of.
pub type BodyRef = Rc<dyn Body>;
