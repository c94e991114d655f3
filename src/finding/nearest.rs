//! The name that a misspelt one was probably meant to be.

/// The end of a sentence about an unknown name: the nearest known one if there is one, or all of them.
#[must_use]
pub fn instead_of(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(meant) => format!(": did you mean `{meant}`?"),
        None if known.is_empty() => ".".into(),
        None => format!("; it knows {}.", known.join(", ")),
    }
}

/// Whether a text is one that a person would call an option. A value in the place of a name may be a secret: it is not shown.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
}

/// The known name that differs least, if it differs in two characters; else the longest that the name begins with, as
/// `emailAddress` does with `email`; else the one that differs least, if it differs in less than half of its characters.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let folded = name.to_ascii_lowercase();
    let (distance, meant) = known
        .iter()
        .map(|known| (distance(&folded, &known.to_ascii_lowercase()), *known))
        .min()?;
    let begins = |known: &&&str| folded.starts_with(&known.to_ascii_lowercase());
    let beginning = || known.iter().filter(begins).max_by_key(|known| known.len()).copied();
    let is_near = distance.saturating_mul(2) <= meant.chars().count();
    let nearest = is_near.then_some(meant);
    if distance > 2 { beginning().or(nearest) } else { nearest }
}

/// How many characters have to be put in, left out or replaced (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, left) in from.chars().enumerate() {
        let mut diagonal = at;
        let mut before = at.saturating_add(1);
        let mut next = vec![before];
        for (right, above) in to.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal.saturating_add(usize::from(left != *right));
            before = replaced.min(above.saturating_add(1)).min(before.saturating_add(1));
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_known_again_and_another_word_is_not() {
        let known = ["statuses", "commonNames", "page", "size"];
        for (name, meant) in [
            ("status", "statuses"),
            ("Statuses", "statuses"),
            ("commonName", "commonNames"),
            ("siez", "size"),
            ("pageNumber", "page"),
        ] {
            assert_eq!(nearest(name, &known), Some(meant), "{name}");
        }
        let known_too = ["streetAddress", "email", "cert", "certType"];
        assert_eq!(nearest("emailAddress", &known_too), Some("email"));
        assert_eq!(nearest("certTyp", &known_too), Some("certType"));
        assert_eq!(nearest("organisation", &known), None);
        assert_eq!(
            instead_of("organisation", &known),
            "; it knows statuses, commonNames, page, size."
        );
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
