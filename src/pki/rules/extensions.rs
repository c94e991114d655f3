//! What a request asks for beyond names: a certificate authority decides that itself.

use der::{BitString, Reader, oid, tag};
use finding::{
    FindingCode,
    Severity::{Info, Warning},
};

use crate::{
    rules::{
        inspected::Inspected,
        rule::{Report, Rule, title},
    },
    x509::extension::{KEY_USAGES, ParsedExtension, Value},
};

const FIELD: &str = "extensions";

pub(crate) const fn rules<'a>() -> &'a [Rule<Inspected<'a>>] {
    &[
        Rule {
            code: FindingCode::ChallengePassword,
            severity: Warning,
            title: title!("The request carries a challengePassword"),
            source: "RFC 2985 5.4.1",
            check: challenge_password,
        },
        Rule {
            code: FindingCode::CaRequested,
            severity: Warning,
            title: title!("The request asks to be a certificate authority: CA:TRUE"),
            source: "BR 7.1.2.7.6",
            check: ca_requested,
        },
        Rule {
            code: FindingCode::KeyCertSign,
            severity: Warning,
            title: title!("The request asks for keyCertSign; a certificate has it and is no authority"),
            source: "BR 7.1.2.7.11",
            check: key_cert_sign,
        },
        Rule {
            code: FindingCode::CrlSign,
            severity: Warning,
            title: title!("The request asks for cRLSign"),
            source: "BR 7.1.2.7.11",
            check: crl_sign,
        },
        Rule {
            code: FindingCode::KeyUsageUnfit,
            severity: Info,
            title: title!(
                "The request asks for a key usage that its kind of key may not have; a server's certificate has one (from \
                 2023-09-15 on a warning), or none that TLS needs (an error)"
            ),
            source: "BR 7.1.2.7.11",
            check: key_usage_unfit,
        },
        Rule {
            code: FindingCode::KeyUsageNotDer,
            severity: Warning,
            title: title!("The key usage, be it a certificate's, has zeros at its end, or bits that no usage has"),
            source: "X.690 11.2.2, RFC 5280 4.2.1.3",
            check: key_usage_not_der,
        },
        Rule {
            code: FindingCode::PurposeNotTls,
            severity: Warning,
            title: title!(
                "The request asks for another purpose than serverAuth and clientAuth; a server's certificate has one that \
                 none may have"
            ),
            source: "BR 7.1.2.7.10",
            check: purpose_not_tls,
        },
        Rule {
            code: FindingCode::PurposeClientAuth,
            severity: Info,
            title: title!("The request asks for clientAuth, which certificates for servers cease to have"),
            source: "Chrome Root Program Policy 1.8",
            check: purpose_client_auth,
        },
        Rule {
            code: FindingCode::CtPoison,
            severity: Warning,
            title: title!("The request asks for the extension that marks precertificates"),
            source: "RFC 6962 3.1",
            check: ct_poison,
        },
        Rule {
            code: FindingCode::CaSetsExtension,
            severity: Info,
            title: title!("The request asks for an extension that the certificate authority fills in itself"),
            source: "BR 7.1.2.7.6",
            check: ca_sets,
        },
    ]
}

fn challenge_password(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let has_one = inspected
        .request
        .attributes()
        .any(|attribute| attribute.oid == oid::CHALLENGE_PASSWORD);
    let is_in_subject = inspected
        .request
        .subject
        .values(oid::CHALLENGE_PASSWORD)
        .next()
        .is_some();
    for (has_one, field) in [(has_one, "attributes"), (is_in_subject, "subject")] {
        if has_one {
            report.add(
                &field,
                format_args!("The request carries a challengePassword, which anyone who sees the request can read."),
            );
        }
    }
}

fn values<'a>(inspected: &'a Inspected<'_>) -> impl Iterator<Item = &'a Value> {
    inspected.request.extensions.iter().map(|extension| &extension.value)
}

fn ca_requested(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let is_ca = values(inspected).any(|value| matches!(value, Value::BasicConstraints { ca: true, .. }));
    if is_ca {
        report.add(
            &FIELD,
            format_args!("The request asks to be a certificate authority (CA:TRUE), which no TLS certificate is."),
        );
    }
}

fn asks_for(inspected: &Inspected<'_>, wanted: &str) -> bool {
    values(inspected).any(|value| matches!(value, Value::KeyUsage(usages) if usages.contains(&wanted)))
}

