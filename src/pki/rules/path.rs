//! The path from the leaf to a root, as verifiers walk it (RFC 5280, 6.1).

use der::oid;
use finding::{
    FindingCode,
    Severity::{Error, Warning},
};

use crate::{
    rules::{
        inspected_bundle::{InspectedBundle, Spot, called, path},
        rule::{Report, Rule, title},
        shown::shown,
    },
    verify::constraints,
    x509::certificate::SignedCertificate,
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

fn not_permitted(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let mut members = Vec::new();
    members.extend(path(bundle.chain).map(|(_, certificate)| certificate));
    for (issuer, below, name) in constraints::refused(&members) {
        let below = path(bundle.chain).nth(below);
        if let (Some(issuer), Some((field, certificate))) = (members.get(issuer), below) {
            report.add(
                &field,
                format_args!(
                    "{} has the name {}, which verifiers do not accept below {}.",
                    called(certificate),
                    shown(&name),
                    called(issuer)
                ),
            );
        }
    }
}
