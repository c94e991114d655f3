//! What is wrong with a request, a certificate, an order or a call's arguments, as a caller is told it.
#![forbid(unsafe_code)]

pub mod nearest;

use serde::{Serialize, Serializer};

/// What happens if nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub enum Severity {
    /// It will be refused.
    Error,
    /// It may not be what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct Finding {
    /// What happens if nothing is changed.
    pub severity: Severity,
    /// Stable, for programs.
    pub code: FindingCode,
    /// One sentence, for people.
    pub message: String,
    /// What it is about: `publicKey`, `subject.country`, `subjectAltNames.dns[2]`, `cert.dnsNames` …
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub field: Option<String>,
    /// The rule behind it: a section of the guide, of the Baseline Requirements or of an RFC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", tsify(optional))]
    pub source: Option<&'static str>,
}

impl Finding {
    /// An argument or an option that cannot be used.
    #[must_use]
    pub fn argument(code: FindingCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            field: Some(field.into()),
            source: None,
        }
    }
}

/// Declares the codes: each once, with what it says of a call's arguments where no rule documents it.
macro_rules! codes {
    ($($(#[doc = $says:literal])* $name:ident = $code:literal,)*) => {
        /// A stable name of what was found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "types", derive(tsify::Tsify))]
        pub enum FindingCode {
            $($(#[doc = $says])* #[cfg_attr(feature = "types", serde(rename = $code))] $name,)*
        }

        impl FindingCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// What it means.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($says),*),)*
                }
            }
        }
    };
}

codes! {
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
    /// A resource id is not a UUID.
    InvalidId = "invalid_id",
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
    /// The client is read-only.
    ReadOnly = "read_only",
    /// Something that is needed is missing.
    Required = "required",
    /// Revoking was not confirmed.
    RevokeUnconfirmed = "revoke_unconfirmed",
    /// There is no option, filter or field of that name.
    UnknownOption = "unknown_option",
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
