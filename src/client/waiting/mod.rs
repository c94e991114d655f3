//! Waiting for an order or an organization: nobody is told of changes, so they are looked at now and then (guide 8.2).
//!
//! `look` is the one loop: it looks, sees how far things are, and pauses as `pace` says. What is looked at, and what counts
//! as the goal, is data: `goal` for orders, `organization`; `many` looks at several orders, `watch` yields each change.

mod end;
mod goal;
mod look;
mod many;
mod order;
mod organization;
mod pace;
mod watch;

pub use goal::{CertIdentity, Goal};
pub use many::{Settled, Waits};
pub use pace::WaitOptions;
pub use watch::Watch;
