//! How servers spell a text that they echo: as it is, or escaped as JSON, a URL, a form, HTML or a program's literal does, each
//! in whichever of its ways; in capitals or not, and broken into lines.

/// Whether escapes begin with an octet; a plus sign is a space in forms.
pub(crate) const fn begins_escape(octet: u8) -> bool {
    matches!(octet, b'\\' | b'%' | b'&' | b'+')
}

/// What may be between the characters of a text that is broken, or in UTF-16 and read as something else.
const fn divides(octet: u8) -> bool {
    matches!(octet, b'\r' | b'\n' | 0)
}

/// As many signs between two characters are a line's end and an indentation. A text may be nothing else: looked through to
/// its end from each of its places, it would take the square of its length.
const LONGEST_GAP: u32 = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escaping {
    Backslashes,
    Percents,
    Entities,
}

/// How much of the beginning of a text spells another one, from its first character on.
pub(crate) fn spelt_at(wanted: &str, text: &str) -> Option<usize> {
    let both = wanted.bytes().zip(text.bytes());
    let same = both.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count();
    if same == wanted.len() {
        return Some(same);
    }
    // Most texts are another one, and not this one escaped: that is seen at once.
    if !text
        .bytes()
        .take(same.saturating_add(1))
        .any(|octet| begins_escape(octet) || divides(octet))
    {
        return None;
    }
    let all = [Escaping::Backslashes, Escaping::Percents, Escaping::Entities];
    all.into_iter().find_map(|escaping| {
        let mut rest = text;
        for (at, char) in wanted.char_indices() {
            let is_inside = at > 0;
            let here = if is_inside { rest.trim_start_matches('\0') } else { rest };
            let (mut spelt, mut after) = next(escaping, here)?;
            // A line that was broken continues after its indentation.
            let mut gap = 0;
            while is_inside
                && gap < LONGEST_GAP
                && spelt != char
                && (matches!(spelt, '\r' | '\n') || (gap > 0 && matches!(spelt, ' ' | '\t')))
            {
                gap = gap.saturating_add(1);
                (spelt, after) = next(escaping, after)?;
            }
            // Forms write a space so.
            let is_space = escaping == Escaping::Percents && (spelt, char) == ('+', ' ');
            rest = (spelt.eq_ignore_ascii_case(&char) || is_space).then_some(after)?;
        }
        Some(text.len().saturating_sub(rest.len()))
    })
}

/// The first character that a text spells, and the rest. What is no escape is as it is.
fn next(escaping: Escaping, text: &str) -> Option<(char, &str)> {
    let (first, after) = split_char(text)?;
    let unescaped = match (escaping, first) {
        (Escaping::Backslashes, '\\') => after_backslash(after),
        (Escaping::Percents, '%') => after_percent(after),
        (Escaping::Entities, '&') => after_ampersand(after),
        _ => None,
    };
    Some(unescaped.unwrap_or((first, after)))
}

fn split_char(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.as_str()))
}

/// `\n`, `\u00e9`, a pair of surrogates, `\xe9`, or any other sign as it is.
fn after_backslash(text: &str) -> Option<(char, &str)> {
    let (kind, rest) = split_char(text)?;
    let digits = match kind {
        'u' => 4,
        'x' => 2,
        _ => return Some((named(kind), rest)),
    };
    let (unit, rest) = hex(rest, digits)?;
    if let Some(char) = char::from_u32(unit) {
        return Some((char, rest));
    }
    let (low, rest) = hex(rest.strip_prefix("\\u")?, 4)?;
    let both = (unit & 0x3ff) << 10_u32 | (low & 0x3ff);
    Some((char::from_u32(both.checked_add(0x1_0000)?)?, rest))
}

const fn named(kind: char) -> char {
    match kind {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        other => other,
    }
}

/// The octets of a character in UTF-8, each with its percent sign.
fn after_percent(text: &str) -> Option<(char, &str)> {
    let (octet, mut rest) = hex(text, 2)?;
    let mut octets = vec![u8::try_from(octet).ok()?];
    // As the first one says how many there are (RFC 3629, 3).
    for _ in 1..octets.first()?.leading_ones() {
        let (octet, after) = hex(rest.strip_prefix('%')?, 2)?;
        octets.push(u8::try_from(octet).ok()?);
        rest = after;
    }
    let (char, _) = split_char(core::str::from_utf8(&octets).ok()?)?;
    Some((char, rest))
}

fn after_ampersand(text: &str) -> Option<(char, &str)> {
    // The longest is that of the last character, in decimal digits: `#1114111`.
    let end = text.bytes().take(9).position(|octet| octet == b';')?;
    let (name, rest) = (text.get(..end)?, text.get(end..)?.strip_prefix(';')?);
    let char = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => read(digits, 16)?,
                None => read(number, 10)?,
            };
            char::from_u32(code)?
        }
    };
    Some((char, rest))
}

fn hex(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(digits)?;
    Some((read(digits, 16)?, rest))
}

fn read(digits: &str, radix: u32) -> Option<u32> {
    let mut digits = digits.chars();
    digits.try_fold(0_u32, |number, digit| {
        number.checked_mul(radix)?.checked_add(digit.to_digit(radix)?)
    })
}
