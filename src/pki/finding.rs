//! What a rule has to say.

use serde::Serialize;

use crate::finding_code::FindingCode;

/// What happens if nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum Severity {
    /// The certificate authority will refuse it.
    Error,
    /// It may not be what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One thing that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Finding {
    /// What happens if nothing is changed.
    pub severity: Severity,
    /// Stable, for programs.
    pub code: FindingCode,
    /// One sentence, for people.
    pub message: String,
    /// What it is about: `publicKey`, `subject.country`, `subjectAltNames.dns[2]`, `cert.dnsNames` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule behind it: a section of the Baseline Requirements, an RFC, the service's guide, or what was seen of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
}
