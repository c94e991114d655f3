//! Bundles: a certificate with those that lead from it to a root, put in order.

use der::{DerError, Reader};
use finding::Finding;
use serde::Serialize;

use crate::{
    error::{ParseError, ParseErrorCode},
    index::each,
    paste::{
        document::{Block, Document},
        input::Input,
        kind::PastedKind,
    },
    rules::{self, inspected_bundle::InspectedBundle},
    verify::{chain::Chain, signature_status::SignatureStatus, verification::Verification},
    x509::{
        certificate::{Certificate, SignedCertificate},
        csr::CertificationRequest,
        pkcs7,
        relatives::Relatives,
    },
};

/// So many roots beside another one are no bundle, but what a machine trusts.
const TRUST_STORE: usize = 19;
const TRUST: &str = "Expected a certificate with those that issued it, found a trust store: the roots that a machine trusts. \
                     Give the certificate, or the roots one by one.";

/// A bundle in order, whatever order it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Bundle {
    /// The certificate that the others certify.
    pub leaf: Certificate,
    /// From the leaf's issuer upwards.
    pub intermediates: Vec<Certificate>,
    /// The self-issued certificate at the end, if it is in the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Certificate>,
    /// Certificates of the bundle that are not on the path.
    pub unrelated: Vec<Certificate>,
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

/// A bundle that lacks the status of its signatures, which tell who issued whom.
#[derive(Clone, Debug)]
pub struct BundleInspection {
    inspected: Decoded,
    /// What it is as long as nothing is known of them.
    bundle: Bundle,
    /// What a verifier has to be asked, signature by signature, or what is known without one.
    pub verifications: Vec<Result<Verification, SignatureStatus>>,
}

impl BundleInspection {
    /// Completes the inspection with the status of each signature, in the order of the questions.
    #[must_use]
    pub fn conclude(self, statuses: &[SignatureStatus]) -> Bundle {
        if statuses.iter().all(|status| *status == SignatureStatus::Valid) {
            return self.bundle;
        }
        let judged = self.inspected.judge(statuses);
        judged.map_or(self.bundle, |(bundle, _)| bundle)
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
/// When there is no certificate in the input that can be read, or there is a private key.
pub fn inspect_bundle(input: &Input<'_>, context: &BundleContext<'_>) -> Result<BundleInspection, ParseError> {
    inspect_document(input.read_what_can_be()?, context)
}

/// The same of a document that is decoded already.
pub(crate) fn inspect_document(
    document: Document,
    context: &BundleContext<'_>,
) -> Result<BundleInspection, ParseError> {
    let inspected = Decoded {
        document,
        request: context.csr.as_ref().map(Input::read).transpose()?,
        now: context.now,
    };
    let (bundle, verifications) = inspected.judge(&[])?;
    Ok(BundleInspection {
        inspected,
        bundle,
        verifications,
    })
}

/// A bundle that is decoded, and what it is judged by.
#[derive(Clone, Debug)]
struct Decoded {
    document: Document,
    request: Option<Document>,
    now: Option<i64>,
}

impl Decoded {
    /// The bundle, as far as the status of signatures is known, and the questions of which these statuses are the answers.
    fn judge(
        &self,
        answers: &[SignatureStatus],
    ) -> Result<(Bundle, Vec<Result<Verification, SignatureStatus>>), ParseError> {
        let Self { document, now, .. } = self;
        let Certificates { read, unreadable } = Certificates::of(document)?;
        let request = self.request.as_ref().map(CertificationRequest::find).transpose()?;
        let mut chain = match (Chain::of(read, request.as_ref(), *now, answers), unreadable.first()) {
            (Some(chain), _) => chain,
            (None, Some((_, error))) => return Err(error.clone()),
            (None, None) => return Err(instead(document, "certificates")),
        };
        // Without those that are there twice.
        let others = &chain.unrelated;
        if chain.leaf.is_self_issued()
            && others.len() >= TRUST_STORE
            && others.iter().all(SignedCertificate::is_self_issued)
        {
            return Err(ParseError::new(ParseErrorCode::WrongKind, TRUST));
        }
        // PKCS #7 holds a SET, which has no order (RFC 5652, 5.1): that of a file is its writer's.
        chain.was_in_order |= has_bundle(document);
        let findings = rules::of_bundle(&InspectedBundle {
            chain: &chain,
            now: *now,
            request: request.as_ref(),
            unreadable: &unreadable,
        });
        let questions = core::mem::take(&mut chain.questions);
        Ok((Bundle::of(chain, findings), questions))
    }
}

/// Decodes a certificate; of a bundle, its leaf.
///
/// # Errors
/// When there is no certificate in the input, or more than one leaf, or there is a private key.
pub fn parse_certificate(input: &Input<'_>) -> Result<Certificate, ParseError> {
    let document = input.read()?;
    Ok(leaf_of(&document)?.describe())
}

/// The certificate that a document is about: the only one that none of the others was issued by.
pub(crate) fn leaf_of(document: &Document) -> Result<SignedCertificate<'_>, ParseError> {
    let Some(chain) = Chain::of(all_certificates(document)?, None, None, &[]) else {
        return Err(instead(document, "a certificate"));
    };
    let relatives = Relatives::of(&chain.unrelated);
    let is_leaf = |other: &SignedCertificate<'_>| {
        other.is_authority() == chain.leaf.is_authority() && !relatives.issued_another(other)
    };
    if chain.unrelated.iter().any(is_leaf) {
        return Err(ParseError::new(
            ParseErrorCode::WrongKind,
            "Expected one certificate with those that issued it, found several: give them one by one, or use inspectAll.",
        ));
    }
    Ok(chain.leaf)
}

