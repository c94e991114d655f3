//! A reading: an open fact of the contract, and the ways to take it.

/// One open fact, and the ways in which it is taken.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// What it is chosen by, as in JavaScript: `freshCert`.
    pub name: &'static str,
    /// The section of docs/contract.md that has the fact.
    pub section: &'static str,
    /// The fact that is open.
    pub fact: &'static str,
    /// The ways to read it. The first is the default.
    pub values: &'static [ReadingValue],
}

/// One way to read a fact.
#[derive(Clone, Copy, Debug)]
pub struct ReadingValue {
    /// What it is chosen by: `until-issued`.
    pub name: &'static str,
    /// What the sandbox does then.
    pub meaning: &'static str,
}

impl Reading {
    /// The value that is taken unless another one is chosen.
    #[must_use]
    pub fn default_value(&self) -> &'static str {
        self.values.first().map_or("", |value| value.name)
    }
}
