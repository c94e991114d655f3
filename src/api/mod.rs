//! The service's words, pure: one file per resource with its models and its calls.
//!
//! A call is a value that knows the request it makes and reads the reply it gets ([`call::Call`]); it never sends
//! anything. A model is what the service sent, kept whole, with a typed view of the documented fields
//! ([`model::Model`]).
#![forbid(unsafe_code)]

pub mod auth;
pub mod call;
pub mod certs;
pub mod contacts;
pub mod history;
pub mod id;
pub mod model;
pub mod orders;
pub mod organizations;
pub mod page;
pub mod problem;
