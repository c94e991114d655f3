//! What the service can be asked, and what decisions read of its answers. Pure.
//!
//! [`endpoints`] holds one row for each call; a [`request`] is made of a row and its arguments. A reply stays what the
//! platform parsed ([`reply::Body`]); [`facts`] are read out of it where something is decided, and nothing else is.
#![forbid(unsafe_code)]

pub mod base64;
pub mod csr_key;
pub mod dates;
mod decimal;
pub mod digest;
pub mod endpoints;
pub mod facts;
pub mod given;
pub mod id;
pub mod json;
pub mod marker;
pub mod parsed;
mod private_key;
pub mod query;
pub mod refused;
pub mod renewal;
pub mod reply;
pub mod request;
pub mod row;
pub mod text;

pub use decimal::decimal;
pub use endpoints::ENDPOINTS;
pub use parsed::Parsed;
pub use refused::{Reason, Refused};
pub use reply::{Body, BodyRef, Form};
pub use request::{Arguments, Request};
pub use row::{Endpoint, Method, Service};
