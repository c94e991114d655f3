//! The service's closed sets of words.

/// Declares an enum whose variants are words on the wire.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name { $($(#[$note])* $variant,)+ }

        #[allow(dead_code, reason = "some words are only ever written")]
        impl $name {
            /// Every word, in the order of the guide.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word on the wire.
            pub(crate) const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The variant of a word.
            pub(crate) fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.text() == text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.text())
            }
        }
    };
}

words! {
    /// The products.
    CertType {
        EvBasic = "SSL_EV_BASIC",
        OvBasic = "SSL_OV_BASIC",
        EvSecureSite = "SSL_EV_SECURESITE",
        OvSecureSite = "SSL_OV_SECURESITE",
        EvSecureSitePro = "SSL_EV_SECURESITE_PRO",
        OvSecureSitePro = "SSL_OV_SECURESITE_PRO",
        DvGeoTrust = "SSL_DV_GEOTRUST",
        OvGeoTrustTrueBizId = "SSL_OV_GEOTRUST_TRUEBIZID",
        EvGeoTrustTrueBizId = "SSL_EV_GEOTRUST_TRUEBIZID",
        DvThawte = "SSL_DV_THAWTE",
        EvThawteWebServer = "SSL_EV_THAWTE_WEBSERVER",
        OvThawteWebServer = "SSL_OV_THAWTE_WEBSERVER",
    }
}

words! {
    /// What the subject of a certificate was checked for.
    ValidationType {
        Dv = "DV",
        Ov = "OV",
        Ev = "EV",
    }
}

impl CertType {
    /// What has to be validated before it is issued.
    pub(crate) const fn validation(self) -> ValidationType {
        match self {
            Self::DvGeoTrust | Self::DvThawte => ValidationType::Dv,
            Self::OvBasic
            | Self::OvSecureSite
            | Self::OvSecureSitePro
            | Self::OvGeoTrustTrueBizId
            | Self::OvThawteWebServer => ValidationType::Ov,
            Self::EvBasic
            | Self::EvSecureSite
            | Self::EvSecureSitePro
            | Self::EvGeoTrustTrueBizId
            | Self::EvThawteWebServer => ValidationType::Ev,
        }
    }
}

words! {
    /// The statuses of an order (guide 7.4.2, and two of the vendor's samples).
    Status {
        Created = "CREATED",
        ReissueRequestPending = "REISSUE_REQUEST_PENDING",
        /// In the vendor's samples only, without a word on what it means.
        ReissuePending = "REISSUE_PENDING",
        Pending = "DIGI_PENDING",
        DigiReissuePending = "DIGI_REISSUE_PENDING",
        ReissueFailed = "DIGI_REISSUE_FAILED",
        Processing = "DIGI_PROCESSING",
        Issued = "DIGI_ISSUED",
        Revoked = "DIGI_REVOKED",
        Canceled = "DIGI_CANCELED",
        NeedsApproval = "DIGI_NEEDS_APPROVAL",
        /// In the vendor's samples only.
        NeedsCsr = "DIGI_NEEDS_CSR",
        WaitingPickup = "DIGI_WAITING_PICKUP",
        Rejected = "DIGI_REJECTED",
        Expired = "DIGI_EXPIRED",
        Failed = "DIGI_FAILED",
    }
}

impl Status {
    /// Whether nothing can happen to the order any more.
    pub(crate) const fn has_ended(self) -> bool {
        matches!(
            self,
            Self::Revoked | Self::Canceled | Self::Rejected | Self::Expired | Self::Failed
        )
    }

    /// Whether an order like that has a certificate, should it have been delivered: a reissue replaces one.
    pub(crate) const fn has_certificate(self) -> bool {
        matches!(
            self,
            Self::Issued
                | Self::ReissueRequestPending
                | Self::ReissuePending
                | Self::DigiReissuePending
                | Self::ReissueFailed
        )
    }
}

words! {
    /// What a contact does (guide 7.2).
    ContactType {
        Organization = "ORGANIZATION_CONTACT",
        Approver = "EXTENDED_VALIDATION_APPROVER",
        /// Made by the service, never taken from a request.
        Technical = "TECHNICAL_CONTACT",
    }
}

words! {
    /// How control of a domain is shown (guide 6.1.2).
    DcvMethod {
        Email = "EMAIL",
        DnsCnameToken = "DNS_CNAME_TOKEN",
        HttpToken = "HTTP_TOKEN",
        DnsTxtToken = "DNS_TXT_TOKEN",
    }
}

words! {
    /// The key's kind (guide 7.4.1).
    AlgorithmHash {
        Rsa = "RSA",
        Ecc = "ECC",
    }
}

words! {
    /// Where the certificate will be installed.
    ServerPlatform {
        Apache = "APACHE",
        Nginx = "NGINX",
        Default = "DEFAULT",
        Iis10 = "MICROSOFT_IIS_10",
        Iis8 = "MICROSOFT_IIS_8",
        Iis7 = "MICROSOFT_IIS_7",
        Iis5Or6 = "MICROSOFT_IIS_5_OR_6",
    }
}

words! {
    /// The certificate authority.
    Provider {
        DigiCert = "DIGICERT",
    }
}

words! {
    /// How a certificate is downloaded (guide 7.4.5).
    Format {
        P7b = "p7b",
        PemAll = "pem_all",
    }
}
