//! What the platform has, and hands in once: tables that would weigh more than all the rest.
//!
//! Natively there is no such platform: a crate and a file of the tests' own stand for it.

pub(crate) use imp::suffixes;
#[cfg(target_arch = "wasm32")]
pub use imp::{has_suffixes, provide_forms, provide_suffixes};
use imp::{lower, normal};

/// Whether a text is in one of Unicode's normal forms, by its name: `NFC`.
pub(crate) fn is_normal(text: &str, form: &str) -> bool {
    normal(text, form) == text
}

/// A text as texts are compared: in normal form C, in small letters.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    normal(&lower(text), "NFC")
}

/// In wasm.
#[cfg(target_arch = "wasm32")]
mod imp {
    use std::sync::OnceLock;

    use crate::suffixes::Suffixes;

    static NORMAL: OnceLock<fn(&str, &str) -> String> = OnceLock::new();
    static LOWER: OnceLock<fn(&str) -> String> = OnceLock::new();
    static SUFFIXES: OnceLock<Suffixes> = OnceLock::new();

    /// Takes the functions that write a text in one of Unicode's normal forms, by its name, `NFC`, and in small letters.
    pub fn provide_forms(normal: fn(&str, &str) -> String, lower: fn(&str) -> String) {
        let _ = (NORMAL.set(normal), LOWER.set(lower));
    }

    /// Takes the text of `suffixes.txt`, by which names are judged. Until then rules that look things up in it are silent.
    pub fn provide_suffixes(table: String) {
        let _ = SUFFIXES.set(Suffixes::of(table.leak()));
    }

    /// Whether the text has been taken.
    #[must_use]
    pub fn has_suffixes() -> bool {
        SUFFIXES.get().is_some()
    }

    pub(super) fn normal(text: &str, form: &str) -> String {
        NORMAL
            .get()
            .map_or_else(|| text.to_owned(), |normal| normal(text, form))
    }

    pub(super) fn lower(text: &str) -> String {
        LOWER.get().map_or_else(|| text.to_owned(), |lower| lower(text))
    }

    pub(crate) fn suffixes() -> Option<&'static Suffixes> {
        SUFFIXES.get()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod imp {
    use std::sync::OnceLock;

    use unicode_normalization::UnicodeNormalization;

    use crate::suffixes::Suffixes;

    static SUFFIXES: OnceLock<Suffixes> = OnceLock::new();

    pub(super) fn normal(text: &str, form: &str) -> String {
        if form == "NFC" {
            text.nfc().collect()
        } else {
            text.nfkc().collect()
        }
    }

    pub(super) fn lower(text: &str) -> String {
        text.to_lowercase()
    }

    #[allow(clippy::unnecessary_wraps, reason = "in wasm it may be missing")]
    pub(crate) fn suffixes() -> Option<&'static Suffixes> {
        Some(SUFFIXES.get_or_init(|| Suffixes::of(include_str!("suffixes.txt"))))
    }
}
