//! Options as callers give them, and how they are read: without a deserializer, for each option is a row of its struct.

/// A value as a caller gave it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// Anything else.
    Other,
}

/// A value that an option can have.
pub trait Setting: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What it has to be, which continues a sentence that begins with the option's name: "must be …".
    fn of(given: Given) -> Result<Self, String>;
}

impl Setting for bool {
    fn of(given: Given) -> Result<Self, String> {
        match given {
            Given::Boolean(value) => Ok(value),
            _ => Err("must be true or false".into()),
        }
    }
}

impl Setting for String {
    fn of(given: Given) -> Result<Self, String> {
        match given {
            Given::Text(text) => Ok(text),
            _ => Err("must be a string".into()),
        }
    }
}

/// A struct of options.
pub trait Options {
    /// Their names.
    fn names(&self) -> &'static [&'static str];

    /// Sets an option that is neither undefined nor null.
    ///
    /// # Errors
    /// As [`Setting::of`].
    fn set(&mut self, name: &str, given: Given) -> Result<(), String>;
}

/// Reads a value into its place. Not inlined: it is there once for each type, and not for each option.
///
/// # Errors
/// As [`Setting::of`].
#[inline(never)]
pub fn put<T: Setting>(place: &mut Option<T>, given: Given) -> Result<(), String> {
    *place = Some(T::of(given)?);
    Ok(())
}

/// Implements [`Options`] for a struct of optional settings: each field with its name to callers.
#[macro_export]
macro_rules! options {
    ($struct:ty { $($field:ident = $name:literal,)* }) => {
        impl $crate::given::Options for $struct {
            fn names(&self) -> &'static [&'static str] {
                &[$($name),*]
            }

            fn set(&mut self, name: &str, given: $crate::given::Given) -> Result<(), String> {
                match name {
                    $($name => $crate::given::put(&mut self.$field, given),)*
                    _ => Ok(()),
                }
            }
        }
    };
}
