//! What decisions read of the service's replies, and nothing else of its shapes.
//!
//! Each struct is read by its `Deserialize` alone: natively through `serde_json`, in wasm from the JavaScript value. All of
//! it is lenient: a field that is missing, null or of another type counts as absent, and an odd item of a list as empty.

mod date;
mod error;
mod lenient;
mod order;
mod organization;
mod page;
mod token;

pub use error::{ErrorFacts, Problem};
pub use order::{CertFacts, OrderFacts, OrderStatus, StatusKind};
pub use organization::{OrganizationFacts, ValidationFacts};
pub use page::{PageFacts, PageInfo};
pub use token::{DEFAULT_LIFETIME, TokenFacts, is_sendable, jwt_expiry, jwt_lifetime};

use serde::Deserialize;

/// By which id an item of a list is known again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct IdFacts {
    /// The id, if it is a string.
    #[serde(deserialize_with = "lenient::field")]
    pub id: Option<String>,
}
