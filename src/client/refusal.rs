//! What a refusal says: a code for programs, one sentence for people, and as much of its body as is worth keeping.

use core::time::Duration;

use super::{error::LOOK_FIRST, secrets::Secrets};
use crate::api::problem::Problem;

/// As much of a body that is no JSON as an error keeps, in bytes.
const KEPT_BODY: usize = 2048;

/// The code of a status.
pub(super) const fn code_of(status: u16) -> &'static str {
    match status {
        400 => "bad_request",
        401 => "unauthorized",
        403 => "permission_denied",
        404 => "not_found",
        409 => "conflict",
        429 => "rate_limited",
        500..=599 => "server_error",
        _ => "refused",
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
            Some(wait) => format!("Wait {} s and call again.", wait.as_secs_f64().ceil()),
            None => "Wait a minute and call again; somebody else may use the same API key.".to_owned(),
        },
        500..=599 => "The service has a problem: try again later.".to_owned(),
        _ => "Check the call against the service's guide.".to_owned(),
    };
    format!("{name} was refused with status {status}{reasons}. {advice}")
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

/// The first 2 KB of a body, cut between characters. Secrets are blotted out before the cut, which could otherwise
/// leave the half of one.
pub(super) fn beginning_of(body: &[u8], secrets: &Secrets) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    secrets.blot(&mut text);
    let ends = text.char_indices().map(|(at, char)| at.saturating_add(char.len_utf8()));
    let end = ends.take_while(|end| *end <= KEPT_BODY).last().unwrap_or_default();
    text.truncate(end);
    text
}
