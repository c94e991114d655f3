//! Object identifiers: their encoding, and the ones that have a name here.

use core::{fmt, ops::Deref};
use std::borrow::Cow;

use crate::value::{decimal, hex};

/// An object identifier: its dotted form, and its name if it is a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oid {
    /// `2.5.4.3`
    pub dotted: Cow<'static, str>,
    /// `commonName`
    pub name: Option<&'static str>,
}

impl Oid {
    /// Reads an OID from its content.
    #[must_use]
    pub fn read(content: &[u8]) -> Self {
        let dotted = dotted(content);
        match NAMES.iter().find(|(known, _)| *known == dotted) {
            Some(&(known, name)) => Self {
                dotted: known.into(),
                name: Some(name),
            },
            None => Self {
                dotted: dotted.into(),
                name: None,
            },
        }
    }

    /// The dotted form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.dotted
    }

    /// The name, else the dotted form.
    #[must_use]
    pub fn words(&self) -> &str {
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

/// The dotted form, `2.5.4.3`. Arcs that no UUID needs, of more than 128 bits, are in hex.
fn dotted(content: &[u8]) -> String {
    let mut text = String::with_capacity(24);
    for (index, octets) in content.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
        // The first two arcs share one number: 40 × first + second, where the first is at most 2 (X.690, 8.19.4).
        let first = match octets {
            _ if index > 0 => None,
            [0..40] => Some(0_u8),
            [40..80] => Some(1),
            _ => Some(2),
        };
        text.extend(first.map(|arc| char::from(b'0'.saturating_add(arc))));
        push_arc(&mut text, octets, u64::from(first.unwrap_or(0)).saturating_mul(40));
    }
    text
}

/// Writes an arc, less what is in it of another one.
fn push_arc(text: &mut String, octets: &[u8], other: u64) {
    text.push('.');
    // Nine octets have 63 bits; only what is made of a UUID has more.
    if octets.len() <= 9 {
        let arc = octets.iter().fold(0, |arc, octet| arc << 7 | u64::from(octet & 0x7f));
        return push_decimal(text, arc.saturating_sub(other));
    }
    match in_eights(octets, other) {
        Some(arc) => text.push_str(&decimal(&arc)),
        None => text.extend(["0x", &hex(octets)]),
    }
}

/// The digits of seven bits as octets of eight, less what is in them of another arc. None for what has more than 128 bits.
fn in_eights(digits: &[u8], other: u64) -> Option<[u8; 16]> {
    let mut octets = [0_u8; 16];
    for digit in digits {
        // All of it moves up by seven bits.
        let mut carry = u16::from(digit & 0x7f);
        for octet in octets.iter_mut().rev() {
            let [high, low] = (u16::from(*octet) << 7 | carry).to_be_bytes();
            (*octet, carry) = (low, u16::from(high));
        }
        if carry > 0 {
            return None;
        }
    }
    let mut borrow = u16::try_from(other).ok()?;
    for octet in octets.iter_mut().rev() {
        let [lent, rest] = u16::from(*octet).wrapping_sub(borrow).to_be_bytes();
        (*octet, borrow) = (rest, u16::from(lent > 0));
    }
    Some(octets)
}

