//! Certificates: alone, in their bundle, and against the request that they were issued for.

use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    index::Index,
    key::identity::Identity,
    rules::{
        dns_name::{is_covered, one_way, text_of},
        inspected_bundle::{Called, InspectedBundle, Spot, called, path},
        profile::flaws,
        rule::{Report, Rule, title},
        shown::shown,
    },
    verify::signature_status::SignatureStatus,
    x509::{certificate::SignedCertificate, general_name::GeneralName},
};

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) const fn rules<'a>() -> &'a [Rule<InspectedBundle<'a>>] {
    &[
        Rule {
            code: FindingCode::BundleOutOfOrder,
            severity: Warning,
            title: title!("The certificates were not in the order that servers send them in; a p7b has no order"),
            source: "RFC 5246 7.4.2, RFC 8446 4.4.2",
            check: out_of_order,
        },
        Rule {
            code: FindingCode::BundleIntermediateMissing,
            severity: Warning,
            title: title!("The certificate that issued one of the bundle is not in it"),
            source: "RFC 5246 7.4.2, RFC 8446 4.4.2",
            check: intermediate_missing,
        },
        Rule {
            code: FindingCode::BundleStranger,
            severity: Warning,
            title: title!("A certificate of the bundle is not part of the path from the leaf to a root"),
            source: "RFC 5246 7.4.2, RFC 8446 4.4.2",
            check: unrelated,
        },
        Rule {
            code: FindingCode::BundleDuplicate,
            severity: Info,
            title: title!("A certificate is in the bundle twice"),
            source: "RFC 8446 4.4.2",
            check: duplicate,
        },
        Rule {
            code: FindingCode::BundleWithoutLeaf,
            severity: Warning,
            title: title!("All certificates of the bundle are CA certificates"),
            source: "RFC 5280 4.2.1.9",
            check: without_leaf,
        },
        Rule {
            code: FindingCode::CertificateSelfSigned,
            severity: Warning,
            title: title!("The certificate is not that of an authority, and was signed with its own key"),
            source: "RFC 5280 6.1",
            check: self_signed,
        },
        Rule {
            code: FindingCode::IssuerNotCa,
            severity: Error,
            title: title!("A certificate was issued by one that may not issue any"),
            source: "RFC 5280 6.1.4 (k)",
            check: issuer_not_ca,
        },
        Rule {
            code: FindingCode::CertificateUnreadable,
            severity: Error,
            title: title!("A certificate of the bundle cannot be read: it has an impossible date, for example"),
            source: "RFC 5280 4.1",
            check: unreadable,
        },
        Rule {
            code: FindingCode::CertificateMalformed,
            severity: Error,
            title: title!(
                "A certificate can be read, and is not as its definition has it: an element too many, an extension twice or one \
                 that cannot be read, a value that is no text, a number in more octets than it takes, a time without seconds"
            ),
            source: "RFC 5280 4.1, 4.2, X.690 8",
            check: malformed,
        },
        Rule {
            code: FindingCode::CertificateAlgorithmsDiffer,
            severity: Error,
            title: title!(
                "A certificate names another signature algorithm in what is signed than beside its signature"
            ),
            source: "RFC 5280 4.1.1.2",
            check: algorithms_differ,
        },
        Rule {
            code: FindingCode::CertificateExpired,
            severity: Error,
            title: title!("A certificate of the bundle is expired"),
            source: "RFC 5280 6.1.3 (a)(2)",
            check: expired,
        },
        Rule {
            code: FindingCode::CertificateNotYetValid,
            severity: Warning,
            title: title!("A certificate of the bundle is not valid yet"),
            source: "RFC 5280 6.1.3 (a)(2)",
            check: not_yet_valid,
        },
        Rule {
            code: FindingCode::ValidityTooLong,
            severity: Error,
            title: title!(
                "A server's certificate is valid for more days than were allowed when it was issued: 825, 398, 200, 100, 47"
            ),
            source: "BR 6.3.2",
            check: validity_too_long,
        },
        Rule {
            code: FindingCode::CertificateKeyDiffers,
            severity: Error,
            title: title!("The certificate has a different public key than the request"),
            source: "RFC 2986 3",
            check: key_differs,
        },
        Rule {
            code: FindingCode::CertificateLacksName,
            severity: Warning,
            title: title!("A name of the request is not in the certificate, nor covered by a wildcard in it"),
            source: "seen of the service: the CSR's own names are not honoured",
            check: lacks_name,
        },
        Rule {
            code: FindingCode::CertificateAddsName,
            severity: Info,
            title: title!("A name of the certificate is not in the request"),
            source: "seen of the service: the CSR's own names are not honoured",
            check: adds_name,
        },
    ]
}

