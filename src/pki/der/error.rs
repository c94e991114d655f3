//! Why an element could not be read.

use crate::ParseError;

/// What was expected, what is there instead, and where. Passed up through many levels, so it is small and has no heap;
/// it becomes a sentence where it leaves this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DerError {
    expected: &'static str,
    /// None when the bytes end before what they began.
    found: Option<&'static str>,
    offset: usize,
}

impl DerError {
    /// The structure is not the expected one.
    pub(crate) const fn new(expected: &'static str, found: &'static str, offset: usize) -> Self {
        Self {
            expected,
            found: Some(found),
            offset,
        }
    }

    /// The bytes end before the element that they began.
    pub(crate) const fn truncated(expected: &'static str, offset: usize) -> Self {
        Self {
            expected,
            found: None,
            offset,
        }
    }
}

impl From<DerError> for ParseError {
    fn from(error: DerError) -> Self {
        let DerError {
            expected,
            found,
            offset,
        } = error;
        let (code, message) = match found {
            Some(found) => ("der", format!("Expected {expected}, found {found} at byte {offset}.")),
            None => (
                "truncated",
                format!("Expected {expected} at byte {offset}, but the data ends before it is complete."),
            ),
        };
        Self::at(code, message, offset)
    }
}
