//! The service's resource ids.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

use super::call::Refused;

/// A resource id: a UUID in its usual form (guide 8.7.1). Only what is one gets into a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceId(String);

impl ResourceId {
    /// Where the hyphens stand.
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    const LENGTH: usize = 36;

    /// Its text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads an id that stands in `field` of a call's arguments.
    ///
    /// # Errors
    /// [`Refused`] with the code `invalid_id`.
    pub fn of(field: &str, text: &str) -> Result<Self, Refused> {
        text.parse().map_err(|message| Refused {
            code: "invalid_id",
            field: field.into(),
            message,
        })
    }
}

impl FromStr for ResourceId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
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
        Err(format!(
            "{} is not a resource id: expected a UUID such as 123e4567-e89b-12d3-a456-426614174000.",
            if text.is_empty() {
                "An empty text".into()
            } else {
                format!("{:?}", text.chars().take(60).collect::<String>())
            }
        ))
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ResourceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
