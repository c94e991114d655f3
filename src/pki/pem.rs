//! PEM (RFC 7468) as it is pasted: any label, line ends, indents, text around, several blocks, or no frame at all.

use super::{
    ParseError,
    base64::{self, Decoded, is_filler},
    input::{Document, empty},
    kind::Kind,
    private_key,
};

pub(super) const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// How the labels end of what is read here, among them "NEW CERTIFICATE REQUEST" and "X509 CERTIFICATE".
const KNOWN_LABELS: [&str; 5] = ["CERTIFICATE REQUEST", "CERTIFICATE", "PKCS7", "CMS", "PUBLIC KEY"];

/// One encoded object.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What stood in its BEGIN line; empty for base64 without a frame and for DER.
    pub label: String,
    pub der: Vec<u8>,
    /// What the DER is, told by its shape.
    pub kind: Kind,
    /// Whether its END line is there, with the same label. True for what has no frame.
    pub closed: bool,
    /// Whether it is base64 without a frame.
    pub is_bare: bool,
    /// Whether every program reads it as it stands: frame and base64 at the beginning of lines, and nothing else in them.
    pub is_plain: bool,
}

impl Block {
    pub(crate) fn der(bytes: &[u8]) -> Self {
        Self::framed(bytes.to_vec(), String::new(), true)
    }

    fn bare(der: Vec<u8>) -> Self {
        Self {
            is_bare: true,
            ..Self::framed(der, String::new(), true)
        }
    }

    fn framed(der: Vec<u8>, label: String, closed: bool) -> Self {
        Self {
            label,
            kind: Kind::of(&der),
            der,
            closed,
            is_bare: false,
            is_plain: true,
        }
    }
}

/// Reads every block of a text. A block of an unknown kind that is no base64 counts as text around the others.
pub(crate) fn read(text: &str) -> Result<Document, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(empty());
    }
    match split(text, BEGIN) {
        Some((before, rest)) => read_blocks(text, before, rest),
        None => match mended(text) {
            Some(mended) => read_inner(&mended),
            None => read_bare(text),
        },
    }
}

/// A text that was made from the one that came. What came is not plain then, whatever this one looks like.
fn read_inner(text: &str) -> Result<Document, ParseError> {
    let (before, rest) = split(text, BEGIN).ok_or_else(empty)?;
    let mut document = read_blocks(text, before, rest)?;
    for block in &mut document.blocks {
        block.is_plain = false;
    }
    Ok(document)
}

/// Base64 without a BEGIN line; or PEM in base64 once more, as Kubernetes has it.
fn read_bare(text: &str) -> Result<Document, ParseError> {
    private_key::refuse(text)?;
    let (base64, closed) = match split(text, END) {
        Some((before, _)) => (before, false),
        None => (text, true),
    };
    let der = decode(base64, 0)?.octets;
    if der.starts_with(BEGIN.as_bytes()) {
        return read_inner(&String::from_utf8_lossy(&der));
    }
    Ok(Document {
        blocks: vec![Block {
            closed,
            ..Block::bare(der)
        }],
        text_around: false,
    })
}

/// Reads the blocks of a text, of which this is what stands before its first BEGIN and after it.
fn read_blocks(text: &str, before: &str, rest: &str) -> Result<Document, ParseError> {
    let mut outside = vec![before];
    let mut blocks = Vec::new();
    let mut unreadable = None;
    let mut next = Some(rest);
    while let Some(rest) = next {
        let section = Section::cut(text, rest)?;
        match section.block(text)? {
            Ok(block) => blocks.push(block),
            Err(error) => unreadable = unreadable.or(Some(error)),
        }
        outside.push(section.after);
        next = section.next;
    }
    outside.retain(|text| !text.trim_matches(is_filler).is_empty());
    for text in &outside {
        private_key::refuse(text)?;
    }
    match unreadable {
        Some(error) if blocks.is_empty() => Err(error),
        _ => {
            let text_around = unreadable.is_some() || !outside.is_empty();
            Ok(Document { blocks, text_around })
        }
    }
}

