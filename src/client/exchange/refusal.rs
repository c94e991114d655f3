//! What a refusal says: a code for programs and one sentence for people.

use core::time::Duration;

use api::{facts::Problem, reply::what_else};

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

/// What was asked, as far as the advice depends on it.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// A portal, by a page: whoever reads the advice knows neither its key nor its addresses.
    Portal,
    /// For something that has an id.
    Resource,
    /// For a path below the base of this option.
    Path(&'static str),
}

/// The sentence: what failed, where, why, and what to do.
pub(super) fn explain(
    name: &str,
    asked: Asked,
    (status, code): (u16, ErrorCode),
    problems: &[Problem],
    retry_after: Option<Duration>,
    may_have_been_applied: bool,
) -> String {
    let mut reasons: Vec<String> = problems.iter().filter_map(reason).take(MOST_REASONS).collect();
    let more = problems.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    let reasons = if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join("; "))
    };
    let said;
    let wait = retry_after.map(|wait| format!("Wait {} s and call again.", whole_seconds(wait)));
    let advice = match (status, asked) {
        _ if may_have_been_applied => LOOK_FIRST,
        (400, _) if !reasons.is_empty() => "Correct what is named and call again.",
        (401, _) if code == ErrorCode::SessionEnded => "The session with the portal has ended: sign in again.",
        (401, _) => "Check API key, user name and password, or the token.",
        (409, _) => "Its state does not allow that: get it again and look at it.",
        (429 | 500..=599, _) if wait.is_some() => wait.as_deref().unwrap_or_default(),
        (429, _) => "Wait a minute and call again: others may use the same limit.",
        (_, Asked::Portal) => "Ask those who run the portal.",
        (403, _) => "Check that API key and user belong together, and that the user may do this.",
        (404, Asked::Resource) => "Check the id: there is no such resource, or it is another account's.",
        (404 | 405, Asked::Path(base)) => {
            said = format!("Check `{base}`: there is no such call at this address.");
            &said
        }
        (500..=599, _) => "The service has a problem: try again later.",
        _ => "Check the call against the service's guide.",
    };
    format!("{name} was refused with status {status}{reasons}. {advice}")
}

/// The problem that a text names: its only line, or the title of a web page. Longer texts are in the error's body.
pub(super) fn in_text(text: &str) -> Option<Problem> {
    let words = match title(text) {
        Some(title) => title,
        None if what_else(text).is_none() => text,
        None => return None,
    };
    let words = words.trim();
    let is_sentence = !words.is_empty() && words.len() <= LONGEST_SENTENCE && !words.contains(['\n', '\r']);
    is_sentence.then(|| Problem {
        message: Some(words.to_owned()),
        ..Problem::default()
    })
}

/// What is between `<title>` and `</title>`.
fn title(page: &str) -> Option<&str> {
    let (_, rest) = split_at_tag(page, "<title")?;
    let (_, rest) = rest.split_once('>')?;
    split_at_tag(rest, "</title").map(|(title, _)| title)
}

fn split_at_tag<'a>(page: &'a str, tag: &str) -> Option<(&'a str, &'a str)> {
    let (at, _) = page.char_indices().find(|(at, _)| {
        let begins = page.get(*at..at.saturating_add(tag.len()));
        begins.is_some_and(|begins| begins.eq_ignore_ascii_case(tag))
    })?;
    page.split_at_checked(at)
}

/// The beginning of a text for a message: one line, and not longer than one reads.
pub(crate) fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = words.join(" ");
    let cut: String = words.chars().take(LONGEST_BEGINNING).collect();
    if cut.len() < words.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

/// How many problems a message names; the error has them all.
const MOST_REASONS: usize = 10;
/// As long as a sentence of a gateway is, in bytes.
const LONGEST_SENTENCE: usize = 200;
/// How much of a reply a message shows, in characters.
const LONGEST_BEGINNING: usize = 80;

/// Rounded up: what is not over is not said to be.
pub(crate) fn whole_seconds(span: Duration) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_text_is_one_line_of_80_characters() {
        let eighty = "ä".repeat(80);
        for (text, expected) in [
            (String::new(), String::new()),
            (" a\n\tb  c ".into(), "a b c".into()),
            (eighty.clone(), eighty.clone()),
            (format!("{eighty}b"), format!("{eighty}…")),
        ] {
            assert_eq!(beginning(&text), expected);
        }
    }

    #[test]
    fn a_span_is_said_in_seconds_rounded_up() {
        for (millis, expected) in [(0, 0), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), expected, "{millis}");
        }
    }
}
