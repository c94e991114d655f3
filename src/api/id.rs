//! The service's resource ids.

use super::refused::{Reason, Refused};

/// A resource id: a UUID in its usual form (guide 8.7.1). Nothing else gets into a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceId(String);

impl ResourceId {
    /// Where the hyphens are.
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    const LENGTH: usize = 36;
    pub(super) const EXAMPLE: &str = "123e4567-e89b-12d3-a456-426614174000";

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
        let shown = if text.is_empty() {
            "An empty text".into()
        } else {
            format!("\"{}\"", text.chars().take(60).collect::<String>())
        };
        let message = format!(
            "{shown} is not a resource id: expected a UUID such as {}.",
            Self::EXAMPLE
        );
        Err(Refused::new(Reason::Id, field, message))
    }
}
