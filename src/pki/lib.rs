//! Certificate signing requests, certificates and bundles, read without network.
//!
//! The crate `der` reads bytes, the files here read structures, `findings` judges them. Nothing here knows the service's
//! client, the time of day, or JavaScript but for `js`, the boundary.
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod algorithm;
mod bundle;
mod certificate;
mod create;
mod csr;
mod curves;
mod error;
mod extension;
mod finding;
mod findings;
mod general_name;
mod input;
mod inspect;
#[cfg(feature = "wasm")]
pub mod js;
mod key;
mod kind;
mod name;
mod natural;
mod pem;
mod pkcs7;
mod private_key;
mod punycode;
mod same_key;
mod signed;
mod verification;
mod weak;

use der::{self, oid};

pub use algorithm::SignatureAlgorithm;
pub use bundle::{Bundle, BundleContext, BundleInspection, inspect_bundle, parse_bundle};
pub use certificate::{Certificate, parse_certificate};
pub use create::{
    CsrRequest, Hash, KeyCurve, KeyRequest, RequestedSubject, SigningAlgorithm, UnsignedCsr, private_key_pem,
};
pub use csr::{Csr, CsrAttribute, parse_csr};
pub use der::StringType;
pub use error::ParseError;
pub use extension::Extension;
pub use finding::{Finding, Severity};
pub use findings::{RuleDoc, rules};
pub use general_name::{InternationalName, SubjectAltNames};
pub use input::Input;
pub use inspect::{
    Context, CsrInspection, Inspection, OrderContext, Verdict, check_csr_for_order, check_dns_name, inspect_csr,
};
pub use key::PublicKey;
pub use name::{Name, NameAttribute};
pub use same_key::same_key;
pub use verification::{Verification, VerificationAlgorithm};
