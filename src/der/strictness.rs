//! Where an encoding is readable but not DER (X.690, 10 and 11), or not even BER (X.690, 8).

use crate::{
    find::has_octets,
    reader::{Element, LengthForm, Reader},
    tag,
};

/// Deeper elements are not looked at: PKIX nests to about a third of this.
const MAX_DEPTH: usize = 32;

/// How many elements are open where the fields of what is signed are read: the document, and the two around them.
const FIELDS: usize = 3;

/// One place where the encoding is not DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Irregularity {
    /// Where it is: in octets.
    pub offset: usize,
    /// Ends the sentence "The encoding has …".
    pub what: &'static str,
}

/// Which rules an encoding breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Those of DER, which many programs do not mind.
    Der,
    /// Those of BER: hardly any program reads it.
    Ber,
}

/// The first place where the encoding breaks such rules, if there is one. Walks with a stack of its own, of bounded height.
#[must_use]
pub fn first_irregularity(der: &[u8], wanted: Breach) -> Option<Irregularity> {
    let mut open = vec![Reader::new(der)];
    while let Some(reader) = open.last_mut() {
        if reader.is_empty() {
            open.pop();
            continue;
        }
        let offset = reader.offset();
        let Ok(element) = reader.any("an element") else {
            let what = "an element that does not end in the one around it";
            return (wanted == Breach::Ber).then_some(Irregularity { offset, what });
        };
        let is_last = reader.is_empty();
        let found = irregularity(&element, is_last, open.len() == FIELDS);
        if let Some((_, what)) = found.filter(|(breach, _)| *breach == wanted) {
            return Some(Irregularity { offset, what });
        }
        if element.tag & tag::CONSTRUCTED != 0 && open.len() < MAX_DEPTH {
            open.push(element.inside());
        }
    }
    None
}

const LONG: &str = "a length in more octets than it takes";

/// Of bits, without the number of those that do not count; of text, with a part of a character.
const OCTETS: &str = "a string with other octets than its type has";

fn irregularity(element: &Element<'_>, is_last: bool, is_field: bool) -> Option<(Breach, &'static str)> {
    use Breach::{Ber, Der};
    let of_content = match (element.tag, element.content) {
        (0x00, _) => Some((Ber, "an end-of-contents that ends nothing")),
        (tag::BOOLEAN, [0xff]) => None,
        // FALSE is the default of each that PKIX has, and a default is left out (X.690, 11.5).
        (tag::BOOLEAN, [0x00]) => Some((Der, "a FALSE, which goes without saying")),
        (tag::BOOLEAN, [_]) => Some((Der, "a BOOLEAN that is neither 00 nor FF")),
        (tag::BOOLEAN, _) => Some((Ber, "a BOOLEAN that is not one octet")),
        (tag::INTEGER | 0x0a, []) => Some((Ber, "a number without octets")),
        (tag::INTEGER | 0x0a, [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..]) => {
            Some((Ber, "a number in more octets than it takes"))
        }
        (tag::OID, content) if !is_minimal_oid(content) => {
            Some((Ber, "an OBJECT IDENTIFIER that is cut off or padded"))
        }
        (tag::BIT_STRING, [] | [1..=7] | [8..=0xff, ..]) => Some((Ber, OCTETS)),
        (tag::BIT_STRING, [unused @ 1..=7, .., last]) if last.trailing_zeros() < u32::from(*unused) => {
            Some((Der, "a BIT STRING with ones among the bits that do not count"))
        }
        (tag::NULL, [_, ..]) => Some((Ber, "a NULL that is not empty")),
        (0x1e, content) if content.len() & 1 != 0 => Some((Ber, OCTETS)),
        (0x1c, content) if content.len() & 3 != 0 => Some((Ber, OCTETS)),
        (0x21 | 0x22 | 0x25 | 0x26 | 0x2a, _) => Some((Ber, "a number, flag or identifier made of other elements")),
        (0x10 | 0x11, _) => Some((Ber, "a SEQUENCE or SET that is not made of elements")),
        (tag::SEQUENCE, content) if has_pss_default(content) => {
            Some((Der, "a default of RSASSA-PSS, which goes without saying"))
        }
        // The attributes of a request are a SET too (RFC 2986, 4.1); elsewhere the tag is that of lists.
        (found, _) if (found == tag::SET || (is_field && found == 0xa0)) && !is_in_order(element) => {
            Some((Der, "a SET whose members are not in the order of their octets"))
        }
        // Character and octet strings in pieces: the universal string types with the constructed bit.
        (0x23 | 0x24 | 0x2c | 0x32..=0x36 | 0x3a..=0x3c | 0x3e, _) => Some((Der, "a string in pieces")),
        _ => None,
    };
    of_content.or(match element.length_form {
        LengthForm::Indefinite => Some((Der, "an indefinite length")),
        // OpenSSL reads an octet behind such a length.
        LengthForm::Long if is_last && element.content.is_empty() => Some((Ber, LONG)),
        LengthForm::Long => Some((Der, LONG)),
        LengthForm::Shortest => None,
    })
}

