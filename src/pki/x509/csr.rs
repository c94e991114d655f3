//! Certificate signing requests (RFC 2986).

use std::borrow::Cow;

use der::{
    DerError, Element, Integer, Reader,
    oid::{self, Oid},
    pem, tag,
};
use serde::Serialize;

use crate::{
    error::ParseError,
    index::each,
    key::{
        algorithm::SignatureAlgorithm,
        public_key::{PublicKey, Spki},
    },
    paste::{document::Document, input::Input, kind::PastedKind},
    x509::{
        extension::{Extension, ParsedExtension, alternative_names, extended_key_usage, key_usage},
        general_name::{GeneralName, SubjectAltNames},
        name::Name,
        signed::Signed,
    },
};

/// A certificate signing request, decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Csr {
    /// As encoded: 0 is the only one that RFC 2986 has.
    pub version: i32,
    /// Who asks.
    pub subject: Name,
    /// From the requested extension; empty without it.
    pub subject_alt_names: SubjectAltNames,
    /// The key that the certificate is for.
    pub public_key: PublicKey,
    /// How the request was signed.
    pub signature_algorithm: SignatureAlgorithm,
    /// The extensions that the request asks for.
    pub extensions: Vec<Extension>,
    /// Requested key usages; absent when none are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_usage: Option<Vec<&'static str>>,
    /// Requested purposes by name, else by OID; absent when none are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_key_usage: Option<Vec<String>>,
    /// By name only: a value may be a secret, as challengePassword's is.
    pub attributes: Vec<CsrAttribute>,
    /// The request alone, in a frame of its own.
    pub pem: String,
}

/// An attribute of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct CsrAttribute {
    /// Dotted.
    pub oid: Cow<'static, str>,
    /// `challengePassword` …, if the OID is a known one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
}

/// A request as it is encoded (RFC 2986, 4).
///
/// ```asn1
/// CertificationRequest ::= SEQUENCE {
///     certificationRequestInfo  SEQUENCE {       -- what is signed
///         version        INTEGER,                -- 0, which means version 1
///         subject        Name,
///         subjectPKInfo  SubjectPublicKeyInfo,
///         attributes     [0] IMPLICIT SET OF Attribute   -- may be empty, but not left out
///     },
///     signatureAlgorithm        AlgorithmIdentifier,
///     signature                 BIT STRING
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct CertificationRequest<'a> {
    /// All of it, without what may follow.
    pub der: &'a [u8],
    pub signed: Signed<'a>,
    pub version: Integer<'a>,
    pub subject: Name,
    pub key: Spki<'a>,
    /// None when the field itself is missing.
    pub attributes: Option<Vec<Attribute<'a>>>,
    /// Of all the attributes that ask for extensions.
    pub extensions: Vec<ParsedExtension<'a>>,
    /// Whether an attribute that asks for extensions cannot be read.
    pub extensions_malformed: bool,
    /// How many bytes follow the request.
    pub trailing: usize,
}

/// An attribute with the SET of its values (RFC 2986, 4.1). The one that asks for extensions has an `Extensions` as its
/// only value (RFC 2985, 5.4.2).
///
/// ```asn1
/// Attribute ::= SEQUENCE {
///     type    OBJECT IDENTIFIER,
///     values  SET OF ANY                         -- at least one; of which type, `type` says
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct Attribute<'a> {
    pub oid: Oid,
    pub values: Element<'a>,
}

/// Decodes a request. Extensions and keys that cannot be read are left undecoded; [`crate::inspect::inspect_csr`] says so.
///
/// # Errors
/// When there is no request in the input, or there is a private key.
pub fn parse_csr(input: &Input<'_>) -> Result<Csr, ParseError> {
    let document = input.read()?;
    Ok(CertificationRequest::find(&document)?.describe())
}

impl<'a> CertificationRequest<'a> {
    /// Reads the first request of a document.
    pub(crate) fn find(document: &'a Document) -> Result<Self, ParseError> {
        let block = document.pick(PastedKind::Request, "a certificate request")?;
        Self::read(&block.der).map_err(|error| block.explained(error))
    }

    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(bytes);
        let root = reader.expect(tag::SEQUENCE, "a certificate request")?;
        let (signed, info) = Signed::read(&root, "the signed part of a certificate request")?;

