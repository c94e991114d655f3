//! Extensions (RFC 5280, 4.2): here those that rules look at, as values; in `describe` all others, as text.
//!
//! One that is unknown or cannot be read is shown as hex. Whether an extension may be asked for is for rules to say.

mod describe;

use std::borrow::Cow;

use der::{
    BitString, DerError, Element, Integer, Reader, hex,
    oid::{self, Oid},
    tag,
};
use serde::Serialize;

use crate::x509::general_name::{GeneralName, listed};

/// An extension of a certificate, or one that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Extension {
    /// Dotted.
    pub oid: Cow<'static, str>,
    /// `subjectAltName` …, if the OID is a known one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// Whether a program that does not know the extension has to reject the certificate.
    pub critical: bool,
    /// Readable text; of an unknown or unreadable extension its octets in hex.
    pub value: String,
}

/// An extension with its value, for those who judge it (RFC 5280, 4.1 and 4.2).
///
/// ```asn1
/// Extensions ::= SEQUENCE OF Extension           -- at least one
/// Extension ::= SEQUENCE {
///     extnID     OBJECT IDENTIFIER,
///     critical   BOOLEAN DEFAULT FALSE,
///     extnValue  OCTET STRING                    -- the DER of what extnID says
/// }
/// ```
#[derive(Clone, Debug)]
pub(crate) struct ParsedExtension<'a> {
    /// All of it.
    pub raw: &'a [u8],
    pub oid: Oid,
    pub critical: bool,
    /// What the OCTET STRING holds.
    pub content: &'a [u8],
    pub value: Value,
    /// Whether the content is what the definition says, from its first octet to its last.
    pub well_formed: bool,
}

/// The values that rules look at; all others are text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    SubjectAltName(Vec<GeneralName>),
    KeyUsage(Vec<&'static str>),
    ExtendedKeyUsage(Vec<Oid>),
    BasicConstraints {
        ca: bool,
        path_length: Option<String>,
    },
    /// `SubjectKeyIdentifier ::= OCTET STRING` (RFC 5280, 4.2.1.2), in hex.
    SubjectKeyIdentifier(String),
    AuthorityKeyIdentifier(AuthorityKeyIdentifier),
    Text(String),
    /// Not known here, or not readable.
    Unknown,
}

/// RFC 5280, 4.2.1.1. All in hex but for the issuer.
///
/// ```asn1
/// AuthorityKeyIdentifier ::= SEQUENCE {
///     keyIdentifier              [0] IMPLICIT OCTET STRING OPTIONAL,
///     authorityCertIssuer        [1] IMPLICIT GeneralNames OPTIONAL,
///     authorityCertSerialNumber  [2] IMPLICIT INTEGER OPTIONAL
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthorityKeyIdentifier {
    pub key: Option<String>,
    pub issuer: Vec<GeneralName>,
    pub serial: Option<String>,
}

/// The bits of a `KeyUsage`, in their order (RFC 5280, 4.2.1.3).
///
/// ```asn1
/// KeyUsage ::= BIT STRING                        -- the first bit is the highest of the first octet
/// ```
pub(crate) const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// Those that are text here and have at least one member each.
const HAVE_MEMBERS: [&str; 5] = [
    oid::CERTIFICATE_POLICIES,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::POLICY_MAPPINGS,
    oid::AUTHORITY_INFO_ACCESS,
];

impl<'a> ParsedExtension<'a> {
    /// Reads all of an `Extensions`, from its SEQUENCE.
    pub(crate) fn read_all(sequence: &Element<'a>) -> Result<Vec<Self>, DerError> {
        sequence.inside().all_as("an extension", Self::read)
    }

