//! The status on a signature.

use serde::Serialize;

/// Whether a signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum SignatureStatus {
    /// It was made by the key over this request.
    Valid,
    /// It was not.
    Invalid,
    /// No verifier here has the algorithm.
    Unsupported,
}
