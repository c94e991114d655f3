//! Reading that never fails: what is not as documented counts as absent.

use serde_json::Value;

use crate::json::digits;

/// Something that is read of a value.
pub trait Fact: Sized {
    /// Reads it; nothing where the value is of another type.
    fn read(value: &Value) -> Option<Self>;
    /// The names of the fields that are looked at, at any depth: a platform has to hand over no others.
    fn names(_names: &mut Vec<&'static str>) {}
}

/// A field of an object.
pub(super) trait Field {
    fn of(value: Option<&Value>) -> Self;
    fn names(names: &mut Vec<&'static str>);
}

impl<T: Fact> Field for Option<T> {
    fn of(value: Option<&Value>) -> Self {
        T::read(value?)
    }

    fn names(names: &mut Vec<&'static str>) {
        T::names(names);
    }
}

/// A list, whose odd items count as empty, so that the others keep their places.
impl<T: Fact + Default> Field for Vec<T> {
    fn of(value: Option<&Value>) -> Self {
        let items = value.and_then(Value::as_array);
        let read = |item| T::read(item).unwrap_or_default();
        items.map_or_else(Self::new, |items| items.iter().map(read).collect())
    }

    fn names(names: &mut Vec<&'static str>) {
        T::names(names);
    }
}

/// A list that is a whole body.
#[derive(Default)]
pub(crate) struct Items<T>(pub Vec<T>);

impl<T: Fact + Default> Fact for Items<T> {
    fn read(value: &Value) -> Option<Self> {
        Some(Self(Field::of(Some(value))))
    }

    fn names(names: &mut Vec<&'static str>) {
        T::names(names);
    }
}

/// Declares what is read of an object: each field with its name there, and what it is read as where its own type is not that.
macro_rules! facts {
    (@read $value:expr) => {
        $crate::facts::fact::Field::of($value)
    };
    (@read $value:expr, $as:ty) => {
        <Option<$as> as $crate::facts::fact::Field>::of($value).map(|read| read.0)
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$doc:meta])* $field_vis:vis $field:ident: $type:ty = $there:literal $(as $as:ty)?,)*
    }) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$doc])* $field_vis $field: $type,)*
        }

        impl $crate::facts::Fact for $name {
            fn read(value: &serde_json::Value) -> Option<Self> {
                let fields = value.as_object()?;
                Some(Self {
                    $($field: $crate::facts::fact::facts!(@read fields.get($there) $(, $as)?),)*
                })
            }

            fn names(names: &mut Vec<&'static str>) {
                names.extend_from_slice(&[$($there),*]);
                $(<$type as $crate::facts::fact::Field>::names(names);)*
            }
        }
    };
}
pub(super) use facts;

/// An empty text is what some services show for nothing.
impl Fact for String {
    fn read(value: &Value) -> Option<Self> {
        let text = value.as_str().filter(|text| !text.trim().is_empty());
        text.map(str::to_owned)
    }
}

/// Nothing where one of the items is not a string.
impl Fact for Vec<String> {
    fn read(value: &Value) -> Option<Self> {
        let text = |item: &Value| item.as_str().map(str::to_owned);
        value.as_array()?.iter().map(text).collect()
    }
}

impl Fact for bool {
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Fact for f64 {
    fn read(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

/// The largest count that JavaScript can count to: its `Number.MAX_SAFE_INTEGER`.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// A whole number that is not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count(pub u64);

impl Fact for Count {
    fn read(value: &Value) -> Option<Self> {
        let number = value.as_f64()?;
        let is_count = (0.0..=LARGEST).contains(&number) && number.fract() == 0.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and between 0 and LARGEST"
        )]
        is_count.then_some(Self(number as u64))
    }
}

/// A string, or a number as its digits: services send ids and codes as either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label(pub String);

impl Fact for Label {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self(text.clone())),
            // As JavaScript knows it: 1.0 is 1, and what no double can hold is the nearest one that it can.
            Value::Number(number) => Some(Self(digits(number.as_f64()?))),
            _ => None,
        }
    }
}

/// A word of the service, in capitals however it comes.
pub(crate) struct Word(pub String);

impl Fact for Word {
    fn read(value: &Value) -> Option<Self> {
        String::read(value).map(|word| Self(word.to_ascii_uppercase()))
    }
}

/// The same as [`Label`], but for an empty text, which names nothing.
pub(crate) struct Id(pub String);

impl Fact for Id {
    fn read(value: &Value) -> Option<Self> {
        let Label(id) = Label::read(value)?;
        (!id.trim().is_empty()).then_some(Self(id))
    }
}
