//! Waiting for an order or an organization: nobody is told of changes, so they are looked at now and then (guide 8.2).
//!
//! `goal` says when an order is where it was waited for, `pace` when to look; the others look.

mod end;
mod goal;
mod many;
mod order;
mod organization;
mod pace;
mod watch;

pub use goal::{CertIdentity, Goal};
pub use many::{Settled, Waits};
pub use pace::WaitOptions;
pub use watch::Watch;
