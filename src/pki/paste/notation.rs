//! PEM and base64 as other things write them down: a mail, a URL, a page, the source of a program, an editor with its line
//! numbers. Each is undone where its marks are, without loss; whether what comes of it is a document is for the caller to see.

use der::{base64::is_digit, find, pem::BEGIN};

/// A text without a notation; None when it does not have its marks.
type Undo = fn(&str) -> Option<String>;

/// From the outside to the inside, as they are found in one another.
const NOTATIONS: [Undo; 11] = [
    continued,
    quoted_printable,
    // Twice: what was escaped by two programs, or for a page that shows it escaped.
    percent_encoded,
    percent_encoded,
    entities,
    entities,
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

/// What a difference leaves of a text, if it takes lines of base64 away: none of those is ever read.
pub(super) fn added(text: &str) -> Option<String> {
    /// In octets: shorter lines are others.
    const LEAST: usize = 16;
    // The colours are before the marks.
    let plain = uncoloured(text);
    let text = plain.as_deref().unwrap_or(text);
    let is_base64 = |line: &str| line.len() >= LEAST && line.trim().bytes().all(is_digit);
    let changed = |mark: char| {
        let is_such = |line: &str| {
            let rest = line.trim_start().strip_prefix(mark).map(str::trim_start);
            rest.is_some_and(|rest| !rest.starts_with('-') && is_base64(rest))
        };
        find::has(text, mark) && text.lines().any(is_such)
    };
    // Without anything taken away, a frame that is added shows that it is a difference.
    let adds_frame = || text.lines().any(|line| line.trim_start().starts_with("+-----BEGIN "));
    let (taken, added) = if changed('<') && changed('>') {
        ('<', '>')
    } else if changed('+') && (changed('-') || adds_frame()) {
        ('-', '+')
    } else {
        return None;
    };
    // The marks are in the first column. A plus sign behind it is a digit.
    let indent = |line: &str| line.len().saturating_sub(line.trim_start().len());
    let marked = text
        .lines()
        .filter(|line| line.trim_start().starts_with([taken, added]));
    let column = marked.map(indent).min().unwrap_or_default();
    // Of a frame that stays, five dashes are there.
    let is_kept = |line: &&str| !line.starts_with(taken) || (line.starts_with("-----") && !line.starts_with("------"));
    let lines = text.lines().map(|line| {
        let mark = line.get(column..).and_then(|line| line.strip_prefix(added));
        mark.unwrap_or(line).trim_start()
    });
    Some(lines.filter(is_kept).collect::<Vec<_>>().join("\n"))
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

/// Without the plus sign that psql has at the end of each line of a value that goes on. A line that fills the column ends in a
/// digit and in it, without a space between them. Another column may follow.
fn continued(text: &str) -> Option<String> {
    let begin = find::split_once(text, BEGIN).and_then(|(_, rest)| rest.split_once('\n'));
    let is_marked = begin.is_some_and(|(begin, _)| begin.ends_with('+')) || find::contains(text, "+|");
    is_marked.then(|| {
        replaced(text, '+', &|after| {
            after.starts_with(['\n', '\r', '|']).then_some((None, 0))
        })
    })?
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
    let is_form = find::contains(text, "BEGIN+") || (find::has(text, '+') && find::contains(text, "%2B"));
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
        // What has a frame in it is an element with attributes, in which line ends are references.
        if find::contains(tag, BEGIN) {
            return None;
        }
        let ends = [
            ("br", '\n'),
            ("/p", '\n'),
            ("/div", '\n'),
            ("/li", '\n'),
            ("/tr", '\n'),
            ("/td", ' '),
        ];
        let end = ends.iter().find(|(name, _)| tag.starts_with(name));
        Some((end.map(|(_, c)| *c), tag.len().saturating_add(1)))
    });
    let plain = replaced(untagged.as_deref().unwrap_or(text), '&', &|after| {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '#')?;
        let (name, _) = after.split_at_checked(end).filter(|(_, end)| end.starts_with(';'))?;
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
    ("ndash", '-'),
    ("mdash", '-'),
];

/// `\u002b`, `\x2b` and `\012` of JSON and of most languages, `\-` of Markdown, `#012` of rsyslog, `_x000a_` of Office, and the colours of terminals.
fn escapes(text: &str) -> Option<String> {
    let line_end = |after: &str| {
        let is_end = ["012", "015"].iter().any(|end| after.starts_with(end));
        is_end.then_some((Some('\n'), 3))
    };
    let backslash = replaced(text, '\\', &|after| {
        if let Some(start) = ["u00", "x"].into_iter().find(|start| after.starts_with(start)) {
            let (c, length) = octet(after.get(start.len()..)?)?;
            return Some((c, length.saturating_add(start.len())));
        }
        let is_other = after.starts_with(['-', '+', '/', '=', '_']);
        line_end(after).or(is_other.then_some((None, 0)))
    });
    let text = backslash.as_deref().unwrap_or(text);
    let syslog = replaced(text, '#', &line_end);
    let text = syslog.as_deref().unwrap_or(text);
    let office = replaced(text, '_', &|after| {
        let (c, length) = octet(after.strip_prefix("x00")?)?;
        let end = length.saturating_add(3);
        after.get(end..)?.starts_with('_').then_some((c, end.saturating_add(1)))
    });
    let plain = uncoloured(office.as_deref().unwrap_or(text));
    plain.or(office).or(syslog).or(backslash)
}

/// Without the colours of terminals.
fn uncoloured(text: &str) -> Option<String> {
    replaced(text, '\u{1b}', &|after| {
        // ECMA-48, 5.4: parameters, and the letter of what is to be done.
        let colour = after.strip_prefix('[')?;
        let end = colour.find(|c| !matches!(c, '0'..='?'))?;
        let is_whole = colour.get(end..)?.starts_with(|c: char| c.is_ascii_alphabetic());
        is_whole.then_some((None, end.saturating_add(2)))
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

/// Without what every line begins with that is glued to its base64: the marks of a comment or of a difference.
fn columns(text: &str) -> Option<String> {
    let (before, _) = find::split_once(text, BEGIN)?;
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let (front, body) = (before.get(start..)?.trim(), text.get(start..)?);
    let lines = body.lines().map(str::trim_start).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.map_while(|line| line.strip_prefix(front)).collect();
    (lines.len() > 1 && !front.is_empty()).then(|| lines.join("\n"))
}

/// What read a form that was not one took the plus signs for spaces: with a plus sign for each space inside a line.
fn lost_pluses(text: &str) -> Option<String> {
    if !find::has(text, ' ') {
        return None;
    }
    let line = |line: &str| {
        if find::contains(line, "-----") {
            line.to_owned()
        } else {
            line.replace(' ', "+")
        }
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    Some(lines.join("\n"))
}
