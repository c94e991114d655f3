//! Sending with `fetch(url, init)`, the form that every wrapper and mock of it knows.

use std::rc::Rc;

use api::{BodyRef, Form, text::contains};
use client::platform::{BodyError, Fault, HttpRequest, HttpResponse, SendError};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{
    body::JsBody,
    hub::{Hub, News},
};
use crate::convert::get;

/// The system calls that make a connection: when one of them fails, nothing can have been sent. `read` and `write` fail
/// with the same codes, and prove nothing.
const BEFORE_SEND: [&str; 2] = ["connect", "getaddrinfo"];
/// The code of undici's own limit for making a connection, which has no system call.
const CONNECT_TIMEOUT: &str = "UND_ERR_CONNECT_TIMEOUT";

/// What codes and messages of certificates that are not trusted contain: of Node and Bun (OpenSSL), and of Deno.
const UNTRUSTED: &[&str] = &[
    "UNABLE_TO_VERIFY",
    "UNABLE_TO_GET_ISSUER",
    "SELF_SIGNED",
    "CERT_",
    "HOSTNAME_MISMATCH",
    "invalid peer certificate",
];

/// Sends a request with a `fetch` of the caller's, or the global one.
pub(super) async fn send(hub: Rc<Hub>, fetch: JsValue, request: HttpRequest) -> Result<HttpResponse, SendError> {
    let headers = headers(&request)?;
    let (head, body) = (hub.task(), hub.task());
    #[expect(clippy::cast_precision_loss, reason = "no body is that large")]
    hub.host.send(
        &fetch,
        head.id,
        body.id,
        request.method,
        &request.url,
        &headers,
        request.body.as_deref(),
        request.form == Form::File,
        request.limit as f64,
        &hub.done(),
    );
    let head = head.await;
    if head.outcome != News::DONE {
        return Err(failure(&head.value));
    }
    Ok(HttpResponse {
        status: u16::try_from(head.detail).unwrap_or_default(),
        headers: headers_of(&head.value.as_string().unwrap_or_default()),
        body: Box::pin(async move {
            let body = body.await;
            match body.outcome {
                News::DONE => Ok(Rc::new(JsBody::of(body.detail, body.value)) as BodyRef),
                News::TOO_LARGE => Err(BodyError::TooLarge),
                _ => Err(BodyError::Lost(failure(&body.value).message)),
            }
        }),
    })
}

/// Line by line, a name and its value, as the host takes them.
fn headers(request: &HttpRequest) -> Result<String, SendError> {
    let mut lines = String::new();
    for (name, value) in &request.headers {
        if !value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err(SendError {
                message: "a header contains a character that cannot be sent".into(),
                before_send: true,
                ..SendError::default()
            });
        }
        for line in [*name, value] {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    Ok(lines)
}

/// The names and values that the host made of a response's headers, line by line.
fn headers_of(lines: &str) -> Vec<(String, String)> {
    let mut lines = lines.split('\n');
    let mut headers = Vec::new();
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        headers.push((name.to_owned(), value.to_owned()));
    }
    headers
}

/// A failure of the transport in its own words: `fetch` rejects with anything, often an error inside an error.
fn failure(error: &JsValue) -> SendError {
    let cause = get(error, "cause");
    let words = |value: &JsValue| get(value, "message").as_string().filter(|message| !message.is_empty());
    // Of several addresses that were tried, the error itself may say nothing.
    let tried: Array = get(&cause, "errors").dyn_into().unwrap_or_default();
    let cause_says = words(&cause).or_else(|| words(&tried.get(0)));
    let parts: Vec<String> = [words(error).or_else(|| error.as_string()), cause_says]
        .into_iter()
        .flatten()
        .collect();
    let message = if parts.is_empty() {
        "the request failed without a reason".into()
    } else {
        parts.join(": ")
    };
    let code = get(&cause, "code").as_string();
    let code = code.or_else(|| get(error, "code").as_string()).unwrap_or_default();
    let says = |words: &[&str]| {
        words
            .iter()
            .any(|word| contains(&code, word) || contains(&message, word))
    };
    let fault = if code == "ENOTFOUND" {
        Fault::UnknownHost
    } else if says(UNTRUSTED) {
        Fault::Untrusted
    } else {
        Fault::Passing
    };
    SendError {
        message,
        fault,
        // A handshake that fails comes before any request.
        before_send: fault == Fault::Untrusted || is_before_send(&cause) || is_before_send(error),
    }
}

/// Whether a failure of Node's is proven to be before the send. Where several addresses were tried, each has one.
fn is_before_send(error: &JsValue) -> bool {
    let text = |name: &str| get(error, name).as_string().unwrap_or_default();
    let tried: Array = get(error, "errors").dyn_into().unwrap_or_default();
    text("code") == CONNECT_TIMEOUT
        || BEFORE_SEND.contains(&text("syscall").as_str())
        || (tried.length() > 0 && tried.iter().all(|one| is_before_send(&one)))
}
