//! A request under inspection: decoded, judged, and taken apart so that its signature can be verified.

use finding::Finding;
use serde::Serialize;

use crate::{
    error::ParseError,
    key::algorithm::SignatureAlgorithm,
    paste::{document::Document, input::Input, kind::PastedKind},
    rules::{self, context::Context, dns_name::DnsName, inspected::Inspected},
    verify::{signature_status::SignatureStatus, verification::Verification},
    x509::csr::{CertificationRequest, Csr},
};

/// A decoded request, whether its signature holds, and all findings, errors first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct CsrInspection {
    /// What it says.
    pub csr: Csr,
    /// Whether its signature holds.
    pub signature: SignatureStatus,
    /// What is wrong with it, or worth knowing.
    pub findings: Vec<Finding>,
}

/// An inspection that lacks the status of the signature.
#[derive(Clone, Debug)]
pub struct Inspection {
    csr: Csr,
    findings: Vec<Finding>,
    /// What a verifier has to be asked, or what is known without one.
    pub verification: Result<Verification, SignatureStatus>,
}

impl Inspection {
    /// All findings but those about the status of the signature.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Completes the inspection.
    #[must_use]
    pub fn conclude(self, signature: SignatureStatus) -> CsrInspection {
        let Self { csr, findings, .. } = self;
        let findings = rules::of_status(signature, findings);
        CsrInspection {
            csr,
            signature,
            findings,
        }
    }
}

/// Decodes and judges a request.
///
/// # Errors
/// When there is no request in the input, or there is a private key.
pub fn inspect_csr(input: &Input<'_>, context: &Context) -> Result<Inspection, ParseError> {
    inspect(input, context, whole)
}

/// All that is said of a request.
fn whole(inspected: Inspected<'_>) -> Inspection {
    Inspection {
        findings: rules::of_request(&inspected),
        verification: Verification::of(&inspected.request.signed, &inspected.request.key),
        csr: inspected.request.describe(),
    }
}

/// The same of a document that is decoded already.
pub(crate) fn inspect_document(document: &Document) -> Result<Inspection, ParseError> {
    judge(document, &Context::default(), whole)
}

/// What a certificate authority will say to a DNS name; `field` is where the name is.
#[must_use]
pub fn check_dns_name(name: &str, field: &str) -> Vec<Finding> {
    rules::of_dns_name(&DnsName {
        name,
        field: field.to_owned(),
    })
}

/// Reads a request and has it judged.
///
/// # Errors
/// When there is no request in the input, or there is a private key.
pub(crate) fn inspect<T>(
    input: &Input<'_>,
    context: &Context,
    judge: impl FnOnce(Inspected<'_>) -> T,
) -> Result<T, ParseError> {
    self::judge(&input.read()?, context, judge)
}

fn judge<T>(document: &Document, context: &Context, judge: impl FnOnce(Inspected<'_>) -> T) -> Result<T, ParseError> {
    let block = document.pick(PastedKind::Request, "a certificate request")?;
    let request = CertificationRequest::read(&block.der).map_err(|error| block.explained(error))?;
    let signature_algorithm = SignatureAlgorithm::of(&request.signed.algorithm);
    Ok(judge(Inspected {
        document,
        block,
        request,
        signature_algorithm,
        context,
    }))
}