/// Without the detour over a formatter: a request has some fifteen OIDs.
fn push_decimal(text: &mut String, number: u64) {
    let rest = number.checked_div(10).unwrap_or_default();
    if rest > 0 {
        push_decimal(text, rest);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    text.push(char::from(b'0'.saturating_add(digit)));
}

/// The content octets of a dotted form. The constants below are the only source of these.
pub(crate) fn octets(dotted: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut first = 0_u64;
    for (index, arc) in dotted.split('.').enumerate() {
        let arc: u64 = arc.parse().unwrap_or_default();
        if index == 0 {
            // The first two arcs share one number.
            first = arc.saturating_mul(40);
            continue;
        }
        let arc = if index == 1 { arc.saturating_add(first) } else { arc };
        // Seven bits an octet, the highest first; all but the last have the high bit set.
        for place in (0..10_u32).rev() {
            let rest = arc.checked_shr(place.saturating_mul(7)).unwrap_or_default();
            if rest > 0 || place == 0 {
                let more = if place > 0 { 0x80 } else { 0 };
                octets.push(more | u8::try_from(rest & 0x7f).unwrap_or_default());
            }
        }
    }
    octets
}

/// Declares OIDs, each once: the constant, its dotted form, and the name that is shown for it, if any.
macro_rules! oids {
    ($($constant:ident = $dotted:literal $(as $name:literal)?,)*) => {
        $(
            #[doc = concat!("`", $dotted, "`" $(, ": ", $name)?)]
            pub const $constant: &str = $dotted;
        )*

        /// What is known of an OID by name: OpenSSL's long names for attributes and algorithms, RFC 5280's for the rest.
        const NAMES: &[(&str, &str)] = &[$($(($constant, $name),)?)*];
    };
}

oids! {
    // Attributes of names (RFC 4519, 5280, CA/B EV Guidelines)
    COMMON_NAME = "2.5.4.3" as "commonName",
    SURNAME = "2.5.4.4" as "surname",
    SERIAL_NUMBER = "2.5.4.5" as "serialNumber",
    COUNTRY = "2.5.4.6" as "countryName",
    LOCALITY = "2.5.4.7" as "localityName",
    STATE = "2.5.4.8" as "stateOrProvinceName",
    STREET_ADDRESS = "2.5.4.9" as "streetAddress",
    ORGANIZATION = "2.5.4.10" as "organizationName",
    ORGANIZATIONAL_UNIT = "2.5.4.11" as "organizationalUnitName",
    TITLE = "2.5.4.12" as "title",
    DESCRIPTION = "2.5.4.13" as "description",
    BUSINESS_CATEGORY = "2.5.4.15" as "businessCategory",
    POSTAL_ADDRESS = "2.5.4.16" as "postalAddress",
    POSTAL_CODE = "2.5.4.17" as "postalCode",
    POST_OFFICE_BOX = "2.5.4.18" as "postOfficeBox",
    TELEPHONE_NUMBER = "2.5.4.20" as "telephoneNumber",
    NAME = "2.5.4.41" as "name",
    GIVEN_NAME = "2.5.4.42" as "givenName",
    INITIALS = "2.5.4.43" as "initials",
    GENERATION_QUALIFIER = "2.5.4.44" as "generationQualifier",
    X500_UNIQUE_IDENTIFIER = "2.5.4.45" as "x500UniqueIdentifier",
    DN_QUALIFIER = "2.5.4.46" as "dnQualifier",
    PSEUDONYM = "2.5.4.65" as "pseudonym",
    ORGANIZATION_IDENTIFIER = "2.5.4.97" as "organizationIdentifier",
    USER_ID = "0.9.2342.19200300.100.1.1" as "userId",
    RFC822_MAILBOX = "0.9.2342.19200300.100.1.3" as "rfc822Mailbox",
    DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25" as "domainComponent",
    EMAIL = "1.2.840.113549.1.9.1" as "emailAddress",
    UNSTRUCTURED_NAME = "1.2.840.113549.1.9.2" as "unstructuredName",
    UNSTRUCTURED_ADDRESS = "1.2.840.113549.1.9.8" as "unstructuredAddress",
    JURISDICTION_LOCALITY = "1.3.6.1.4.1.311.60.2.1.1" as "jurisdictionLocalityName",
    JURISDICTION_STATE = "1.3.6.1.4.1.311.60.2.1.2" as "jurisdictionStateOrProvinceName",
    JURISDICTION_COUNTRY = "1.3.6.1.4.1.311.60.2.1.3" as "jurisdictionCountryName",
    USER_PRINCIPAL_NAME = "1.3.6.1.4.1.311.20.2.3" as "userPrincipalName",
    KERBEROS_PRINCIPAL = "1.3.6.1.5.2.2" as "kerberosPrincipal",
    XMPP_ADDR = "1.3.6.1.5.5.7.8.5" as "xmppAddr",
    DNS_SRV = "1.3.6.1.5.5.7.8.7" as "dnsSRV",
    SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9" as "smtpUTF8Mailbox",
    // Attributes of requests (RFC 2985, Microsoft's enrolment)
    CONTENT_TYPE = "1.2.840.113549.1.9.3" as "contentType",
    CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7" as "challengePassword",
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14" as "extensionRequest",
    SMIME_CAPABILITIES = "1.2.840.113549.1.9.15" as "smimeCapabilities",
    FRIENDLY_NAME = "1.2.840.113549.1.9.20" as "friendlyName",
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21" as "localKeyID",
    MS_EXTENSION_REQUEST = "1.3.6.1.4.1.311.2.1.14" as "msExtensionRequest",
    RENEWAL_CERTIFICATE = "1.3.6.1.4.1.311.13.1" as "renewalCertificate",
    ENROLLMENT_NAME_VALUE_PAIR = "1.3.6.1.4.1.311.13.2.1" as "enrollmentNameValuePair",
    ENROLLMENT_CSP_PROVIDER = "1.3.6.1.4.1.311.13.2.2" as "enrollmentCspProvider",
    OS_VERSION = "1.3.6.1.4.1.311.13.2.3" as "osVersion",
    KEY_PROVIDER_NAME = "1.3.6.1.4.1.311.17.1" as "keyProviderName",
    REQUEST_CLIENT_INFO = "1.3.6.1.4.1.311.21.20" as "requestClientInfo",
    CHANGE_PUBLIC_KEY = "1.3.6.1.5.5.7.7.5" as "changePublicKey",
    // Extensions (RFC 5280, 6962, 7633, Microsoft's templates)
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14" as "subjectKeyIdentifier",
    KEY_USAGE = "2.5.29.15" as "keyUsage",
    PRIVATE_KEY_USAGE_PERIOD = "2.5.29.16" as "privateKeyUsagePeriod",
    SUBJECT_ALT_NAME = "2.5.29.17" as "subjectAltName",
    ISSUER_ALT_NAME = "2.5.29.18" as "issuerAltName",
    BASIC_CONSTRAINTS = "2.5.29.19" as "basicConstraints",
    NAME_CONSTRAINTS = "2.5.29.30" as "nameConstraints",
    CRL_DISTRIBUTION_POINTS = "2.5.29.31" as "cRLDistributionPoints",
    CERTIFICATE_POLICIES = "2.5.29.32" as "certificatePolicies",
    POLICY_MAPPINGS = "2.5.29.33" as "policyMappings",
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35" as "authorityKeyIdentifier",
    POLICY_CONSTRAINTS = "2.5.29.36" as "policyConstraints",
    EXTENDED_KEY_USAGE = "2.5.29.37" as "extendedKeyUsage",
    FRESHEST_CRL = "2.5.29.46" as "freshestCRL",
    INHIBIT_ANY_POLICY = "2.5.29.54" as "inhibitAnyPolicy",
    SUBJECT_DIRECTORY_ATTRIBUTES = "2.5.29.9" as "subjectDirectoryAttributes",
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1" as "authorityInfoAccess",
    SUBJECT_INFO_ACCESS = "1.3.6.1.5.5.7.1.11" as "subjectInfoAccess",
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3" as "qcStatements",
    LOGOTYPE = "1.3.6.1.5.5.7.1.12" as "logotype",
    TLS_FEATURE = "1.3.6.1.5.5.7.1.24" as "tlsFeature",
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5" as "ocspNoCheck",
    SCT_LIST = "1.3.6.1.4.1.11129.2.4.2" as "signedCertificateTimestampList",
    CT_POISON = "1.3.6.1.4.1.11129.2.4.3" as "ctPoison",
    DELEGATION_USAGE = "1.3.6.1.4.1.44363.44" as "delegationUsage",
    NETSCAPE_CERT_TYPE = "2.16.840.1.113730.1.1" as "netscapeCertType",
    NETSCAPE_COMMENT = "2.16.840.1.113730.1.13" as "netscapeComment",
    MS_TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2" as "certificateTemplateName",
    MS_CA_VERSION = "1.3.6.1.4.1.311.21.1" as "caVersion",
    MS_TEMPLATE = "1.3.6.1.4.1.311.21.7" as "certificateTemplate",
    APPLICATION_POLICIES = "1.3.6.1.4.1.311.21.10" as "applicationPolicies",
    NTDS_CA_SECURITY = "1.3.6.1.4.1.311.25.2" as "ntdsCaSecurity",
    CABF_ORGANIZATION_IDENTIFIER = "2.23.140.3.1" as "cabfOrganizationIdentifier",
    // Purposes
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1" as "serverAuth",
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2" as "clientAuth",
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3" as "codeSigning",
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4" as "emailProtection",
    IPSEC_END_SYSTEM = "1.3.6.1.5.5.7.3.5" as "ipsecEndSystem",
    IPSEC_TUNNEL = "1.3.6.1.5.5.7.3.6" as "ipsecTunnel",
    IPSEC_USER = "1.3.6.1.5.5.7.3.7" as "ipsecUser",
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8" as "timeStamping",
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9" as "OCSPSigning",
    IPSEC_IKE = "1.3.6.1.5.5.7.3.17" as "ipsecIKE",
    SECURE_SHELL_CLIENT = "1.3.6.1.5.5.7.3.21" as "secureShellClient",
    SECURE_SHELL_SERVER = "1.3.6.1.5.5.7.3.22" as "secureShellServer",
    ANY_PURPOSE = "2.5.29.37.0" as "anyExtendedKeyUsage",
    PKINIT_CLIENT_AUTH = "1.3.6.1.5.2.3.4" as "pkinitClientAuth",
    PKINIT_KDC = "1.3.6.1.5.2.3.5" as "pkinitKDC",
    ENROLLMENT_AGENT = "1.3.6.1.4.1.311.20.2.1" as "enrollmentAgent",
    SMARTCARD_LOGON = "1.3.6.1.4.1.311.20.2.2" as "smartcardLogon",
    MICROSOFT_SERVER_GATED_CRYPTO = "1.3.6.1.4.1.311.10.3.3" as "microsoftServerGatedCrypto",
    ENCRYPTED_FILE_SYSTEM = "1.3.6.1.4.1.311.10.3.4" as "encryptedFileSystem",
    DOCUMENT_SIGNING = "1.3.6.1.4.1.311.10.3.12" as "documentSigning",
    REMOTE_DESKTOP = "1.3.6.1.4.1.311.54.1.2" as "remoteDesktop",
    NETSCAPE_SERVER_GATED_CRYPTO = "2.16.840.1.113730.4.1" as "netscapeServerGatedCrypto",
    PRECERTIFICATE_SIGNING = "1.3.6.1.4.1.11129.2.4.4" as "precertificateSigning",
    // Access methods and policies
    OCSP = "1.3.6.1.5.5.7.48.1" as "OCSP",
    CA_ISSUERS = "1.3.6.1.5.5.7.48.2" as "caIssuers",
    ACCESS_TIME_STAMPING = "1.3.6.1.5.5.7.48.3" as "timeStamping",
    CA_REPOSITORY = "1.3.6.1.5.5.7.48.5" as "caRepository",
    CPS = "1.3.6.1.5.5.7.2.1" as "CPS",
    USER_NOTICE = "1.3.6.1.5.5.7.2.2" as "userNotice",
    ANY_POLICY = "2.5.29.32.0" as "anyPolicy",
    EXTENDED_VALIDATION = "2.23.140.1.1" as "extended-validation",
    DOMAIN_VALIDATED = "2.23.140.1.2.1" as "domain-validated",
    ORGANIZATION_VALIDATED = "2.23.140.1.2.2" as "organization-validated",
    INDIVIDUAL_VALIDATED = "2.23.140.1.2.3" as "individual-validated",
    // What a PKCS #7 file holds (RFC 5652)
    SIGNED_DATA = "1.2.840.113549.1.7.2",
    // Kinds of key (RFC 3279, 4055, 5480, 8410); the second is what X.500 called the first
    RSA = "1.2.840.113549.1.1.1",
    RSA_X500 = "2.5.8.1.1",
    RSA_PSS = "1.2.840.113549.1.1.10",
    EC = "1.2.840.10045.2.1",
    DSA = "1.2.840.10040.4.1",
    ED25519 = "1.3.101.112",
    ED448 = "1.3.101.113",
    // Signatures that are made here (RFC 4055, 5758); all that are read are rows of the table of algorithms
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11",
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12",
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13",
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2",
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3",
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4",
    // Hashes and the mask of PSS (RFC 4055, 2.1, 2.2; RFC 8702)
    MGF1 = "1.2.840.113549.1.1.8",
    MD5 = "1.2.840.113549.2.5",
    SHA1 = "1.3.14.3.2.26",
    SHA224 = "2.16.840.1.101.3.4.2.4",
    SHA256 = "2.16.840.1.101.3.4.2.1",
    SHA384 = "2.16.840.1.101.3.4.2.2",
    SHA512 = "2.16.840.1.101.3.4.2.3",
    SHA3_256 = "2.16.840.1.101.3.4.2.8",
    SHA3_384 = "2.16.840.1.101.3.4.2.9",
    SHA3_512 = "2.16.840.1.101.3.4.2.10",
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Oid, dotted, octets};

    #[test]
    fn arcs_of_every_size_are_written() {
        assert_eq!(dotted(&[0x55, 0x04, 0x03]), "2.5.4.3");
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), "1.2.840.113549");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        // 2.25.(2^128 - 1), as an OID made from a UUID can be.
        let mut uuid = vec![0x69, 0x83];
        uuid.extend([0xff; 17]);
        uuid.push(0x7f);
        assert_eq!(dotted(&uuid), "2.25.340282366920938463463374607431768211455");
        // The largest in nine octets, alone and after a first arc.
        let mut nine = vec![0xff; 8];
        nine.push(0x7f);
        assert_eq!(dotted(&nine), "2.9223372036854775727");
        assert_eq!(dotted(&[&[0x2a], nine.as_slice()].concat()), "1.2.9223372036854775807");
        assert_eq!(dotted(&[0x27]), "0.39");
        assert_eq!(dotted(&[0x4f]), "1.39");
        assert_eq!(dotted(&[]), "");
    }

    #[test]
    fn what_is_known_is_read_as_it_is_written() {
        for &(text, name) in NAMES {
            assert_eq!(dotted(&octets(text)), text);
            assert_eq!(
                Oid::read(&octets(text)).name,
                Some(name),
                "{text} is in the table twice"
            );
        }
    }
}
