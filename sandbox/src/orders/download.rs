//! The certificate of an order, as a file.

use crate::call::Call;
use crate::http::{Request, Response};
use crate::query::Query;
use crate::readings::Download;
use crate::refusal::Refusal;
use crate::validate::Checker;
use crate::words::Format;

/// The one media type of a download (guide 7.4.5).
const DOWNLOAD_TYPE: &str = "application/x-pkcs7-certificates";

/// `orders.download` (guide 7.4.5), with a format and the right Accept header.
pub(crate) fn download(call: &mut Call<'_>) -> Result<Response, Refusal> {
    if !is_accepted(call.request) {
        return Err(Refusal::Error {
            status: 406,
            code: "NOT_ACCEPTABLE",
            message: format!("The header Accept: {DOWNLOAD_TYPE} is required."),
        });
    }
    let checker = Checker::default();
    let query = Query::new(&checker, call.query());
    let format = query.parsed("format", "must be p7b or pem_all", Format::parse);
    if query.text("format").is_none() {
        query.problem("format", "REQUIRED", "is required");
    }
    checker.finish()?;
    let leaf = call.order(call.ids.id)?.certificate.pem();
    let leaf =
        leaf.ok_or_else(|| Refusal::conflict("CERTIFICATE_NOT_ISSUED", "The certificate has not been issued."))?;
    let ca = &call.world.ca;
    let internal = |error: der::Error| Refusal::internal(error.to_string());
    let file = match (format, call.readings.download) {
        (Some(Format::P7b), Download::Der) => ca.p7b_der(leaf).map_err(internal)?,
        (Some(Format::P7b), _) => ca.p7b(leaf).map_err(internal)?.into_bytes(),
        (_, Download::RootFirst) => ca.pem_all_root_first(leaf).into_bytes(),
        _ => ca.pem_all(leaf).into_bytes(),
    };
    let file = match (call.readings.download, String::from_utf8(file)) {
        (Download::Crlf, Ok(pem)) => pem.replace('\n', "\r\n").into_bytes(),
        (_, Ok(pem)) => pem.into_bytes(),
        (_, Err(binary)) => binary.into_bytes(),
    };
    Ok(Response::with_body(200, DOWNLOAD_TYPE, file))
}

fn is_accepted(request: &Request) -> bool {
    let mut accepted = request.header("accept").unwrap_or_default().split([',', ';']);
    accepted.any(|kind| kind.trim().eq_ignore_ascii_case(DOWNLOAD_TYPE))
}
