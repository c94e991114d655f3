//! Distinguished names.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519;
use der::asn1::{PrintableString, SetOfVec, Utf8StringRef};
use der::{Any, Decode, Encode};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

/// Whom a certificate names. Empty parts are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    pub(crate) country: String,
    pub(crate) state: String,
    pub(crate) locality: String,
    pub(crate) organization: String,
    pub(crate) common_name: String,
}

impl Subject {
    /// The name in DER's order: the country first, the common name last.
    pub(crate) fn name(&self) -> der::Result<Name> {
        let parts = [
            (rfc4519::COUNTRY_NAME, &self.country),
            (rfc4519::ST, &self.state),
            (rfc4519::LOCALITY_NAME, &self.locality),
            (rfc4519::ORGANIZATION_NAME, &self.organization),
            (rfc4519::COMMON_NAME, &self.common_name),
        ];
        let mut sequence = RdnSequence::default();
        for (oid, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            let attribute = AttributeTypeAndValue {
                oid,
                value: directory_string(oid, value)?,
            };
            sequence.push(RelativeDistinguishedName::from(SetOfVec::try_from(vec![attribute])?));
        }
        // A Name is made of its encoding: the library offers no other way that needs no escaping.
        Name::from_der(&sequence.to_der()?)
    }
}

/// UTF-8, but for the country, which is a `PrintableString` (RFC 5280, appendix A.1).
fn directory_string(oid: ObjectIdentifier, value: &str) -> der::Result<Any> {
    if oid == rfc4519::COUNTRY_NAME {
        return Any::encode_from(&PrintableString::new(value)?);
    }
    Any::encode_from(&Utf8StringRef::new(value)?)
}
