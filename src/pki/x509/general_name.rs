//! General names (RFC 5280, 4.2.1.6), and the alternative names as lists.

use der::{DerError, Element, Reader, Text, hex, oid::Oid, tag};
use serde::Serialize;

use crate::x509::{address::Address, name::Name, punycode};

/// The alternative names of a subject, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct SubjectAltNames {
    /// As encoded: international names are in their `xn--` form here.
    pub dns: Vec<String>,
    /// `192.0.2.1`, and RFC 5952's form of IPv6, `2001:db8::1`.
    pub ip: Vec<String>,
    /// Email addresses.
    pub email: Vec<String>,
    /// URIs.
    pub uri: Vec<String>,
    /// All other kinds as `kind:value`: `directoryName:CN=example`, `registeredID:1.2.3`, `otherName:OID:value` …
    pub other: Vec<String>,
    /// The displayable form of those DNS names that have one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub international: Vec<InternationalName>,
}

/// An international host name in both forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct InternationalName {
    /// `xn--bcher-kva.example`
    pub ascii: String,
    /// `bücher.example`
    pub unicode: String,
}

/// One general name (RFC 5280, 4.2.1.6).
///
/// ```asn1
/// GeneralNames ::= SEQUENCE OF GeneralName       -- at least one
/// GeneralName ::= CHOICE {
///     otherName                  [0] IMPLICIT SEQUENCE {
///         type-id  OBJECT IDENTIFIER,
///         value    [0] EXPLICIT ANY
///     },
///     rfc822Name                 [1] IMPLICIT IA5String,
///     dNSName                    [2] IMPLICIT IA5String,
///     x400Address                [3] IMPLICIT ORAddress,
///     directoryName              [4] EXPLICIT Name,          -- as a CHOICE always is
///     ediPartyName               [5] IMPLICIT EDIPartyName,
///     uniformResourceIdentifier  [6] IMPLICIT IA5String,
///     iPAddress                  [7] IMPLICIT OCTET STRING,  -- 4 octets or 16
///     registeredID               [8] IMPLICIT OBJECT IDENTIFIER
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GeneralName {
    Dns(String),
    Ip(Address),
    Email(String),
    Uri(String),
    DirectoryName(Name),
    RegisteredId(Oid),
    OtherName { oid: Oid, value: String },
    X400Address(String),
    EdiPartyName(String),
}

impl GeneralName {
    /// Reads all names of a `GeneralNames`.
    pub(crate) fn read_all(names: Reader<'_>) -> Result<Vec<Self>, DerError> {
        names.all_as("a name", Self::read)
    }

    pub(crate) fn read(element: &Element<'_>) -> Result<Self, DerError> {
        let text = || Text::ascii(element.content);
        Ok(match element.tag {
            0xa0 => {
                let mut fields = element.inside();
                let oid = Oid::read(fields.content(tag::OID, "the type of an otherName")?);
                let mut value = fields.inner(tag::context_constructed(0), "the value of an otherName")?;
                Self::OtherName {
                    oid,
                    value: Text::read(&value.any("the value of an otherName")?).value,
                }
            }
            0x81 => Self::Email(text()),
            0x82 => Self::Dns(text()),
            0xa3 => Self::X400Address(hex(element.content)),
            // A CHOICE is tagged explicitly.
            0xa4 => Self::DirectoryName(Name::read(&element.inside().expect(tag::SEQUENCE, "a directoryName")?)?),
            0xa5 => Self::EdiPartyName(hex(element.content)),
            0x86 => Self::Uri(text()),
            0x87 => Self::Ip(Address::of(element.content)),
            0x88 => Self::RegisteredId(Oid::read(element.content)),
            _ => {
                return Err(DerError::new(
                    "a general name",
                    tag::describe(element.tag),
                    element.offset,
                ));
            }
        })
    }
}

impl core::fmt::Display for GeneralName {
    /// `kind:value`; the four common kinds go by their short names.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "DNS:{name}"),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Email(address) => write!(f, "email:{address}"),
            Self::Uri(uri) => write!(f, "URI:{uri}"),
            Self::DirectoryName(name) => write!(f, "directoryName:{name}"),
            Self::RegisteredId(oid) => write!(f, "registeredID:{oid}"),
            Self::OtherName { oid, value } => write!(f, "otherName:{}:{value}", oid.words()),
            Self::X400Address(octets) => write!(f, "x400Address:#{octets}"),
            Self::EdiPartyName(octets) => write!(f, "ediPartyName:#{octets}"),
        }
    }
}

/// Names one after the other, for people.
pub(crate) fn listed(names: &[GeneralName]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl SubjectAltNames {
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a GeneralName>) -> Self {
        let mut lists = Self::default();
        for name in names {
            match name {
                GeneralName::Dns(name) => {
                    if let Some(unicode) = punycode::to_unicode(name) {
                        lists.international.push(InternationalName {
                            ascii: name.clone(),
                            unicode,
                        });
                    }
                    lists.dns.push(name.clone());
                }
                GeneralName::Ip(address) => lists.ip.push(address.to_string()),
                GeneralName::Email(address) => lists.email.push(address.clone()),
                GeneralName::Uri(uri) => lists.uri.push(uri.clone()),
                other => lists.other.push(other.to_string()),
            }
        }
        lists
    }
}
