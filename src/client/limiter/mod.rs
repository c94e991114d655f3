//! When which request is sent: at most so many per window, whatever kind of window the server has.
//!
//! [`rule`] decides over a log and holds the proof; [`Limiter`] adds the queue and the gate that a 429 closes, with
//! time as a parameter; [`RateLimiter`] is the part that calls wait on. Nothing here knows HTTP but [`hint`].

mod front;
mod gate;
pub mod hint;
mod log;
mod machine;
mod queue;
mod registry;
pub mod rule;
mod shared;

pub use front::{GateClosed, Permit, RateLimiter, Waiting};
pub use machine::{Limiter, Options, QueueFull, RateLimitState, Turn};
pub use queue::{Priority, Ticket};
pub use registry::shared_limiter;
pub use shared::{Admission, Change, LogStore, Sharing, StoreError};
