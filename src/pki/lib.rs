//! Certificate signing requests, certificates and bundles, read, judged and made without network.
//!
//! Each wing looks down only: `paste` and `key` use the crate `der`, `x509` uses both, `verify` uses `x509`, `rules` all of
//! these, and what the outside calls uses the rules: `inspect`, `order`, `bundle`, `create`, `same_key`. Nothing here knows the
//! service's client, the time of day, or JavaScript.
#![forbid(unsafe_code)]
// What clippy.toml beside this file keeps out.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod asn1_tree;
mod bundle;
mod create;
mod error;
pub mod given;
mod index;
mod inspect;
mod inspect_all;
mod key;
mod key_failure;
mod order;
mod own_key;
mod paste;
mod pbes2;
pub mod pkcs12;
pub mod platform;
mod rules;
mod same_key;
mod suffixes;
mod text;
mod verify;
mod x509;

pub use asn1_tree::{Asn1Node, asn1_tree};
pub use bundle::{Bundle, BundleContext, BundleInspection, inspect_bundle, parse_bundle, parse_certificate};
pub use create::{
    CsrContent, CsrRequest, Hash, KeyCurve, KeyRequest, Like, RequestedSubject, SigningAlgorithm, ToAscii, UnsignedCsr,
    csr_pem,
};
pub use der::StringType;
pub use error::{ParseError, ParseErrorCode};
pub use finding::{self, Finding, FindingCode, Severity};
pub use inspect::{CsrInspection, Inspection, check_dns_name, inspect_csr};
pub use inspect_all::{Found, FoundContent, Places, inspect_all};
pub use key::{algorithm::SignatureAlgorithm, public_key::PublicKey};
pub use key_failure::KeyFailure;
pub use order::{CheckedOrder, OrderInspection, check_order, check_reissue};
pub use own_key::{GivenKey, KeyKind, OwnKey, encrypted_key_pem, private_key_pem};
pub use paste::input::Input;
pub use pbes2::Pbes2;
pub use rules::{
    context::Context,
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
    certificate::Certificate,
    csr::{Csr, CsrAttribute, parse_csr},
    extension::Extension,
    general_name::{InternationalName, SubjectAltNames},
    name::{Name, NameAttribute},
};
