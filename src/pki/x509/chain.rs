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
    /// Those of them, by their octets, that are on another path from the leaf to a root: one more certificate for the key
    /// of an issuer, as of a root that an older one signed as well, and those that lead on from there.
    pub alternatives: BTreeSet<&'a [u8]>,
    /// Whether the leaf was the first in the input, and its issuers followed in this order.
    pub was_in_order: bool,
    pub duplicates: usize,
}

impl<'a> Chain<'a> {
    /// None when there are no certificates. Of two issuers, one that is valid now is taken; time is in seconds since 1970.
    pub(crate) fn of(
        given: Vec<SignedCertificate<'a>>,
        request: Option<&CertificationRequest<'_>>,
        now: Option<i64>,
    ) -> Option<Self> {
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
        let is_current = |one: &SignedCertificate<'a>| {
            now.is_none_or(|now| (one.not_before.unix..=one.not_after.unix).contains(&now))
        };
        let sound: BTreeSet<&[u8]> = rooted(&rest.iter().filter(|one| is_current(one)).collect::<Vec<_>>());
        let rooted = rooted(&rest.iter().collect::<Vec<_>>());
        let rank = |one: &SignedCertificate<'a>| {
            (
                is_current(one),
                one.is_self_issued(),
                sound.contains(one.der),
                rooted.contains(one.der),
                one.is_authority(),
                one.not_after,
            )
        };
        let leaf = rest.remove(leaf(&rest, request)?);
        let mut issuers: Vec<SignedCertificate<'a>> = Vec::new();
        while let Some(issuer) = issuer(issuers.last().unwrap_or(&leaf), &rest, &rank) {
            issuers.push(rest.remove(issuer));
        }
        // What is between them is for others: a cross-signed twin, or what is not needed at all.
        let mut later = order.iter();
        let was_in_order =
            order.first() == Some(&leaf.der) && issuers.iter().all(|issuer| later.any(|der| *der == issuer.der));
        Some(Self {
            alternatives: alternatives(&issuers, &rest),
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
fn rooted<'a>(certificates: &[&SignedCertificate<'a>]) -> BTreeSet<&'a [u8]> {
    let mut open: Vec<&SignedCertificate<'a>> = certificates
        .iter()
        .copied()
        .filter(|one| one.is_self_issued())
        .collect();
    let mut found = BTreeSet::new();
    for one in &open {
        found.insert(one.der);
    }
    while let Some(issuer) = open.pop() {
        for one in certificates.iter().copied().filter(|one| issuer.issued(one)) {
            if found.insert(one.der) {
                open.push(one);
            }
        }
    }
    found
}

/// The certificates that are on another path: first those for the key of an issuer, from there upwards.
fn alternatives<'a>(issuers: &[SignedCertificate<'a>], others: &[SignedCertificate<'a>]) -> BTreeSet<&'a [u8]> {
    let is_twin = |one: &&SignedCertificate<'_>| {
        issuers.iter().any(|issuer| {
            issuer.subject.is_same_as(&one.subject) && Identity::of(&issuer.key) == Identity::of(&one.key)
        })
    };
    let mut open: Vec<&SignedCertificate<'a>> = others.iter().filter(is_twin).collect();
    let mut found: BTreeSet<&[u8]> = BTreeSet::new();
    while let Some(one) = open.pop() {
        if found.insert(one.der) {
            open.extend(others.iter().filter(|other| other.issued(one)));
        }
    }
    found
}

/// Which of the others issued a certificate. Of several with the same name and key, such as a root and its cross-signed
/// twin, one that is valid, then the one that ends the path, else one from which the path continues to a root through
/// valid ones, or through any, else the one that is valid longest.
fn issuer<'a, R: Ord>(
    of: &SignedCertificate<'a>,
    others: &[SignedCertificate<'a>],
    rank: &impl Fn(&SignedCertificate<'a>) -> R,
) -> Option<usize> {
    if of.is_self_issued() {
        return None;
    }
    others
        .iter()
        .enumerate()
        .filter(|(_, other)| other.issued(of))
        // Of equals the first.
        .min_by_key(|(_, other)| Reverse(rank(other)))
        .map(|(index, _)| index)
}
