//! Words of the wire.

/// Declares an enum whose values are words on the wire, each once.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $says:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "types", derive(tsify::Tsify))]
        pub enum $name {
            $($(#[doc = $says])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// What each means, for the comment of the type in TypeScript: a union has no place for one beside its words.
            #[cfg(feature = "types")]
            pub const MEANINGS: &[(&str, &[&str])] = &[$(($word, &[$($says),*])),*];

            /// As programs see it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}
pub(crate) use words;
