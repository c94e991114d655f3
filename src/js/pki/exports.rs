//! What JavaScript calls.

use core::ops::Range;

use ::pki::{
    BundleContext, BundleInspection, Context, Csr, Finding, FoundContent, Input, Inspection, OrderForm,
    OrderInspection, OrderOrganization, ParseError, ParseErrorCode, Places, ReissueForm, SignatureStatus,
};
use js_sys::{Array, ArrayBuffer, Date, JsString, Reflect, Symbol, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    given::{Value, nothing_but},
    judgement::{Judgement, Thing},
    text::utf8,
};
use crate::convert::{get, set, to_js};

#[wasm_bindgen(typescript_custom_section)]
const ENCODED: &str = "/** PEM, base64 or DER. */\nexport type Encoded = string | Uint8Array | ArrayBuffer;";

#[wasm_bindgen]
extern "C" {
    /// PEM, base64 or DER.
    #[wasm_bindgen(typescript_type = "Encoded")]
    pub type Encoded;
}

/// Decodes a certificate signing request.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = parseCsr, unchecked_return_type = "Csr")]
pub fn parse_csr(csr: &Encoded) -> Result<JsValue, JsValue> {
    let csr = Argument::of(csr)?;
    ::pki::parse_csr(&csr.input())
        .map(csr_to_js)
        .map_err(|error| thrown(&error))
}

/// Decodes a certificate.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = parseCertificate, unchecked_return_type = "Certificate")]
pub fn parse_certificate(certificate: &Encoded) -> Result<JsValue, JsValue> {
    let certificate = Argument::of(certificate)?;
    ::pki::parse_certificate(&certificate.input())
        .map(|certificate| to_js(&certificate))
        .map_err(|error| thrown(&error))
}

/// The structure of a request, a certificate or a bundle as it is encoded.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = asn1Tree, unchecked_return_type = "Asn1Node[]")]
pub fn asn1_tree(input: &Encoded) -> Result<JsValue, JsValue> {
    let input = Argument::of(input)?;
    ::pki::asn1_tree(&input.input())
        .map(|trees| to_js(&trees))
        .map_err(|error| thrown(&error))
}

/// Whether two of certificate request, certificate and public key hold the same public key.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = sameKey)]
pub fn same_key(a: &Encoded, b: &Encoded) -> Result<bool, JsValue> {
    let (a, b) = (Argument::of(a)?, Argument::of(b)?);
    ::pki::same_key(&a.input(), &b.input()).map_err(|error| thrown(&error))
}

/// Everything that is wrong with a new order, and what is sent of its request; `context` may name its organization.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = checkOrder)]
pub fn check_order(order: &JsValue, context: &JsValue) -> Result<Judgement, JsValue> {
    Ok(order_judgement(
        inspect_order(order, context).map_err(|finding| refused(&finding))?,
    ))
}

fn inspect_order(order: &JsValue, context: &JsValue) -> Result<OrderInspection, Finding> {
    nothing_but("context", context, &["organization"])?;
    let order = OrderForm::read(&Value::of(order), "order")?;
    let organization = OrderOrganization::read(&Value::of(&get(context, "organization")))?;
    Ok(::pki::check_order(&order, organization.as_ref()))
}

/// Everything that is wrong with a reissue of an order, which may not be known, and what is sent of its request.
///
/// # Errors
/// A plain object of the type `ValidationError`.
#[wasm_bindgen(js_name = checkReissue)]
pub fn check_reissue(changes: &JsValue, order: &JsValue) -> Result<Judgement, JsValue> {
    Ok(order_judgement(
        inspect_reissue(changes, order).map_err(|finding| refused(&finding))?,
    ))
}

fn inspect_reissue(changes: &JsValue, order: &JsValue) -> Result<OrderInspection, Finding> {
    let changes = ReissueForm::read(&Value::of(changes))?;
    let order = if is_absent(order) {
        None
    } else {
        Some(OrderForm::read(&Value::of(order), "order")?)
    };
    Ok(::pki::check_reissue(&changes, order.as_ref()))
}

