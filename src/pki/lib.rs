//! Certificate signing requests, certificates and bundles, read, judged and made without network.
//!
//! Each wing looks down only: `paste` and `key` use the crate `der`, `x509` uses both, `verify` uses `x509`, `rules` all of
//! these, and what the outside calls uses the rules: `inspect`, `order`, `bundle`, `create`, `same_key`. Nothing here knows the
//! service's client, the time of day, or JavaScript.
#![forbid(unsafe_code)]
// What clippy.toml beside this file keeps out.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod bundle;
mod create;
mod error;
mod inspect;
mod key;
mod order;
mod paste;
mod rules;
mod same_key;
mod verify;
mod x509;

pub use bundle::{Bundle, BundleContext, BundleInspection, inspect_bundle, parse_bundle};
pub use create::{
    CsrRequest, Hash, KeyCurve, KeyRequest, RequestedSubject, SigningAlgorithm, UnsignedCsr, private_key_pem,
};
pub use der::StringType;
pub use error::{ParseError, ParseErrorCode};
pub use finding::{self, Finding, FindingCode, Severity};
pub use inspect::{CsrInspection, Inspection, check_dns_name, inspect_csr};
pub use key::{algorithm::SignatureAlgorithm, public_key::PublicKey};
pub use order::{check_order, check_reissue};
pub use paste::input::Input;
pub use rules::{
    context::Context,
    creation::KeyFailure,
    form::{FormCert, FormContact, FormContactType, OrderForm, OrderOrganization, ReissueForm},
};
#[cfg(not(target_arch = "wasm32"))]
pub use rules::{rule::RuleDoc, rules};
pub use same_key::same_key;
pub use verify::{
    signature_status::SignatureStatus,
    verification::{Verification, VerificationAlgorithm},
};
pub use x509::{
    certificate::{Certificate, parse_certificate},
    csr::{Csr, CsrAttribute, parse_csr},
    extension::Extension,
    general_name::{InternationalName, SubjectAltNames},
    name::{Name, NameAttribute},
};
