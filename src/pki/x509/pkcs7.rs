//! The certificates inside a PKCS #7 `SignedData` (RFC 5652, 5.1), which is how `p7b` files carry them.

use der::{
    DerError, Reader,
    oid::{self, Oid},
    tag,
};

use crate::x509::certificate::is_certificate;

/// The DER of each certificate, in the order of the file. What a `p7b` has no use for, digests and signers, is passed over.
///
/// ```asn1
/// ContentInfo ::= SEQUENCE {                     -- RFC 5652, 3
///     contentType  OBJECT IDENTIFIER,            -- signedData
///     content      [0] EXPLICIT SignedData
/// }
/// SignedData ::= SEQUENCE {                      -- RFC 5652, 5.1
///     version           INTEGER,
///     digestAlgorithms  SET OF AlgorithmIdentifier,        -- empty in a p7b
///     encapContentInfo  SEQUENCE { … },                    -- without content in a p7b
///     certificates      [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
///     crls              [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
///     signerInfos       SET OF SignerInfo                  -- empty in a p7b
/// }
/// ```
pub(crate) fn certificates(bytes: &[u8]) -> Result<Vec<&[u8]>, DerError> {
    let root = Reader::new(bytes).expect(tag::SEQUENCE, "a PKCS #7 bundle")?;
    let mut fields = root.inside();
    let content_type = fields.expect(tag::OID, "the type of a PKCS #7 bundle")?;
    if Oid::read(content_type.content) != oid::SIGNED_DATA {
        return Err(DerError::new(
            "PKCS #7 signed data",
            "another content type",
            content_type.offset,
        ));
    }
    let content = fields.expect(tag::context_constructed(0), "the content of a PKCS #7 bundle")?;
    let mut fields = content.inside().inner(tag::SEQUENCE, "PKCS #7 signed data")?;
    fields.expect(tag::INTEGER, "a version")?;
    fields.expect(tag::SET, "the digest algorithms")?;
    fields.expect(tag::SEQUENCE, "the signed content")?;
    match fields.optional(tag::context_constructed(0))? {
        // The set may hold other things, such as attribute certificates.
        Some(set) => Ok(set
            .inside()
            .all("a certificate")?
            .iter()
            .filter(|member| is_certificate(member))
            .map(|m| m.raw)
            .collect()),
        None => Ok(Vec::new()),
    }
}
