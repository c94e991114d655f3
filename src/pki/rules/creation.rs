//! A key that a request cannot be made with.

use crate::{
    finding::FindingCode,
    finding::Severity::Error,
    rules::rule::{Report, Rule, title},
};

/// Why there is no key to make a request with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFailure {
    /// An RSA key is wanted in a size that none is made in.
    Size,
    /// The key given is of a kind that signs no request.
    CannotSign,
    /// WebCrypto refused, for this reason. It never holds any of the key.
    WebCrypto(String),
}

pub(crate) const fn rules() -> &'static [Rule<KeyFailure>] {
    &[
        Rule {
            code: FindingCode::KeyUnfit,
            severity: Error,
            title: title!(
                "The key given signs with SHA-1 or is not an RSA, ECDSA or Ed25519 key, or an RSA key is wanted in a \
                    size other than 2048, 3072 or 4096 bits"
            ),
            source: "BR 6.1.5, 7.1.3.2",
            check: unfit,
        },
        Rule {
            code: FindingCode::Webcrypto,
            severity: Error,
            title: title!("WebCrypto made no key or no signature, or does not export the public key"),
            source: "Web Cryptography API",
            check: webcrypto,
        },
    ]
}

fn unfit(failure: &KeyFailure, report: &mut Report<'_>) {
    match failure {
        KeyFailure::Size => report.add("key.bits", "An RSA key is made with 2048, 3072 or 4096 bits."),
        KeyFailure::CannotSign => report.add(
            "key",
            "The key cannot sign a request: it is not an RSA, ECDSA or Ed25519 key, or it signs with SHA-1.",
        ),
        KeyFailure::WebCrypto(_) => {}
    }
}

fn webcrypto(failure: &KeyFailure, report: &mut Report<'_>) {
    if let KeyFailure::WebCrypto(reason) = failure {
        report.add("key", format!("WebCrypto refused: {reason}."));
    }
}
