//! A request: made of an endpoint's row and the caller's arguments, before the client adds base, credentials and the rest.

use serde_json::{Map, Value};

use crate::options;

use super::{
    id::ResourceId,
    json::object,
    private_key,
    query::{Query, text_of},
    refused::{Reason, Refused},
    reply::Form,
    row::{Endpoint, Method, Payload, Service},
    text::replace,
};

/// What a caller gives for one call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// The path's variable parts by name.
    pub path: Map<String, Value>,
    /// The query, or for a list its filter and page.
    pub query: Map<String, Value>,
    /// The body, as JSON text.
    pub body: Option<String>,
}

impl Arguments {
    /// Of a call whose path names one resource.
    #[must_use]
    pub fn of_id(id: &str) -> Self {
        Self {
            path: only("id", id),
            ..Self::default()
        }
    }
}

/// An object with one field.
#[must_use]
pub fn only(name: &str, value: impl Into<Value>) -> Map<String, Value> {
    object([(name, value.into())])
}

/// A request. Its body may hold a password: it has no `Debug` on purpose.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The call's name.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// Whose path it is.
    pub service: Service,
    /// Starts with a slash; its variable parts are encoded.
    pub path: String,
    /// The encoded query without its question mark; empty when there is none.
    pub query: String,
    /// JSON text.
    pub body: Option<String>,
    /// What a success replies with.
    pub reply: Form,
    /// Whether it changes anything.
    pub writes: bool,
    /// By which a proxy knows it again when it arrives a second time.
    pub once_id: Option<String>,
}

impl Endpoint {
    /// The request that this call makes of its arguments.
    ///
    /// # Errors
    /// [`Refused`] for a path parameter that is not a UUID, for a query that the endpoint does not know, for a value of
    /// the wrong type, for a body that is missing, and for a private key anywhere.
    pub fn request(&'static self, arguments: Arguments) -> Result<Request, Refused> {
        let body = match (self.body, arguments.body) {
            (Payload::None, _) => None,
            (_, Some(body)) => Some(body),
            (Payload::OrEmpty, None) => Some("{}".into()),
            (Payload::Given, None) => {
                let message = format!("`{}` needs an object to send.", self.operation);
                return Err(Refused::new(Reason::Argument, "body", message));
            }
        };
        refuse_private_keys(&arguments.query, body.as_deref())?;
        Ok(Request {
            operation: self.operation,
            method: self.method,
            service: self.service,
            path: self.path_of(&arguments.path)?,
            query: Query::of(self, &arguments.query)?.into_text(),
            body,
            reply: self.reply,
            writes: self.writes,
            once_id: None,
        })
    }

    fn path_of(&self, given: &Map<String, Value>) -> Result<String, Refused> {
        let mut path = self.path.to_owned();
        for name in self.path_parameters() {
            let id = match given.get(name) {
                Some(Value::String(id)) => ResourceId::of(name, id)?,
                Some(_) => return Err(ResourceId::refused(name, "it is not a string")),
                None => return Err(ResourceId::refused(name, "it is missing")),
            };
            path = replace(&path, &format!("{{{name}}}"), id.as_str());
        }
        Ok(path)
    }
}

/// A path of one of the endpoints has room for UUIDs only.
fn refuse_private_keys(query: &Map<String, Value>, body: Option<&str>) -> Result<(), Refused> {
    for (name, value) in query {
        let values = value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice);
        for value in values {
            private_key::refuse(name, &text_of(value))?;
        }
    }
    body.map_or(Ok(()), private_key::refuse_in_json)
}

/// A call that this package has no name for: the same token, limit, retries and errors, any path.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct RequestOptions {
    /// GET, POST, PUT, PATCH or DELETE.
    #[cfg_attr(feature = "types", tsify(type = "string"))]
    pub method: Option<String>,
    /// The path under the service's base address, from its slash on.
    #[cfg_attr(feature = "types", tsify(type = "string"))]
    pub path: Option<String>,
    /// Values of text, numbers or booleans, or lists of them, which are joined with commas.
    #[cfg_attr(feature = "types", tsify(optional, type = "object | undefined"))]
    pub query: Option<Map<String, Value>>,
    /// Which of the two services: `certs` (the default) or `auth`.
    #[cfg_attr(feature = "types", tsify(optional, type = "Service | undefined"))]
    pub service: Option<Service>,
}

options!(RequestOptions {
    method = "method",
    path = "path",
    service = "service",
});

fn given<'a>(name: &str, value: Option<&'a String>) -> Result<&'a String, Refused> {
    value.ok_or_else(|| Refused::new(Reason::Missing, name, format!("`{name}` is missing.")))
}

impl RequestOptions {
    /// The name under which such a call is shown.
    pub const OPERATION: &'static str = "request";

    /// The request, with this JSON text as its body.
    ///
    /// # Errors
    /// [`Refused`] for an unknown method, and for a path that would leave the base address.
    pub fn request(&self, body: Option<String>) -> Result<Request, Refused> {
        let method = given("method", self.method.as_ref())?;
        let path = given("path", self.path.as_ref())?;
        let method = Method::parse(method).ok_or_else(|| {
            let message = "The method must be one of GET, POST, PATCH, PUT and DELETE.";
            Refused::new(Reason::Method, "method", message)
        })?;
        let starts_at_base = path.starts_with('/') && !path.starts_with("//");
        // A URL parser takes `%2e` for a dot (WHATWG URL, 4.1), and would climb out of the base with it.
        let plain_dots = replace(&path.to_ascii_lowercase(), "%2e", ".");
        let climbs = plain_dots.split('/').any(|part| matches!(part, "." | ".."));
        let plain = path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'\\'));
        if !starts_at_base || climbs || !plain {
            let message = "The path must start with one slash, be percent-encoded and contain no `..`, `?` or `#`; \
                           put query values into `query`.";
            return Err(Refused::new(Reason::Path, "path", message));
        }
        private_key::refuse("path", path)?;
        refuse_private_keys(self.query.as_ref().unwrap_or(&Map::new()), body.as_deref())?;
        let query = self.query.iter().flatten();
        let query = query
            .into_iter()
            .try_fold(Query::default(), |query, (name, value)| match value {
                Value::Null => Ok(query),
                Value::Array(values) => query.with_list(name, values),
                value => Ok(query.with(name, &text_of(value))),
            })?;
        Ok(Request {
            operation: Self::OPERATION,
            method,
            service: self.service.unwrap_or_default(),
            path: path.clone(),
            query: query.into_text(),
            body,
            reply: Form::Any,
            writes: method != Method::Get,
            once_id: None,
        })
    }
}
