//! What the definitions call the fields of requests, certificates and bundles.

use der::{Element, oid, tag};

/// What is known of the content of an element.
pub(super) enum Shape {
    /// Nothing.
    Any,
    /// These fields, in this order; one whose tag does not fit is absent.
    Fields(&'static [Field]),
    /// Any number of these, told apart by their tags.
    Each(&'static [Field]),
    /// The content of an OCTET STRING or BIT STRING is an element itself.
    Encoded,
}

/// A field: its name, its tag (0 for any), and what is in it.
pub(super) struct Field(pub &'static str, pub u8, pub &'static Shape);

impl Field {
    pub(super) fn fits(&self, element: &Element<'_>) -> bool {
        self.1 == 0 || self.1 == element.constructed_tag()
    }
}

use Shape::{Any, Each, Encoded, Fields};

const EXPLICIT_0: u8 = tag::context_constructed(0);
const EXPLICIT_1: u8 = tag::context_constructed(1);
const EXPLICIT_3: u8 = tag::context_constructed(3);

static ALGORITHM: Shape = Fields(&[Field("algorithm", tag::OID, &Any), Field("parameters", 0, &Any)]);
static NAME: Shape = Each(&[Field("relativeDistinguishedName", 0, &RDN)]);
static RDN: Shape = Each(&[Field("attributeTypeAndValue", 0, &TYPE_AND_VALUE)]);
static TYPE_AND_VALUE: Shape = Fields(&[Field("type", tag::OID, &Any), Field("value", 0, &Any)]);
pub(super) static SPKI: Shape = Fields(&[
    Field("algorithm", tag::SEQUENCE, &ALGORITHM),
    Field("subjectPublicKey", tag::BIT_STRING, &Encoded),
]);
static EXTENSIONS: Shape = Each(&[Field("extension", 0, &EXTENSION)]);
static EXTENSION: Shape = Fields(&[
    Field("extnID", tag::OID, &Any),
    Field("critical", tag::BOOLEAN, &Any),
    Field("extnValue", tag::OCTET_STRING, &Encoded),
]);
static ATTRIBUTE: Shape = Fields(&[Field("type", tag::OID, &Any), Field("values", tag::SET, &Any)]);
/// RFC 2986, 4.
pub(super) static REQUEST: Shape = Fields(&[
    Field(
        "certificationRequestInfo",
        tag::SEQUENCE,
        &Fields(&[
            Field("version", tag::INTEGER, &Any),
            Field("subject", tag::SEQUENCE, &NAME),
            Field("subjectPKInfo", tag::SEQUENCE, &SPKI),
            Field("attributes", EXPLICIT_0, &Each(&[Field("attribute", 0, &ATTRIBUTE)])),
        ]),
    ),
    Field("signatureAlgorithm", tag::SEQUENCE, &ALGORITHM),
    Field("signature", tag::BIT_STRING, &Any),
]);
/// RFC 5280, 4.1.
pub(super) static CERTIFICATE: Shape = Fields(&[
    Field(
        "tbsCertificate",
        tag::SEQUENCE,
        &Fields(&[
            Field("version", EXPLICIT_0, &Any),
            Field("serialNumber", tag::INTEGER, &Any),
            Field("signature", tag::SEQUENCE, &ALGORITHM),
            Field("issuer", tag::SEQUENCE, &NAME),
            Field(
                "validity",
                tag::SEQUENCE,
                &Fields(&[Field("notBefore", 0, &Any), Field("notAfter", 0, &Any)]),
            ),
            Field("subject", tag::SEQUENCE, &NAME),
            Field("subjectPublicKeyInfo", tag::SEQUENCE, &SPKI),
            Field("issuerUniqueID", tag::context(1), &Any),
            Field("subjectUniqueID", tag::context(2), &Any),
            Field("extensions", EXPLICIT_3, &Each(&[Field("extensions", 0, &EXTENSIONS)])),
        ]),
    ),
    Field("signatureAlgorithm", tag::SEQUENCE, &ALGORITHM),
    Field("signatureValue", tag::BIT_STRING, &Any),
]);
/// RFC 5652, 3 and 5.1.
pub(super) static BUNDLE: Shape = Fields(&[
    Field("contentType", tag::OID, &Any),
    Field(
        "content",
        EXPLICIT_0,
        &Each(&[Field(
            "signedData",
            tag::SEQUENCE,
            &Fields(&[
                Field("version", tag::INTEGER, &Any),
                Field("digestAlgorithms", tag::SET, &Any),
                Field("encapContentInfo", tag::SEQUENCE, &Any),
                Field(
                    "certificates",
                    EXPLICIT_0,
                    &Each(&[Field("certificate", tag::SEQUENCE, &CERTIFICATE)]),
                ),
                Field("crls", EXPLICIT_1, &Any),
                Field("signerInfos", tag::SET, &Any),
            ]),
        )]),
    ),
]);
/// RFC 5280, 4.2.1.6.
static GENERAL_NAMES: Shape = Each(&[
    Field("otherName", EXPLICIT_0, &Any),
    Field("rfc822Name", tag::context(1), &Any),
    Field("dNSName", tag::context(2), &Any),
    Field("x400Address", EXPLICIT_3, &Any),
    Field(
        "directoryName",
        tag::context_constructed(4),
        &Each(&[Field("rdnSequence", 0, &NAME)]),
    ),
    Field("ediPartyName", tag::context_constructed(5), &Any),
    Field("uniformResourceIdentifier", tag::context(6), &Any),
    Field("iPAddress", tag::context(7), &Any),
    Field("registeredID", tag::context(8), &Any),
]);

static REQUESTED: Shape = Each(&[Field("extensions", tag::SEQUENCE, &EXTENSIONS)]);
static BASIC_CONSTRAINTS: Shape = Fields(&[
    Field("cA", tag::BOOLEAN, &Any),
    Field("pathLenConstraint", tag::INTEGER, &Any),
]);
static PURPOSES: Shape = Each(&[Field("keyPurposeId", tag::OID, &Any)]);
static AUTHORITY_KEY_IDENTIFIER: Shape = Fields(&[
    Field("keyIdentifier", tag::context(0), &Any),
    Field("authorityCertIssuer", EXPLICIT_1, &GENERAL_NAMES),
    Field("authorityCertSerialNumber", tag::context(2), &Any),
]);

/// What an OID says of the elements that follow it: of the values of an attribute, or of an extension.
pub(super) fn said_by(oid: &str) -> &'static Shape {
    match oid {
        oid::EXTENSION_REQUEST | oid::MS_EXTENSION_REQUEST => &REQUESTED,
        oid::SUBJECT_ALT_NAME | oid::ISSUER_ALT_NAME => &GENERAL_NAMES,
        oid::BASIC_CONSTRAINTS => &BASIC_CONSTRAINTS,
        oid::EXTENDED_KEY_USAGE => &PURPOSES,
        oid::AUTHORITY_KEY_IDENTIFIER => &AUTHORITY_KEY_IDENTIFIER,
        _ => &Any,
    }
}
