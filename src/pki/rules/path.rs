//! The path from the leaf to a root, as verifiers walk it (RFC 5280, 6.1).

use der::{Reader, oid, tag};

use crate::{
    finding::FindingCode,
    finding::Severity::{Error, Warning},
    rules::{
        bundle::{InspectedBundle, called, path},
        names::shown,
        rule::{Report, Rule, title},
    },
    x509::{
        certificate::SignedCertificate,
        general_name::{Address, GeneralName},
        name::Name,
    },
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
) -> impl Iterator<Item = (String, &'a SignedCertificate<'a>, &'a [SignedCertificate<'a>])> {
    let chain = bundle.chain;
    let issuers = path(chain).skip(1).enumerate();
    issuers.map(|(index, (field, issuer))| (field, issuer, chain.issuers.get(..index).unwrap_or_default()))
}

fn issuer_key_usage(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, issuer, _) in issuers(bundle).filter(|(_, issuer, _)| !issuer.may_sign()) {
        report.add(
            field,
            format!(
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
                field,
                format!(
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
                field.clone(),
                format!(
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
            field,
            format!(
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
            field,
            format!(
                "{} ends on {}, before {}.",
                called(issuer),
                issuer.not_after.to_iso(),
                called(leaf)
            ),
        );
    }
}

/// The names that an issuer permits below it, and those that it excludes.
#[derive(Default)]
struct Constraints {
    permitted: Vec<GeneralName>,
    excluded: Vec<GeneralName>,
}

impl Constraints {
    fn of(issuer: &SignedCertificate<'_>) -> Self {
        let mut constraints = Self::default();
        let extensions = issuer.extensions.iter();
        for extension in extensions.filter(|extension| extension.oid == oid::NAME_CONSTRAINTS) {
            // One that cannot be read constrains nothing here: that it cannot be read is said elsewhere.
            let lists = Reader::new(extension.content).expect(tag::SEQUENCE, "").ok();
            for list in lists.and_then(|lists| lists.inside().all("").ok()).unwrap_or_default() {
                let names = match list.tag {
                    0xa0 => &mut constraints.permitted,
                    _ => &mut constraints.excluded,
                };
                let subtrees = list.inside().all("").unwrap_or_default();
                let bases = subtrees.iter().filter_map(|subtree| subtree.inside().any("").ok());
                names.extend(bases.filter_map(|base| GeneralName::read(&base).ok()));
            }
        }
        constraints
    }

    fn permit(&self, name: &GeneralName) -> bool {
        let mut of_kind = self
            .permitted
            .iter()
            .filter_map(|base| is_within(name, base))
            .peekable();
        let is_permitted = of_kind.peek().is_none() || of_kind.any(|is_within| is_within);
        is_permitted && !self.excluded.iter().any(|base| is_within(name, base) == Some(true))
    }
}

/// Whether a name is in a subtree; None when that is of another kind (RFC 5280, 4.2.1.10).
fn is_within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => {
            let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
            Some(is_at_or_below(&name, &base))
        }
        // A mailbox, all of a host, or with a dot all below a domain.
        (GeneralName::Email(name), GeneralName::Email(base)) if base.contains('@') => Some(name == base),
        (GeneralName::Email(name), GeneralName::Email(base)) => {
            let host = name.rsplit('@').next().unwrap_or_default();
            Some(is_host_within(host, base))
        }
        (GeneralName::Uri(name), GeneralName::Uri(base)) => Some(is_host_within(host_of(name), base)),
        (GeneralName::Ip(name), GeneralName::Ip(Address::Other(base))) => {
            let name = name.octets();
            let (address, mask) = base.split_at(base.len() >> 1);
            let is_same = |((name, address), mask): ((&u8, &u8), &u8)| name & mask == address & mask;
            Some(name.len() == address.len() && name.iter().zip(address).zip(mask).all(is_same))
        }
        (GeneralName::DirectoryName(name), GeneralName::DirectoryName(base)) => Some(name.is_below(base)),
        _ => None,
    }
}

/// Whether a name in lower case is this one or one below it; with a dot in front, only below it.
fn is_at_or_below(name: &str, base: &str) -> bool {
    let rest = name.strip_suffix(base);
    rest.is_some_and(|rest| base.is_empty() || base.starts_with('.') || rest.is_empty() || rest.ends_with('.'))
}

/// Whether a host is this one; with a dot in front, whether it is below it.
fn is_host_within(host: &str, base: &str) -> bool {
    let (host, base) = (host.to_ascii_lowercase(), base.to_ascii_lowercase());
    host == base || (base.starts_with('.') && is_at_or_below(&host, &base))
}

/// The host of a URI (RFC 3986, 3.2).
fn host_of(uri: &str) -> &str {
    let authority = uri.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

fn not_permitted(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (_, issuer, below) in issuers(bundle) {
        let constraints = Constraints::of(issuer);
        // The leaf, and those between that do not only change a key.
        let all = path(bundle.chain).take(below.len().saturating_add(1)).enumerate();
        let constrained = all.filter(|(index, (_, one))| *index == 0 || !one.names_itself());
        for (_, (field, certificate)) in constrained {
            let subject = (!certificate.subject.attributes.is_empty()).then(|| subject_of(&certificate.subject));
            let names = certificate.alternative_names().cloned().chain(subject);
            for name in names.filter(|name| !constraints.permit(name)) {
                report.add(
                    field.clone(),
                    format!(
                        "{} has the name {}, which {} does not permit below it.",
                        called(certificate),
                        shown(&name.to_string()),
                        called(issuer)
                    ),
                );
            }
        }
    }
}

fn subject_of(subject: &Name) -> GeneralName {
    GeneralName::DirectoryName(subject.clone())
}
