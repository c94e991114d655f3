//! The service's own reader of CSRs (guide 7.3).

use serde::Serialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::csr::{Csr, Subject};
use crate::http::Response;
use crate::readings::CsrLocality;
use crate::refusal::Refusal;
use crate::text::Text;
use crate::validate::{Checker, Fields};

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
    let body = call.list_body("csrs")?;
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
    let mut parsed = json!(parsed);
    if call.readings.csr_locality == CsrLocality::Locality {
        for csr in parsed
            .as_array_mut()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            if let Some(locality) = csr.remove("locale") {
                csr.insert("locality".into(), locality);
            }
        }
    }
    Ok(Response::json(200, &parsed))
}