/// What stands between a BEGIN and the next one.
struct Section<'a> {
    label: &'a str,
    base64: &'a str,
    /// Whether an END line closes it, with the same label.
    closed: bool,
    /// What stands behind the END line.
    after: &'a str,
    /// What follows the next BEGIN.
    next: Option<&'a str>,
    /// Whether the BEGIN is the first thing on its line.
    stands_on_a_line: bool,
}

impl<'a> Section<'a> {
    fn cut(text: &'a str, rest: &'a str) -> Result<Self, ParseError> {
        let at = offset_in(text, rest);
        let Some((label, DASHES, body)) = first_of(rest, &[BEGIN, DASHES]) else {
            private_key::refuse(text)?;
            let message = "Expected five dashes at the end of the BEGIN line, found none.";
            return Err(ParseError::at("unreadable_pem", message, at));
        };
        let label = label.trim();
        if label.contains("PRIVATE KEY") || label.contains("PKCS12") {
            return Err(ParseError {
                offset: Some(at),
                ..private_key::refusal()
            });
        }
        let before = at.checked_sub(BEGIN.len()).and_then(|end| text.get(..end));
        let section = Self {
            label,
            base64: body,
            closed: false,
            after: "",
            next: None,
            stands_on_a_line: before.is_none_or(|before| before.is_empty() || before.ends_with('\n')),
        };
        Ok(match first_of(body, &[END, BEGIN]) {
            Some((base64, END, end)) => {
                let (end_label, after, next) = match first_of(end, &[BEGIN, DASHES]) {
                    Some((end_label, DASHES, after)) => match split(after, BEGIN) {
                        Some((after, next)) => (end_label, after, Some(next)),
                        None => (end_label, after, None),
                    },
                    Some((end_label, _, next)) => (end_label, "", Some(next)),
                    None => (end, "", None),
                };
                Self {
                    base64,
                    closed: end_label.trim() == label,
                    after,
                    next,
                    ..section
                }
            }
            other => {
                let (unclosed, next) = other.map_or((body, None), |(unclosed, _, next)| (unclosed, Some(next)));
                let (base64, after) = before_odd_end(unclosed);
                Self {
                    base64,
                    after,
                    next,
                    ..section
                }
            }
        })
    }

    /// The block, or why one of an unknown kind cannot be read.
    fn block(&self, text: &str) -> Result<Result<Block, ParseError>, ParseError> {
        // What is signed with PGP has a dash and a space before the dashes of the END line.
        let base64 = self.base64.strip_suffix("- ").unwrap_or(self.base64);
        let decoded = decode(base64, offset_in(text, base64)).or_else(|error| match without_headers(base64) {
            Some(base64) => decode(base64, offset_in(text, base64)).map(|decoded| Decoded {
                is_plain: false,
                ..decoded
            }),
            None => Err(error),
        });
        match decoded {
            Ok(Decoded { octets, is_plain }) => {
                let begins_on_a_line = base64.lines().next().is_some_and(|line| line.trim_ascii().is_empty());
                let stands_on_lines = self.stands_on_a_line && begins_on_a_line && self.base64.ends_with('\n');
                Ok(Ok(Block {
                    is_plain: is_plain && stands_on_lines,
                    ..Block::framed(octets, self.label.to_owned(), self.closed)
                }))
            }
            // Of two BEGIN lines in a row, the second is the one that counts.
            Err(error) if error.code == "empty" && !self.closed => Ok(Err(error)),
            Err(error)
                if error.code == "private_key" || KNOWN_LABELS.iter().any(|known| self.label.ends_with(known)) =>
            {
                Err(error)
            }
            Err(error) => Ok(Err(error)),
        }
    }
}

/// Splits before an END line that has other dashes than five.
fn before_odd_end(body: &str) -> (&str, &str) {
    body.find(is_dash)
        .and_then(|at| body.split_at_checked(at))
        .filter(|(_, end)| is_frame(end.trim_start_matches(is_dash), &["END "]))
        .unwrap_or((body, ""))
}

