//! Client of the Markmonitor SSL Certs API, and a reader of certificate signing requests and certificates.
//!
//! Dependencies point one way: `js → client → api`, `js → pki → der`. This crate only names them together.

pub use api;
pub use client;
pub use finding;
pub use pki;
pub use renewals;
