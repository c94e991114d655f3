//! Failures on their way out: plain objects that name the class the facade makes of them.

use api::{BodyRef, facts::Problem};
use client::error::{Difference, Error, ErrorKind, RefusedBody, TimeoutPhase, WaitReason};
use finding::Finding;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::body::handed_out;
use crate::convert::{set, to_js};

/// What the facade makes an error of: `ErrorFields` in its `errors/classes.ts`.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dto<'a> {
    r#type: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<&'a [(String, String)]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<&'a [Problem]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    may_have_been_applied: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<TimeoutPhase>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<&'a [Finding]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<WaitReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caused_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<&'a [Difference]>,
}

/// A failed call, as the facade reads it.
pub(super) fn to_dto(error: &Error) -> JsValue {
    let mut fields = Dto {
        r#type: error.code.class(),
        code: error.code.as_str(),
        message: &error.message,
        may_have_been_applied: Some(error.may_have_been_applied()),
        ..Dto::default()
    };
    // What is a value of JavaScript already: its name and itself.
    let mut value = None;
    let mut error_before = None;
    match &error.kind {
        ErrorKind::Api(refusal) => {
            fields.status = Some(refusal.status);
            fields.method = Some(refusal.method);
            fields.url = Some(&refusal.url);
            fields.headers = Some(&refusal.headers);
            fields.problems = Some(&refusal.problems);
            fields.attempts = Some(refusal.attempts);
            fields.request_id = refusal.request_id.as_deref();
            fields.retry_after_ms = refusal.retry_after_ms;
            let body = match &refusal.body {
                Some(RefusedBody::Json(body)) => handed_out(body),
                Some(RefusedBody::Text(body)) => JsValue::from_str(body),
                None => JsValue::NULL,
            };
            value = Some(("body", body));
        }
        ErrorKind::Timeout { phase, .. } => {
            fields.phase = Some(*phase);
        }
        ErrorKind::Decode {
            status,
            body_text,
            path,
            ..
        } => {
            fields.status = Some(*status);
            fields.body_text = Some(body_text);
            fields.path = path.as_deref();
        }
        ErrorKind::Validation { findings } => fields.findings = Some(findings),
        ErrorKind::Wait { reason, last, cause } => {
            fields.reason = Some(*reason);
            value = last.as_ref().map(|last| ("last", handed_out(last)));
            error_before = cause.as_ref();
        }
        ErrorKind::Caused { cause } => fields.caused_by = Some(cause),
        ErrorKind::Differs { order, differences } => {
            fields.differences = Some(differences);
            value = Some(("order", handed_out(order)));
        }
        ErrorKind::Connection { .. } | ErrorKind::Unknown | ErrorKind::Other => {}
    }
    let dto = to_js(&fields);
    if let Some((name, value)) = value {
        set(&dto, name, &value);
    }
    if let Some(cause) = error_before {
        set(&dto, "cause", &to_dto(cause));
    }
    dto
}

/// A call that its caller aborted; the facade throws the signal's own reason.
pub(super) fn aborted() -> JsValue {
    to_js(&Dto {
        r#type: "Aborted",
        ..Dto::default()
    })
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