    pub(crate) fn read(element: &Element<'a>) -> Result<Self, DerError> {
        if element.tag != tag::SEQUENCE {
            return Err(DerError::new(
                "an extension",
                tag::describe(element.tag),
                element.offset,
            ));
        }
        let mut fields = element.inside();
        let oid = Oid::read(fields.content(tag::OID, "the OID of an extension")?);
        let critical = fields
            .optional(tag::BOOLEAN)?
            .is_some_and(|flag| flag.content.iter().any(|&octet| octet != 0));
        let content = fields.content(tag::OCTET_STRING, "the value of an extension")?;
        let mut reader = Reader::new(content);
        let value = Value::read(&oid, &mut reader);
        let well_formed = match value {
            Ok(Value::Unknown) => true,
            // Each of them has at least one.
            Ok(Value::SubjectAltName(ref names)) if names.is_empty() => false,
            Ok(Value::ExtendedKeyUsage(ref purposes)) if purposes.is_empty() => false,
            Ok(Value::KeyUsage(ref usages)) if usages.is_empty() => false,
            Ok(Value::Text(ref text)) if text.is_empty() => !HAVE_MEMBERS.contains(&&*oid),
            Ok(_) => reader.is_empty(),
            Err(_) => false,
        };
        Ok(Self {
            raw: element.raw,
            oid,
            critical,
            content,
            value: value.unwrap_or(Value::Unknown),
            well_formed,
        })
    }

    pub(crate) fn describe(self) -> Extension {
        Extension {
            name: self.oid.name,
            critical: self.critical,
            value: self.value.text().unwrap_or_else(|| hex(self.content)),
            oid: self.oid.dotted,
        }
    }
}

impl Value {
    fn read(oid: &str, reader: &mut Reader<'_>) -> Result<Self, DerError> {
        match oid {
            oid::SUBJECT_ALT_NAME => names(reader).map(Self::SubjectAltName),
            oid::KEY_USAGE => usages(reader).map(Self::KeyUsage),
            oid::EXTENDED_KEY_USAGE => purposes(reader).map(Self::ExtendedKeyUsage),
            oid::BASIC_CONSTRAINTS => basic_constraints(reader),
            oid::SUBJECT_KEY_IDENTIFIER => reader
                .expect(tag::OCTET_STRING, "an identifier")
                .map(|id| Self::SubjectKeyIdentifier(hex(id.content))),
            oid::AUTHORITY_KEY_IDENTIFIER => authority_key_identifier(reader).map(Self::AuthorityKeyIdentifier),
            _ => describe::describe(oid, reader).map_or(Ok(Self::Unknown), |text| text.map(Self::Text)),
        }
    }

