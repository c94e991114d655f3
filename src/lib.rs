//! Client of the Markmonitor SSL Certs API, and a reader of certificate signing requests and certificates.
//!
//! Dependencies point one way: `js → client → api`, `js → pki`, `client → pki`.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod api;
pub mod client;
#[cfg(feature = "wasm")]
mod js;

/// The reader, with findings as the client has them until it declares its own: their codes are texts.
pub mod pki {
    #[cfg(feature = "wasm")]
    pub use ::pki::js::Refusal as Finding;
    pub use ::pki::*;

    /// One thing that was found.
    #[cfg(not(feature = "wasm"))]
    #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
    pub struct Finding {
        /// What happens if nothing is changed.
        pub severity: Severity,
        /// Stable, for programs.
        pub code: &'static str,
        /// One sentence, for people.
        pub message: String,
        /// What it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// The rule behind it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub source: Option<&'static str>,
    }

    fn plain(finding: ::pki::Finding) -> Finding {
        let ::pki::Finding {
            severity,
            code,
            message,
            field,
            source,
        } = finding;
        Finding {
            severity,
            code: code.as_str(),
            message,
            field,
            source,
        }
    }

    /// As the reader has it.
    #[must_use]
    pub fn check_dns_name(name: &str, field: &str) -> Vec<Finding> {
        ::pki::check_dns_name(name, field).into_iter().map(plain).collect()
    }

    /// As the reader has it.
    ///
    /// # Errors
    /// When there is no request in the input, or there is a private key.
    pub fn check_csr_for_order(input: &Input<'_>, order: &OrderContext) -> Result<Vec<Finding>, ParseError> {
        ::pki::check_csr_for_order(input, order).map(|findings| findings.into_iter().map(plain).collect())
    }
}
