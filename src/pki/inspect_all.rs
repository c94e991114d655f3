//! Everything in one paste or file: requests, certificates and bundles, each inspected by itself.

use core::ops::Range;

use crate::{
    bundle::{self, BundleContext, BundleInspection, all_certificates},
    error::{ParseError, ParseErrorCode},
    inspect::{self, Inspection},
    paste::{
        document::{Block, Document},
        input::Input,
        kind::PastedKind,
    },
    x509::certificate::SignedCertificate,
};

/// One of the things in an input.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it is: in octets. Of certificates that several leaves have in common, it is where the leaf is.
    pub place: Range<usize>,
    /// What it is.
    pub content: FoundContent,
}

/// What there can be.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are few of them")]
pub enum FoundContent {
    /// A request, without the status of its signature.
    Csr(Inspection),
    /// A certificate with those beside it that lead to a root, or a PKCS #7 bundle; without the status of its signatures.
    Bundle(BundleInspection),
    /// Something else, or something that cannot be read.
    Other(ParseError),
}

/// Everything in an input, in its order. Certificates that follow one another are one bundle; where there are several leaves
/// among them, each has one of its own. Of an input that holds nothing, or a private key, all is one thing that cannot be read.
#[must_use]
pub fn inspect_all(input: &Input<'_>, now: Option<i64>) -> Vec<Found> {
    let document = match input.read_what_can_be() {
        Ok(document) => document,
        Err(error) => {
            return vec![Found {
                place: 0..input.len(),
                content: FoundContent::Other(error),
            }];
        }
    };
    let context = BundleContext { now, csr: None };
    let bundle = |blocks: &[&Block], place: Range<usize>| {
        let inspected = bundle::inspect_document(&Document::of_all(blocks), &context);
        Found {
            place,
            content: inspected.map_or_else(FoundContent::Other, FoundContent::Bundle),
        }
    };
    let mut found = Vec::new();
    for blocks in document.blocks.chunk_by(are_together) {
        match blocks {
            [block] if block.kind == PastedKind::Request => {
                let inspected = inspect::inspect_document(&Document::of(block));
                found.push(Found {
                    place: block.place.clone(),
                    content: inspected.map_or_else(FoundContent::Other, FoundContent::Csr),
                });
            }
            [block] if !matches!(block.kind, PastedKind::Certificate | PastedKind::Bundle) => found.push(Found {
                place: block.place.clone(),
                content: FoundContent::Other(other(block)),
            }),
            blocks => found.extend(groups(blocks).into_iter().map(|(blocks, place)| bundle(&blocks, place))),
        }
    }
    for (place, error) in document.unreadable {
        let later = found.iter().position(|one| one.place.start > place.start);
        let unread = Found {
            place,
            content: FoundContent::Other(error),
        };
        found.insert(later.unwrap_or(found.len()), unread);
    }
    found
}

fn are_together(one: &Block, next: &Block) -> bool {
    one.kind == PastedKind::Certificate && next.kind == PastedKind::Certificate
}

/// Why a block is neither a request nor a certificate.
fn other(block: &Block) -> ParseError {
    const EXPECTED: &str = "a certificate request or certificates";
    let document = Document::of(block);
    match bundle::inspect_document(&document, &BundleContext::default()) {
        // What is labelled a certificate: why it cannot be read.
        Err(error) if error.code != ParseErrorCode::WrongKind => error,
        _ => document.instead(EXPECTED),
    }
}

/// Certificates that follow one another, by leaves, each with its place.
fn groups(blocks: &[Block]) -> Vec<(Vec<&Block>, Range<usize>)> {
    let all: Vec<&Block> = blocks.iter().collect();
    let whole = blocks.first().map_or(0, |first| first.place.start)..blocks.last().map_or(0, |last| last.place.end);
    let documents: Vec<Document> = blocks.iter().map(Document::of).collect();
    // One that cannot be read is in no group but that of all.
    let read = |document| all_certificates(document).ok()?.into_iter().next();
    let certificates: Option<Vec<SignedCertificate<'_>>> = documents.iter().map(read).collect();
    let Some(certificates) = certificates else {
        return vec![(all, whole)];
    };
    let members: Vec<(&Block, SignedCertificate<'_>)> = blocks.iter().zip(certificates).collect();
    let (authorities, leaves): (Vec<_>, Vec<_>) = members.iter().partition(|(_, one)| one.is_authority());
    if leaves.len() < 2 {
        return vec![(all, whole)];
    }
    let mut used: Vec<&Block> = Vec::new();
    let mut groups: Vec<(Vec<&Block>, Range<usize>)> = Vec::new();
    for (block, leaf) in leaves {
        let mut group = vec![*block];
        let mut open = vec![leaf];
        while let Some(one) = open.pop() {
            for (issuer, certificate) in &authorities {
                let is_new = !group.iter().any(|member| core::ptr::eq(*member, *issuer));
                if is_new && certificate.issued(one) {
                    group.push(issuer);
                    open.push(certificate);
                }
            }
        }
        used.extend(group.iter().copied());
        groups.push((group, block.place.clone()));
    }
    for (block, _) in authorities {
        if !used.iter().any(|member| core::ptr::eq(*member, *block)) {
            groups.push((vec![block], block.place.clone()));
        }
    }
    groups
}
