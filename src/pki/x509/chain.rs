//! Certificates, sorted into the path from a leaf to a root.

use core::cmp::Reverse;
use std::collections::BTreeSet;

use crate::{
    key::identity::Identity,
    x509::{certificate::SignedCertificate, csr::CertificationRequest},
};

/// The certificates of a bundle, sorted.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'a> {
    pub leaf: SignedCertificate<'a>,
    /// From the leaf's issuer upwards; each is the issuer of the one before.
    pub issuers: Vec<SignedCertificate<'a>>,
    pub unrelated: Vec<SignedCertificate<'a>>,
    /// Whether leaf and issuers stood in this order in the input, duplicates aside.
    pub was_in_order: bool,
    pub duplicates: usize,
}

impl<'a> Chain<'a> {
    /// None when there are no certificates.
    pub(crate) fn of(given: Vec<SignedCertificate<'a>>, request: Option<&CertificationRequest<'_>>) -> Option<Self> {
        let mut rest: Vec<SignedCertificate<'a>> = Vec::with_capacity(given.len());
        let mut duplicates = 0_usize;
        for certificate in given {
            if rest.iter().any(|other| other.der == certificate.der) {
                duplicates = duplicates.saturating_add(1);
            } else {
                rest.push(certificate);
            }
        }
        let order: Vec<&[u8]> = rest.iter().map(|certificate| certificate.der).collect();
        let rooted = rooted(&rest);
        let leaf = rest.remove(leaf(&rest, request)?);
        let mut issuers: Vec<SignedCertificate<'a>> = Vec::new();
        while let Some(issuer) = issuer(issuers.last().unwrap_or(&leaf), &rest, &rooted) {
            issuers.push(rest.remove(issuer));
        }
        let was_in_order = core::iter::once(&leaf)
            .chain(&issuers)
            .map(|one| one.der)
            .eq(order.into_iter().take(issuers.len().saturating_add(1)));
        Some(Self {
            leaf,
            issuers,
            unrelated: rest,
            was_in_order,
            duplicates,
        })
    }
}

/// Which certificate the bundle is about: of those that may not sign others and signed none of these, the one for the
/// key of the request, else the first; else the first that signed none.
fn leaf(certificates: &[SignedCertificate<'_>], request: Option<&CertificationRequest<'_>>) -> Option<usize> {
    let signed_none = |one: &SignedCertificate<'_>| {
        !certificates
            .iter()
            .any(|other| other.der != one.der && one.issued(other))
    };
    let is_leaf = |one: &SignedCertificate<'_>| !one.is_authority() && signed_none(one);
    let requested = request.map(|request| Identity::of(&request.key));
    let is_requested = |one: &SignedCertificate<'_>| requested.as_ref() == Some(&Identity::of(&one.key));
    let position = |wanted: &dyn Fn(&SignedCertificate<'_>) -> bool| certificates.iter().position(wanted);
    position(&|one| is_requested(one) && is_leaf(one))
        .or_else(|| position(&is_leaf))
        .or_else(|| position(&signed_none))
        .or_else(|| (!certificates.is_empty()).then_some(0))
}

/// The certificates, by their octets, from which a way leads to one that issued itself. From there downwards, so that
/// each is visited once.
fn rooted<'a>(certificates: &[SignedCertificate<'a>]) -> BTreeSet<&'a [u8]> {
    let mut open: Vec<&SignedCertificate<'a>> = certificates.iter().filter(|one| one.is_self_issued()).collect();
    let mut found = BTreeSet::new();
    for one in &open {
        found.insert(one.der);
    }
    while let Some(issuer) = open.pop() {
        for one in certificates.iter().filter(|one| issuer.issued(one)) {
            if found.insert(one.der) {
                open.push(one);
            }
        }
    }
    found
}

/// Which of the others issued a certificate. Of several with the same name and key, such as a root and its cross-signed
/// twin, the one that ends the path, else one from which the path continues to a root, else the one that is valid longest.
fn issuer(of: &SignedCertificate<'_>, others: &[SignedCertificate<'_>], rooted: &BTreeSet<&[u8]>) -> Option<usize> {
    if of.is_self_issued() {
        return None;
    }
    let rank = |one: &SignedCertificate<'_>| {
        (
            one.is_self_issued(),
            rooted.contains(one.der),
            one.is_authority(),
            one.not_after,
        )
    };
    others
        .iter()
        .enumerate()
        .filter(|(_, other)| other.issued(of))
        // Of equals the first.
        .min_by_key(|(_, other)| Reverse(rank(other)))
        .map(|(index, _)| index)
}
