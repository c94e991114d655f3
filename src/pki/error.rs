//! Why something could not be read.

use der::DerError;
use serde::Serialize;

/// Declares the codes, each once: what it means, the variant, and the code as programs see it.
macro_rules! codes {
    ($(#[doc = $meaning:literal] $variant:ident = $code:literal,)*) => {
        /// Why something could not be read, for programs. Codes are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(feature = "types", derive(tsify::Tsify))]
        pub enum ParseErrorCode {
            $(
                #[doc = $meaning]
                #[serde(rename = $code)]
                $variant,
            )*
        }

        impl ParseErrorCode {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As programs see it: `wrong_kind`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning.trim_ascii(),)*
                }
            }
        }
    };
}

codes! {
    /// The input is empty.
    Empty = "empty",
    /// There is a private key in the input: it stays on the machine that made it.
    PrivateKey = "private_key",
    /// The input is not what was asked for.
    WrongKind = "wrong_kind",
    /// The text is not base64, or has characters that base64 does not have.
    Base64 = "base64",
    /// The input ends before it is complete.
    Truncated = "truncated",
    /// The encoding is not what the structure's definition says.
    Der = "der",
    /// The BEGIN line of the PEM does not end in five dashes.
    UnreadablePem = "unreadable_pem",
}

/// The input is not what was asked for. Never holds any of the input, which may be a private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(tsify::Tsify))]
pub struct ParseError {
    /// Stable, for programs.
    pub code: ParseErrorCode,
    /// One sentence, for people: what was expected, what was found, where.
    pub message: String,
    /// Where: in the text when the text is at fault, in the decoded bytes when those are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
}

impl ParseError {
    pub(crate) fn new(code: ParseErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            offset: None,
        }
    }

    pub(crate) fn at(code: ParseErrorCode, message: impl Into<String>, offset: usize) -> Self {
        Self {
            code,
            message: message.into(),
            offset: Some(offset),
        }
    }
}

impl From<DerError> for ParseError {
    fn from(error: DerError) -> Self {
        let code = if error.is_truncated() {
            ParseErrorCode::Truncated
        } else {
            ParseErrorCode::Der
        };
        Self::at(code, error.to_string(), error.offset())
    }
}

impl core::fmt::Display for ParseError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::ParseErrorCode;

    #[test]
    fn every_code_has_a_meaning_in_one_sentence() {
        for code in ParseErrorCode::ALL {
            let meaning = code.meaning();
            assert!(meaning.starts_with(char::is_uppercase), "{meaning}");
            assert_eq!(meaning.find('.'), meaning.len().checked_sub(1), "{meaning}");
        }
    }
}