    /// In words; None for what is shown as hex.
    fn text(&self) -> Option<String> {
        Some(match self {
            Self::SubjectAltName(names) => listed(names),
            Self::KeyUsage(usages) => usages.join(", "),
            Self::ExtendedKeyUsage(purposes) => purposes.iter().map(Oid::words).collect::<Vec<_>>().join(", "),
            Self::BasicConstraints { ca, path_length } => {
                let ca = if *ca { "CA:TRUE" } else { "CA:FALSE" };
                path_length
                    .as_ref()
                    .map_or_else(|| ca.to_owned(), |length| format!("{ca}, pathlen:{length}"))
            }
            Self::SubjectKeyIdentifier(id) => id.clone(),
            Self::AuthorityKeyIdentifier(id) => {
                let key = id.key.as_ref().map(|key| format!("keyid:{key}"));
                let issuer = (!id.issuer.is_empty()).then(|| format!("issuer:{}", listed(&id.issuer)));
                let serial = id.serial.as_ref().map(|serial| format!("serial:{serial}"));
                [key, issuer, serial]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            Self::Text(text) => text.clone(),
            Self::Unknown => return None,
        })
    }
}

/// RFC 5280, 4.2.1.6.
///
/// ```asn1
/// SubjectAltName ::= GeneralNames
/// ```
fn names(reader: &mut Reader<'_>) -> Result<Vec<GeneralName>, DerError> {
    GeneralName::read_all(reader.inner(tag::SEQUENCE, "a list of names")?)
}

fn usages(reader: &mut Reader<'_>) -> Result<Vec<&'static str>, DerError> {
    let bits = BitString::of(&reader.expect(tag::BIT_STRING, "key usages")?)?;
    Ok(KEY_USAGES
        .iter()
        .enumerate()
        .filter(|&(index, _)| bits.bit(index))
        .map(|(_, usage)| *usage)
        .collect())
}

/// RFC 5280, 4.2.1.12.
///
/// ```asn1
/// ExtKeyUsageSyntax ::= SEQUENCE OF OBJECT IDENTIFIER   -- at least one
/// ```
fn purposes(reader: &mut Reader<'_>) -> Result<Vec<Oid>, DerError> {
    let mut list = reader.inner(tag::SEQUENCE, "a list of purposes")?;
    let mut purposes = Vec::new();
    while !list.is_empty() {
        purposes.push(Oid::read(list.content(tag::OID, "a purpose")?));
    }
    Ok(purposes)
}

/// RFC 5280, 4.2.1.9.
///
/// ```asn1
/// BasicConstraints ::= SEQUENCE {
///     cA                 BOOLEAN DEFAULT FALSE,
///     pathLenConstraint  INTEGER OPTIONAL        -- at least 0
/// }
/// ```
fn basic_constraints(reader: &mut Reader<'_>) -> Result<Value, DerError> {
    let mut fields = reader.inner(tag::SEQUENCE, "basic constraints")?;
    let ca = fields
        .optional(tag::BOOLEAN)?
        .is_some_and(|flag| flag.content.iter().any(|&octet| octet != 0));
    let path_length = fields.optional(tag::INTEGER)?.map(|length| Integer::of(&length));
    at_end(&fields, "basic constraints")?;
    if path_length.is_some_and(Integer::is_negative) {
        return Err(DerError::new("a path length", "one below 0", fields.offset()));
    }
    let path_length = path_length.map(Integer::to_decimal);
    Ok(Value::BasicConstraints { ca, path_length })
}

/// Nothing follows the fields of a structure.
fn at_end(fields: &Reader<'_>, expected: &'static str) -> Result<(), DerError> {
    if fields.is_empty() {
        Ok(())
    } else {
        Err(DerError::new(expected, "more than there is in it", fields.offset()))
    }
}

fn authority_key_identifier(reader: &mut Reader<'_>) -> Result<AuthorityKeyIdentifier, DerError> {
    let mut fields = reader.inner(tag::SEQUENCE, "an authority key identifier")?;
    let key = fields.optional(tag::context(0))?.map(|id| hex(id.content));
    let issuer = match fields.optional(tag::context_constructed(1))? {
        Some(names) => GeneralName::read_all(names.inside())?,
        None => Vec::new(),
    };
    let serial = fields
        .optional(tag::context(2))?
        .map(|serial| Integer::of(&serial).to_hex());
    at_end(&fields, "an authority key identifier")?;
    Ok(AuthorityKeyIdentifier { key, issuer, serial })
}

/// The names of the subjectAltName.
pub(crate) fn alternative_names<'a>(extensions: &'a [ParsedExtension<'_>]) -> impl Iterator<Item = &'a GeneralName> {
    let mut all = Vec::new();
    for extension in extensions {
        if let Value::SubjectAltName(names) = &extension.value {
            all.extend(names);
        }
    }
    all.into_iter()
}

/// The usages of the first keyUsage extension.
pub(crate) fn key_usage(extensions: &[ParsedExtension<'_>]) -> Option<Vec<&'static str>> {
    extensions.iter().find_map(|extension| match &extension.value {
        Value::KeyUsage(usages) => Some(usages.clone()),
        _ => None,
    })
}

/// The purposes of the first extendedKeyUsage extension, by name where they have one.
pub(crate) fn extended_key_usage(extensions: &[ParsedExtension<'_>]) -> Option<Vec<String>> {
    extensions.iter().find_map(|extension| match &extension.value {
        Value::ExtendedKeyUsage(purposes) => Some(purposes.iter().map(|oid| oid.words().to_owned()).collect()),
        _ => None,
    })
}
