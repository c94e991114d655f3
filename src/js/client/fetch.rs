//! Sending with `fetch(url, init)`, the form that every wrapper and mock of it knows.

use std::{cell::OnceCell, rc::Rc};

use api::{BodyRef, Form};
use client::platform::{BodyError, HttpRequest, HttpResponse, SendError};
use gloo_net::http::Headers;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

use super::body::JsBody;
use crate::convert::{get, set, settle, to_js};

/// The system calls that make a connection: when one of them fails, nothing can have been sent. `read` and `write` fail
/// with the same codes, and prove nothing.
const BEFORE_SEND: [&str; 2] = ["connect", "getaddrinfo"];
/// The code of undici's own limit for making a connection, which has no system call.
const CONNECT_TIMEOUT: &str = "UND_ERR_CONNECT_TIMEOUT";

/// Sends, and looks at what comes.
#[derive(Clone)]
pub(super) struct Fetch {
    pub(super) send: Function,
    pub(super) head: Function,
    pub(super) body: Function,
}

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
pub(super) async fn send(fetch: Rc<Fetch>, request: HttpRequest) -> Result<HttpResponse, SendError> {
    let none = JsValue::UNDEFINED;
    let controller = AbortController::new().ok();
    let init = init_of(&request, controller.as_ref())?;
    let in_flight = InFlight(controller);
    let sent = fetch.send.call2(&none, &JsValue::from_str(&request.url), &init);
    let response = settle(sent).await.map_err(|error| failure(&error))?;
    let head = fetch.head.call1(&none, &response).map_err(|error| failure(&error))?;
    let status = status_of(&get(&head, "status")).ok_or_else(|| SendError {
        message: "`fetch` returned something that is not a response".into(),
        before_send: false,
    })?;
    let form = match request.form {
        Form::File if (200..300).contains(&status) => "bytes",
        Form::Nothing if (200..300).contains(&status) => "nothing",
        _ => "json",
    };
    let headers = headers_of(&get(&head, "headers"));
    let body = Box::pin(async move {
        #[expect(clippy::cast_precision_loss, reason = "no body is that large")]
        let limit = JsValue::from_f64(request.limit as f64);
        let read = fetch.body.call3(&none, &response, &JsValue::from_str(form), &limit);
        let read = settle(read).await.map_err(|error| {
            if get(&error, "tooLarge").is_truthy() {
                BodyError::TooLarge
            } else {
                BodyError::Lost(failure(&error).message)
            }
        })?;
        in_flight.landed();
        Ok(Rc::new(JsBody::of(&read)) as BodyRef)
    });
    Ok(HttpResponse { status, headers, body })
}

/// The options of a request, as strict as the runtime's own `Request` takes them.
fn init_of(request: &HttpRequest, controller: Option<&AbortController>) -> Result<JsValue, SendError> {
    let init = JsValue::from(Object::new());
    set(&init, "method", &JsValue::from_str(request.method));
    set(&init, "headers", &headers(request)?);
    if let Some(body) = &request.body {
        set(&init, "body", &JsValue::from_str(body));
    }
    if let Some(controller) = controller {
        set(&init, "signal", &controller.signal());
    }
    for (name, value) in settings() {
        set(&init, name, &JsValue::from_str(value));
    }
    Ok(init)
}

/// A `Headers` where there is one, else pairs, which every `fetch` takes too.
fn headers(request: &HttpRequest) -> Result<JsValue, SendError> {
    // Headers throws for what cannot be sent, and a throw here would end the instance.
    let is_sendable = |value: &str| value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if !request.headers.iter().all(|(_, value)| is_sendable(value)) {
        return Err(SendError {
            message: "a header contains a character that cannot be sent".into(),
            before_send: true,
        });
    }
    let constructor = get(&js_sys::global(), "Headers").dyn_into::<Function>();
    if constructor.is_ok_and(|constructor| Reflect::construct(&constructor, &Array::new()).is_ok()) {
        let headers = Headers::new();
        for (name, value) in &request.headers {
            headers.set(name, value);
        }
        return Ok(headers.into_raw().into());
    }
    Ok(to_js(&request.headers))
}

/// How a request is to be treated on its way. Edge runtimes refuse to fail on a redirect, to skip a cache or to omit
/// credentials: they have neither of the last two, and a redirect that is not followed is a status like any other.
fn settings() -> &'static [(&'static str, &'static str)] {
    const STRICT: &[(&str, &str)] = &[
        ("redirect", "error"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("referrerPolicy", "no-referrer"),
    ];
    const PLAIN: &[(&str, &str)] = &[("redirect", "manual")];
    thread_local! {
        /// Whether the runtime knows the strict ones: asked once, of its own `Request`.
        static KNOWN: OnceCell<bool> = const { OnceCell::new() };
    }
    let is_known = KNOWN.with(|known| {
        *known.get_or_init(|| {
            let Ok(request) = get(&js_sys::global(), "Request").dyn_into::<Function>() else {
                return true;
            };
            let init = JsValue::from(Object::new());
            for (name, value) in STRICT {
                set(&init, name, &JsValue::from_str(value));
            }
            let arguments = Array::of2(&JsValue::from_str("https://example.com/"), &init);
            Reflect::construct(&request, &arguments).is_ok()
        })
    });
    if is_known { STRICT } else { PLAIN }
}

fn status_of(status: &JsValue) -> Option<u16> {
    let status = status.as_f64().filter(|status| (100.0..600.0).contains(status))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 100 and 600"
    )]
    let status = status as u16;
    Some(status)
}

/// The pairs of names and values that the host made of a response's headers.
fn headers_of(pairs: &JsValue) -> Vec<(String, String)> {
    let Some(pairs) = pairs.dyn_ref::<Array>() else {
        return Vec::new();
    };
    let pair = |pair: JsValue| {
        let pair: Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    pairs.iter().filter_map(pair).collect()
}

/// A failure of the transport in its own words: `fetch` rejects with anything, often an error inside an error.
fn failure(error: &JsValue) -> SendError {
    let cause = get(error, "cause");
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
        before_send: is_before_send(&cause) || is_before_send(error),
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
