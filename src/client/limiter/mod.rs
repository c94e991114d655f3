//! When which request is sent: at most so many per window, whatever kind of window the server has.
//!
//! [`rule`] decides over a log and holds the proof; [`Limiter`] adds the queue and the gate that a 429 closes, with
//! time as a parameter; [`RateLimiter`] is the part that calls wait on, and by which clients of one key share a limit.
//! Nothing here knows HTTP.

mod front;
mod gate;
mod limit;
mod log;
mod machine;
mod permit;
mod queue;
mod registry;
pub mod rule;
mod shared;
mod warning;

pub use front::{QueueFull, RateLimiter};
pub use gate::LONGEST_WAIT;
pub use machine::{Limiter, Options, RateLimitState, Turn};
pub use permit::{GateClosed, Permit, Waiting};
pub use queue::{Lane, Priority, Ticket};
pub use registry::{Memories, Seat};
pub use shared::{Admission, Change, LogStore, Sharing};
pub use warning::Warning;
