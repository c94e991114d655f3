//! Why a request is refused, and the bodies that say so.
//!
//! One principle tells the statuses apart, where the guide leaves it open: 400, the request is wrong by itself;
//! 404, it names something that is not there; 409, it does not fit the state of what is there.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::http::Response;
use crate::readings::{ConflictStatus, ErrorBody, Readings, SortReading, ValidationsReading};

/// One thing that is wrong with a request, as the body of a 400 lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// The path of the field: `contacts[0].email`.
    pub(crate) field: String,
    /// A word for programs.
    pub(crate) code: &'static str,
    /// A sentence for people.
    pub(crate) message: String,
}

/// A request that is not carried out, and why.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// 400 with everything that is wrong.
    Invalid(Vec<Problem>),
    /// Any other status with one code and message.
    Error {
        status: u16,
        code: &'static str,
        message: String,
    },
    /// 405 with the methods that exist.
    Method(Vec<&'static str>),
    /// 429, perhaps with what it says of the wait.
    RateLimited { retry_after: Option<String> },
}

impl Refusal {
    /// 400 for one field.
    pub(crate) fn invalid(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem {
            field: field.to_owned(),
            code,
            message: message.into(),
        }])
    }

    /// 401: who calls is not known.
    pub(crate) fn unauthorized(code: &'static str, message: impl Into<String>) -> Self {
        Self::Error {
            status: 401,
            code,
            message: message.into(),
        }
    }

    /// 403: who calls is known or named, and may not.
    pub(crate) fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::Error {
            status: 403,
            code,
            message: message.into(),
        }
    }

    /// 404: nothing has this id.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::Error {
            status: 404,
            code: "NOT_FOUND",
            message: format!("There is no such {what}."),
        }
    }

    /// 409: the state of things forbids it.
    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Error {
            status: 409,
            code,
            message: message.into(),
        }
    }

    /// 500: the sandbox's own fault.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::Error {
            status: 500,
            code: "INTERNAL_SERVER_ERROR",
            message: message.into(),
        }
    }
}

impl Refusal {
    /// The response, in the form that these readings have errors in.
    pub(crate) fn respond(self, readings: &Readings) -> Response {
        match self {
            Self::Invalid(problems) => invalid(problems, readings),
            Self::Error { status, code, message } => {
                let status = match (status, readings.conflict) {
                    (409, ConflictStatus::BadRequest) => 400,
                    (409, ConflictStatus::Unprocessable) => 422,
                    _ => status,
                };
                error(status, code, &message, readings.error_body)
            }
            Self::Method(allowed) => {
                let message = "This method is not supported here.";
                error(405, "METHOD_NOT_ALLOWED", message, readings.error_body).with_header("allow", &allowed.join(", "))
            }
            Self::RateLimited { retry_after } => {
                let message = "The rate limit is exceeded.";
                let response = error(429, "TOO_MANY_REQUESTS", message, readings.error_body);
                match retry_after {
                    Some(value) => response.with_header("retry-after", &value),
                    None => response,
                }
            }
        }
    }
}

/// A 400 with all that is wrong: in the service's own form, or whatever else it sends in place of its errors.
fn invalid(problems: Vec<Problem>, readings: &Readings) -> Response {
    let is_of_sort = problems.iter().any(|problem| problem.field == "sort");
    let status = if is_of_sort && readings.sort == SortReading::Unprocessable {
        422
    } else {
        400
    };
    if readings.error_body != ErrorBody::Errors {
        let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        return error(status, "INVALID", &messages.join(" "), readings.error_body);
    }
    let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let validations = match readings.validations {
        ValidationsReading::List => json!(problems),
        ValidationsReading::Map | ValidationsReading::MapOfLists => {
            for problem in problems {
                by_field.entry(problem.field).or_default().push(problem.message);
            }
            if readings.validations == ValidationsReading::Map {
                let joined = by_field
                    .into_iter()
                    .map(|(field, messages)| (field, messages.join(" ")));
                json!(joined.collect::<BTreeMap<_, _>>())
            } else {
                json!(by_field)
            }
        }
    };
    Response::json(status, &json!({ "validations": validations }))
}

fn error(status: u16, code: &str, message: &str, body: ErrorBody) -> Response {
    let page = || format!("<!doctype html>\n<title>{status}</title>\n<h1>{code}</h1>\n<p>{message}</p>\n");
    match body {
        ErrorBody::Errors => Response::json(status, &json!({ "errors": [{ "code": code, "message": message }] })),
        ErrorBody::Problem => {
            let problem = json!({ "type": "about:blank", "title": code, "status": status, "detail": message });
            Response::json(status, &problem).with_header("content-type", "application/problem+json")
        }
        ErrorBody::Message => Response::json(status, &json!({ "message": message })),
        ErrorBody::Fault => {
            let fault = json!({ "faultstring": message, "detail": { "errorcode": code } });
            Response::json(status, &json!({ "fault": fault }))
        }
        ErrorBody::Error => Response::json(status, &json!({ "error": { "code": code, "message": message } })),
        ErrorBody::OAuth => Response::json(status, &json!({ "error": code, "error_description": message })),
        ErrorBody::Html => Response::with_body(status, "text/html", page().into_bytes()),
        ErrorBody::Text => Response::with_body(status, "text/plain", message.as_bytes().to_vec()),
        ErrorBody::Empty => Response {
            status,
            ..Response::default()
        },
    }
}
