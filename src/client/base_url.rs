//! Where the service is: an absolute address, or a path on the page's own origin.

use api::text::split_once;
use finding::FindingCode;

use crate::error::Error;

/// A base that paths are appended to; it ends without a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads the base given as the option `name`.
    ///
    /// # Errors
    /// `invalid_base_url` when it is neither an http(s) address nor a path, or contains a user name, a query or a
    /// fragment. Whether it is encrypted is not asked here: only the page knows what its paths belong to.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let invalid = |why: &str| {
            let message = format!(
                "`{name}` {why}: give an address such as https://api.markmonitor.com/certs/v1, or a path on the \
                 page's own origin such as /api/markmonitor."
            );
            Error::refused(FindingCode::InvalidBaseUrl, name, message)
        };
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid(
                "is empty or contains characters that an address cannot contain",
            ));
        }
        if text.contains(['?', '#', '\\']) {
            return Err(invalid("contains a query, a fragment or a backslash"));
        }
        let base = Self(text.trim_end_matches('/').to_owned());
        if text.starts_with('/') && !text.starts_with("//") {
            return Ok(base);
        }
        let Some((scheme, rest)) = split_once(text, "://") else {
            return Err(invalid("is not an address"));
        };
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.is_empty() {
            return Err(invalid("names no host"));
        }
        if authority.contains('@') {
            return Err(invalid("contains a user name or password"));
        }
        match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => Ok(base),
            _ => Err(invalid("is neither http nor https")),
        }
    }

    /// The address of a path under this base.
    #[must_use]
    pub fn join(&self, path: &str, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{query}", self.0)
    }

    /// Scheme, host and port in one spelling; empty for a path on the page's own origin. The case, the port that the scheme
    /// has by default, zeros before a port and the dot that ends a host name make no other origin.
    #[must_use]
    pub fn origin(&self) -> String {
        let Some((scheme, rest)) = split_once(&self.0, "://") else {
            return String::new();
        };
        let scheme = scheme.to_ascii_lowercase();
        let authority = rest.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if is_port(port) => (host, port.trim_start_matches('0')),
            _ => (authority.as_str(), ""),
        };
        let host = host.strip_suffix('.').unwrap_or(host);
        match (scheme.as_str(), port) {
            (_, "") | ("https", "443") | ("http", "80") => format!("{scheme}://{host}"),
            _ => format!("{scheme}://{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<FindingCode> {
        BaseUrl::parse("certsBaseUrl", text)
            .err()
            .map(|error| error.findings()[0].code)
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
            assert_eq!(code(text), Some(FindingCode::InvalidBaseUrl), "{text}");
        }
    }

    #[test]
    fn paths_are_appended_and_the_origin_is_known() {
        let base = BaseUrl::parse("certsBaseUrl", "https://API.example.com:8443/certs/v1/").unwrap();
        assert_eq!(
            base.join("/order", "page=1"),
            "https://API.example.com:8443/certs/v1/order?page=1"
        );
        assert_eq!(base.join("/order", ""), "https://API.example.com:8443/certs/v1/order");
        assert_eq!(base.origin(), "https://api.example.com:8443");
    }

    #[test]
    fn an_origin_has_one_spelling() {
        for (text, origin) in [
            ("https://h/certs/v1", "https://h"),
            ("https://h/other/", "https://h"),
            ("HTTPS://H", "https://h"),
            ("https://h:443/", "https://h"),
            ("https://h:0443/", "https://h"),
            ("https://h:/x", "https://h"),
            ("https://h./x", "https://h"),
            ("https://h.:443/x", "https://h"),
            ("http://h:80/x", "http://h"),
            ("http://h:443/x", "http://h:443"),
            ("https://h:80/x", "https://h:80"),
            ("https://[2001:DB8::1]/x", "https://[2001:db8::1]"),
            ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]"),
            ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443"),
            ("https://[2001:db8::0a]/x", "https://[2001:db8::0a]"),
            ("/api/certs", ""),
        ] {
            assert_eq!(BaseUrl::parse("certsBaseUrl", text).unwrap().origin(), origin, "{text}");
        }
    }
}
