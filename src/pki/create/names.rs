//! The alternative names of a new request, from what people type.

use der::{tag, writer::element};
use finding::{Finding, FindingCode};

use crate::{paste::private_key, x509::address::Address};

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

/// The same for what need not be a host name: a common name without a dot is left as it is, an address loses its brackets.
pub(super) fn common_name(name: &str, convert: ToAscii<'_>) -> Option<String> {
    if let Some(literal) = in_brackets(name).filter(|inner| Address::parse(inner).is_some()) {
        return Some(literal.to_owned());
    }
    if name.contains(['.', '。', '．', '｡']) {
        to_ascii(name, convert)
    } else {
        None
    }
}

/// An address as it is typed: a literal of a URL has brackets.
fn address(text: &str) -> Option<Address> {
    Address::parse(in_brackets(text).unwrap_or(text))
}

fn in_brackets(text: &str) -> Option<&str> {
    text.strip_prefix('[')?.strip_suffix(']')
}

/// The alternative names in the making.
pub(super) struct Names<'a> {
    to_ascii: ToAscii<'a>,
    /// Each as a `GeneralName`.
    pub written: Vec<Vec<u8>>,
    /// Whether there is a list of names, if one without any.
    pub are_given: bool,
    /// What cannot be written.
    pub findings: Vec<Finding>,
}

impl<'a> Names<'a> {
    pub(super) const fn new(to_ascii: ToAscii<'a>) -> Self {
        Self {
            to_ascii,
            written: Vec::new(),
            are_given: false,
            findings: Vec::new(),
        }
    }

    /// Adds a list of names by its field.
    pub(super) fn add(&mut self, field: &str, names: &[String]) {
        self.are_given = true;
        for (index, name) in names.iter().enumerate() {
            let place = format!("{field}[{index}]");
            refuse_private_key(&mut self.findings, place.clone(), name);
            let name = name.trim();
            let (name, expected) = match field {
                "dnsNames" => (Some(self.host(name)), ""),
                "ipAddresses" => (address(name).map(of_address), "an IP address"),
                "emailAddresses" => (self.email(name), "an email address in ASCII"),
                _ => (uri(name), "a URI in ASCII, with its scheme"),
            };
            match name {
                Some((tag, octets)) => self.written.push(element(tag, &[octets])),
                None => wrong(&mut self.findings, place, expected),
            }
        }
    }

    /// A host name, or the address that it is.
    fn host(&self, name: &str) -> (u8, Vec<u8>) {
        address(name).map_or_else(|| (DNS_NAME, self.ascii(name).into_bytes()), of_address)
    }

    /// An rfc822Name (RFC 5280, 4.2.1.6).
    fn email(&self, text: &str) -> Option<(u8, Vec<u8>)> {
        let (local, host) = text.rsplit_once('@')?;
        let host = self.ascii(host);
        // RFC 5321, 4.1.2: a Dot-string before the sign, and a domain after it.
        let is_atom = |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet);
        let is_label = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
        let is_sound = is_dotted(local, is_atom) && is_dotted(&host, is_label);
        is_sound.then(|| (EMAIL, [local, "@", &host].concat().into_bytes()))
    }

    fn ascii(&self, host: &str) -> String {
        to_ascii(host, self.to_ascii).unwrap_or_else(|| host.to_owned())
    }
}

fn of_address(address: Address) -> (u8, Vec<u8>) {
    (IP_ADDRESS, address.into_octets())
}

/// A uniformResourceIdentifier (RFC 5280, 4.2.1.6).
fn uri(text: &str) -> Option<(u8, Vec<u8>)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'.');
    let is_sound = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(is_scheme);
    // Two slashes are followed by a host.
    let host = rest.strip_prefix("//").unwrap_or(rest);
    let has_host = !host.is_empty() && !host.starts_with(['/', '?', '#', ':']);
    (is_sound && has_host && is_word(text)).then(|| (URI, text.as_bytes().to_vec()))
}

/// A value that cannot be written.
pub(super) fn wrong(findings: &mut Vec<Finding>, field: String, expected: &str) {
    let message = format!("`{field}` must be {expected}.");
    findings.push(Finding::argument(FindingCode::InvalidArgument, field, message));
}

/// A key that was put into the wrong field would be in the request, and in what is said of it.
pub(super) fn refuse_private_key(findings: &mut Vec<Finding>, field: String, text: &str) {
    if private_key::refuse(text).is_err() {
        wrong(
            findings,
            field,
            "something else than a private key, which belongs into `key`",
        );
    }
}

/// Words of such octets, with dots in between.
fn is_dotted(text: &str, is_such: fn(u8) -> bool) -> bool {
    text.split('.')
        .all(|word| !word.is_empty() && word.bytes().all(is_such))
}

/// Visible ASCII.
fn is_word(text: &str) -> bool {
    text.bytes().all(|octet| octet.is_ascii_graphic())
}
