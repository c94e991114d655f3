//! Texts that are not what somebody wrote: a template that was not filled in, characters that are still escaped, octets that were
//! decoded with the wrong character set.

use der::find;

/// Whether a template was not filled in: `${ORG}`, `{{organization}}`, `%(org)s`, `#{org}`, `<%= org %>`, `$(ORG)`, `[[org]]`, `@@ORG@@`, `[Company Name]`,
/// `<Your City>`; or is nothing but one word and its marks: `$ORG`, `%ORG%`, `@ORG@`, `__ORG__`. A name may have brackets, around
/// other words, and begin with a mark.
pub(super) fn is_to_be_filled_in(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "company",
        "organi",
        "your",
        "name",
        "city",
        "state",
        "country",
        "locality",
        "department",
        "domain",
        "insert",
        "enter",
    ];
    let has = |(start, end)| find::split_once(text, start).is_some_and(|(_, rest)| find::contains(rest, end));
    let inside = |(start, end)| text.trim().strip_prefix(start)?.strip_suffix(end);
    let is_word = |inside: &str| {
        let inside = inside.to_ascii_lowercase();
        !inside.contains(['<', '[']) && WORDS.iter().any(|word| find::contains(&inside, word))
    };
    let is_variable = |word: &str| {
        let mut octets = word.bytes();
        octets.next().is_some_and(|first| first.is_ascii_alphabetic())
            && octets.all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
    };
    // An artist may have a dollar sign before a capital.
    let is_shell = |word: &str| is_variable(word) && word.len() > 2 && !word.contains(|c: char| c.is_ascii_lowercase());
    [
        ("${", "}"),
        ("$(", ")"),
        ("[[", "]]"),
        ("@@", "@@"),
        ("#{", "}"),
        ("{{", "}}"),
        ("%(", ")s"),
        ("<%", "%>"),
        ("[object ", "]"),
    ]
    .into_iter()
    .any(has)
        || [("%", "%"), ("@", "@"), ("__", "__")]
            .into_iter()
            .filter_map(|(start, end)| text.strip_prefix(start)?.strip_suffix(end))
            .any(is_variable)
        || text.strip_prefix('$').is_some_and(is_shell)
        || [('[', ']'), ('<', '>'), ('{', '}')]
            .into_iter()
            .filter_map(inside)
            .any(is_word)
}

/// Whether a text has what stands for characters in other texts, and in no name.
pub(super) fn is_escaped(text: &str) -> bool {
    const ESCAPES: [fn(&str) -> bool; 5] = [has_entity, has_tag, is_percent_encoded, has_backslash, has_encoded_word];
    ESCAPES.iter().any(|is_such| is_such(text))
}

/// `&amp;`, `&#252;`, `&#xFC;`: the longest of the names that are in use has eight letters. Of those of letters, the semicolon may
/// be missing.
fn has_entity(text: &str) -> bool {
    /// Of letters, in small ones (HTML, 13.5).
    const LETTERS: &str = "auml euml iuml ouml uuml yuml aacute eacute iacute oacute uacute yacute agrave egrave igrave ograve \
        ugrave acirc ecirc icirc ocirc ucirc atilde ntilde otilde ccedil aring oslash szlig";
    text.split('&').skip(1).any(|rest| {
        let lower = rest.to_ascii_lowercase();
        if LETTERS.split(' ').any(|letter| lower.starts_with(letter)) {
            return true;
        }
        let Some((entity, _)) = rest.split_once(';') else {
            return false;
        };
        let is_name = (2..=8).contains(&entity.len())
            && entity.bytes().all(|octet| octet.is_ascii_alphanumeric())
            && entity.starts_with(|c: char| c.is_ascii_alphabetic());
        let digits = entity.strip_prefix("#x").or_else(|| entity.strip_prefix('#'));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_hexdigit());
        is_name || digits.is_some_and(is_number)
    })
}

