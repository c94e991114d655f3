//! The Markmonitor SSL Certs API in memory: all of its calls, rules and delays, and a certificate authority.
//!
//! A second interpretation of the service, which shares no code with the client. The core, [`Sandbox`], is pure: time is a
//! parameter and everything random comes from a seed. Around it are an HTTP server (feature `server`, the binary of this
//! crate) and a build for JavaScript (feature `wasm`).
//!
//! # Where the guide is silent
//!
//! What the sandbox does then is a choice, and nothing to rely on with the live service:
//!
//! - 400 says that a request is wrong by itself, 404 that it names what is not there, 409 that it does not fit the state
//!   of what is there. 401 says that the caller is not known, 403 that its API key is unknown or of another account.
//! - An account has one group, a demo three; no call changes them, and an order may name any group.
//! - A page holds at most 200; a larger `size` gets a page of 200. A body holds at most a mebibyte.
//! - `validUntil` finds the certificates that end at that time or before, a day counting to its end.
//! - Validation takes hours (OV) or days (EV) and ends in the status `ACTIVE`. A DV order takes minutes, an OV order hours,
//!   an EV order up to a day, its approver's answer included. What nobody ever does expires after thirty days.
//! - `revokeStatus` is `PENDING` for a minute or two; then the order is `DIGI_REVOKED`.
//! - `ignoreOrgCheck` has a reissue not wait for the organization's validation.
//! - Both formats of a download are PEM. The signature of a CSR is not verified; RSA keys need 2048 bits.
//! - Prices are made up.
//! - Common names at or below the domains of [`FATES`] choose what becomes of an order. Every other valid order is issued.
//!
//! Where the contract can be taken in several ways, [`Readings`] choose; [`READINGS`] is the table.

mod auth;
mod ca;
mod call;
mod certs;
mod clock;
mod contacts;
mod csr;
mod demo;
mod faults;
mod groups;
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
mod readings;
mod refusal;
mod router;
mod sandbox;
mod text;
mod validate;
#[cfg(feature = "wasm")]
mod wasm;
mod words;
mod world;

pub use auth::User;
pub use clock::{DAY, HOUR, MINUTE, SECOND, Timestamp};
pub use faults::FaultRule;
pub use http::{Drop, MAX_BODY, Request, Response};
pub use lifecycle::{FATES, FateName};
pub use limit::{RateLimit, Window};
pub use readings::{READINGS, Reading, ReadingError, ReadingValue, Readings};
pub use sandbox::{Options, Sandbox, SetUpError};

/// Every operation that is answered: its name in docs/openapi.yaml, its method and its path there.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let operations = router::OPERATIONS.iter();
    operations.map(|operation| (operation.name, operation.method, operation.path))
}
