//! Whether a signature holds: the question, in the forms that WebCrypto takes, and the status.
//!
//! Nothing here verifies. The caller, who has a verifier, answers the question; where none is needed the status is known.

pub(crate) mod signature_status;
pub(crate) mod verification;
