//! What a piece of DER is by its shape, so that the wrong one can be refused by name.

use der::{Reader, find::has_octets, tag};

const CRMF: &str = "a certificate request message (CRMF), which is not what is ordered with: make a PKCS #10 request";

const CMC: &str = "a CMC request, which is not what is ordered with: make a PKCS #10 request (RequestType = PKCS10)";

const ENCRYPTED: &str = "an encrypted message (CMS): decrypt it, and give what is in it";

/// The kinds of object that people confuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PastedKind {
    Request,
    Certificate,
    Bundle,
    Crl,
    PublicKey,
    /// PKCS #1's form, without an algorithm.
    RsaPublicKey,
    PrivateKey,
    /// It may hold a private key.
    Pkcs12,
    /// Of no use here, but known: what it is, and what to do.
    Other(&'static str),
    Unknown,
}

impl PastedKind {
    /// Looks at tags only, at most two levels deep; none of these shapes is another's.
    pub(crate) fn of(der: &[u8]) -> Self {
        let Some(root) = children(der, tag::SEQUENCE) else {
            return Self::Unknown;
        };
        match root.as_slice() {
            [tag::SEQUENCE, tag::SEQUENCE, tag::BIT_STRING, ..] => Self::of_signed(der),
            [tag::SEQUENCE, tag::BIT_STRING, ..] => Self::PublicKey,
            [tag::OID, 0xa0, ..] if is_encrypted(der) => Self::Other(ENCRYPTED),
            [tag::OID, 0xa0, ..] if is_cmc(der) => Self::Other(CMC),
            [tag::OID, 0xa0, ..] => Self::Bundle,
            [tag::INTEGER, tag::INTEGER] => Self::RsaPublicKey,
            [0x0a, 0xa0] | [0x0a] => Self::Other("an OCSP response, which says whether a certificate is revoked"),
            [tag::INTEGER, tag::SEQUENCE, tag::OID | tag::INTEGER | tag::BOOLEAN, ..] => {
                Self::Other("a query for a time stamp")
            }
            [tag::INTEGER, tag::SEQUENCE] | [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE] => Self::Pkcs12,
            // PKCS #8 and its encrypted form, PKCS #1 and DSA, SEC 1
            [tag::INTEGER, tag::SEQUENCE, tag::OCTET_STRING | tag::SEQUENCE, ..]
            | [tag::SEQUENCE, tag::OCTET_STRING]
            | [tag::INTEGER, tag::INTEGER, tag::INTEGER, tag::INTEGER, tag::INTEGER, ..]
            | [tag::INTEGER, tag::OCTET_STRING, ..] => Self::PrivateKey,
            [tag::SEQUENCE, ..] => Self::of_list(der),
            _ => Self::Unknown,
        }
    }

    /// What begins with lists in lists: by the members of the third.
    fn of_list(der: &[u8]) -> Self {
        let first = |der| Some(Reader::new(der).any("").ok()?.content);
        let members = first(der)
            .and_then(first)
            .and_then(|third| children(third, tag::SEQUENCE));
        match members.as_deref() {
            Some([tag::INTEGER, tag::SEQUENCE, ..]) => Self::Other(CRMF),
            Some([tag::SEQUENCE, ..]) => {
                let id = first(der).and_then(first).and_then(first).and_then(first);
                let members = id.and_then(|id| children(id, tag::SEQUENCE));
                let is_id = [tag::SEQUENCE, tag::OCTET_STRING, tag::OCTET_STRING, tag::INTEGER];
                let is_request = members.is_some_and(|members| members == is_id);
                if is_request {
                    Self::Other("an OCSP request, which asks whether a certificate is revoked")
                } else {
                    Self::Unknown
                }
            }
            _ => Self::Unknown,
        }
    }

    /// Some kinds of thing are signed; they differ in what the signature covers.
    fn of_signed(der: &[u8]) -> Self {
        let inside = Reader::new(der)
            .any("")
            .ok()
            .and_then(|root| children(root.content, tag::SEQUENCE));
        match inside.as_deref() {
            // Version 3, and version 1, which has no version and begins with its serial number.
            Some([0xa0, ..] | [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE, ..]) => Self::Certificate,
            Some(
                [
                    tag::INTEGER,
                    tag::SEQUENCE,
                    tag::SEQUENCE,
                    tag::UTC_TIME | tag::GENERALIZED_TIME,
                    ..,
                ]
                | [tag::SEQUENCE, tag::SEQUENCE, tag::UTC_TIME | tag::GENERALIZED_TIME, ..],
            ) => Self::Crl,
            Some([tag::INTEGER, tag::SEQUENCE, 0xa0, tag::SEQUENCE, tag::INTEGER, ..]) => {
                Self::Other("an attribute certificate, which is for no key and no server")
            }
            Some([tag::INTEGER, tag::SEQUENCE, ..]) => Self::Request,
            Some([tag::SEQUENCE, 0x16]) => {
                Self::Other("an SPKAC, which has a key and no name: make a certificate request with the key")
            }
            _ => Self::Unknown,
        }
    }

    /// With an article, for a message.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Request => "a certificate request: use parseCsr",
            Self::Certificate => "a certificate: use parseCertificate",
            Self::Bundle => "a PKCS #7 bundle: use parseBundle",
            Self::Crl => "a certificate revocation list (CRL), which says what was revoked",
            Self::PublicKey | Self::RsaPublicKey => "a public key",
            Self::PrivateKey | Self::Pkcs12 => "a private key",
            Self::Other(words) => words,
            Self::Unknown => "something else",
        }
    }
}

/// Whether the content of PKCS #7 or CMS is encrypted: envelopedData, encryptedData or authEnvelopedData (RFC 5652, 6 and 8; RFC
/// 5083), by how their OIDs end.
fn is_encrypted(der: &[u8]) -> bool {
    let content_type = || Some(Reader::new(der).any("").ok()?.inside().any("").ok()?.content);
    matches!(content_type(), Some([.., 13, 1, 7, 3 | 6] | [.., 16, 1, 23]))
}

/// Whether what PKCS #7 or CMS holds is a request of CMC (RFC 5272, 3.2.1), by its OID behind the algorithms.
fn is_cmc(der: &[u8]) -> bool {
    const PKI_DATA: &[u8] = &[tag::OID, 8, 0x2b, 6, 1, 5, 5, 7, 12, 2];
    der.get(..128).is_some_and(|start| has_octets(start, PKI_DATA))
}

/// The tags of the members of the first element, up to the eighth, or to the first that cannot be read.
fn children(bytes: &[u8], expected: u8) -> Option<Vec<u8>> {
    let mut inside = Reader::new(bytes).expect(expected, "").ok()?.inside();
    let members = core::iter::from_fn(|| inside.any("").ok());
    Some(members.take(8).map(|member| member.constructed_tag()).collect())
}
