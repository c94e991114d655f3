//! Object identifiers by name.

use core::{fmt, ops::Deref};
use std::{borrow::Cow, sync::LazyLock};

use super::der::{dotted, write::identifier_octets};

/// An object identifier: its dotted form, and its name if it is a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Oid {
    pub dotted: Cow<'static, str>,
    pub name: Option<&'static str>,
}

impl Oid {
    /// Reads an OID from its content. A known one is not written anew: a request has some fifteen of them.
    pub(crate) fn read(content: &[u8]) -> Self {
        static KNOWN: LazyLock<Vec<(Vec<u8>, Oid)>> = LazyLock::new(|| {
            let known = NAMES.iter().map(|&(dotted, name)| {
                let oid = Oid {
                    dotted: dotted.into(),
                    name: Some(name),
                };
                (identifier_octets(dotted), oid)
            });
            let mut known: Vec<_> = known.collect();
            known.sort_by(|(a, _), (b, _)| a.cmp(b));
            known
        });
        let place = KNOWN.binary_search_by(|(known, _)| known.as_slice().cmp(content));
        match place.ok().and_then(|place| KNOWN.get(place)) {
            Some((_, oid)) => oid.clone(),
            None => Self {
                dotted: dotted(content).into(),
                name: None,
            },
        }
    }

    /// The dotted form.
    pub(crate) fn as_str(&self) -> &str {
        &self.dotted
    }

    /// The name, else the dotted form.
    pub(crate) fn words(&self) -> &str {
        self.name.unwrap_or(&self.dotted)
    }
}

impl Deref for Oid {
    type Target = str;

    fn deref(&self) -> &str {
        &self.dotted
    }
}

impl PartialEq<&str> for Oid {
    fn eq(&self, other: &&str) -> bool {
        self.dotted == *other
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted)
    }
}

pub(crate) const COMMON_NAME: &str = "2.5.4.3";
pub(crate) const COUNTRY: &str = "2.5.4.6";
pub(crate) const LOCALITY: &str = "2.5.4.7";
pub(crate) const STATE: &str = "2.5.4.8";
pub(crate) const ORGANIZATION: &str = "2.5.4.10";
pub(crate) const ORGANIZATIONAL_UNIT: &str = "2.5.4.11";
pub(crate) const EMAIL: &str = "1.2.840.113549.1.9.1";

pub(crate) const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
pub(crate) const KEY_USAGE: &str = "2.5.29.15";
pub(crate) const SUBJECT_ALT_NAME: &str = "2.5.29.17";
pub(crate) const ISSUER_ALT_NAME: &str = "2.5.29.18";
pub(crate) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(crate) const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub(crate) const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
pub(crate) const CERTIFICATE_POLICIES: &str = "2.5.29.32";
pub(crate) const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
pub(crate) const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub(crate) const FRESHEST_CRL: &str = "2.5.29.46";
pub(crate) const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
pub(crate) const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
pub(crate) const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
pub(crate) const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";
pub(crate) const CT_POISON: &str = "1.3.6.1.4.1.11129.2.4.3";
pub(crate) const MS_TEMPLATE_NAME: &str = "1.3.6.1.4.1.311.20.2";
pub(crate) const MS_TEMPLATE: &str = "1.3.6.1.4.1.311.21.7";

pub(crate) const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub(crate) const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub(crate) const ANY_PURPOSE: &str = "2.5.29.37.0";

pub(crate) const CHALLENGE_PASSWORD: &str = "1.2.840.113549.1.9.7";
pub(crate) const EXTENSION_REQUEST: &str = "1.2.840.113549.1.9.14";
/// Microsoft's own number for the same attribute.
pub(crate) const MS_EXTENSION_REQUEST: &str = "1.3.6.1.4.1.311.2.1.14";

pub(crate) const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

