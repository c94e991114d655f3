//! Each certificate of a path by itself: what others refuse in it, and what RFC 5280 has otherwise. Roots are left in peace: they
//! are trusted because a program has them, and the oldest are not as the RFC has them.

use der::{find, oid, strictness::Breach, tag};
use finding::{
    FindingCode,
    Severity::{Error, Warning},
};

use crate::{
    index::Index,
    rules::{
        extensions::is_key_usage_not_der,
        inspected_bundle::{InspectedBundle, Spot, called, path},
        rule::{Findings, Report, Rule, apply, title},
        signature::has_fit_parameters,
        structure::repeated,
    },
    text::is_control,
    x509::{
        certificate::SignedCertificate,
        encoding::{CERTIFICATE, irregularity, unexpected_element},
        extension::{ParsedExtension, Value},
        general_name::GeneralName,
        name::{Name, NameAttribute},
    },
};

/// A certificate with its place in the bundle.
pub(crate) struct Placed<'a> {
    field: Spot,
    certificate: &'a SignedCertificate<'a>,
    /// Whether it is the leaf, and one for TLS servers.
    is_server: bool,
}

impl Placed<'_> {
    /// Adds a finding about a field of the certificate, if the thing is so: what it has, or does not have.
    fn report(&self, is_so: bool, report: &mut Report<'_>, field: &str, what: &str) {
        if is_so {
            report.add(
                &format_args!("{}.{field}", self.field),
                format_args!("{} {what}.", called(self.certificate)),
            );
        }
    }

    fn is_for(&self, purposes: &[&str]) -> bool {
        self.certificate.extensions.iter().any(|extension| {
            matches!(&extension.value, Value::ExtendedKeyUsage(all)
                if all.iter().any(|purpose| purposes.contains(&purpose.as_str())))
        })
    }
}

pub(crate) const fn rules<'a>() -> &'a [Rule<Placed<'a>>] {
    &[
        Rule {
            code: FindingCode::NotDer,
            severity: Warning,
            title: title!("A certificate is not DER"),
            source: "X.690 10, 11",
            check: not_der,
        },
        Rule {
            code: FindingCode::KeyUsageNotDer,
            severity: Warning,
            title: title!("The key usage of a certificate is not DER"),
            source: "X.690 11.2.2",
            check: key_usage_not_der,
        },
        Rule {
            code: FindingCode::KeyUsageUnfit,
            severity: Error,
            title: title!("A server's certificate has no usage that TLS needs"),
            source: "RFC 5246 7.4.2, RFC 8446 4.4.2.2",
            check: key_usage_useless,
        },
        Rule {
            code: FindingCode::KeyCertSign,
            severity: Warning,
            title: title!("A certificate that is no authority has keyCertSign"),
            source: "RFC 5280 4.2.1.3, 4.2.1.9",
            check: key_cert_sign,
        },
        Rule {
            code: FindingCode::PurposeNotTls,
            severity: Warning,
            title: title!("A server's certificate has a purpose that none may have"),
            source: "BR 7.1.2.7.10",
            check: purpose_not_tls,
        },
        Rule {
            code: FindingCode::SignatureParametersUnfit,
            severity: Warning,
            title: title!("A certificate's signature algorithm has parameters that it does not have"),
            source: "RFC 5758 3.2",
            check: signature_parameters_unfit,
        },
        Rule {
            code: FindingCode::SubjectControlCharacter,
            severity: Warning,
            title: title!("The subject of a leaf has control characters"),
            source: "BR 7.1.4.2",
            check: control_character,
        },
        Rule {
            code: FindingCode::CertificateOffProfile,
            severity: Warning,
            title: title!(
                "A certificate is not as RFC 5280 has it, which many programs let pass: a path length or name \
                 constraints without CA:TRUE, basic constraints or a mark of precertificates that are not critical, an authority without key usage or subject, an \
                 attribute twice in one part of a name, characters that a PrintableString does not have, \
                 alternative names that are not critical without a subject, a serial number of 0, below it or of over 20 \
                 octets, a GeneralizedTime before 2050, an address of a CRL or of an issuer that is not ASCII, a server's name that is no DNS name or IP address"
            ),
            source: "RFC 5280 4.1.2, 4.2.1, RFC 6962 3.1, BR 7.1.2.7.12",
            check: off_profile,
        },
    ]
}

