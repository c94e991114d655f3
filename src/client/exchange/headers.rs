//! Which headers of a reply may be shown: an allow-list, so that no cookie or echoed secret gets out.

const SHOWN: [&str; 14] = [
    "allow",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "server",
    "vary",
];

/// Where services of this kind put their id of a request.
const REQUEST_IDS: [&str; 5] = [
    "x-request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "apigw-requestid",
    "x-amz-apigw-id",
];

/// The headers that may be shown.
#[must_use]
pub fn shown(headers: &[(String, String)]) -> Vec<(String, String)> {
    let may_be_shown = |name: &str| {
        SHOWN.contains(&name)
            || REQUEST_IDS.contains(&name)
            || name.starts_with("ratelimit")
            || name.starts_with("x-ratelimit-")
            || name.starts_with("x-rate-limit-")
    };
    let mut shown = Vec::new();
    for (name, value) in headers.iter().filter(|(name, _)| may_be_shown(name)) {
        // A login adds secrets to the address to which it leads.
        let before = |sign| value.split_once(sign).map_or(value.as_str(), |(before, _)| before);
        let value = if name == "location" {
            before('?').min(before('#'))
        } else {
            value
        };
        shown.push((name.clone(), value.to_owned()));
    }
    shown
}

/// The service's id of the request, if it gave one.
#[must_use]
pub fn request_id(headers: &[(String, String)]) -> Option<String> {
    REQUEST_IDS.iter().find_map(|id| {
        headers
            .iter()
            .find(|(name, _)| name == id)
            .map(|(_, value)| value.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_shown_is() {
        for (name, is_shown) in [
            ("content-type", true),
            ("x-request-id", true),
            ("x-amz-apigw-id", true),
            ("ratelimit", true),
            ("ratelimit-reset", true),
            ("x-ratelimit-remaining", true),
            ("x-rate-limit-limit", true),
            ("x-rate", false),
            ("set-cookie", false),
            ("authorization", false),
            ("x-api-key", false),
        ] {
            let headers = [(name.to_owned(), "value".to_owned())];
            assert_eq!(shown(&headers) == headers, is_shown, "{name}");
            assert_eq!(shown(&headers).is_empty(), !is_shown, "{name}");
        }
    }

    #[test]
    fn an_address_is_shown_without_what_a_login_adds_to_it() {
        let location = |value: &str| [("location".to_owned(), value.to_owned())];
        for (sent, expected) in [
            ("/order/1", "/order/1"),
            ("https://sso.example/cb?code=SECRET", "https://sso.example/cb"),
            ("https://app.example/#access_token=SECRET", "https://app.example/"),
            ("?SECRET", ""),
        ] {
            assert_eq!(shown(&location(sent)), location(expected), "{sent}");
        }
    }

    #[test]
    fn the_id_of_a_request_is_the_first_of_those_that_are_known() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = [
            header("x-amzn-requestid", "b"),
            header("x-request-id", "a"),
            header("date", "c"),
        ];
        assert_eq!(request_id(&headers).as_deref(), Some("a"));
        assert_eq!(request_id(&headers[..1]).as_deref(), Some("b"));
        assert_eq!(request_id(&headers[2..]), None);
    }
}
