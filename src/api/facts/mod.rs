//! What decisions read of the service's replies, and nothing else of its shapes.
//!
//! All of it is lenient: a field that is missing, null or of another type counts as absent, and an odd item of a list as
//! empty. What is read is a value of `serde_json`: natively the body itself, in wasm a copy of the fields that are named.

mod date;
mod error;
mod fact;
mod order;
mod organization;
mod page;
mod token;

pub use date::Date;
pub(crate) use date::text_of;
pub use error::{ErrorFacts, Problem};
pub use order::{CertFacts, OrderFacts, OrderStatus, StatusKind};
pub use organization::{ContactFacts, OrganizationFacts, Roles, ValidationFacts, ValidationStanding};
pub use page::{PageFacts, PageInfo};
pub use token::{DEFAULT_LIFETIME, TokenFacts, is_sendable, jwt_expiry, jwt_lifetime};

pub use fact::Fact;
pub(super) use fact::{Count, Items};
use fact::{Id, facts};

facts! {
    /// By which id an item of a list is known again.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct IdFacts {
        /// The id.
        pub id: Option<String> = "id" as Id,
    }
}