/// About the signatures, of which nothing is said as long as their status is not known.
pub(crate) const fn signature_rules<'a>() -> &'a [Rule<InspectedBundle<'a>>] {
    &[
        Rule {
            code: FindingCode::CertificateSignatureInvalid,
            severity: Error,
            title: title!("A certificate was not signed by the one that it names as its issuer"),
            source: "RFC 5280 6.1.3 (a)(1)",
            check: signature_invalid,
        },
        Rule {
            code: FindingCode::CertificateSignatureUnsupported,
            severity: Info,
            title: title!("The signature of a certificate could not be checked here: WebCrypto has no such algorithm"),
            source: "Web Cryptography API",
            check: signature_unsupported,
        },
    ]
}

/// Says of each on the path whose signature has this status, and of the one above it, or of itself at the end, a sentence.
fn say_of_signed(
    bundle: &InspectedBundle<'_>,
    status: SignatureStatus,
    report: &mut Report<'_>,
    sentence: fn(Called<'_>, Called<'_>) -> String,
) {
    let chain = bundle.chain;
    let mut issuers = chain.issuers.iter();
    for ((spot, certificate), known) in path(chain).zip(&chain.statuses) {
        let issuer = issuers.next().unwrap_or(certificate);
        if *known == status {
            report.add(&spot, format_args!("{}", sentence(called(certificate), called(issuer))));
        }
    }
}

fn signature_invalid(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    say_of_signed(bundle, SignatureStatus::Invalid, report, |certificate, issuer| {
        format!(
            "The signature of {certificate} was not made with the key of {issuer}: one of them was changed, or is not what its \
             name says."
        )
    });
}

fn signature_unsupported(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    say_of_signed(bundle, SignatureStatus::Unsupported, report, |certificate, issuer| {
        format!("Whether {issuer} signed {certificate} could not be checked here.")
    });
}

fn out_of_order(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    if !bundle.chain.was_in_order {
        report.add(
            &"pem",
            format_args!(
                "The certificates were in another order; here they begin with the leaf, each followed by its issuer."
            ),
        );
    }
}

fn intermediate_missing(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let chain = bundle.chain;
    let last = chain.issuers.last().unwrap_or(&chain.leaf);
    // What is missing above an intermediate may be the root, which servers leave out; unless a root is there.
    let may_be_root = !chain.issuers.is_empty() && !chain.unrelated.iter().any(SignedCertificate::is_self_issued);
    if !last.is_self_issued() && !may_be_root {
        report.add(
            &"intermediates",
            format_args!(
                "The certificate of {}, which issued {}, is missing.",
                shown(&last.issuer.to_string()),
                called(last)
            ),
        );
    }
}

fn unrelated(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (index, certificate) in bundle.chain.unrelated.iter().enumerate() {
        let what = if bundle.chain.is_alternative(index) {
            "has another certificate for the same key in the bundle, or leads to one, so that this one is not needed"
        } else {
            "is not on the path from the leaf to a root"
        };
        report.add(&Spot::Unrelated(index), format_args!("{} {what}.", called(certificate)));
    }
}

/// All certificates of the bundle, the unrelated ones at the end.
fn members<'a>(bundle: &InspectedBundle<'a>) -> impl Iterator<Item = (Spot, &'a SignedCertificate<'a>)> {
    let unrelated = bundle.chain.unrelated.iter().enumerate();
    let unrelated = unrelated.map(|(index, certificate)| (Spot::Unrelated(index), certificate));
    let mut members = Vec::new();
    members.extend(path(bundle.chain));
    members.extend(unrelated);
    members.into_iter()
}

fn duplicate(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let duplicates = bundle.chain.duplicates;
    if duplicates > 0 {
        report.add(
            &"pem",
            format_args!("{duplicates} certificates are in the bundle more than once."),
        );
    }
}

fn without_leaf(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    if bundle.chain.leaf.is_authority() {
        report.add(
            &"leaf",
            format_args!(
                "{} is a CA certificate, and the bundle has no leaf certificate.",
                called(&bundle.chain.leaf)
            ),
        );
    }
}

fn self_signed(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let leaf = &bundle.chain.leaf;
    if leaf.is_self_issued() && !leaf.is_authority() {
        report.add(
            &"leaf",
            format_args!(
                "{} was signed with its own key, so that no browser trusts it.",
                called(leaf)
            ),
        );
    }
}

fn issuer_not_ca(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, issuer) in path(bundle.chain).skip(1).filter(|(_, issuer)| !issuer.is_authority()) {
        report.add(
            &field,
            format_args!("{} issued a certificate, but may not issue any.", called(issuer)),
        );
    }
}

fn unreadable(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (place, error) in bundle.unreadable {
        let number = place.saturating_add(1);
        report.add(
            &"pem",
            format_args!("Certificate {number} of the bundle cannot be read. {error}"),
        );
    }
}

