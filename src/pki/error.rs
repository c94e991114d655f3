//! Why something could not be read.

use der::DerError;
use serde::Serialize;

/// The input is not what was asked for. Never holds any of the input, which may be a private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct ParseError {
    /// Stable, for programs: `empty`, `private_key`, `wrong_kind`, `base64`, `truncated`, `der`, `unreadable_pem`.
    pub code: &'static str,
    /// One sentence, for people: what was expected, what was found, where.
    pub message: String,
    /// Where: in the text when the text is at fault, in the decoded bytes when those are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
}

impl ParseError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            offset: None,
        }
    }

    pub(crate) fn at(code: &'static str, message: impl Into<String>, offset: usize) -> Self {
        Self {
            code,
            message: message.into(),
            offset: Some(offset),
        }
    }
}

impl From<DerError> for ParseError {
    fn from(error: DerError) -> Self {
        let code = if error.is_truncated() { "truncated" } else { "der" };
        Self::at(code, error.to_string(), error.offset())
    }
}

impl core::fmt::Display for ParseError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for ParseError {}
