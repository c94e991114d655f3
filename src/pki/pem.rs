//! PEM (RFC 7468) as it is pasted: any label, line ends, indents, text around, several blocks, or no frame at all.

use super::{
    ParseError,
    base64::{self, is_filler},
    input::{Document, empty},
    kind::is_private_key,
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
    /// Whether its END line is there, with the same label. True for what has no frame.
    pub closed: bool,
    /// Whether it is base64 without a frame.
    pub is_bare: bool,
    /// Whether every program reads it as it stands: frame and base64 at the beginning of lines, and nothing else in them.
    pub is_plain: bool,
}

impl Block {
    pub(crate) fn der(bytes: &[u8]) -> Self {
        Self {
            is_bare: false,
            ..Self::bare(bytes.to_vec())
        }
    }

    fn bare(der: Vec<u8>) -> Self {
        Self {
            label: String::new(),
            der,
            closed: true,
            is_bare: true,
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
    refuse_private_key(text)?;
    let (base64, closed) = match split(text, END) {
        Some((before, _)) => (before, false),
        None => (text, true),
    };
    let der = decode(base64, 0)?;
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
fn read_blocks(text: &str, before: &str, mut rest: &str) -> Result<Document, ParseError> {
    let mut outside = vec![before];
    let mut blocks = Vec::new();
    let mut unreadable = None;
    loop {
        let (section, next) = split(rest, BEGIN).map_or((rest, None), |(section, next)| (section, Some(next)));
        let (block, after) = framed(text, section)?;
        outside.push(after);
        match block {
            Ok(block) => blocks.push(block),
            Err(error) => unreadable = unreadable.or(Some(error)),
        }
        match next {
            Some(next) => rest = next,
            None => break,
        }
    }
    outside.retain(|text| !text.trim_matches(is_filler).is_empty());
    for text in &outside {
        refuse_private_key(text)?;
    }
    match unreadable {
        Some(error) if blocks.is_empty() => Err(error),
        _ => {
            let text_around = unreadable.is_some() || !outside.is_empty();
            Ok(Document { blocks, text_around })
        }
    }
}

/// Reads what follows a BEGIN, up to the next one: the block, or why an unknown one cannot be read, and what is left.
fn framed<'a>(text: &'a str, section: &'a str) -> Result<(Result<Block, ParseError>, &'a str), ParseError> {
    let Some((label, body)) = split(section, DASHES) else {
        refuse_private_key(text)?;
        let message = "Expected five dashes at the end of the BEGIN line, found none.";
        return Err(ParseError::at("unreadable_pem", message, offset_in(text, section)));
    };
    let label = label.trim();
    if label.contains("PRIVATE KEY") || label.contains("PKCS12") {
        return Err(ParseError {
            offset: Some(offset_in(text, section)),
            ..private_key()
        });
    }
    let (base64, closed, after) = if let Some((base64, end)) = split(body, END) {
        let (end_label, after) = split(end, DASHES).unwrap_or((end, ""));
        (base64, end_label.trim() == label, after)
    } else {
        let (base64, after) = before_odd_end(body);
        (base64, false, after)
    };
    let is_plain = stands_on_a_line(text, section) && has_only_base64(base64);
    // What is signed with PGP has a dash and a space before the dashes of the END line.
    let base64 = without_headers(base64.strip_suffix("- ").unwrap_or(base64));
    match decode(base64, offset_in(text, base64)) {
        Ok(der) => Ok((
            Ok(Block {
                label: label.to_owned(),
                der,
                closed,
                is_bare: false,
                is_plain,
            }),
            after,
        )),
        // Of two BEGIN lines in a row, the second is the one that counts.
        Err(error) if error.code == "empty" && !closed => Ok((Err(error), after)),
        Err(error) if error.code == "private_key" || KNOWN_LABELS.iter().any(|known| label.ends_with(known)) => {
            Err(error)
        }
        Err(error) => Ok((Err(error), after)),
    }
}

/// Splits before an END line that has other dashes than five.
fn before_odd_end(body: &str) -> (&str, &str) {
    body.find(is_dash)
        .and_then(|at| body.split_at_checked(at))
        .filter(|(_, end)| is_frame(end.trim_start_matches(is_dash), &["END "]))
        .unwrap_or((body, ""))
}

/// Whether the BEGIN before this section is the first thing on its line.
fn stands_on_a_line(text: &str, section: &str) -> bool {
    let before = offset_in(text, section).checked_sub(BEGIN.len());
    let before = before.and_then(|end| text.get(..end)).unwrap_or_default();
    before.is_empty() || before.ends_with('\n')
}

/// Whether what stands between the lines of a frame is lines of base64.
fn has_only_base64(body: &str) -> bool {
    let is_base64 = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=');
    let mut lines = body.lines();
    let first = lines.next().unwrap_or_default();
    first.trim_ascii_end().is_empty()
        && body.ends_with('\n')
        && lines.all(|line| line.trim_ascii_end().bytes().all(is_base64))
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
    let mut from = 0_usize;
    loop {
        let at = from.checked_add(text.get(from..)?.find('-')?)?;
        let (before, candidate) = text.split_at_checked(at)?;
        if let Some(after) = candidate.strip_prefix(mark) {
            return Some((before, after));
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

/// A private key has no business in a page or a form; the message says so and holds nothing of it. This finds those
/// without a BEGIN line, or with half of one.
fn refuse_private_key(text: &str) -> Result<(), ParseError> {
    let marks = ["PRIVATE KEY BLOCK-----", "PuTTY-User-Key-File-", "Private-Key:"];
    // A line of a frame, as the frame may be cut off, or have other dashes than five.
    let is_frame = |line: &&str| {
        line.split_once("PRIVATE KEY").is_some_and(|(before, after)| {
            before.contains("BEGIN ") || before.contains("END ") || after.trim_start().starts_with("--")
        })
    };
    let frame = text.lines().find(is_frame);
    // A JSON Web Key is private when it has the member d, or k when it is symmetric; .NET's XML when it has D.
    let has_all = |members: &[&str]| members.iter().all(|member| text.contains(member));
    let member = [["\"kty\"", "\"d\""], ["\"kty\"", "\"k\""], ["<RSAKeyValue>", "<D>"]]
        .iter()
        .find(|members| has_all(*members))
        .map(|[_, member]| *member);
    let mark = marks.into_iter().chain(frame).chain(member);
    match mark
        .filter_map(|mark| text.find(mark))
        .min()
        .or_else(|| bare_private_key(text))
    {
        Some(offset) => Err(ParseError {
            offset: Some(offset),
            ..private_key()
        }),
        None => Ok(()),
    }
}

/// Where base64 begins among other words, and is that of a private key.
fn bare_private_key(text: &str) -> Option<usize> {
    /// Shorter words are words. The shortest private keys are longer.
    const LEAST: usize = 40;
    let is_base64 = |word: &&str| word.len() >= LEAST && word.bytes().all(is_digit);
    let mut previous_is_base64 = false;
    text.split(is_filler).filter(|word| !word.is_empty()).find_map(|word| {
        let begins = is_base64(&word) && !previous_is_base64;
        previous_is_base64 = is_base64(&word);
        (begins && begins_private_key(word)).then(|| offset_in(text, word))
    })
}

/// A digit of either alphabet (RFC 4648, 4 and 5), or padding.
fn is_digit(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// Whether the first digits of a text are those of a private key. What follows them may be cut off, or no base64.
fn begins_private_key(text: &str) -> bool {
    /// Enough to get past the algorithm in front of an encrypted key.
    const ENOUGH: usize = 512;
    let mut digits: String = text
        .bytes()
        .filter(|&octet| is_digit(octet) && octet != b'=')
        .take(ENOUGH)
        .map(char::from)
        .collect();
    digits.truncate(digits.len() & !3);
    base64::decode(&in_usual_alphabet(&digits), 0).is_ok_and(|der| is_private_key(&der))
}

/// Base64 for URLs (RFC 4648, 5) with the digits of the usual one.
fn in_usual_alphabet(text: &str) -> String {
    text.replace('-', "+").replace('_', "/")
}

/// The refusal of a private key in whatever encoding.
pub(crate) fn private_key() -> ParseError {
    ParseError::new(
        "private_key",
        "Expected something public, found a private key: it stays on the machine that made it, so if this one was shown \
         to anyone, make a new one.",
    )
}

/// Leaves out the header lines that RFC 1421 had: `Proc-Type: …` up to an empty line, or to the first that is none.
fn without_headers(body: &str) -> &str {
    if !body.contains(':') {
        return body;
    }
    let mut rest = body.trim_start();
    let blank = ["\n\n", "\n\r\n", "\r\r"];
    if let Some((_, after)) = blank.iter().find_map(|blank| rest.split_once(blank)) {
        return after;
    }
    while let Some((line, after)) = rest.split_once(['\n', '\r'])
        && line.contains(':')
    {
        rest = after.trim_start();
    }
    rest
}

fn decode(text: &str, offset: usize) -> Result<Vec<u8>, ParseError> {
    match base64::decode(text, offset) {
        Ok(der) if der.is_empty() => Err(ParseError::at("empty", "Expected base64, found nothing.", offset)),
        Ok(der) => Ok(der),
        Err(_) if begins_private_key(text) => Err(private_key()),
        Err(error) if text.contains(['-', '_']) => base64::decode(&in_usual_alphabet(text), offset).map_err(|_| error),
        Err(error) => Err(error),
    }
}

/// Where a part of a text begins.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}
