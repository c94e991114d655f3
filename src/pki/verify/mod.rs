//! Whether a signature holds: the question, in the forms that WebCrypto takes, and the status. And what follows for a bundle:
//! who issued whom.
//!
//! Nothing here verifies. The caller, who has a verifier, answers the question; where none is needed the status is known.

pub(crate) mod chain;
pub(crate) mod constraints;
pub(crate) mod signature_status;
pub(crate) mod verification;
