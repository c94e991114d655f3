//! Why a request is refused, in the service's two error bodies.
//!
//! One principle tells the statuses apart, where the guide leaves it open: 400, the request is wrong by itself;
//! 404, it names something that is not there; 409, it does not fit the state of what is there.

use serde::Serialize;

use crate::http::Response;

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
    /// 429, perhaps with the seconds to wait.
    RateLimited { retry_after: Option<u64> },
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

/// The body of a 400.
#[derive(Serialize)]
struct Validations {
    validations: Vec<Problem>,
}

/// The body of every other refusal.
#[derive(Serialize)]
struct Errors<'a> {
    errors: [Error<'a>; 1],
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
}

fn error(status: u16, code: &str, message: &str) -> Response {
    Response::json(
        status,
        &Errors {
            errors: [Error { code, message }],
        },
    )
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(validations) => Response::json(400, &Validations { validations }),
            Refusal::Error { status, code, message } => error(status, code, &message),
            Refusal::Method(allowed) => error(405, "METHOD_NOT_ALLOWED", "This method is not supported here.")
                .with_header("allow", &allowed.join(", ")),
            Refusal::RateLimited { retry_after } => {
                let response = error(429, "TOO_MANY_REQUESTS", "The rate limit is exceeded.");
                match retry_after {
                    Some(seconds) => response.with_header("retry-after", &seconds.to_string()),
                    None => response,
                }
            }
        }
    }
}
