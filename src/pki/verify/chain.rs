//! Certificates, sorted into the path from a leaf to a root.

use core::cmp::Reverse;

use crate::{
    index::{Index, each},
    key::identity::Identity,
    verify::{constraints, signature_status::SignatureStatus, verification::Verification},
    x509::{certificate::SignedCertificate, csr::CertificationRequest, relatives::Relatives},
};

/// The certificates of a bundle, sorted.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'a> {
    pub leaf: SignedCertificate<'a>,
    /// From the leaf's issuer upwards; each is the issuer of the one before.
    pub issuers: Vec<SignedCertificate<'a>>,
    pub unrelated: Vec<SignedCertificate<'a>>,
    /// Which of them are on another path from the leaf to a root: one more certificate for the key of a member, as of a root
    /// that an older one signed as well or of a leaf that was renewed, and those that lead on from there.
    alternatives: Vec<bool>,
    /// Whether the leaf was the first in the input, and its issuers followed in this order.
    pub was_in_order: bool,
    pub duplicates: usize,
    /// Of each on the path whether its issuer signed it, and of a root at its end whether that did itself; empty without answers.
    pub statuses: Vec<SignatureStatus>,
    /// What a verifier has to be asked, or what is known without one, to know who is on the path.
    pub questions: Vec<Result<Verification, SignatureStatus>>,
}

impl<'a> Chain<'a> {
    /// None when there are no certificates. Of two issuers, the one whose key signed is taken, as far as the questions of a chain
    /// without answers were answered; then one that is valid now; time is in seconds since 1970.
    pub(crate) fn of(
        given: Vec<SignedCertificate<'a>>,
        request: Option<&CertificationRequest<'_>>,
        now: Option<i64>,
        answers: &[SignatureStatus],
    ) -> Option<Self> {
        let count = given.len();
        let (mut seen, mut all) = (Index::default(), Vec::new());
        for one in given {
            if seen.add(one.der, 0) {
                all.push(one);
            }
        }
        let relatives = Relatives::of(&all);
        let mut signatures = Signatures::default();
        let mut path = Path::of(&relatives, request, now, &signatures)?;
        signatures.asked = asked(&path.members, &relatives);
        let mut questions = Vec::new();
        for &(of, by) in &signatures.asked {
            if let (Some(of), Some(by)) = (all.get(of), all.get(by)) {
                questions.push(Verification::of(&of.signed, &by.key));
            }
        }
        signatures.answers = answers;
        let mut statuses = Vec::new();
        if !answers.is_empty() {
            path = Path::of(&relatives, request, now, &signatures)?;
            for (of, by) in links(&path.members, &relatives) {
                // Of those that were too many to ask about, none could be checked.
                statuses.push(signatures.status(of, by).unwrap_or(SignatureStatus::Unsupported));
            }
        }
        let was_in_order = path.members.first() == Some(&0) && path.members.is_sorted();
        let duplicates = count.saturating_sub(all.len());
        let mut all = each(all, Some);
        let (mut members, mut unrelated, mut alternatives) = (Vec::new(), Vec::new(), Vec::new());
        for index in path.members {
            members.extend(all.get_mut(index).and_then(Option::take));
        }
        for (one, is_alternative) in all.into_iter().zip(path.alternatives) {
            if let Some(one) = one {
                unrelated.push(one);
                alternatives.push(is_alternative);
            }
        }
        let issuers = members.split_off(1.min(members.len()));
        Some(Self {
            leaf: members.pop()?,
            issuers,
            unrelated,
            alternatives,
            was_in_order,
            duplicates,
            statuses,
            questions,
        })
    }

    /// Whether an unrelated one is on another path from the leaf to a root.
    pub(crate) fn is_alternative(&self, index: usize) -> bool {
        is_in(&self.alternatives, index)
    }
}

/// The path, by the places of its certificates in the input, from the leaf upwards.
struct Path {
    members: Vec<usize>,
    /// Which of all are on another.
    alternatives: Vec<bool>,
}

/// Which certificates, by their places, were signed with the keys of which, as far as it is known.
#[derive(Default)]
struct Signatures<'s> {
    asked: Vec<(usize, usize)>,
    answers: &'s [SignatureStatus],
}

impl Signatures<'_> {
    fn status(&self, of: usize, by: usize) -> Option<SignatureStatus> {
        let at = self.asked.iter().position(|asked| *asked == (of, by))?;
        self.answers.get(at).copied()
    }

    /// Whether it is known that the key of one did not sign another.
    fn deny(&self, of: usize, by: usize) -> bool {
        self.status(of, by) == Some(SignatureStatus::Invalid)
    }
}