/// Applies them to every certificate from the leaf upwards but the root.
pub(crate) fn apply_all(bundle: &InspectedBundle<'_>, findings: &mut Findings) {
    for (index, (field, certificate)) in path(bundle.chain).enumerate() {
        let placed = Placed {
            field,
            certificate,
            is_server: index == 0 && certificate.is_for_servers() && !certificate.is_authority(),
        };
        if !certificate.is_root() {
            apply(rules(), &placed, findings);
        }
    }
}

/// What a certificate has that its definition does not allow, although it can be read, so that others refuse it: which field
/// of it has it, and what.
pub(super) fn flaws(certificate: &SignedCertificate<'_>) -> Vec<(&'static str, String)> {
    let SignedCertificate {
        der,
        version,
        key,
        extensions,
        ..
    } = certificate;
    let mut flaws = Vec::new();
    if let Some((offset, what)) = irregularity(der, key, extensions, Breach::Ber) {
        flaws.push(("", format!("{what} at byte {offset}")));
    }
    if let Some(offset) = unexpected_element(der, &CERTIFICATE) {
        flaws.push(("", format!("an unexpected element at byte {offset}")));
    }
    for (name, field) in [(&certificate.issuer, ".issuer"), (&certificate.subject, ".subject")] {
        if name.attributes.iter().any(NameAttribute::is_undecodable) {
            flaws.push((field, "a value whose octets are no text of its type".to_owned()));
        }
    }
    if !(0..=2).contains(version) {
        flaws.push((".version", "a version that there is none of".to_owned()));
    } else if *version != 2 && !extensions.is_empty() {
        flaws.push((".extensions", "extensions, which only version 3 has".to_owned()));
    }
    for extension in extensions.iter().filter(|extension| !extension.well_formed) {
        let name = extension.oid.words();
        flaws.push((
            ".extensions",
            format!("the extension {name}, which is not what its definition says"),
        ));
    }
    for name in repeated(extensions.iter().map(|extension| &extension.oid)).texts() {
        flaws.push((".extensions", format!("the extension {name} more than once")));
    }
    if !certificate.times.iter().all(der::Time::is_strict) {
        flaws.push(("", "a time that is not written as RFC 5280 has it".to_owned()));
    }
    flaws
}

fn not_der(placed: &Placed<'_>, report: &mut Report<'_>) {
    let SignedCertificate {
        der, key, extensions, ..
    } = placed.certificate;
    if let Some((offset, what)) = irregularity(der, key, extensions, Breach::Der) {
        report.add(
            &placed.field,
            format_args!(
                "{} is not DER, so that some programs refuse it: it has {what} at byte {offset}.",
                called(placed.certificate)
            ),
        );
    }
}

fn key_usage_not_der(placed: &Placed<'_>, report: &mut Report<'_>) {
    let is_such = placed.certificate.extensions.iter().any(is_key_usage_not_der);
    placed.report(
        is_such,
        report,
        "keyUsage",
        "has a key usage with zeros at its end, or with bits that no usage has",
    );
}

fn key_usage_useless(placed: &Placed<'_>, report: &mut Report<'_>) {
    let is_useful = |usage: &&str| matches!(*usage, "digitalSignature" | "keyEncipherment" | "keyAgreement");
    let usages = placed.certificate.usages();
    let is_useless = usages.is_some_and(|usages| !usages.iter().any(is_useful));
    placed.report(
        placed.is_server && is_useless,
        report,
        "keyUsage",
        "is of no use to a server: it has a key usage with neither digitalSignature nor keyEncipherment nor keyAgreement",
    );
}

fn key_cert_sign(placed: &Placed<'_>, report: &mut Report<'_>) {
    let usages = placed.certificate.usages();
    let has_it = usages.is_some_and(|usages| usages.contains(&"keyCertSign"));
    placed.report(
        has_it && !placed.certificate.is_authority(),
        report,
        "keyUsage",
        "has keyCertSign, which only certificate authorities have",
    );
}

fn purpose_not_tls(placed: &Placed<'_>, report: &mut Report<'_>) {
    let is_for_others = placed.is_for(&[
        oid::ANY_PURPOSE,
        oid::CODE_SIGNING,
        oid::EMAIL_PROTECTION,
        oid::TIME_STAMPING,
        oid::OCSP_SIGNING,
    ]);
    placed.report(
        placed.is_server && is_for_others,
        report,
        "extendedKeyUsage",
        "is for servers, and for a purpose that no such certificate may have as well",
    );
}