/// `<br>`, `</b>`, `<a href="…">`.
fn has_tag(text: &str) -> bool {
    let is_tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && find::has(rest, '>');
    text.split('<').skip(1).any(is_tag) && !is_to_be_filled_in(text)
}

/// The first octets that follow a mark as two hexadecimal digits each, one after the other: no character has more.
fn octets_after(mark: char, text: &str) -> Vec<u8> {
    let digits = text.split(mark).skip(1).take_while({
        let mut is_last = false;
        move |part| !core::mem::replace(&mut is_last, part.len() != 2)
    });
    let octet = |digits: &str| u8::from_str_radix(digits.get(..2)?, 16).ok();
    digits.map_while(octet).take(4).collect()
}

/// Whether there is a character beyond ASCII whose octets in UTF-8 are written so, after the first of these marks or a later one.
fn has_octets(mark: char, text: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let octets = octets_after(mark, text.get(at..).unwrap_or_default());
        octets.first().is_some_and(|first| *first >= 0xc2)
            && octets
                .utf8_chunks()
                .next()
                .is_some_and(|chunk| !chunk.valid().is_empty())
    })
}

/// `M%C3%BCller`, `Example%20Inc`: a per cent sign behind a number is one.
fn is_percent_encoded(text: &str) -> bool {
    let ends_in_letter = |before: &str| before.ends_with(|c: char| c.is_ascii_alphabetic());
    let mut parts = text.split('%');
    let mut before = parts.next().unwrap_or_default();
    let has_space = parts.any(|part| {
        let is_space = part.starts_with("20") && ends_in_letter(before);
        before = part;
        is_space
    });
    has_space || has_octets('%', text)
}

/// `\u00fc`, `\xfc`, `\C3\BC`, `\,`.
fn has_backslash(text: &str) -> bool {
    let is_hex = |rest: &str, count: usize| {
        rest.get(..count)
            .is_some_and(|digits| digits.bytes().all(|octet| octet.is_ascii_hexdigit()))
    };
    let is_escape = |rest: &str| match rest.strip_prefix(['u', 'x']) {
        Some(digits) => is_hex(digits, if rest.starts_with('u') { 4 } else { 2 }),
        None => rest.starts_with([',', '+', ';', '"', '\\', '=', '#']),
    };
    text.split('\\').skip(1).any(is_escape) || has_octets('\\', text)
}

/// `=?UTF-8?Q?M=C3=BCller?=` (RFC 2047).
fn has_encoded_word(text: &str) -> bool {
    find::split_once(text, "=?").is_some_and(|(_, rest)| find::contains(rest, "?="))
}

/// Whether a text was decoded with the wrong character set.
pub(super) fn is_decoded_wrong(text: &str) -> bool {
    is_mojibake(text) || is_pairs_of_others(text) || is_threes_of_others(text) || is_of_other_letters(text)
}

/// Whether a text has what becomes of characters that are encoded in UTF-8 and read as Latin-1 or Windows-1252. What is
/// right as it is may look like that once, such as É»; not with what begins the letters of Western Europe and punctuation, nor
/// again and again, nor with what begins those of Central Europe where all of the text reads as UTF-8. Behind capitals there is
/// no small letter, nor one that Livonian alone has: BLÅ™, FRÅ–X and IRMÃ® are what they look like.
fn is_mojibake(text: &str) -> bool {
    let octets: Vec<u8> = text.chars().map(western_octet).collect();
    let is_whole = core::str::from_utf8(&octets).is_ok();
    let chunks = octets.utf8_chunks();
    let (mut pairs, mut capitals) = (0_usize, 0_usize);
    for c in chunks.flat_map(|chunk| chunk.valid().chars()) {
        let before = core::mem::take(&mut capitals);
        match c {
            'A'..='Z' => capitals = before.saturating_add(1),
            '\0'..='\u{7f}' => {}
            'î' | 'Ŗ' | 'ŗ' | 'ř' if before > 1 => {}
            '\u{80}'..='\u{ff}' | '\u{800}'.. => return true,
            '\u{100}'..='\u{17f}' if is_whole => return true,
            _ => pairs = pairs.saturating_add(1),
        }
    }
    pairs > 1
}

