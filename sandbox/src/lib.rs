//! The Markmonitor SSL Certs API in memory: all of its calls, rules and delays, and a certificate authority.
//!
//! A second reading of the service, which shares no code with the client. The core, [`Sandbox`], is pure: time is a
//! parameter and everything random comes from a seed. Around it stand an HTTP server (feature `server`, the binary of this
//! crate) and a build for JavaScript (feature `wasm`).

mod auth;
mod ca;
mod clock;
mod contacts;
mod csr;
mod demo;
mod faults;
mod history;
mod http;
mod jwt;
mod lifecycle;
mod limit;
mod orders;
mod organizations;
mod paging;
mod query;
mod random;
mod refusal;
mod router;
mod sandbox;
mod schedule;
mod table;
mod validate;
#[cfg(feature = "wasm")]
mod wasm;
mod words;
mod world;

pub use auth::User;
pub use clock::{DAY, HOUR, MINUTE, SECOND, Timestamp};
pub use faults::FaultRule;
pub use http::{Drop, MAX_BODY, Request, Response};
pub use limit::{RateLimit, Window};
pub use sandbox::{Options, Sandbox, SetUpError};