fn signature_parameters_unfit(placed: &Placed<'_>, report: &mut Report<'_>) {
    placed.report(
        !has_fit_parameters(&placed.certificate.signed.algorithm),
        report,
        "signatureAlgorithm",
        "has a signature algorithm whose parameters are not what they should be",
    );
}

fn control_character(placed: &Placed<'_>, report: &mut Report<'_>) {
    let mut values = placed.certificate.subject.attributes.iter();
    placed.report(
        placed.is_server && values.any(|attribute| attribute.value.contains(is_control)),
        report,
        "subject",
        "has a subject with characters that are not seen, or that turn the direction of text",
    );
}

/// 2050-01-01, from which on a `UTCTime` has no year any more.
const FROM_2050: i64 = 2_524_608_000;

fn off_profile(placed: &Placed<'_>, report: &mut Report<'_>) {
    let certificate = placed.certificate;
    let is_ca = certificate.is_ca();
    let is_empty = |name: &Name| name.attributes.is_empty();
    let has_twice = |name: &Name| {
        let mut seen = Index::default();
        !name
            .attributes
            .iter()
            .all(|one| seen.insert(&format!("{} {}", one.rdn, one.oid)))
    };
    let is_odd = |name: &Name| {
        let mut values = name.attributes.iter();
        values.any(|value| !value.well_formed && !value.is_undecodable())
    };
    let is_not_critical = |oid: &str| {
        let mut extensions = certificate.extensions.iter();
        extensions.any(|extension| extension.oid == oid && !extension.critical)
    };
    let has = |oid: &str| certificate.extensions.iter().any(|extension| extension.oid == oid);
    let is_early = |(time, unix): (&der::Element<'_>, i64)| time.tag == tag::GENERALIZED_TIME && unix < FROM_2050;
    let times = [certificate.not_before.unix, certificate.not_after.unix];
    let serial = certificate.serial;
    let is_other = |name: &GeneralName| !matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    let has_other_address = |extension: &ParsedExtension<'_>| match &extension.value {
        Value::Text(text) => text
            .split(' ')
            .any(|one| find::contains(one, "URI:") && !one.is_ascii()),
        _ => false,
    };
    let table = [
        (
            certificate.extensions.iter().any(has_other_address),
            "extensions",
            "has an address, such as that of a CRL, with characters beyond ASCII, so that some programs refuse it",
        ),
        (
            is_empty(&certificate.subject) && is_not_critical(oid::SUBJECT_ALT_NAME),
            "subjectAltNames",
            "has no subject, and alternative names that are not critical",
        ),
        (
            [&certificate.issuer, &certificate.subject].into_iter().any(has_twice),
            "subject",
            "has a name with the same attribute twice in one of its parts",
        ),
        (
            [&certificate.issuer, &certificate.subject].into_iter().any(is_odd),
            "subject",
            "has a name with characters that the type of the text does not have, so that some programs refuse it",
        ),
        (
            is_ca && is_empty(&certificate.subject),
            "subject",
            "is an authority without a subject",
        ),
        (
            !is_ca && certificate.path_length().is_some(),
            "extensions",
            "has a path length, although it is no authority",
        ),
        (
            !is_ca && has(oid::NAME_CONSTRAINTS),
            "extensions",
            "has name constraints, although it is no authority",
        ),
        (
            is_ca && is_not_critical(oid::BASIC_CONSTRAINTS),
            "extensions",
            "is an authority whose basic constraints are not critical",
        ),
        (
            is_ca && certificate.usages().is_none(),
            "keyUsage",
            "is an authority without a key usage",
        ),
        (
            // A number of 20 octets has a bit for its sign.
            serial.is_negative() || serial.bits() == 0 || serial.bits() > 159,
            "serialNumber",
            "has a serial number that is not positive, or longer than 20 octets",
        ),
        (
            certificate.times.iter().zip(times).any(is_early),
            "notAfter",
            "has a GeneralizedTime where it should have a UTCTime, as before 2050",
        ),
        (
            is_not_critical(oid::CT_POISON),
            "extensions",
            "has a mark of precertificates that is not critical",
        ),
        (
            placed.is_server && certificate.alternative_names().any(is_other),
            "subjectAltNames",
            "has a name that is no DNS name and no IP address, as no server's certificate has",
        ),
    ];
    for (is_so, field, what) in table {
        placed.report(is_so, report, field, what);
    }
}
