//! The subject of a new request.

use der::{
    Reader, find, is_printable, oid, tag,
    writer::{element, object_identifier, sequence},
};

use crate::x509::name::Name;

const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;

/// An attribute that a subject can be given.
struct Kind {
    oid: &'static str,
    /// What its values are written in.
    string_type: u8,
    /// Whether there may be more than one.
    several: bool,
}

impl Kind {
    /// What a value has to be that the string type cannot hold.
    fn refuses(&self, value: &str) -> Option<&'static str> {
        match self.string_type {
            PRINTABLE_STRING if !value.bytes().all(is_printable) => {
                Some("of ASCII's letters and digits, spaces and '()+,-./:=?, as all that a PrintableString can have")
            }
            IA5_STRING if !value.is_ascii() => Some("in ASCII, a host name with other characters in its xn-- form"),
            _ => None,
        }
    }
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
    /// The names of all fields.
    pub const FIELDS: &[&str] = FIELDS;

    /// Whether there may be more than one of a field.
    #[must_use]
    pub fn has_several(field: &str) -> bool {
        let mut kinds = FIELDS.iter().zip(KINDS);
        kinds.any(|(known, kind)| *known == field && kind.several)
    }

    /// Of values by the names of their fields; a name that is not one adds nothing.
    #[must_use]
    pub fn new<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let place = |field: &str| FIELDS.iter().position(|known| *known == field);
        let values = values
            .into_iter()
            .filter_map(|(field, value)| Some((place(field)?, value)));
        Self {
            values: values.collect(),
        }
    }

    /// Each value with its field, and with what it has to be where it cannot be written.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, &str, Option<&'static str>)> {
        self.values.iter().map(|(place, value)| {
            let field = FIELDS.get(*place).copied().unwrap_or_default();
            let expected = if find::has(value, char::REPLACEMENT_CHARACTER) {
                // It is what half of a pair of UTF-16 becomes on its way here, too.
                Some("text without characters that are lost: U+FFFD, or half of a surrogate pair")
            } else {
                KINDS.get(*place).and_then(|kind| kind.refuses(value.trim()))
            };
            (format!("subject.{field}"), value.as_str(), expected)
        })
    }

    /// The field of the attribute at a place in an encoded `Name`, which is called `subject.attributes[3]` where it is read.
    pub(super) fn field_at(name: &[u8], place: &str) -> Option<String> {
        let index: usize = place
            .strip_prefix("subject.attributes[")?
            .strip_suffix(']')?
            .parse()
            .ok()?;
        let name = Name::read(&Reader::new(name).any("").ok()?).ok()?;
        let attribute = name.attributes.get(index)?;
        let at = KINDS.iter().position(|kind| kind.oid == attribute.oid)?;
        Some(["subject.", FIELDS.get(at)?].concat())
    }

    /// The `Name`. A common name that is a host name is written as `host` has it.
    pub(super) fn write(&self, host: impl Fn(&str) -> Option<String>) -> Vec<u8> {
        let mut rdns = Vec::new();
        for (place, kind) in KINDS.iter().enumerate() {
            // Each line of an address is a value.
            let ends = |c: char| kind.oid == oid::STREET_ADDRESS && matches!(c, '\n' | '\r');
            let of_kind = self.values.iter().filter(|(at, _)| *at == place);
            for value in of_kind.flat_map(|(_, lines)| lines.split(ends)) {
                let mut value = value.trim().to_owned();
                if kind.oid == oid::COMMON_NAME {
                    value = host(&value).unwrap_or(value);
                }
                if value.is_empty() {
                    continue;
                }
                let value = element(kind.string_type, &[value.into_bytes()]);
                let attribute = sequence(&[object_identifier(kind.oid), value]);
                rdns.push(element(tag::SET, &[attribute]));
            }
        }
        sequence(&rdns)
    }
}