/// Every certificate of a document, and those of the bundles in it.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn all_certificates(document: &Document) -> Result<Vec<SignedCertificate<'_>>, ParseError> {
    let Certificates { read, unreadable } = Certificates::of(document)?;
    unreadable.into_iter().next().map_or(Ok(read), |(_, error)| Err(error))
}

/// The certificates of a document.
#[derive(Default)]
struct Certificates<'a> {
    read: Vec<SignedCertificate<'a>>,
    /// Which cannot be read, by their places among all, and why.
    unreadable: Vec<(usize, ParseError)>,
}

impl<'a> Certificates<'a> {
    fn of(document: &'a Document) -> Result<Self, DerError> {
        let mut certificates = Self::default();
        let mut damaged = document.unreadable.iter().peekable();
        for block in &document.blocks {
            while let Some((_, error)) = damaged.next_if(|(place, _)| place.start < block.place.start) {
                certificates.add_unreadable(error.clone());
            }
            match block.kind {
                PastedKind::Certificate => certificates.add_all(block)?,
                PastedKind::Bundle => {
                    for der in pkcs7::certificates(&block.der)? {
                        certificates.add(der, block);
                    }
                }
                // What is labelled a certificate and cannot be read, or is beside others in a file of DER: the error says why.
                PastedKind::Unknown
                    if block.label.ends_with("CERTIFICATE")
                        || (document.blocks.len() > 1 && block.label.is_empty() && !block.is_bare) =>
                {
                    certificates.add(&block.der, block);
                }
                _ => {}
            }
        }
        for (_, error) in damaged {
            certificates.add_unreadable(error.clone());
        }
        Ok(certificates)
    }

    fn add(&mut self, der: &'a [u8], block: &Block) {
        match SignedCertificate::read(der) {
            Ok(certificate) => self.read.push(certificate),
            Err(error) => self.add_unreadable(block.explained(error)),
        }
    }

    fn add_unreadable(&mut self, error: ParseError) {
        let place = self.read.len().saturating_add(self.unreadable.len());
        self.unreadable.push((place, error));
    }

    /// DER certificates that follow one another in one file.
    fn add_all(&mut self, block: &'a Block) -> Result<(), DerError> {
        let mut elements = Reader::new(&block.der);
        while PastedKind::of(elements.rest()) == PastedKind::Certificate {
            self.add(elements.any("a certificate")?.raw, block);
        }
        if Reader::of_cut(elements.rest()).is_some() {
            self.add(elements.rest(), block);
        }
        Ok(())
    }
}

fn has_bundle(document: &Document) -> bool {
    document.blocks.iter().any(|block| block.kind == PastedKind::Bundle)
}

/// What is there in place of certificates, or what keeps it from being one.
fn instead(document: &Document, expected: &str) -> ParseError {
    if has_bundle(document) {
        return nothing();
    }
    match document.pick(PastedKind::Certificate, expected) {
        Ok(block) => SignedCertificate::read(&block.der).map_or_else(|error| block.explained(error), |_| nothing()),
        Err(error) => error,
    }
}

fn nothing() -> ParseError {
    ParseError::new(
        ParseErrorCode::WrongKind,
        "Expected certificates, found a bundle without any.",
    )
}

impl Bundle {
    fn of(chain: Chain<'_>, findings: Vec<Finding>) -> Self {
        let leaf = chain.leaf.describe();
        let is_rooted = chain.issuers.last().is_some_and(SignedCertificate::is_self_issued);
        let mut intermediates: Vec<Certificate> = each(chain.issuers, SignedCertificate::describe);
        let root = if is_rooted { intermediates.pop() } else { None };
        let mut pem = leaf.pem.clone();
        pem.extend(intermediates.iter().map(|one| one.pem.as_str()));
        pem.extend(root.iter().map(|root| root.pem.as_str()));
        let unrelated = each(chain.unrelated, SignedCertificate::describe);
        Self {
            leaf,
            intermediates,
            root,
            unrelated,
            pem,
            findings,
        }
    }
}
