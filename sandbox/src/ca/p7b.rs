//! Certificates as PKCS #7: a `SignedData` that signs nothing (RFC 2315, section 9).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use der::asn1::SetOfVec;
use der::pem::LineEnding;
use der::pem::PemLabel;
use der::{Any, Encode, EncodePem, Sequence};
use x509_cert::Certificate;

/// `ContentInfo` with a `SignedData` in it.
#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

impl PemLabel for ContentInfo {
    const PEM_LABEL: &'static str = "PKCS7";
}

#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: SetOfVec<Any>,
    content: NoContent,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    certificates: SetOfVec<Certificate>,
    signers: SetOfVec<Any>,
}

/// The content that is not there: its type alone.
#[derive(Sequence)]
struct NoContent {
    content_type: ObjectIdentifier,
}

/// The certificates in PEM.
pub(super) fn pem(certificates: &[&Certificate]) -> der::Result<String> {
    bundle(certificates)?.to_pem(LineEnding::LF)
}

/// The certificates in DER.
pub(super) fn der(certificates: &[&Certificate]) -> der::Result<Vec<u8>> {
    bundle(certificates)?.to_der()
}

/// DER sorts a set, so the reader finds the order of the certificates by itself.
fn bundle(certificates: &[&Certificate]) -> der::Result<ContentInfo> {
    let certificates = certificates
        .iter()
        .map(|certificate| (*certificate).clone())
        .collect::<Vec<_>>();
    let signed = SignedData {
        version: 1,
        digest_algorithms: SetOfVec::new(),
        content: NoContent { content_type: ID_DATA },
        certificates: SetOfVec::try_from(certificates)?,
        signers: SetOfVec::new(),
    };
    Ok(ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: signed,
    })
}
