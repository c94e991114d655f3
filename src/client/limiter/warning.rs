//! What is worth telling of a limit, although no call fails of it.

use core::time::Duration;

use crate::platform::whole_millis;

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Clients of one key were given different limits.
    Differs {
        /// Requests per window that this client was given, and the window.
        own: (u32, Duration),
        /// Those that hold.
        agreed: (u32, Duration),
    },
    /// The store of the rate limit failed, for this reason.
    StoreFailed(String),
}

impl Warning {
    /// It in a sentence or two.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Differs { own, agreed } => format!(
                "Clients of one API key in this process were given different rate limits, this one {} requests per {} ms: \
                 the smallest limit and the longest window hold for all of them, {} per {} ms. Give all the same.",
                own.0,
                whole_millis(own.1),
                agreed.0,
                whole_millis(agreed.1)
            ),
            Self::StoreFailed(why) => format!(
                "The rate limit's store was not asked, and this process goes by its own log for a while: {}.",
                why.trim_end_matches('.')
            ),
        }
    }
}