/// Each on a path with the one above it, and a root at its end with itself.
fn links(path: &[usize], relatives: &Relatives<'_, '_>) -> Vec<(usize, usize)> {
    let last = path.last().filter(|last| {
        let last = relatives.all.get(**last);
        last.is_some_and(SignedCertificate::is_self_issued)
    });
    let mut links = Vec::new();
    for (of, by) in path.iter().zip(path.iter().skip(1).chain(last)) {
        links.push((*of, *by));
    }
    links
}

/// Which signatures tell who is on a path: those of its members, and of all that may be above it instead, with the keys of all
/// that they may name as their issuers.
fn asked(path: &[usize], relatives: &Relatives<'_, '_>) -> Vec<(usize, usize)> {
    /// Beside those of the path. More namesakes than this are no bundle that a service sends.
    const MOST: usize = 64;
    let (mut asked, mut reached, mut next) = (links(path, relatives), path.to_vec(), 0_usize);
    let most = asked.len().saturating_add(MOST);
    while let Some(&of) = reached.get(next)
        && let Some(one) = relatives.all.get(of)
    {
        next = next.saturating_add(1);
        for (by, _) in relatives.issuers_of(one, MOST) {
            if asked.len() < most && !asked.contains(&(of, by)) {
                asked.push((of, by));
                if !reached.contains(&by) {
                    reached.push(by);
                }
            }
        }
    }
    asked
}

impl Path {
    /// The best, and of several one on which every name is permitted: where one is not, without the certificate that has it, and
    /// where that is still there, without the one that does not permit it.
    fn of(
        relatives: &Relatives<'_, '_>,
        request: Option<&CertificationRequest<'_>>,
        now: Option<i64>,
        signatures: &Signatures<'_>,
    ) -> Option<Self> {
        /// More are no bundle that a service sends.
        const MOST_UNFIT: usize = 8;
        let (mut unfit, mut is_last) = (Vec::new(), false);
        loop {
            let path = Self::best(relatives, request, now, signatures, &unfit)?;
            let mut members = Vec::new();
            for index in &path.members {
                members.extend(relatives.all.get(*index));
            }
            let Some((issuer, below, _)) = constraints::refused(&members).pop().filter(|_| !is_last) else {
                return Some(path);
            };
            let place = |at: usize| path.members.get(at).filter(|index| !unfit.contains(index));
            match place(below).filter(|_| below > 0).or_else(|| place(issuer)) {
                Some(index) if unfit.len() < MOST_UNFIT => unfit.push(*index),
                // There is no other.
                _ => {
                    unfit.clear();
                    is_last = true;
                }
            }
        }
    }

