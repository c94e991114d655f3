//! The path from the leaf to a root, as verifiers walk it (RFC 5280, 6.1).

use der::{Reader, find, hex, oid, tag};

use crate::{
    finding::FindingCode,
    finding::Severity::{Error, Warning},
    index::Index,
    rules::{
        bundle::{InspectedBundle, Spot, called, path},
        names::shown,
        rule::{Report, Rule, title},
    },
    x509::{certificate::SignedCertificate, general_name::GeneralName},
};

pub(crate) const fn rules<'a>() -> &'a [Rule<InspectedBundle<'a>>] {
    &[
        Rule {
            code: FindingCode::IssuerKeyUsage,
            severity: Error,
            title: title!("A certificate was issued by one whose key usage lacks keyCertSign"),
            source: "RFC 5280 6.1.4 (n)",
            check: issuer_key_usage,
        },
        Rule {
            code: FindingCode::PathTooLong,
            severity: Error,
            title: title!("There are more certificates between the leaf and an issuer than that may have below it"),
            source: "RFC 5280 6.1.4 (m)",
            check: too_long,
        },
        Rule {
            code: FindingCode::NameNotPermitted,
            severity: Error,
            title: title!("A certificate has a name that the name constraints of an issuer do not permit"),
            source: "RFC 5280 6.1.3 (b) and (c), 4.2.1.10",
            check: not_permitted,
        },
        Rule {
            code: FindingCode::CriticalExtensionUnknown,
            severity: Error,
            title: title!("A certificate has a critical extension that verifiers do not know"),
            source: "RFC 5280 6.1.4 (o), 6.1.5 (f)",
            check: critical_unknown,
        },
        Rule {
            code: FindingCode::CertificateNotForServers,
            severity: Error,
            title: title!("The leaf, or an intermediate, has purposes and serverAuth is not among them"),
            source: "BR 7.1.2.7.10, RFC 5280 4.2.1.12",
            check: not_for_servers,
        },
        Rule {
            code: FindingCode::IssuerEndsEarly,
            severity: Warning,
            title: title!("An issuer ends before the leaf, which is of no use from then on"),
            source: "RFC 5280 6.1.3 (a)(2)",
            check: ends_early,
        },
    ]
}

/// Each issuer, with its field and with those below it, from the leaf upwards.
fn issuers<'a>(
    bundle: &InspectedBundle<'a>,
) -> impl Iterator<Item = (Spot, &'a SignedCertificate<'a>, &'a [SignedCertificate<'a>])> {
    let chain = bundle.chain;
    let mut issuers = Vec::new();
    for (index, (spot, issuer)) in path(chain).skip(1).enumerate() {
        issuers.push((spot, issuer, chain.issuers.get(..index).unwrap_or_default()));
    }
    issuers.into_iter()
}

fn issuer_key_usage(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, issuer, _) in issuers(bundle).filter(|(_, issuer, _)| !issuer.may_sign()) {
        report.add(
            &field,
            format_args!(
                "{} issued a certificate, but its key usage lacks keyCertSign.",
                called(issuer)
            ),
        );
    }
}

fn too_long(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, issuer, below) in issuers(bundle) {
        // One that only changes a key does not count.
        let count = below.iter().filter(|one| !one.names_itself()).count();
        if let Some(allowed) = issuer.path_length().filter(|allowed| count > *allowed) {
            report.add(
                &field,
                format_args!(
                    "{} may have {allowed} intermediates below it, and has {count}.",
                    called(issuer)
                ),
            );
        }
    }
}

/// What a certificate's critical extensions may be for verifiers to go on.
const PROCESSED: [&str; 10] = [
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::BASIC_CONSTRAINTS,
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
    oid::CRL_DISTRIBUTION_POINTS,
];

fn critical_unknown(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, certificate) in path(bundle.chain) {
        let unknown = certificate
            .extensions
            .iter()
            .filter(|extension| extension.critical && !PROCESSED.contains(&extension.oid.as_str()));
        for extension in unknown {
            report.add(
                &field,
                format_args!(
                    "{} has the critical extension {}, which browsers do not know, so that they refuse it.",
                    called(certificate),
                    extension.oid.words()
                ),
            );
        }
    }
}

fn not_for_servers(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    // Nobody asks a root for its purposes.
    let asked = path(bundle.chain).filter(|(_, certificate)| !certificate.is_root());
    for (field, certificate) in asked.filter(|(_, certificate)| !certificate.is_for_servers()) {
        report.add(
            &field,
            format_args!(
                "{} is not for TLS servers: serverAuth is not among its purposes.",
                called(certificate)
            ),
        );
    }
}

fn ends_early(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let leaf = &bundle.chain.leaf;
    for (field, issuer, _) in issuers(bundle).filter(|(_, issuer, _)| issuer.not_after < leaf.not_after) {
        report.add(
            &field,
            format_args!(
                "{} ends on {}, before {}.",
                called(issuer),
                issuer.not_after.to_iso(),
                called(leaf)
            ),
        );
    }
}

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

    fn permit(&self, name: &GeneralName) -> bool {
        self.permitted.contain(name, false) != Some(false) && self.excluded.contain(name, true) != Some(true)
    }
}

/// The host of a URI (RFC 3986, 3.2).
fn host_of(uri: &str) -> &str {
    let authority = find::split_once(uri, "://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

fn not_permitted(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (_, issuer, below) in issuers(bundle) {
        let Some(constraints) = Constraints::of(issuer) else {
            continue;
        };
        let mut check = |field: Spot, certificate: &SignedCertificate<'_>, name: &GeneralName| {
            if !constraints.permit(name) {
                report.add(
                    &field,
                    format_args!(
                        "{} has the name {}, which verifiers do not accept below {}.",
                        called(certificate),
                        shown(&name.to_string()),
                        called(issuer)
                    ),
                );
            }
        };
        for (index, (field, certificate)) in path(bundle.chain).take(below.len().saturating_add(1)).enumerate() {
            // The leaf, and those between that do not only change a key.
            if index > 0 && certificate.names_itself() {
                continue;
            }
            for name in certificate.alternative_names() {
                check(field, certificate, name);
            }
            // Those of old are constrained where there are no others.
            if let (None, Some(email)) = (certificate.alternative_names().next(), &certificate.subject.email) {
                check(field, certificate, &GeneralName::Email(email.clone()));
            }
            if !certificate.subject.attributes.is_empty() {
                let subject = GeneralName::DirectoryName(certificate.subject.clone());
                check(field, certificate, &subject);
            }
        }
    }
}