fn malformed(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, certificate) in members(bundle) {
        for (of_it, flaw) in flaws(certificate) {
            report.add(
                &format_args!("{field}{of_it}"),
                format_args!("{} has {flaw}, so that other programs refuse it.", called(certificate)),
            );
        }
    }
}

fn algorithms_differ(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    for (field, certificate) in members(bundle).filter(|(_, certificate)| certificate.algorithms_differ) {
        report.add(&field, format_args!(
                "{} names one signature algorithm in what is signed and another beside its signature, so that no browser takes it.",
                called(certificate)
            ));
    }
}

/// Those that a server sends: what is on another path from the leaf to a root is not needed, in time or not.
fn needed<'a>(bundle: &'a InspectedBundle<'a>) -> impl Iterator<Item = (Spot, &'a SignedCertificate<'a>)> {
    let mut needed = Vec::new();
    for (spot, certificate) in members(bundle) {
        match spot {
            Spot::Unrelated(index) if bundle.chain.is_alternative(index) => {}
            _ => needed.push((spot, certificate)),
        }
    }
    needed.into_iter()
}

fn expired(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let Some(now) = bundle.now else { return };
    for (field, certificate) in needed(bundle).filter(|(_, certificate)| certificate.not_after.unix < now) {
        report.add(
            &field,
            format_args!("{} expired on {}.", called(certificate), certificate.not_after.to_iso()),
        );
    }
}

fn not_yet_valid(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let Some(now) = bundle.now else { return };
    for (field, certificate) in needed(bundle).filter(|(_, certificate)| certificate.not_before.unix > now) {
        report.add(
            &field,
            format_args!(
                "{} is valid from {} on.",
                called(certificate),
                certificate.not_before.to_iso()
            ),
        );
    }
}

/// From when on how many days are allowed (BR 6.3.2); in seconds since 1970.
const MAX_DAYS: [(i64, i64); 5] = [
    (1_868_227_200, 47),  // 2029-03-15
    (1_805_068_800, 100), // 2027-03-15
    (1_773_532_800, 200), // 2026-03-15
    (1_598_918_400, 398), // 2020-09-01
    (1_519_862_400, 825), // 2018-03-01
];

fn validity_too_long(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let leaf = &bundle.chain.leaf;
    let (from, to) = (leaf.not_before.unix, leaf.not_after.unix);
    let Some(&(_, allowed)) = MAX_DAYS.iter().find(|(since, _)| from >= *since) else {
        return;
    };
    // Both ends count, and a day begun is a day.
    let days = to.saturating_sub(from).saturating_add(86_400).div_euclid(86_400);
    let is_judged = leaf.is_for_servers() && !leaf.is_authority();
    if is_judged && days > allowed {
        report.add(
            &"leaf",
            format_args!(
                "{} is valid for {days} days; {allowed} were allowed when it was issued.",
                called(leaf)
            ),
        );
    }
}

fn key_differs(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    let Some(request) = bundle.request else { return };
    let differs = Identity::of(&request.key) != Identity::of(&bundle.chain.leaf.key);
    if differs {
        report.add(
            &"leaf.publicKey",
            format_args!("The certificate has a different public key than the request."),
        );
    }
}

/// DNS names and addresses as text, in lower case.
pub(super) fn texts<'a>(names: impl Iterator<Item = &'a GeneralName>) -> Vec<String> {
    names.filter_map(text_of).collect()
}

/// What the request asks for, its common name included if it is a host's, and what the certificate has.
fn requested_and_certified(bundle: &InspectedBundle<'_>) -> Option<[Vec<String>; 2]> {
    let request = bundle.request?;
    let mut requested = texts(request.alternative_names());
    let common_name = request.subject.common_name.as_deref();
    let is_host = |name: &&str| name.contains(['.', ':']) && !name.contains(char::is_whitespace);
    requested.extend(common_name.filter(is_host).map(str::to_ascii_lowercase));
    Some([requested, texts(bundle.chain.leaf.alternative_names())])
}

/// Says of each name that is not among others, nor covered by a wildcard there, once, however they are written, where it is.
fn missing([names, others]: [Vec<String>; 2], report: &mut Report<'_>, what: &str) {
    let (mut known, mut said) = (Index::default(), Index::default());
    for other in &others {
        known.insert(&one_way(other));
    }
    for name in &names {
        if !is_covered(name, &known) && said.insert(&one_way(name)) {
            report.add(
                &"leaf.subjectAltNames",
                format_args!("{} is in the {what}.", shown(name)),
            );
        }
    }
}

fn lacks_name(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    if let Some(names) = requested_and_certified(bundle) {
        missing(names, report, "request but not in the certificate");
    }
}

fn adds_name(bundle: &InspectedBundle<'_>, report: &mut Report<'_>) {
    if let Some([requested, certified]) = requested_and_certified(bundle) {
        missing([certified, requested], report, "certificate but not in the request");
    }
}
