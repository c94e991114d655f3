//! The blocks of a text: PEM (RFC 7468) with any label, line ends, indents, text around, or base64 with no frame at all.

use core::ops::Range;
use std::borrow::Cow;

use der::{
    base64::{self, Base64Error, Decoded, is_filler},
    find,
    pem::{BEGIN, END, Section, offset_in, repaired, split, without_headers},
    tag,
};

use crate::{
    error::{ParseError, ParseErrorCode},
    index::in_order,
    paste::{
        bare::{self, Bare},
        charset::{has_frame, wide_text_of},
        damage::{self, Lines},
        document::{Block, Document, empty},
        kind::PastedKind,
        other, private_key,
    },
};

/// How the labels end of what is read here, among them "NEW CERTIFICATE REQUEST" and "X509 CERTIFICATE".
const KNOWN_LABELS: [&str; 5] = ["CERTIFICATE REQUEST", "CERTIFICATE", "PKCS7", "CMS", "PUBLIC KEY"];

/// PEM or base64, and nothing else.
pub(super) fn as_it_is(text: &str) -> Result<Document, ParseError> {
    private_key::refuse_base64(text)?;
    match split(text, BEGIN) {
        Some((before, rest)) => read_blocks(text, before, rest),
        None => match repaired(text) {
            Some(repaired) => read_inner(&repaired).map(|document| document.anywhere_in(text.len())),
            None => read_bare(text),
        },
    }
}

/// A text that was made from the one that came.
fn read_inner(text: &str) -> Result<Document, ParseError> {
    let (before, rest) = split(text, BEGIN).ok_or_else(empty)?;
    read_blocks(text, before, rest).map(Document::not_plain)
}

/// Base64 without a BEGIN line; or PEM in base64 once more, as Kubernetes has it; or either of them among other text.
fn read_bare(text: &str) -> Result<Document, ParseError> {
    private_key::refuse(text)?;
    let end = split(text, END);
    let (base64, after) = end.unwrap_or((text, ""));
    let whole = decode(base64, 0).and_then(|decoded| of_octets(decoded.octets, end.is_none()));
    let is_answered = !private_key::has_base64(after)
        && whole
            .as_ref()
            .is_ok_and(|whole| whole.blocks.iter().all(Block::is_alone));
    let readable = |blocks: &[Block]| blocks.iter().filter(|block| block.kind != PastedKind::Unknown).count();
    let other = whole.as_ref().map_or(0, |whole| readable(&whole.blocks));
    let found = if is_answered { Vec::new() } else { among(text)? };
    let mut document = if readable(&found) > other || (whole.is_err() && !found.is_empty()) {
        Document {
            blocks: found,
            text_around: true,
            ..Document::of_all(&[])
        }
    } else {
        whole
            .map_err(|error| damaged(error, text, base64, &mut Lines::default()))?
            .anywhere_in(text.len())
    };
    // What has an END line and no BEGIN line may lack more of its beginning.
    let is_begun = |block: &Block| end.is_some() || block.der.starts_with(&[tag::SEQUENCE]);
    let is_damaged = |block: &Block| block.is_bare && is_begun(block) && !block.is_alone();
    let (mut blocks, mut lines) = (document.blocks.as_mut_slice(), Lines::default());
    while let [block, following @ ..] = blocks {
        // Each up to the next, so that no part of the text is looked at twice.
        let end = following.first().map_or(base64.len(), |next| next.place.start);
        if is_damaged(block) {
            let base64 = base64.get(block.place.start..end).unwrap_or_default();
            block.damage = Some(damage::of(text, base64, &mut lines));
            block.kind = of_damaged(block.kind);
        }
        blocks = following;
    }
    Ok(document)
}

/// Why base64 cannot be read, with what may have happened to it.
fn damaged(error: ParseError, text: &str, base64: &str, lines: &mut Lines) -> ParseError {
    if !matches!(error.code, ParseErrorCode::Base64 | ParseErrorCode::Truncated) {
        return error;
    }
    let message = error.message + &damage::of(text, base64, lines);
    ParseError { message, ..error }
}

/// What there is of base64 among other text.
fn among(text: &str) -> Result<Vec<Block>, ParseError> {
    /// In octets: shorter ones are words that look like it.
    const LEAST: usize = 48;
    let mut blocks = Vec::new();
    for Bare { place, octets } in bare::all(text) {
        if octets.len() < LEAST {
            continue;
        }
        blocks.append(&mut all_at(&place, of_octets(octets, true)?.not_plain()));
    }
    Ok(blocks)
}

/// The blocks of a document that are all at one place.
pub(super) fn all_at(place: &Range<usize>, mut document: Document) -> Vec<Block> {
    for block in &mut document.blocks {
        block.place = place.clone();
    }
    document.blocks
}

