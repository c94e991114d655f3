//! Name constraints (RFC 5280, 4.2.1.10).

use der::{Reader, find, hex, oid, tag};

use crate::{
    index::Index,
    x509::{certificate::SignedCertificate, general_name::GeneralName},
};

/// Subtrees of names by their kinds, so that whether a name is in one of them is looked up and not tried.
#[derive(Default)]
struct Subtrees {
    /// Each with its kind before it.
    texts: Index,
    /// What lengths the texts of a kind have, which are few.
    lengths: Index,
    /// Those of the IP addresses.
    masks: Index,
}

impl Subtrees {
    fn add(&mut self, base: &GeneralName) {
        let kind = kind_of(base);
        let text = match base {
            // A mailbox, all of a host, or with a dot all below a domain.
            GeneralName::Dns(name) | GeneralName::Email(name) | GeneralName::Uri(name) => folded_mailbox(name),
            GeneralName::Ip(address) if address.is_one() => return,
            GeneralName::Ip(address) => {
                let (address, mask) = address.octets().split_at(address.octets().len() >> 1);
                self.masks.add(mask, 0);
                masked(address, mask)
            }
            GeneralName::DirectoryName(name) => name.folded(),
            _ => String::new(),
        };
        let length = text.len();
        if !self.lengths.places(kind.as_bytes()).contains(&length) {
            self.lengths.add(kind.as_bytes(), length);
        }
        self.texts.insert(&[kind, &text].concat());
    }

    /// Whether a text is one of this kind.
    fn has(&self, kind: &str, text: &str) -> bool {
        self.texts.has(&[kind, text].concat())
    }

    /// Whether one of a kind is an end of this text, with what is before it.
    fn has_end_of(&self, kind: &str, text: &str, is_end: fn(&str, &str) -> bool) -> bool {
        self.lengths.places(kind.as_bytes()).iter().any(|&length| {
            let halves = text.len().checked_sub(length).and_then(|at| text.split_at_checked(at));
            halves.is_some_and(|(before, end)| is_end(before, end) && self.has(kind, end))
        })
    }

    /// Whether one of a kind is a whole number of lines at the beginning of this text.
    fn has_lines_of(&self, kind: &str, text: &str) -> bool {
        let lengths = self.lengths.places(kind.as_bytes()).iter();
        let mut beginnings = lengths.filter_map(|&length| text.get(..length));
        beginnings.any(|lines| (lines.is_empty() || lines.ends_with('\n')) && self.has(kind, lines))
    }

    /// Whether a name is in one of them; None when none is of its kind (RFC 5280, 4.2.1.10). For one of a kind that is not
    /// processed, what makes it refused.
    fn contain(&self, name: &GeneralName, refusal: bool) -> Option<bool> {
        let kind = kind_of(name);
        if self.lengths.places(kind.as_bytes()).is_empty() {
            return None;
        }
        Some(match name {
            GeneralName::Dns(name) => self.has_end_of(kind, &name.to_ascii_lowercase(), |before, base| {
                base.is_empty() || base.starts_with('.') || before.is_empty() || before.ends_with('.')
            }),
            GeneralName::Email(mailbox) => {
                let mailbox = folded_mailbox(mailbox);
                let host = mailbox.rsplit('@').next().unwrap_or_default();
                self.has(kind, &mailbox) || self.has_end_of(kind, host, is_host_within)
            }
            GeneralName::Uri(uri) => match host_of(uri).to_ascii_lowercase() {
                host if is_host_name(&host) => self.has_end_of(kind, &host, is_host_within),
                _ => refusal,
            },
            GeneralName::Ip(address) => {
                let octets = address.octets();
                let mut masks = self.masks.keys().filter(|mask| mask.len() == octets.len());
                masks.any(|mask| self.has(kind, &masked(octets, mask)))
            }
            GeneralName::DirectoryName(name) => self.has_lines_of(kind, &name.folded()),
            _ => refusal,
        })
    }
}

const fn kind_of(name: &GeneralName) -> &'static str {
    match name {
        GeneralName::Dns(_) => "d",
        GeneralName::Email(_) => "m",
        GeneralName::Uri(_) => "u",
        GeneralName::Ip(_) => "i",
        GeneralName::DirectoryName(_) => "n",
        GeneralName::OtherName { .. } => "o",
        GeneralName::RegisteredId(_) => "r",
        GeneralName::X400Address(_) => "x",
        GeneralName::EdiPartyName(_) => "e",
    }
}

