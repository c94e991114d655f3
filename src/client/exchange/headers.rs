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
    headers.iter().filter(|(name, _)| may_be_shown(name)).cloned().collect()
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
