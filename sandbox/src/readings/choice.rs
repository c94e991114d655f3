//! Choosing readings by their names.

use core::fmt;

use super::reading::Reading;
use super::table::{READINGS, Readings};

impl Readings {
    /// The defaults but for these names and values.
    ///
    /// # Errors
    /// For a name or a value that there is not.
    ///
    /// ```
    /// let readings = sandbox::Readings::of([("dates", "epoch-ms"), ("freshCert", "until-issued")]);
    /// assert!(readings.is_ok());
    /// ```
    pub fn of<N: AsRef<str>, V: AsRef<str>>(chosen: impl IntoIterator<Item = (N, V)>) -> Result<Self, ReadingError> {
        let mut readings = Self::default();
        for (name, value) in chosen {
            readings.choose(name.as_ref(), value.as_ref())?;
        }
        Ok(readings)
    }

    /// Chooses one.
    ///
    /// # Errors
    /// For a name or a value that there is not.
    pub fn choose(&mut self, name: &str, value: &str) -> Result<(), ReadingError> {
        let reading = READINGS.iter().find(|reading| reading.name == name);
        let reading = reading.ok_or_else(|| ReadingError::unknown_name(name))?;
        if self.set(name, value) {
            Ok(())
        } else {
            Err(ReadingError::unknown_value(reading, value))
        }
    }
}

/// A reading that there is not. The sentence says which ones there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingError(String);

impl ReadingError {
    fn unknown_name(name: &str) -> Self {
        let names = || READINGS.iter().map(|reading| reading.name);
        let hint = nearest(name, names()).map_or_else(
            || format!("there are {}", names().collect::<Vec<_>>().join(", ")),
            |nearest| format!("did you mean {nearest}?"),
        );
        Self(format!("there is no reading {name}: {hint}"))
    }

    fn unknown_value(reading: &Reading, value: &str) -> Self {
        let values = || reading.values.iter().map(|value| value.name);
        let known = values().collect::<Vec<_>>().join(", ");
        let hint = nearest(value, values()).map_or_else(String::new, |nearest| format!("; did you mean {nearest}?"));
        Self(format!("{} is read as {known}, not as {value}{hint}", reading.name))
    }
}

impl fmt::Display for ReadingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for ReadingError {}

/// The right word that was probably meant, if one is near: at most a third of its letters differ.
fn nearest<'a>(given: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    words
        .map(|word| (strsim::osa_distance(&given, &word.to_lowercase()), word))
        .filter(|(distance, word)| distance.saturating_mul(3) <= word.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_value_of_every_reading_can_be_chosen_and_the_first_is_the_default() {
        for reading in READINGS {
            for value in reading.values {
                let chosen = Readings::of([(reading.name, value.name)]).unwrap();
                let is_default = value.name == reading.default_value();
                assert_eq!(
                    chosen == Readings::default(),
                    is_default,
                    "{}={}",
                    reading.name,
                    value.name
                );
            }
        }
    }

    #[test]
    fn names_and_values_are_there_once_and_each_reading_has_two_at_least() {
        let names: BTreeSet<_> = READINGS.iter().map(|reading| reading.name).collect();
        assert_eq!(names.len(), READINGS.len());
        for reading in READINGS {
            let values: BTreeSet<_> = reading.values.iter().map(|value| value.name).collect();
            assert_eq!(values.len(), reading.values.len(), "{}", reading.name);
            assert!(values.len() > 1, "{}", reading.name);
        }
    }

    #[test]
    fn a_misspelt_name_or_value_is_refused_with_the_nearest() {
        let says = |name, value| Readings::of([(name, value)]).unwrap_err().to_string();
        assert_eq!(
            says("freshcert", "at-once"),
            "there is no reading freshcert: did you mean freshCert?"
        );
        assert!(says("weather", "fine").starts_with("there is no reading weather: there are "));
        assert!(says("dates", "epoch-msec").ends_with("not as epoch-msec; did you mean epoch-ms?"));
        assert!(says("dates", "tomorrow").ends_with("not as tomorrow"));
    }
}
