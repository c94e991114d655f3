//! What a row of the table of endpoints says, and how it is written.

use serde::Serialize;

use super::{
    given::{Given, Setting},
    reply::Form,
};

/// One endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// The call's name, as the JavaScript API has it: `orders.get`.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Whose path it is.
    pub service: Service,
    /// The path under the service's base address; `{id}` and `{historyId}` are UUIDs.
    pub path: &'static str,
    /// The query parameters beside those of paging.
    pub query: &'static [Parameter],
    /// The JSON body.
    pub body: Payload,
    /// What a success replies with.
    pub reply: Form,
    /// Whether it changes anything.
    pub writes: bool,
    /// Whether it costs money.
    pub costs: bool,
    /// Whether part of the request is a guess that nobody has confirmed.
    pub inferred: bool,
    /// The section of the vendor's guide; empty for what the guide does not name.
    pub guide: &'static str,
}

/// What a call's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Payload {
    /// There is none.
    None,
    /// What the caller gives.
    Given,
    /// What the caller gives, or `{}`: the service refuses an empty body.
    OrEmpty,
}

/// The HTTP methods of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
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

impl Setting for Service {
    fn of(given: Given) -> Result<Self, String> {
        match given {
            Given::Text(text) if text == "auth" => Ok(Self::Auth),
            Given::Text(text) if text == "certs" => Ok(Self::Certs),
            _ => Err("must be 'auth' or 'certs'".into()),
        }
    }
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

/// Which of the two services a path belongs to (guide 5.2 and 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum Service {
    /// The authentication service.
    Auth,
    /// The certificate service.
    #[default]
    Certs,
}

/// A query parameter of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name, on the wire and in the caller's filter.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Takes {
    /// A string, or a number.
    Text,
    /// A list of strings, which are joined with commas.
    List,
    /// A whole number from this on.
    Count(u32),
}

pub(super) const fn text(name: &'static str) -> Parameter {
    Parameter {
        name,
        takes: Takes::Text,
    }
}

pub(super) const fn list(name: &'static str) -> Parameter {
    Parameter {
        name,
        takes: Takes::List,
    }
}

/// What every list takes beside its filter. Pages are counted from 0; the largest size that the service takes is unknown.
pub const PAGING: [Parameter; 3] = [
    Parameter {
        name: "page",
        takes: Takes::Count(0),
    },
    Parameter {
        name: "size",
        takes: Takes::Count(1),
    },
    text("sort"),
];

impl Endpoint {
    /// Every query parameter, those of paging included.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + Clone {
        let paging: &[Parameter] = if matches!(self.reply, Form::Page { .. }) {
            &PAGING
        } else {
            &[]
        };
        self.query.iter().chain(paging)
    }
}

const fn row(method: Method, operation: &'static str, path: &'static str, body: Payload, reply: Form) -> Endpoint {
    Endpoint {
        operation,
        method,
        service: Service::Certs,
        path,
        query: &[],
        body,
        reply,
        writes: !matches!(method, Method::Get),
        costs: false,
        inferred: false,
        guide: "",
    }
}

pub(super) const fn get(operation: &'static str, path: &'static str, reply: Form) -> Endpoint {
    row(Method::Get, operation, path, Payload::None, reply)
}

pub(super) const fn post(operation: &'static str, path: &'static str, body: Payload, reply: Form) -> Endpoint {
    row(Method::Post, operation, path, body, reply)
}

pub(super) const fn patch(operation: &'static str, path: &'static str, body: Payload) -> Endpoint {
    row(Method::Patch, operation, path, body, Form::Object)
}

pub(super) const fn delete(operation: &'static str, path: &'static str) -> Endpoint {
    row(Method::Delete, operation, path, Payload::None, Form::Nothing)
}

impl Endpoint {
    pub(super) const fn auth(mut self) -> Self {
        self.service = Service::Auth;
        self
    }

    pub(super) const fn query(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    pub(super) const fn reads(mut self) -> Self {
        self.writes = false;
        self
    }

    pub(super) const fn costs(mut self) -> Self {
        self.costs = true;
        self
    }

    pub(super) const fn inferred(mut self) -> Self {
        self.inferred = true;
        self
    }

    pub(super) const fn guide(mut self, section: &'static str) -> Self {
        self.guide = section;
        self
    }

    /// The names between the path's braces.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
