//! Bundles: a certificate with those that lead from it to a root, put in order.

use core::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Certificate, Finding, Input, ParseError,
    certificate::SignedCertificate,
    csr::Request,
    der::{DerError, Reader},
    findings::{self, InspectedBundle, Link},
    input::Document,
    inspect::Verdict,
    kind::{Kind, pick},
    pkcs7,
    same_key::Identity,
    verification::Verification,
};

/// A bundle in order, whatever order it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Bundle {
    /// The certificate that the others stand behind.
    pub leaf: Certificate,
    /// From the leaf's issuer upwards.
    pub intermediates: Vec<Certificate>,
    /// The self-issued certificate at the end, if it is in the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Certificate>,
    /// What is in the bundle but leads nowhere.
    pub strangers: Vec<Certificate>,
    /// Leaf, intermediates and root.
    pub pem: String,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// What a bundle is judged by.
#[derive(Clone, Copy, Debug, Default)]
pub struct BundleContext<'a> {
    /// Seconds since 1970; without it nothing is said about what is expired.
    pub now: Option<i64>,
    /// The request that the leaf should have been issued for.
    pub csr: Option<Input<'a>>,
}

/// The certificates of a bundle, sorted.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'a> {
    pub leaf: SignedCertificate<'a>,
    /// From the leaf's issuer upwards; each is the issuer of the one before.
    pub issuers: Vec<SignedCertificate<'a>>,
    pub strangers: Vec<SignedCertificate<'a>>,
    /// Whether leaf and issuers stood in this order in the input, duplicates aside.
    pub was_in_order: bool,
    pub duplicates: usize,
}

/// A bundle that lacks the verdicts on its signatures.
#[derive(Clone, Debug)]
pub struct BundleInspection {
    bundle: Bundle,
    links: Vec<Link>,
}

impl BundleInspection {
    /// What a verifier has to be asked, signature by signature, or what is known without one.
    pub fn verifications(&self) -> impl Iterator<Item = Result<&Verification, Verdict>> {
        self.links
            .iter()
            .map(|link| link.verification.as_ref().map_err(|verdict| *verdict))
    }

    /// Completes the inspection with the verdicts, in the order of the questions.
    #[must_use]
    pub fn conclude(self, verdicts: impl IntoIterator<Item = Verdict>) -> Bundle {
        let links = self.links.into_iter().zip(verdicts);
        Bundle {
            findings: findings::of_links(links, self.bundle.findings),
            ..self.bundle
        }
    }
}

/// Decodes a bundle, as [`inspect_bundle`] does, and says nothing about its signatures.
///
/// # Errors
/// As there.
pub fn parse_bundle(input: &Input<'_>, context: &BundleContext<'_>) -> Result<Bundle, ParseError> {
    inspect_bundle(input, context).map(|inspection| inspection.bundle)
}

/// Decodes `pem_all` (PEM certificates) or `p7b` (PKCS #7, DER or PEM), puts it in order and judges it.
///
/// # Errors
/// When there is no certificate in the input, or one that cannot be read, or there is a private key.
pub fn inspect_bundle(input: &Input<'_>, context: &BundleContext<'_>) -> Result<BundleInspection, ParseError> {
    let document = Document::read(input)?;
    let mut certificates = Vec::new();
    for block in &document.blocks {
        match block.kind {
            Kind::Certificate => certificates.extend(in_a_row(&block.der)?),
            Kind::Bundle => {
                for der in pkcs7::certificates(&block.der)? {
                    certificates.push(SignedCertificate::read(der)?);
                }
            }
            // What calls itself a certificate and is none that can be read: the error says why.
            Kind::Unknown if block.label.ends_with("CERTIFICATE") => {
                certificates.push(SignedCertificate::read(&block.der)?);
            }
            _ => {}
        }
    }
    let request_document = context.csr.as_ref().map(Document::read).transpose()?;
    let request = request_document.as_ref().map(Request::find).transpose()?;
    let mut chain = Chain::of(certificates, request.as_ref()).ok_or_else(|| instead(&document))?;
    // PKCS #7 holds a SET, which has no order (RFC 5652, 5.1): that of a file is its writer's.
    chain.was_in_order |= has_bundle(&document);
    let findings = findings::of_bundle(&InspectedBundle {
        chain: &chain,
        now: context.now,
        request: request.as_ref(),
    });
    let links = Link::all_of(&chain);
    let bundle = chain.describe(findings);
    Ok(BundleInspection { bundle, links })
}

fn has_bundle(document: &Document) -> bool {
    document.blocks.iter().any(|block| block.kind == Kind::Bundle)
}

/// What is there in place of certificates, or what keeps it from being one.
fn instead(document: &Document) -> ParseError {
    if has_bundle(document) {
        return nothing();
    }
    match pick(&document.blocks, Kind::Certificate, "certificates") {
        Ok(block) => SignedCertificate::read(&block.der).map_or_else(ParseError::from, |_| nothing()),
        Err(error) => error,
    }
}

fn nothing() -> ParseError {
    ParseError::new("wrong_kind", "Expected certificates, found a bundle without any.")
}

/// DER certificates that follow one another in one file.
fn in_a_row(bytes: &[u8]) -> Result<Vec<SignedCertificate<'_>>, DerError> {
    let mut certificates = Vec::new();
    let mut rest = bytes;
    while Kind::of(rest) == Kind::Certificate {
        let certificate = SignedCertificate::read(rest)?;
        rest = rest.get(certificate.der.len()..).unwrap_or_default();
        certificates.push(certificate);
    }
    if Reader::of_cut(rest).is_some() {
        certificates.push(SignedCertificate::read(rest)?);
    }
    Ok(certificates)
}

impl<'a> Chain<'a> {
    /// None when there are no certificates.
    fn of(given: Vec<SignedCertificate<'a>>, request: Option<&Request<'_>>) -> Option<Self> {
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
            strangers: rest,
            was_in_order,
            duplicates,
        })
    }

    fn describe(self, findings: Vec<Finding>) -> Bundle {
        let leaf = self.leaf.describe();
        let is_rooted = self.issuers.last().is_some_and(SignedCertificate::is_self_issued);
        let mut intermediates: Vec<Certificate> = self.issuers.into_iter().map(SignedCertificate::describe).collect();
        let root = if is_rooted { intermediates.pop() } else { None };
        let pem = core::iter::once(&leaf)
            .chain(&intermediates)
            .chain(&root)
            .map(|one| one.pem.as_str())
            .collect();
        let strangers = self.strangers.into_iter().map(SignedCertificate::describe).collect();
        Bundle {
            leaf,
            intermediates,
            root,
            strangers,
            pem,
            findings,
        }
    }
}

/// Which certificate the bundle is about: of those that may not sign others and signed none of these, the one for the
/// key of the request, else the first; else the first that signed none.
fn leaf(certificates: &[SignedCertificate<'_>], request: Option<&Request<'_>>) -> Option<usize> {
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
    let mut found: BTreeSet<&'a [u8]> = open.iter().map(|one| one.der).collect();
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
/// twin, the one that ends the path, else one from which it goes on to a root, else the one that is valid longest.
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
