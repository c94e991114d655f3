//! Where an encoding is readable but not DER (X.690, 10 and 11), or not even BER (X.690, 8).

use crate::{
    reader::{Element, LengthForm, Reader},
    tag,
};

/// Deeper elements are not looked at: PKIX nests to about a third of this.
const MAX_DEPTH: usize = 32;

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
        let element = reader.any("an element").ok()?;
        if let Some((_, what)) = irregularity(&element).filter(|(breach, _)| *breach == wanted) {
            return Some(Irregularity {
                offset: element.offset,
                what,
            });
        }
        if element.tag & tag::CONSTRUCTED != 0 && open.len() < MAX_DEPTH {
            open.push(element.inside());
        }
    }
    None
}

fn irregularity(element: &Element<'_>) -> Option<(Breach, &'static str)> {
    use Breach::{Ber, Der};
    let of_content = match (element.tag, element.content) {
        (0x00, _) => Some((Ber, "an end-of-contents that ends nothing")),
        (tag::BOOLEAN, [0xff]) => None,
        // FALSE is the default of each that PKIX has, and a default is left out (X.690, 11.5).
        (tag::BOOLEAN, [0x00]) => Some((Der, "a FALSE, which goes without saying")),
        (tag::BOOLEAN, [_]) => Some((Der, "a BOOLEAN that is neither 00 nor FF")),
        (tag::BOOLEAN, _) => Some((Ber, "a BOOLEAN that is not one octet")),
        (tag::INTEGER, []) => Some((Ber, "an INTEGER without octets")),
        (tag::INTEGER, [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..]) => {
            Some((Ber, "an INTEGER in more octets than it takes"))
        }
        (tag::OID, content) if !is_minimal_oid(content) => {
            Some((Ber, "an OBJECT IDENTIFIER that is cut off or padded"))
        }
        (tag::BIT_STRING, [unused @ 1..=7, .., last]) if last.trailing_zeros() < u32::from(*unused) => {
            Some((Der, "a BIT STRING with ones among the bits that do not count"))
        }
        (tag::NULL, [_, ..]) => Some((Ber, "a NULL that is not empty")),
        (0x21 | 0x22 | 0x25 | 0x26 | 0x2a, _) => Some((Ber, "a number, flag or identifier made of other elements")),
        (0x10 | 0x11, _) => Some((Ber, "a SEQUENCE or SET that is not made of elements")),
        // Character and octet strings in pieces: the universal string types with the constructed bit.
        (0x23 | 0x24 | 0x2c | 0x32..=0x36 | 0x3a..=0x3c | 0x3e, _) => Some((Der, "a string in pieces")),
        _ => None,
    };
    of_content.or(match element.length_form {
        LengthForm::Indefinite => Some((Der, "an indefinite length")),
        LengthForm::Long => Some((Der, "a length in more octets than it takes")),
        LengthForm::Shortest => None,
    })
}

/// Whether each arc begins with something other than a zero digit, and the last one ends.
fn is_minimal_oid(content: &[u8]) -> bool {
    let ends = content.last().is_some_and(|octet| octet & 0x80 == 0);
    let mut arcs = content.split_inclusive(|octet| octet & 0x80 == 0);
    ends && arcs.all(|arc| arc.first() != Some(&0x80))
}
