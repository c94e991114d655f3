//! Where the service is: an absolute address, or a path on the page's own origin.

use super::error::Error;

/// A base that paths are appended to; it ends without a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads the base given as the option `name`.
    ///
    /// # Errors
    /// `invalid_base_url` when it is neither an http(s) address nor a path, or holds a user name, a query or a
    /// fragment; `insecure_base_url` when secrets would leave unencrypted.
    pub fn parse(name: &str, text: &str, allow_insecure: bool) -> Result<Self, Error> {
        let invalid = |why: &str| {
            let message = format!(
                "`{name}` {why}: give an address such as https://api.markmonitor.com/certs/v1, or a path on the \
                 page's own origin such as /api/markmonitor."
            );
            Error::refused("invalid_base_url", name, message)
        };
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("is empty or holds characters that an address can not hold"));
        }
        if text.contains(['?', '#', '\\']) {
            return Err(invalid("holds a query, a fragment or a backslash"));
        }
        let base = Self(text.trim_end_matches('/').to_owned());
        if text.starts_with('/') && !text.starts_with("//") {
            return Ok(base);
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(invalid("is no address"));
        };
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.is_empty() {
            return Err(invalid("names no host"));
        }
        if authority.contains('@') {
            return Err(invalid("holds a user name or password"));
        }
        match scheme.to_ascii_lowercase().as_str() {
            "https" => Ok(base),
            "http" if allow_insecure || is_loopback(authority) => Ok(base),
            "http" => Err(Error::refused(
                "insecure_base_url",
                name,
                format!(
                    "`{name}` would send secrets unencrypted: use https, or set `allowInsecure` for a test network."
                ),
            )),
            _ => Err(invalid("is neither http nor https")),
        }
    }

    /// The address of a path under this base.
    #[must_use]
    pub fn join(&self, path: &str, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{query}", self.0)
    }

    /// Scheme, host and port; empty for a path on the page's own origin.
    #[must_use]
    pub fn origin(&self) -> String {
        let origin = match self.0.split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()),
            None => String::new(),
        };
        origin.to_ascii_lowercase()
    }
}

/// Loopback never leaves the machine (RFC 6890; RFC 6761, 6.3).
fn is_loopback(authority: &str) -> bool {
    let authority = authority.to_ascii_lowercase();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let is_127 = || {
        host.parse::<core::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
    };
    host == "localhost" || host.ends_with(".localhost") || host == "::1" || is_127()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        match BaseUrl::parse("certsBaseUrl", text, false) {
            Ok(_) => None,
            Err(error) => match error.kind {
                super::super::error::Kind::Validation { findings } => Some(findings[0].code.to_string()),
                other => panic!("{other:?}"),
            },
        }
    }

    #[test]
    fn an_address_or_a_path_is_a_base() {
        for text in [
            "https://api.markmonitor.com/certs/v1",
            "https://h/",
            "/api/markmonitor",
            "http://127.0.0.1:8787/certs/v1",
            "http://localhost:1",
            "http://[::1]:80/x",
            "HTTPS://H/x",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
        for text in [
            "",
            "api",
            "//h/x",
            "https://",
            "ftp://h/",
            "https://u:p@h/",
            "https://h/?a",
            "https://h/ x",
            "/a#b",
        ] {
            assert_eq!(code(text).as_deref(), Some("invalid_base_url"), "{text}");
        }
        for text in [
            "http://api.markmonitor.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
        ] {
            assert_eq!(code(text).as_deref(), Some("insecure_base_url"), "{text}");
        }
    }

    #[test]
    fn paths_are_appended_and_the_origin_is_known() {
        let base = BaseUrl::parse("certsBaseUrl", "https://API.example.com:8443/certs/v1/", false).unwrap();
        assert_eq!(
            base.join("/order", "page=1"),
            "https://API.example.com:8443/certs/v1/order?page=1"
        );
        assert_eq!(base.join("/order", ""), "https://API.example.com:8443/certs/v1/order");
        assert_eq!(base.origin(), "https://api.example.com:8443");
    }
}