fn key_cert_sign(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if asks_for(inspected, "keyCertSign") {
        report.add(
            &FIELD,
            format_args!("The request asks for keyCertSign, which only certificate authorities have."),
        );
    }
}

fn crl_sign(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if asks_for(inspected, "cRLSign") {
        report.add(
            &FIELD,
            format_args!("The request asks for cRLSign, which only certificate authorities have."),
        );
    }
}

/// The usages that the certificate of a key may not have (BR 7.1.2.7.11).
pub(super) fn unfit_usages(algorithm: &str) -> &'static [&'static str] {
    match algorithm {
        "RSA" => &["nonRepudiation", "keyAgreement", "encipherOnly", "decipherOnly"],
        "EC" => &[
            "nonRepudiation",
            "keyEncipherment",
            "dataEncipherment",
            "encipherOnly",
            "decipherOnly",
        ],
        _ => &[],
    }
}

fn key_usage_unfit(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let algorithm = inspected.request.key.describe().algorithm;
    for usage in unfit_usages(&algorithm)
        .iter()
        .filter(|usage| asks_for(inspected, usage))
    {
        report.add(
            &FIELD,
            format_args!("The request asks for {usage}, which the certificate of an {algorithm} key may not have."),
        );
    }
}

/// Whether it is a key usage that is not DER. A list of named bits ends at its last bit that is set.
pub(super) fn is_key_usage_not_der(extension: &ParsedExtension<'_>) -> bool {
    let element = Reader::new(extension.content).expect(tag::BIT_STRING, "");
    let Ok(bits) = element.and_then(|element| BitString::of(&element)) else {
        return false;
    };
    let last = bits.bytes.last().copied().unwrap_or(1);
    let counted = bits.bytes.len().saturating_mul(8);
    let has_others = (KEY_USAGES.len()..counted).any(|index| bits.bit(index));
    extension.oid == oid::KEY_USAGE && (last.trailing_zeros() > u32::from(bits.unused) || has_others)
}

fn key_usage_not_der(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let mut extensions = inspected.request.extensions.iter();
    if extensions.any(is_key_usage_not_der) {
        report.add(
            &FIELD,
            format_args!(
                "The key usage is not DER: it has zeros at its end that do not belong there, or bits that no usage has."
            ),
        );
    }
}

fn purpose_not_tls(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    for value in values(inspected) {
        let Value::ExtendedKeyUsage(purposes) = value else {
            continue;
        };
        for purpose in purposes
            .iter()
            .filter(|oid| !matches!(oid.as_str(), oid::SERVER_AUTH | oid::CLIENT_AUTH))
        {
            let name = purpose.words();
            report.add(
                &FIELD,
                format_args!("The request asks for the purpose {name}, which a TLS certificate does not have."),
            );
        }
    }
}

fn purpose_client_auth(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let asks = values(inspected).any(|value| {
        matches!(value, Value::ExtendedKeyUsage(purposes) if purposes.iter().any(|oid| oid.as_str() == oid::CLIENT_AUTH))
    });
    if asks {
        report.add(
            &FIELD,
            format_args!(
                "The request asks for clientAuth, which public certificates for servers do not have from 2027-03-15 on."
            ),
        );
    }
}

fn requested(inspected: &Inspected<'_>, oid: &str) -> bool {
    inspected
        .request
        .extensions
        .iter()
        .any(|extension| extension.oid == oid)
}

fn ct_poison(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if requested(inspected, oid::CT_POISON) {
        report.add(
            &FIELD,
            format_args!("The request asks for the extension that makes a precertificate unusable."),
        );
    }
}

fn ca_sets(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    // Of those of X.509 all but what says what the certificate is for.
    let asked = [
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::KEY_USAGE,
        oid::SUBJECT_ALT_NAME,
        oid::BASIC_CONSTRAINTS,
        oid::EXTENDED_KEY_USAGE,
    ];
    let is_own = |oid: &str| {
        [oid::AUTHORITY_INFO_ACCESS, oid::SCT_LIST].contains(&oid)
            || (oid.starts_with("2.5.29.") && !asked.contains(&oid))
    };
    let extensions = inspected.request.extensions.iter();
    for extension in extensions.filter(|extension| is_own(extension.oid.as_str())) {
        let name = extension.oid.words();
        report.add(
            &FIELD,
            format_args!("The request asks for {name}, which the certificate authority fills in itself."),
        );
    }
}
