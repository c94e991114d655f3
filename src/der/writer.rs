//! Writes DER, from the leaves to the root, so that every length is known when it is needed.

use crate::{oid, tag};

/// One element made of others, or of octets.
#[must_use]
pub fn element(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let mut der = Vec::with_capacity(content.len().saturating_add(10));
    der.push(tag);
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => der.push(length),
        _ => {
            let octets = content.len().to_be_bytes();
            let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
            let significant = octets.get(zeros..).unwrap_or_default();
            der.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
            der.extend(significant);
        }
    }
    der.extend(content);
    der
}

/// A SEQUENCE of elements.
#[must_use]
pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag::SEQUENCE, parts)
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    element(tag::NULL, &[])
}

/// A whole number from its big-endian octets: without needless zeros, with the one that keeps it positive.
#[must_use]
pub fn unsigned(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    let sign = if significant.first().is_none_or(|octet| octet & 0x80 != 0) {
        vec![0]
    } else {
        Vec::new()
    };
    element(tag::INTEGER, &[sign, significant.to_vec()])
}

/// A BIT STRING of whole octets.
#[must_use]
pub fn bit_string(bytes: Vec<u8>) -> Vec<u8> {
    element(tag::BIT_STRING, &[vec![0], bytes])
}

/// An OBJECT IDENTIFIER from its dotted form.
#[must_use]
pub fn object_identifier(dotted: &str) -> Vec<u8> {
    element(tag::OID, &[oid::octets(dotted)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{oid::Oid, reader::Reader};

    #[test]
    fn identifiers_are_read_as_they_were_written() {
        for text in [
            "1.2.840.113549.1.1.11",
            "2.5.29.17",
            "1.3.101.112",
            "2.16.840.1.101.3.4.2.1",
        ] {
            let der = object_identifier(text);
            let element = Reader::new(&der).any("an OID").unwrap();
            assert_eq!(Oid::read(element.content), text);
        }
    }

    #[test]
    fn numbers_are_positive_and_short() {
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0x7f]), [2, 1, 0x7f]);
    }

    #[test]
    fn lengths_of_every_size_are_written() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let der = element(tag::OCTET_STRING, &[vec![7; length]]);
            let read = Reader::new(&der).any("octets").unwrap();
            assert_eq!(read.content.len(), length);
            assert_eq!(read.raw.len(), der.len());
        }
    }
}
