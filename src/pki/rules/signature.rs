//! The signature: who made it, with what hash, and whether it holds.

use der::{oid, tag};
use finding::{
    FindingCode,
    Severity::{Error, Info, Warning},
};

use crate::{
    key::algorithm::{Algorithm, Scheme, scheme},
    rules::{
        inspected::Inspected,
        rule::{Report, Rule, title},
    },
    verify::signature_status::SignatureStatus,
};

const FIELD: &str = "signatureAlgorithm";

pub(crate) const fn rules<'a>() -> &'a [Rule<Inspected<'a>>] {
    &[
        Rule {
            code: FindingCode::SignatureAlgorithmMismatch,
            severity: Error,
            title: title!("The signature algorithm does not fit the kind of key"),
            source: "RFC 2986 4.2",
            check: algorithm_mismatch,
        },
        Rule {
            code: FindingCode::SignatureParametersUnfit,
            severity: Warning,
            title: title!(
                "The signature algorithm, be it a certificate's, has parameters that it does not have: a NULL for ECDSA, another \
                 thing for RSA"
            ),
            source: "RFC 5758 3.2, RFC 8410 3, RFC 4055 2.1",
            check: parameters_unfit,
        },
        Rule {
            code: FindingCode::SignatureHashBroken,
            severity: Error,
            title: title!("The request is signed with MD2, MD4 or MD5"),
            source: "BR 7.1.3.2",
            check: hash_broken,
        },
        Rule {
            code: FindingCode::SignatureSha1,
            severity: Warning,
            title: title!("The request is signed with SHA-1"),
            source: "BR 7.1.3.2",
            check: sha1,
        },
        Rule {
            code: FindingCode::SignatureAlgorithmUnknown,
            severity: Warning,
            title: title!("The signature algorithm is unknown"),
            source: "RFC 2986 4.2",
            check: algorithm_unknown,
        },
    ]
}

/// About the status, which is known later than the rest.
pub(crate) const fn status_rules() -> &'static [Rule<SignatureStatus>] {
    &[
        Rule {
            code: FindingCode::SignatureInvalid,
            severity: Error,
            title: title!("The signature was not made by the key over this request"),
            source: "RFC 2986 4.2",
            check: invalid,
        },
        Rule {
            code: FindingCode::SignatureUnsupported,
            severity: Info,
            title: title!("The signature could not be checked here: WebCrypto has no such algorithm"),
            source: "Web Cryptography API",
            check: unsupported,
        },
    ]
}

fn algorithm_mismatch(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let (Some(key), Some(signature)) = (inspected.request.key.scheme(), inspected.signature_algorithm.scheme()) else {
        return;
    };
    // An RSA key signs both ways, unless it says that it is for PSS; SM2 keys are on a curve like all others.
    let fits = key == signature || (key == Scheme::RsaPkcs1 && signature == Scheme::RsaPss);
    if !fits {
        report.add(
            &FIELD,
            format_args!(
                "The request says that it is signed with {}, which its {} key cannot do.",
                inspected.signature_algorithm.name,
                inspected.request.key.describe().algorithm
            ),
        );
    }
}

/// Whether a signature algorithm has no other parameters than it should.
pub(super) fn has_fit_parameters(algorithm: &Algorithm<'_>) -> bool {
    let parameters = algorithm.parameters.as_ref();
    match scheme(&algorithm.oid) {
        Some(Scheme::Ecdsa | Scheme::Ed25519 | Scheme::Ed448) => parameters.is_none(),
        Some(Scheme::RsaPkcs1) => parameters.is_none_or(|element| element.tag == tag::NULL),
        _ => true,
    }
}

fn parameters_unfit(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if !has_fit_parameters(&inspected.request.signed.algorithm) {
        let name = &inspected.signature_algorithm.name;
        report.add(
            &FIELD,
            format_args!("The parameters of {name} are not what they should be, which some programs refuse."),
        );
    }
}

fn hash_broken(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if let Some(hash @ ("MD2" | "MD4" | "MD5")) = inspected.signature_algorithm.hash {
        report.add(
            &FIELD,
            format_args!("The request is signed with {hash}, which is broken: sign it with SHA-256."),
        );
    }
}

fn sha1(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    if inspected.signature_algorithm.hash == Some("SHA-1") {
        report.add(
            &FIELD,
            format_args!("The request is signed with SHA-1, which is obsolete: sign it with SHA-256."),
        );
    }
}

fn algorithm_unknown(inspected: &Inspected<'_>, report: &mut Report<'_>) {
    let algorithm = &inspected.signature_algorithm;
    let oid = &algorithm.oid;
    if algorithm.scheme().is_some() {
    } else if matches!(&**oid, oid::RSA | oid::EC | oid::DSA) {
        let sentence = format_args!("The signature algorithm is {oid}, which is the name of a kind of key.");
        report.add(&FIELD, sentence);
    } else {
        report.add(&FIELD, format_args!("The signature algorithm {oid} is unknown."));
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "every rule takes its subject so")]
fn invalid(status: &SignatureStatus, report: &mut Report<'_>) {
    if *status == SignatureStatus::Invalid {
        report.add(&"signature", format_args!("The signature is invalid: the request was changed after it was signed, or signed with another key. If it was pasted, a \
         character or a line of it was most likely changed on the way: copy it again, whole."));
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "every rule takes its subject so")]
fn unsupported(status: &SignatureStatus, report: &mut Report<'_>) {
    if *status == SignatureStatus::Unsupported {
        report.add(
            &"signature",
            format_args!("The signature could not be checked: this runtime's WebCrypto does not have the algorithm."),
        );
    }
}
