//! A certificate or a request that a new request is to be like.

use der::{Reader, oid, tag, writer::sequence};

use super::extensions::RequestedExtension;
use crate::{
    bundle::leaf_of,
    error::{ParseError, ParseErrorCode},
    paste::{input::Input, kind::PastedKind},
    x509::csr::CertificationRequest,
};

/// What a certificate has of what a request for it asked for. All else in it is the certificate authority's.
const OF_CERTIFICATES: [&str; 4] = [
    oid::SUBJECT_ALT_NAME,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::TLS_FEATURE,
];

/// The subject and the extensions of a certificate or a request, as they are encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    pub(super) subject: Vec<u8>,
    pub(super) extensions: Vec<RequestedExtension>,
}

impl Default for Like {
    /// An empty subject, and no extensions.
    fn default() -> Self {
        Self {
            subject: sequence(&[]),
            extensions: Vec::new(),
        }
    }
}

impl Like {
    /// Of a request, a certificate, or the leaf of a bundle.
    ///
    /// # Errors
    /// When the input holds none of them, or several requests or leaves, or there is a private key.
    pub fn read(input: &Input<'_>) -> Result<Self, ParseError> {
        let document = input.read()?;
        let mut requests = document.blocks.iter().filter(|block| block.kind == PastedKind::Request);
        if let Some(block) = requests.next() {
            if requests.any(|other| other.der != block.der) {
                return Err(ParseError::new(
                    ParseErrorCode::WrongKind,
                    "Expected one certificate request in `like`, found several: give the one that is meant.",
                ));
            }
            return Self::of_request(&CertificationRequest::read(&block.der)?);
        }
        let leaf = leaf_of(&document)?;
        let extensions = leaf.extensions.iter();
        Ok(Self {
            subject: leaf.subject_der.to_vec(),
            extensions: extensions
                .filter(|extension| OF_CERTIFICATES.contains(&extension.oid.as_str()))
                .map(RequestedExtension::of)
                .collect(),
        })
    }

    fn of_request(request: &CertificationRequest<'_>) -> Result<Self, ParseError> {
        if request.extensions_malformed {
            return Err(ParseError::new(
                ParseErrorCode::Der,
                "The request in `like` asks for extensions that cannot be read, and that would be lost.",
            ));
        }
        let mut fields =
            Reader::new(request.signed.message).inner(tag::SEQUENCE, "the signed part of a certificate request")?;
        fields.any("the version of a certificate request")?;
        Ok(Self {
            subject: fields.any("the subject of a certificate request")?.raw.to_vec(),
            extensions: request.extensions.iter().map(RequestedExtension::of).collect(),
        })
    }
}