fn order_judgement(mut inspection: OrderInspection) -> Judgement {
    let question = inspection.verification.take();
    Judgement::of(Thing::new(Vec::from_iter(question), |statuses| {
        Ok(to_js(&inspection.conclude(statuses.first().copied())))
    }))
}

/// Decodes `pem_all` or `p7b`, puts it in order and verifies its signatures; holds it against a request, if one is given.
///
/// # Errors
/// A plain object of the type `ParseError` or `ValidationError`.
#[wasm_bindgen(js_name = parseBundle)]
pub fn parse_bundle(bundle: &Encoded, context: &JsValue) -> Result<Judgement, JsValue> {
    let (bundle, csr) = (Argument::of(bundle)?, csr_of(context)?);
    let context = BundleContext {
        now: Some(now()),
        csr: csr.as_ref().map(Argument::input),
    };
    let inspection = ::pki::inspect_bundle(&bundle.input(), &context).map_err(|error| thrown(&error))?;
    Ok(Judgement::of(bundle_of(inspection)))
}

/// The request in the context of a bundle.
fn csr_of(context: &JsValue) -> Result<Option<Argument>, JsValue> {
    nothing_but("context", context, &["csr"]).map_err(|finding| refused(&finding))?;
    let csr = get(context, "csr");
    if is_absent(&csr) {
        return Ok(None);
    }
    Argument::of(&csr).map(Some)
}

/// Decodes a request, verifies its signature and says what a certificate authority will say.
///
/// # Errors
/// A plain object of the type `ParseError` or `ValidationError`.
#[wasm_bindgen(js_name = inspectCsr)]
pub fn inspect_csr(csr: &Encoded, context: &JsValue) -> Result<Judgement, JsValue> {
    let csr = Argument::of(csr)?;
    let context = context_of(context).map_err(|finding| refused(&finding))?;
    let inspection = ::pki::inspect_csr(&csr.input(), &context).map_err(|error| thrown(&error))?;
    Ok(Judgement::of(request_of(inspection)))
}

/// Inspects everything in a list of inputs: requests, certificates and bundles, each with its place.
///
/// # Errors
/// A plain object of the type `ParseError`.
#[wasm_bindgen(js_name = inspectAll)]
pub fn inspect_all(inputs: &Array) -> Result<Judgement, JsValue> {
    let inputs: Result<Vec<Argument>, JsValue> = inputs.iter().map(|input| Argument::of(&input)).collect();
    let mut inputs = inputs?.into_iter().enumerate();
    let mut open: Box<dyn FnMut() -> Option<Thing>> = Box::new(|| None);
    Ok(Judgement::of_all(move || {
        loop {
            if let Some(thing) = open() {
                return Some(thing);
            }
            let (file, input) = inputs.next()?;
            open = everything_in(file, input);
        }
    }))
}

/// One thing after the other.
fn everything_in(file: usize, input: Argument) -> Box<dyn FnMut() -> Option<Thing>> {
    let mut all = ::pki::inspect_all(&input.input(), Some(now()));
    let mut places = Places::default();
    Box::new(move || {
        let found = all.next()?;
        let (kind, name, thing) = match found.content {
            FoundContent::Csr(inspection) => ("csr", "inspection", request_of(*inspection)),
            FoundContent::Bundle(inspection) => ("bundle", "bundle", bundle_of(*inspection)),
            FoundContent::Other(error) => ("other", "error", Thing::new(Vec::new(), move |_| Ok(to_js(&error)))),
        };
        let Range { start, end } = places.of(&input.input(), &found.place);
        let object = to_js(&Place { kind, file, start, end });
        Some(thing.put_into(object, name))
    })
}

/// What is said of each thing that was found, whatever it is.
#[derive(Serialize)]
struct Place {
    kind: &'static str,
    file: usize,
    start: usize,
    end: usize,
}