/// The dash, and what editors and mail programs make of it.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a text begins like a BEGIN or END line does after its dashes, in whatever case.
fn is_frame(text: &str, words: &[&str]) -> bool {
    let text = text.trim_start();
    let begins = |word: &&str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    words.iter().any(begins)
}

/// The text with the dashes that PEM has, if its frame has others: fewer, longer ones, with spaces, around small letters.
fn mended(text: &str) -> Option<String> {
    let is_whole = |part: &str| {
        let is_label = |c: char| c.is_ascii_alphanumeric() || c == ' ';
        part.len() <= 64 && part.trim().chars().all(is_label) && is_frame(part, &["BEGIN ", "END "])
    };
    let mut mended = String::with_capacity(text.len());
    let mut has_begin = false;
    for part in text.split(is_dash) {
        if is_whole(part) {
            has_begin |= is_frame(part, &["BEGIN "]);
            mended.push_str(DASHES);
            mended.push_str(&part.trim().to_ascii_uppercase());
            mended.push_str(DASHES);
        } else {
            mended.push_str(part);
        }
    }
    has_begin.then_some(mended)
}

/// Splits a text at a mark that begins with a dash, of which base64 has none.
fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    first_of(text, &[mark]).map(|(before, _, after)| (before, after))
}

/// Splits a text where the first of these marks stands: the earliest, and of two at one place the one that is named first.
fn first_of<'a, 'm>(text: &'a str, marks: &[&'m str]) -> Option<(&'a str, &'m str, &'a str)> {
    let mut from = 0_usize;
    loop {
        let at = from.checked_add(text.get(from..)?.find('-')?)?;
        let (before, candidate) = text.split_at_checked(at)?;
        let found = marks
            .iter()
            .find_map(|mark| Some((*mark, candidate.strip_prefix(mark)?)));
        if let Some((mark, after)) = found {
            return Some((before, mark, after));
        }
        from = at.checked_add(1)?;
    }
}

/// DER in a PEM frame, in lines of 64 characters.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    // Four characters for three octets, line ends, and the frame.
    let mut text = Vec::with_capacity(der.len().saturating_mul(2).saturating_add(128));
    text.extend([BEGIN, label, DASHES, "\n"].concat().bytes());
    for line in base64::encode(der).chunks(16) {
        text.extend_from_slice(line.as_flattened());
        text.push(b'\n');
    }
    text.extend([END, label, DASHES, "\n"].concat().bytes());
    // It is ASCII, so that this never loses anything.
    String::from_utf8(text).unwrap_or_default()
}

/// What follows the header lines that RFC 1421 had: `Proc-Type: …` up to an empty line, or to the first that is none.
fn without_headers(body: &str) -> Option<&str> {
    let mut rest = body.trim_start();
    if !rest.contains(':') {
        return None;
    }
    let blank = ["\n\n", "\n\r\n", "\r\r"];
    if let Some((_, after)) = blank.iter().find_map(|blank| rest.split_once(blank)) {
        return Some(after);
    }
    while let Some((line, after)) = rest.split_once(['\n', '\r'])
        && line.contains(':')
    {
        rest = after.trim_start();
    }
    Some(rest)
}

fn decode(text: &str, offset: usize) -> Result<Decoded, ParseError> {
    match base64::decode(text, offset) {
        Ok(decoded) if decoded.octets.is_empty() => {
            Err(ParseError::at("empty", "Expected base64, found nothing.", offset))
        }
        Ok(decoded) => Ok(decoded),
        Err(_) if private_key::begins_private_key(text) => Err(private_key::refusal()),
        Err(error) if text.contains(['-', '_']) => {
            base64::decode(&base64::in_usual_alphabet(text), offset).map_err(|_| error)
        }
        Err(error) => Err(error),
    }
}

/// Where a part of a text begins.
pub(crate) fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}
