//! The extensions that a new request asks for.

use der::{
    oid, tag,
    writer::{element, object_identifier, sequence, unsigned},
};
use serde::Deserialize;
use sha1::{Digest as _, Sha1};

use crate::x509::extension::ParsedExtension;

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

/// The usages of a key, in the order of their bits (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the word of RFC 5280")]
pub enum KeyUsage {
    DigitalSignature,
    NonRepudiation,
    KeyEncipherment,
    DataEncipherment,
    KeyAgreement,
    KeyCertSign,
    #[serde(rename = "cRLSign")]
    CrlSign,
    EncipherOnly,
    DecipherOnly,
}

/// The purposes that the certificate of a TLS server may have (BR 7.1.2.7.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the word of RFC 5280")]
pub enum Purpose {
    ServerAuth,
    ClientAuth,
}

/// Of one usage at least; critical, as RFC 5280, 4.2.1.3 has it. A list of named bits ends at its last bit that is set (X.690, 11.2.2).
pub(super) fn key_usage(usages: &[KeyUsage]) -> RequestedExtension {
    // The first bit is the highest of the first octet.
    let bits = usages.iter().fold(0_u16, |bits, usage| bits | 0x8000 >> *usage as u16);
    let octets: Vec<u8> = match bits.to_be_bytes() {
        [first, 0] => vec![first],
        both => both.to_vec(),
    };
    let unused = octets.last().map_or(0, |last| last.trailing_zeros());
    let unused = u8::try_from(unused).unwrap_or_default();
    RequestedExtension::new(oid::KEY_USAGE, true, element(tag::BIT_STRING, &[vec![unused], octets]))
}

pub(super) fn extended_key_usage(purposes: &[Purpose]) -> RequestedExtension {
    let oids: Vec<Vec<u8>> = purposes
        .iter()
        .map(|purpose| match purpose {
            Purpose::ServerAuth => object_identifier(oid::SERVER_AUTH),
            Purpose::ClientAuth => object_identifier(oid::CLIENT_AUTH),
        })
        .collect();
    RequestedExtension::new(oid::EXTENDED_KEY_USAGE, false, sequence(&oids))
}

/// RFC 7633, 4.1: the feature is `status_request`, extension 5 of TLS.
pub(super) fn must_staple() -> RequestedExtension {
    RequestedExtension::new(oid::TLS_FEATURE, false, sequence(&[unsigned(&[5])]))
}
