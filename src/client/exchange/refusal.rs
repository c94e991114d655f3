//! What a refusal says: a code for programs and one sentence for people.

use core::time::Duration;

use api::facts::Problem;

use crate::error::{ErrorCode, LOOK_FIRST};

/// The code of a status.
pub(super) const fn code_of(status: u16) -> ErrorCode {
    match status {
        400 => ErrorCode::BadRequest,
        401 => ErrorCode::Unauthorized,
        403 => ErrorCode::PermissionDenied,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Conflict,
        429 => ErrorCode::RateLimited,
        500..=599 => ErrorCode::ServerError,
        _ => ErrorCode::Refused,
    }
}

/// The sentence: what failed, where, why, and what to do.
pub(super) fn explain(
    name: &str,
    status: u16,
    problems: &[Problem],
    retry_after: Option<Duration>,
    may_have_been_applied: bool,
) -> String {
    let reasons: Vec<String> = problems.iter().filter_map(reason).collect();
    let reasons = if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join("; "))
    };
    let advice = match status {
        _ if may_have_been_applied => LOOK_FIRST.to_owned(),
        400 => "Correct what is named and call again.".to_owned(),
        401 => "Check API key, user name and password, or the token.".to_owned(),
        403 => "Check that API key and user belong together, and that the user may do this.".to_owned(),
        404 => "Check the id: there is no such resource, or it is another account's.".to_owned(),
        409 => "Its state does not allow that: get it again and look at it.".to_owned(),
        429 => match retry_after {
            Some(wait) => format!("Wait {} s and call again.", whole_seconds(wait)),
            None => "Wait a minute and call again; somebody else may use the same API key.".to_owned(),
        },
        500..=599 => "The service has a problem: try again later.".to_owned(),
        _ => "Check the call against the service's guide.".to_owned(),
    };
    format!("{name} was refused with status {status}{reasons}. {advice}")
}

/// Rounded up: what is not over is not said to be.
pub(super) fn whole_seconds(span: Duration) -> u64 {
    span.as_secs().saturating_add(u64::from(span.subsec_nanos() > 0))
}

fn reason(problem: &Problem) -> Option<String> {
    let words = problem.message.as_ref().or(problem.code.as_ref());
    let words = words.map(|words| words.trim_end_matches('.'));
    match (&problem.field, words) {
        (Some(field), Some(words)) => Some(format!("{field}: {words}")),
        (Some(field), None) => Some(field.clone()),
        (None, words) => words.map(str::to_owned),
    }
}
