//! A request under inspection: decoded, judged, and taken apart for whoever verifies its signature.

use serde::{Deserialize, Serialize};

use super::{
    Csr, Finding, Input, ParseError, SignatureAlgorithm,
    csr::Request,
    findings::{self, DnsName, Inspected},
    input::Document,
    kind::{Kind, pick},
    verification::Verification,
};

/// What a request is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct Context {
    /// `SSL_EV_BASIC` …
    pub cert_type: Option<String>,
    /// The order that the request is for.
    pub order: Option<OrderContext>,
    /// Keys that are known to be weak: the SHA-256 of the `SubjectPublicKeyInfo` in hex, or an entry of Debian's
    /// openssl-blacklist.
    pub weak_keys: Vec<String>,
}

/// What an order says about the certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct OrderContext {
    /// `SSL_EV_BASIC` …
    pub cert_type: Option<String>,
    /// The first name.
    pub common_name: Option<String>,
    /// All other names; None when the order does not say.
    pub dns_names: Option<Vec<String>>,
    /// Of the order's organization.
    pub organization_name: Option<String>,
    /// Of the order's organization, two letters.
    pub country: Option<String>,
    /// Whether it is the reissue of an order that exists.
    pub is_reissue: bool,
}

/// Whether a signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub enum Verdict {
    /// It was made by the key over this request.
    Valid,
    /// It was not.
    Invalid,
    /// There is nobody here who can tell.
    Unsupported,
}

/// A decoded request, whether its signature holds, and all findings, errors first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct CsrInspection {
    /// What it says.
    pub csr: Csr,
    /// Whether its signature holds.
    pub signature: Verdict,
    /// What is to say about it.
    pub findings: Vec<Finding>,
}

/// An inspection that lacks the verdict on the signature.
#[derive(Clone, Debug)]
pub struct Inspection {
    csr: Csr,
    findings: Vec<Finding>,
    /// What a verifier has to be asked, or what is known without one.
    pub verification: Result<Verification, Verdict>,
}

impl Inspection {
    /// What is to say about the request, but for its signature's verdict.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Completes the inspection.
    #[must_use]
    pub fn conclude(self, signature: Verdict) -> CsrInspection {
        let Self { csr, findings, .. } = self;
        let findings = findings::of_verdict(signature, findings);
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
    inspect(input, context, |inspected| Inspection {
        findings: findings::of_request(&inspected),
        verification: Verification::of(&inspected.request.signed, &inspected.request.key),
        csr: inspected.request.describe(),
    })
}

/// What an order with this request would fail for, or surprise with.
///
/// # Errors
/// When there is no request in the input, or there is a private key.
pub fn check_csr_for_order(input: &Input<'_>, order: &OrderContext) -> Result<Vec<Finding>, ParseError> {
    let context = Context {
        order: Some(order.clone()),
        ..Context::default()
    };
    inspect(input, &context, |inspected| findings::of_request_for_order(&inspected))
}

/// What a certificate authority will say to a DNS name; `field` is where it stands.
#[must_use]
pub fn check_dns_name(name: &str, field: &str) -> Vec<Finding> {
    findings::of_dns_name(&DnsName {
        name,
        field: field.to_owned(),
    })
}

fn inspect<T>(input: &Input<'_>, context: &Context, judge: impl FnOnce(Inspected<'_>) -> T) -> Result<T, ParseError> {
    let document = Document::read(input)?;
    let block = pick(&document.blocks, Kind::Request, "a certificate request")?;
    let request = Request::read(&block.der)?;
    let signature_algorithm = SignatureAlgorithm::of(&request.signed.algorithm);
    Ok(judge(Inspected {
        document: &document,
        block,
        request,
        signature_algorithm,
        context,
    }))
}
