//! What is wrong with a request, a certificate, an order or a call's arguments, as reported to callers.
#![forbid(unsafe_code)]

mod code;
pub mod nearest;

pub use code::FindingCode;
use serde::Serialize;

/// How serious a finding is. `error`: the service or the certificate authority refuses it. `warning`: it is accepted, and may not be
/// what was meant. `info`: worth knowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum Severity {
    /// It will be refused.
    Error,
    /// It may not be what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Finding {
    /// How serious it is.
    pub severity: Severity,
    /// Stable, for programs.
    pub code: FindingCode,
    /// One sentence, for people.
    pub message: String,
    /// What it is about: `publicKey`, `subject.country`, `subjectAltNames.dns[2]`, `cert.dnsNames` …
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub field: Option<String>,
    /// The rule behind it: a section of the Baseline Requirements, an RFC, the service's guide, or what was seen of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub source: Option<&'static str>,
}

impl Finding {
    /// An argument or an option that cannot be used.
    #[must_use]
    pub fn argument(code: FindingCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            field: Some(field.into()),
            source: None,
        }
    }
}
