//! The service's own reader of CSRs (guide 7.3).

use serde::Serialize;

use crate::call::Call;
use crate::csr::{Csr, Subject};
use crate::http::Response;
use crate::refusal::Refusal;
use crate::validate::{Checker, Fields, Text};

/// The CSR object of guide 7.3.1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CsrReply<'a> {
    csr: &'a str,
    #[serde(flatten)]
    subject: Subject,
    signature_algorithm: String,
}

/// `certs.parse` (guide 7.3.1).
pub(crate) fn parse(call: &mut Call<'_>) -> Result<Response, Refusal> {
    let body = call.body()?;
    let checker = Checker::default();
    let fields = Fields::of_body(&checker, &body);
    fields.require(&["csrs"]);
    fields.require_items("csrs");
    let texts = fields.texts("csrs", Text::Pem).unwrap_or_default();
    let mut parsed = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match Csr::parse(text) {
            Ok(csr) => parsed.push(CsrReply {
                csr: text,
                subject: csr.subject(),
                signature_algorithm: csr.signature_algorithm(),
            }),
            Err(problem) => fields.problem(&format!("csrs[{index}]"), "INVALID_CSR", problem),
        }
    }
    checker.finish()?;
    Ok(Response::json(200, &parsed))
}
