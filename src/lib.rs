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
    pub use ::pki::*;

    /// One thing that was found.
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

    /// What an order says about the certificate.
    #[derive(Clone, Debug, Default)]
    pub struct OrderContext {
        /// `SSL_EV_BASIC` …
        pub cert_type: Option<String>,
        /// The first name.
        pub common_name: Option<String>,
        /// All other names; None when the order does not say.
        pub dns_names: Option<Vec<String>>,
        /// Of the order's organization.
        pub organization_name: Option<String>,
        /// Of the order's organization, two letters.
        pub country: Option<String>,
        /// Whether it is the reissue of an order that exists.
        pub is_reissue: bool,
    }

    /// What an order with this request would fail for, or surprise with.
    ///
    /// # Errors
    /// When there is no request in the input, or there is a private key.
    pub fn check_csr_for_order(input: &Input<'_>, order: &OrderContext) -> Result<Vec<Finding>, ParseError> {
        const SUBJECTS: [&str; 3] = ["The key", "The signature", "An order and its request"];
        let context = Context {
            cert_type: order.cert_type.clone(),
            order: Some(OrderForm {
                cert: Some(FormCert {
                    common_name: order.common_name.clone(),
                    dns_names: order.dns_names.clone(),
                    csr: None,
                }),
                ..OrderForm::default()
            }),
            organization: Some(OrderOrganization {
                name: order.organization_name.clone(),
                country: order.country.clone(),
            }),
            ..Context::default()
        };
        let judged: Vec<FindingCode> = rules()
            .into_iter()
            .filter(|(subject, _)| SUBJECTS.contains(subject))
            .flat_map(|(_, rows)| rows.into_iter().map(|row| row.code))
            .filter(|code| order.dns_names.is_some() || *code != FindingCode::OrderLacksName)
            .collect();
        let findings = inspect_csr(input, &context)?.into_findings().into_iter();
        Ok(findings
            .filter(|finding| judged.contains(&finding.code))
            .map(plain)
            .collect())
    }
}
