//! Why an element could not be read.

use core::fmt;

/// What was expected, what is there instead, and where. Passed up through many levels, so it is small and has no heap;
/// it becomes a sentence where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DerError {
    expected: &'static str,
    /// None when the bytes end before what they began.
    found: Option<&'static str>,
    offset: usize,
}

impl DerError {
    /// The structure is not the expected one.
    #[must_use]
    pub const fn new(expected: &'static str, found: &'static str, offset: usize) -> Self {
        Self {
            expected,
            found: Some(found),
            offset,
        }
    }

    /// The bytes end before the element that they began.
    #[must_use]
    pub const fn truncated(expected: &'static str, offset: usize) -> Self {
        Self {
            expected,
            found: None,
            offset,
        }
    }

    /// Where: in octets from the beginning of the document.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Whether the bytes end too early.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.found.is_none()
    }
}

impl fmt::Display for DerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            expected,
            found,
            offset,
        } = self;
        match found {
            Some(found) => write!(f, "Expected {expected}, found {found} at byte {offset}."),
            None => write!(
                f,
                "Expected {expected} at byte {offset}, but the data ends before it is complete."
            ),
        }
    }
}

impl core::error::Error for DerError {}
