//! The extensions that a new request asks for.

use der::{
    oid, tag,
    writer::{element, object_identifier, sequence, unsigned},
};
use finding::Finding;
use sha1::{Digest as _, Sha1};

use super::names::wrong;
use crate::x509::extension::{KEY_USAGES, ParsedExtension};

/// An extension that is asked for: its OID, and all of it as it is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequestedExtension {
    pub oid: String,
    pub der: Vec<u8>,
}

impl RequestedExtension {
    pub(super) fn of(extension: &ParsedExtension<'_>) -> Self {
        Self {
            oid: extension.oid.as_str().to_owned(),
            der: extension.raw.to_vec(),
        }
    }

    pub(super) fn new(oid: &str, critical: bool, value: Vec<u8>) -> Self {
        let critical = if critical {
            element(tag::BOOLEAN, &[vec![0xff]])
        } else {
            Vec::new()
        };
        Self {
            oid: oid.to_owned(),
            der: sequence(&[object_identifier(oid), critical, element(tag::OCTET_STRING, &[value])]),
        }
    }

    /// The first method of RFC 5280, 4.2.1.2: the SHA-1 of the key's bits.
    pub(super) fn key_identifier(bits: &[u8]) -> Self {
        let identifier = element(tag::OCTET_STRING, &[Sha1::digest(bits).to_vec()]);
        Self::new(oid::SUBJECT_KEY_IDENTIFIER, false, identifier)
    }
}

/// None without names, for a `GeneralNames` has to have one.
pub(super) fn alternative_names(written: &[Vec<u8>]) -> Option<RequestedExtension> {
    let is_empty = written.is_empty();
    (!is_empty).then(|| RequestedExtension::new(oid::SUBJECT_ALT_NAME, false, sequence(written)))
}

/// Critical, as RFC 5280, 4.2.1.3 has it; none for no usage. A list of named bits ends at its last bit that is set (X.690,
/// 11.2.2).
pub(super) fn key_usage(findings: &mut Vec<Finding>, usages: &[String]) -> Option<RequestedExtension> {
    // The first bit is the highest of the first octet.
    let mut bits = 0_u16;
    for place in places(findings, "keyUsage", usages, &KEY_USAGES) {
        bits |= 0x8000_u16.checked_shr(place).unwrap_or_default();
    }
    let octets: Vec<u8> = match bits.to_be_bytes() {
        [0, 0] => return None,
        [first, 0] => vec![first],
        both => both.to_vec(),
    };
    let unused = octets.last().map_or(0, |last| last.trailing_zeros());
    let unused = u8::try_from(unused).unwrap_or_default();
    let value = element(tag::BIT_STRING, &[vec![unused], octets]);
    Some(RequestedExtension::new(oid::KEY_USAGE, true, value))
}

/// The purposes that the certificate of a TLS server may have (BR 7.1.2.7.10); none for no purpose.
pub(super) fn extended_key_usage(findings: &mut Vec<Finding>, purposes: &[String]) -> Option<RequestedExtension> {
    let places = places(findings, "extendedKeyUsage", purposes, &["serverAuth", "clientAuth"]);
    let oid = |place: u32| if place == 0 { oid::SERVER_AUTH } else { oid::CLIENT_AUTH };
    let oids: Vec<Vec<u8>> = places.into_iter().map(|place| object_identifier(oid(place))).collect();
    let is_empty = oids.is_empty();
    (!is_empty).then(|| RequestedExtension::new(oid::EXTENDED_KEY_USAGE, false, sequence(&oids)))
}

/// Where each name is in a list of all that there are, each once.
fn places(findings: &mut Vec<Finding>, field: &str, names: &[String], all: &[&str]) -> Vec<u32> {
    let mut places = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match (0..).zip(all).find(|(_, known)| *known == name) {
            Some((place, _)) if places.contains(&place) => {}
            Some((place, _)) => places.push(place),
            None => wrong(
                findings,
                format!("{field}[{index}]"),
                &["one of ", &all.join(", ")].concat(),
            ),
        }
    }
    places
}

/// RFC 7633, 4.1: the feature is `status_request`, extension 5 of TLS.
pub(super) fn must_staple() -> RequestedExtension {
    RequestedExtension::new(oid::TLS_FEATURE, false, sequence(&[unsigned(&[5])]))
}
