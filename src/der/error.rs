//! Why an element could not be read.

use core::fmt;

/// What was expected, what is there instead, and where. Passed up through many levels, so it is one word, and less code at each of
/// them; it becomes a sentence where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerError(Box<Mismatch>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Mismatch {
    expected: &'static str,
    /// None when the bytes end before what they began.
    found: Option<&'static str>,
    offset: usize,
}

impl DerError {
    /// The structure is not the expected one.
    #[must_use]
    #[cold]
    pub fn new(expected: &'static str, found: &'static str, offset: usize) -> Self {
        Self::of(expected, Some(found), offset)
    }

    /// The bytes end before the element that they began.
    #[must_use]
    #[cold]
    pub fn truncated(expected: &'static str, offset: usize) -> Self {
        Self::of(expected, None, offset)
    }

    fn of(expected: &'static str, found: Option<&'static str>, offset: usize) -> Self {
        Self(Box::new(Mismatch {
            expected,
            found,
            offset,
        }))
    }

    /// Where: in octets from the beginning of the document.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Whether the bytes end too early.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.0.found.is_none()
    }
}

impl fmt::Display for DerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            expected,
            found,
            offset,
        } = &*self.0;
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
