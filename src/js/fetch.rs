//! Sending with `fetch`: gloo-net builds the request, the caller's function or the global one sends it.

use std::rc::Rc;

use gloo_net::http::{Headers, Method, RequestBuilder};
use js_sys::{Array, Function, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use super::convert::{function, get, settle};
use crate::client::platform::{HttpRequest, HttpResponse, SendError};

/// Codes of Node's `fetch` for failures before a connection stood, so that nothing can have been sent.
const BEFORE_SEND: [&str; 6] = [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "UND_ERR_CONNECT_TIMEOUT",
];

/// Aborts the request when it is dropped before its body was read to the end.
struct InFlight(Option<AbortController>);

impl InFlight {
    fn landed(mut self) {
        self.0 = None;
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Sends a request.
pub(super) async fn send(fetch: Rc<Function>, request: HttpRequest) -> Result<HttpResponse, SendError> {
    let controller = AbortController::new().ok();
    let request = build(&request, controller.as_ref())?;
    let in_flight = InFlight(controller);
    let response = settle(fetch.call1(&JsValue::UNDEFINED, &request))
        .await
        .map_err(|error| failure(&error))?;
    let Some(status) = status_of(&response) else {
        return Err(SendError {
            message: "`fetch` gave something that is no response".into(),
            before_send: false,
        });
    };
    let headers = headers_of(&get(&response, "headers"));
    let body = Box::pin(async move {
        let body = read_body(&response).await?;
        in_flight.landed();
        Ok(body)
    });
    Ok(HttpResponse { status, headers, body })
}

/// Builds the request as strictly as the runtime knows how to.
fn build(request: &HttpRequest, controller: Option<&AbortController>) -> Result<JsValue, SendError> {
    // Edge runtimes refuse to fail on a redirect, to skip a cache or to omit credentials: they have neither of the
    // last two, and a redirect that is not followed is a status like any other.
    let strict = |request: RequestBuilder| {
        request
            .redirect(RequestRedirect::Error)
            .credentials(RequestCredentials::Omit)
            .cache(RequestCache::NoStore)
            .referrer_policy(ReferrerPolicy::NoReferrer)
    };
    let plain = |request: RequestBuilder| request.redirect(RequestRedirect::Manual);
    build_with(strict, request, controller).or_else(|_| build_with(plain, request, controller))
}

fn build_with(
    settings: impl FnOnce(RequestBuilder) -> RequestBuilder,
    request: &HttpRequest,
    controller: Option<&AbortController>,
) -> Result<JsValue, SendError> {
    let unsendable = |message: &str| SendError {
        message: message.into(),
        before_send: true,
    };
    let method = match request.method.as_str() {
        "POST" => Method::POST,
        "PATCH" => Method::PATCH,
        "PUT" => Method::PUT,
        "DELETE" => Method::DELETE,
        _ => Method::GET,
    };
    let headers = Headers::new();
    for (name, value) in &request.headers {
        // Headers throws for what can not be sent, and a throw here would end the instance.
        if !value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err(unsendable("a header holds a character that can not be sent"));
        }
        headers.set(name, value);
    }
    let signal = controller.map(AbortController::signal);
    let builder = RequestBuilder::new(&request.url)
        .method(method)
        .headers(headers)
        .abort_signal(signal.as_ref());
    let builder = settings(builder);
    let built = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    let built = built.map_err(|error| unsendable(&error.to_string()))?;
    Ok(web_sys::Request::from(built).into())
}

fn status_of(response: &JsValue) -> Option<u16> {
    let status = get(response, "status")
        .as_f64()
        .filter(|status| (100.0..600.0).contains(status))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 100 and 600"
    )]
    let status = status as u16;
    Some(status)
}

/// The headers of a response: a `Headers`, a map, or the plain object of a mock.
fn headers_of(headers: &JsValue) -> Vec<(String, String)> {
    let entries = match function(headers, "entries").and_then(|entries| entries.call0(headers).ok()) {
        Some(iterator) => Array::from(&iterator),
        None if headers.is_object() => Object::entries(headers.unchecked_ref()),
        None => Array::new(),
    };
    let pair = |entry: JsValue| {
        let entry: Array = entry.dyn_into().ok()?;
        Some((
            entry.get(0).as_string()?.to_ascii_lowercase(),
            entry.get(1).as_string()?,
        ))
    };
    entries.iter().filter_map(pair).collect()
}

async fn read_body(response: &JsValue) -> Result<Vec<u8>, SendError> {
    let read = |reader: Function| settle(reader.call0(response));
    if let Some(reader) = function(response, "arrayBuffer") {
        let buffer = read(reader).await.map_err(|error| failure(&error))?;
        return Ok(Uint8Array::new(&buffer).to_vec());
    }
    if let Some(reader) = function(response, "text") {
        let text = read(reader).await.map_err(|error| failure(&error))?;
        return Ok(text.as_string().unwrap_or_default().into_bytes());
    }
    Ok(Vec::new())
}

/// A failure of the transport in its own words: `fetch` rejects with anything, often an error inside an error.
fn failure(error: &JsValue) -> SendError {
    let cause = get(error, "cause");
    let code = get(&cause, "code")
        .as_string()
        .or_else(|| get(error, "code").as_string());
    let words = |value: &JsValue| get(value, "message").as_string().filter(|message| !message.is_empty());
    let parts: Vec<String> = [words(error).or_else(|| error.as_string()), words(&cause)]
        .into_iter()
        .flatten()
        .collect();
    let message = if parts.is_empty() {
        "the request failed without a reason".into()
    } else {
        parts.join(": ")
    };
    SendError {
        message,
        before_send: code.is_some_and(|code| BEFORE_SEND.contains(&code.as_str())),
    }
}
