//! The alternative names of a new request, from what people type.

use core::net::IpAddr;

use der::{
    tag,
    writer::{element, sequence},
};

use crate::finding::{Finding, FindingCode};

const EMAIL: u8 = tag::context(1);
const DNS_NAME: u8 = tag::context(2);
const URI: u8 = tag::context(6);
const IP_ADDRESS: u8 = tag::context(7);

/// What makes the ASCII form of an international host name: the platform, which has the tables for it (UTS 46).
pub type ToAscii<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A host name as certificates have it; None when it is ASCII already, or the platform makes no host name of it.
///
/// The platform reads an address in digits of other scripts, too, and undoes what is escaped: neither is a host name.
pub(super) fn to_ascii(name: &str, to_ascii: ToAscii<'_>) -> Option<String> {
    let (wildcard, host) = match name.strip_prefix("*.") {
        Some(host) => ("*.", host),
        None => ("", name),
    };
    let is_host = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if host.is_ascii() || !host.chars().all(is_host) || host.contains(char::is_whitespace) {
        return None;
    }
    let ascii = to_ascii(host).filter(|ascii| address(ascii).is_none())?;
    Some(format!("{wildcard}{ascii}"))
}

/// The same for what need not be a host name: a common name without a dot is left as it is.
pub(super) fn common_name(name: &str, convert: ToAscii<'_>) -> Option<String> {
    if name.contains(['.', '。', '．', '｡']) {
        to_ascii(name, convert)
    } else {
        None
    }
}

/// An address as it is typed: a literal of a URL has brackets.
fn address(text: &str) -> Option<IpAddr> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inner.unwrap_or(text).parse().ok()
}

/// A `GeneralNames` in the making.
pub(super) struct Names<'a> {
    pub to_ascii: ToAscii<'a>,
    pub written: Vec<Vec<u8>>,
    /// What cannot be written.
    pub findings: Vec<Finding>,
}

impl Names<'_> {
    fn add(&mut self, tag: u8, octets: Vec<u8>) {
        self.written.push(element(tag, &[octets]));
    }

    fn add_address(&mut self, address: IpAddr) {
        let octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        self.add(IP_ADDRESS, octets);
    }

    fn refuse(&mut self, list: &str, index: usize, expected: &str) {
        let field = format!("{list}[{index}]");
        let message = format!("`{field}` must be {expected}.");
        self.findings
            .push(Finding::argument(FindingCode::InvalidArgument, field, message));
    }

    /// Host names; an address among them becomes one.
    pub(super) fn add_hosts(&mut self, names: &[String]) {
        for name in names.iter().map(|name| name.trim()) {
            if let Some(address) = address(name) {
                self.add_address(address);
            } else {
                let name = to_ascii(name, self.to_ascii).unwrap_or_else(|| name.to_owned());
                self.add(DNS_NAME, name.into_bytes());
            }
        }
    }

    pub(super) fn add_addresses(&mut self, list: &str, addresses: &[String]) {
        for (index, text) in addresses.iter().enumerate() {
            match address(text.trim()) {
                Some(address) => self.add_address(address),
                None => self.refuse(list, index, "an IP address"),
            }
        }
    }

    /// Email addresses in ASCII, as an rfc822Name is (RFC 5280, 4.2.1.6).
    pub(super) fn add_emails(&mut self, list: &str, addresses: &[String]) {
        for (index, text) in addresses.iter().enumerate() {
            let Some((local, host)) = text.trim().rsplit_once('@') else {
                self.refuse(list, index, "an email address");
                continue;
            };
            let host = to_ascii(host, self.to_ascii).unwrap_or_else(|| host.to_owned());
            if local.is_empty() || host.is_empty() || !is_word(local) || !is_word(&host) {
                self.refuse(list, index, "an email address in ASCII");
            } else {
                self.add(EMAIL, [local, "@", &host].concat().into_bytes());
            }
        }
    }

    /// URIs in ASCII, with their scheme (RFC 5280, 4.2.1.6).
    pub(super) fn add_uris(&mut self, list: &str, uris: &[String]) {
        for (index, text) in uris.iter().enumerate() {
            let uri = text.trim();
            let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
            let is_scheme = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'.');
            if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(is_scheme) && is_word(uri) {
                self.add(URI, uri.as_bytes().to_vec());
            } else {
                self.refuse(list, index, "a URI in ASCII, with its scheme");
            }
        }
    }

    /// The `GeneralNames`; None without names, for one has to have a name.
    pub(super) fn write(self) -> Option<Vec<u8>> {
        (!self.written.is_empty()).then(|| sequence(&self.written))
    }
}

/// Visible ASCII.
fn is_word(text: &str) -> bool {
    text.bytes().all(|octet| octet.is_ascii_graphic())
}
