//! Whether two things hold the same public key.

use der::{Reader, tag};

use crate::{
    bundle::{all_certificates, leaf_of},
    error::{ParseError, ParseErrorCode},
    key::{
        identity::Identity,
        public_key::{RsaKey, Spki},
    },
    paste::{document::Document, input::Input, kind::PastedKind},
    x509::csr::CertificationRequest,
};

/// Whether two of certificate request, certificate and public key hold the same public key, however each is encoded. Of a
/// bundle, it is the key of the leaf.
///
/// # Errors
/// When one of them is none of the three, holds several keys, or a private key.
pub fn same_key(a: &Input<'_>, b: &Input<'_>) -> Result<bool, ParseError> {
    let (a, b) = (a.read()?, b.read()?);
    Ok(identity(&a)? == identity(&b)?)
}

/// The key of a document: the only one, for tools print a key beside what holds it.
fn identity(document: &Document) -> Result<Identity, ParseError> {
    const EXPECTED: &str = "a certificate request, a certificate or a public key";
    let mut found = Vec::new();
    for block in &document.blocks {
        let der = block.der.as_slice();
        found.push(match block.kind {
            PastedKind::Request => Identity::of(&CertificationRequest::read(der)?.key),
            PastedKind::PublicKey => {
                Identity::of(&Spki::read(&Reader::new(der).expect(tag::SEQUENCE, "a public key")?)?)
            }
            PastedKind::RsaPublicKey => match RsaKey::read(der) {
                Some(key) => Identity::of_rsa(&key),
                None => return Err(document.instead(EXPECTED)),
            },
            _ => continue,
        });
    }
    if !all_certificates(document)?.is_empty() {
        found.push(Identity::of(&leaf_of(document)?.key));
    }
    let first = found.pop().ok_or_else(|| document.instead(EXPECTED))?;
    if found.iter().any(|other| *other != first) {
        return Err(ParseError::new(
            ParseErrorCode::WrongKind,
            "Expected one key, found several: give them one by one.",
        ));
    }
    Ok(first)
}
