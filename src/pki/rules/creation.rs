//! A key that a request cannot be made with.

use finding::{Finding, FindingCode, Severity::Error};

use crate::{
    key_failure::KeyFailure,
    pbes2::MAX_ITERATIONS,
    rules::rule::{Findings, Report, Rule, apply, title},
};

impl KeyFailure {
    /// It as findings.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Findings::default();
        apply(rules(), self, &mut findings);
        findings.all()
    }
}

pub(crate) const fn rules() -> &'static [Rule<KeyFailure>] {
    &[
        Rule {
            code: FindingCode::KeyUnfit,
            severity: Error,
            title: title!(
                "The key given signs with SHA-1, or with another hash than the one given, or is not an RSA, ECDSA or \
                    Ed25519 key, or an RSA key is wanted in a size other than 2048, 3072 or 4096 bits"
            ),
            source: "BR 6.1.5, 7.1.3.2",
            check: unfit,
        },
        Rule {
            code: FindingCode::KeyUnreadable,
            severity: Error,
            title: title!(
                "The private key given is damaged, or in a form, of a kind, on a curve or in an encryption that is not \
                    read here"
            ),
            source: "RFC 5958 2, RFC 8017 A.1.2, RFC 5915 3, RFC 8018 6.2",
            check: unreadable,
        },
        Rule {
            code: FindingCode::KeyPassword,
            severity: Error,
            title: title!(
                "The private key given is encrypted, and its password is missing or wrong; or it is not encrypted, and a \
                    password is given"
            ),
            source: "RFC 8018 6.2",
            check: password,
        },
        Rule {
            code: FindingCode::KeyHalvesDiffer,
            severity: Error,
            title: title!("The public and the private half of the key given do not belong together"),
            source: "RFC 2986 3",
            check: halves_differ,
        },
        Rule {
            code: FindingCode::CertificateMissing,
            severity: Error,
            title: title!("None of the certificates given is for the key"),
            source: "RFC 7292 4",
            check: no_certificate,
        },
        Rule {
            code: FindingCode::Webcrypto,
            severity: Error,
            title: title!("WebCrypto made no key or no signature, or does not give a key out"),
            source: "Web Cryptography API",
            check: webcrypto,
        },
    ]
}

const FIELD: &str = "key";

fn unfit(failure: &KeyFailure, report: &mut Report<'_>) {
    match failure {
        KeyFailure::Size => report.add(&"key.bits", format_args!("An RSA key is made with 2048, 3072 or 4096 bits.")),
        KeyFailure::CannotSign => report.add(&FIELD, format_args!("The key cannot sign a request: it is not an RSA, ECDSA or Ed25519 key, or it signs with SHA-1.")),
        KeyFailure::Hash => report.add(&"hash", format_args!("The key signs with another hash: only an RSA key has a choice, and as a CryptoKey it has made it; P-256 goes \
             with SHA-256, P-384 with SHA-384, P-521 with SHA-512.")),
        _ => {}
    }
}

fn unreadable(failure: &KeyFailure, report: &mut Report<'_>) {
    match failure {
        KeyFailure::Unreadable(why) => report.add(&FIELD, format_args!("The key cannot be used. {why}")),
        KeyFailure::Kind(kind) => report.add(&FIELD, format_args!("The key cannot be used. It is of {kind}; use RSA, P-256 or P-384.")),
        KeyFailure::Iterations(count) => report.add(&FIELD, format_args!(
                "The key cannot be used. It is encrypted with {count} iterations of PBKDF2, which would take minutes or for \
                 ever; {MAX_ITERATIONS} are the most that are computed."
            )),
        KeyFailure::Encryption(scheme) => report.add(&FIELD, format_args!(
                "The key cannot be used. It is encrypted with {scheme}: PBES2 with PBKDF2 and AES-CBC is what is read, as \
                 `openssl pkcs8 -topk8 -v2 aes-256-cbc` writes it."
            )),
        _ => {}
    }
}

fn password(failure: &KeyFailure, report: &mut Report<'_>) {
    if let KeyFailure::Password(sentence) = failure {
        report.add(&"key.password", format_args!("{sentence}"));
    }
}

fn halves_differ(failure: &KeyFailure, report: &mut Report<'_>) {
    if *failure == KeyFailure::HalvesDiffer {
        report.add(
            &FIELD,
            format_args!("The public and the private half of the key do not belong together."),
        );
    }
}

fn no_certificate(failure: &KeyFailure, report: &mut Report<'_>) {
    if *failure == KeyFailure::NoCertificate {
        report.add(
            &"certificate",
            format_args!("None of the certificates given is for the key."),
        );
    }
}

fn webcrypto(failure: &KeyFailure, report: &mut Report<'_>) {
    match failure {
        KeyFailure::WebCrypto(reason) => report.add(
            &FIELD,
            format_args!("WebCrypto refused: {}.", reason.trim_end_matches('.')),
        ),
        KeyFailure::NotExtractable => report.add(
            &FIELD,
            format_args!("The private key may not leave WebCrypto: it was made with `extractable` false."),
        ),
        _ => {}
    }
}
