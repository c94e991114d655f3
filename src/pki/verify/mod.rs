//! Whether a signature holds: the question, in the forms that WebCrypto takes, and the verdict.
//!
//! Nothing here verifies. Whoever has a verifier answers the question; where none is needed the verdict is known.

pub(crate) mod verdict;
pub(crate) mod verification;
