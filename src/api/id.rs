//! The service's resource ids.

use super::refused::{Reason, Refused};

/// A resource id: a UUID in its usual form (guide 8.7.1). Nothing else gets into a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceId(String);

const EXAMPLE: &str = "123e4567-e89b-12d3-a456-426614174000";

impl ResourceId {
    /// Where the hyphens are.
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    const LENGTH: usize = 36;

    /// Its text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the id in `field` of a call's arguments.
    ///
    /// # Errors
    /// [`Refused`] when it is not a UUID.
    pub fn of(field: &str, text: &str) -> Result<Self, Refused> {
        let is_uuid = text.len() == Self::LENGTH
            && text.bytes().enumerate().all(|(at, byte)| {
                if Self::HYPHENS.contains(&at) {
                    byte == b'-'
                } else {
                    byte.is_ascii_hexdigit()
                }
            });
        if is_uuid {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        // What was given is not shown: it may be anything, a key included.
        let given = match text.chars().count() {
            0 => "it is an empty text".to_owned(),
            36 => "it has other characters than hexadecimal digits and hyphens in their places".to_owned(),
            count => format!("it has {count} characters in place of 36"),
        };
        Err(Self::refused(field, &given))
    }

    pub(super) fn refused(field: &str, given: &str) -> Refused {
        let message = format!("`{field}` is not a UUID such as {EXAMPLE}: {given}.");
        Refused::new(Reason::Id, field, message)
    }
}
