//! PEM and base64 as other things write them down: a mail, a URL, a page, the source of a program, an editor with its line
//! numbers. Each is undone where its marks are, without loss; whether what comes of it is a document is for the caller to see.

use der::{find, pem::BEGIN};

use crate::paste::private_key;

/// A text without a notation; None when it does not have its marks.
type Undo = fn(&str) -> Option<String>;

/// From the outside to the inside, as they are found in one another.
const NOTATIONS: [Undo; 11] = [
    quoted_printable,
    percent_encoded,
    // Twice: what was escaped for a page that shows it escaped.
    entities,
    entities,
    data_url,
    file_in_base64,
    escapes,
    literals,
    columns,
    lost_pluses,
    soft_breaks,
];

/// The text without the notations that it has, one more of them each time.
pub(super) fn undone(text: &str) -> impl Iterator<Item = String> {
    let mut text = text.to_owned();
    NOTATIONS.iter().filter_map(move |undo| {
        text = undo(&text)?;
        Some(text.clone())
    })
}

/// What stands for something else after a mark, and how many octets it has; None where the mark is only itself.
type Meaning<'a> = &'a dyn Fn(&str) -> Option<(Option<char>, usize)>;

/// Replaces what stands for something else; None when there is nothing of it.
fn replaced(text: &str, mark: char, meaning: Meaning<'_>) -> Option<String> {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        output.push_str(before);
        let (c, length) = meaning(after).unwrap_or((Some(mark), 0));
        output.extend(c);
        rest = after.get(length..).unwrap_or_default();
    }
    output.push_str(rest);
    (output != text).then_some(output)
}

/// Two hexadecimal digits.
fn octet(after: &str) -> Option<(Option<char>, usize)> {
    let digits = after.get(..2).filter(|digits| !digits.starts_with('+'))?;
    Some((Some(char::from(u8::from_str_radix(digits, 16).ok()?)), 2))
}

/// RFC 2045, 6.7: `=3D`, and lines that an equals sign at their end continues.
fn quoted_printable(text: &str) -> Option<String> {
    let is_marked = ["=3D", "=2B", "=0D", "=0A"]
        .iter()
        .any(|mark| find::contains(text, mark));
    let joined = is_marked.then(|| soft_breaks(text))?;
    replaced(joined.as_deref().unwrap_or(text), '=', &octet)
}

/// The same where nothing else is encoded. What ends with padding looks like it, so that it comes last.
fn soft_breaks(text: &str) -> Option<String> {
    replaced(text, '=', &|after| {
        let line = after.strip_prefix('\r').unwrap_or(after).strip_prefix('\n')?;
        Some((None, after.len().saturating_sub(line.len())))
    })
}

/// RFC 3986, 2.1. In a form, a plus sign stands for a space, and a plus sign is escaped itself.
fn percent_encoded(text: &str) -> Option<String> {
    let is_form = find::contains(text, "BEGIN+") || (text.contains('+') && find::contains(text, "%2B"));
    let spaced = is_form.then(|| text.replace('+', " "));
    replaced(spaced.as_deref().unwrap_or(text), '%', &octet)
}

/// HTML: without its tags, and with the characters that its references name.
fn entities(text: &str) -> Option<String> {
    // Where no tag ends any more, none is looked for.
    let behind_tags = text.len().saturating_sub(text.rfind('>').unwrap_or_default());
    let untagged = replaced(text, '<', &|after| {
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let (tag, _) = (is_tag && after.len() >= behind_tags).then(|| after.split_once('>'))??;
        let ends_line = ["br", "/p", "/div", "/li", "/tr"]
            .iter()
            .any(|name| tag.starts_with(name));
        Some((ends_line.then_some('\n'), tag.len().saturating_add(1)))
    });
    let plain = replaced(untagged.as_deref().unwrap_or(text), '&', &|after| {
        let (name, _) = after.get(..12).unwrap_or(after).split_once(';')?;
        let number = name
            .strip_prefix('#')
            .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => digits.parse().ok(),
            });
        let named = || NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
        let c = number.and_then(char::from_u32).or_else(named)?;
        Some((Some(c), name.len().saturating_add(1)))
    });
    plain.or(untagged)
}

/// The references of HTML for what is in PEM and around it.
const NAMED: &[(&str, char)] = &[
    ("plus", '+'),
    ("sol", '/'),
    ("equals", '='),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("nbsp", ' '),
    ("NewLine", '\n'),
    ("hyphen", '-'),
    ("dash", '-'),
];

