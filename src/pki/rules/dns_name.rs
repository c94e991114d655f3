//! A DNS name, wherever it is: its parts, and how it is compared with others.

use crate::{
    index::Index,
    platform,
    x509::{address::Address, general_name::GeneralName, punycode},
};

/// A DNS name and where it is.
pub(crate) struct DnsName<'a> {
    pub name: &'a str,
    pub field: String,
}

impl DnsName<'_> {
    pub(super) fn labels(&self) -> core::str::Split<'_, char> {
        self.host().split('.')
    }

    /// Without a wildcard and without the dot of the root.
    pub(super) fn host(&self) -> &str {
        let name = self.name.strip_suffix('.').unwrap_or(self.name);
        name.strip_prefix("*.").unwrap_or(name)
    }

    pub(super) fn last_label(&self) -> &str {
        self.host().rsplit('.').next().unwrap_or_default()
    }

    /// Whether it ends in this suffix, or is it.
    pub(super) fn is_under(&self, suffix: &str) -> bool {
        let host = self.host().to_ascii_lowercase();
        host.strip_suffix(suffix)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    pub(super) fn ip(&self) -> Option<Address> {
        ip_of(self.name)
    }

    /// Whether every character is one that a name can have, so that rules about labels make sense.
    pub(super) fn is_plain(&self) -> bool {
        self.name
            .bytes()
            .all(|octet| is_ldh(octet) || matches!(octet, b'.' | b'*' | b'_'))
            && self.ip().is_none()
    }

    pub(super) fn has_bad_label(&self, is_bad: fn(&str) -> bool) -> bool {
        self.is_plain() && self.labels().any(is_bad)
    }
}

pub(super) fn is_ldh(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'-'
}

/// An address as it is typed, perhaps in the brackets that it has in a URL.
pub(super) fn ip_of(name: &str) -> Option<Address> {
    let text = name.trim().trim_start_matches('[').trim_end_matches(']');
    Address::parse(text)
}

/// A name in one of the ways in which people write it: international labels as people read them, addresses without brackets,
/// without the dot of the root.
pub(super) fn one_way(name: &str) -> String {
    if let Some(address) = ip_of(name) {
        return address.to_string();
    }
    let name = name.trim();
    let labels = name.strip_suffix('.').unwrap_or(name).split('.');
    let labels = labels.map(|label| punycode::decoded(label).unwrap_or_else(|| label.to_owned()));
    platform::folded(&labels.collect::<Vec<_>>().join("."))
}

/// Whether a name is among others, which are written in one way, or a wildcard among them covers it: it stands for one label
/// (RFC 6125, 6.4.3).
pub(super) fn is_covered(name: &str, others: &Index) -> bool {
    let name = one_way(name);
    let wildcard = name.split_once('.').map(|(_, parent)| ["*.", parent].concat());
    others.has(&name) || wildcard.is_some_and(|wildcard| others.has(&wildcard))
}

/// A DNS name or an address as text, in lower case.
pub(super) fn text_of(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Dns(dns) => Some(folded(dns)),
        GeneralName::Ip(address) => Some(address.to_string()),
        _ => None,
    }
}

/// A name as names are compared: without the white space around it, in lower case.
pub(super) fn folded(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}
