//! A certificate that is sound until a test says otherwise. Nobody signed it.

use super::{
    builder::{EC, P256, POINT, SHA256_ECDSA, common_name, extension, hex, names, spki},
    der::{bits, integer, oid, seq, set, tlv},
};

/// A certificate in parts.
#[derive(Clone, Debug)]
pub struct Cert {
    /// A common name; of an empty one there is no subject.
    pub subject: &'static str,
    pub issuer: &'static str,
    /// More of the subject: relative distinguished names.
    pub rdns: Vec<Vec<u8>>,
    /// As encoded: 2 is version 3.
    pub version: u8,
    pub serial: &'static [u8],
    pub key: Vec<u8>,
    pub is_ca: bool,
    pub subject_key: Option<u8>,
    pub authority_key: Option<u8>,
    pub extensions: Vec<Vec<u8>>,
    pub signed_with: &'static str,
    /// Those of the signature algorithm.
    pub parameters: &'static [u8],
    /// The signature algorithm in what is signed.
    pub inner: &'static str,
    /// With four digits of the year, of which a `UTCTime` has two.
    pub not_before: String,
    pub not_after: String,
    /// Whether a time before 2050 is a `GeneralizedTime` all the same.
    pub is_generalized: bool,
    /// At the end of what is signed.
    pub more: &'static [u8],
    pub signature: Vec<u8>,
}

/// One that `issuer` issued for `subject`; the key identifiers are to be given.
pub fn cert(subject: &'static str, issuer: &'static str) -> Cert {
    Cert {
        subject,
        issuer,
        rdns: Vec::new(),
        version: 2,
        serial: &[1],
        key: spki(&[&oid(EC), &oid(P256)], &hex(POINT)),
        is_ca: false,
        subject_key: None,
        authority_key: None,
        extensions: Vec::new(),
        signed_with: SHA256_ECDSA,
        parameters: &[],
        inner: SHA256_ECDSA,
        not_before: "20250101000000Z".to_owned(),
        not_after: "20250331235959Z".to_owned(),
        is_generalized: false,
        more: &[],
        signature: vec![0],
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
        self.extensions.push(critical(kind, value));
        self
    }

    /// An authority with at most so many others below it.
    pub fn path_length(self, length: u8) -> Self {
        self.critical("2.5.29.19", &seq(&[&[1, 1, 0xff], &integer(&[length])]))
            .critical("2.5.29.15", &tlv(0x03, &[&[1, 0x06]]))
    }

    /// The usages as the octets of a BIT STRING.
    pub fn usages(self, bits: &[u8]) -> Self {
        self.critical("2.5.29.15", &tlv(0x03, &[bits]))
    }

    /// Purposes by their OIDs.
    pub fn purposes(self, purposes: &[&str]) -> Self {
        let purposes: Vec<Vec<u8>> = purposes.iter().map(|purpose| oid(purpose)).collect();
        self.extension("2.5.29.37", &seq(&[&purposes.concat()]))
    }

    pub fn names(mut self, general_names: &[Vec<u8>]) -> Self {
        self.extensions.push(names(general_names));
        self
    }

    pub fn der(&self) -> Vec<u8> {
        let name = |text: &str, more: &[Vec<u8>]| {
            let common_name = Some(text)
                .filter(|text| !text.is_empty())
                .map(|text| set(&[&common_name(text)]));
            seq(&[&common_name
                .into_iter()
                .chain(more.iter().cloned())
                .collect::<Vec<_>>()
                .concat()])
        };
        let time = |text: &str| match text.strip_prefix("20") {
            Some(rest) if rest < "50" && !self.is_generalized => tlv(0x17, &[rest.as_bytes()]),
            _ => tlv(0x18, &[text.as_bytes()]),
        };
        let algorithm = |kind: &str| seq(&[&oid(kind), self.parameters]);
        let mut extensions = self.extensions.clone();
        if self.is_ca {
            extensions.push(critical("2.5.29.19", &seq(&[&[1, 1, 0xff]])));
            if !self
                .extensions
                .iter()
                .any(|one| one.windows(5).any(|part| part == [6, 3, 0x55, 0x1d, 0x0f]))
            {
                extensions.push(critical("2.5.29.15", &tlv(0x03, &[&[1, 0x06]])));
            }
        }
        if let Some(id) = self.subject_key {
            extensions.push(extension("2.5.29.14", &tlv(0x04, &[&[id]])));
        }
        if let Some(id) = self.authority_key {
            extensions.push(extension("2.5.29.35", &seq(&[&tlv(0x80, &[&[id]])])));
        }
        let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        let extensions = match extensions[..] {
            [] => Vec::new(),
            _ => tlv(0xa3, &[&seq(&extensions)]),
        };
        let signed = seq(&[
            &tlv(0xa0, &[&integer(&[self.version])]),
            &integer(self.serial),
            &algorithm(self.inner),
            &name(self.issuer, &[]),
            &seq(&[&time(&self.not_before), &time(&self.not_after)]),
            &name(self.subject, &self.rdns),
            &self.key,
            &extensions,
            self.more,
        ]);
        seq(&[&signed, &algorithm(self.signed_with), &bits(&self.signature)])
    }
}

pub fn critical(kind: &str, value: &[u8]) -> Vec<u8> {
    seq(&[&oid(kind), &[1, 1, 0xff], &tlv(0x04, &[value])])
}

/// DER, one after the other.
pub fn together(certificates: &[&Cert]) -> Vec<u8> {
    certificates.iter().flat_map(|cert| cert.der()).collect()
}
