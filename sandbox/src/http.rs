//! A request and a response as plain values.

use serde::Serialize;

/// The largest body that is read; a longer one is answered with 413.
pub const MAX_BODY: usize = 1_048_576;

/// An HTTP request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// The path without the query, still percent-encoded.
    pub path: String,
    /// The query without its question mark, still percent-encoded.
    pub query: String,
    /// Names and values, as sent.
    pub headers: Vec<(String, String)>,
    /// The body; none is an empty one.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body. `target` is a path with or without a query, or a whole URL.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let after_scheme = target.split_once("://").map(|(_, rest)| rest);
        let target = match after_scheme {
            Some(rest) => rest.find(['/', '?']).and_then(|start| rest.get(start..)).unwrap_or("/"),
            None => target,
        };
        let target = target.split_once('#').map_or(target, |(before, _)| before);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with this JSON body and its content type.
    #[must_use]
    pub fn with_json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.with_header("content-type", "application/json")
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// When a connection is cut instead of answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drop {
    /// Before the request had any effect.
    Before,
    /// After it had its effect: the caller cannot know.
    After,
}

/// An HTTP response, and what the transport does before it sends it.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the transport holds the response back.
    pub delay_ms: u64,
    /// Set, the transport cuts the connection and sends nothing.
    pub drop: Option<Drop>,
}

impl Response {
    /// A response with a JSON body.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // These are our own shapes, with text keys only: to write them cannot fail.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::with_body(status, "application/json", body)
    }

    /// A response with a body of this type.
    pub(crate) fn with_body(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            body,
            ..Self::default()
        }
        .with_header("content-type", content_type)
    }

    /// The same response with this header, in place of one of the same name.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON, `null` where it is not JSON.
    #[must_use]
    pub fn body_json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_path_or_a_whole_url() {
        let parts = |target| {
            let request = Request::new("get", target);
            (request.method, request.path, request.query)
        };
        let expected = |path: &str, query: &str| ("GET".to_owned(), path.to_owned(), query.to_owned());
        assert_eq!(parts("/certs/v1/order?page=0"), expected("/certs/v1/order", "page=0"));
        assert_eq!(
            parts("https://api.example/certs/v1/order?a=/b#c"),
            expected("/certs/v1/order", "a=/b")
        );
        assert_eq!(parts("http://127.0.0.1:1"), expected("/", ""));
    }
}
