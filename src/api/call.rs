//! What a call is: a request to make, and a reply to read.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// A call of the service, as a value.
pub trait Call {
    /// What its reply is read as.
    type Reply: Reply;

    /// The request that this call makes.
    ///
    /// # Errors
    /// [`Refused`] when the call can not be made of what it was given; nothing is sent then.
    fn request(&self) -> Result<Request, Refused>;
}

/// A call that can not be made of what it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Stable, for programs.
    pub code: &'static str,
    /// Where in the call's arguments.
    pub field: String,
    /// One sentence: what is wrong and what to do.
    pub message: String,
}

/// The HTTP methods of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes.
    Patch,
    /// Replaces; the documented service has no such call.
    Put,
    /// Deletes.
    Delete,
}

impl Method {
    /// The method's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// The method of that name, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Patch, Self::Put, Self::Delete]
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(name))
    }

    /// Whether repeating it does nothing twice (RFC 9110, 9.2.2).
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }
}

/// Which of the service's two bases a path belongs to (guide 5.2 and 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The authentication service.
    Auth,
    /// The certificate service.
    Certs,
}

/// A request, before the client adds base, credentials and the rest. Its body may be a password's: it has no `Debug`
/// on purpose.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The base that `path` is under.
    pub base: Base,
    /// Starts with a slash; its variable parts are encoded.
    pub path: String,
    /// The encoded query without its question mark; empty when there is none.
    pub query: String,
    /// The JSON body.
    pub body: Option<Value>,
    /// The media type asked for.
    pub accept: &'static str,
}

impl Request {
    /// A request to the certificate service, with no query and no body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            base: Base::Certs,
            path: path.into(),
            query: String::new(),
            body: None,
            accept: "application/json",
        }
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same with a query.
    #[must_use]
    pub fn with_query(mut self, query: Query) -> Self {
        self.query = query.0;
        self
    }
}

/// What RFC 3986 leaves as it is in a query value.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A query in the making: every value is encoded, and what is absent leaves no trace.
#[derive(Clone, Debug, Default)]
pub struct Query(String);

impl Query {
    /// Adds `name=value`.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.push(name, &encode(&value.to_string()));
        }
        self
    }

    /// Adds `name=a,b,c`, in which a comma inside a value is encoded and one between values is not.
    #[must_use]
    pub fn with_list<T: ToString>(mut self, name: &str, values: Option<&Vec<T>>) -> Self {
        let values: Vec<String> = values
            .into_iter()
            .flatten()
            .map(|value| encode(&value.to_string()))
            .collect();
        if !values.is_empty() {
            self.push(name, &values.join(","));
        }
        self
    }

    fn push(&mut self, name: &str, encoded: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&encode(name));
        self.0.push('=');
        self.0.push_str(encoded);
    }
}

/// A text as it stands in a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// What a reply's body is read as. The status was looked at before: the body is that of a success.
pub trait Reply: Sized {
    /// Reads the body.
    ///
    /// # Errors
    /// [`Unreadable`] when it is not what the call replies with.
    fn read(body: &[u8]) -> Result<Self, Unreadable>;
}

/// A successful reply whose body is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// One sentence: what was expected and what was found.
    pub message: String,
    /// Where in the body, when it is JSON.
    pub path: Option<String>,
}

/// The file of a download, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File(pub Vec<u8>);

impl Reply for File {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        if body.is_empty() {
            return Err(Unreadable {
                message: "expected a file, found an empty body".into(),
                path: None,
            });
        }
        Ok(Self(body.to_vec()))
    }
}

/// Calls whose reply holds nothing.
impl Reply for () {
    fn read(_body: &[u8]) -> Result<Self, Unreadable> {
        Ok(())
    }
}

/// Calls of which nothing is known: JSON as such, an empty body as null, everything else as text.
impl Reply for Value {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        if body.is_empty() {
            return Ok(Self::Null);
        }
        Ok(serde_json::from_slice(body).unwrap_or_else(|_| Self::String(String::from_utf8_lossy(body).into_owned())))
    }
}

/// Reads a body as JSON, with a sentence that says where it ends to be JSON.
pub(super) fn json(body: &[u8]) -> Result<Value, Unreadable> {
    if body.trim_ascii().is_empty() {
        return Err(Unreadable {
            message: "expected JSON, found an empty body".into(),
            path: None,
        });
    }
    serde_json::from_slice(body).map_err(|error| Unreadable {
        message: format!(
            "expected JSON, found something else at line {}, column {}",
            error.line(),
            error.column()
        ),
        path: None,
    })
}

/// A call that this package has no name for: the same token, limit, retries and errors, any path.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct RequestCall {
    /// The HTTP method.
    pub method: String,
    /// The path under the certificate base, from its slash on.
    pub path: String,
    /// Query values: text, numbers, booleans, or lists of them, which are joined with commas.
    #[serde(default)]
    pub query: serde_json::Map<String, Value>,
    /// The JSON body.
    #[serde(default)]
    pub body: Option<Value>,
}

impl Call for RequestCall {
    type Reply = Value;

    fn request(&self) -> Result<Request, Refused> {
        let method = Method::parse(&self.method).ok_or_else(|| Refused {
            code: "invalid_method",
            field: "method".into(),
            message: "The method must be one of GET, POST, PATCH, PUT and DELETE.".into(),
        })?;
        let starts_at_base = self.path.starts_with('/') && !self.path.starts_with("//");
        // A URL's reader takes `%2e` for a dot (WHATWG URL, 4.1), and would climb out of the base with it.
        let path = self.path.to_ascii_lowercase().replace("%2e", ".");
        let climbs = path.split('/').any(|part| matches!(part, "." | ".."));
        let plain = self
            .path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'\\'));
        if !starts_at_base || climbs || !plain {
            return Err(Refused {
                code: "invalid_path",
                field: "path".into(),
                message: "The path must start with one slash, be percent-encoded and hold no `..`, `?` or `#`; \
                          put query values into `query`."
                    .into(),
            });
        }
        let query = self
            .query
            .iter()
            .fold(Query::default(), |query, (name, value)| match value {
                Value::Null => query,
                Value::Array(values) => query.with_list(name, Some(&values.iter().map(text_of).collect::<Vec<_>>())),
                value => query.with(name, Some(text_of(value))),
            });
        let request = Request::new(method, self.path.clone()).with_query(query);
        Ok(match &self.body {
            Some(body) => request.with_body(body.clone()),
            None => request,
        })
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
