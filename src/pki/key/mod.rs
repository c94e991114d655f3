//! Public keys: what they are, what they sign with, and the arithmetic that shows a broken one.
//!
//! Knows numbers and curves. Knows no request and no certificate, and passes no judgement: rules do.

pub(crate) mod algorithm;
pub(crate) mod curves;
pub(crate) mod identity;
pub(crate) mod natural;
pub(crate) mod public_key;
pub(crate) mod weak;
