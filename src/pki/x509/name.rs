//! Distinguished names (RFC 5280, 4.1.2.4).

use std::borrow::Cow;

use der::{
    DerError, Element, Reader, StringType, Text,
    oid::{self, Oid},
    tag,
};
use serde::Serialize;

use crate::x509::punycode;

/// A distinguished name: the usual attributes by name, and all of them in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Name {
    /// CN; the first, as are all of these, when there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_name: Option<String>,
    /// O.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<String>,
    /// OU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizational_unit: Option<String>,
    /// L.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// ST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// emailAddress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Every attribute, in the order of the encoding.
    pub attributes: Vec<NameAttribute>,
}

/// One attribute of a distinguished name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct NameAttribute {
    /// Dotted.
    pub oid: Cow<'static, str>,
    /// The long name, `organizationName`, if the OID is a known one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// As Unicode text, whatever it was encoded in; what is not text is a `#` and its DER in hex.
    pub value: String,
    /// A host name that has international labels, in its displayable form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unicode: Option<String>,
    /// What it was encoded in.
    pub string_type: StringType,
    /// Which relative distinguished name it belongs to, from 0: attributes with the same number share one.
    pub rdn: usize,
    /// Whether the octets are ones that the string type allows.
    #[serde(skip)]
    pub(crate) well_formed: bool,
}

impl Name {
    /// Reads a `Name` from its SEQUENCE (RFC 5280, 4.1.2.4 and A.1).
    ///
    /// ```asn1
    /// Name ::= SEQUENCE OF RelativeDistinguishedName            -- may be empty
    /// RelativeDistinguishedName ::= SET OF AttributeTypeAndValue  -- nearly always one
    /// AttributeTypeAndValue ::= SEQUENCE {
    ///     type   OBJECT IDENTIFIER,
    ///     value  ANY                                 -- nearly always a DirectoryString
    /// }
    /// DirectoryString ::= CHOICE {                   -- each of at least one character
    ///     teletexString    TeletexString,            -- the same as T61String
    ///     printableString  PrintableString,
    ///     universalString  UniversalString,
    ///     utf8String       UTF8String,
    ///     bmpString        BMPString
    /// }
    /// ```
    pub(crate) fn read(sequence: &Element<'_>) -> Result<Self, DerError> {
        let mut attributes = Vec::new();
        let mut rdns = sequence.inside();
        let mut rdn = 0_usize;
        while !rdns.is_empty() {
            let mut members = rdns.inner(tag::SET, "a SET of attributes in a name")?;
            while !members.is_empty() {
                let member = members.expect(tag::SEQUENCE, "an attribute of a name")?;
                attributes.push(NameAttribute::read(&member, rdn)?);
            }
            rdn = rdn.saturating_add(1);
        }
        let mut name = Self::default();
        for attribute in &attributes {
            let field = match &*attribute.oid {
                oid::COMMON_NAME => &mut name.common_name,
                oid::ORGANIZATION => &mut name.organization_name,
                oid::ORGANIZATIONAL_UNIT => &mut name.organizational_unit,
                oid::LOCALITY => &mut name.locality,
                oid::STATE => &mut name.state,
                oid::COUNTRY => &mut name.country,
                oid::EMAIL => &mut name.email,
                _ => continue,
            };
            field.get_or_insert_with(|| attribute.value.clone());
        }
        Ok(Self { attributes, ..name })
    }

    /// RFC 5280, 7.1: case, string type and the amount of white space make no difference.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.attributes.len() == other.attributes.len() && self.is_below(other)
    }

    /// The same text for all names that are the same, and for no other.
    pub(crate) fn folded(&self) -> String {
        let mut folded = String::new();
        for attribute in &self.attributes {
            folded.push_str(&attribute.oid);
            folded.push('=');
            for word in attribute.value.split_whitespace() {
                folded.push_str(&word.to_ascii_lowercase());
                folded.push(' ');
            }
            // White space is in no word.
            folded.push('\n');
        }
        folded
    }

    /// Whether it begins with all of the other's attributes.
    pub(crate) fn is_below(&self, other: &Self) -> bool {
        let is_same = |(a, b): (&NameAttribute, &NameAttribute)| a.oid == b.oid && has_same_words(&a.value, &b.value);
        self.attributes.len() >= other.attributes.len() && self.attributes.iter().zip(&other.attributes).all(is_same)
    }

    /// The values of one kind of attribute.
    pub(crate) fn values<'a>(&'a self, oid: &'a str) -> impl Iterator<Item = &'a NameAttribute> {
        self.attributes.iter().filter(move |attribute| attribute.oid == oid)
    }
}

fn has_same_words(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.split_whitespace(), b.split_whitespace());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            _ => return false,
        }
    }
}

impl core::fmt::Display for Name {
    /// One line in the order of the encoding: `C=US, O=Example Inc., CN=example.com`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut previous = None;
        for attribute in &self.attributes {
            match previous {
                None => {}
                Some(rdn) if rdn == attribute.rdn => f.write_str(" + ")?,
                Some(_) => f.write_str(", ")?,
            }
            previous = Some(attribute.rdn);
            write!(f, "{}={}", attribute.keyword(), escaped(&attribute.value))?;
        }
        Ok(())
    }
}

/// With a backslash before what would look like the end of a value (RFC 4514, 2.4).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

impl NameAttribute {
    fn read(sequence: &Element<'_>, rdn: usize) -> Result<Self, DerError> {
        let mut fields: Reader<'_> = sequence.inside();
        let oid = Oid::read(fields.content(tag::OID, "the type of an attribute")?);
        let mut text = Text::read(&fields.any("the value of an attribute")?);
        if oid == oid::CHALLENGE_PASSWORD {
            // It belongs among the attributes, whose values are not shown; a slip in a configuration puts it here.
            "(not shown)".clone_into(&mut text.value);
        }
        Ok(Self {
            name: oid.name,
            unicode: punycode::to_unicode(&text.value),
            oid: oid.dotted,
            value: text.value,
            string_type: text.string_type,
            rdn,
            well_formed: text.well_formed,
        })
    }

    /// Whether its octets are no text at all, so that `OpenSSL` refuses the name; in other types they are Latin-1 to it.
    pub(crate) fn is_undecodable(&self) -> bool {
        use StringType::{BmpString, UniversalString, Utf8String};
        !self.well_formed && matches!(self.string_type, Utf8String | BmpString | UniversalString)
    }

    /// `CN`, the long name, or the OID.
    fn keyword(&self) -> &str {
        match &*self.oid {
            oid::COMMON_NAME => "CN",
            oid::ORGANIZATION => "O",
            oid::ORGANIZATIONAL_UNIT => "OU",
            oid::LOCALITY => "L",
            oid::STATE => "ST",
            oid::COUNTRY => "C",
            _ => self.name.unwrap_or(&self.oid),
        }
    }
}