    /// The best where some certificates are not fit to be on it.
    fn best(
        relatives: &Relatives<'_, '_>,
        request: Option<&CertificationRequest<'_>>,
        now: Option<i64>,
        signatures: &Signatures<'_>,
        unfit: &[usize],
    ) -> Option<Self> {
        let all = relatives.all;
        let is_current = |one: &SignedCertificate<'_>| {
            now.is_none_or(|now| (one.not_before.unix..=one.not_after.unix).contains(&now))
        };
        let is_fit = |index: usize, one: &SignedCertificate<'_>| {
            is_current(one) && is_fit_issuer(one) && !unfit.contains(&index)
        };
        let has_way = |ways: &[Option<usize>], index: usize, below: usize| {
            let allowed = ways.get(index).copied().flatten();
            allowed.is_some_and(|allowed| allowed >= below)
        };
        // Those that do not lead through some.
        let ways_around = |passed: &[bool]| {
            let led = |only_from_roots: bool, counts: &dyn Fn(usize, &SignedCertificate<'_>) -> bool| {
                led(relatives, signatures, only_from_roots, &|index, one| {
                    !is_in(passed, index) && counts(index, one)
                })
            };
            [led(false, &is_fit), led(true, &is_fit), led(true, &|_, _| true)]
        };
        let all_ways = ways_around(&vec![false; all.len()]);
        let leaf = leaf(relatives, request, &is_current)?;
        let walk = |is_careful: bool| {
            let (mut members, mut passed) = (vec![leaf], vec![false; all.len()]);
            let (mut last, mut below) = (leaf, 0_usize);
            add(&mut passed, leaf);
            let mut left = is_careful.then(|| ways_around(&passed));
            while members.len() < LONGEST {
                let [sound, whole, rooted] = left.as_ref().unwrap_or(&all_ways);
                let rank = |index: usize, one: &SignedCertificate<'_>| {
                    let status = signatures.status(last, index);
                    let is_valid = status == Some(SignatureStatus::Valid);
                    let wanted = all.get(last).and_then(|of| of.wanted()[0]);
                    (
                        is_valid,
                        status != Some(SignatureStatus::Invalid),
                        is_valid || wanted.is_some() && wanted == one.subject_key_identifier(),
                        has_way(whole, index, below),
                        has_way(sound, index, below),
                        is_current(one),
                        is_fit(index, one),
                        one.is_self_issued(),
                        has_way(rooted, index, 0),
                        one.is_authority(),
                        one.not_after,
                    )
                };
                let Some((index, issuer)) = issuer(last, relatives, signatures, &passed, rank) else {
                    break;
                };
                members.push(index);
                add(&mut passed, index);
                // One that only changes a key does not count.
                below = below.saturating_add(usize::from(!issuer.names_itself()));
                last = index;
                left = is_careful.then(|| ways_around(&passed));
            }
            members
        };
        let mut members = walk(false);
        // Authorities may have signed one another: of several ways to a root, some lead through what was passed. Each step then
        // looks at all certificates, of which no bundle that a service sends has more than this.
        let [.., rooted] = &all_ways;
        let is_rooted = |index: &usize| rooted.get(*index).is_some_and(Option::is_some);
        let last = members.last().and_then(|last| all.get(*last));
        let is_lost = last.is_some_and(|last| !last.is_self_issued()) && members.iter().any(is_rooted);
        if is_lost && all.len() <= LONGEST {
            members = walk(true);
        }
        let mut taken = vec![false; all.len()];
        for index in &members {
            add(&mut taken, *index);
        }
        let alternatives = alternatives(&members, relatives, &taken);
        Some(Self { members, alternatives })
    }
}

/// Of certificates that lead from one to the next without an end, no more are followed.
const LONGEST: usize = 64;

/// Whether a certificate is in a set of some, which has a flag for each of all.
fn is_in(some: &[bool], index: usize) -> bool {
    some.get(index).is_some_and(|is_in| *is_in)
}

/// Adds a certificate to a set, and says whether it is new there.
fn add(some: &mut [bool], index: usize) -> bool {
    some.get_mut(index)
        .is_some_and(|is_in| !core::mem::replace(is_in, true))
}

/// Whether it can be above a server's certificate, as far as that does not depend on what else is there.
fn is_fit_issuer(one: &SignedCertificate<'_>) -> bool {
    let is_signed_well = one.is_self_issued() || one.broken_hash().is_none();
    one.is_authority() && one.may_sign() && is_signed_well && (one.is_root() || one.is_for_servers())
}