/// Whether it is the `AlgorithmIdentifier` of RSASSA-PSS with a parameter that is its default (RFC 4055, 3.1): SHA-1, also in
/// MGF1, a salt of 20 octets, trailer 1.
fn has_pss_default(content: &[u8]) -> bool {
    const PSS: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0a];
    const DEFAULTS: [&[u8]; 3] = [
        &[6, 5, 0x2b, 0x0e, 3, 2, 0x1a],
        &[0xa2, 3, tag::INTEGER, 1, 20],
        &[0xa3, 3, tag::INTEGER, 1, 1],
    ];
    let has = |parameters: &[u8]| DEFAULTS.iter().any(|default| has_octets(parameters, default));
    content.strip_prefix(PSS).is_some_and(has)
}

/// Whether no member of a SET is encoded below the one before it (X.690, 11.6).
fn is_in_order(set: &Element<'_>) -> bool {
    let (mut members, mut last): (_, &[u8]) = (set.inside(), &[]);
    while let Ok(member) = members.any("a member") {
        if member.raw < last {
            return false;
        }
        last = member.raw;
    }
    true
}

/// Whether each arc begins with something other than a zero digit, and the last one ends.
fn is_minimal_oid(content: &[u8]) -> bool {
    let ends = content.last().is_some_and(|octet| octet & 0x80 == 0);
    let mut arcs = content.split_inclusive(|octet| octet & 0x80 == 0);
    ends && arcs.all(|arc| arc.first() != Some(&0x80))
}

#[cfg(test)]
mod tests {
    use super::{Breach, Irregularity, LONG, OCTETS, first_irregularity};

    const INDEFINITE: &str = "an indefinite length";
    const END: &str = "an end-of-contents that ends nothing";
    const FALSE: &str = "a FALSE, which goes without saying";
    const BOOLEAN: &str = "a BOOLEAN that is neither 00 nor FF";
    const NO_OCTETS: &str = "a number without octets";
    const INTEGER: &str = "a number in more octets than it takes";
    const OID: &str = "an OBJECT IDENTIFIER that is cut off or padded";
    const BITS: &str = "a BIT STRING with ones among the bits that do not count";
    const NULL: &str = "a NULL that is not empty";
    const MADE: &str = "a number, flag or identifier made of other elements";
    const NOT_MADE: &str = "a SEQUENCE or SET that is not made of elements";
    const PIECES: &str = "a string in pieces";
    const ORDER: &str = "a SET whose members are not in the order of their octets";

    const NOT_ENDED: &str = "an element that does not end in the one around it";
    const ONE_OCTET: &str = "a BOOLEAN that is not one octet";

    /// The first breach of either kind.
    fn first(der: &[u8]) -> Option<(Breach, Irregularity)> {
        let found = [Breach::Der, Breach::Ber].map(|breach| Some((breach, first_irregularity(der, breach)?)));
        found.into_iter().flatten().min_by_key(|(_, found)| found.offset)
    }