fn request_of(mut inspection: Inspection) -> Thing {
    const NONE: SignatureStatus = SignatureStatus::Unsupported;
    let question = core::mem::replace(&mut inspection.verification, Err(NONE));
    Thing::new(vec![question], |statuses| {
        Ok(to_js(&inspection.conclude(statuses.first().copied().unwrap_or(NONE))))
    })
}

fn bundle_of(mut inspection: BundleInspection) -> Thing {
    let questions = core::mem::take(&mut inspection.verifications);
    Thing::new(questions, |statuses| Ok(to_js(&inspection.conclude(statuses))))
}

/// The context of a request. An order has many fields that no rule looks at: only the context's own names are checked.
fn context_of(context: &JsValue) -> Result<Context, Finding> {
    nothing_but("context", context, &["certType", "order", "organization", "weakKeys"])?;
    Context::read(&Value::of(context))
}

/// Hands the PEM over on its own: it is most of the text, and as JSON each character of it would be looked at twice.
fn csr_to_js(csr: Csr) -> JsValue {
    let pem = JsValue::from_str(&csr.pem);
    let value = to_js(&Csr {
        pem: String::new(),
        ..csr
    });
    set(&value, "pem", &pem);
    value
}

/// An argument, copied into the core's memory.
pub(super) enum Argument {
    Text(String),
    Bytes(Vec<u8>),
}

impl Argument {
    pub(super) fn of(value: &JsValue) -> Result<Self, JsValue> {
        if let Some(text) = value.dyn_ref::<JsString>() {
            return Ok(Self::Text(utf8(text)));
        }
        // Elements of more than an octet would be cut to one. A DataView has none.
        if is_buffer(value) || ArrayBuffer::is_view(value) && get(value, "BYTES_PER_ELEMENT") == 1_i32 {
            // What was transferred, as to a worker, is empty from then on, and is not even copied.
            let is_empty = get(value, "byteLength") == 0_i32;
            let bytes = if is_empty {
                Vec::new()
            } else {
                Uint8Array::new(value).to_vec()
            };
            return Ok(Self::Bytes(bytes));
        }
        Err(thrown(&ParseError {
            code: ParseErrorCode::WrongKind,
            message: "Expected a string, a Uint8Array or an ArrayBuffer, found another type.".to_owned(),
            offset: None,
        }))
    }

    /// The same, or what this package made of one: a certificate or a request with its `pem`.
    pub(super) fn of_document(value: &JsValue) -> Result<Self, JsValue> {
        let pem = get(value, "pem");
        Self::of(if pem.is_string() { &pem } else { value })
    }

    pub(super) fn input(&self) -> Input<'_> {
        match self {
            Self::Text(text) => Input::Text(text),
            Self::Bytes(bytes) => Input::Bytes(bytes),
        }
    }
}

/// By tag and not by its constructor: a test runner may have made it in another realm.
fn is_buffer(value: &JsValue) -> bool {
    let tag = Reflect::get(value, &Symbol::to_string_tag());
    value.is_object() && tag.is_ok_and(|tag| tag == "ArrayBuffer")
}

/// Seconds since 1970.
#[allow(clippy::cast_possible_truncation)]
fn now() -> i64 {
    (Date::now() / 1000.0) as i64
}

/// What the facade makes a `ParseError` of.
pub(super) fn thrown(error: &ParseError) -> JsValue {
    let dto = to_js(error);
    set(&dto, "type", &JsValue::from_str("ParseError"));
    dto
}

/// What the facade makes a `ValidationError` of.
fn validation_error(message: &str, findings: &[Finding]) -> JsValue {
    #[derive(Serialize)]
    struct Dto<'a> {
        r#type: &'static str,
        code: &'static str,
        message: &'a str,
        findings: &'a [Finding],
    }
    to_js(&Dto {
        r#type: "ValidationError",
        code: "invalid",
        message,
        findings,
    })
}

pub(super) fn invalid(findings: &[Finding]) -> JsValue {
    let sentences: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    validation_error(&sentences.join(" "), findings)
}

/// An argument that cannot be used.
fn refused(finding: &Finding) -> JsValue {
    validation_error(&finding.message, core::slice::from_ref(finding))
}

pub(super) fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}