        let mut fields = info.inside();
        let version = Integer::read(&mut fields, "the version of a certificate request")?;
        let subject = Name::read(&fields.expect(tag::SEQUENCE, "the subject of a certificate request")?)?;
        let key = Spki::read(&fields.expect(tag::SEQUENCE, "the public key of a certificate request")?)?;
        let attributes = match fields.optional(tag::context_constructed(0))? {
            Some(set) => Some(Attribute::read_all(&set)?),
            None => None,
        };
        let requested = requested_extensions(attributes.as_deref().unwrap_or_default());
        Ok(Self {
            der: root.raw,
            signed,
            version,
            subject,
            key,
            attributes,
            extensions_malformed: requested.malformed,
            extensions: requested.extensions,
            trailing: reader.rest().len(),
        })
    }

    /// The attributes, if there are any.
    pub(crate) fn attributes(&self) -> core::slice::Iter<'_, Attribute<'a>> {
        self.attributes.as_deref().unwrap_or_default().iter()
    }

    /// The names of the requested subjectAltName.
    pub(crate) fn alternative_names(&self) -> impl Iterator<Item = &GeneralName> {
        alternative_names(&self.extensions)
    }

    pub(crate) fn describe(self) -> Csr {
        Csr {
            version: self.version.version(),
            subject_alt_names: SubjectAltNames::of(self.alternative_names()),
            public_key: self.key.describe(),
            signature_algorithm: SignatureAlgorithm::of(&self.signed.algorithm),
            key_usage: key_usage(&self.extensions),
            extended_key_usage: extended_key_usage(&self.extensions),
            extensions: each(self.extensions, ParsedExtension::describe),
            attributes: each(self.attributes.unwrap_or_default(), Attribute::describe),
            pem: pem::write("CERTIFICATE REQUEST", self.der),
            subject: self.subject,
        }
    }
}

impl<'a> Attribute<'a> {
    fn read_all(set: &Element<'a>) -> Result<Vec<Self>, DerError> {
        set.inside().all_as("an attribute", Self::read)
    }

    fn read(element: &Element<'a>) -> Result<Self, DerError> {
        if element.tag != tag::SEQUENCE {
            return Err(DerError::new(
                "an attribute",
                tag::describe(element.tag),
                element.offset,
            ));
        }
        let mut fields = element.inside();
        let oid = Oid::read(fields.content(tag::OID, "the OID of an attribute")?);
        let values = fields.expect(tag::SET, "the values of an attribute")?;
        Ok(Self { oid, values })
    }

    fn describe(self) -> CsrAttribute {
        CsrAttribute {
            name: self.oid.name,
            oid: self.oid.dotted,
        }
    }

    pub(crate) fn asks_for_extensions(&self) -> bool {
        matches!(self.oid.as_str(), oid::EXTENSION_REQUEST | oid::MS_EXTENSION_REQUEST)
    }
}

/// The extensions of all attributes that ask for some. What cannot be read is left out, and does not lose the others.
fn requested_extensions<'a>(attributes: &[Attribute<'a>]) -> Requested<'a> {
    let mut requested = Requested::default();
    for attribute in attributes.iter().filter(|attribute| attribute.asks_for_extensions()) {
        if requested.add_all_of(attribute).is_err() {
            requested.malformed = true;
        }
    }
    requested
}

/// What a request asks for.
#[derive(Default)]
struct Requested<'a> {
    extensions: Vec<ParsedExtension<'a>>,
    /// Whether there is something that cannot be read.
    malformed: bool,
}

impl<'a> Requested<'a> {
    fn add_all_of(&mut self, attribute: &Attribute<'a>) -> Result<(), DerError> {
        let mut values = attribute.values.inside();
        while let Some(list) = values.optional(tag::SEQUENCE)? {
            let mut elements = list.inside();
            while !elements.is_empty() {
                match ParsedExtension::read(&elements.any("an extension")?) {
                    Ok(extension) => self.extensions.push(extension),
                    Err(_) => self.malformed = true,
                }
            }
        }
        Ok(())
    }
}