/// DER, or a text with PEM in it.
pub(super) fn of_octets(octets: Vec<u8>, closed: bool) -> Result<Document, ParseError> {
    of_block(Block {
        closed,
        ..Block::bare(octets)
    })
}

/// What a block holds: DER or PEM, in base64 once more or not.
fn of_block(block: Block) -> Result<Document, ParseError> {
    if block.kind == PastedKind::Unknown {
        // PowerShell encodes UTF-16.
        let wide = wide_text_of(&block.der).map(Cow::Owned);
        let text = wide.unwrap_or_else(|| String::from_utf8_lossy(&block.der));
        if has_frame(text.as_bytes()) {
            return read_inner(&text);
        }
        if text.starts_with(['L', 'M'])
            && let Ok(decoded) = base64::decode(&text)
        {
            return of_octets(decoded.octets, block.closed).map(Document::not_plain);
        }
    }
    Ok(Document::of_der(block))
}

/// Reads the blocks of a text, of which this is what is before its first BEGIN and after it.
fn read_blocks(text: &str, before: &str, rest: &str) -> Result<Document, ParseError> {
    let mut outside = vec![before];
    let mut blocks = Vec::new();
    let (mut unreadable, mut others) = (Vec::new(), Vec::new());
    // What has an unknown label and is not base64.
    let mut stray = None;
    // Whether a BEGIN line is before this one without an END line between them, with which the second is none for many programs.
    let mut has_begun = false;
    let (mut next, mut lines) = (Some(rest), Lines::default());
    while let Some(rest) = next {
        let Some(section) = Section::cut(text, rest).filter(|section| !section.label.contains(['\n', '\r'])) else {
            let message = "Expected five dashes at the end of the BEGIN line, found none.";
            let at = offset_in(text, rest);
            stray = stray.or(Some(ParseError::at(ParseErrorCode::UnreadablePem, message, at)));
            let (line, following) = split(rest, BEGIN).map_or((rest, None), |(line, next)| (line, Some(next)));
            next = following;
            let start = at.saturating_sub(BEGIN.len());
            outside.extend(text.get(start..at.saturating_add(line.len())));
            continue;
        };
        refuse_key(text, rest, &section)?;
        next = section.next;
        outside.push(section.after);
        let is_key = private_key::is_label(section.label);
        if is_key || private_key::is_only_named(text, offset_in(text, rest), section.base64) {
            // In a sentence, with nothing behind it.
            stray = stray.or((!is_key).then(|| other::instead(other::QUOTED)));
            outside.push(section.base64);
            continue;
        }
        let place = offset_in(text, rest).saturating_sub(BEGIN.len())..offset_in(text, section.after);
        match block(&section, text, &mut lines).and_then(of_block) {
            Ok(mut document) => {
                let has_begun = core::mem::take(&mut has_begun);
                for (_, error) in core::mem::take(&mut document.unreadable) {
                    unreadable.push((place.clone(), error));
                }
                for mut block in all_at(&place, document) {
                    block.is_plain &= !has_begun;
                    blocks.push(block);
                }
            }
            Err(error) if error.code == ParseErrorCode::PrivateKey => return Err(error),
            Err(_) if section.next.is_some() && is_between(section.base64) => {
                unreadable.push((place, other::instead(other::BESIDE)));
            }
            // Of two BEGIN lines in a row, the second is the one that counts.
            Err(error) if is_known(section.label) && (section.closed || error.code != ParseErrorCode::Empty) => {
                unreadable.push((place, error));
            }
            Err(error) => {
                let named = other::of_label(section.label).filter(|_| !find::contains(section.label, "SIG"));
                others.extend(named.map(|words| (place, other::instead(words))));
                has_begun |= !section.closed;
                stray = stray.or(Some(error));
            }
        }
    }
    outside.retain(|text| !text.trim_matches(is_filler).is_empty());
    for around in &outside {
        private_key::refuse(around)?;
        let start = offset_in(text, around);
        if other::of_text(around) == Some(other::SSH) {
            others.push((start..start.saturating_add(around.len()), other::instead(other::SSH)));
        }
        for mut block in among(around)? {
            let Range { start: from, end } = block.place;
            block.place = start.saturating_add(from)..start.saturating_add(end);
            blocks.push(block);
        }
    }
    in_order(&mut blocks, |block| block.place.start);
    if blocks.is_empty() && unreadable.is_empty() {
        return Err(stray.unwrap_or_else(empty));
    }
    Ok(Document {
        blocks,
        text_around: stray.is_some() || !outside.is_empty(),
        unreadable,
        others,
    })
}