/// The same of other character sets, without their tables: all that is not ASCII comes in pairs, and each begins with what the
/// sets of DOS, of the Mac, of Central Europe and of Cyrillic have for the first of two octets of UTF-8. What follows is none of
/// the Russian letters, and nothing that follows Ă in Romanian.
fn is_pairs_of_others(text: &str) -> bool {
    let mut pairs = 0_usize;
    let mut rest = text.chars();
    while let Some(first) = rest.next() {
        if first.is_ascii() {
            continue;
        }
        let is_first =
            matches!(first, '\u{2500}'..='\u{257f}' | '√' | '¬' | '≈' | 'ƒ' | 'Ă' | 'Ĺ' | 'В'..='Е' | 'Р' | 'С');
        let second = rest.next().filter(|second| is_first && *second != first);
        if second.is_none_or(|c| matches!(c, '\0'..='\u{7f}' | 'А'..='я' | 'Ş' | 'ş' | 'Ţ' | 'ţ' | '”')) {
            return false;
        }
        pairs = pairs.saturating_add(1);
    }
    pairs > 1 || pairs == 1 && text.contains(|c: char| c.is_ascii_alphabetic())
}

/// The same of characters that take three octets: of dashes, quotation marks and kana in the sets of DOS, of the Mac and of
/// Cyrillic, of kana in Shift JIS, which makes one of these rare characters of the first two octets, and of the words for a
/// limited company in GBK and Shift JIS. And of Shift JIS in Windows-1252: of kana, and of the words for a company.
fn is_threes_of_others(text: &str) -> bool {
    let marks = [
        "ΓÇ", "ÔÇ", "вЂ", "‚Äì", "‚Äî", "‚Äô", "‚Äú", "‚Äù", "πü", "πé", "πâ", "Òü", "Òé", "Òâ", "鏈夐", "锟斤",
        "譛蛾", "‰ïŽ", "ŒöŽ",
    ];
    let kana = text.chars().filter(|c| matches!(c, '縺' | '繧' | '繝' | 'ƒ')).count();
    kana > 1 || marks.iter().any(|mark| find::contains(text, mark))
}

/// Whether a text has what becomes of one octet or two a letter: five characters in a row that Latin-1 has and ASCII has not, not
/// all the same, as no word has; a Russian word in KOI8-R that was read in Windows-1251, or the other way round, by which its capitals are
/// small and its small letters capitals; or between letters of ASCII a question mark or one of East Asia.
fn is_of_other_letters(text: &str) -> bool {
    let (mut accents, mut turned) = (0_u8, 0_u8);
    let (mut before, mut last) = (' ', ' ');
    let mut differ = false;
    text.chars().any(|c| {
        accents = match c {
            '\u{a1}'..='\u{ff}' => accents.saturating_add(1),
            _ => 0,
        };
        differ = accents > 1 && (differ || c != last);
        turned = match c {
            'а'..='я' if !matches!(last, 'А'..='я') => 1,
            'А'..='Я' if turned > 0 => turned.saturating_add(1),
            _ => 0,
        };
        let is_inside = before.is_ascii_alphabetic() && c.is_ascii_lowercase();
        let is_other = is_inside && matches!(last, '?' | '\u{2e80}'..='\u{ffef}');
        (before, last) = (last, c);
        (accents > 4 && differ) || turned > 3 || is_other
    })
}

/// What a character is in Windows-1252; of those that it does not have, one that is in no UTF-8.
fn western_octet(c: char) -> u8 {
    /// From 0x80 on.
    const SPECIAL: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let special = SPECIAL.chars().position(|special| special == c);
    let special = special.and_then(|at| u8::try_from(at).ok()?.checked_add(0x80));
    special.unwrap_or_else(|| u8::try_from(c).unwrap_or(0xff))
}
