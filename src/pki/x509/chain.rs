//! Certificates, sorted into the path from a leaf to a root.

use core::cmp::Reverse;
use std::collections::BTreeSet;

use crate::{
    key::identity::Identity,
    x509::{certificate::SignedCertificate, csr::CertificationRequest, relatives::Relatives},
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
        let count = given.len();
        let mut seen = BTreeSet::new();
        let all: Vec<_> = given.into_iter().filter(|one| seen.insert(one.der)).collect();
        let path = Path::of(&all, request, now)?;
        let was_in_order = path.members.first() == Some(&0) && path.members.is_sorted();
        let (duplicates, alternatives) = (count.saturating_sub(all.len()), path.alternatives);
        let mut all: Vec<_> = all.into_iter().map(Some).collect();
        let mut taken = path.members.iter().filter_map(|index| all.get_mut(*index)?.take());
        let leaf = taken.next()?;
        Some(Self {
            leaf,
            issuers: taken.collect(),
            unrelated: all.into_iter().flatten().collect(),
            alternatives,
            was_in_order,
            duplicates,
        })
    }
}

/// The path, by the places of its certificates in the input, from the leaf upwards.
struct Path<'a> {
    members: Vec<usize>,
    alternatives: BTreeSet<&'a [u8]>,
}

impl<'a> Path<'a> {
    fn of(all: &[SignedCertificate<'a>], request: Option<&CertificationRequest<'_>>, now: Option<i64>) -> Option<Self> {
        let relatives = Relatives::of(all);
        let is_current = |one: &SignedCertificate<'a>| {
            now.is_none_or(|now| (one.not_before.unix..=one.not_after.unix).contains(&now))
        };
        let (sound, rooted) = (rooted(&relatives, is_current), rooted(&relatives, |_| true));
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
        let leaf = leaf(&relatives, request)?;
        let (mut members, mut taken) = (vec![leaf], BTreeSet::new());
        let mut last = all.get(leaf)?;
        taken.insert(last.der);
        while let Some((index, issuer)) = issuer(last, &relatives, &taken, &rank) {
            members.push(index);
            taken.insert(issuer.der);
            last = issuer;
        }
        let issuers = members.iter().skip(1).filter_map(|index| all.get(*index));
        let alternatives = alternatives(issuers, &relatives, &taken);
        Some(Self { members, alternatives })
    }
}

/// Which certificate the bundle is about: of those that may not sign others and signed none of these, the one for the
/// key of the request, else the first; else the first that signed none.
fn leaf(relatives: &Relatives<'_, '_>, request: Option<&CertificationRequest<'_>>) -> Option<usize> {
    let signed_none = |one: &SignedCertificate<'_>| !relatives.issued_by(one).any(|(_, other)| other.der != one.der);
    let is_leaf = |one: &SignedCertificate<'_>| !one.is_authority() && signed_none(one);
    let requested = request.map(|request| Identity::of(&request.key));
    let is_requested = |one: &SignedCertificate<'_>| requested.as_ref() == Some(&Identity::of(&one.key));
    let position = |wanted: &dyn Fn(&SignedCertificate<'_>) -> bool| relatives.all.iter().position(wanted);
    position(&|one| requested.is_some() && is_requested(one) && is_leaf(one))
        .or_else(|| position(&is_leaf))
        .or_else(|| position(&signed_none))
        .or_else(|| (!relatives.all.is_empty()).then_some(0))
}

/// The certificates, by their octets, from which a way leads to one that issued itself, through such ones alone. From there
/// downwards, so that each is visited once.
fn rooted<'a>(relatives: &Relatives<'_, 'a>, counts: impl Fn(&SignedCertificate<'a>) -> bool) -> BTreeSet<&'a [u8]> {
    let roots = relatives.all.iter().filter(|one| one.is_self_issued() && counts(one));
    let mut open: Vec<&SignedCertificate<'a>> = roots.collect();
    let mut found = BTreeSet::new();
    for one in &open {
        found.insert(one.der);
    }
    while let Some(issuer) = open.pop() {
        for (_, one) in relatives.issued_by(issuer).filter(|(_, one)| counts(one)) {
            if found.insert(one.der) {
                open.push(one);
            }
        }
    }
    found
}

/// The certificates that are on another path: first those for the key of an issuer, from there upwards.
fn alternatives<'c, 'a: 'c>(
    issuers: impl Iterator<Item = &'c SignedCertificate<'a>>,
    relatives: &Relatives<'c, 'a>,
    taken: &BTreeSet<&'a [u8]>,
) -> BTreeSet<&'a [u8]> {
    let mut open: Vec<&SignedCertificate<'a>> = Vec::new();
    for issuer in issuers {
        let identity = Identity::of(&issuer.key);
        let namesakes = relatives.called(&issuer.subject).map(|(_, one)| one);
        open.extend(namesakes.filter(|one| Identity::of(&one.key) == identity));
    }
    let mut found: BTreeSet<&[u8]> = BTreeSet::new();
    while let Some(one) = open.pop() {
        if !taken.contains(one.der) && found.insert(one.der) {
            open.extend(relatives.issuers_of(one).map(|(_, issuer)| issuer));
        }
    }
    found
}

/// Which of the others issued a certificate. Of several with the same name and key, such as a root and its cross-signed
/// twin, one that is valid, then the one that ends the path, else one from which the path continues to a root through
/// valid ones, or through any, else the one that is valid longest.
fn issuer<'c, 'a, R: Ord>(
    of: &SignedCertificate<'a>,
    relatives: &Relatives<'c, 'a>,
    taken: &BTreeSet<&'a [u8]>,
    rank: &impl Fn(&SignedCertificate<'a>) -> R,
) -> Option<(usize, &'c SignedCertificate<'a>)> {
    if of.is_self_issued() {
        return None;
    }
    relatives
        .issuers_of(of)
        .filter(|(_, one)| !taken.contains(one.der))
        // Of equals the first.
        .min_by_key(|(_, one)| Reverse(rank(one)))
}
