//! The marker in an order's comments, by which it is found again: `[mmc once=4f3a0c19d2b7e685]`.

use core::fmt;

use super::text::split_once;

const BEGIN: &str = "[mmc";
const END: char = ']';

/// What a marker says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marker {
    /// The digest of what was ordered.
    pub once: Option<String>,
    /// The digest of the caller's `onceId`.
    pub id: Option<String>,
    /// The order that this one replaces.
    pub replaces: Option<String>,
}

impl Marker {
    /// Reads the marker in comments.
    #[must_use]
    pub fn of(comments: &str) -> Option<Self> {
        let (_, marker, _) = split(comments)?;
        let mut read = Self::default();
        for (name, value) in marker.split_whitespace().filter_map(|part| part.split_once('=')) {
            let field = match name {
                "once" => &mut read.once,
                "id" => &mut read.id,
                "replaces" => &mut read.replaces,
                _ => continue,
            };
            *field = Some(value.to_owned());
        }
        Some(read)
    }

    /// Comments with this marker in place of the one in them.
    #[must_use]
    pub fn put_into(&self, comments: &str) -> String {
        let comments = without_marker(comments);
        if comments.is_empty() {
            return self.to_string();
        }
        format!("{comments} {self}")
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(BEGIN)?;
        for (name, value) in [("once", &self.once), ("id", &self.id), ("replaces", &self.replaces)] {
            if let Some(value) = value {
                write!(f, " {name}={value}")?;
            }
        }
        write!(f, "{END}")
    }
}

/// Comments as a person wrote them.
#[must_use]
pub fn without_marker(comments: &str) -> String {
    match split(comments) {
        Some((before, _, after)) => [before.trim_end(), after.trim_start()].join(" ").trim().to_owned(),
        None => comments.to_owned(),
    }
}

fn split(comments: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = split_once(comments, BEGIN)?;
    let (marker, after) = rest.split_once(END)?;
    marker.starts_with(' ').then_some((before, marker, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_as_it_was_written_and_leaves_the_rest_as_it_was() {
        let marker = Marker {
            once: Some("4f3a0c19d2b7e685".into()),
            id: None,
            replaces: Some("1c7d2a0e-6a5f-4f7e-9a51-0d9b7a6f2a10".into()),
        };
        for comments in ["", "for the shop", "[important] for the shop"] {
            let text = marker.put_into(comments);
            assert_eq!(Marker::of(&text).as_ref(), Some(&marker), "{text}");
            assert_eq!(without_marker(&text), comments);
            assert_eq!(marker.put_into(&text), text, "there is one marker");
        }
        for none in ["", "[mmc", "[mmcx y=z]", "mmc once=1"] {
            assert_eq!((Marker::of(none), without_marker(none).as_str()), (None, none));
        }
    }
}
