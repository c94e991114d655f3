//! `docs/errors.md`: every error code, its class and what it means.

use std::fmt::Write as _;

use markmonitor_certs::{client::ErrorCode, pki::ParseErrorCode};

use crate::is_current;

fn generated() -> String {
    let mut page = String::from(
        "# Errors\n\nEvery error of the package extends `CertsError` and has a stable `code`. `ApiError` is the base of those \
         that stand for a reply in which the service refuses a call: `BadRequestError`, `AuthenticationError`, `PermissionDeniedError`, \
         `NotFoundError`, `ConflictError`, `RateLimitError` and `ServerError`. `TimeoutError` extends `ConnectionError`. A \
         `ValidationError` lists in `findings` what is wrong; [findings.md](findings.md) has their codes.\n\n\
         Generated from the codes in `src/client/error.rs` and `src/pki/error.rs` by \
         `UPDATE_DOCS=1 cargo test --test documentation`.\n\n\
         | code | class | when |\n|---|---|---|\n",
    );
    let codes = ErrorCode::ALL.iter();
    let codes = codes.map(|code| (code.as_str(), code.class(), code.says().trim()));
    let of_reading = ParseErrorCode::ALL.iter();
    let of_reading = of_reading.map(|code| (code.as_str(), "ParseError", code.meaning()));
    for (code, class, meaning) in codes.chain(of_reading) {
        let _ = writeln!(page, "| `{code}` | `{class}` | {meaning} |");
    }
    page
}

#[test]
fn the_page_of_errors_is_current() {
    is_current("docs/errors.md", &generated());
}

#[test]
fn each_code_is_on_the_page_once() {
    let page = generated();
    let codes = ErrorCode::ALL.iter().map(|code| code.as_str());
    for code in codes.chain(ParseErrorCode::ALL.iter().map(|code| code.as_str())) {
        assert_eq!(page.matches(&format!("| `{code}` |")).count(), 1, "{code}");
    }
}
