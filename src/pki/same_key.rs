//! Whether two things hold the same public key.

use der::{Reader, tag};

use crate::{
    error::{ParseError, ParseErrorCode},
    key::{
        identity::Identity,
        public_key::{RsaKey, Spki},
    },
    paste::{document::Document, input::Input, kind::PastedKind},
    x509::{certificate::SignedCertificate, csr::CertificationRequest},
};

/// Whether two of certificate request, certificate and public key hold the same public key, however each is encoded.
///
/// # Errors
/// When one of them is none of the three, or a private key.
pub fn same_key(a: &Input<'_>, b: &Input<'_>) -> Result<bool, ParseError> {
    let (a, b) = (a.read()?, b.read()?);
    Ok(identity(&a)? == identity(&b)?)
}

/// The first key in a document.
fn identity(document: &Document) -> Result<Identity, ParseError> {
    for block in &document.blocks {
        let der = block.der.as_slice();
        return match block.kind {
            PastedKind::Request => Ok(Identity::of(&CertificationRequest::read(der)?.key)),
            PastedKind::Certificate => Ok(Identity::of(&SignedCertificate::read(der)?.key)),
            PastedKind::PublicKey => Ok(Identity::of(&Spki::read(
                &Reader::new(der).expect(tag::SEQUENCE, "a public key")?,
            )?)),
            PastedKind::RsaPublicKey => RsaKey::read(der)
                .map(|key| Identity::of_rsa(&key))
                .ok_or_else(unreadable),
            _ => continue,
        };
    }
    Err(unreadable())
}

fn unreadable() -> ParseError {
    ParseError::new(
        ParseErrorCode::WrongKind,
        "Expected a certificate request, a certificate or a public key, found none of them.",
    )
}