/// Refuses the section of a private key, of which this is what follows its BEGIN.
fn refuse_key(text: &str, rest: &str, section: &Section<'_>) -> Result<(), ParseError> {
    let at = offset_in(text, rest);
    let body = section.base64;
    if !private_key::is_label(section.label)
        || private_key::is_only_named(text, at, body)
        || private_key::is_placeholder(body)
    {
        return Ok(());
    }
    let found = private_key::refusal_of(section.label.as_bytes());
    Err(ParseError {
        offset: Some(at),
        ..found
    })
}

/// Whether there is nothing but white space and marks in what does not even end a line.
fn is_between(text: &str) -> bool {
    text.chars().all(|c| is_filler(c) && !matches!(c, '\n' | '\r'))
}

fn is_known(label: &str) -> bool {
    KNOWN_LABELS.iter().any(|known| label.ends_with(known))
}

/// What damaged octets are: nothing that only a few of them, which are whole, tell from other things.
const fn of_damaged(kind: PastedKind) -> PastedKind {
    match kind {
        PastedKind::PublicKey | PastedKind::RsaPublicKey | PastedKind::Crl | PastedKind::Other(_) => {
            PastedKind::Unknown
        }
        kind => kind,
    }
}

/// The block of a section.
fn block(section: &Section<'_>, text: &str, lines: &mut Lines) -> Result<Block, ParseError> {
    // What is signed with PGP has a dash and a space before the dashes of the END line.
    let base64 = section.base64.strip_suffix("- ").unwrap_or(section.base64);
    let decoded = decode(base64, offset_in(text, base64)).or_else(|error| match without_headers(base64) {
        Some(base64) => decode(base64, offset_in(text, base64)).map(|decoded| Decoded {
            is_plain: false,
            ..decoded
        }),
        None => Err(error),
    });
    let is_known = |octets: &[u8]| PastedKind::of(octets) != PastedKind::Unknown;
    let is_read = decoded.as_ref().is_ok_and(|decoded| is_known(&decoded.octets));
    // Between other things at the ends of its lines.
    let among = (!is_read).then(|| bare::all(base64));
    let Decoded { octets, is_plain } = match among.as_deref() {
        Some([Bare { octets, .. }]) if is_known(octets) => Decoded {
            octets: octets.clone(),
            is_plain: false,
        },
        _ => decoded.map_err(|error| damaged(error, text, section.base64, lines))?,
    };
    let begins_on_a_line = base64.lines().next().is_some_and(|line| line.trim_ascii().is_empty());
    let is_blank = |line: &str| line.trim_ascii().is_empty();
    let end = offset_in(text, section.base64).saturating_add(section.base64.len());
    let ends_on_a_line = section.base64.ends_with('\n') && text.get(end..).is_some_and(|end| end.starts_with(END));
    let is_on_lines =
        section.is_on_a_line && begins_on_a_line && ends_on_a_line && !section.base64.lines().skip(1).any(is_blank);
    let label = if section.label.is_empty() { " " } else { section.label };
    let block = Block::framed(octets, label.to_owned(), section.closed);
    let is_damaged = !block.is_alone();
    Ok(Block {
        is_plain: is_plain && is_on_lines,
        // What is labelled one thing and looks like another is neither, if it is damaged.
        kind: if is_damaged && ["REQUEST", "CERTIFICATE"].iter().any(|end| block.label.ends_with(end)) {
            of_damaged(block.kind)
        } else {
            block.kind
        },
        damage: is_damaged.then(|| damage::of(text, section.base64, lines)),
        ..block
    })
}

fn decode(text: &str, offset: usize) -> Result<Decoded, ParseError> {
    match base64::decode(text) {
        Ok(decoded) if decoded.octets.is_empty() => Err(ParseError::at(
            ParseErrorCode::Empty,
            "Expected base64, found nothing.",
            offset,
        )),
        Ok(decoded) => Ok(decoded),
        Err(error) => {
            if let Some(refusal) = private_key::refusal_of_base64(text) {
                return Err(refusal);
            }
            let usual = Some(base64::in_usual_alphabet(text)).filter(|usual| usual != text);
            let decoded = usual.and_then(|usual| base64::decode(&usual).ok());
            let decoded = decoded.ok_or_else(|| unreadable(error, offset))?;
            Ok(Decoded {
                is_plain: false,
                ..decoded
            })
        }
    }
}

/// What is said of base64 that begins at an offset.
fn unreadable(error: Base64Error, offset: usize) -> ParseError {
    let at = offset.saturating_add(error.offset());
    match error {
        Base64Error::CutOff(_) => ParseError::at(ParseErrorCode::Truncated, format!("{error}."), at),
        _ => ParseError::at(ParseErrorCode::Base64, format!("{error} at position {at}."), at),
    }
}
