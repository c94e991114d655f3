//! Everything in one paste or file: requests, certificates and bundles, each inspected by itself.

use core::ops::Range;

use crate::{
    bundle::{self, BundleContext, BundleInspection, all_certificates},
    error::{ParseError, ParseErrorCode},
    index::{Index, in_order},
    inspect::{self, Inspection},
    paste::{
        document::{Block, Document},
        input::Input,
        kind::PastedKind,
    },
    x509::{certificate::SignedCertificate, csr::CertificationRequest, relatives::Relatives},
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
pub enum FoundContent {
    /// A request, without the status of its signature.
    Csr(Box<Inspection>),
    /// A certificate with those beside it that lead to a root, or a PKCS #7 bundle; without the status of its signatures.
    Bundle(Box<BundleInspection>),
    /// Something else, or something that cannot be read.
    Other(ParseError),
}

/// Places in a text as JavaScript counts them: in units of UTF-16.
#[derive(Debug, Default)]
pub struct Places {
    start: Counted,
    end: Counted,
}

impl Places {
    /// A place that is in octets. Starts and ends are counted apart: of what is in another notation, each thing has the place
    /// of the whole text.
    pub fn of(&mut self, input: &Input<'_>, place: &Range<usize>) -> Range<usize> {
        match input {
            Input::Text(text) => self.start.to(text, place.start)..self.end.to(text, place.end),
            Input::Bytes(_) => place.clone(),
        }
    }
}

/// How far a text is counted.
#[derive(Debug, Default)]
struct Counted {
    octets: usize,
    units: usize,
}

impl Counted {
    /// Counts on, or back, from the place before, which is nearly always near.
    fn to(&mut self, text: &str, octets: usize) -> usize {
        let units = |between: Range<usize>| text.get(between).unwrap_or_default().encode_utf16().count();
        let further = units(self.octets..octets);
        let back = units(octets..self.octets);
        self.units = self.units.saturating_add(further).saturating_sub(back);
        self.octets = octets;
        self.units
    }
}

/// A part of an input: where it is, and the blocks that are looked at together.
struct Part {
    place: Range<usize>,
    blocks: Result<Vec<usize>, ParseError>,
}

/// Everything in an input, in its order. Certificates that follow one another are one bundle; where there are several leaves
/// among them, each has one of its own. Of an input that holds nothing, or a private key, all is one thing that cannot be read.
///
/// Each is inspected when it is asked for: of thousands, all at once would fill the memory.
pub fn inspect_all(input: &Input<'_>, now: Option<i64>) -> impl Iterator<Item = Found> + use<> {
    let (document, parts) = match input.read_what_can_be() {
        Ok(mut document) => {
            let mut unreadable = core::mem::take(&mut document.unreadable);
            unreadable.append(&mut document.others);
            in_order(&mut unreadable, |(place, _)| place.start);
            let parts = merged(parts(&document.blocks), unreadable);
            (Some(document), parts)
        }
        Err(error) => {
            let (place, blocks) = (0..input.len(), Err(error));
            (None, vec![Part { place, blocks }])
        }
    };
    parts.into_iter().map(move |Part { place, blocks }| {
        let all = document.as_ref().map_or(&[][..], |document| &document.blocks);
        let content = match blocks {
            Ok(blocks) => content(
                &blocks.iter().filter_map(|index| all.get(*index)).collect::<Vec<_>>(),
                now,
            ),
            Err(error) => FoundContent::Other(error),
        };
        Found { place, content }
    })
}

fn content(blocks: &[&Block], now: Option<i64>) -> FoundContent {
    match blocks {
        [block] if block.kind == PastedKind::Request => {
            let inspection = inspect::inspect_document(&Document::of(block));
            inspection.map_or_else(FoundContent::Other, |inspection| {
                FoundContent::Csr(Box::new(inspection))
            })
        }
        [block] if !matches!(block.kind, PastedKind::Certificate | PastedKind::Bundle) => {
            FoundContent::Other(other(block))
        }
        blocks => {
            let context = BundleContext { now, csr: None };
            let inspection = bundle::inspect_document(Document::of_all(blocks), &context);
            inspection.map_or_else(FoundContent::Other, |inspection| {
                FoundContent::Bundle(Box::new(inspection))
            })
        }
    }
}

fn parts(blocks: &[Block]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut first = 0_usize;
    for together in blocks.chunk_by(are_together) {
        for (mut blocks, place) in groups(together) {
            for index in &mut blocks {
                *index = index.saturating_add(first);
            }
            parts.push(Part {
                place,
                blocks: Ok(blocks),
            });
        }
        first = first.saturating_add(together.len());
    }
    parts
}

/// What is read and what cannot be, in the order of the input.
fn merged(readable: Vec<Part>, unreadable: Vec<(Range<usize>, ParseError)>) -> Vec<Part> {
    let (mut all, mut unreadable) = (Vec::new(), unreadable.into_iter().peekable());
    let mut add = |all: &mut Vec<Part>, before: usize| {
        while let Some((place, error)) = unreadable.next_if(|(place, _)| place.start < before) {
            let blocks = Err(error);
            all.push(Part { place, blocks });
        }
    };
    for part in readable {
        add(&mut all, part.place.start);
        all.push(part);
    }
    add(&mut all, usize::MAX);
    all
}

fn are_together(one: &Block, next: &Block) -> bool {
    one.kind == PastedKind::Certificate && next.kind == PastedKind::Certificate
}

/// Why a block is neither a request nor a certificate.
fn other(block: &Block) -> ParseError {
    const EXPECTED: &str = "a certificate request or certificates";
    let document = Document::of(block);
    if block.kind == PastedKind::Unknown && block.is_like_a_request() {
        return document.pick(PastedKind::Request, EXPECTED).map_or_else(
            |error| error,
            |block| match CertificationRequest::read(&block.der) {
                Err(error) => block.explained(error),
                Ok(_) => document.instead(EXPECTED),
            },
        );
    }
    match bundle::inspect_document(document.clone(), &BundleContext::default()) {
        // What is labelled a certificate: why it cannot be read.
        Err(error) if error.code != ParseErrorCode::WrongKind => error,
        _ => document.instead(EXPECTED),
    }
}

/// Blocks that belong together, by their places: certificates by leaves.
fn groups(blocks: &[Block]) -> Vec<(Vec<usize>, Range<usize>)> {
    let whole = blocks.first().map_or(0, |first| first.place.start)..blocks.last().map_or(0, |last| last.place.end);
    let all = || vec![((0..blocks.len()).collect(), whole.clone())];
    if blocks.len() < 2 {
        return all();
    }
    let documents: Vec<Document> = blocks.iter().map(Document::of).collect();
    // One that cannot be read is in no group but that of all.
    let read = |document| all_certificates(document).ok()?.into_iter().next();
    let certificates: Option<Vec<SignedCertificate<'_>>> = documents.iter().map(read).collect();
    let Some(certificates) = certificates else {
        return all();
    };
    let relatives = Relatives::of(&certificates);
    let leaves = certificates.iter().enumerate().filter(|(_, one)| !one.is_authority());
    let leaves: Vec<usize> = leaves.map(|(index, _)| index).collect();
    if leaves.len() < 2 {
        return all();
    }
    let mut is_alone = vec![true; blocks.len()];
    let mut groups = Vec::new();
    for leaf in leaves {
        let group = with_issuers(leaf, &relatives);
        for index in &group {
            if let Some(is_alone) = is_alone.get_mut(*index) {
                *is_alone = false;
            }
        }
        groups.push(group);
    }
    for (index, is_alone) in is_alone.into_iter().enumerate() {
        if is_alone {
            groups.push(vec![index]);
        }
    }
    let mut placed = Vec::new();
    for group in groups {
        let first = group.first().and_then(|index| blocks.get(*index));
        placed.push((group, first.map_or(0..0, |first| first.place.clone())));
    }
    placed
}

/// A certificate and those from which a way leads to it, by their places.
fn with_issuers(leaf: usize, relatives: &Relatives<'_, '_>) -> Vec<usize> {
    /// Of thousands with one name, each leaf would have them all.
    const MOST: usize = 64;
    let (mut group, mut seen) = (vec![leaf], Index::default());
    let mut open: Vec<_> = relatives.all.get(leaf).into_iter().collect();
    while let Some(one) = open.pop() {
        let mut lists = relatives.lists_of_issuers(one);
        lists.retain(|list| seen.insert(list));
        for (index, issuer) in relatives.members(&lists, MOST) {
            if issuer.is_authority() && group.len() < MOST && !group.contains(&index) {
                group.push(index);
                open.push(issuer);
            }
        }
    }
    group
}