    #[test]
    fn each_irregularity_is_found_and_what_is_close_to_it_is_none() {
        let table: [(&[u8], Option<&str>); 70] = [
            (&[0x30, 0x80, 0x05, 0x00, 0x00, 0x00], Some(INDEFINITE)),
            (&[0x30, 0x81, 0x02, 0x05, 0x00], Some(LONG)),
            (&[0x30, 0x02, 0x05, 0x00], None),
            (&[0x00, 0x00], Some(END)),
            (&[0x01, 0x01, 0xff], None),
            (&[0x01, 0x01, 0x00], Some(FALSE)),
            (&[0x01, 0x01, 0x01], Some(BOOLEAN)),
            (&[0x01, 0x00], Some(ONE_OCTET)),
            (&[0x01, 0x02, 0xff, 0xff], Some(ONE_OCTET)),
            (&[0x02, 0x00], Some(NO_OCTETS)),
            (&[0x02, 0x01, 0x00], None),
            (&[0x02, 0x01, 0xff], None),
            (&[0x02, 0x02, 0x00, 0x7f], Some(INTEGER)),
            (&[0x02, 0x02, 0x00, 0x80], None),
            (&[0x02, 0x02, 0xff, 0x80], Some(INTEGER)),
            (&[0x02, 0x02, 0xff, 0x7f], None),
            (&[0x06, 0x00], Some(OID)),
            (&[0x06, 0x03, 0x55, 0x04, 0x03], None),
            (&[0x06, 0x03, 0x55, 0x84, 0x00], None),
            (&[0x06, 0x02, 0x55, 0x84], Some(OID)),
            (&[0x06, 0x03, 0x55, 0x80, 0x01], Some(OID)),
            (&[0x06, 0x02, 0x80, 0x01], Some(OID)),
            (&[0x0a, 0x00], Some(NO_OCTETS)),
            (&[0x0a, 0x01, 0x00], None),
            (&[0x0a, 0x02, 0x00, 0x7f], Some(INTEGER)),
            (&[0x03, 0x00], Some(OCTETS)),
            (&[0x03, 0x01, 0x01], Some(OCTETS)),
            (&[0x03, 0x01, 0x08], Some(OCTETS)),
            (&[0x03, 0x02, 0x08, 0x00], Some(OCTETS)),
            (&[0x1e, 0x00], None),
            (&[0x1e, 0x01, 0x41], Some(OCTETS)),
            (&[0x1e, 0x02, 0x00, 0x41], None),
            (&[0x1c, 0x02, 0x00, 0x41], Some(OCTETS)),
            (&[0x1c, 0x04, 0x00, 0x00, 0x00, 0x41], None),
            (&[0x05, 0x81, 0x00], Some(LONG)),
            (&[0x30, 0x05, 0x05, 0x81, 0x00, 0x05, 0x00], Some(LONG)),
            (&[0x30, 0x03, 0x05, 0x81, 0x00], Some(LONG)),
            (&[0x05], Some(NOT_ENDED)),
            (&[0x31, 0x02, 0x30, 0x05], Some(NOT_ENDED)),
            (&[0x31, 0x04, 0x30, 0x80, 0x05, 0x00], Some(NOT_ENDED)),
            // The third level is that of the fields of what is signed, of which the attributes are a SET.
            (&[0x30, 0x0a, 0x30, 0x08, 0xa0, 0x06, 2, 1, 2, 2, 1, 1], Some(ORDER)),
            (&[0x30, 0x0a, 0x30, 0x08, 0xa0, 0x06, 2, 1, 1, 2, 1, 2], None),
            (&[0x30, 0x08, 0xa0, 0x06, 2, 1, 2, 2, 1, 1], None),
            (&[0x30, 0x0a, 0x30, 0x08, 0xa1, 0x06, 2, 1, 2, 2, 1, 1], None),
            (&[0x03, 0x01, 0x00], None),
            (&[0x03, 0x02, 0x00, 0xff], None),
            (&[0x03, 0x02, 0x07, 0x80], None),
            (&[0x03, 0x02, 0x07, 0x40], Some(BITS)),
            (&[0x03, 0x02, 0x01, 0xfe], None),
            (&[0x03, 0x02, 0x01, 0xff], Some(BITS)),
            (&[0x05, 0x00], None),
            (&[0x05, 0x01, 0x00], Some(NULL)),
            (&[0x21, 0x00], Some(MADE)),
            (&[0x22, 0x00], Some(MADE)),
            (&[0x26, 0x00], Some(MADE)),
            (&[0x27, 0x00], None),
            (&[0x10, 0x00], Some(NOT_MADE)),
            (&[0x11, 0x00], Some(NOT_MADE)),
            (&[0x12, 0x00], None),
            (&[0x31, 0x00], None),
            (&[0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01], None),
            (&[0x31, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01], Some(ORDER)),
            (&[0x30, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01], None),
            (&[0x31, 0x06, 0x05, 0x00, 0x0c, 0x02, 0x61, 0x62], None),
            (&[0x24, 0x00], Some(PIECES)),
            (&[0x33, 0x00], Some(PIECES)),
            (&[0x3e, 0x00], Some(PIECES)),
            (&[0x37, 0x00], None),
            // What is in an element made of others is looked at, whatever its class, and nothing else.
            (&[0xa0, 0x02, 0x02, 0x00], Some(NO_OCTETS)),
            (&[0x80, 0x02, 0x02, 0x00], None),
        ];
        for (der, expected) in table {
            let found = first(der).map(|(_, found)| found.what);
            assert_eq!(found, expected, "{der:x?}");
        }
    }