/// RFC 2397, of base64. What else such a URL holds is percent-encoded.
fn data_url(text: &str) -> Option<String> {
    let (_, data) = find::split_once(text, ";base64,")?;
    data.split(|c| !is_digit(c)).next().map(str::to_owned)
}

/// PEM once more in base64, as the value of something: `request: LS0tLS1CRUdJTi…`.
fn file_in_base64(text: &str) -> Option<String> {
    /// Of `-----BEGIN C`, `N` or `P`, as far as they are the same.
    const START: &str = "LS0tLS1CRUdJTi";
    let file = text.get(find::find(text, START)?..)?;
    file.split(|c| !is_digit(c)).next().map(str::to_owned)
}

/// `\u002b` and `\x2b` of JSON and of most languages.
fn escapes(text: &str) -> Option<String> {
    replaced(text, '\\', &|after| {
        let start = ["u00", "x"].into_iter().find(|start| after.starts_with(start))?;
        let (c, length) = octet(after.get(start.len()..)?)?;
        Some((c, length.saturating_add(start.len())))
    })
}

/// The strings in the source of a program, without the operators and names between them. The quotation mark is that before
/// the BEGIN, or the first.
fn literals(text: &str) -> Option<String> {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`');
    let start = match find::find(text, BEGIN) {
        Some(begin) => text.get(..begin)?.rfind(is_quote)?,
        None => text.find(is_quote)?,
    };
    let mut rest = text.get(start..)?;
    let quote = rest.chars().next()?;
    let mut output = String::with_capacity(rest.len());
    while let Some((_, literal)) = rest.split_once(quote) {
        let (inside, after) = literal.split_once(quote).unwrap_or((literal, ""));
        output.push_str(inside);
        output.push('\n');
        rest = after;
    }
    Some(output)
}

/// Without what every line begins with: its number, the name of a file, the marks of a comment or of a difference.
fn columns(text: &str) -> Option<String> {
    let body = match find::find(text, BEGIN).and_then(|at| text.get(..at)) {
        Some(before) => text.get(before.rfind('\n').map_or(0, |end| end.saturating_add(1))..)?,
        None => text.trim_start(),
    };
    let front = front_of(body.lines().next()?);
    let counted = front.trim_end_matches(|c: char| !c.is_ascii_digit());
    let head = counted.trim_end_matches(|c: char| c.is_ascii_digit());
    let separator = front.get(counted.len()..)?.trim();
    let number: Option<u32> = counted.get(head.len()..)?.parse().ok();
    let by_number = number.and_then(|mut number| {
        stripped(body, |line| {
            let line = line.strip_prefix(head.trim())?.trim_start();
            let digits = number.to_string();
            number = number.saturating_add(1);
            let line = line.trim_start_matches('0').strip_prefix(&digits)?;
            line.trim_start().strip_prefix(separator)
        })
    });
    by_number.or_else(|| stripped(body, |line| line.strip_prefix(front.trim())).filter(|_| !front.trim().is_empty()))
}

/// What is before a BEGIN; before base64, a number and what separates it.
fn front_of(line: &str) -> &str {
    if let Some((front, _)) = find::split_once(line, BEGIN) {
        return front;
    }
    let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let base64 = after.trim_start_matches(|c: char| !is_digit(c));
    let end = line.len().saturating_sub(base64.len());
    line.get(..end)
        .filter(|_| base64.len() < after.len())
        .unwrap_or_default()
}

/// The lines without what a function takes off them, to the first that does not have it; None when that is the second.
fn stripped<'a>(text: &'a str, strip: impl FnMut(&'a str) -> Option<&'a str>) -> Option<String> {
    let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.map_while(strip).collect();
    (lines.len() > 1).then(|| lines.join("\n"))
}

/// What read a form that was not one took the plus signs for spaces: with a plus sign for each space inside a line.
fn lost_pluses(text: &str) -> Option<String> {
    let line = |line: &str| {
        if find::contains(line, "-----") {
            line.to_owned()
        } else {
            line.replace(' ', "+")
        }
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    text.contains(' ').then(|| lines.join("\n"))
}

fn is_digit(c: char) -> bool {
    u8::try_from(c).is_ok_and(private_key::is_digit)
}
