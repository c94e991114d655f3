//! What a browser needs to let a page of this computer call the sandbox. The real service is not known to have it.

use sandbox::{Request, Response};

/// The headers that a client sends.
const HEADERS: &str = "authorization, x-api-key, content-type, accept";
const METHODS: &str = "GET, POST, PATCH, DELETE";

/// The answer to a preflight request of a local page.
pub(super) fn preflight(request: &Request) -> Option<Response> {
    let asks = request.method == "OPTIONS" && request.header("access-control-request-method").is_some();
    (asks && local_origin(request).is_some()).then(|| Response {
        status: 204,
        headers: [
            ("access-control-allow-headers", HEADERS),
            ("access-control-allow-methods", METHODS),
            ("access-control-max-age", "600"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        ..Response::default()
    })
}

/// Lets a local page read the response.
pub(super) fn allow(request: &Request, response: &mut Response) {
    if let Some(origin) = local_origin(request) {
        let more = [
            ("access-control-allow-origin", origin),
            ("access-control-expose-headers", "date, location, retry-after"),
            ("vary", "origin"),
        ];
        response
            .headers
            .extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

/// Whether a request names this computer as its host and comes from no page of another origin. A page elsewhere can send
/// requests that ask for no preflight, and give its own name the address 127.0.0.1.
pub(super) fn is_local(request: &Request) -> bool {
    let has_origin = request.header("origin").is_some();
    request.header("host").is_some_and(is_local_authority) && (!has_origin || local_origin(request).is_some())
}

/// The page's origin, if it was served by this computer.
fn local_origin(request: &Request) -> Option<&str> {
    let origin = request.header("origin")?;
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))?;
    is_local_authority(authority).then_some(origin)
}

/// Whether a host, perhaps with a port, is this computer.
fn is_local_authority(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}