    #[test]
    fn what_is_not_even_ber_is_told_from_what_is_only_not_der() {
        for (der, breach) in [
            (&[0x30, 0x81, 0x02, 0x05, 0x00][..], Breach::Der),
            (&[0x01, 0x01, 0x00], Breach::Der),
            (&[0x03, 0x02, 0x07, 0x40], Breach::Der),
            (&[0x24, 0x00], Breach::Der),
            (&[0x00, 0x00], Breach::Ber),
            (&[0x01, 0x00], Breach::Ber),
            (&[0x02, 0x02, 0x00, 0x7f], Breach::Ber),
            (&[0x06, 0x00], Breach::Ber),
            (&[0x05, 0x01, 0x00], Breach::Ber),
            (&[0x22, 0x00], Breach::Ber),
            (&[0x10, 0x00], Breach::Ber),
            (&[0x0a, 0x00], Breach::Ber),
            (&[0x03, 0x00], Breach::Ber),
            (&[0x1e, 0x01, 0x41], Breach::Ber),
            (&[0x05, 0x81, 0x00], Breach::Ber),
            (&[0x31, 0x02, 0x30, 0x05], Breach::Ber),
        ] {
            assert_eq!(first(der).map(|(breach, _)| breach), Some(breach), "{der:x?}");
        }
    }

    #[test]
    fn the_first_one_in_the_document_is_named_by_its_place_in_it() {
        let der = [0x30, 0x06, 0x30, 0x02, 0x05, 0x00, 0x02, 0x00, 0x05, 0x01, 0x00];
        let (_, found) = first(&der).expect("there is one");
        assert_eq!((found.offset, found.what), (6, NO_OCTETS));
        assert_eq!(first(&der[8..]).map(|(_, found)| found.offset), Some(0));
    }

    #[test]
    fn what_is_nested_deeper_than_anything_in_pkix_is_not_looked_at() {
        let nested = |levels: u8| {
            (0..levels).fold(vec![0x02, 0x00], |inner, _| {
                let length = u8::try_from(inner.len()).expect("it is short");
                [vec![0x30, length], inner].concat()
            })
        };
        assert!(first(&nested(31)).is_some());
        assert!(first(&nested(32)).is_none());
    }
}
