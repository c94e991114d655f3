//! Which certificates are renewed, and how far each renewal is. Pure: a state machine that asks (list these orders, place this
//! one, write this into the journal) and is answered with data; the time is an argument.
//!
//! [`planning`] decides what is due, [`journal`] what has been done, [`run`] what is done next. What they know of the service is
//! in [`estate`]. Nothing here knows how a call is made, what a certificate looks like inside, or where a journal is kept.
#![forbid(unsafe_code)]

pub mod ask;
mod backoff;
pub mod estate;
pub mod journal;
pub mod plan;
pub mod planning;
pub mod policy;
pub mod run;
pub mod summary;
pub mod time;
pub mod urgency;
mod words;

pub use ask::Ask;
pub use plan::Plan;
pub use planning::Planner;
pub use policy::Policy;
pub use run::Run;
