//! Failures on their way out: plain objects that name the class the facade makes of them.

use api::BodyRef;
use client::error::{Error, ErrorKind, RefusedBody};
use finding::Finding;
use serde_json::json;
use wasm_bindgen::JsValue;

use super::body::handed_out;
use crate::convert::{set, to_js};

/// A failed call, as the facade reads it.
pub(super) fn to_dto(error: &Error) -> JsValue {
    let dto = to_js(&match &error.kind {
        ErrorKind::Api(refusal) => json!({
            "status": refusal.status,
            "method": refusal.method,
            "url": refusal.url,
            "headers": refusal.headers,
            "problems": refusal.problems,
            "attempts": refusal.attempts,
        }),
        ErrorKind::Timeout { phase, .. } => json!({ "phase": phase }),
        ErrorKind::Decode { status, body_text, .. } => json!({ "status": status, "bodyText": body_text }),
        ErrorKind::Validation { findings } => json!({ "findings": findings }),
        ErrorKind::Wait { reason, .. } => json!({ "reason": reason }),
        ErrorKind::Caused { cause } => json!({ "causedBy": cause }),
        ErrorKind::Differs { differences, .. } => json!({ "differences": differences }),
        ErrorKind::Connection { .. } | ErrorKind::Unknown | ErrorKind::Other => json!({}),
    });
    let text = |name: &str, value: &str| set(&dto, name, &JsValue::from_str(value));
    text("type", error.code.class());
    text("code", error.code.as_str());
    text("message", &error.message);
    set(
        &dto,
        "mayHaveBeenApplied",
        &JsValue::from_bool(error.may_have_been_applied()),
    );
    match &error.kind {
        ErrorKind::Differs { order, .. } => set(&dto, "order", &handed_out(order)),
        ErrorKind::Api(refusal) => {
            match &refusal.body {
                Some(RefusedBody::Json(body)) => set(&dto, "body", &handed_out(body)),
                Some(RefusedBody::Text(body)) => text("body", body),
                None => set(&dto, "body", &JsValue::NULL),
            }
            if let Some(id) = &refusal.request_id {
                text("requestId", id);
            }
            if let Some(millis) = refusal.retry_after_ms {
                set(&dto, "retryAfterMs", &to_js(&millis));
            }
        }
        ErrorKind::Decode { path: Some(path), .. } => text("path", path),
        ErrorKind::Wait { last: Some(last), .. } => set(&dto, "last", &handed_out(last)),
        _ => {}
    }
    dto
}

/// A call that its caller aborted; the facade throws the signal's own reason.
pub(super) fn aborted() -> JsValue {
    to_js(&json!({ "type": "Aborted" }))
}

/// A result on its way out.
pub(super) fn out<T>(result: Result<T, Error>) -> Result<T, JsValue> {
    result.map_err(|error| to_dto(&error))
}

/// An argument that cannot be read.
pub(super) fn invalid(finding: Finding) -> Error {
    Error::invalid(vec![finding])
}

/// What the service sent, on its way out.
pub(super) fn body(result: Result<BodyRef, Error>) -> Result<JsValue, JsValue> {
    out(result).map(|body| handed_out(&body))
}
