//! Why no request can be made of what a caller gave.

/// Arguments that no request can be made of; nothing is sent then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What kind of mistake.
    pub reason: Reason,
    /// Where in the call's arguments.
    pub field: String,
    /// One sentence: what is wrong and what to do.
    pub message: String,
}

/// Why arguments are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A value is missing, or of the wrong type.
    Argument,
    /// A resource id is not a UUID.
    Id,
    /// There is no such HTTP method.
    Method,
    /// The path leaves the service's base, or cannot be sent.
    Path,
    /// There is no parameter of that name.
    Name,
    /// A private key would be sent.
    PrivateKey,
}

impl Refused {
    pub(super) fn new(reason: Reason, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            reason,
            field: field.into(),
            message: message.into(),
        }
    }
}
