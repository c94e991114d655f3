//! A certificate that is sound until a test says otherwise. Nobody signed it.

use super::{
    builder::{EC, P256, POINT, SHA256_ECDSA, common_name, extension, hex, names, spki},
    der::{bits, integer, oid, seq, set, tlv},
};

/// A certificate in parts.
#[derive(Clone)]
pub struct Cert {
    pub subject: &'static str,
    pub issuer: &'static str,
    /// As encoded: 2 is version 3.
    pub version: u8,
    pub serial: &'static [u8],
    pub key: Vec<u8>,
    pub is_ca: bool,
    pub subject_key: Option<u8>,
    pub authority_key: Option<u8>,
    pub extensions: Vec<Vec<u8>>,
    pub signed_with: &'static str,
    /// The signature algorithm in what is signed.
    pub inner: &'static str,
    /// As `GeneralizedTime`.
    pub not_before: String,
    pub not_after: String,
    /// At the end of what is signed.
    pub more: &'static [u8],
}

/// One that `issuer` issued for `subject`; the key identifiers are to be given.
pub fn cert(subject: &'static str, issuer: &'static str) -> Cert {
    Cert {
        subject,
        issuer,
        version: 2,
        serial: &[1],
        key: spki(&[&oid(EC), &oid(P256)], &hex(POINT)),
        is_ca: false,
        subject_key: None,
        authority_key: None,
        extensions: Vec::new(),
        signed_with: SHA256_ECDSA,
        inner: SHA256_ECDSA,
        not_before: "20250101000000Z".to_owned(),
        not_after: "20250331235959Z".to_owned(),
        more: &[],
    }
}

impl Cert {
    pub fn authority(mut self) -> Self {
        self.is_ca = true;
        self
    }

    /// The key identifiers of the subject and of the issuer.
    pub fn keys(mut self, subject: u8, authority: u8) -> Self {
        (self.subject_key, self.authority_key) = (Some(subject), Some(authority));
        self
    }

    pub fn valid(mut self, not_before: &str, not_after: &str) -> Self {
        (self.not_before, self.not_after) = (not_before.to_owned(), not_after.to_owned());
        self
    }

    pub fn extension(mut self, kind: &str, value: &[u8]) -> Self {
        self.extensions.push(extension(kind, value));
        self
    }

    pub fn critical(mut self, kind: &str, value: &[u8]) -> Self {
        self.extensions
            .push(seq(&[&oid(kind), &[1, 1, 0xff], &tlv(0x04, &[value])]));
        self
    }

    /// An authority with at most so many others below it.
    pub fn path_length(self, length: u8) -> Self {
        self.extension("2.5.29.19", &seq(&[&[1, 1, 0xff], &integer(&[length])]))
    }

    pub fn names(mut self, general_names: &[Vec<u8>]) -> Self {
        self.extensions.push(names(general_names));
        self
    }

    pub fn der(&self) -> Vec<u8> {
        let name = |text: &str| seq(&[&set(&[&common_name(text)])]);
        let time = |text: &str| tlv(0x18, &[text.as_bytes()]);
        let algorithm = seq(&[&oid(self.signed_with)]);
        let mut extensions = self.extensions.clone();
        if self.is_ca {
            extensions.push(extension("2.5.29.19", &seq(&[&[1, 1, 0xff]])));
        }
        if let Some(id) = self.subject_key {
            extensions.push(extension("2.5.29.14", &tlv(0x04, &[&[id]])));
        }
        if let Some(id) = self.authority_key {
            extensions.push(extension("2.5.29.35", &seq(&[&tlv(0x80, &[&[id]])])));
        }
        let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        let signed = seq(&[
            &tlv(0xa0, &[&integer(&[self.version])]),
            &integer(self.serial),
            &seq(&[&oid(self.inner)]),
            &name(self.issuer),
            &seq(&[&time(&self.not_before), &time(&self.not_after)]),
            &name(self.subject),
            &self.key,
            &tlv(0xa3, &[&seq(&extensions)]),
            self.more,
        ]);
        seq(&[&signed, &algorithm, &bits(&[0])])
    }
}

/// DER, one after the other.
pub fn together(certificates: &[&Cert]) -> Vec<u8> {
    certificates.iter().flat_map(|cert| cert.der()).collect()
}