/// A mailbox or a host, which is the same in any case.
fn folded_mailbox(mailbox: &str) -> String {
    let (local, host) = mailbox
        .split_at_checked(mailbox.rfind('@').unwrap_or_default())
        .unwrap_or_default();
    [local, &host.to_ascii_lowercase()].concat()
}

/// Whether the host of a URI is a name: one without, or with an address, is not accepted where URIs are constrained.
fn is_host_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    last.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether a host is this one; with a dot in front, whether it is below it.
fn is_host_within(before: &str, base: &str) -> bool {
    before.is_empty() || base.starts_with('.')
}

/// What of an address counts, and the mask.
fn masked(address: &[u8], mask: &[u8]) -> String {
    let octets: Vec<u8> = address.iter().zip(mask).map(|(octet, mask)| octet & mask).collect();
    hex(&[&octets, mask].concat())
}

/// The names that an issuer permits below it, and those that it excludes.
#[derive(Default)]
struct Constraints {
    permitted: Subtrees,
    excluded: Subtrees,
}

impl Constraints {
    /// None when it constrains nothing.
    fn of(issuer: &SignedCertificate<'_>) -> Option<Self> {
        const EXCLUDED: u8 = tag::context_constructed(1);
        let mut extensions = issuer.extensions.iter();
        let extension = extensions.find(|extension| extension.oid == oid::NAME_CONSTRAINTS)?;
        let mut constraints = Self::default();
        // One that cannot be read constrains nothing here: that it cannot be read is said elsewhere.
        let lists = Reader::new(extension.content).expect(tag::SEQUENCE, "").ok()?;
        for list in lists.inside().all("").ok()? {
            let subtrees = match list.tag {
                EXCLUDED => &mut constraints.excluded,
                _ => &mut constraints.permitted,
            };
            for subtree in list.inside().all("").unwrap_or_default() {
                let base = subtree.inside().any("").and_then(|base| GeneralName::read(&base));
                let Ok(base) = base else { continue };
                subtrees.add(&base);
                // A wildcard is excluded with any name that it covers, as browsers have it.
                if list.tag == EXCLUDED
                    && let GeneralName::Dns(name) = base
                    && let Some((_, parent)) = name.split_once('.')
                {
                    subtrees.add(&GeneralName::Dns(["*.", parent].concat()));
                }
            }
        }
        Some(constraints)
    }

    /// Which names of a certificate it does not permit.
    fn refused(&self, certificate: &SignedCertificate<'_>) -> Vec<String> {
        let (email, subject);
        let mut names = Vec::new();
        names.extend(certificate.alternative_names());
        // Those of old are constrained where there are no others.
        if names.is_empty()
            && let Some(mailbox) = &certificate.subject.email
        {
            email = GeneralName::Email(mailbox.clone());
            names.push(&email);
        }
        if !certificate.subject.attributes.is_empty() {
            subject = GeneralName::DirectoryName(certificate.subject.clone());
            names.push(&subject);
        }
        let mut refused = Vec::new();
        for name in names {
            if self.permitted.contain(name, false) == Some(false) || self.excluded.contain(name, true) == Some(true) {
                refused.push(name.to_string());
            }
        }
        refused
    }
}

/// The host of a URI (RFC 3986, 3.2).
fn host_of(uri: &str) -> &str {
    let authority = find::split_once(uri, "://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Which names on a path, from a leaf upwards, an issuer on it does not permit: with the places of the issuer and of the
/// certificate that has the name.
pub(crate) fn refused(path: &[&SignedCertificate<'_>]) -> Vec<(usize, usize, String)> {
    let mut refused = Vec::new();
    for (at, issuer) in path.iter().enumerate().skip(1) {
        let Some(constraints) = Constraints::of(issuer) else {
            continue;
        };
        for (below, certificate) in path.iter().enumerate().take(at) {
            // The leaf, and those between that do not only change a key.
            if below == 0 || !certificate.names_itself() {
                for name in constraints.refused(certificate) {
                    refused.push((at, below, name));
                }
            }
        }
    }
    refused
}
