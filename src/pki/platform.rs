//! What the platform has, and hands in once: tables that would weigh more than all the rest.
//!
//! Natively there is no such platform: a crate and a file of the tests' own stand for it.

#[cfg(target_arch = "wasm32")]
pub use imp::{has_suffixes, provide_normal_form, provide_suffixes};
pub(crate) use imp::{is_normal, suffixes};

/// In wasm.
#[cfg(target_arch = "wasm32")]
mod imp {
    use std::sync::OnceLock;

    use crate::rules::suffixes::Suffixes;

    static IS_NORMAL: OnceLock<fn(&str, &str) -> bool> = OnceLock::new();
    static SUFFIXES: OnceLock<Suffixes> = OnceLock::new();

    /// Takes the function that says whether a text is in one of Unicode's normal forms, by its name: `NFC`.
    pub fn provide_normal_form(is_normal: fn(&str, &str) -> bool) {
        let _ = IS_NORMAL.set(is_normal);
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

    pub(crate) fn is_normal(text: &str, form: &str) -> bool {
        IS_NORMAL.get().is_none_or(|is_normal| is_normal(text, form))
    }

    pub(crate) fn suffixes() -> Option<&'static Suffixes> {
        SUFFIXES.get()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod imp {
    use std::sync::OnceLock;

    use crate::rules::suffixes::Suffixes;

    static SUFFIXES: OnceLock<Suffixes> = OnceLock::new();

    pub(crate) fn is_normal(text: &str, form: &str) -> bool {
        if form == "NFC" {
            unicode_normalization::is_nfc(text)
        } else {
            unicode_normalization::is_nfkc(text)
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "in wasm it may be missing")]
    pub(crate) fn suffixes() -> Option<&'static Suffixes> {
        Some(SUFFIXES.get_or_init(|| Suffixes::of(include_str!("suffixes.txt"))))
    }
}
