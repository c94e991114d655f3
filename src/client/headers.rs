//! Which headers of a reply are fit to be shown: an allow-list, so that no cookie or echoed secret gets out.

const FIT: [&str; 14] = [
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

/// The headers that are fit to be shown.
#[must_use]
pub fn fit_to_show(headers: &[(String, String)]) -> Vec<(String, String)> {
    let is_fit = |name: &str| {
        FIT.contains(&name)
            || REQUEST_IDS.contains(&name)
            || name.starts_with("ratelimit")
            || name.starts_with("x-ratelimit-")
            || name.starts_with("x-rate-limit-")
    };
    headers.iter().filter(|(name, _)| is_fit(name)).cloned().collect()
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
