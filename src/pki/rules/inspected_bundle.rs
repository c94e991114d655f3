//! A bundle with everything that rules ask for, and how they speak of its certificates.

use core::fmt;

use crate::{
    error::ParseError,
    rules::shown::shown,
    verify::chain::Chain,
    x509::{certificate::SignedCertificate, csr::CertificationRequest, name::Name},
};

/// A bundle with what it is judged by.
pub(crate) struct InspectedBundle<'a> {
    pub chain: &'a Chain<'a>,
    /// Seconds since 1970.
    pub now: Option<i64>,
    pub request: Option<&'a CertificationRequest<'a>>,
    /// Which of its certificates cannot be read, by their places, and why.
    pub unreadable: &'a [(usize, ParseError)],
}

/// How a message calls a certificate.
pub(super) fn called<'a>(certificate: &'a SignedCertificate<'_>) -> Called<'a> {
    Called(&certificate.subject)
}

/// The common name of a subject, or all of it.
pub(super) struct Called<'a>(&'a Name);

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.common_name {
            Some(name) => shown(name).fmt(f),
            None => shown(&self.0.to_string()).fmt(f),
        }
    }
}

/// Where a certificate is in the bundle that is handed out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot {
    Leaf,
    Intermediate(usize),
    Root,
    Unrelated(usize),
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf => f.write_str("leaf"),
            Self::Intermediate(index) => write!(f, "intermediates[{index}]"),
            Self::Root => f.write_str("root"),
            Self::Unrelated(index) => write!(f, "unrelated[{index}]"),
        }
    }
}

/// Every certificate that leads from the leaf to the root, with its field. Put into a list at once, as are others here: what
/// makes it is compiled once, and not for each rule that looks at it.
pub(super) fn path<'a>(chain: &'a Chain<'a>) -> impl Iterator<Item = (Spot, &'a SignedCertificate<'a>)> {
    let mut path = vec![(Spot::Leaf, &chain.leaf)];
    for (index, issuer) in chain.issuers.iter().enumerate() {
        let is_root = issuer.is_self_issued() && index.saturating_add(1) == chain.issuers.len();
        path.push((if is_root { Spot::Root } else { Spot::Intermediate(index) }, issuer));
    }
    path.into_iter()
}