pub(crate) const RSA: &str = "1.2.840.113549.1.1.1";
/// What X.500 called it.
pub(crate) const RSA_X500: &str = "2.5.8.1.1";
pub(crate) const RSA_PSS: &str = "1.2.840.113549.1.1.10";
pub(crate) const MGF1: &str = "1.2.840.113549.1.1.8";
pub(crate) const EC: &str = "1.2.840.10045.2.1";
pub(crate) const DSA: &str = "1.2.840.10040.4.1";
pub(crate) const ED25519: &str = "1.3.101.112";
pub(crate) const ED448: &str = "1.3.101.113";

pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub(crate) const SHA384: &str = "2.16.840.1.101.3.4.2.2";
pub(crate) const SHA512: &str = "2.16.840.1.101.3.4.2.3";

/// What is known of an OID by name: OpenSSL's long names for attributes and algorithms, RFC 5280's for the rest.
const NAMES: &[(&str, &str)] = &[
    // Attributes of names (RFC 4519, 5280, the EV guidelines)
    (COMMON_NAME, "commonName"),
    ("2.5.4.4", "surname"),
    ("2.5.4.5", "serialNumber"),
    (COUNTRY, "countryName"),
    (LOCALITY, "localityName"),
    (STATE, "stateOrProvinceName"),
    ("2.5.4.9", "streetAddress"),
    (ORGANIZATION, "organizationName"),
    (ORGANIZATIONAL_UNIT, "organizationalUnitName"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.16", "postalAddress"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.18", "postOfficeBox"),
    ("2.5.4.20", "telephoneNumber"),
    ("2.5.4.41", "name"),
    ("2.5.4.42", "givenName"),
    ("2.5.4.43", "initials"),
    ("2.5.4.44", "generationQualifier"),
    ("2.5.4.45", "x500UniqueIdentifier"),
    ("2.5.4.46", "dnQualifier"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.1", "userId"),
    ("0.9.2342.19200300.100.1.3", "rfc822Mailbox"),
    ("0.9.2342.19200300.100.1.25", "domainComponent"),
    (EMAIL, "emailAddress"),
    ("1.2.840.113549.1.9.2", "unstructuredName"),
    ("1.2.840.113549.1.9.8", "unstructuredAddress"),
    ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionLocalityName"),
    ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionStateOrProvinceName"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionCountryName"),
    ("1.3.6.1.4.1.311.20.2.3", "userPrincipalName"),
    ("1.3.6.1.5.2.2", "kerberosPrincipal"),
    ("1.3.6.1.5.5.7.8.5", "xmppAddr"),
    ("1.3.6.1.5.5.7.8.7", "dnsSRV"),
    ("1.3.6.1.5.5.7.8.9", "smtpUTF8Mailbox"),
    // Attributes of requests (RFC 2985, Microsoft's enrolment)
    ("1.2.840.113549.1.9.3", "contentType"),
    (CHALLENGE_PASSWORD, "challengePassword"),
    (EXTENSION_REQUEST, "extensionRequest"),
    ("1.2.840.113549.1.9.15", "smimeCapabilities"),
    ("1.2.840.113549.1.9.20", "friendlyName"),
    ("1.2.840.113549.1.9.21", "localKeyID"),
    ("1.3.6.1.4.1.311.2.1.14", "msExtensionRequest"),
    ("1.3.6.1.4.1.311.13.1", "renewalCertificate"),
    ("1.3.6.1.4.1.311.13.2.1", "enrollmentNameValuePair"),
    ("1.3.6.1.4.1.311.13.2.2", "enrollmentCspProvider"),
    ("1.3.6.1.4.1.311.13.2.3", "osVersion"),
    ("1.3.6.1.4.1.311.17.1", "keyProviderName"),
    ("1.3.6.1.4.1.311.21.20", "requestClientInfo"),
    ("1.3.6.1.5.5.7.7.5", "changePublicKey"),
    // Extensions (RFC 5280, 6962, 7633, Microsoft's templates)
    (SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
    (KEY_USAGE, "keyUsage"),
    ("2.5.29.16", "privateKeyUsagePeriod"),
    (SUBJECT_ALT_NAME, "subjectAltName"),
    (ISSUER_ALT_NAME, "issuerAltName"),
    (BASIC_CONSTRAINTS, "basicConstraints"),
    (NAME_CONSTRAINTS, "nameConstraints"),
    (CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints"),
    (CERTIFICATE_POLICIES, "certificatePolicies"),
    ("2.5.29.33", "policyMappings"),
    (AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
    ("2.5.29.36", "policyConstraints"),
    (EXTENDED_KEY_USAGE, "extendedKeyUsage"),
    (FRESHEST_CRL, "freshestCRL"),
    ("2.5.29.54", "inhibitAnyPolicy"),
    ("2.5.29.9", "subjectDirectoryAttributes"),
    (AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
    (SUBJECT_INFO_ACCESS, "subjectInfoAccess"),
    ("1.3.6.1.5.5.7.1.3", "qcStatements"),
    ("1.3.6.1.5.5.7.1.12", "logotype"),
    (TLS_FEATURE, "tlsFeature"),
    ("1.3.6.1.5.5.7.48.1.5", "ocspNoCheck"),
    (SCT_LIST, "signedCertificateTimestampList"),
    (CT_POISON, "ctPoison"),
    ("1.3.6.1.4.1.44363.44", "delegationUsage"),
    ("2.16.840.1.113730.1.1", "netscapeCertType"),
    ("2.16.840.1.113730.1.13", "netscapeComment"),
    (MS_TEMPLATE_NAME, "certificateTemplateName"),
    ("1.3.6.1.4.1.311.21.1", "caVersion"),
    (MS_TEMPLATE, "certificateTemplate"),
    ("1.3.6.1.4.1.311.21.10", "applicationPolicies"),
    ("1.3.6.1.4.1.311.25.2", "ntdsCaSecurity"),
    ("2.23.140.3.1", "cabfOrganizationIdentifier"),
    // Purposes
    (SERVER_AUTH, "serverAuth"),
    (CLIENT_AUTH, "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.5", "ipsecEndSystem"),
    ("1.3.6.1.5.5.7.3.6", "ipsecTunnel"),
    ("1.3.6.1.5.5.7.3.7", "ipsecUser"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
    ("1.3.6.1.5.5.7.3.17", "ipsecIKE"),
    ("1.3.6.1.5.5.7.3.21", "secureShellClient"),
    ("1.3.6.1.5.5.7.3.22", "secureShellServer"),
    (ANY_PURPOSE, "anyExtendedKeyUsage"),
    ("1.3.6.1.5.2.3.4", "pkinitClientAuth"),
    ("1.3.6.1.5.2.3.5", "pkinitKDC"),
    ("1.3.6.1.4.1.311.20.2.1", "enrollmentAgent"),
    ("1.3.6.1.4.1.311.20.2.2", "smartcardLogon"),
    ("1.3.6.1.4.1.311.10.3.3", "microsoftServerGatedCrypto"),
    ("1.3.6.1.4.1.311.10.3.4", "encryptedFileSystem"),
    ("1.3.6.1.4.1.311.10.3.12", "documentSigning"),
    ("1.3.6.1.4.1.311.54.1.2", "remoteDesktop"),
    ("2.16.840.1.113730.4.1", "netscapeServerGatedCrypto"),
    ("1.3.6.1.4.1.11129.2.4.4", "precertificateSigning"),
    // Access methods and policies
    ("1.3.6.1.5.5.7.48.1", "OCSP"),
    ("1.3.6.1.5.5.7.48.2", "caIssuers"),
    ("1.3.6.1.5.5.7.48.3", "timeStamping"),
    ("1.3.6.1.5.5.7.48.5", "caRepository"),
    ("1.3.6.1.5.5.7.2.1", "CPS"),
    ("1.3.6.1.5.5.7.2.2", "userNotice"),
    ("2.5.29.32.0", "anyPolicy"),
    ("2.23.140.1.1", "extended-validation"),
    ("2.23.140.1.2.1", "domain-validated"),
    ("2.23.140.1.2.2", "organization-validated"),
    ("2.23.140.1.2.3", "individual-validated"),
];
