//! What the texts of requests have to look like.

use uuid::Uuid;

/// What a text has to look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// Anything but blanks, at most 255 characters.
    Line,
    /// At most 2000 characters, blank or not.
    Note,
    /// A mail address.
    Email,
    /// A host name, perhaps a wildcard one.
    Domain,
    /// A domain that fits into a common name, which holds 64 characters (RFC 5280, appendix A.1).
    CommonName,
    /// Two capital letters, ISO 3166-1.
    Country,
    /// A language: `en`.
    Locale,
    /// A text that another reader will check.
    Pem,
}

impl Text {
    pub(crate) fn expectation(self) -> &'static str {
        match self {
            Self::Line => "must be a text that is not blank, of at most 255 characters",
            Self::Note => "must be a text of at most 2000 characters",
            Self::Email => "must be a mail address",
            Self::Domain => "must be a domain name",
            Self::CommonName => "must be a domain name of at most 64 characters",
            Self::Country => "must be a country code of two capital letters",
            Self::Locale => "must be a language code such as en",
            Self::Pem => "must be a text of at most 65536 characters",
        }
    }

    pub(crate) fn accepts(self, text: &str) -> bool {
        let longest = |most: usize| text.chars().count() <= most;
        match self {
            Self::Line => longest(255) && !is_blank(text),
            Self::Note => longest(2_000),
            Self::Email => longest(254) && is_email(text),
            Self::Domain => is_domain(text),
            Self::CommonName => longest(64) && is_domain(text),
            Self::Country => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()),
            Self::Pem => longest(65_536),
            Self::Locale => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase()),
        }
    }
}

/// Nothing but white space as ECMAScript has it, so that `\S` in docs/openapi.yaml means the same.
fn is_blank(text: &str) -> bool {
    let is_space = |letter: char| (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{feff}';
    text.chars().all(is_space)
}

fn is_email(text: &str) -> bool {
    let is_local = |letter: u8| letter.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&letter);
    text.split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && local.bytes().all(is_local) && is_host(host))
}

/// A host name, with a wildcard allowed as its whole first label (RFC 6125).
pub(crate) fn is_domain(text: &str) -> bool {
    text.len() <= 253 && is_host(text.strip_prefix("*.").unwrap_or(text))
}

/// At least two labels (RFC 1123). The last one begins with a letter, which tells a name from an IPv4 address.
fn is_host(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(rest, last)| {
        rest.split('.').all(is_label)
            && is_label(last)
            && last.len() >= 2
            && last.starts_with(|letter: char| letter.is_ascii_alphabetic())
    })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The one form of an id: 36 characters with hyphens, in either case.
pub(crate) fn parse_id(text: &str) -> Option<Uuid> {
    if text.len() == 36 {
        Uuid::try_parse(text).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_host_names_with_at_most_one_wildcard_in_front() {
        for good in [
            "example.com",
            "*.example.com",
            "a-b.EXAMPLE.co",
            "xn--bcher-kva.example",
            "1.example",
        ] {
            assert!(is_domain(good), "{good}");
        }
        for bad in [
            "", "example", "*.com.", "a.*.com", "-a.com", "a-.com", "a..com", "1.2.3.4", "a.b", "a_b.com", "ä.com",
            "*.",
        ] {
            assert!(!is_domain(bad), "{bad}");
        }
        assert!(!is_domain(&format!("{}.com", "a".repeat(64))));
    }

    #[test]
    fn mail_addresses_have_two_sides() {
        for good in ["a@b.co", "first.last+tag@mail.example"] {
            assert!(Text::Email.accepts(good), "{good}");
        }
        for bad in ["", "a", "@b.co", "a@b", "a@b@c.co", "a b@c.co", "a@b..co", "a@-b.co"] {
            assert!(!Text::Email.accepts(bad), "{bad}");
        }
    }

    #[test]
    fn an_id_is_a_hyphenated_uuid_and_nothing_else() {
        assert!(parse_id("67e55044-10b1-426f-9247-bb680e5fe0c8").is_some());
        for bad in [
            "",
            "67e5504410b1426f9247bb680e5fe0c8",
            "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
            "67e55044-10b1-426f-9247-bb680e5fe0cg",
        ] {
            assert_eq!(parse_id(bad), None, "{bad}");
        }
    }
}
