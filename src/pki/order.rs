//! What is wrong with an order or a reissue, before it costs a call, or money.

use der::pem;
use finding::Finding;
use serde::Serialize;

use crate::{
    error::ParseError,
    inspect::inspect,
    paste::input::Input,
    rules::{
        self,
        context::Context,
        form::{FormCert, OrderForm, OrderOrganization, ReissueForm},
        inspected::Inspected,
        judged_order::{JudgedOrder, OrderedRequest},
    },
    verify::{signature_status::SignatureStatus, verification::Verification},
};

/// An order that was judged, but for the signature of its request.
#[derive(Clone, Debug)]
pub struct OrderInspection {
    findings: Vec<Finding>,
    csr: Option<String>,
    /// What a verifier has to be asked, or what is known without one; nothing where there is no request to read.
    pub verification: Option<Result<Verification, SignatureStatus>>,
}

/// Everything that is wrong with an order, and what is sent of its request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct CheckedOrder {
    /// Errors first.
    pub findings: Vec<Finding>,
    /// The request alone, as PEM that every program reads; absent when there is none, or none that can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csr: Option<String>,
}

impl OrderInspection {
    /// Completes the inspection with the status of the signature, if there is one.
    #[must_use]
    pub fn conclude(self, signature: Option<SignatureStatus>) -> CheckedOrder {
        let Self { findings, csr, .. } = self;
        let findings = match signature {
            Some(status) => rules::of_ordered_status(status, findings),
            None => findings,
        };
        CheckedOrder { findings, csr }
    }
}

/// Everything that is wrong with a new order, or worth knowing before it is sent. Errors first.
#[must_use]
pub fn check_order(order: &OrderForm, organization: Option<&OrderOrganization>) -> OrderInspection {
    with_request(order.cert.as_ref(), |request| {
        rules::of_order(&JudgedOrder::new(order, organization, request))
    })
}

/// Everything that is wrong with a reissue of an order, which may not be known. Errors first.
#[must_use]
pub fn check_reissue(changes: &ReissueForm, order: Option<&OrderForm>) -> OrderInspection {
    with_request(changes.cert.as_ref(), |request| {
        rules::of_order(&JudgedOrder::reissue(changes, order, request))
    })
}

/// Judges with the request in a form, if there is one.
fn with_request(cert: Option<&FormCert>, judge: impl Fn(OrderedRequest<'_>) -> Vec<Finding>) -> OrderInspection {
    let without = |findings| OrderInspection {
        findings,
        csr: None,
        verification: None,
    };
    let csr = cert.and_then(|cert| cert.csr.as_deref());
    let Some(csr) = csr.filter(|csr| !csr.trim().is_empty()) else {
        return without(judge(None));
    };
    let read: Result<OrderInspection, ParseError> =
        inspect(&Input::Text(csr), &Context::default(), |inspected: Inspected<'_>| {
            let request = &inspected.request;
            let sent = pem::write("CERTIFICATE REQUEST", request.der);
            OrderInspection {
                findings: judge(Some(Ok((&inspected, !is_same(csr, &sent))))),
                verification: Some(Verification::of(&request.signed, &request.key)),
                csr: Some(sent),
            }
        });
    read.unwrap_or_else(|unreadable| without(judge(Some(Err(&unreadable)))))
}

/// Whether a text is PEM as every program reads it (RFC 7468, 3), and this: other widths of lines and line ends make no
/// difference, nor do empty lines before and after.
fn is_same(text: &str, pem: &str) -> bool {
    /// What is wider, OpenSSL did not read before 1.1.
    const WIDEST: usize = 76;
    let digits = |text: &str| -> Option<String> {
        let text = text.trim_matches(['\n', '\r', ' ', '\t']);
        let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches([' ', '\t'])).collect();
        let (first, rest) = lines.split_first()?;
        let (last, digits) = rest.split_last()?;
        let label = first.strip_prefix("-----BEGIN ")?;
        let is_framed = matches!(label, "CERTIFICATE REQUEST-----" | "NEW CERTIFICATE REQUEST-----")
            && last.strip_prefix("-----END ") == Some(label);
        let is_line = |line: &&str| (1..=WIDEST).contains(&line.len());
        (is_framed && digits.iter().all(is_line)).then(|| digits.concat())
    };
    digits(text).is_some_and(|text| Some(text) == digits(pem))
}
