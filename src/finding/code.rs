//! The codes of findings: all there are, by what they are about.

use core::fmt;

use serde::{Serialize, Serializer};

/// Declares the codes, each once: what it means where no rule says so, the variant, and the code as programs see it. Those of
/// rules are compiled for the reader alone.
macro_rules! codes {
    ($(#[cfg($when:meta)] { $($(#[doc = $meaning:literal])? $variant:ident = $code:literal,)* })*) => {
        /// What was found, for programs. Codes are stable: none is renamed, and none gets another meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "types", derive(tsify::Tsify))]
        pub enum FindingCode {
            $($(
                #[cfg($when)]
                #[doc = concat!("`", $code, "`")]
                #[cfg_attr(feature = "types", serde(rename = $code))]
                $variant,
            )*)*
        }

        impl FindingCode {
            /// All codes, by what they are about.
            pub const ALL: &[Self] = &[$($(#[cfg($when)] Self::$variant),*),*];

            /// As programs see it: `rsa_too_small`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($(#[cfg($when)] Self::$variant => $code,)*)*
                }
            }

            /// What it says of a call's arguments, in a sentence; nothing for what a rule finds, which says so itself.
            #[must_use]
            pub const fn meaning(self) -> Option<&'static str> {
                match self {
                    $($(#[cfg($when)] Self::$variant => meaning!($($meaning)?),)*)*
                }
            }
        }
    };
}

macro_rules! meaning {
    () => {
        None
    };
    ($meaning:literal) => {
        Some($meaning.trim_ascii())
    };
}

codes! {
    #[cfg(feature = "reader")] {
    // The encoding
    VersionNotZero = "version_not_zero",
    AttributesAbsent = "attributes_absent",
    TrailingData = "trailing_data",
    NotDer = "not_der",
    NotBer = "not_ber",
    ElementsUnexpected = "elements_unexpected",
    DuplicateExtension = "duplicate_extension",
    DuplicateAttribute = "duplicate_attribute",
    ExtensionMalformed = "extension_malformed",
    ExtensionRequestEmpty = "extension_request_empty",
    AttributeMalformed = "attribute_malformed",
    PemLabel = "pem_label",
    PemFrame = "pem_frame",
    PemLines = "pem_lines",
    TextAroundPem = "text_around_pem",
    SeveralBlocks = "several_blocks",
    // The key
    KeyMalformed = "key_malformed",
    KeyParametersUnfit = "key_parameters_unfit",
    RsaTooSmall = "rsa_too_small",
    RsaBitsNotOctets = "rsa_bits_not_octets",
    RsaUnusualSize = "rsa_unusual_size",
    RsaNegative = "rsa_negative",
    RsaExponentInvalid = "rsa_exponent_invalid",
    RsaExponentOutOfRange = "rsa_exponent_out_of_range",
    RsaExponentUnusual = "rsa_exponent_unusual",
    RsaModulusEven = "rsa_modulus_even",
    RsaSmallFactor = "rsa_small_factor",
    RsaClosePrimes = "rsa_close_primes",
    RsaRoca = "rsa_roca",
    KeyListedWeak = "key_listed_weak",
    EcCurveNotAllowed = "ec_curve_not_allowed",
    EcExplicitParameters = "ec_explicit_parameters",
    EcCurveMissing = "ec_curve_missing",
    EcPointInvalid = "ec_point_invalid",
    EcPointCompressed = "ec_point_compressed",
    EcP521 = "ec_p521",
    KeyDsa = "key_dsa",
    KeyEddsa = "key_eddsa",
    KeyGost = "key_gost",
    KeySm2 = "key_sm2",
    KeyPostQuantum = "key_post_quantum",
    KeyRsaPss = "key_rsa_pss",
    KeyUnknown = "key_unknown",
    // The signature
    SignatureAlgorithmMismatch = "signature_algorithm_mismatch",
    SignatureParametersUnfit = "signature_parameters_unfit",
    SignatureHashBroken = "signature_hash_broken",
    SignatureSha1 = "signature_sha1",
    SignatureAlgorithmUnknown = "signature_algorithm_unknown",
    SignatureInvalid = "signature_invalid",
    SignatureUnsupported = "signature_unsupported",
    // The subject
    CountryInvalid = "country_invalid",
    BusinessCategoryInvalid = "business_category_invalid",
    CountryUk = "country_uk",
    CountrySeveral = "country_several",
    OrganizationalUnit = "organizational_unit",
    SubjectEmail = "subject_email",
    CnTooLong = "cn_too_long",
    SubjectTooLong = "subject_too_long",
    SubjectWhiteSpace = "subject_white_space",
    SubjectPlaceholder = "subject_placeholder",
    SubjectSeveral = "subject_several",
    SubjectHtml = "subject_html",
    SubjectMojibake = "subject_mojibake",
    SubjectEmptyValue = "subject_empty_value",
    SubjectStringType = "subject_string_type",
    SubjectMalformedText = "subject_malformed_text",
    SubjectNotPrintable = "subject_not_printable",
    SubjectControlCharacter = "subject_control_character",
    SubjectMultiValued = "subject_multi_valued",
    SubjectUnknownAttribute = "subject_unknown_attribute",
    // The names, taken together
    NoNames = "no_names",
    CnOnly = "cn_only",
    CnNotInSan = "cn_not_in_san",
    CnSeveral = "cn_several",
    CnIsIp = "cn_is_ip",
    SanEmail = "san_email",
    SanUri = "san_uri",
    SanOtherName = "san_other_name",
    SanDirectoryName = "san_directory_name",
    SanRegisteredId = "san_registered_id",
    SanUnusualKind = "san_unusual_kind",
    IpMalformed = "ip_malformed",
    IpReserved = "ip_reserved",
    SanDuplicate = "san_duplicate",
    SanCovered = "san_covered",
    // Each DNS name
    DnsNotAscii = "dns_not_ascii",
    DnsNotLdh = "dns_not_ldh",
    DnsUnderscore = "dns_underscore",
    DnsTooLong = "dns_too_long",
    DnsLabelTooLong = "dns_label_too_long",
    DnsEmptyLabel = "dns_empty_label",
    DnsTrailingDot = "dns_trailing_dot",
    DnsHyphen = "dns_hyphen",
    DnsReservedLabel = "dns_reserved_label",
    DnsPunycodeInvalid = "dns_punycode_invalid",
    DnsNotNfc = "dns_not_nfc",
    DnsDeceptive = "dns_deceptive",
    DnsJoiner = "dns_joiner",
    WildcardBare = "wildcard_bare",
    WildcardPartial = "wildcard_partial",
    WildcardSeveral = "wildcard_several",
    WildcardOnTld = "wildcard_on_tld",
    WildcardOnSuffix = "wildcard_on_suffix",
    DnsPublicSuffix = "dns_public_suffix",
    DnsUnknownTld = "dns_unknown_tld",
    DnsSingleLabel = "dns_single_label",
    DnsInternal = "dns_internal",
    DnsForTests = "dns_for_tests",
    DnsReverseZone = "dns_reverse_zone",
    DnsOnion = "dns_onion",
    DnsOnionInvalid = "dns_onion_invalid",
    DnsIsIp = "dns_is_ip",
    // Requested extensions and attributes
    ChallengePassword = "challenge_password",
    CaRequested = "ca_requested",
    KeyCertSign = "key_cert_sign",
    CrlSign = "crl_sign",
    KeyUsageUnfit = "key_usage_unfit",
    KeyUsageNotDer = "key_usage_not_der",
    PurposeNotTls = "purpose_not_tls",
    PurposeClientAuth = "purpose_client_auth",
    CtPoison = "ct_poison",
    CaSetsExtension = "ca_sets_extension",
    }
    #[cfg(all())] {
    // An order, and its request
    Required = "required",
    WrongType = "wrong_type",
    InvalidId = "invalid_id",
    }
    #[cfg(feature = "reader")] {
    EvApproverMissing = "ev_approver_missing",
    DuplicateDnsName = "duplicate_dns_name",
    CsrUnreadable = "csr_unreadable",
    ReissueChangesCommonName = "reissue_changes_common_name",
    OrderLacksName = "order_lacks_name",
    OrderCommonNameDiffers = "order_common_name_differs",
    OrderOrganizationDiffers = "order_organization_differs",
    OrderCountryDiffers = "order_country_differs",
    DvIgnoresSubject = "dv_ignores_subject",
    EvWildcard = "ev_wildcard",
    EvIpAddress = "ev_ip_address",
    CsrSeveral = "csr_several",
    CsrRepaired = "csr_repaired",
    ContactTypeReserved = "contact_type_reserved",
    OrganizationContactMissing = "organization_contact_missing",
    AlgorithmHashUnusable = "algorithm_hash_unusable",
    AlgorithmHashDiffers = "algorithm_hash_differs",
    RootHashSha1 = "root_hash_sha1",
    ServerPlatformUnknown = "server_platform_unknown",
    AdditionalEmailInvalid = "additional_email_invalid",
    HttpTokenForWildcard = "http_token_for_wildcard",
    // Certificates and bundles
    BundleOutOfOrder = "bundle_out_of_order",
    BundleIntermediateMissing = "bundle_intermediate_missing",
    BundleStranger = "bundle_stranger",
    BundleDuplicate = "bundle_duplicate",
    BundleWithoutLeaf = "bundle_without_leaf",
    CertificateSelfSigned = "certificate_self_signed",
    IssuerNotCa = "issuer_not_ca",
    IssuerKeyUsage = "issuer_key_usage",
    IssuerEndsEarly = "issuer_ends_early",
    PathTooLong = "path_too_long",
    NameNotPermitted = "name_not_permitted",
    CriticalExtensionUnknown = "critical_extension_unknown",
    CertificateNotForServers = "certificate_not_for_servers",
    CertificateAlgorithmsDiffer = "certificate_algorithms_differ",
    CertificateUnreadable = "certificate_unreadable",
    CertificateMalformed = "certificate_malformed",
    CertificateOffProfile = "certificate_off_profile",
    CertificateExpired = "certificate_expired",
    CertificateNotYetValid = "certificate_not_yet_valid",
    ValidityTooLong = "validity_too_long",
    CertificateKeyDiffers = "certificate_key_differs",
    CertificateLacksName = "certificate_lacks_name",
    CertificateAddsName = "certificate_adds_name",
    CertificateSignatureInvalid = "certificate_signature_invalid",
    CertificateSignatureUnsupported = "certificate_signature_unsupported",
    // Certificates of TLS servers, by when they were issued
    CertificateWithoutNames = "certificate_without_names",
    CertificateCnNotInSan = "certificate_cn_not_in_san",
    CertificateNameUnfit = "certificate_name_unfit",
    CertificateKeyUnfit = "certificate_key_unfit",
    CertificateHashBroken = "certificate_hash_broken",
    CertificateWithoutPurposes = "certificate_without_purposes",
    CertificateClientAuthEnds = "certificate_client_auth_ends",
    CertificateClientAuth = "certificate_client_auth",
    // Making a request, or a file of a certificate with its key
    KeyUnfit = "key_unfit",
    KeyUnreadable = "key_unreadable",
    KeyPassword = "key_password",
    KeyHalvesDiffer = "key_halves_differ",
    CertificateMissing = "certificate_missing",
    Webcrypto = "webcrypto",
    }
    #[cfg(all())] {
    // A call, its options and its arguments
    /// The status of the order does not allow the action.
    ActionNotAllowed = "action_not_allowed",
    /// `auth` is not one of its forms.
    AuthInvalid = "auth_invalid",
    /// `auth`, or a part of it, is missing.
    AuthMissing = "auth_missing",
    /// A secret would be readable in a page.
    Browser = "browser",
    /// A secret would be sent unencrypted.
    InsecureBaseUrl = "insecure_base_url",
    /// An argument is missing, or of the wrong type.
    InvalidArgument = "invalid_argument",
    /// A part of `auth` cannot be used.
    InvalidAuth = "invalid_auth",
    /// A base address is not one.
    InvalidBaseUrl = "invalid_base_url",
    /// The domain is not a DNS name.
    InvalidDomain = "invalid_domain",
    /// There is no such HTTP method.
    InvalidMethod = "invalid_method",
    /// An option has a value that it cannot have.
    InvalidOption = "invalid_option",
    /// A path that leaves the service's base address.
    InvalidPath = "invalid_path",
    /// A secret that is empty, or cannot be sent.
    InvalidSecret = "invalid_secret",
    /// There is no `fetch`.
    NoFetch = "no_fetch",
    /// There is no user name and password to authenticate with.
    NoPassword = "no_password",
    /// A proxy has the token, the client has none.
    NoToken = "no_token",
    /// A private key would be sent.
    PrivateKey = "private_key",
    /// The client is read-only.
    ReadOnly = "read_only",
    /// Revoking was not confirmed.
    RevokeUnconfirmed = "revoke_unconfirmed",
    /// There is no option, filter or field of that name.
    UnknownOption = "unknown_option",
    }
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::FindingCode;

    #[test]
    fn a_code_is_its_variant_in_snake_case() {
        for code in FindingCode::ALL {
            let mut previous = '_';
            let letters = code.as_str().chars().filter_map(|c| {
                let begins = core::mem::replace(&mut previous, c) == '_';
                (c != '_').then_some(if begins { c.to_ascii_uppercase() } else { c })
            });
            let camel: String = letters.collect();
            assert_eq!(camel, format!("{code:?}"));
        }
    }
}
