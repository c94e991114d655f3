//! The subject of a new request.

use core::fmt;

use der::{
    oid, tag,
    writer::{element, object_identifier, sequence},
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;

/// An attribute that a subject can be given.
struct Kind {
    oid: &'static str,
    /// What ASCII is written in; all else is in a `UTF8String`.
    string_type: u8,
    /// Whether there may be more than one.
    several: bool,
}

/// Declares the attributes, each once, in the order in which they are written: from the country down to the name, as
/// OpenSSL asks for them, and what EV certificates have in front of them.
macro_rules! attributes {
    ($($field:literal = $oid:ident $string_type:ident $several:literal,)*) => {
        const FIELDS: &[&str] = &[$($field),*];
        const KINDS: &[Kind] = &[$(Kind { oid: oid::$oid, string_type: $string_type, several: $several }),*];
    };
}

attributes! {
    "domainComponent" = DOMAIN_COMPONENT IA5_STRING true,
    "jurisdictionCountry" = JURISDICTION_COUNTRY PRINTABLE_STRING false,
    "jurisdictionState" = JURISDICTION_STATE UTF8_STRING false,
    "jurisdictionLocality" = JURISDICTION_LOCALITY UTF8_STRING false,
    "businessCategory" = BUSINESS_CATEGORY UTF8_STRING false,
    "serialNumber" = SERIAL_NUMBER PRINTABLE_STRING false,
    "country" = COUNTRY PRINTABLE_STRING false,
    "state" = STATE UTF8_STRING false,
    "locality" = LOCALITY UTF8_STRING false,
    "postalCode" = POSTAL_CODE UTF8_STRING false,
    "streetAddress" = STREET_ADDRESS UTF8_STRING true,
    "organizationName" = ORGANIZATION UTF8_STRING false,
    "organizationIdentifier" = ORGANIZATION_IDENTIFIER UTF8_STRING false,
    "organizationalUnit" = ORGANIZATIONAL_UNIT UTF8_STRING true,
    "commonName" = COMMON_NAME UTF8_STRING false,
    "email" = EMAIL IA5_STRING false,
}

/// The attributes of a new subject, by the names of their fields. Those that are absent or empty are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedSubject {
    /// The place of each in `KINDS`, and its value.
    values: Vec<(usize, String)>,
}

impl RequestedSubject {
    /// Of values by the names of their fields; a name that is not one adds nothing.
    #[must_use]
    pub fn new<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let place = |field: &str| FIELDS.iter().position(|known| *known == field);
        let values = values
            .into_iter()
            .filter_map(|(field, value)| Some((place(field)?, value.to_owned())));
        Self {
            values: values.collect(),
        }
    }

    /// Each value with its field.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, &str)> {
        self.values.iter().map(|(place, value)| {
            let field = FIELDS.get(*place).copied().unwrap_or_default();
            (format!("subject.{field}"), value.as_str())
        })
    }

    /// The `Name`. A common name that is a host name is written as `host` has it.
    pub(super) fn write(&self, host: impl Fn(&str) -> Option<String>) -> Vec<u8> {
        let mut rdns = Vec::new();
        for (place, kind) in KINDS.iter().enumerate() {
            for (_, value) in self.values.iter().filter(|(at, _)| *at == place) {
                let mut value = value.trim().to_owned();
                if kind.oid == oid::COMMON_NAME {
                    value = host(&value).unwrap_or(value);
                }
                if value.is_empty() {
                    continue;
                }
                let string_type = if value.is_ascii() {
                    kind.string_type
                } else {
                    UTF8_STRING
                };
                let value = element(string_type, &[value.into_bytes()]);
                let attribute = sequence(&[object_identifier(kind.oid), value]);
                rdns.push(element(tag::SET, &[attribute]));
            }
        }
        sequence(&rdns)
    }
}

impl<'de> Deserialize<'de> for RequestedSubject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Subject", FIELDS, OfSubject)
    }
}

struct OfSubject;

impl<'de> Visitor<'de> for OfSubject {
    type Value = RequestedSubject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RequestedSubject, A::Error> {
        let mut subject = RequestedSubject::default();
        while let Some(field) = map.next_key::<String>()? {
            let place = FIELDS.iter().position(|known| *known == field).unwrap_or_default();
            let several = KINDS.get(place).is_some_and(|kind| kind.several);
            let values = if several {
                map.next_value::<Option<Several>>()?.map(|Several(values)| values)
            } else {
                map.next_value::<Option<String>>()?.map(|value| vec![value])
            };
            let values = values.unwrap_or_default().into_iter();
            subject.values.extend(values.map(|value| (place, value)));
        }
        Ok(subject)
    }
}

/// One text, or a list of them.
struct Several(Vec<String>);

impl<'de> Deserialize<'de> for Several {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfSeveral)
    }
}

struct OfSeveral;

impl<'de> Visitor<'de> for OfSeveral {
    type Value = Several;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<Several, E> {
        Ok(Several(vec![text.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Several, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Several(values))
    }
}
