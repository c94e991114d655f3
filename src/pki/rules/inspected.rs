//! A request with everything that rules ask for.

use core::fmt;

use der::{find, oid};

use crate::{
    key::algorithm::SignatureAlgorithm,
    paste::document::{Block, Document},
    rules::{context::Context, dns_name::DnsName, key::JudgedKey},
    x509::{address::Address, csr::CertificationRequest, general_name::GeneralName, name::NameAttribute},
};

/// A sound request has one.
const MAX_COMMON_NAMES: usize = 16;

/// A request under inspection.
pub(crate) struct Inspected<'a> {
    pub document: &'a Document,
    /// The block of the document that the request was read from.
    pub block: &'a Block,
    pub request: CertificationRequest<'a>,
    pub signature_algorithm: SignatureAlgorithm,
    pub context: &'a Context,
}

/// The SAN's kind (`dns`, `ip`, …), and its index among those of its kind.
#[derive(Clone, Copy)]
pub(super) struct Place {
    list: &'static str,
    index: usize,
}

impl fmt::Display for Place {
    /// `subjectAltNames.dns[2]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "subjectAltNames.{}[{}]", self.list, self.index)
    }
}

impl Inspected<'_> {
    /// Its key, with the keys that are known to be weak.
    pub(super) fn key(&self) -> JudgedKey<'_> {
        JudgedKey {
            key: &self.request.key,
            weak_keys: &self.context.weak_keys,
        }
    }

    /// The names that the request asks for in its subjectAltName.
    pub(super) fn alternative_names(&self) -> impl Iterator<Item = &GeneralName> {
        self.request.alternative_names()
    }

    /// The same, each with its place. In a list, so that what counts them is compiled once.
    pub(super) fn placed_names(&self) -> impl Iterator<Item = (Place, &GeneralName)> {
        let [mut dns, mut ip, mut email, mut uri, mut other] = [0_usize; 5];
        let mut names = Vec::new();
        for name in self.alternative_names() {
            let (list, count) = match name {
                GeneralName::Dns(_) => ("dns", &mut dns),
                GeneralName::Ip(_) => ("ip", &mut ip),
                GeneralName::Email(_) => ("email", &mut email),
                GeneralName::Uri(_) => ("uri", &mut uri),
                _ => ("other", &mut other),
            };
            names.push((Place { list, index: *count }, name));
            *count = count.saturating_add(1);
        }
        names.into_iter()
    }

    /// The DNS names among them, each with its field.
    pub(super) fn dns_names(&self) -> Vec<DnsName<'_>> {
        let mut names = Vec::new();
        for (place, name) in self.placed_names() {
            if let GeneralName::Dns(name) = name {
                let field = place.to_string();
                names.push(DnsName { name, field });
            }
        }
        names
    }

    /// The common names that are looked at: each is compared with all alternative names, of which there may be thousands.
    pub(super) fn common_names(&self) -> impl Iterator<Item = &NameAttribute> {
        let names = self.request.subject.values(oid::COMMON_NAME).take(MAX_COMMON_NAMES);
        names.collect::<Vec<_>>().into_iter()
    }

    /// Whether a common name is one of the alternative names: as a DNS name, or as an address.
    pub(super) fn is_alternative(&self, common_name: &str) -> bool {
        // An address may be written in more than one way.
        let common_address = Address::parse(common_name);
        self.alternative_names().any(|name| match name {
            GeneralName::Dns(dns) => dns.eq_ignore_ascii_case(common_name),
            GeneralName::Ip(address) => common_address.as_ref() == Some(address),
            _ => false,
        })
    }

    /// Whether there is a name in subjectAltName that a TLS certificate can have.
    pub(super) fn has_usable_alternative_name(&self) -> bool {
        self.alternative_names()
            .any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)))
    }

    /// All names that the certificate would be for: the alternative ones, and a common name that is not among them but
    /// has to stand in for them or looks like one.
    pub(super) fn all_dns_names(&self) -> Vec<DnsName<'_>> {
        let has_others = self.has_usable_alternative_name();
        let mut names = self.dns_names();
        for attribute in self.common_names() {
            let name = attribute.value.as_str();
            let looks_like_one = find::has(name, '.') && !name.contains(char::is_whitespace);
            if (!has_others || looks_like_one) && !self.is_alternative(name) && !is_ip(name) {
                let field = "subject.commonName".to_owned();
                names.push(DnsName { name, field });
            }
        }
        names
    }
}

pub(super) fn is_ip(text: &str) -> bool {
    Address::parse(text).is_some()
}