/// Which certificate the bundle is about: of those that may not sign others and signed none of these, the one for the
/// key of the request, else the first; else the first that signed none. Of several for one key, as of one that was renewed, one
/// that is valid, and the one that ends last; a precertificate only when there is nothing else.
fn leaf(
    relatives: &Relatives<'_, '_>,
    request: Option<&CertificationRequest<'_>>,
    is_current: &dyn Fn(&SignedCertificate<'_>) -> bool,
) -> Option<usize> {
    let signed_none = |one: &SignedCertificate<'_>| !relatives.issued_another(one);
    let is_leaf = |one: &SignedCertificate<'_>| !one.is_authority() && signed_none(one);
    let requested = request.map(|request| Identity::of(&request.key));
    let is_requested = |one: &SignedCertificate<'_>| requested.as_ref() == Some(&Identity::of(&one.key));
    let position = |wanted: &dyn Fn(&SignedCertificate<'_>) -> bool| relatives.all.iter().position(wanted);
    let first =
        position(&|one| requested.is_some() && is_requested(one) && is_leaf(one)).or_else(|| position(&is_leaf));
    let Some(first) = first else {
        return position(&signed_none).or_else(|| (!relatives.all.is_empty()).then_some(0));
    };
    let identity = Identity::of(&relatives.all.get(first)?.key);
    let all = relatives.all.iter().enumerate();
    all.filter(|(_, one)| Identity::of(&one.key) == identity && is_leaf(one))
        // Of equals the first.
        .min_by_key(|(_, one)| Reverse((!one.is_precertificate(), is_current(one), one.not_after)))
        .map(|(index, _)| index)
}

/// No path is longer, and what allows as many allows any number.
const ANY_LENGTH: usize = 16;

/// For each certificate to which a way leads down from the top through such ones alone, how many more that lets it have below.
/// The top is one that issued itself; or, if those do not have to, one whose issuer is not here.
fn led(
    relatives: &Relatives<'_, '_>,
    signatures: &Signatures<'_>,
    only_from_roots: bool,
    counts: &dyn Fn(usize, &SignedCertificate<'_>) -> bool,
) -> Vec<Option<usize>> {
    let is_top = |index: usize, one: &SignedCertificate<'_>| {
        one.is_self_issued() && !signatures.deny(index, index)
            || !only_from_roots && relatives.issuers_of(one, 1).is_empty()
    };
    let all = relatives.all.iter().enumerate();
    let tops = all.filter(|(index, one)| counts(*index, one) && is_top(*index, one));
    let mut open: Vec<_> = tops.map(|(index, one)| (index, one, ANY_LENGTH)).collect();
    let (mut found, mut seen) = (vec![None; relatives.all.len()], Index::default());
    while let Some((index, one, from_above)) = open.pop() {
        let allowed = one.path_length().map_or(from_above, |own| own.min(from_above));
        // Better than by another way: as often as there are lengths, at most.
        match found.get_mut(index) {
            Some(known) if known.is_none_or(|known| known < allowed) => *known = Some(allowed),
            _ => continue,
        }
        let mut lists = relatives.lists_of_issued(one);
        // One that is known not to have signed some of a list does not stand for its namesakes.
        let known = signatures.asked.iter().zip(signatures.answers);
        let is_denied = known
            .into_iter()
            .any(|((_, by), status)| *by == index && *status == SignatureStatus::Invalid);
        let by = if is_denied { index.to_string() } else { String::new() };
        lists.retain(|list| seen.insert(&[&*allowed.to_string(), ",", &by, list].concat()));
        let by = index;
        for (index, below) in relatives.members(&lists, usize::MAX) {
            if !counts(index, below) || signatures.deny(index, by) {
                continue;
            }
            let counted = usize::from(!below.names_itself());
            match allowed {
                ANY_LENGTH => open.push((index, below, ANY_LENGTH)),
                // Those for which nothing is left are leaves.
                _ => open.extend(allowed.checked_sub(counted).map(|left| (index, below, left))),
            }
        }
    }
    found
}

/// The certificates that are on another path: first those for the key of one that is on the path, from there upwards.
fn alternatives(path: &[usize], relatives: &Relatives<'_, '_>, taken: &[bool]) -> Vec<bool> {
    let mut open = Vec::new();
    for member in path.iter().filter_map(|index| relatives.all.get(*index)) {
        let identity = Identity::of(&member.key);
        let namesakes = relatives.called(&member.subject);
        open.extend(
            namesakes
                .into_iter()
                .filter(|(_, one)| Identity::of(&one.key) == identity),
        );
    }
    let (mut found, mut seen) = (vec![false; relatives.all.len()], Index::default());
    while let Some((index, one)) = open.pop() {
        if !is_in(taken, index) && add(&mut found, index) {
            let mut lists = relatives.lists_of_issuers(one);
            lists.retain(|list| seen.insert(list));
            open.append(&mut relatives.members(&lists, usize::MAX));
        }
    }
    found
}

/// Which of the others issued a certificate: one whose key is known to have signed it, if it is known of any; else one that has
/// the key identifier. Of several with the same name and key, such as a root and its cross-signed twin, one with which the whole
/// path is sound; else one that is valid, one that may issue, one that ends the path, one from which the path continues to a
/// root, the one that is valid longest.
fn issuer<'c, 'a, R: Ord>(
    of: usize,
    relatives: &Relatives<'c, 'a>,
    signatures: &Signatures<'_>,
    taken: &[bool],
    rank: impl Fn(usize, &SignedCertificate<'a>) -> R,
) -> Option<(usize, &'c SignedCertificate<'a>)> {
    let one = relatives.all.get(of)?;
    let is_end = one.is_self_issued();
    if is_end && !signatures.deny(of, of) {
        return None;
    }
    relatives
        .issuers_of(one, usize::MAX)
        .into_iter()
        .filter(|(index, _)| !is_in(taken, *index))
        // One that names itself has another above it only where that signed it.
        .filter(|(index, _)| !is_end || signatures.status(of, *index) == Some(SignatureStatus::Valid))
        // Of equals the first.
        .min_by_key(|(index, one)| (Reverse(rank(*index, one)), *index))
}
